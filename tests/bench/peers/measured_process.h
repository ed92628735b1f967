// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
