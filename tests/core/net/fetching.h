// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/http_fetcher.h"

#include <future>
#include <string>

namespace watchfire::tests {

/// A fetcher that is asked and waited for.
class Fetching {
public:
    explicit Fetching(net::FetcherOptions options = {.environment = {}})
        : m_fetcher(std::move(options))
    {
    }

    net::CurlFetcher& fetcher() { return m_fetcher; }

    /// An answer that comes later; the ticket is let go.
    std::future<Result<HttpResponse>> begin(HttpRequest request)
    {
        auto promise = std::make_shared<std::promise<Result<HttpResponse>>>();
        auto future = promise->get_future();
        m_fetcher
            .fetch(
                std::move(request),
                [promise](Result<HttpResponse> result) { promise->set_value(std::move(result)); })
            .detach();
        return future;
    }

    Result<HttpResponse> get(HttpRequest request) { return begin(std::move(request)).get(); }

    Result<HttpResponse> get(const std::string& url)
    {
        HttpRequest request;
        request.url = url;
        return get(std::move(request));
    }

private:
    net::CurlFetcher m_fetcher;
};

/// What went wrong, for the message of a test.
inline const char* why(const Result<HttpResponse>& result)
{
    return result ? "" : result.error().message.c_str();
}

} // namespace watchfire::tests
