// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ports/http.h"

#include "core/ports/multipart.h"
#include "core/ports/secret_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <optional>

namespace watchfire {

namespace {

bool equalIgnoringCase(std::string_view a, std::string_view b)
{
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::optional<unsigned> hexDigit(char c)
{
    if (c >= '0' && c <= '9') {
        return static_cast<unsigned>(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return static_cast<unsigned>(c - 'a' + 10);
    }
    if (c >= 'A' && c <= 'F') {
        return static_cast<unsigned>(c - 'A' + 10);
    }
    return std::nullopt;
}

void appendParameters(std::string_view text,
                      std::vector<std::pair<std::string, std::string>>& parameters)
{
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) {
            continue;
        }
        const std::size_t equals = pair.find('=');
        parameters.emplace_back(
            percentDecode(pair.substr(0, equals), true),
            equals == std::string_view::npos ? "" : percentDecode(pair.substr(equals + 1), true));
    }
}

} // namespace

std::string_view header(const HttpHeaders& headers, std::string_view name)
{
    for (const auto& [key, value] : headers) {
        if (equalIgnoringCase(key, name)) {
            return value;
        }
    }
    return {};
}

std::string_view pathOf(const HttpRequest& request)
{
    const std::string_view url = request.url;
    return url.substr(0, url.find('?'));
}

std::vector<std::pair<std::string, std::string>> parametersOf(const HttpRequest& request)
{
    constexpr std::string_view form = "application/x-www-form-urlencoded";
    std::vector<std::pair<std::string, std::string>> parameters;
    const std::string_view type = header(request.headers, "Content-Type");
    if (equalIgnoringCase(type.substr(0, form.size()), form)) {
        appendParameters(request.body, parameters);
    }
    const std::string_view url = request.url;
    if (const std::size_t mark = url.find('?'); mark != std::string_view::npos) {
        appendParameters(url.substr(mark + 1), parameters);
    }
    if (auto fields = multipartFields(type, request.body)) {
        std::ranges::move(*fields, std::back_inserter(parameters));
    }
    return parameters;
}

std::string percentDecode(std::string_view text, bool plusIsSpace)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plusIsSpace) {
            out += ' ';
            continue;
        }
        if (text[i] == '%' && i + 2 < text.size()) {
            const auto high = hexDigit(text[i + 1]);
            const auto low = hexDigit(text[i + 2]);
            if (high && low) {
                out += static_cast<char>(*high * 16 + *low);
                i += 2;
                continue;
            }
        }
        out += text[i];
    }
    return out;
}

std::string percentEncode(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

Result<HttpHeaders> resolveHeaders(const std::vector<HttpHeaderSource>& sources)
{
    HttpHeaders out;
    for (const HttpHeaderSource& source : sources) {
        for (const std::string& value : source.values) {
            out.emplace_back(source.name, value);
        }
        for (const Secret& secret : source.secrets) {
            out.emplace_back(source.name, secret.reveal());
        }
        for (const std::string& file : source.files) {
            auto text = readSecretFile(file);
            if (!text) {
                return std::unexpected(std::move(text.error()));
            }
            out.emplace_back(source.name, std::move(*text));
        }
    }
    return out;
}

} // namespace watchfire
