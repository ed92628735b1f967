// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/http_fetcher.h"

#include "core/net/curl_loop.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <stop_token>
#include <sys/resource.h>
#include <utility>

namespace watchfire::net {

namespace {

/// How many files the process may have open, once it may have as many as the system allows.
std::size_t raisedFileLimit()
{
    constexpr rlim_t enough = 1U << 20;
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 1024;
    }
    const rlim_t wanted = std::min(limit.rlim_max, enough);
    if (limit.rlim_cur < wanted) {
        const rlimit raised{wanted, limit.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) {
            return wanted;
        }
    }
    return std::min(limit.rlim_cur, enough);
}

} // namespace

CurlFetcher::CurlFetcher(FetcherOptions options)
{
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(ready);
    const std::size_t files = raisedFileLimit();
    if (options.openConnections == 0) {
        options.openConnections = files / 4 * 3;
    }
    options.keptConnections = std::min(options.keptConnections, options.openConnections / 2);
    m_loop = std::make_unique<CurlLoop>(options);
}

CurlFetcher::~CurlFetcher() = default;

Ticket CurlFetcher::fetch(HttpRequest request, Reply<HttpResponse> reply)
{
    std::stop_source source;
    // The callback lives in a holder that the reply owns, so it is gone when the transfer is.
    struct Holder {
        std::optional<std::stop_callback<std::function<void()>>> callback;
    };
    auto holder = std::make_shared<Holder>();
    const std::uint64_t id
        = m_loop->submit(std::move(request),
                         [holder, token = source.get_token(),
                          reply = std::move(reply)](Result<HttpResponse> result) mutable {
                             if (!token.stop_requested()) {
                                 reply(std::move(result));
                             }
                         });
    holder->callback.emplace(source.get_token(), [loop = m_loop.get(), id] { loop->cancel(id); });
    return Ticket(std::move(source));
}

} // namespace watchfire::net
