// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace watchfire::bench {

/// What a process has used, from /proc.
struct Usage {
    double cpuSeconds = 0; ///< of all its threads, user and system
    std::uint64_t residentBytes = 0;
    std::uint64_t anonymousBytes = 0;
};

/// A program that runs until it is told to end; what it prints goes to a file.
class MeasuredProcess {
public:
    MeasuredProcess(std::vector<std::string> words, const std::filesystem::path& output);
    ~MeasuredProcess();
    MeasuredProcess(const MeasuredProcess&) = delete;
    MeasuredProcess& operator=(const MeasuredProcess&) = delete;

    bool isRunning() const;
    Usage usage() const;
    /// As in Usage, but finer: of all its threads, those that ended too.
    std::chrono::nanoseconds cpuTime() const;
    /// The most that was resident, in its life or since that was forgotten.
    std::uint64_t peakBytes() const;
    void forgetPeak();
    /// Has all the threads that it has now run on so many of the processors that we may use; false:
    /// there are fewer, or it is not allowed.
    bool keepTo(std::size_t processors) const;
    /// Waits until it does next to nothing for that long, or up to `longest`.
    void waitUntilQuiet(std::chrono::milliseconds quiet, std::chrono::milliseconds longest) const;
    /// SIGTERM, then waits.
    void stop();
    /// SIGKILL, then waits.
    void kill();

private:
    void end(int signal);

    pid_t m_child = -1;
};

/// Bytes on disk of everything in that folder.
std::uint64_t diskBytes(const std::filesystem::path& folder);

/// A port of loopback that nobody listens on now.
std::uint16_t freePort();

} // namespace watchfire::bench
