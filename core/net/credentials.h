// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/net/url.h"
#include "core/ports/http.h"

#include <optional>
#include <string>
#include <string_view>

namespace watchfire::net {

/// The value of the Authorization header: of what is configured, else of a user in the address;
/// nothing where neither is. Files are read now; what is wrong with one is named with its path.
/// OAuth2 is not ours: it fails with unsupported, since OAuth2Fetcher turns it into a token.
///
/// Source: RFC 7617 (Basic), RFC 6750 (Bearer); any other type of an authorization is sent as it
/// is written.
Result<std::optional<Secret>> authorizationOf(const HttpAuth& auth, const Url& url);

/// "Basic " and the two of them in base64.
Secret basicAuthorization(std::string_view user, std::string_view password);

} // namespace watchfire::net
