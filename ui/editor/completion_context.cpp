// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/completion_context.h"

#include "core/promql/syntax/lexer.h"
#include "core/promql/syntax/parser.h"

#include <algorithm>
#include <array>
#include <optional>

namespace watchfire::ui::editor {

namespace {

using promql::BinaryOp;
using promql::Token;
using promql::TokenKind;
using promql::TokenRole;
using Wants = CompletionContext::Wants;

constexpr auto none = static_cast<std::size_t>(-1);

bool isWordCharacter(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool startsWithQuote(const Token& token)
{
    return !token.text.empty() && std::string_view("\"'`").contains(token.text.front());
}

bool isGrouping(TokenKind kind)
{
    return kind >= TokenKind::byWord && kind <= TokenKind::groupRightWord;
}

bool isMatchOperator(const Token& token)
{
    return token.kind == TokenKind::assign || token.kind == TokenKind::matchRegex
        || token.kind == TokenKind::matchNotRegex
        || (token.kind == TokenKind::binaryOperator && token.binary == BinaryOp::notEqual);
}

std::vector<Token> significant(std::string_view text)
{
    std::vector<Token> tokens = promql::tokenize(text);
    // At the end the lexer tells what is still open, in tokens without text.
    std::erase_if(tokens, [](const Token& token) { return token.text.empty(); });
    return tokens;
}

/// The tokens of a text, and which opening bracket each stands in.
struct Tokens {
    std::vector<Token> all;
    std::vector<TokenRole> roles;
    std::vector<std::size_t> opener; ///< index of the innermost open bracket before it, or none
    std::vector<std::size_t> open; ///< still open at the end

    explicit Tokens(std::string_view text)
        : all(significant(text))
        , roles(promql::rolesOf(all))
    {
        for (std::size_t i = 0; i < all.size(); ++i) {
            opener.push_back(open.empty() ? none : open.back());
            switch (all[i].kind) {
            case TokenKind::leftParen:
            case TokenKind::leftBrace:
            case TokenKind::leftBracket:
                open.push_back(i);
                break;
            case TokenKind::rightParen:
            case TokenKind::rightBrace:
            case TokenKind::rightBracket:
                if (!open.empty()) {
                    opener[i] = open.back();
                    open.pop_back();
                }
                break;
            default:
                break;
            }
        }
    }

    std::size_t size() const { return all.size(); }
    /// The index of what closes the bracket at that index, or none.
    std::size_t closerOf(std::size_t bracket) const
    {
        for (std::size_t i = bracket + 1; i < size(); ++i) {
            const TokenKind kind = all[i].kind;
            if (opener[i] == bracket
                && (kind == TokenKind::rightParen || kind == TokenKind::rightBrace
                    || kind == TokenKind::rightBracket)) {
                return i;
            }
        }
        return none;
    }
    bool isLabelList(std::size_t paren) const
    {
        return paren != none && paren > 0 && all[paren].kind == TokenKind::leftParen
            && isGrouping(all[paren - 1].kind) && roles[paren - 1] == TokenRole::keyword;
    }
};

/// The selector that begins at that token, a metric's name or "{": its matchers but for the one
/// that covers `without`. What does not parse is left out.
std::optional<Matchers> selectorAt(const Tokens& tokens, std::size_t at, std::uint32_t without)
{
    std::string selector;
    std::size_t brace = at;
    if (tokens.all[at].kind != TokenKind::leftBrace) {
        selector = tokens.all[at].text;
        brace = at + 1;
    }
    const std::string name = selector;
    if (brace < tokens.size() && tokens.all[brace].kind == TokenKind::leftBrace) {
        std::string inside;
        for (std::size_t i = brace + 1; i + 2 < tokens.size(); ++i) {
            const Token& label = tokens.all[i];
            const Token& value = tokens.all[i + 2];
            if (label.kind == TokenKind::rightBrace) {
                break;
            }
            if (isMatchOperator(tokens.all[i + 1]) && value.kind == TokenKind::string
                && (without < label.span.begin || without > value.span.end)) {
                inside += inside.empty() ? "" : ",";
                inside += label.text;
                inside += tokens.all[i + 1].text;
                inside += value.text;
                i += 2;
            }
        }
        selector += '{' + inside + '}';
    }
    for (const std::string& tried : {selector, name}) {
        if (auto matchers = promql::parseSelector(tried)) {
            return std::move(*matchers);
        }
    }
    return std::nullopt;
}

/// All selectors of the tokens from `begin` up to `end`.
std::vector<Matchers> selectorsIn(const Tokens& tokens, std::size_t begin, std::size_t end)
{
    std::vector<Matchers> found;
    for (std::size_t i = begin; i < std::min(end, tokens.size()); ++i) {
        const bool named = tokens.roles[i] == TokenRole::metric;
        const bool bare = tokens.all[i].kind == TokenKind::leftBrace
            && (i == 0 || tokens.roles[i - 1] != TokenRole::metric);
        if (named || bare) {
            if (auto matchers = selectorAt(tokens, i, ~0U)) {
                found.push_back(std::move(*matchers));
            }
        }
    }
    return found;
}

/// What the label list that opens at `paren` is drawn from: of an aggregation what it
/// aggregates, else the whole text.
std::vector<Matchers> selectorsFor(const Tokens& tokens, std::size_t paren)
{
    const TokenKind word = tokens.all[paren - 1].kind;
    if (word == TokenKind::byWord || word == TokenKind::withoutWord) {
        const std::size_t closer = tokens.closerOf(paren);
        if (closer != none && closer + 1 < tokens.size()
            && tokens.all[closer + 1].kind == TokenKind::leftParen) {
            return selectorsIn(tokens, closer + 1, tokens.closerOf(closer + 1));
        }
        if (paren >= 2 && tokens.all[paren - 2].kind == TokenKind::rightParen) {
            return selectorsIn(tokens, tokens.opener[paren - 2], paren - 2);
        }
    }
    return selectorsIn(tokens, 0, tokens.size());
}

bool countsUp(std::string_view function)
{
    static constexpr std::array<std::string_view, 4> names{"rate", "irate", "increase", "resets"};
    return std::ranges::contains(names, function);
}

/// The index in `whole` of the token that begins where this one does.
std::size_t sameToken(const Tokens& whole, const Token& token)
{
    const auto found = std::ranges::find_if(
        whole.all, [&](const Token& other) { return other.span.begin == token.span.begin; });
    return found == whole.all.end() ? none : std::size_t(found - whole.all.begin());
}

class Reader {
public:
    Reader(std::string_view text, std::uint32_t cursor)
        : m_text(text)
        , m_cursor(cursor)
        , m_before(text.substr(0, cursor))
        , m_whole(text)
    {
        m_context.replace = {cursor, cursor};
    }

    CompletionContext read()
    {
        auto& tokens = m_before.all;
        if (!tokens.empty() && tokens.back().span.end == m_cursor) {
            const Token& last = tokens.back();
            if (last.kind == TokenKind::comment || last.kind == TokenKind::string) {
                return m_context;
            }
            if (last.kind == TokenKind::error && startsWithQuote(last)) {
                insideString(last);
                return m_context;
            }
            if (isWordCharacter(last.text.back()) || last.text.back() == ':') {
                takeWord(last);
            }
        }
        const std::size_t open = m_before.open.empty() ? none : m_before.open.back();
        if (open == none || m_before.all[open].kind == TokenKind::leftParen) {
            if (m_before.isLabelList(open)) {
                groupingLabel(open);
            } else {
                expression(open);
            }
        } else if (m_before.all[open].kind == TokenKind::leftBrace) {
            insideBraces(open);
        } else {
            m_context.wants = Wants::duration;
        }
        return m_context;
    }

private:
    /// The number of tokens before the word being typed.
    std::size_t count() const { return m_count.value_or(m_before.size()); }
    const Token* last(std::size_t back = 0) const
    {
        return count() > back ? &m_before.all[count() - 1 - back] : nullptr;
    }

    void takeWord(const Token& word)
    {
        m_context.prefix = word.text;
        std::uint32_t end = m_cursor;
        while (end < m_text.size() && (isWordCharacter(m_text[end]) || m_text[end] == ':')) {
            ++end;
        }
        m_context.replace = {word.span.begin, end};
        m_count = m_before.size() - 1;
    }

    void insideString(const Token& string)
    {
        const std::size_t at = m_before.size() - 1;
        if (at < 2 || m_before.open.empty()
            || m_before.all[m_before.open.back()].kind != TokenKind::leftBrace
            || !isMatchOperator(m_before.all[at - 1])) {
            return;
        }
        m_context.quote = string.text.front();
        std::uint32_t begin = string.span.begin + 1;
        std::uint32_t end = m_cursor;
        while (end < m_text.size() && m_text[end] != m_context.quote && m_text[end] != '\n') {
            ++end;
        }
        labelValue(at - 1);
        if (m_context.regex) {
            // Of alternatives the one at the cursor.
            const auto from = m_text.substr(0, m_cursor).find_last_of("|(");
            if (from != std::string_view::npos && from >= begin) {
                begin = static_cast<std::uint32_t>(from) + 1;
            }
            end = begin
                + static_cast<std::uint32_t>(
                      std::min(m_text.substr(begin, end - begin).find_first_of("|)"),
                               std::size_t(end - begin)));
            end = std::max(end, m_cursor);
        }
        m_context.replace = {begin, end};
        m_context.prefix = m_text.substr(begin, m_cursor - begin);
    }

    /// `op`: the index of the operator, the label before it.
    void labelValue(std::size_t op)
    {
        const Token& label = m_before.all[op - 1];
        m_context.wants = Wants::labelValue;
        m_context.label = label.text;
        if (label.kind == TokenKind::string && label.text.size() >= 2) {
            m_context.label = label.text.substr(1, label.text.size() - 2);
        }
        m_context.regex = m_before.all[op].kind == TokenKind::matchRegex
            || m_before.all[op].kind == TokenKind::matchNotRegex;
        drawFromSelector(m_before.open.back());
    }

    void drawFromSelector(std::size_t brace)
    {
        const std::size_t at = sameToken(m_whole, m_before.all[brace]);
        if (at == none) {
            return;
        }
        const bool named = at > 0 && m_whole.roles[at - 1] == TokenRole::metric;
        if (auto matchers = selectorAt(m_whole, named ? at - 1 : at, m_cursor)) {
            m_context.selectors.push_back(std::move(*matchers));
        }
    }

    void insideBraces(std::size_t brace)
    {
        const Token& before = *last();
        if (before.kind == TokenKind::leftBrace || before.kind == TokenKind::comma) {
            m_context.wants = Wants::matcherLabel;
            drawFromSelector(brace);
        } else if (isMatchOperator(before) && count() >= 2) {
            labelValue(count() - 1);
        }
    }

    void groupingLabel(std::size_t paren)
    {
        const Token& before = *last();
        if (before.kind != TokenKind::leftParen && before.kind != TokenKind::comma) {
            return;
        }
        m_context.wants = Wants::groupingLabel;
        const std::size_t at = sameToken(m_whole, m_before.all[paren]);
        if (at != none && at > 0) {
            m_context.selectors = selectorsFor(m_whole, at);
        }
    }

    void expression(std::size_t open)
    {
        const Token* const before = last();
        if (!m_context.prefix.empty() && m_context.prefix.front() >= '0'
            && m_context.prefix.front() <= '9') {
            // A number; behind offset a duration.
            m_context.wants = before != nullptr && before->kind == TokenKind::offsetWord
                ? Wants::duration
                : Wants::nothing;
            return;
        }
        if (before == nullptr) {
            m_context.wants = Wants::operand;
            return;
        }
        const std::size_t at = count() - 1;
        switch (before->kind) {
        case TokenKind::leftParen:
            operand();
            m_context.counters = open != none && open > 0
                && m_before.roles[open - 1] == TokenRole::function
                && countsUp(m_before.all[open - 1].text);
            return;
        case TokenKind::comma:
        case TokenKind::boolWord:
            operand();
            if (before->kind == TokenKind::boolWord) {
                m_context.words = {"on", "ignoring"};
            }
            return;
        case TokenKind::binaryOperator:
            operand();
            if (last(1) != nullptr) {
                m_context.words = {"on", "ignoring"};
                if (promql::isComparison(before->binary)) {
                    m_context.words.push_back("bool");
                }
            }
            return;
        case TokenKind::at:
            words({"start()", "end()"});
            return;
        case TokenKind::offsetWord:
            m_context.wants = Wants::duration;
            return;
        case TokenKind::rightParen:
            behindParen(at);
            return;
        default:
            break;
        }
        switch (m_before.roles[at]) {
        case TokenRole::metric:
            // At the end of what was read an aggregation without its parenthesis looks so too.
            if (before->kind == TokenKind::aggregation) {
                words({"by", "without"});
                return;
            }
            [[fallthrough]];
        case TokenRole::punctuation:
            words({"and", "or", "unless", "atan2", "offset"});
            return;
        case TokenRole::number:
            words({"and", "or", "unless", "atan2"});
            return;
        default:
            return;
        }
    }

    void behindParen(std::size_t closer)
    {
        const std::size_t paren = m_before.opener[closer];
        if (paren == none || paren == 0) {
            words({"and", "or", "unless", "atan2"});
            return;
        }
        if (m_before.isLabelList(paren)) {
            const TokenKind kind = m_before.all[paren - 1].kind;
            if (kind == TokenKind::onWord || kind == TokenKind::ignoringWord) {
                operand();
                m_context.words = {"group_left", "group_right"};
            } else if (kind == TokenKind::groupLeftWord || kind == TokenKind::groupRightWord) {
                operand();
            } else {
                words({"and", "or", "unless", "atan2"});
            }
            return;
        }
        words({"and", "or", "unless", "atan2"});
        if (m_before.roles[paren - 1] == TokenRole::aggregation) {
            m_context.words.insert(m_context.words.begin(), {"by", "without"});
        }
    }

    void operand() { m_context.wants = Wants::operand; }
    void words(std::vector<std::string_view> fitting)
    {
        m_context.wants = Wants::word;
        m_context.words = std::move(fitting);
    }

    std::string_view m_text;
    std::uint32_t m_cursor;
    Tokens m_before; ///< up to the cursor
    Tokens m_whole;
    std::optional<std::size_t> m_count;
    CompletionContext m_context;
};

} // namespace

CompletionContext completionAt(std::string_view text, std::uint32_t cursor)
{
    return Reader(text, std::min(cursor, static_cast<std::uint32_t>(text.size()))).read();
}

} // namespace watchfire::ui::editor
