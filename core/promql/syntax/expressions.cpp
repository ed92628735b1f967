// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/literals.h"
#include "core/promql/syntax/parse_state.h"
#include "core/text/duration.h"
#include "core/text/quote.h"

#include <algorithm>
#include <cstdint>
#include <format>
#include <utility>

namespace watchfire::promql {

namespace {

using Kind = TokenKind;

/// How tightly operators bind. A sign binds like `*` towards what follows its operand, so its
/// operand takes in powers only: -a^b is -(a^b), -a*b is (-a)*b.
enum Binding : std::uint8_t { weakest, unionLevel, intersection, comparison, sum, product, power };

Binding bindingOf(BinaryOp op)
{
    switch (op) {
    case BinaryOp::logicalOr:
        return unionLevel;
    case BinaryOp::logicalAnd:
    case BinaryOp::logicalUnless:
        return intersection;
    case BinaryOp::equal:
    case BinaryOp::notEqual:
    case BinaryOp::greater:
    case BinaryOp::less:
    case BinaryOp::greaterEqual:
    case BinaryOp::lessEqual:
    case BinaryOp::trimUpper:
    case BinaryOp::trimLower:
        return comparison;
    case BinaryOp::add:
    case BinaryOp::sub:
        return sum;
    case BinaryOp::mul:
    case BinaryOp::div:
    case BinaryOp::mod:
    case BinaryOp::atan2:
        return product;
    case BinaryOp::pow:
        return power;
    }
    return weakest;
}

bool isSign(const Token& token)
{
    return token.kind == Kind::binaryOperator
        && (token.binary == BinaryOp::add || token.binary == BinaryOp::sub);
}

bool isCallable(TokenKind kind)
{
    return kind == Kind::identifier || (kind >= Kind::startWord && kind <= Kind::maxOfWord);
}

} // namespace

Parser::Depth::Depth(Parser& owner)
    : parser(owner)
{
    if (++parser.m_depth > maxNesting) {
        tooDeep = true;
        parser.m_stream.addFault(
            parser.m_stream.token().span,
            std::format("expression is nested more than {} levels deep", maxNesting));
        parser.m_stream.stop();
    }
}

Parser::Parser(std::string_view text, const Features& features, Reading reading)
    : m_features(features)
    , m_stream(text, reading)
{
}

Node* Parser::make(Span span, ValueType type, int height, decltype(Node::kind) kind)
{
    if (height > maxHeight) {
        m_stream.addFault(span, std::format("expression has more than {} levels", maxHeight));
        m_stream.stop();
        return broken(span);
    }
    m_ast.nodes.push_back({span, type, height, std::move(kind)});
    return &m_ast.nodes.back();
}

Node* Parser::broken(Span span)
{
    m_ast.nodes.push_back({span, ValueType::none, 1, NumberLiteral{}});
    return &m_ast.nodes.back();
}

void Parser::addType(Span where, std::string message)
{
    if (!faults().areTooMany()) {
        faults().addType(where, std::move(message));
    }
}

void Parser::query()
{
    if (m_stream.atEnd()) {
        if (!faults().hasSyntax()) {
            m_stream.addFault({}, "no expression found in input");
        }
        return;
    }
    m_ast.root = expression(weakest);
    while (!m_stream.atEnd()) {
        m_stream.unexpected();
        m_stream.advance();
        if (!m_stream.atEnd()) {
            expression(weakest);
        }
    }
    for (const Node* node : m_unbounded) {
        addType(node->span, "vector selector must contain at least one non-empty matcher");
    }
}

Node* Parser::expression(int weakestBinding)
{
    const Depth depth(*this);
    if (depth.tooDeep) {
        return broken(m_stream.token().span);
    }
    Node* left = prefixed();
    while (m_stream.is(Kind::binaryOperator)
           && bindingOf(m_stream.token().binary) >= weakestBinding) {
        left = binary(left);
    }
    return left;
}

Node* Parser::prefixed()
{
    if (!isSign(m_stream.token())) {
        return postfixed(primary());
    }
    const Token sign = m_stream.advance();
    const bool negative = sign.binary == BinaryOp::sub;
    Node* operand = expression(power);
    const Span span{sign.span.begin, operand->span.end};
    if (auto* number = std::get_if<NumberLiteral>(&operand->kind)) {
        number->value = negative ? -number->value : number->value;
        operand->span = span;
        return operand;
    }
    UnaryExpr unary{negative, operand};
    checkUnary(unary, span);
    return make(span, operand->type, operand->height + 1, unary);
}

Node* Parser::primary()
{
    const Token& token = m_stream.token();
    switch (token.kind) {
    case Kind::number:
    case Kind::duration:
    case Kind::string:
        return literal();
    case Kind::leftParen:
        return parenthesized();
    case Kind::leftBrace:
        return selector(nullptr);
    default:
        break;
    }
    if (canBeMetricName(token)) {
        return named();
    }
    m_stream.unexpected();
    return broken(token.span);
}

double Parser::number(const Token& token)
{
    if (token.kind == Kind::duration) {
        const auto parsed = text::parseDuration(token.text);
        if (!parsed) {
            m_stream.addFault(token.span, parsed.error().message);
            return 0;
        }
        return static_cast<double>(parsed->count()) / 1000;
    }
    const auto parsed = parseNumber(token.text);
    if (!parsed) {
        m_stream.addFault(token.span,
                          std::format("error parsing number: {}", text::quote(token.text)));
    }
    return parsed.value_or(0);
}

Node* Parser::literal()
{
    const Token token = m_stream.advance();
    if (token.kind == Kind::string) {
        return make(token.span, ValueType::string, 1, StringLiteral{unquote(token.text)});
    }
    return make(token.span, ValueType::scalar, 1,
                NumberLiteral{number(token), token.kind == Kind::duration});
}

Node* Parser::parenthesized()
{
    const std::uint32_t begin = m_stream.advance().span.begin;
    Node* inner = expression(weakest);
    if (!m_stream.is(Kind::rightParen)) {
        m_stream.unexpected();
        m_stream.skipTo({});
    }
    if (m_stream.is(Kind::rightParen)) {
        m_stream.advance();
    }
    return make({begin, m_stream.lastEnd()}, inner->type, inner->height + 1, ParenExpr{inner});
}

/// A word: what follows it tells whether it is a function, an aggregation or a metric.
Node* Parser::named()
{
    const Token name = m_stream.advance();
    const bool paren = m_stream.is(Kind::leftParen);
    if (name.kind == Kind::aggregation
        && (paren || m_stream.is(Kind::byWord) || m_stream.is(Kind::withoutWord))) {
        return aggregationOf(name);
    }
    if (paren && isCallable(name.kind)) {
        return call(name);
    }
    return selector(&name);
}

/// (a, b, …); false when it is broken.
bool Parser::arguments(std::vector<Node*>& out)
{
    m_stream.advance();
    if (m_stream.is(Kind::rightParen)) {
        m_stream.advance();
        return true;
    }
    bool good = true;
    while (true) {
        out.push_back(expression(weakest));
        if (!m_stream.is(Kind::comma) && !m_stream.is(Kind::rightParen)) {
            good = false;
            m_stream.unexpected();
            m_stream.skipTo({Kind::comma});
        }
        if (!m_stream.is(Kind::comma)) {
            break;
        }
        const Span comma = m_stream.advance().span;
        if (m_stream.is(Kind::rightParen)) {
            good = false;
            m_stream.addFault(comma, "trailing commas not allowed in function call args");
            break;
        }
    }
    if (m_stream.is(Kind::rightParen)) {
        m_stream.advance();
    }
    return good;
}

namespace {

int heightOver(const std::vector<Node*>& nodes)
{
    int height = 0;
    for (const Node* node : nodes) {
        height = std::max(height, node->height);
    }
    return height + 1;
}

} // namespace

Node* Parser::call(const Token& name)
{
    // The names of functions are told apart by case, unlike keywords.
    const Function* const function = findFunction(name.text);
    if (function == nullptr) {
        m_stream.addFault(name.span,
                          std::format("unknown function with name {}", text::quote(name.text)));
    } else if (function->experimental && !m_features.experimentalFunctions) {
        m_stream.addFault(name.span,
                          std::format("function \"{}\" is experimental and must be enabled with "
                                      "--enable promql-experimental-functions",
                                      function->name));
    }
    Call call{function, {}, name.span};
    const bool good = arguments(call.arguments);
    const Span span{name.span.begin, m_stream.lastEnd()};
    if (function != nullptr && good) {
        checkCall(call, span);
    }
    const ValueType type = function != nullptr ? function->returns : ValueType::none;
    const int height = heightOver(call.arguments);
    return make(span, type, height, std::move(call));
}

Node* Parser::aggregationOf(const Token& op)
{
    Aggregate out;
    out.op = op.aggregate;
    bool grouped = false;
    const auto takeGrouping = [&] {
        if (!grouped && (m_stream.is(Kind::byWord) || m_stream.is(Kind::withoutWord))) {
            grouped = true;
            out.without = m_stream.advance().kind == Kind::withoutWord;
            out.grouping = groupingLabels();
        }
    };
    const TokenStream::Within within(m_stream, {"aggregation", {}});
    takeGrouping();
    if (!m_stream.is(Kind::leftParen)) {
        m_stream.unexpected();
        return broken({op.span.begin, m_stream.lastEnd()});
    }
    std::vector<Node*> given;
    const bool good = arguments(given);
    takeGrouping();
    const Span span{op.span.begin, m_stream.lastEnd()};
    const int height = heightOver(given);

    const Aggregation& known = aggregation(op.aggregate);
    const bool parameter = known.parameter != ValueType::none;
    const std::size_t wanted = parameter ? 2 : 1;
    if (given.empty()) {
        m_stream.addFault(span, "no arguments for aggregate expression provided");
    } else if (known.experimental && !m_features.experimentalFunctions) {
        m_stream.addFault(span,
                          std::format("{}() is experimental and must be enabled with "
                                      "--enable promql-experimental-functions",
                                      known.name));
    } else if (given.size() != wanted && good) {
        m_stream.addFault(span,
                          std::format("wrong number of arguments for aggregate expression "
                                      "provided, expected {}, got {}",
                                      wanted, given.size()));
    }
    if (given.size() != wanted) {
        return broken(span);
    }
    out.inner = given.back();
    out.parameter = parameter ? given.front() : nullptr;
    checkAggregate(out);
    return make(span, ValueType::vector, height, std::move(out));
}

Node* Parser::binary(Node* lhs)
{
    const Token op = m_stream.advance();
    BinaryExpr out;
    out.op = op.binary;
    out.lhs = lhs;
    out.matching.emplace();
    binaryModifiers(out);
    const int binding = bindingOf(op.binary);
    out.rhs = expression(op.binary == BinaryOp::pow ? binding : binding + 1);

    const Span span{lhs->span.begin, out.rhs->span.end};
    const int height = std::max(lhs->height, out.rhs->height) + 1;
    checkBinary(out, span, op.span);
    ValueType type = ValueType::vector;
    if (lhs->type == ValueType::scalar && out.rhs->type == ValueType::scalar) {
        type = ValueType::scalar;
    } else if (lhs->type == ValueType::none || out.rhs->type == ValueType::none) {
        type = ValueType::none;
    }
    return make(span, type, height, std::move(out));
}

/// bool, then on or ignoring, then group_left or group_right (only behind those), then fills.
void Parser::binaryModifiers(BinaryExpr& out)
{
    VectorMatching& matching = *out.matching;
    if (m_stream.is(Kind::boolWord)) {
        m_stream.advance();
        out.returnBool = true;
    }
    if (m_stream.is(Kind::onWord) || m_stream.is(Kind::ignoringWord)) {
        matching.on = m_stream.advance().kind == Kind::onWord;
        matching.labels = groupingLabels();
        if (m_stream.is(Kind::groupLeftWord) || m_stream.is(Kind::groupRightWord)) {
            matching.cardinality = m_stream.advance().kind == Kind::groupLeftWord
                ? Cardinality::manyToOne
                : Cardinality::oneToMany;
            if (m_stream.is(Kind::leftParen)) {
                matching.include = groupingLabels();
            }
        }
    }
    const std::uint32_t begin = m_stream.token().span.begin;
    if (m_stream.is(Kind::fillWord)) {
        m_stream.advance();
        matching.fillLeft = matching.fillRight = fillValue();
    } else {
        for (int i = 0; i < 2; ++i) {
            if (m_stream.is(Kind::fillLeftWord) && !matching.fillLeft) {
                m_stream.advance();
                matching.fillLeft = fillValue();
            } else if (m_stream.is(Kind::fillRightWord) && !matching.fillRight) {
                m_stream.advance();
                matching.fillRight = fillValue();
            }
        }
    }
    if ((matching.fillLeft || matching.fillRight) && !m_features.fillModifiers) {
        m_stream.addFault({begin, m_stream.lastEnd()},
                          "binop fill modifiers are experimental and must be enabled with "
                          "--enable promql-binop-fill-modifiers");
    }
}

/// (number), with a sign if need be.
std::optional<double> Parser::fillValue()
{
    if (!m_stream.is(Kind::leftParen)) {
        m_stream.unexpected();
        return std::nullopt;
    }
    m_stream.advance();
    const bool negative = isSign(m_stream.token()) && m_stream.advance().binary == BinaryOp::sub;
    double value = 0;
    if (m_stream.is(Kind::number) || m_stream.is(Kind::duration)) {
        value = number(m_stream.advance());
    } else {
        m_stream.unexpected();
    }
    if (!m_stream.is(Kind::rightParen)) {
        m_stream.unexpected();
        m_stream.skipTo({});
    }
    if (m_stream.is(Kind::rightParen)) {
        m_stream.advance();
    }
    return negative ? -value : value;
}

} // namespace watchfire::promql
