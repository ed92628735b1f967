// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/ports/http.h"

#include <memory>

namespace watchfire::net {

/// Turns OAuth2 into tokens before another fetcher: a request with OAuth2 is sent on with a token
/// of its client, any other as it is.
///
/// Each configuration has one token, fetched once for all requests that wait for it, renewed in
/// the background before it ends, and fetched anew, once for a request, when a server answers
/// 401. The file of the secret is read for each token. What a token server failed with is
/// remembered for two seconds, so that a thousand targets do not each ask one that is down.
///
/// Client and secret go in the Authorization header, or in the body where the server takes them
/// only there.
///
/// A request's timeout counts from `fetch`; waiting for a token is part of it. Replies come on a
/// thread of the other fetcher's, or on one of its own when the time is over. Errors are those of
/// the other fetcher; of the token: unavailable, with what its server said; timeout; what reading
/// the secret's file says.
///
/// Source: RFC 6749, sections 2.3.1, 4.4, 5.1 and 5.2.
class OAuth2Fetcher final : public HttpFetcher {
public:
    /// Both must outlive it.
    OAuth2Fetcher(HttpFetcher& fetcher, const Clock& clock);
    /// Ends all requests with OAuth2 without replies. Not from within a reply.
    ~OAuth2Fetcher() override;
    OAuth2Fetcher(const OAuth2Fetcher&) = delete;
    OAuth2Fetcher& operator=(const OAuth2Fetcher&) = delete;

    Ticket fetch(HttpRequest request, Reply<HttpResponse> reply) override;

private:
    class Tokens;
    std::shared_ptr<Tokens> m_tokens;
};

} // namespace watchfire::net
