// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/proxy.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <format>
#include <span>
#include <vector>

namespace watchfire::net {

namespace {

std::string fromEnvironment(const char* upper, const char* lower)
{
    for (const char* name : {upper, lower}) {
        const char* const value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): at start
        if (value != nullptr && *value != '\0') {
            return value;
        }
    }
    return {};
}

std::string lowered(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

std::string_view trimmed(std::string_view text)
{
    constexpr auto space = " \t\r\n";
    const std::size_t first = text.find_first_not_of(space);
    return first == std::string_view::npos
        ? std::string_view()
        : text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::string withoutBrackets(const std::string& host)
{
    return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

/// The 4 or 16 bytes of an address; none where it is a name. One of IPv4 in IPv6 is its 4 bytes.
std::vector<unsigned char> addressBytes(const std::string& text)
{
    std::array<unsigned char, 16> bytes{};
    if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) {
        return {bytes.begin(), bytes.begin() + 4};
    }
    const std::string noZone = text.substr(0, text.find('%'));
    if (inet_pton(AF_INET6, noZone.c_str(), bytes.data()) != 1) {
        return {};
    }
    constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    if (std::ranges::equal(mapped, std::span(bytes).first(12))) {
        return {bytes.begin() + 12, bytes.end()};
    }
    return {bytes.begin(), bytes.end()};
}

bool isLoopbackAddress(const std::vector<unsigned char>& bytes)
{
    if (bytes.size() == 4) {
        return bytes[0] == 127;
    }
    return bytes.size() == 16 && bytes[15] == 1
        && std::ranges::all_of(std::span(bytes).first(15), [](unsigned char b) { return b == 0; });
}

/// Whether the first `length` bits are the same.
bool isWithin(const std::vector<unsigned char>& bytes, const std::vector<unsigned char>& network,
              unsigned length)
{
    if (bytes.size() != network.size() || length > bytes.size() * 8) {
        return false;
    }
    for (unsigned i = 0; i < length; ++i) {
        const auto bit = static_cast<unsigned char>(0x80U >> (i % 8));
        if ((bytes[i / 8] & bit) != (network[i / 8] & bit)) {
            return false;
        }
    }
    return true;
}

/// One entry of a list of exceptions.
struct Exception {
    std::string host;
    std::string port; ///< empty: any
};

Exception splitPort(std::string_view entry)
{
    const std::size_t colon = entry.rfind(':');
    const bool onlyColon = colon != std::string_view::npos && entry.find(':') == colon;
    if (entry.starts_with('[')) {
        const std::size_t close = entry.find(']');
        if (close != std::string_view::npos) {
            return {std::string(entry.substr(1, close - 1)),
                    std::string(close + 2 <= entry.size() ? entry.substr(close + 2) : "")};
        }
    }
    return onlyColon
        ? Exception{std::string(entry.substr(0, colon)), std::string(entry.substr(colon + 1))}
        : Exception{std::string(entry), {}};
}

bool isNamedBy(std::string_view entry, const std::string& host,
               const std::vector<unsigned char>& bytes, const std::string& port)
{
    if (const std::size_t slash = entry.find('/'); slash != std::string_view::npos) {
        const auto network = addressBytes(std::string(entry.substr(0, slash)));
        const std::string_view digits = entry.substr(slash + 1);
        unsigned length = 0;
        const auto [end, error]
            = std::from_chars(digits.data(), digits.data() + digits.size(), length);
        return error == std::errc() && end == digits.data() + digits.size() && !network.empty()
            && isWithin(bytes, network, length);
    }
    Exception exception = splitPort(entry);
    if (exception.host.empty() || (!exception.port.empty() && exception.port != port)) {
        return false;
    }
    if (const auto named = addressBytes(exception.host); !named.empty() || !bytes.empty()) {
        return named == bytes;
    }
    if (exception.host.starts_with("*.")) {
        exception.host.erase(0, 1);
    }
    if (exception.host.starts_with('.')) {
        return host.ends_with(exception.host);
    }
    return host == exception.host || host.ends_with("." + exception.host);
}

Result<Proxy> readProxy(const std::string& given)
{
    // libcurl's parser of addresses knows nothing of proxies, so the scheme goes before it.
    const std::size_t mark = given.find("://");
    std::string scheme = mark == std::string::npos ? "http" : lowered(given.substr(0, mark));
    const std::string rest = mark == std::string::npos ? given : given.substr(mark + 3);
    const bool socks = scheme == "socks5" || scheme == "socks5h";
    if (!socks && scheme != "http" && scheme != "https") {
        return fail(ErrorKind::invalid,
                    std::format("a proxy is reached by http, https or socks5, not by {}", scheme));
    }
    const auto parsed = parseUrl((scheme == "https" ? "https://" : "http://") + rest);
    if (!parsed) {
        return std::unexpected(parsed.error().within("the proxy"));
    }
    const std::string authority = rest.substr(0, rest.find_first_of("/?#"));
    const std::size_t at = authority.rfind('@');
    const bool portIsWritten
        = authority.find(':', std::max(at == std::string::npos ? 0 : at, authority.rfind(']') + 1))
        != std::string::npos;
    Proxy out;
    out.host = parsed->host;
    // A proxy of HTTP stands behind the port of its scheme, as in Go; libcurl's is another.
    out.port = socks && !portIsWritten ? std::uint16_t{1080} : parsed->port;
    out.url = std::format("{}://{}{}:{}", socks ? "socks5h" : scheme,
                          at == std::string::npos ? "" : authority.substr(0, at + 1), out.host,
                          out.port);
    return out;
}

} // namespace

ProxyEnvironment ProxyEnvironment::ofProcess()
{
    ProxyEnvironment out;
    out.http = fromEnvironment("HTTP_PROXY", "http_proxy");
    out.https = fromEnvironment("HTTPS_PROXY", "https_proxy");
    out.none = fromEnvironment("NO_PROXY", "no_proxy");
    return out;
}

bool isExcepted(std::string_view exceptions, const Url& url)
{
    const std::string host = withoutBrackets(url.host);
    const auto bytes = addressBytes(host);
    if (host == "localhost" || isLoopbackAddress(bytes)) {
        return true;
    }
    const std::string port = std::to_string(url.port);
    while (!exceptions.empty()) {
        const std::size_t comma = std::min(exceptions.find(','), exceptions.size());
        const std::string entry = lowered(trimmed(exceptions.substr(0, comma)));
        exceptions.remove_prefix(std::min(comma + 1, exceptions.size()));
        if (entry == "*" || (!entry.empty() && isNamedBy(entry, host, bytes, port))) {
            return true;
        }
    }
    return false;
}

Result<std::optional<Proxy>> proxyFor(const ProxyOptions& options,
                                      const ProxyEnvironment& environment, const Url& url)
{
    std::string given = options.url;
    bool isException = !options.noProxy.empty() && isExcepted(options.noProxy, url);
    if (options.fromEnvironment) {
        given = url.isSecure() ? environment.https : environment.http;
        isException = isExcepted(environment.none, url);
    }
    if (given.empty() || isException) {
        return std::nullopt;
    }
    auto proxy = readProxy(given);
    if (!proxy) {
        return std::unexpected(std::move(proxy.error()));
    }
    return std::move(*proxy);
}

} // namespace watchfire::net
