// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/net/url.h"
#include "core/ports/http.h"

#include <optional>
#include <string>

namespace watchfire::net {

/// One request of a chain of redirects, the first included.
struct Hop {
    Url url;
    std::string method;
    bool sendsBody = true;
    /// Whether credentials go with it: as long as the chain never left the origin it began at.
    bool isTrusted = true;
    int redirects = 0;
};

/// Whether what was meant for `origin` may be told to `url`: scheme, host and port are the same,
/// or only the scheme grew to https and both ports are those of their schemes. Another port is
/// another program, and a subdomain may be somebody else's.
bool isSameOrigin(const Url& origin, const Url& url);

/// Whether a status sends us on to its Location.
bool isRedirect(int status);

/// The request that an answer redirects to; nothing where it is an answer to keep. `location` is
/// absolute. Of 301, 302 and 303 the next request is a GET without body (HEAD stays HEAD), of 307
/// and 308 the same again. Fails with invalid for an address that is not fetched, limit after ten
/// redirects.
///
/// Source: RFC 9110, section 15.4; Go's net/http for the methods.
Result<std::optional<Hop>> redirected(const Hop& hop, int status, const std::string& location);

/// What a request is sent with. To another than the origin go of the request's own headers only
/// those known to hold no secret, and none that configuration or credentials add.
HttpHeaders headersFor(const Hop& hop, const HttpHeaders& own, const HttpHeaders& configured,
                       const std::optional<Secret>& authorization);

} // namespace watchfire::net
