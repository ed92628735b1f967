// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/matcher_text.h"

#include "core/text/quote.h"
#include "core/text/utf8.h"

#include <charconv>
#include <format>
#include <optional>

namespace watchfire::config {

namespace {

std::unexpected<Error> bad(std::string_view text)
{
    return fail(ErrorKind::invalid, std::format("bad matcher format: {}", text));
}

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\v' || c == '\f' || c == '\r';
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && isSpace(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && isSpace(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

/// The longest operator at the start of the text.
std::optional<MatchType> takeOperator(std::string_view& text)
{
    for (const auto& [sign, type] :
         {std::pair("=~", MatchType::regex), std::pair("!~", MatchType::notRegex),
          std::pair("!=", MatchType::notEqual), std::pair("=", MatchType::equal)}) {
        if (text.starts_with(sign)) {
            text.remove_prefix(std::string_view(sign).size());
            return type;
        }
    }
    return std::nullopt;
}

/// The value of the classic grammar: in quotes, or all that stands there.
Result<std::string> classicValue(std::string_view text)
{
    const bool quoted = text.starts_with('"');
    if (quoted) {
        text.remove_prefix(1);
    }
    std::string out;
    bool closed = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\') {
            if (i + 1 == text.size()) {
                out += '\\';
                continue;
            }
            const char next = text[++i];
            if (next == 'n') {
                out += '\n';
            } else if (next == '"' || next == '\\') {
                out += next;
            } else {
                out += '\\';
                out += next;
            }
        } else if (c == '"') {
            closed = quoted && i + 1 == text.size();
            if (!closed) {
                return fail(ErrorKind::invalid,
                            std::format("matcher value contains unescaped double quote: {}", text));
            }
        } else {
            out += c;
        }
    }
    if (quoted != closed) {
        return fail(ErrorKind::invalid,
                    std::format("matcher value contains unescaped double quote: {}", text));
    }
    return out;
}

Result<Matcher> classicMatcher(std::string_view text)
{
    const std::string_view whole = text;
    text = trimmed(text);
    std::size_t end = 0;
    const auto isName = [](char c, bool first) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':'
            || (!first && c >= '0' && c <= '9');
    };
    while (end < text.size() && isName(text[end], end == 0)) {
        ++end;
    }
    std::string name(text.substr(0, end));
    text = trimmed(text.substr(end));
    const auto type = takeOperator(text);
    if (name.empty() || !type) {
        return bad(whole);
    }
    auto value = classicValue(trimmed(text));
    if (!value) {
        return std::unexpected(value.error());
    }
    return Matcher::make(*type, std::move(name), std::move(*value));
}

/// Reads the UTF-8 grammar from the front of a text.
class Utf8Reader {
public:
    explicit Utf8Reader(std::string_view text)
        : m_rest(text)
    {
    }

    bool take(char c)
    {
        skipSpace();
        if (!m_rest.starts_with(c)) {
            return false;
        }
        m_rest.remove_prefix(1);
        return true;
    }

    bool atEnd()
    {
        skipSpace();
        return m_rest.empty();
    }

    bool sees(char c)
    {
        skipSpace();
        return m_rest.starts_with(c);
    }

    std::optional<Matcher> matcher()
    {
        auto name = word();
        if (!name || name->empty()) {
            return std::nullopt;
        }
        skipSpace();
        const auto type = takeOperator(m_rest);
        if (!type) {
            return std::nullopt;
        }
        auto value = word();
        if (!value) {
            return std::nullopt;
        }
        auto made = Matcher::make(*type, std::move(*name), std::move(*value));
        return made ? std::optional(std::move(*made)) : std::nullopt;
    }

private:
    void skipSpace()
    {
        while (!m_rest.empty() && isSpace(m_rest.front())) {
            m_rest.remove_prefix(1);
        }
    }

    std::optional<std::string> word()
    {
        skipSpace();
        if (m_rest.starts_with('"')) {
            return quoted();
        }
        constexpr std::string_view reserved = "{}!=~,\\\"'` \t\n\v\f\r";
        const std::size_t end = std::min(m_rest.find_first_of(reserved), m_rest.size());
        if (end == 0) {
            return std::nullopt;
        }
        std::string out(m_rest.substr(0, end));
        m_rest.remove_prefix(end);
        return out;
    }

    /// Escapes as Go's strings have them.
    std::optional<std::string> quoted()
    {
        std::string out;
        std::size_t i = 1;
        for (; i < m_rest.size() && m_rest[i] != '"'; ++i) {
            if (m_rest[i] == '\n') {
                return std::nullopt;
            }
            if (m_rest[i] != '\\') {
                out += m_rest[i];
                continue;
            }
            if (++i == m_rest.size() || !escape(i, out)) {
                return std::nullopt;
            }
        }
        if (i >= m_rest.size() || !text::isUtf8(out)) {
            return std::nullopt;
        }
        m_rest.remove_prefix(i + 1);
        return out;
    }

    /// `i` stands behind the backslash, and on return on the last character of the escape.
    bool escape(std::size_t& i, std::string& out) const
    {
        constexpr std::string_view letters = "abfnrtv\\\"";
        constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\\"";
        if (const std::size_t known = letters.find(m_rest[i]); known != std::string_view::npos) {
            out += meanings[known];
            return true;
        }
        std::size_t digits = 0;
        int base = 16;
        switch (m_rest[i]) {
        case 'x':
            digits = 2;
            break;
        case 'u':
            digits = 4;
            break;
        case 'U':
            digits = 8;
            break;
        default:
            digits = 3;
            base = 8;
            --i;
        }
        const std::string_view number = m_rest.substr(i + 1, digits);
        std::uint32_t value = 0;
        const auto [end, error]
            = std::from_chars(number.data(), number.data() + number.size(), value, base);
        if (number.size() != digits || error != std::errc()
            || end != number.data() + number.size()) {
            return false;
        }
        i += digits;
        if (digits <= 3) {
            if (value > 255) {
                return false;
            }
            out += static_cast<char>(value);
            return true;
        }
        if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
            return false;
        }
        text::appendUtf8(out, value);
        return true;
    }

    std::string_view m_rest;
};

std::optional<Matcher> utf8Matcher(std::string_view text)
{
    Utf8Reader reader(text);
    auto matcher = reader.matcher();
    if (!matcher) {
        return std::nullopt;
    }
    reader.take(','); // one may follow
    return reader.atEnd() ? std::move(matcher) : std::nullopt;
}

std::optional<Matchers> utf8Matchers(std::string_view text)
{
    Utf8Reader reader(text);
    Matchers all;
    const bool braces = reader.take('{');
    while (!reader.atEnd() && !reader.sees('}')) {
        auto matcher = reader.matcher();
        if (!matcher) {
            return std::nullopt;
        }
        all.push_back(std::move(*matcher));
        if (!reader.take(',')) {
            break;
        }
    }
    if (reader.take('}') != braces || !reader.atEnd()) {
        return std::nullopt;
    }
    return all;
}

Result<Matchers> classicMatchers(std::string_view text)
{
    if (text.starts_with('{')) {
        text.remove_prefix(1);
    }
    if (text.ends_with('}')) {
        text.remove_suffix(1);
    }
    Matchers all;
    bool quoted = false;
    bool escaped = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const bool end = i == text.size();
        const char c = end ? ',' : text[i];
        if (c == '"' && !escaped) {
            quoted = !quoted;
        }
        escaped = c == '\\' && !escaped;
        if (c != ',' || (quoted && !end)) {
            continue;
        }
        const std::string_view part = text.substr(begin, i - begin);
        begin = i + 1;
        if (end && trimmed(part).empty()) {
            break;
        }
        auto matcher = classicMatcher(part);
        if (!matcher) {
            return std::unexpected(matcher.error());
        }
        all.push_back(std::move(*matcher));
    }
    return all;
}

} // namespace

Result<Matcher> parseMatcher(std::string_view text, MatcherGrammar grammar)
{
    if (!text::isUtf8(text)) {
        return bad("not UTF-8");
    }
    Result<Matcher> classic
        = grammar == MatcherGrammar::utf8 ? Result<Matcher>(bad(text)) : classicMatcher(text);
    if (classic || grammar == MatcherGrammar::classic) {
        return classic;
    }
    if (auto matcher = utf8Matcher(text)) {
        return std::move(*matcher);
    }
    return classic;
}

Result<Matchers> parseMatchers(std::string_view text, MatcherGrammar grammar)
{
    if (!text::isUtf8(text)) {
        return bad("not UTF-8");
    }
    Result<Matchers> classic
        = grammar == MatcherGrammar::utf8 ? Result<Matchers>(bad(text)) : classicMatchers(text);
    if (classic || grammar == MatcherGrammar::classic) {
        return classic;
    }
    if (auto matchers = utf8Matchers(text)) {
        return std::move(*matchers);
    }
    return classic;
}

} // namespace watchfire::config
