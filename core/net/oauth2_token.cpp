// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/oauth2_token.h"

#include "core/encoding/json.h"
#include "core/net/credentials.h"
#include "core/net/url.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <format>
#include <string_view>
#include <vector>

namespace watchfire::net {

namespace {

using namespace std::chrono_literals;

/// One parameter of a form. Source: RFC 6749, appendix B.
void appendParameter(std::string& form, std::string_view name, std::string_view value)
{
    form += std::format("{}{}={}", form.empty() ? "" : "&", percentEncode(name),
                        percentEncode(value));
}

std::string joined(const std::vector<std::string>& words)
{
    std::string out;
    for (const std::string& word : words) {
        out += (out.empty() ? "" : " ") + word;
    }
    return out;
}

void replaceAll(std::string& text, std::string_view what)
{
    if (what.empty()) {
        return;
    }
    constexpr std::string_view shown = "<secret>";
    std::size_t at = 0;
    while ((at = text.find(what, at)) != std::string::npos) {
        text.replace(at, what.size(), shown);
        at += shown.size();
    }
}

/// A server's words as one line of a message.
std::string quoted(std::string text, const OAuth2& options, const std::string& secret)
{
    replaceAll(text,
               basicAuthorization(percentEncode(options.clientId), percentEncode(secret))
                   .reveal()
                   .substr(std::string_view("Basic ").size()));
    replaceAll(text, percentEncode(secret));
    replaceAll(text, secret);
    constexpr std::size_t longest = 300;
    if (text.size() > longest) {
        text.resize(longest);
        text += "…";
    }
    std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
    return text;
}

/// What an answer says is wrong: the fields that are meant for it, else all of it.
std::string complaint(const HttpResponse& response)
{
    if (const auto json = encoding::parseJson(response.body); json && (*json)["error"].isString()) {
        std::string out((*json)["error"].asString());
        if (const auto more = (*json)["error_description"].asString(); !more.empty()) {
            out += std::format(": {}", more);
        }
        return out;
    }
    return response.body;
}

/// Seconds; servers write them as a number or as its text. What is no number of seconds to come
/// says nothing.
std::optional<std::chrono::milliseconds> lifetimeOf(const encoding::JsonValue& value)
{
    double seconds = value.asNumber(0);
    if (value.isString()) {
        const std::string_view text = value.asString();
        std::from_chars(text.data(), text.data() + text.size(), seconds);
    }
    constexpr double tenYears = 10.0 * 365 * 86'400;
    if (!std::isfinite(seconds) || seconds <= 0) {
        return std::nullopt;
    }
    return std::chrono::milliseconds(
        static_cast<std::int64_t>(std::min(seconds, tenYears) * 1'000));
}

bool isBearer(std::string_view type)
{
    return type.empty() || std::ranges::equal(type, std::string_view("bearer"), [](char a, char b) {
               return (a | 0x20) == b;
           });
}

} // namespace

bool Token::isValid(Timestamp now) const
{
    // A clock that was set back says nothing about the token's age.
    return !ends || now < *ends - std::min<std::chrono::milliseconds>(10s, (*ends - since) / 10);
}

bool Token::isAging(Timestamp now) const
{
    return ends && now >= *ends - std::min<std::chrono::milliseconds>(60s, (*ends - since) / 4);
}

HttpRequest tokenRequest(const OAuth2& options, const std::string& secret, ClientCredentials how)
{
    HttpRequest request;
    request.method = "POST";
    request.url = options.tokenUrl;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                       {"Accept", "application/json"},
                       {"User-Agent", "Watchfire/" WATCHFIRE_VERSION}};
    appendParameter(request.body, "grant_type", "client_credentials");
    if (!options.scopes.empty()) {
        appendParameter(request.body, "scope", joined(options.scopes));
    }
    for (const auto& [name, value] : options.endpointParams) {
        appendParameter(request.body, name, value);
    }
    if (how == ClientCredentials::inHeader) {
        request.client.auth
            = BasicAuth{percentEncode(options.clientId), Secret(percentEncode(secret)), {}, {}};
    } else {
        appendParameter(request.body, "client_id", options.clientId);
        appendParameter(request.body, "client_secret", secret);
    }
    request.client.tls = options.tls;
    request.client.proxy = options.proxy;
    request.client.followRedirects = false;
    request.maxBody = std::uint64_t{1} << 20;
    return request;
}

std::string tokenServer(const OAuth2& options)
{
    const auto url = parseUrl(options.tokenUrl);
    return url ? url->text.substr(0, url->text.find('?')) : std::string("its address");
}

Result<Token> readToken(const HttpResponse& response, const OAuth2& options,
                        const std::string& secret, Timestamp now)
{
    const auto refused = [&](const std::string& what) {
        return fail(ErrorKind::unavailable,
                    std::format("the token server {} {}", tokenServer(options), what));
    };
    if (response.status < 200 || response.status > 299) {
        return refused(std::format("answered {}: {}", response.status,
                                   quoted(complaint(response), options, secret)));
    }
    const auto json = encoding::parseJson(response.body);
    if (!json) {
        return refused(
            std::format("answered no JSON: {}", quoted(json.error().message, options, secret)));
    }
    if ((*json)["error"].isString()) {
        return refused(std::format("answered: {}", quoted(complaint(response), options, secret)));
    }
    const std::string_view text = (*json)["access_token"].asString();
    if (text.empty()) {
        return refused("answered without an access_token");
    }
    Token token;
    token.text = Secret(std::string(text));
    if (const std::string_view type = (*json)["token_type"].asString(); !isBearer(type)) {
        token.type = type;
    }
    token.since = now;
    if (const auto lifetime = lifetimeOf((*json)["expires_in"])) {
        token.ends = now + *lifetime;
    }
    return token;
}

} // namespace watchfire::net
