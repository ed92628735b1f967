// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/net/curl_types.h"
#include "core/net/url.h"
#include "core/ports/http.h"

#include <optional>
#include <string>
#include <string_view>

namespace watchfire::net {

/// What the environment says about proxies.
struct ProxyEnvironment {
    std::string http;
    std::string https;
    std::string none; ///< NO_PROXY

    /// Of this process: HTTP_PROXY, HTTPS_PROXY and NO_PROXY, or their names in small letters.
    static ProxyEnvironment ofProcess();
};

/// A proxy to go through.
struct Proxy {
    std::string url; ///< as libcurl takes it, user and password included
    std::string host; ///< to be resolved
    std::uint16_t port = 0;
};

/// The proxy for an address; nothing: none. A proxy of socks5 resolves the host itself. With a
/// list of exceptions, also an empty one of the environment, this machine is reached directly.
/// Fails with invalid for a proxy's address that is none, without its user and password.
///
/// Source: Prometheus documentation, "Configuration", http_config; the rules of NO_PROXY are
/// those of Go's httpproxy: a host also stands for what is below it, ".host" and "*.host" only
/// for that; addresses, networks as in CIDR, each with a port where one is written; "*" is all.
Result<std::optional<Proxy>> proxyFor(const ProxyOptions& options,
                                      const ProxyEnvironment& environment, const Url& url);

/// Whether a list of exceptions names the address.
bool isExcepted(std::string_view exceptions, const Url& url);

} // namespace watchfire::net
