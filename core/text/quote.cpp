// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/quote.h"

#include "core/text/utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <format>
#include <iterator>

namespace watchfire::text {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

/// Format characters, spaces other than ' ', line ends, private use and non-characters; those
/// that are in no range but end in FFFE or FFFF are handled apart. Sorted.
constexpr std::array invisible{
    Range{0x80, 0xA0},        Range{0xAD, 0xAD},       Range{0x600, 0x605},
    Range{0x61C, 0x61C},      Range{0x6DD, 0x6DD},     Range{0x70F, 0x70F},
    Range{0x890, 0x891},      Range{0x8E2, 0x8E2},     Range{0x1680, 0x1680},
    Range{0x180E, 0x180E},    Range{0x2000, 0x200F},   Range{0x2028, 0x202F},
    Range{0x205F, 0x206F},    Range{0x3000, 0x3000},   Range{0xD800, 0xF8FF},
    Range{0xFDD0, 0xFDEF},    Range{0xFEFF, 0xFEFF},   Range{0xFFF9, 0xFFFB},
    Range{0x110BD, 0x110BD},  Range{0x110CD, 0x110CD}, Range{0x13430, 0x1343F},
    Range{0x1BCA0, 0x1BCA3},  Range{0x1D173, 0x1D17A}, Range{0xE0000, 0xE007F},
    Range{0xF0000, 0x10FFFF},
};

bool isVisible(char32_t c)
{
    if (c < 0x80) {
        return c >= ' ' && c != 0x7F;
    }
    if ((c & 0xFFFE) == 0xFFFE) {
        return false;
    }
    const auto* const range = std::ranges::lower_bound(invisible, c, {}, &Range::last);
    return range == invisible.end() || c < range->first;
}

void appendEscaped(std::string& out, char32_t c, char quote)
{
    constexpr std::string_view letters = "abtnvfr"; // U+0007 to U+000D
    if (c == static_cast<unsigned char>(quote) || c == '\\') {
        out += '\\';
        out += static_cast<char>(c);
    } else if (isVisible(c)) {
        appendUtf8(out, c);
    } else if (c >= 0x07 && c <= 0x0D) {
        out += '\\';
        out += letters[c - 0x07];
    } else {
        const auto code = static_cast<std::uint32_t>(c);
        if (c < 0x80) {
            std::format_to(std::back_inserter(out), "\\x{:02x}", code);
        } else if (c < 0x10000) {
            std::format_to(std::back_inserter(out), "\\u{:04x}", code);
        } else {
            std::format_to(std::back_inserter(out), "\\U{:08x}", code);
        }
    }
}

} // namespace

Decoded decodeUtf8(std::string_view text)
{
    if (text.empty()) {
        return {};
    }
    const auto lead = static_cast<std::uint8_t>(text[0]);
    if (lead < 0x80) {
        return {lead, 1, true};
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (text.size() < length || !isUtf8(text.substr(0, length))) {
        return {0xFFFD, 1, false};
    }
    char32_t character = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        character = character << 6U | (static_cast<std::uint8_t>(text[i]) & 0x3FU);
    }
    return {character, length, true};
}

void appendUtf8(std::string& out, char32_t character)
{
    if (character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF)) {
        character = 0xFFFD;
    }
    const auto put = [&out](char32_t byte) { out += static_cast<char>(byte); };
    const auto follow = [&](unsigned shift) { put(0x80U | (character >> shift & 0x3FU)); };
    if (character < 0x80) {
        put(character);
    } else if (character < 0x800) {
        put(0xC0U | character >> 6U);
        follow(0);
    } else if (character < 0x10000) {
        put(0xE0U | character >> 12U);
        follow(6);
        follow(0);
    } else {
        put(0xF0U | character >> 18U);
        follow(12);
        follow(6);
        follow(0);
    }
}

void appendQuoted(std::string& out, std::string_view text)
{
    out += '"';
    while (!text.empty()) {
        const Decoded next = decodeUtf8(text);
        if (next.valid) {
            appendEscaped(out, next.character, '"');
        } else {
            std::format_to(std::back_inserter(out), "\\x{:02x}",
                           unsigned{static_cast<std::uint8_t>(text[0])});
        }
        text.remove_prefix(next.bytes);
    }
    out += '"';
}

std::string quote(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + 2);
    appendQuoted(out, text);
    return out;
}

std::string quoteCharacter(char32_t character)
{
    std::string out = "'";
    appendEscaped(out, character, '\'');
    return out + '\'';
}

} // namespace watchfire::text
