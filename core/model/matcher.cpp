// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/matcher.h"

#include "core/text/quote.h"

#include <algorithm>
#include <utility>

namespace watchfire {

std::string_view toText(MatchType type)
{
    switch (type) {
    case MatchType::equal:
        return "=";
    case MatchType::notEqual:
        return "!=";
    case MatchType::regex:
        return "=~";
    case MatchType::notRegex:
        return "!~";
    }
    return "?";
}

Result<Matcher> Matcher::make(MatchType type, std::string name, std::string value)
{
    Matcher matcher;
    matcher.m_type = type;
    matcher.m_name = std::move(name);
    matcher.m_value = std::move(value);
    if (type == MatchType::regex || type == MatchType::notRegex) {
        auto regex = text::Regex::compile(matcher.m_value);
        if (!regex) {
            return std::unexpected(std::move(regex.error()));
        }
        matcher.m_regex = std::move(*regex);
    }
    return matcher;
}

Matcher Matcher::equal(std::string name, std::string value)
{
    Matcher matcher;
    matcher.m_name = std::move(name);
    matcher.m_value = std::move(value);
    return matcher;
}

bool Matcher::matches(std::string_view value) const
{
    switch (m_type) {
    case MatchType::equal:
        return value == m_value;
    case MatchType::notEqual:
        return value != m_value;
    case MatchType::regex:
        return m_regex->matches(value);
    case MatchType::notRegex:
        return !m_regex->matches(value);
    }
    return false;
}

std::string Matcher::toString() const
{
    std::string out = isClassicLabelName(m_name) ? m_name : text::quote(m_name);
    out += toText(m_type);
    text::appendQuoted(out, m_value);
    return out;
}

bool matchesAll(std::span<const Matcher> matchers, const Labels& labels)
{
    return std::ranges::all_of(matchers,
                               [&](const Matcher& m) { return m.matches(labels.get(m.name())); });
}

} // namespace watchfire
