// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/ast.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::promql {

enum class TokenKind : std::uint8_t {
    endOfInput,
    error, ///< text that is no token; Lexer::message() says why
    comment, ///< from # to the end of the line
    identifier,
    metricIdentifier, ///< an identifier with a colon
    string, ///< with its quotes
    number,
    duration,
    leftParen,
    rightParen,
    leftBrace,
    rightBrace,
    leftBracket,
    rightBracket,
    comma,
    colon, ///< between range and step of a subquery
    assign, ///< =
    matchRegex, ///< =~
    matchNotRegex, ///< !~
    at,
    binaryOperator, ///< Token::binary; != among matchers too. `and`, `or`, `unless`, `atan2` too
    aggregation, ///< Token::aggregate
    boolWord,
    byWord,
    withoutWord,
    onWord,
    ignoringWord,
    groupLeftWord,
    groupRightWord,
    fillWord,
    fillLeftWord,
    fillRightWord,
    offsetWord,
    anchoredWord,
    smoothedWord,
    startWord,
    endWord,
    stepWord,
    rangeWord,
    minOfWord,
    maxOfWord
};

/// One piece of a query. `text` points into the text that was read.
struct Token {
    TokenKind kind = TokenKind::endOfInput;
    BinaryOp binary = BinaryOp::add;
    AggregateOp aggregate = AggregateOp::sum;
    Span span;
    std::string_view text;
};

/// Cuts a query into tokens. What a character means depends on where it stands: among label
/// matchers keywords are names, and in brackets letters are units or one of the few words of
/// duration arithmetic. It never stops at a fault: an error token is given and reading goes on
/// behind it, so that an editor can colour a broken text.
class Lexer {
public:
    /// The text must outlive the tokens and be shorter than 4 GiB.
    explicit Lexer(std::string_view text)
        : m_text(text)
    {
    }

    /// The next token, comments included; endOfInput again and again at the end.
    Token next();
    /// What is wrong with the latest error token, in Prometheus' words.
    const std::string& message() const { return m_message; }

private:
    Token nextOutside();
    Token nextInBraces();
    Token nextInDuration();
    Token endOfText();
    Token comment();
    Token word();
    Token numberOrDuration();
    Token quotedString();
    Token rawString();
    std::optional<Token> durationWord();
    bool scanNumber();
    bool scanDuration();
    std::string scanEscape(char quote);

    char peek(std::size_t ahead = 0) const
    {
        return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0';
    }
    bool atEnd() const { return m_at >= m_text.size(); }
    void skipSpace();
    Token make(TokenKind kind) const;
    Token take(TokenKind kind, std::size_t bytes = 1);
    Token takeOperator(BinaryOp op, std::size_t bytes = 1);
    Token fault(std::string message);
    Token faultAtCharacter(std::string_view what, std::string_view expected = {});

    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_begin = 0; ///< of the token being read
    std::string m_message;
    int m_parens = 0;
    bool m_inBraces = false;
    bool m_inBrackets = false;
    bool m_beforeDuration = false; ///< in brackets, and no number seen since they opened
    bool m_seenColon = false; ///< in these brackets
};

/// All tokens of a text but endOfInput; never fails.
std::vector<Token> tokenize(std::string_view text);

/// What a token is to a reader, for colouring.
enum class TokenRole : std::uint8_t {
    error,
    comment,
    number,
    string,
    operation, ///< operators, `and`, `atan2`
    keyword, ///< by, on, offset, bool …
    aggregation,
    function, ///< any name in front of "("
    metric,
    label,
    punctuation
};

/// The role of each of these tokens of one text. A word is judged by its place: `sum` is an
/// aggregation in sum(x), a metric in sum{} and a label in by (sum).
std::vector<TokenRole> rolesOf(std::span<const Token> tokens);

/// A word with a meaning of its own, for completion.
struct Keyword {
    std::string_view word;
    std::string_view summary;
};
std::span<const Keyword> allKeywords();

/// May stand where a metric's name is expected: identifiers and most keywords.
bool canBeMetricName(const Token& token);
/// May stand in by (…), on (…) and their like: identifiers and nearly all keywords.
bool canBeLabelName(const Token& token);

} // namespace watchfire::promql
