// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/body_sink.h"
#include "core/net/curl_types.h"
#include "core/net/fetch_error.h"
#include "core/net/host_resolver.h"
#include "core/net/proxy.h"
#include "core/net/redirect.h"
#include "core/net/tls.h"
#include "core/ports/http.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace watchfire::net {

/// How many sockets libcurl has open, those of kept connections included.
struct SocketCount {
    std::size_t open = 0;
    std::size_t kept = 0; ///< over so many a new one closes after its first request
};

/// What all transfers of a loop share; all of it belongs to the loop's thread.
struct TransferSurroundings {
    ProxyEnvironment environment;
    FileNames files;
    BodyBudget budget;
    SocketCount sockets;
};

/// One request under way, from its first address over its redirects to its answer. Lives on the
/// loop's thread once it was handed over.
class Transfer {
public:
    using Moment = std::chrono::steady_clock::time_point;

    Transfer(HttpRequest request, Reply<HttpResponse> reply);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    std::uint64_t id = 0;
    /// The time of a request is counted from when it was asked for.
    Moment deadline() const { return m_deadline; }
    CURL* handle() const { return m_handle.get(); }
    /// Of the request that is next or under way.
    const Url& url() const { return m_hop.url; }

    /// Reads the address and all files of secrets, once for the whole chain.
    Result<void> begin(TransferSurroundings& surroundings);
    /// The host whose addresses are needed before `prepare`; empty: none. Of a proxy, a unix
    /// socket or an address in figures nothing is asked.
    std::string hostToResolve() const;
    /// Sets the handle up for the request that is next. The surroundings must outlive it.
    Result<void> prepare(const Addresses& addresses, TransferSurroundings& surroundings);
    /// After libcurl is done: whether another request follows, for which `hostToResolve` and
    /// `prepare` are asked again. Else `conclude` has the answer.
    bool followsOn(CURLcode code, TransferSurroundings& surroundings);

    void conclude();
    void failWith(Error error);
    /// When its time is over before libcurl had it; `meanwhile` says what it waited for.
    void failLate(std::string_view meanwhile);

private:
    static curl_socket_t onOpen(void* user, curlsocktype purpose, curl_sockaddr* address);
    static std::size_t onBody(char* data, std::size_t size, std::size_t count, void* user);
    static int onProgress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
    static std::size_t onHeader(char* data, std::size_t size, std::size_t count, void* user);
    bool take(std::string_view piece);
    bool leadsElsewhere() const;

    Result<void> aim(TransferSurroundings& surroundings);
    void setNames(const Addresses& addresses);
    Result<void> setAddress();
    void setProxy();
    void setMethod();
    Result<void> setHeaders();
    void setCallbacks(TransferSurroundings& surroundings);
    void setConnection();
    void enter(HttpPhase phase, const HttpTimings& before);
    HttpTimings timings() const;
    FetchContext context() const;

    HttpRequest m_request;
    Reply<HttpResponse> m_reply;
    Moment m_submitted;
    Moment m_deadline;
    Moment m_aimed; ///< when the request that is next was begun

    Hop m_hop;
    std::optional<Proxy> m_proxy;
    HttpHeaders m_configured;
    std::optional<Secret> m_authorization;
    HttpTimings m_timings; ///< of the requests that are over, and of resolving for the next
    std::optional<HttpPhase> m_phase; ///< the newest that was told

    CurlList m_headers;
    CurlList m_proxyHeaders;
    CurlList m_connectTo;
    CurlList m_resolved;
    int m_status = 0;
    bool m_headEnded = false; ///< the empty line behind the headers came
    HttpHeaders m_answer;
    BodyBudget* m_budget = nullptr;
    SocketCount* m_sockets = nullptr;
    std::optional<BodySink> m_body; ///< from its first piece
    std::optional<Error> m_failure; ///< why we ended it
    std::size_t m_skipped = 0; ///< bytes of a body that nobody reads
    bool m_leftEarly = false;
    std::array<char, CURL_ERROR_SIZE> m_message{};
    CurlShare m_names; ///< see `setNames`
    CurlHandle m_handle; ///< last: it uses all of the above
};

} // namespace watchfire::net
