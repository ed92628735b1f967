// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/start_check.h"

#include "core/base/log.h"
#include "core/tsdb/store_core.h"
#include "core/tsdb/verify.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <format>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace watchfire::tsdb {

namespace {

enum ChildExit : int { sound = 0, damaged = 1, notLookedAt = 2 };

int check(const std::filesystem::path& directory, std::string& text)
{
    OpenOptions options;
    options.directory = directory;
    options.readOnly = true;
    const auto core = StoreCore::open(options);
    if (!core) {
        text = core.error().message;
        return core.error().kind == ErrorKind::corrupt ? damaged : notLookedAt;
    }
    const auto report = verifyStore(**core, VerifyDepth::index);
    if (!report) {
        text = report.error().message;
        return damaged;
    }
    if (!report->damage.empty()) {
        text = std::format("{}: {}", report->damage.front().where, report->damage.front().what);
        return damaged;
    }
    return sound;
}

} // namespace

Result<void> checkInChild(const std::filesystem::path& directory)
{
    std::array<int, 2> channel{};
    if (::pipe(channel.data()) != 0) {
        return fail(ErrorKind::io, std::generic_category().message(errno));
    }
    const ::pid_t child = ::fork();
    if (child == 0) {
        ::close(channel[0]);
        // What ends us is told by how we end, not by a report of the parent's handlers.
        for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE}) {
            static_cast<void>(std::signal(signal, SIG_DFL));
        }
        setLogLevel(LogLevel::error);
        Environment::forgetOpenFiles();
        std::string text;
        const int outcome = check(directory, text);
        static_cast<void>(::write(channel[1], text.data(), text.size()));
        ::_exit(outcome);
    }
    ::close(channel[1]);
    if (child < 0) {
        ::close(channel[0]);
        return fail(ErrorKind::io, std::generic_category().message(errno));
    }
    std::string text;
    std::array<char, 1024> some{};
    for (ssize_t got = 0;
         (got = ::read(channel[0], some.data(), some.size())) > 0 || (got < 0 && errno == EINTR);) {
        text.append(some.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    }
    ::close(channel[0]);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) { }
    if (WIFSIGNALED(status)) {
        return fail(ErrorKind::corrupt,
                    std::format("{} has broken pages ({})", (directory / "store.mdb").string(),
                                ::sigdescr_np(WTERMSIG(status))));
    }
    switch (WEXITSTATUS(status)) {
    case sound:
        return {};
    case damaged:
        return fail(ErrorKind::corrupt, text);
    default:
        return fail(ErrorKind::io, text);
    }
}

Result<std::filesystem::path> setAside(const std::filesystem::path& directory)
{
    const std::string stamp
        = std::format("{:%Y%m%dT%H%M%SZ}",
                      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
    std::filesystem::path aside;
    std::error_code failed;
    for (int n = 0; n == 0 || std::filesystem::exists(aside, failed); ++n) {
        aside = directory
            / std::format("store.damaged-{}{}.mdb", stamp,
                          n == 0 ? std::string() : std::format("-{}", n));
    }
    std::filesystem::rename(directory / "store.mdb", aside, failed);
    if (failed) {
        return fail(ErrorKind::io,
                    std::format("cannot set {} aside: {}", (directory / "store.mdb").string(),
                                failed.message()));
    }
    std::filesystem::remove(directory / "store.mdb-lock", failed);
    std::filesystem::rename(directory / "handoff",
                            std::filesystem::path(aside).replace_extension(".handoff"), failed);
    return aside;
}

} // namespace watchfire::tsdb
