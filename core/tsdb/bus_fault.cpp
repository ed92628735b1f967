// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/bus_fault.h"

#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <unistd.h>

// Everything the handler calls is safe in one (signal-safety(7)): no allocation, no locks, no
// stdio; std::from_chars and std::to_chars of integers only touch their arguments.

namespace watchfire::tsdb {

namespace {

std::string_view programName;
int exitCodeWanted = busFaultExit;
/// Each number of a file and one; 0: a free place.
std::array<std::atomic<int>, 16> locks{};

void say(std::string_view text)
{
    static_cast<void>(::write(STDERR_FILENO, text.data(), text.size()));
}

/// Lines of /proc/self/maps (proc(5)), one after the other. What does not fit is cut.
class Maps {
public:
    Maps()
        : m_file(::open("/proc/self/maps", O_RDONLY | O_CLOEXEC))
    {
    }
    ~Maps()
    {
        if (m_file >= 0) {
            ::close(m_file);
        }
    }
    Maps(const Maps&) = delete;
    Maps& operator=(const Maps&) = delete;

    std::optional<std::string_view> next()
    {
        std::size_t length = 0;
        for (;;) {
            if (m_at == m_filled) {
                const ssize_t got = m_file < 0 ? 0 : ::read(m_file, m_read.data(), m_read.size());
                if (got <= 0) {
                    return std::nullopt;
                }
                m_at = 0;
                m_filled = static_cast<std::size_t>(got);
            }
            const char c = m_read[m_at++];
            if (c == '\n') {
                return std::string_view(m_line.data(), length);
            }
            if (length < m_line.size()) {
                m_line[length++] = c;
            }
        }
    }

private:
    int m_file;
    std::array<char, 4096> m_read{};
    std::array<char, 4096> m_line{};
    std::size_t m_at = 0;
    std::size_t m_filled = 0;
};

/// Writes the path of the file that is mapped there; false: none is.
bool sayFileAt(std::uintptr_t address)
{
    Maps maps;
    while (const auto line = maps.next()) {
        std::uintptr_t begin = 0;
        std::uintptr_t end = 0;
        const char* const last = line->data() + line->size();
        const char* const dash = std::from_chars(line->data(), last, begin, 16).ptr;
        if (dash == last) {
            continue;
        }
        std::from_chars(dash + 1, last, end, 16);
        if (begin > address || address >= end) {
            continue;
        }
        const std::size_t path = line->find('/');
        if (path == std::string_view::npos) {
            return false;
        }
        say(programName);
        say(": cannot read ");
        say(line->substr(path));
        say(" any more: the disk failed, or the file was cut short (SIGBUS)");
        return true;
    }
    return false;
}

/// The form of Environment::writeLock.
void askForCheck(int lock)
{
    std::array<char, 32> text{};
    char* end = std::to_chars(text.data(), text.data() + 16, ::getpid()).ptr;
    constexpr std::string_view state = " check\n";
    std::memcpy(end, state.data(), state.size());
    end += state.size();
    if (::ftruncate(lock, 0) == 0) {
        static_cast<void>(
            ::pwrite(lock, text.data(), static_cast<std::size_t>(end - text.data()), 0));
    }
}

void onBusFault(int signal, siginfo_t* info, void*)
{
    if (info->si_code == SI_USER || info->si_code == SI_QUEUE || info->si_code == SI_TKILL
        || !sayFileAt(reinterpret_cast<std::uintptr_t>(info->si_addr))) {
        // Not what this is for: once more, and nobody catches it.
        std::signal(signal, SIG_DFL);
        ::raise(signal);
        return;
    }
    bool asked = false;
    for (const std::atomic<int>& lock : locks) {
        if (const int place = lock.load(); place != 0) {
            askForCheck(place - 1);
            asked = true;
        }
    }
    say(asked ? "; the next start checks the store\n" : "\n");
    ::_exit(exitCodeWanted);
}

} // namespace

void endOnBusFault(std::string_view program, int exitCode)
{
    programName = program;
    exitCodeWanted = exitCode;
    struct ::sigaction action{};
    action.sa_sigaction = onBusFault;
    action.sa_flags = SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGBUS, &action, nullptr);
}

void rememberLock(int file)
{
    for (std::atomic<int>& lock : locks) {
        int free = 0;
        if (lock.compare_exchange_strong(free, file + 1)) {
            return;
        }
    }
}

void forgetLock(int file)
{
    for (std::atomic<int>& lock : locks) {
        int its = file + 1;
        if (lock.compare_exchange_strong(its, 0)) {
            return;
        }
    }
}

} // namespace watchfire::tsdb
