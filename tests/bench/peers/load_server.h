// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

struct MHD_Daemon;

namespace watchfire::bench {

/// Serves targets on a free port of loopback: /t/N is one, all with the same mix of series, each
/// answer that of the second it is asked in.
class LoadServer {
public:
    /// `series` is a multiple of 100, `seconds` for how long values go on.
    LoadServer(std::size_t series, std::size_t seconds);
    ~LoadServer();
    LoadServer(const LoadServer&) = delete;
    LoadServer& operator=(const LoadServer&) = delete;

    std::uint16_t port() const { return m_port; } ///< 0: it could not start
    /// A configuration file that has so many of its targets scraped every second.
    std::string configuration(std::size_t targets) const;
    /// Samples handed out so far.
    std::uint64_t served() const { return m_answers * m_series; }

private:
    friend struct LoadAnswer;

    std::size_t m_series;
    std::vector<std::string> m_bodies; ///< by second
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
    std::atomic<std::uint64_t> m_answers = 0;
    MHD_Daemon* m_daemon = nullptr;
    std::uint16_t m_port = 0;
};

} // namespace watchfire::bench
