// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/durations.h"
#include "core/promql/syntax/parse_state.h"

#include <cmath>
#include <format>
#include <utility>

namespace watchfire::promql {

namespace {

using Kind = TokenKind;

/// Splits a length as read into a plain one and one that only a query's times resolve.
void store(DurationExpr expr, std::chrono::milliseconds& plain,
           std::optional<DurationExpr>& computed)
{
    if (isPlain(expr)) {
        plain = toMilliseconds(expr.seconds);
    } else {
        computed = std::move(expr);
    }
}

bool hasOffset(const Modifiers& modifiers)
{
    return modifiers.offset.count() != 0 || modifiers.offsetExpr.has_value();
}

} // namespace

/// What may stand behind any operand and binds tighter than all operators.
Node* Parser::postfixed(Node* node)
{
    while (true) {
        switch (m_stream.kind()) {
        case Kind::leftBracket:
            node = bracketed(node);
            break;
        case Kind::offsetWord:
            m_stream.advance();
            offset(*node);
            break;
        case Kind::at:
            m_stream.advance();
            at(*node);
            break;
        case Kind::anchoredWord:
            m_stream.advance();
            edges(*node, RangeEdges::anchored);
            break;
        case Kind::smoothedWord:
            m_stream.advance();
            edges(*node, RangeEdges::smoothed);
            break;
        default:
            return node;
        }
    }
}

/// [5m], [5m:], [5m:1m]
Node* Parser::bracketed(Node* inner)
{
    const Span open = m_stream.advance().span;
    const TokenStream::Within within(
        m_stream, {"subquery or range selector", "number, duration, step(), or range()"});
    const auto finish = [this] {
        m_stream.skipTo({Kind::rightBracket});
        if (m_stream.is(Kind::rightBracket)) {
            m_stream.advance();
        }
    };
    DurationExpr length = positiveDuration();
    if (m_stream.is(Kind::rightBracket)) {
        m_stream.advance();
        return range(inner, open, std::move(length));
    }
    if (!m_stream.is(Kind::colon)) {
        m_stream.unexpected({"subquery or range", "\":\" or \"]\""});
        finish();
        return broken({inner->span.begin, m_stream.lastEnd()});
    }
    m_stream.advance();
    std::optional<DurationExpr> step;
    if (!m_stream.is(Kind::rightBracket)) {
        const TokenStream::Within inStep(
            m_stream, {"subquery selector", "number, duration, step(), range(), or \"]\""});
        step = positiveDuration();
    }
    if (!m_stream.is(Kind::rightBracket)) {
        m_stream.unexpected({"subquery selector", "\"]\""});
    }
    finish();
    return subquery(inner, std::move(length), std::move(step));
}

Node* Parser::range(Node* inner, Span open, DurationExpr length)
{
    const Span span{inner->span.begin, m_stream.lastEnd()};
    const Span brackets{open.begin, m_stream.lastEnd()};
    auto* const selected = std::get_if<VectorSelector>(&inner->kind);
    if (selected == nullptr) {
        if (inner->type != ValueType::none) {
            m_stream.addFault(brackets, "ranges only allowed for vector selectors");
        }
        return broken(span);
    }
    if (hasOffset(selected->modifiers)) {
        m_stream.addFault(brackets, "no offset modifiers allowed before range");
    } else if (selected->modifiers.at != Modifiers::At::none) {
        m_stream.addFault(brackets, "no @ modifiers allowed before range");
    }
    MatrixSelector out;
    out.selector = inner;
    store(std::move(length), out.range, out.rangeExpr);
    return make(span, ValueType::matrix, inner->height + 1, std::move(out));
}

Node* Parser::subquery(Node* inner, DurationExpr length, std::optional<DurationExpr> step)
{
    const Span span{inner->span.begin, m_stream.lastEnd()};
    Subquery out;
    out.inner = inner;
    store(std::move(length), out.range, out.rangeExpr);
    if (step) {
        store(*std::move(step), out.step, out.stepExpr);
    }
    checkSubquery(*inner, span);
    return make(span, ValueType::matrix, inner->height + 1, std::move(out));
}

/// Where the modifiers of this selector or subquery are kept; null, and a fault, for any other
/// node. `what` begins the message.
Modifiers* Parser::modifiersOf(Node& node, std::string_view what)
{
    if (auto* const vector = std::get_if<VectorSelector>(&node.kind)) {
        return &vector->modifiers;
    }
    if (auto* const matrix = std::get_if<MatrixSelector>(&node.kind)) {
        return &std::get<VectorSelector>(matrix->selector->kind).modifiers;
    }
    if (auto* const subquery = std::get_if<Subquery>(&node.kind)) {
        return &subquery->modifiers;
    }
    if (node.type != ValueType::none) {
        m_stream.addFault(node.span,
                          std::format("{} modifier must be preceded by an instant vector selector "
                                      "or range vector selector or a subquery",
                                      what));
    }
    return nullptr;
}

void Parser::offset(Node& node)
{
    const TokenStream::Within within(m_stream, {"offset", "number, duration, step(), or range()"});
    DurationExpr length = offsetDuration();
    Modifiers* const modifiers = modifiersOf(node, "offset");
    if (modifiers == nullptr) {
        return;
    }
    if (hasOffset(*modifiers)) {
        m_stream.addFault(node.span, "offset may not be set multiple times");
        return;
    }
    store(std::move(length), modifiers->offset, modifiers->offsetExpr);
    node.span.end = m_stream.lastEnd();
}

void Parser::at(Node& node)
{
    const TokenStream::Within within(m_stream, {"@", "timestamp"});
    Modifiers::At kind = Modifiers::At::timestamp;
    double seconds = 0;
    if (m_stream.is(Kind::startWord) || m_stream.is(Kind::endWord)) {
        kind = m_stream.advance().kind == Kind::startWord ? Modifiers::At::start
                                                          : Modifiers::At::end;
        for (const Kind wanted : {Kind::leftParen, Kind::rightParen}) {
            if (!m_stream.is(wanted)) {
                m_stream.unexpected();
                return;
            }
            m_stream.advance();
        }
    } else {
        bool negative = false;
        if (m_stream.is(Kind::binaryOperator)
            && (m_stream.token().binary == BinaryOp::add
                || m_stream.token().binary == BinaryOp::sub)) {
            negative = m_stream.advance().binary == BinaryOp::sub;
        }
        if (!m_stream.is(Kind::number) && !m_stream.is(Kind::duration)) {
            m_stream.unexpected();
            return;
        }
        const double magnitude = number(m_stream.advance());
        seconds = negative ? -magnitude : magnitude;
    }
    Modifiers* const modifiers = modifiersOf(node, "@");
    if (modifiers == nullptr) {
        return;
    }
    if (modifiers->at != Modifiers::At::none) {
        m_stream.addFault(node.span, "@ <timestamp> may not be set multiple times");
        return;
    }
    if (kind == Modifiers::At::timestamp) {
        const double ms = std::round(seconds * 1000);
        constexpr double limit = 9223372036854775807.0; // 2^63
        if (!(ms > -limit && ms < limit)) {
            m_stream.addFault(
                node.span,
                std::format("timestamp out of bounds for @ modifier: {}", formatSeconds(seconds)));
            return;
        }
        modifiers->atMs = static_cast<std::int64_t>(ms);
    }
    modifiers->at = kind;
    node.span.end = m_stream.lastEnd();
}

void Parser::edges(Node& node, RangeEdges edges)
{
    const std::string_view word = edges == RangeEdges::anchored ? "anchored" : "smoothed";
    if (!m_features.extendedRangeSelectors) {
        m_stream.addFault(node.span,
                          std::format("{} modifier is experimental and must be enabled with "
                                      "--enable promql-extended-range-selectors",
                                      word));
        return;
    }
    VectorSelector* selected = std::get_if<VectorSelector>(&node.kind);
    if (const auto* const matrix = std::get_if<MatrixSelector>(&node.kind)) {
        selected = &std::get<VectorSelector>(matrix->selector->kind);
    }
    if (selected == nullptr) {
        if (std::holds_alternative<Subquery>(node.kind)) {
            m_stream.addFault(node.span,
                              std::format("{} modifier is not supported for subqueries", word));
        } else if (node.type != ValueType::none) {
            m_stream.addFault(node.span, std::format("{} modifier not implemented", word));
        }
        return;
    }
    if (selected->edges != RangeEdges::plain && selected->edges != edges) {
        m_stream.addFault(node.span, "anchored and smoothed modifiers cannot be used together");
        return;
    }
    selected->edges = edges;
    node.span.end = m_stream.lastEnd();
}

} // namespace watchfire::promql
