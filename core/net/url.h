// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>

namespace watchfire::net {

/// An address that is fetched, taken apart.
struct Url {
    std::string text; ///< whole, without user, password and fragment
    std::string scheme; ///< http or https
    std::string user; ///< decoded, as is the password
    std::string password;
    std::string host; ///< in lower case and ASCII; an IPv6 address in its brackets, with its zone
    std::uint16_t port = 0; ///< the scheme's where none is written

    bool isSecure() const { return scheme == "https"; }
    /// "HOST:PORT"
    std::string authority() const;
    /// What a Host header says: without the port where it is the scheme's.
    std::string hostHeader() const;
};

/// Fails with ErrorKind::invalid for what is no absolute http or https address. The message holds
/// no user and no password.
Result<Url> parseUrl(const std::string& text);

/// The same address with another host, for the name that TLS is to see; empty when that cannot be
/// a host.
std::string withHost(const Url& url, const std::string& host);

/// The absolute address of a reference that stands in an answer from `base`; what cannot be
/// resolved stays as it is, for `parseUrl` to refuse.
/// Source: RFC 3986, section 5.
std::string resolved(const Url& base, const std::string& reference);

} // namespace watchfire::net
