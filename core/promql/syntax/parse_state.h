// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/lexer.h"
#include "core/promql/syntax/parser.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchfire::promql {

/// What a reading of one text is after.
enum class Reading : std::uint8_t {
    firstFault, ///< a tree, or the first fault
    everyFault ///< as many faults as can be told apart; the tree may have holes
};

/// The faults of one reading, of syntax and of types apart: types are judged while the tree
/// grows, but a fault of syntax behind them is the one to tell first.
class Faults {
public:
    void addSyntax(Span where, std::string message);
    void addType(Span where, std::string message);

    bool hasSyntax() const { return !m_syntax.empty(); }
    bool areTooMany() const { return m_syntax.size() + m_type.size() >= mostFaults; }
    /// The first to tell, if there is any.
    const Error* first() const;
    /// All of them in order of place.
    std::vector<Error> takeAll() &&;

private:
    static constexpr std::size_t mostFaults = 100;
    std::vector<Error> m_syntax;
    std::vector<Error> m_type;
};

/// Inside which construct a token is out of place: the words of the message.
struct Context {
    std::string_view construct; ///< "aggregation"; empty: none worth naming
    std::string_view expected; ///< "label"; empty: not said
};

/// The tokens of a text one at a time, and what is wrong with them.
class TokenStream {
public:
    TokenStream(std::string_view text, Reading reading);

    const Token& token() const { return m_token; }
    TokenKind kind() const { return m_token.kind; }
    bool is(TokenKind kind) const { return m_token.kind == kind; }
    bool atEnd() const { return is(TokenKind::endOfInput); }
    /// Gives the token at hand and goes on to the next; comments are passed over.
    Token advance();
    /// The end of the latest token given.
    std::uint32_t lastEnd() const { return m_lastEnd; }

    Faults& faults() { return m_faults; }
    /// A fault of syntax that is no unexpected token. Ends a reading for the first fault.
    void addFault(Span where, std::string message);
    /// The token at hand does not belong here. Told once for each stretch of broken text.
    void unexpected();
    void unexpected(Context context);
    /// Passes tokens, with whatever is nested in parentheses, braces or brackets, until one of
    /// these is at hand or a closing sign that was not opened.
    void skipTo(std::initializer_list<TokenKind> kinds);
    /// Reads no further.
    void stop();

    /// Names the construct being read, for messages, as long as it lives.
    class Within {
    public:
        Within(TokenStream& stream, Context context)
            : m_stream(stream)
            , m_before(stream.m_context)
        {
            stream.m_context = context;
        }
        Within(const Within&) = delete;
        Within& operator=(const Within&) = delete;
        ~Within() { m_stream.m_context = m_before; }

    private:
        TokenStream& m_stream;
        Context m_before;
    };

private:
    Lexer m_lexer;
    Reading m_reading;
    Faults m_faults;
    Context m_context;
    Token m_token;
    std::uint32_t m_lastEnd = 0;
    std::uint32_t m_textEnd = 0;
    std::uint32_t m_errorEnd = 0; ///< of the latest error token
    std::size_t m_taken = 0; ///< tokens given so far
    std::size_t m_takenAtFault = 0;
    bool m_stopped = false;
};

/// One reading of one text; the functions follow the grammar and each stands behind what it
/// read. Results that are broken have the type `none`, which no check complains about.
class Parser {
public:
    Parser(std::string_view text, const Features& features, Reading reading);

    /// A whole query. The root is null when there is none.
    void query();
    /// A selector alone.
    void selectorOnly(Matchers& out);
    /// A metric with labels alone.
    void metricOnly(std::vector<std::pair<std::string, std::string>>& out);

    Faults& faults() { return m_stream.faults(); }
    Ast& ast() { return m_ast; }

private:
    struct Depth;

    // expressions.cpp
    Node* expression(int weakest);
    Node* prefixed();
    Node* primary();
    Node* literal();
    Node* parenthesized();
    Node* named();
    Node* call(const Token& name);
    Node* aggregationOf(const Token& op);
    bool arguments(std::vector<Node*>& out);
    Node* binary(Node* lhs);
    void binaryModifiers(BinaryExpr& out);
    std::optional<double> fillValue();
    double number(const Token& token);

    // selectors.cpp
    Node* selector(const Token* name);
    std::uint32_t matchersInBraces(Matchers& out);
    void matcher(Matchers& out);
    std::vector<std::string> groupingLabels();
    std::optional<std::string> groupingLabel();
    void labelsInBraces(std::vector<std::pair<std::string, std::string>>& out);

    // modifiers.cpp
    Node* postfixed(Node* node);
    Node* bracketed(Node* inner);
    Node* range(Node* inner, Span open, DurationExpr length);
    Node* subquery(Node* inner, DurationExpr length, std::optional<DurationExpr> step);
    void offset(Node& node);
    void at(Node& node);
    void edges(Node& node, RangeEdges edges);
    Modifiers* modifiersOf(Node& node, std::string_view what);

    // durations.cpp
    struct Duration {
        DurationExpr expr;
        int height = 1;
    };
    Duration duration(int weakest);
    Duration durationPrefixed();
    /// Stands where one should, once that it is missing was said.
    Duration missingDuration() const;
    Duration durationPrimary();
    Duration durationCall();
    Duration durationLiteral();
    Duration negated(Span sign, Duration inner);
    DurationExpr positiveDuration();
    DurationExpr offsetDuration();
    void needDurationArithmetic(Span where);
    void checkDurationRange(DurationExpr& literal, Span where);

    // check.cpp
    void checkBinary(BinaryExpr& binary, Span where, Span op);
    void checkUnary(const UnaryExpr& unary, Span where);
    void checkCall(const Call& call, Span where);
    void checkAggregate(const Aggregate& aggregate);
    void checkSubquery(const Node& inner, Span where);
    void checkSelector(const VectorSelector& selector, Node& node);
    void checkType(const Node& node, ValueType wanted, std::string_view context);

    Node* make(Span span, ValueType type, int height, decltype(Node::kind) kind);
    Node* broken(Span span);
    void addType(Span where, std::string message);

    const Features& m_features;
    TokenStream m_stream;
    Ast m_ast;
    int m_depth = 0;
    /// Selectors that may match everything: a fault unless info() takes them.
    std::vector<Node*> m_unbounded;
};

/// Counts one level of nesting while it lives.
struct Parser::Depth {
    explicit Depth(Parser& parser);
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
    ~Depth() { --parser.m_depth; }

    Parser& parser;
    bool tooDeep = false;
};

} // namespace watchfire::promql
