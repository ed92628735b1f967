// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/url.h"

#include "core/net/curl_types.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <format>
#include <string_view>

namespace watchfire::net {

namespace {

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0)
{
    char* text = nullptr;
    if (curl_url_get(url, which, &text, flags) != CURLUE_OK) {
        return {};
    }
    const CurlText owner(text);
    return text;
}

/// An address as a message may show it: what stands before an @ in its authority is left out.
std::string shown(std::string_view text)
{
    const std::size_t slashes = text.find("//");
    const std::size_t begin = slashes == std::string_view::npos ? 0 : slashes + 2;
    const std::size_t end = std::min(text.find_first_of("/?#", begin), text.size());
    const std::size_t at = text.substr(0, end).rfind('@');
    if (at == std::string_view::npos || at < begin) {
        return std::string(text);
    }
    return std::format("{}{}", text.substr(0, begin), text.substr(at + 1));
}

std::unexpected<Error> refused(const std::string& text, std::string_view why)
{
    return fail(ErrorKind::invalid,
                std::format("\"{}\" is not an address that can be fetched: {}", shown(text), why));
}

} // namespace

std::string Url::authority() const
{
    return std::format("{}:{}", host, port);
}

std::string Url::hostHeader() const
{
    return port == (isSecure() ? 443 : 80) ? host : authority();
}

Result<Url> parseUrl(const std::string& text)
{
    const CurlUrl parsed(curl_url());
    if (const CURLUcode code = curl_url_set(parsed.get(), CURLUPART_URL, text.c_str(),
                                            CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE);
        code != CURLUE_OK) {
        return refused(text, curl_url_strerror(code));
    }
    Url out;
    out.scheme = part(parsed.get(), CURLUPART_SCHEME);
    if (out.scheme != "http" && out.scheme != "https") {
        return refused(text, std::format("the scheme {} is neither http nor https", out.scheme));
    }
    out.user = part(parsed.get(), CURLUPART_USER, CURLU_URLDECODE);
    out.password = part(parsed.get(), CURLUPART_PASSWORD, CURLU_URLDECODE);
    out.host = part(parsed.get(), CURLUPART_HOST, CURLU_PUNYCODE);
    if (out.host.empty()) {
        return refused(text, "its host is no name that can be looked up");
    }
    std::ranges::transform(out.host, out.host.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (const std::string zone = part(parsed.get(), CURLUPART_ZONEID); !zone.empty()) {
        out.host.insert(out.host.size() - 1, "%25" + zone);
    }
    const std::string port = part(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
    std::from_chars(port.data(), port.data() + port.size(), out.port);
    curl_url_set(parsed.get(), CURLUPART_USER, nullptr, 0);
    curl_url_set(parsed.get(), CURLUPART_PASSWORD, nullptr, 0);
    curl_url_set(parsed.get(), CURLUPART_FRAGMENT, nullptr, 0);
    out.text = part(parsed.get(), CURLUPART_URL);
    return out;
}

std::string withHost(const Url& url, const std::string& host)
{
    const CurlUrl parsed(curl_url());
    curl_url_set(parsed.get(), CURLUPART_URL, url.text.c_str(), 0);
    curl_url_set(parsed.get(), CURLUPART_ZONEID, nullptr, 0);
    return curl_url_set(parsed.get(), CURLUPART_HOST, host.c_str(), 0) == CURLUE_OK
        ? part(parsed.get(), CURLUPART_URL)
        : std::string();
}

std::string resolved(const Url& base, const std::string& reference)
{
    const CurlUrl parsed(curl_url());
    curl_url_set(parsed.get(), CURLUPART_URL, base.text.c_str(), 0);
    return curl_url_set(parsed.get(), CURLUPART_URL, reference.c_str(),
                        CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE)
            == CURLUE_OK
        ? part(parsed.get(), CURLUPART_URL)
        : reference;
}

} // namespace watchfire::net
