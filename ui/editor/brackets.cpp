// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/brackets.h"

#include "core/promql/syntax/lexer.h"

#include <vector>

namespace watchfire::ui::editor {

namespace {

using promql::Token;
using promql::TokenKind;

struct Bracket {
    std::uint32_t at;
    char sign;
    std::optional<std::uint32_t> partner;
};

bool isBracket(const Token& token)
{
    return token.text.size() == 1 && std::string_view("()[]{}").contains(token.text.front());
}

char closingOf(char opening)
{
    return opening == '(' ? ')' : opening == '[' ? ']' : opening == '{' ? '}' : '\0';
}

std::vector<Bracket> bracketsOf(std::string_view text)
{
    std::vector<Bracket> all;
    std::vector<std::size_t> open;
    for (const Token& token : promql::tokenize(text)) {
        if (!isBracket(token)) {
            continue;
        }
        all.push_back({token.span.begin, token.text.front(), {}});
        if (closingOf(all.back().sign) != '\0') {
            open.push_back(all.size() - 1);
        } else if (!open.empty() && closingOf(all[open.back()].sign) == all.back().sign) {
            all[open.back()].partner = all.back().at;
            all.back().partner = all[open.back()].at;
            open.pop_back();
        }
    }
    return all;
}

/// The string or comment the byte is inside of, its ends not counted.
std::optional<Token> covering(std::string_view text, std::uint32_t byte)
{
    for (const Token& token : promql::tokenize(text)) {
        if (token.span.begin >= byte || token.text.empty()) {
            continue;
        }
        const bool quoted = std::string_view("\"'`").contains(token.text.front());
        const bool closed = token.kind == TokenKind::string
            || (quoted && token.text.size() > 1 && token.text.back() == token.text.front());
        const bool toEnd = token.kind == TokenKind::comment || (quoted && !closed);
        if ((quoted || token.kind == TokenKind::comment)
            && (byte < token.span.end || (toEnd && byte == token.span.end))) {
            return token;
        }
    }
    return std::nullopt;
}

bool isWordCharacter(QChar c)
{
    return c.isLetterOrNumber() || c == u'_' || c == u':' || c == u'$';
}

} // namespace

std::optional<std::pair<int, int>> bracketsAt(const TextPlaces& places, int cursor)
{
    const auto all = bracketsOf(places.bytes());
    for (const int at : {cursor - 1, cursor}) {
        for (const Bracket& bracket : all) {
            if (at >= 0 && places.position(bracket.at) == at) {
                return std::pair(at, bracket.partner ? places.position(*bracket.partner) : -1);
            }
        }
    }
    return std::nullopt;
}

QChar quoteAround(const TextPlaces& places, int position)
{
    const auto token = covering(places.bytes(), places.byte(position));
    return token && token->kind != TokenKind::comment ? QChar::fromLatin1(token->text.front())
                                                      : QChar();
}

bool isInComment(const TextPlaces& places, int position)
{
    const auto token = covering(places.bytes(), places.byte(position));
    return token && token->kind == TokenKind::comment;
}

QChar partnerOf(QChar opening)
{
    switch (opening.unicode()) {
    case u'(':
        return u')';
    case u'[':
        return u']';
    case u'{':
        return u'}';
    case u'"':
    case u'\'':
    case u'`':
        return opening;
    default:
        return {};
    }
}

PairStep stepFor(const TextPlaces& places, int cursor, QChar typed)
{
    const QString& text = places.text();
    const QChar next = cursor < text.size() ? text[cursor] : QChar();
    const QChar before = cursor > 0 ? text[cursor - 1] : QChar();
    if (isInComment(places, cursor)) {
        return PairStep::plain;
    }
    const QChar quote = quoteAround(places, cursor);
    if (!quote.isNull()) {
        return typed == quote && next == quote && before != u'\\' ? PairStep::stepOver
                                                                  : PairStep::plain;
    }
    const bool roomBehind = next.isNull() || next.isSpace() || next == u')' || next == u']'
        || next == u'}' || next == u',';
    if (typed == u'(' || typed == u'[' || typed == u'{') {
        return roomBehind ? PairStep::close : PairStep::plain;
    }
    if (typed == u'"' || typed == u'\'' || typed == u'`') {
        return roomBehind && !isWordCharacter(before) && before != typed ? PairStep::close
                                                                         : PairStep::plain;
    }
    if (typed == next && (typed == u')' || typed == u']' || typed == u'}')) {
        // Where one is missing further out, the person means another one.
        for (const Bracket& bracket : bracketsOf(places.bytes())) {
            const char sign = bracket.sign;
            if (!bracket.partner && QChar::fromLatin1(closingOf(sign)) == typed) {
                return PairStep::plain;
            }
        }
        return PairStep::stepOver;
    }
    return PairStep::plain;
}

bool isBetweenEmptyPair(const TextPlaces& places, int cursor)
{
    const QString& text = places.text();
    if (cursor < 1 || cursor >= text.size()) {
        return false;
    }
    const QChar closing = partnerOf(text[cursor - 1]);
    if (closing.isNull() || text[cursor] != closing) {
        return false;
    }
    // Of two quotes the first must open: not the end of one string before another.
    return closing != text[cursor - 1] || quoteAround(places, cursor) == closing;
}

} // namespace watchfire::ui::editor
