// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/ports/http.h"

#include <cstdint>
#include <optional>
#include <string>

namespace watchfire::net {

/// How a client says who it is: a server must take the first and may take the second.
/// Source: RFC 6749, section 2.3.1.
enum class ClientCredentials : std::uint8_t { inHeader, inBody };

/// What a token server gave.
struct Token {
    std::string type = "Bearer";
    Secret text;
    Timestamp since;
    std::optional<Timestamp> ends; ///< nothing: it did not say

    /// Whether it may still be sent: not in its last tenth, nor in its last ten seconds.
    bool isValid(Timestamp now) const;
    /// Whether it is time to get another one: in its last quarter, or its last minute.
    bool isAging(Timestamp now) const;
};

/// The request for a token. It is not redirected, since its body or head holds the secret.
/// Source: RFC 6749, section 4.4.2.
HttpRequest tokenRequest(const OAuth2& options, const std::string& secret, ClientCredentials how);

/// Reads the answer. What the server says of an error is quoted, with every form of the secret
/// left out. Errors: unavailable.
/// Source: RFC 6749, sections 5.1 and 5.2.
Result<Token> readToken(const HttpResponse& response, const OAuth2& options,
                        const std::string& secret, Timestamp now);

/// The token server as messages name it, without user, password and query.
std::string tokenServer(const OAuth2& options);

} // namespace watchfire::net
