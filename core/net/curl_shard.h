// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/curl_types.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace watchfire::net {

/// One multi handle of libcurl over an epoll that it shares with others, so that a turn costs
/// what happens in it and not what is waiting.
///
/// There are several because libcurl walks through all connections it keeps whenever a transfer
/// ends, and asks each once a second whether it is alive: a few hundred are nothing, thousands
/// cost more than they spare.
class CurlShard {
public:
    using Moment = std::chrono::steady_clock::time_point;

    /// Its sockets are added to `epoll` with `eventOf`.
    CurlShard(int epoll, std::uint32_t index);
    ~CurlShard();
    CurlShard(const CurlShard&) = delete;
    CurlShard& operator=(const CurlShard&) = delete;

    /// The 64 bits that an event of epoll carries.
    static std::uint64_t eventOf(std::uint32_t index, int socket);
    static std::uint32_t indexOf(std::uint64_t event);
    static int socketOf(std::uint64_t event);

    void add(CURL* handle);
    void remove(CURL* handle);
    /// When `advance` has something to do.
    std::optional<Moment> due() const { return m_due; }
    void advance(Moment now);
    /// After epoll told of one of its sockets.
    void act(int socket, std::uint32_t events);

    struct Done {
        CURL* handle = nullptr;
        CURLcode code = CURLE_OK;
    };
    /// A transfer that has ended, each once; it is still to be removed.
    std::optional<Done> takeDone();

private:
    static int onSocket(CURL* handle, curl_socket_t socket, int what, void* user, void* known);
    static int onTimer(CURLM* multi, long milliseconds, void* user);

    int m_epoll;
    std::uint32_t m_index;
    CURLM* m_multi;
    std::optional<Moment> m_due;
};

} // namespace watchfire::net
