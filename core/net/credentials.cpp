// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/credentials.h"

#include "core/ports/secret_file.h"

#include <cstdint>
#include <format>
#include <variant>

namespace watchfire::net {

namespace {

/// Source: RFC 4648, section 4.
std::string base64(std::string_view text)
{
    constexpr std::string_view digits
        = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, text.size() - i);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            bits = bits << 8 | (k < count ? static_cast<unsigned char>(text[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            out += k <= count ? digits[bits >> (18 - 6 * k) & 63] : '=';
        }
    }
    return out;
}

/// What a file holds where one is named, else what is given.
Result<std::string> fromFileOr(const std::string& file, const std::string& given)
{
    return file.empty() ? Result<std::string>(given) : readSecretFile(file);
}

Result<std::optional<Secret>> authorizationOf(const BasicAuth& basic)
{
    auto user = fromFileOr(basic.userFile, basic.user);
    if (!user) {
        return std::unexpected(user.error().within("the user's name"));
    }
    auto password = fromFileOr(basic.passwordFile, basic.password.reveal());
    if (!password) {
        return std::unexpected(password.error().within("the password"));
    }
    return basicAuthorization(*user, *password);
}

Result<std::optional<Secret>> authorizationOf(const BearerAuth& bearer)
{
    auto token = fromFileOr(bearer.tokenFile, bearer.token.reveal());
    if (!token) {
        return std::unexpected(token.error().within("the credentials"));
    }
    return Secret(std::format("{} {}", bearer.type, *token));
}

} // namespace

Secret basicAuthorization(std::string_view user, std::string_view password)
{
    return Secret("Basic " + base64(std::format("{}:{}", user, password)));
}

Result<std::optional<Secret>> authorizationOf(const HttpAuth& auth, const Url& url)
{
    if (const auto* basic = std::get_if<BasicAuth>(&auth)) {
        return authorizationOf(*basic);
    }
    if (const auto* bearer = std::get_if<BearerAuth>(&auth)) {
        return authorizationOf(*bearer);
    }
    if (std::holds_alternative<OAuth2>(auth)) {
        return fail(ErrorKind::unsupported, "OAuth2 is not set up for this request");
    }
    if (!url.user.empty() || !url.password.empty()) {
        return basicAuthorization(url.user, url.password);
    }
    return std::nullopt;
}

} // namespace watchfire::net
