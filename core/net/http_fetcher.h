// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/http.h"

#include <memory>

namespace watchfire::net {

/// Fetches over HTTP(S) with libcurl on one thread of its own. Connections are kept and used
/// again. Environment variables name no proxy for it, and credentials do not follow a redirect
/// to another host.
///
/// Replies come on that thread and must be short. A dropped ticket ends the transfer at once.
/// The destructor ends all transfers without replies.
class CurlFetcher final : public HttpFetcher {
public:
    CurlFetcher();
    ~CurlFetcher() override;
    CurlFetcher(const CurlFetcher&) = delete;
    CurlFetcher& operator=(const CurlFetcher&) = delete;

    Ticket fetch(HttpRequest request, Reply<HttpResponse> reply) override;

private:
    class Loop;
    std::unique_ptr<Loop> m_loop;
};

} // namespace watchfire::net
