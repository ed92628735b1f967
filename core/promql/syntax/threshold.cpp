// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/threshold.h"

#include "core/promql/syntax/lexer.h"
#include "core/text/number.h"

namespace watchfire::promql {

namespace {

/// A literal, with any signs before it.
std::optional<double> numberOf(const Node& node)
{
    const Node& bare = unwrap(node);
    if (const auto* const literal = std::get_if<NumberLiteral>(&bare.kind)) {
        return literal->value;
    }
    if (const auto* const unary = std::get_if<UnaryExpr>(&bare.kind)) {
        const auto inner = numberOf(*unary->inner);
        return inner && unary->negative ? -*inner : inner;
    }
    return std::nullopt;
}

BinaryOp mirrored(BinaryOp op)
{
    using Op = BinaryOp;
    return op == Op::greater     ? Op::less
        : op == Op::less         ? Op::greater
        : op == Op::greaterEqual ? Op::lessEqual
        : op == Op::lessEqual    ? Op::greaterEqual
                                 : op;
}

/// Where the operator stands between its sides.
Span operationOf(std::string_view text, const BinaryExpr& binary)
{
    for (const Token& token : tokenize(text)) {
        if (token.kind == TokenKind::binaryOperator && token.span.begin >= binary.lhs->span.end
            && token.span.end <= binary.rhs->span.begin) {
            return token.span;
        }
    }
    return {};
}

std::optional<Threshold> ofComparison(std::string_view text, const BinaryExpr& binary)
{
    if (binary.returnBool) {
        return std::nullopt;
    }
    const Span operation = operationOf(text, binary);
    if (const auto right = numberOf(*binary.rhs); right && binary.lhs->type == ValueType::vector) {
        return Threshold{binary.lhs->span, binary.op, *right, unwrap(*binary.rhs).span, operation};
    }
    if (const auto left = numberOf(*binary.lhs); left && binary.rhs->type == ValueType::vector) {
        return Threshold{binary.rhs->span, mirrored(binary.op), *left, unwrap(*binary.lhs).span,
                         operation};
    }
    return std::nullopt;
}

std::string replaced(std::string_view text, Span span, std::string_view by)
{
    return std::string(text.substr(0, span.begin)) + std::string(by)
        + std::string(text.substr(span.end));
}

} // namespace

std::optional<Threshold> thresholdOf(const Ast& query)
{
    const Node* node = query.root;
    while (node != nullptr) {
        const auto* const binary = std::get_if<BinaryExpr>(&unwrap(*node).kind);
        if (binary == nullptr) {
            return std::nullopt;
        }
        if (isComparison(binary->op)) {
            return ofComparison(query.text, *binary);
        }
        if (binary->op != BinaryOp::logicalAnd && binary->op != BinaryOp::logicalUnless) {
            return std::nullopt;
        }
        node = binary->lhs;
    }
    return std::nullopt;
}

std::string withThreshold(std::string_view text, const Threshold& threshold, double value)
{
    return replaced(text, threshold.number, text::formatG(value));
}

std::string withOperator(std::string_view text, const Threshold& threshold, BinaryOp op)
{
    const bool isTurned = threshold.number.begin < threshold.curve.begin;
    return replaced(text, threshold.operation, toText(isTurned ? mirrored(op) : op));
}

} // namespace watchfire::promql
