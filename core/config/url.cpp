// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/client_parts.h"

#include <algorithm>
#include <cctype>
#include <format>

namespace watchfire::config {

namespace {

bool isAlpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isHex(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// The length of "scheme" in "scheme:rest"; 0: there is none.
std::size_t schemeOf(std::string_view url)
{
    for (std::size_t i = 0; i < url.size(); ++i) {
        const char c = url[i];
        if (c == ':') {
            return i;
        }
        const bool later = isDigit(c) || c == '+' || c == '-' || c == '.';
        if (!isAlpha(c) && (!later || i == 0)) {
            return 0;
        }
    }
    return 0;
}

std::optional<std::string> badEscape(std::string_view text)
{
    for (std::size_t i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 1)) {
        if (i + 2 >= text.size() || !isHex(text[i + 1]) || !isHex(text[i + 2])) {
            return std::format("invalid URL escape \"{}\"", text.substr(i, 3));
        }
    }
    return std::nullopt;
}

bool isPort(std::string_view text)
{
    return text.empty() || (text.front() == ':' && std::ranges::all_of(text.substr(1), isDigit));
}

std::optional<std::string> hostFault(std::string_view host)
{
    std::string_view port;
    if (host.starts_with('[')) {
        const std::size_t end = host.rfind(']');
        if (end == std::string_view::npos) {
            return "missing ']' in host";
        }
        port = host.substr(end + 1);
    } else if (const std::size_t colon = host.rfind(':'); colon != std::string_view::npos) {
        port = host.substr(colon);
    }
    if (!isPort(port)) {
        return std::format("invalid port \"{}\" after host", port);
    }
    constexpr std::string_view refused = " \"<>^`{}|\\";
    if (const std::size_t at = host.find_first_of(refused); at != std::string_view::npos) {
        return std::format("invalid character \"{}\" in host name", host[at]);
    }
    return badEscape(host);
}

} // namespace

std::optional<std::string> urlFault(std::string_view text)
{
    if (std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; })) {
        return "invalid control character in URL";
    }
    if (text.starts_with(':')) {
        return "missing protocol scheme";
    }
    const std::size_t scheme = schemeOf(text);
    std::string_view rest = text.substr(scheme == 0 ? 0 : scheme + 1);
    rest = rest.substr(0, rest.find('#'));
    rest = rest.substr(0, rest.find('?'));
    if (!rest.starts_with('/')) {
        if (scheme != 0) {
            return std::nullopt; // "mailto:somebody"
        }
        if (rest.substr(0, rest.find('/')).contains(':')) {
            return "first path segment in URL cannot contain colon";
        }
    }
    if (rest.starts_with("//") && (scheme != 0 || !rest.starts_with("///"))) {
        std::string_view authority = rest.substr(2);
        authority = authority.substr(0, authority.find('/'));
        rest.remove_prefix(2 + authority.size());
        if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
            if (authority.substr(0, at).find_first_of(" /?#[]\"<>^`{}|\\")
                != std::string_view::npos) {
                return "net/url: invalid userinfo";
            }
            authority.remove_prefix(at + 1);
        }
        if (auto fault = hostFault(authority)) {
            return fault;
        }
    }
    return badEscape(rest);
}

void checkUrl(Reading& reading, const encoding::YamlNode* node, std::string_view text)
{
    if (node == nullptr) {
        return;
    }
    if (const auto fault = urlFault(text)) {
        reading.fault(*node, std::format("\"{}\" is no URL: {}", text, *fault));
    }
}

} // namespace watchfire::config
