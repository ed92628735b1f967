// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/redirect.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <format>
#include <string_view>

namespace watchfire::net {

namespace {

constexpr int mostRedirects = 10;

constexpr std::array<std::string_view, 8> harmless{"accept",
                                                   "accept-encoding",
                                                   "accept-language",
                                                   "content-encoding",
                                                   "content-type",
                                                   "user-agent",
                                                   "x-prometheus-scrape-timeout-seconds",
                                                   "x-prometheus-remote-write-version"};

/// `lower` is in lower case.
bool isNamed(std::string_view name, std::string_view lower)
{
    return std::ranges::equal(name, lower, [](unsigned char a, char b) {
        return std::tolower(a) == static_cast<unsigned char>(b);
    });
}

bool isHarmless(std::string_view name)
{
    return std::ranges::any_of(harmless,
                               [name](std::string_view known) { return isNamed(name, known); });
}

} // namespace

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool isSameOrigin(const Url& origin, const Url& url)
{
    if (origin.host != url.host) {
        return false;
    }
    const bool upgraded
        = !origin.isSecure() && url.isSecure() && origin.port == 80 && url.port == 443;
    return upgraded || (origin.scheme == url.scheme && origin.port == url.port);
}

Result<std::optional<Hop>> redirected(const Hop& hop, int status, const std::string& location)
{
    if (!isRedirect(status) || location.empty()) {
        return std::nullopt;
    }
    if (hop.redirects >= mostRedirects) {
        return fail(
            ErrorKind::limit,
            std::format("{} redirects on after {} redirects", hop.url.authority(), hop.redirects));
    }
    auto url = parseUrl(location);
    if (!url) {
        return std::unexpected(
            url.error().within(std::format("{} redirects elsewhere", hop.url.authority())));
    }
    Hop next = hop;
    ++next.redirects;
    next.isTrusted = hop.isTrusted && isSameOrigin(hop.url, *url);
    next.url = std::move(*url);
    if (status == 301 || status == 302 || status == 303) {
        next.sendsBody = false;
        if (next.method != "HEAD") {
            next.method = "GET";
        }
    }
    return next;
}

HttpHeaders headersFor(const Hop& hop, const HttpHeaders& own, const HttpHeaders& configured,
                       const std::optional<Secret>& authorization)
{
    HttpHeaders out;
    for (const auto& field : own) {
        const bool isOfBody = isNamed(std::string_view(field.first).substr(0, 8), "content-");
        if ((hop.isTrusted || isHarmless(field.first)) && (hop.sendsBody || !isOfBody)) {
            out.push_back(field);
        }
    }
    if (hop.isTrusted) {
        out.insert(out.end(), configured.begin(), configured.end());
        if (authorization && header(own, "Authorization").empty()) {
            out.emplace_back("Authorization", authorization->reveal());
        }
    }
    return out;
}

} // namespace watchfire::net
