// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/lexer.h"

#include "core/promql/syntax/literals.h"
#include "core/promql/syntax/words.h"
#include "core/text/quote.h"

#include <format>

namespace watchfire::promql {

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isAlpha(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isAlphanumeric(char c)
{
    return isAlpha(c) || isDigit(c);
}

} // namespace

Token Lexer::make(TokenKind kind) const
{
    Token token;
    token.kind = kind;
    token.span = {static_cast<std::uint32_t>(m_begin), static_cast<std::uint32_t>(m_at)};
    token.text = m_text.substr(m_begin, m_at - m_begin);
    return token;
}

Token Lexer::take(TokenKind kind, std::size_t bytes)
{
    m_at += bytes;
    return make(kind);
}

Token Lexer::takeOperator(BinaryOp op, std::size_t bytes)
{
    Token token = take(TokenKind::binaryOperator, bytes);
    token.binary = op;
    return token;
}

Token Lexer::fault(std::string message)
{
    m_message = std::move(message);
    return make(TokenKind::error);
}

/// The character at hand does not belong there; it is passed over.
Token Lexer::faultAtCharacter(std::string_view what, std::string_view expected)
{
    const text::Decoded found = text::decodeUtf8(m_text.substr(m_at));
    m_at += found.bytes;
    return fault(std::format("{}: {}{}", what, text::quoteCharacter(found.character), expected));
}

void Lexer::skipSpace()
{
    while (!atEnd() && isSpace(m_text[m_at])) {
        ++m_at;
    }
}

Token Lexer::next()
{
    skipSpace();
    m_begin = m_at;
    if (atEnd()) {
        return endOfText();
    }
    if (m_inBraces) {
        return nextInBraces();
    }
    return m_beforeDuration ? nextInDuration() : nextOutside();
}

/// Tells once that something is still open, then that the end is reached.
Token Lexer::endOfText()
{
    if (m_inBraces) {
        m_inBraces = false;
        return fault("unexpected end of input inside braces");
    }
    if (m_beforeDuration) {
        m_beforeDuration = m_inBrackets = false;
        return fault("unexpected end of input in duration expression");
    }
    if (m_parens > 0) {
        m_parens = 0;
        m_inBrackets = false;
        return fault("unclosed left parenthesis");
    }
    if (m_inBrackets) {
        m_inBrackets = false;
        return fault("unclosed left bracket");
    }
    return make(TokenKind::endOfInput);
}

Token Lexer::nextOutside()
{
    const char c = m_text[m_at];
    const char after = peek(1);
    switch (c) {
    case '#':
        return comment();
    case ',':
        return take(TokenKind::comma);
    case '@':
        return take(TokenKind::at);
    case '*':
        return takeOperator(BinaryOp::mul);
    case '/':
        return takeOperator(BinaryOp::div);
    case '%':
        return takeOperator(BinaryOp::mod);
    case '+':
        return takeOperator(BinaryOp::add);
    case '-':
        return takeOperator(BinaryOp::sub);
    case '^':
        return takeOperator(BinaryOp::pow);
    case '=':
        if (after == '=') {
            return takeOperator(BinaryOp::equal, 2);
        }
        if (after == '~') {
            m_at += 2;
            return fault("unexpected character after '=': '~'");
        }
        return take(TokenKind::assign);
    case '!':
        if (after == '=') {
            return takeOperator(BinaryOp::notEqual, 2);
        }
        ++m_at;
        if (atEnd()) {
            return fault("unexpected end of input after '!'");
        }
        return faultAtCharacter("unexpected character after '!'");
    case '<':
        return after == '=' ? takeOperator(BinaryOp::lessEqual, 2)
            : after == '/'  ? takeOperator(BinaryOp::trimUpper, 2)
                            : takeOperator(BinaryOp::less);
    case '>':
        return after == '=' ? takeOperator(BinaryOp::greaterEqual, 2)
            : after == '/'  ? takeOperator(BinaryOp::trimLower, 2)
                            : takeOperator(BinaryOp::greater);
    case '(':
        ++m_parens;
        return take(TokenKind::leftParen);
    case ')':
        if (m_parens == 0) {
            ++m_at;
            return fault("unexpected right parenthesis ')'");
        }
        --m_parens;
        return take(TokenKind::rightParen);
    case '{':
        m_inBraces = true;
        return take(TokenKind::leftBrace);
    case '[':
        if (m_inBrackets) {
            ++m_at;
            return fault("unexpected left bracket '['");
        }
        m_inBrackets = m_beforeDuration = true;
        m_seenColon = false;
        return take(TokenKind::leftBracket);
    case ']':
        if (!m_inBrackets) {
            ++m_at;
            return fault("unexpected right bracket ']'");
        }
        m_inBrackets = false;
        return take(TokenKind::rightBracket);
    case '"':
    case '\'':
        return quotedString();
    case '`':
        return rawString();
    default:
        break;
    }
    if (isDigit(c) || (c == '.' && isDigit(after))) {
        return numberOrDuration();
    }
    if (m_inBrackets && (isAlpha(c) || c == ':')) {
        if (c == ':') {
            const bool again = m_seenColon;
            m_seenColon = true;
            Token colon = take(TokenKind::colon);
            return again ? fault("unexpected colon ':'") : colon;
        }
        if (const auto found = durationWord()) {
            return *found;
        }
        return faultAtCharacter("unexpected character", ", expected ':'");
    }
    if (isAlpha(c) || c == ':') {
        return word();
    }
    return faultAtCharacter("unexpected character");
}

/// Behind "[", up to the first number.
Token Lexer::nextInDuration()
{
    const char c = m_text[m_at];
    if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
        m_beforeDuration = false;
        return numberOrDuration();
    }
    switch (c) {
    case ']':
    case '(':
    case ')':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
    case ',':
        m_beforeDuration = c != ']';
        return nextOutside();
    case ':':
        m_seenColon = true;
        return take(TokenKind::colon);
    default:
        if (isAlpha(c)) {
            if (const auto found = durationWord()) {
                return *found;
            }
        }
        return faultAtCharacter("unexpected character in duration expression");
    }
}

Token Lexer::nextInBraces()
{
    const char c = m_text[m_at];
    switch (c) {
    case '#':
        return comment();
    case ',':
        return take(TokenKind::comma);
    case '"':
    case '\'':
        return quotedString();
    case '`':
        return rawString();
    case '=':
        return peek(1) == '~' ? take(TokenKind::matchRegex, 2) : take(TokenKind::assign);
    case '!':
        if (peek(1) == '~') {
            return take(TokenKind::matchNotRegex, 2);
        }
        if (peek(1) == '=') {
            return takeOperator(BinaryOp::notEqual, 2);
        }
        ++m_at;
        if (atEnd()) {
            return fault("unexpected end of input after '!' inside braces");
        }
        return faultAtCharacter("unexpected character after '!' inside braces");
    case '{':
        ++m_at;
        return fault("unexpected left brace '{'");
    case '}':
        m_inBraces = false;
        return take(TokenKind::rightBrace);
    default:
        break;
    }
    if (isAlpha(c)) {
        while (!atEnd() && isAlphanumeric(m_text[m_at])) {
            ++m_at;
        }
        return make(TokenKind::identifier);
    }
    return faultAtCharacter("unexpected character inside braces");
}

Token Lexer::comment()
{
    while (!atEnd() && m_text[m_at] != '\n' && m_text[m_at] != '\r') {
        ++m_at;
    }
    return make(TokenKind::comment);
}

Token Lexer::word()
{
    bool colon = false;
    while (!atEnd() && (isAlphanumeric(m_text[m_at]) || m_text[m_at] == ':')) {
        colon = colon || m_text[m_at] == ':';
        ++m_at;
    }
    Token token = make(colon ? TokenKind::metricIdentifier : TokenKind::identifier);
    const Word* const known = findWord(token.text);
    if (known == nullptr) {
        return token;
    }
    // fill came late: it is a keyword only in front of "(", so that queries written before,
    // over metrics of that name, keep their meaning.
    if (known->kind == TokenKind::fillWord || known->kind == TokenKind::fillLeftWord
        || known->kind == TokenKind::fillRightWord) {
        const std::size_t next = m_text.find_first_not_of(" \t\n\r", m_at);
        if (next == std::string_view::npos || m_text[next] != '(') {
            return token;
        }
    }
    token.kind = known->kind;
    token.binary = known->binary;
    token.aggregate = known->aggregate;
    return token;
}

/// step, range, min_of or max_of; nothing, and nothing read, when another word stands there.
std::optional<Token> Lexer::durationWord()
{
    std::size_t end = m_at;
    while (end < m_text.size() && isAlpha(m_text[end])) {
        ++end;
    }
    const Word* const known = findWord(m_text.substr(m_at, end - m_at));
    if (known == nullptr
        || (known->kind != TokenKind::stepWord && known->kind != TokenKind::rangeWord
            && known->kind != TokenKind::minOfWord && known->kind != TokenKind::maxOfWord)) {
        return std::nullopt;
    }
    return take(known->kind, end - m_at);
}

Token Lexer::numberOrDuration()
{
    if (scanNumber()) {
        return make(TokenKind::number);
    }
    if (scanDuration()) {
        return make(TokenKind::duration);
    }
    Token token = fault(std::format("bad number or duration syntax: {}",
                                    text::quote(m_text.substr(m_begin, m_at - m_begin))));
    while (!atEnd() && isAlphanumeric(m_text[m_at])) {
        ++m_at;
    }
    token.span.end = static_cast<std::uint32_t>(m_at);
    token.text = m_text.substr(m_begin, m_at - m_begin);
    return token;
}

/// Takes what looks like a number: digits, one exponent, single underscores and dots between
/// them. Whether it is one, its conversion tells.
bool Lexer::scanNumber()
{
    bool hex = false;
    if (peek() == '0') {
        ++m_at;
        if (peek() == 'x' || peek() == 'X') {
            hex = true;
            ++m_at;
            m_at += peek() == '_' ? 1 : 0;
        }
    }
    const auto isNumeral = [hex](char c) {
        return isDigit(c) || (hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));
    };
    const auto isExponent = [](char c) { return c == 'e' || c == 'E'; };
    const auto isSeparator = [&](char c) { return c == '.' || c == '_' || isExponent(c); };
    m_at += peek() == '.' ? 1 : 0;
    m_at += isNumeral(peek()) ? 1 : 0;

    bool seenDot = false;
    bool seenExponent = false;
    while (isNumeral(peek()) || isSeparator(peek())) {
        const char c = peek();
        if (c == '.') {
            ++m_at;
            if (seenDot || hex) {
                return false;
            }
            seenDot = true;
            if (peek() == '.' || peek() == '_') {
                ++m_at;
                return false;
            }
        } else if (isExponent(c)) {
            // In a hex number too, unless digits stand before it in this run.
            ++m_at;
            if (seenExponent) {
                return false;
            }
            seenExponent = true;
            m_at += peek() == '+' || peek() == '-' ? 1 : 0;
            if (isSeparator(peek()) || atEnd()) {
                return false;
            }
        } else if (c == '_') {
            ++m_at;
            if (isSeparator(peek()) || atEnd()) {
                return false;
            }
        } else {
            while (isNumeral(peek())) {
                ++m_at;
            }
        }
    }
    return !isAlphanumeric(peek());
}

/// Goes on behind the first number of what may be a duration: unit, number, unit … Order and
/// repetition of units are judged when it is read.
bool Lexer::scanDuration()
{
    const auto takeUnit = [this](std::string_view units) {
        if (atEnd() || !units.contains(peek())) {
            return false;
        }
        ++m_at;
        m_at += peek() == 's' ? 1 : 0; // of ms
        return true;
    };
    if (!takeUnit("smhdwy")) {
        return false;
    }
    while (isDigit(peek())) {
        while (isDigit(peek())) {
            ++m_at;
        }
        if (!takeUnit("smhdw")) {
            return false;
        }
    }
    return !isAlphanumeric(peek());
}

Token Lexer::quotedString()
{
    const char quote = m_text[m_at++];
    std::string problem;
    while (true) {
        if (atEnd() || m_text[m_at] == '\n') {
            return fault("unterminated quoted string");
        }
        const char c = m_text[m_at];
        if (c == quote) {
            ++m_at;
            return problem.empty() ? make(TokenKind::string) : fault(std::move(problem));
        }
        if (c == '\\') {
            ++m_at;
            std::string found = scanEscape(quote);
            if (problem.empty()) {
                problem = std::move(found);
            }
        } else if (static_cast<unsigned char>(c) < 0x80) {
            ++m_at;
        } else {
            const text::Decoded decoded = text::decodeUtf8(m_text.substr(m_at));
            if (!decoded.valid && problem.empty()) {
                problem = "invalid UTF-8 rune";
            }
            m_at += decoded.bytes;
        }
    }
}

/// Passes one escape sequence, its backslash being read; tells what is wrong with it, if so.
std::string Lexer::scanEscape(char quote)
{
    if (atEnd()) {
        return "escape sequence not terminated";
    }
    const char c = m_text[m_at];
    int digits = 0;
    unsigned base = 16;
    std::uint32_t most = 0x10FFFF;
    if (c == quote || std::string_view("abfnrtv\\").contains(c)) {
        ++m_at;
        return {};
    }
    if (c >= '0' && c <= '7') {
        digits = 3;
        base = 8;
        most = 255;
    } else if (c == 'x' || c == 'u' || c == 'U') {
        ++m_at;
        digits = c == 'x' ? 2 : c == 'u' ? 4 : 8;
        most = c == 'x' ? 255 : most;
    } else {
        const text::Decoded found = text::decodeUtf8(m_text.substr(m_at));
        if (c != '\n') {
            m_at += found.bytes;
        }
        return std::format("unknown escape sequence U+{:04X} {}",
                           static_cast<std::uint32_t>(found.character),
                           text::quoteCharacter(found.character));
    }
    std::uint32_t value = 0;
    for (; digits > 0; --digits) {
        const auto digit = static_cast<unsigned>(hexValue(peek()));
        if (atEnd()) {
            return "escape sequence not terminated";
        }
        if (digit >= base) {
            const text::Decoded found = text::decodeUtf8(m_text.substr(m_at));
            return std::format("illegal character U+{:04X} {} in escape sequence",
                               static_cast<std::uint32_t>(found.character),
                               text::quoteCharacter(found.character));
        }
        value = value * base + digit;
        ++m_at;
    }
    if (value > most || (value >= 0xD800 && value < 0xE000)) {
        return "escape sequence is an invalid Unicode code point";
    }
    return {};
}

Token Lexer::rawString()
{
    ++m_at;
    bool valid = true;
    while (!atEnd()) {
        const text::Decoded decoded = text::decodeUtf8(m_text.substr(m_at));
        valid = valid && decoded.valid;
        m_at += decoded.bytes;
        if (decoded.character == '`') {
            return valid ? make(TokenKind::string) : fault("invalid UTF-8 rune");
        }
    }
    return fault("unterminated raw string");
}

std::vector<Token> tokenize(std::string_view text)
{
    std::vector<Token> tokens;
    Lexer lexer(text);
    for (Token token = lexer.next(); token.kind != TokenKind::endOfInput; token = lexer.next()) {
        tokens.push_back(token);
    }
    return tokens;
}

} // namespace watchfire::promql
