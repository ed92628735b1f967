// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/regex.h"

#include <algorithm>
#include <cctype>
#include <format>
#include <optional>
#include <re2/re2.h>

namespace watchfire::text {

namespace {

constexpr std::int64_t programBytes = 8 << 20;
constexpr std::size_t longestPattern = 64 << 10;

// Abseil's view is a type of its own in some distributions and std::string_view in others.
absl::string_view toRe2(std::string_view text)
{
    return {text.data(), text.size()};
}
std::string_view fromRe2(absl::string_view text)
{
    return {text.data(), text.size()};
}

RE2::Options options()
{
    RE2::Options out;
    out.set_dot_nl(true);
    out.set_log_errors(false);
    out.set_max_mem(programBytes);
    return out;
}

bool isMeta(char c)
{
    return std::string_view(R"(\.+*?()|[]{}^$)").contains(c);
}

/// Reads one literal character at `at`, which is moved past it; nothing at a meta character.
std::optional<char> takeLiteral(std::string_view pattern, std::size_t& at)
{
    const char c = pattern[at];
    if (c == '\\') {
        if (at + 1 < pattern.size() && std::ispunct(static_cast<unsigned char>(pattern[at + 1]))) {
            at += 2;
            return pattern[at - 1];
        }
        return std::nullopt;
    }
    if (isMeta(c)) {
        return std::nullopt;
    }
    ++at;
    return c;
}

/// "a|b|c" or "(a|b|c)", each a plain literal; empty when the pattern is anything else.
std::vector<std::string> literalsOf(std::string_view pattern)
{
    if (pattern.size() >= 2 && pattern.front() == '(' && pattern.back() == ')'
        && !pattern.starts_with("(?") && !pattern.ends_with("\\)")
        && pattern.find_first_of("()", 1) == pattern.size() - 1) {
        pattern = pattern.substr(1, pattern.size() - 2);
    }
    std::vector<std::string> literals(1);
    for (std::size_t at = 0; at < pattern.size();) {
        if (pattern[at] == '|') {
            literals.emplace_back();
            ++at;
        } else if (const auto c = takeLiteral(pattern, at)) {
            literals.back() += *c;
        } else {
            return {};
        }
    }
    return literals;
}

std::string prefixOf(std::string_view pattern)
{
    std::string prefix;
    std::size_t at = 0;
    while (at < pattern.size()) {
        const auto c = takeLiteral(pattern, at);
        if (!c) {
            break;
        }
        prefix += *c;
    }
    if (at < pattern.size()) {
        // What follows may make the last character optional, or start another branch.
        int depth = 0;
        bool inClass = false;
        for (std::size_t i = at; i < pattern.size(); ++i) {
            if (pattern[i] == '\\') {
                ++i;
            } else if (inClass) {
                inClass = pattern[i] != ']';
            } else if (pattern[i] == '[') {
                inClass = true;
            } else if (pattern[i] == '(') {
                ++depth;
            } else if (pattern[i] == ')') {
                --depth;
            } else if (pattern[i] == '|' && depth == 0) {
                return {};
            }
        }
        if (std::string_view("*?{").contains(pattern[at]) && !prefix.empty()) {
            // Drop the whole character, not one byte of it.
            while (prefix.size() > 1
                   && (static_cast<unsigned char>(prefix.back()) & 0xC0) == 0x80) {
                prefix.pop_back();
            }
            prefix.pop_back();
        }
    }
    return prefix;
}

/// $1, ${1}, $name, ${name} and $$ in a replacement.
std::string expandGroups(const RE2& re2, const std::vector<absl::string_view>& groups,
                         std::string_view replacement)
{
    const auto group = [&](std::string_view name) -> std::string_view {
        if (std::ranges::all_of(name, [](unsigned char c) { return std::isdigit(c) != 0; })) {
            std::size_t index = 0;
            for (const char c : name) {
                index = std::min<std::size_t>(index * 10 + static_cast<std::size_t>(c - '0'),
                                              groups.size());
            }
            return index < groups.size() ? fromRe2(groups[index]) : std::string_view();
        }
        const auto found = re2.NamedCapturingGroups().find(std::string(name));
        return found == re2.NamedCapturingGroups().end()
            ? std::string_view()
            : fromRe2(groups[static_cast<std::size_t>(found->second)]);
    };
    const auto isWord
        = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    std::string out;
    for (std::size_t at = 0; at < replacement.size();) {
        if (replacement[at] != '$' || at + 1 == replacement.size()) {
            out += replacement[at++];
            continue;
        }
        if (replacement[at + 1] == '$') {
            out += '$';
            at += 2;
            continue;
        }
        const bool braced = replacement[at + 1] == '{';
        const std::size_t begin = at + (braced ? 2 : 1);
        std::size_t end = begin;
        while (end < replacement.size() && isWord(replacement[end])) {
            ++end;
        }
        const bool closed = !braced || (end < replacement.size() && replacement[end] == '}');
        if (end == begin || !closed) {
            out += replacement[at++]; // malformed: the dollar stands for itself
            continue;
        }
        out += group(replacement.substr(begin, end - begin));
        at = end + (braced ? 1 : 0);
    }
    return out;
}

/// What is wrong, in the words that the field's programs use.
/// Source: Go, regexp/syntax, ErrorCode.
std::string complaintOf(const RE2& re2)
{
    const std::string argument = std::string(fromRe2(re2.error_arg()));
    const auto about = [&argument](std::string_view what) {
        return std::format("error parsing regexp: {}: `{}`", what, argument);
    };
    switch (re2.error_code()) {
    case RE2::ErrorMissingParen: // that one is told of the whole
        return std::format("error parsing regexp: missing closing ): `{}`", re2.pattern());
    case RE2::ErrorUnexpectedParen:
        return std::format("error parsing regexp: unexpected ): `{}`", re2.pattern());
    case RE2::ErrorMissingBracket:
        return about("missing closing ]");
    case RE2::ErrorBadEscape:
        return about("invalid escape sequence");
    case RE2::ErrorBadCharClass:
        return about("invalid character class");
    case RE2::ErrorBadCharRange:
        return about("invalid character class range");
    case RE2::ErrorTrailingBackslash:
        return about("trailing backslash at end of expression");
    case RE2::ErrorRepeatArgument:
        return about("missing argument to repetition operator");
    case RE2::ErrorRepeatSize:
        return about("invalid repeat count");
    case RE2::ErrorRepeatOp:
        return about("invalid nested repetition operator");
    case RE2::ErrorBadPerlOp:
        return about("invalid or unsupported Perl syntax");
    case RE2::ErrorBadUTF8:
        return about("invalid UTF-8");
    case RE2::ErrorBadNamedCapture:
        return about("invalid named capture");
    case RE2::ErrorPatternTooLarge:
    case RE2::ErrorInternal:
    case RE2::NoError:
        break;
    }
    return std::format("error parsing regexp: {}: `{}`", re2.error(), re2.pattern());
}

/// Shapes that need no automaton.
enum class Shape { general, literals, anything, something, startsWith, contains };

struct ShapeOf {
    Shape shape = Shape::general;
    std::string text;
};

ShapeOf shapeOf(std::string_view pattern, const std::vector<std::string>& literals)
{
    if (!literals.empty()) {
        return {Shape::literals, {}};
    }
    if (pattern == ".*") {
        return {Shape::anything, {}};
    }
    if (pattern == ".+") {
        return {Shape::something, {}};
    }
    if (!pattern.ends_with(".*") || pattern.ends_with("\\.*")) {
        return {};
    }
    std::string_view middle = pattern.substr(0, pattern.size() - 2);
    const bool open = middle.starts_with(".*");
    if (open) {
        middle.remove_prefix(2);
    }
    const std::vector<std::string> text = literalsOf(middle);
    if (text.size() != 1 || middle.starts_with('(')) {
        return {};
    }
    return {open ? Shape::contains : Shape::startsWith, text.front()};
}

} // namespace

struct Regex::Program {
    std::string pattern;
    std::unique_ptr<RE2> re2;
    std::vector<std::string> literals;
    std::string prefix;
    ShapeOf shape;
};

Result<Regex> Regex::compile(std::string_view pattern)
{
    if (pattern.size() > longestPattern) {
        return fail(ErrorKind::invalid,
                    std::format("regular expression of {} bytes; at most {} are allowed",
                                pattern.size(), longestPattern));
    }
    auto program = std::make_shared<Program>();
    program->pattern = pattern;
    program->re2 = std::make_unique<RE2>(toRe2(pattern), options());
    if (!program->re2->ok()) {
        return fail(ErrorKind::invalid, complaintOf(*program->re2));
    }
    program->literals = literalsOf(pattern);
    program->prefix = prefixOf(pattern);
    program->shape = shapeOf(pattern, program->literals);
    Regex regex;
    regex.m_program = std::move(program);
    return regex;
}

const std::string& Regex::pattern() const
{
    return m_program->pattern;
}

bool Regex::matches(std::string_view text) const
{
    switch (m_program->shape.shape) {
    case Shape::literals:
        return std::ranges::find(m_program->literals, text) != m_program->literals.end();
    case Shape::anything:
        return true;
    case Shape::something:
        return !text.empty();
    case Shape::startsWith:
        return text.starts_with(m_program->shape.text);
    case Shape::contains:
        return text.contains(m_program->shape.text);
    case Shape::general:
        break;
    }
    return RE2::FullMatch(toRe2(text), *m_program->re2);
}

std::optional<std::string> Regex::expand(std::string_view text, std::string_view replacement) const
{
    const RE2& re2 = *m_program->re2;
    std::vector<absl::string_view> groups(static_cast<std::size_t>(re2.NumberOfCapturingGroups())
                                          + 1);
    if (!re2.Match(toRe2(text), 0, text.size(), RE2::ANCHOR_BOTH, groups.data(),
                   static_cast<int>(groups.size()))) {
        return std::nullopt;
    }
    return expandGroups(re2, groups, replacement);
}

const std::vector<std::string>& Regex::literals() const
{
    return m_program->literals;
}

const std::string& Regex::prefix() const
{
    return m_program->prefix;
}

Result<bool> contains(std::string_view text, std::string_view pattern)
{
    RE2::Options plain;
    plain.set_log_errors(false);
    const RE2 re2(toRe2(pattern), plain);
    if (!re2.ok()) {
        return fail(ErrorKind::invalid, std::format("error parsing regexp: {}", re2.error()));
    }
    return RE2::PartialMatch(toRe2(text), re2);
}

Result<std::string> replaceAll(std::string_view text, std::string_view pattern,
                               std::string_view replacement)
{
    RE2::Options plain;
    plain.set_log_errors(false);
    const RE2 re2(toRe2(pattern), plain);
    if (!re2.ok()) {
        return fail(ErrorKind::invalid, std::format("error parsing regexp: {}", re2.error()));
    }
    std::vector<absl::string_view> groups(static_cast<std::size_t>(re2.NumberOfCapturingGroups())
                                          + 1);
    std::string out;
    std::size_t at = 0;
    while (at <= text.size()
           && re2.Match(toRe2(text), at, text.size(), RE2::UNANCHORED, groups.data(),
                        static_cast<int>(groups.size()))) {
        const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
        out += text.substr(at, begin - at);
        out += expandGroups(re2, groups, replacement);
        at = begin + groups[0].size();
        if (groups[0].empty()) { // an empty match goes one character on
            out += text.substr(at, at < text.size() ? 1 : 0);
            ++at;
        }
    }
    if (at < text.size()) {
        out += text.substr(at);
    }
    return out;
}

} // namespace watchfire::text
