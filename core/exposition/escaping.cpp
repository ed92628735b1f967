// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/escaping.h"

#include "core/model/labels.h"
#include "core/text/quote.h"

#include <algorithm>
#include <array>
#include <format>
#include <utility>

namespace watchfire::exposition {

namespace {

constexpr std::array<std::pair<EscapingScheme, std::string_view>, 4> schemes{{
    {EscapingScheme::allowUtf8, "allow-utf-8"},
    {EscapingScheme::underscores, "underscores"},
    {EscapingScheme::dots, "dots"},
    {EscapingScheme::values, "values"},
}};

bool isClassic(char32_t c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':'
        || (c >= '0' && c <= '9' && !first);
}

void appendAsDots(std::string& out, char32_t c, bool first)
{
    if (c == '.') {
        out += "_dot_";
    } else if (c != '_' && isClassic(c, first)) {
        out += static_cast<char>(c);
    } else {
        out += "__";
    }
}

void appendAsValue(std::string& out, char32_t c, bool first)
{
    if (c == '_') {
        out += "__";
    } else if (isClassic(c, first)) {
        out += static_cast<char>(c);
    } else {
        out += std::format("_{:x}_", static_cast<std::uint32_t>(c));
    }
}

} // namespace

std::string_view toText(EscapingScheme scheme)
{
    return std::ranges::find(schemes, scheme, &std::pair<EscapingScheme, std::string_view>::first)
        ->second;
}

std::optional<EscapingScheme> escapingSchemeFrom(std::string_view text)
{
    const auto found
        = std::ranges::find(schemes, text, &std::pair<EscapingScheme, std::string_view>::second);
    return found == schemes.end() ? std::nullopt : std::optional(found->first);
}

std::string escapeName(std::string_view name, EscapingScheme scheme)
{
    const bool asIs = scheme == EscapingScheme::allowUtf8 || name.empty()
        || (scheme != EscapingScheme::dots && isClassicMetricName(name)); // dots: _ is written __
    std::string out(asIs ? name : "");
    if (asIs) {
        return out;
    }
    if (scheme == EscapingScheme::values) {
        out = "U__";
    }
    bool first = true;
    while (!name.empty()) {
        const text::Decoded one = text::decodeUtf8(name);
        if (scheme == EscapingScheme::underscores) {
            out += isClassic(one.character, first) ? static_cast<char>(one.character) : '_';
        } else if (scheme == EscapingScheme::dots) {
            appendAsDots(out, one.character, first);
        } else {
            appendAsValue(out, one.character, first);
        }
        name.remove_prefix(one.bytes);
        first = false;
    }
    return out;
}

} // namespace watchfire::exposition
