// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/host_resolver.h"
#include "core/net/http_fetcher.h"
#include "core/net/transfer.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace watchfire::net {

/// What other threads leave for the loop, and how they wake it. The resolver's threads hold on to
/// it longer than the loop lives.
class Inbox {
public:
    struct Resolved {
        std::uint64_t id = 0;
        Result<Addresses> addresses;
    };
    struct Content {
        std::vector<std::unique_ptr<Transfer>> added;
        std::vector<std::uint64_t> cancelled;
        std::vector<Resolved> resolved;
    };

    Inbox();
    ~Inbox();
    Inbox(const Inbox&) = delete;
    Inbox& operator=(const Inbox&) = delete;

    std::uint64_t add(std::unique_ptr<Transfer> transfer);
    void cancel(std::uint64_t id);
    void tell(Resolved resolved);
    void wake() const;

    /// Readable when there is something in it.
    int descriptor() const { return m_event; }
    Content take();

private:
    std::mutex m_mutex;
    std::uint64_t m_lastId = 0;
    Content m_content;
    int m_event; ///< an eventfd
};

/// The thread that moves the bytes of all transfers: libcurl's multi interface over epoll, so
/// that a turn costs what happens in it and not what is waiting.
class CurlLoop {
public:
    explicit CurlLoop(const FetcherOptions& options);
    /// Ends all transfers without replies.
    ~CurlLoop();
    CurlLoop(const CurlLoop&) = delete;
    CurlLoop& operator=(const CurlLoop&) = delete;

    std::uint64_t submit(HttpRequest request, Reply<HttpResponse> reply);
    void cancel(std::uint64_t id) { m_inbox->cancel(id); }

private:
    using Moment = std::chrono::steady_clock::time_point;

    static int onSocket(CURL* handle, curl_socket_t socket, int what, void* user, void* known);
    static int onTimer(CURLM* multi, long milliseconds, void* user);

    void run();
    void wait();
    void takeInbox();
    void start(std::unique_ptr<Transfer> transfer);
    void proceed(std::unique_ptr<Transfer> transfer);
    void launch(std::unique_ptr<Transfer> transfer, const Addresses& addresses);
    void giveUpLate();
    void finishDone();
    std::unique_ptr<Transfer> takeWaiting(std::uint64_t id);

    const std::shared_ptr<Inbox> m_inbox;
    TransferSurroundings m_surroundings; ///< before what uses it
    HostResolver m_resolver;
    int m_epoll;
    CURLM* m_multi;
    std::optional<Moment> m_curlDue;
    std::unordered_map<std::uint64_t, std::unique_ptr<Transfer>> m_running;
    std::unordered_map<std::uint64_t, std::unique_ptr<Transfer>> m_waiting; ///< for an address
    std::multimap<Moment, std::uint64_t> m_deadlines; ///< of those waiting
    std::atomic<bool> m_stopping = false;
    std::thread m_thread; ///< last: it uses all of the above
};

} // namespace watchfire::net
