// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/peers/measured_process.h"

#include <arpa/inet.h>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <format>
#include <fstream>
#include <sched.h>
#include <spawn.h>
#include <sstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace watchfire::bench {

MeasuredProcess::MeasuredProcess(std::vector<std::string> words,
                                 const std::filesystem::path& output)
{
    std::vector<char*> arguments;
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    ::posix_spawn_file_actions_t actions{};
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                       0644);
    ::posix_spawn_file_actions_adddup2(&actions, 1, 2);
    if (::posix_spawn(&m_child, words.front().c_str(), &actions, nullptr, arguments.data(), environ)
        != 0) {
        m_child = -1;
    }
    ::posix_spawn_file_actions_destroy(&actions);
}

MeasuredProcess::~MeasuredProcess()
{
    stop();
}

bool MeasuredProcess::isRunning() const
{
    return m_child > 0 && ::waitpid(m_child, nullptr, WNOHANG) == 0;
}

Usage MeasuredProcess::usage() const
{
    Usage usage;
    std::ifstream stat(std::format("/proc/{}/stat", m_child));
    std::string text;
    std::getline(stat, text);
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string skipped;
    for (int field = 3; field < 14; ++field) { // utime is the 14th
        fields >> skipped;
    }
    double user = 0;
    double system = 0;
    fields >> user >> system;
    usage.cpuSeconds = (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
    std::ifstream rollup(std::format("/proc/{}/smaps_rollup", m_child));
    for (std::string line; std::getline(rollup, line);) {
        std::istringstream words(line);
        std::string name;
        std::uint64_t kibibytes = 0;
        words >> name >> kibibytes;
        if (name == "Rss:") {
            usage.residentBytes = kibibytes * 1'024;
        } else if (name == "Anonymous:") {
            usage.anonymousBytes = kibibytes * 1'024;
        }
    }
    return usage;
}

std::chrono::nanoseconds MeasuredProcess::cpuTime() const
{
    ::clockid_t clock{};
    ::timespec time{};
    if (::clock_getcpuclockid(m_child, &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
        return {};
    }
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::uint64_t MeasuredProcess::peakBytes() const
{
    std::ifstream status(std::format("/proc/{}/status", m_child));
    for (std::string name; status >> name;) {
        if (name == "VmHWM:") {
            std::uint64_t kibibytes = 0;
            status >> kibibytes;
            return kibibytes * 1'024;
        }
    }
    return 0;
}

void MeasuredProcess::forgetPeak()
{
    // proc(5): 5 resets the high-water mark to what is resident now.
    std::ofstream(std::format("/proc/{}/clear_refs", m_child)) << "5\n";
}

bool MeasuredProcess::keepTo(std::size_t processors) const
{
    ::cpu_set_t ours;
    ::cpu_set_t few;
    CPU_ZERO(&few);
    if (::sched_getaffinity(0, sizeof ours, &ours) != 0) {
        return false;
    }
    for (std::size_t i = 0; i < CPU_SETSIZE && processors > 0; ++i) {
        if (CPU_ISSET(i, &ours)) {
            CPU_SET(i, &few);
            --processors;
        }
    }
    std::error_code failed;
    for (const auto& task :
         std::filesystem::directory_iterator(std::format("/proc/{}/task", m_child), failed)) {
        const pid_t thread = std::stoi(task.path().filename());
        if (::sched_setaffinity(thread, sizeof few, &few) != 0) {
            return false;
        }
    }
    return processors == 0 && !failed;
}

void MeasuredProcess::waitUntilQuiet(std::chrono::milliseconds quiet,
                                     std::chrono::milliseconds longest) const
{
    constexpr int busyShare = 20; // less than a twentieth of one core is quiet
    const auto begin = std::chrono::steady_clock::now();
    auto before = cpuTime();
    while (std::chrono::steady_clock::now() - begin < longest) {
        std::this_thread::sleep_for(quiet);
        const auto after = cpuTime();
        if ((after - before) * busyShare < quiet) {
            return;
        }
        before = after;
    }
}

void MeasuredProcess::stop()
{
    end(SIGTERM);
}

void MeasuredProcess::kill()
{
    end(SIGKILL);
}

void MeasuredProcess::end(int signal)
{
    if (m_child > 0) {
        ::kill(m_child, signal);
        ::waitpid(m_child, nullptr, 0);
        m_child = -1;
    }
}

std::uint64_t diskBytes(const std::filesystem::path& folder)
{
    std::uint64_t bytes = 0;
    std::error_code failed;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, failed)) {
        struct ::stat status{};
        if (entry.is_regular_file(failed) && ::stat(entry.path().c_str(), &status) == 0) {
            bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
        }
    }
    return bytes;
}

std::uint16_t freePort()
{
    ::sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::socklen_t length = sizeof address;
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto* const any = reinterpret_cast<::sockaddr*>(&address);
    const bool isBound
        = ::bind(socket, any, length) == 0 && ::getsockname(socket, any, &length) == 0;
    ::close(socket);
    return isBound ? ntohs(address.sin_port) : 0;
}

} // namespace watchfire::bench
