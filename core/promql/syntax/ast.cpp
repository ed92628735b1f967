// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/ast.h"

#include "core/promql/syntax/functions.h"

namespace watchfire::promql {

namespace {

template <class... Ts> struct Overloaded : Ts... {
    using Ts::operator()...;
};

} // namespace

std::string_view toText(ValueType type)
{
    switch (type) {
    case ValueType::none:
        return "none";
    case ValueType::scalar:
        return "scalar";
    case ValueType::vector:
        return "instant vector";
    case ValueType::matrix:
        return "range vector";
    case ValueType::string:
        return "string";
    }
    return {};
}

std::string_view toText(BinaryOp op)
{
    switch (op) {
    case BinaryOp::add:
        return "+";
    case BinaryOp::sub:
        return "-";
    case BinaryOp::mul:
        return "*";
    case BinaryOp::div:
        return "/";
    case BinaryOp::mod:
        return "%";
    case BinaryOp::pow:
        return "^";
    case BinaryOp::atan2:
        return "atan2";
    case BinaryOp::equal:
        return "==";
    case BinaryOp::notEqual:
        return "!=";
    case BinaryOp::greater:
        return ">";
    case BinaryOp::less:
        return "<";
    case BinaryOp::greaterEqual:
        return ">=";
    case BinaryOp::lessEqual:
        return "<=";
    case BinaryOp::logicalAnd:
        return "and";
    case BinaryOp::logicalOr:
        return "or";
    case BinaryOp::logicalUnless:
        return "unless";
    case BinaryOp::trimUpper:
        return "</";
    case BinaryOp::trimLower:
        return ">/";
    }
    return {};
}

std::string_view toText(AggregateOp op)
{
    return aggregation(op).name;
}

const Node& unwrap(const Node& node)
{
    const Node* inner = &node;
    while (const auto* const paren = std::get_if<ParenExpr>(&inner->kind)) {
        inner = paren->inner;
    }
    return *inner;
}

std::vector<const Node*> partsOf(const Node& node)
{
    using Nodes = std::vector<const Node*>;
    return std::visit(
        Overloaded{
            [](const ParenExpr& paren) { return Nodes{paren.inner}; },
            [](const UnaryExpr& unary) { return Nodes{unary.inner}; },
            [](const MatrixSelector& matrix) { return Nodes{matrix.selector}; },
            [](const Subquery& subquery) { return Nodes{subquery.inner}; },
            [](const BinaryExpr& binary) { return Nodes{binary.lhs, binary.rhs}; },
            [](const Aggregate& aggregate) {
                return aggregate.parameter == nullptr ? Nodes{aggregate.inner}
                                                      : Nodes{aggregate.parameter, aggregate.inner};
            },
            [](const Call& call) { return Nodes(call.arguments.begin(), call.arguments.end()); },
            [](const auto&) { return Nodes(); }},
        node.kind);
}

} // namespace watchfire::promql
