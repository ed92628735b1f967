// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/http_fetcher.h"

#include <future>
#include <string>
#include <utility>

#include <QString>

namespace watchfire::tests {

/// Posts as a sender of remote write does (the body is compressed already), and waits for the
/// answer.
inline Result<HttpResponse> post(const QString& url, std::string body = {})
{
    net::CurlFetcher fetcher;
    HttpRequest request;
    request.method = "POST";
    request.url = url.toStdString();
    request.headers = {{"Content-Type", "application/x-protobuf"},
                       {"Content-Encoding", "snappy"},
                       {"X-Prometheus-Remote-Write-Version", "0.1.0"}};
    request.body = std::move(body);
    std::promise<Result<HttpResponse>> promise;
    auto future = promise.get_future();
    const Ticket ticket
        = fetcher.fetch(std::move(request), [&promise](Result<HttpResponse> answer) {
              promise.set_value(std::move(answer));
          });
    return future.get();
}

} // namespace watchfire::tests
