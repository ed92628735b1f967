// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/ports/http.h"

#include <memory>

namespace watchfire::net {

/// Gives requests with OAuth2 a token of their authorization server and passes all others on. A
/// token serves every request of the same configuration until ten seconds before it ends, or
/// until a server refuses it; those that need one while it is asked for wait for that answer. A
/// request whose kept token was refused with 401 is sent once more with a new one.
///
/// Client and secret go in the Authorization header, or in the body where the server takes them
/// only there. Waits and the token's request count towards no request's timeout; the latter has
/// the timeout of the request that needed it. Errors: those of fetching, `unavailable` with what
/// the authorization server said.
///
/// Source: RFC 6749, sections 2.3.1, 4.4, 5.1 and 5.2.
class OAuth2Fetcher final : public HttpFetcher {
public:
    /// Both must outlive it. No reply comes after the destructor.
    OAuth2Fetcher(HttpFetcher& next, const Clock& clock);
    ~OAuth2Fetcher() override;
    OAuth2Fetcher(const OAuth2Fetcher&) = delete;
    OAuth2Fetcher& operator=(const OAuth2Fetcher&) = delete;

    Ticket fetch(HttpRequest request, Reply<HttpResponse> reply) override;

private:
    class State;
    std::shared_ptr<State> m_state;
};

} // namespace watchfire::net
