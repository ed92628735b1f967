// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/literals.h"

#include "core/text/number.h"
#include "core/text/quote.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>

namespace watchfire::promql {

namespace {

/// Each underscore stands between two digits, or between a base prefix and a digit.
bool areUnderscoresInPlace(std::string_view text, bool hex)
{
    const auto isNumeral = [hex](char c) { return hex ? hexValue(c) < 16 : c >= '0' && c <= '9'; };
    for (std::size_t i = hex ? 2 : 0; i < text.size(); ++i) {
        if (text[i] == '_') {
            const bool before = (hex && i == 2) || (i > 0 && isNumeral(text[i - 1]));
            if (!before || i + 1 == text.size() || !isNumeral(text[i + 1])) {
                return false;
            }
        }
    }
    return true;
}

/// A whole number that fits 64 bits with sign, all of the text.
std::optional<double> parseWhole(std::string_view digits, int base)
{
    std::int64_t value = 0;
    const char* const begin = digits.data();
    const char* const end = begin + digits.size();
    const auto [stop, fault] = std::from_chars(begin, end, value, base);
    if (digits.empty() || digits[0] == '-' || fault != std::errc() || stop != end) {
        return std::nullopt;
    }
    return static_cast<double>(value);
}

} // namespace

int hexValue(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

std::optional<double> parseNumber(std::string_view token)
{
    const bool hex = token.size() > 2 && token[0] == '0' && (token[1] == 'x' || token[1] == 'X');
    std::string plain;
    if (token.contains('_')) {
        if (!areUnderscoresInPlace(token, hex)) {
            return std::nullopt;
        }
        plain = token;
        std::erase(plain, '_');
        token = plain;
    }
    if (hex) {
        return parseWhole(token.substr(2), 16);
    }
    if (token.size() > 1 && token[0] == '0') {
        if (const auto octal = parseWhole(token.substr(1), 8)) {
            return octal;
        }
    }
    return text::parseFloat(token);
}

std::string unquote(std::string_view token)
{
    const char quote = token.front();
    const std::string_view inside = token.substr(1, token.size() - 2);
    if (quote == '`' || !inside.contains('\\')) {
        return std::string(inside);
    }
    std::string out;
    out.reserve(inside.size());
    for (std::size_t i = 0; i < inside.size(); ++i) {
        if (inside[i] != '\\') {
            out += inside[i];
            continue;
        }
        const char kind = inside[++i];
        const auto number = [&](std::size_t digits, int base) {
            unsigned value = 0;
            std::from_chars(inside.data() + i, inside.data() + i + digits, value, base);
            i += digits - 1;
            return value;
        };
        switch (kind) {
        case 'a':
            out += '\a';
            break;
        case 'b':
            out += '\b';
            break;
        case 'f':
            out += '\f';
            break;
        case 'n':
            out += '\n';
            break;
        case 'r':
            out += '\r';
            break;
        case 't':
            out += '\t';
            break;
        case 'v':
            out += '\v';
            break;
        case 'x':
            ++i;
            out += static_cast<char>(number(2, 16));
            break;
        case 'u':
            ++i;
            text::appendUtf8(out, number(4, 16));
            break;
        case 'U':
            ++i;
            text::appendUtf8(out, number(8, 16));
            break;
        case '0':
        case '1':
        case '2':
        case '3':
        case '4':
        case '5':
        case '6':
        case '7':
            out += static_cast<char>(number(3, 8));
            break;
        default:
            out += kind;
            break;
        }
    }
    return out;
}

} // namespace watchfire::promql
