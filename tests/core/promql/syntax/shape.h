// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/ast.h"
#include "core/promql/syntax/functions.h"

#include <string>

namespace watchfire::promql::test {

/// The tree as nested lists, so that a test can say how a text binds: (+ a (* b c)).
inline std::string shape(const Node& node)
{
    struct Visitor {
        std::string operator()(const NumberLiteral& number) const
        {
            return std::to_string(static_cast<long long>(number.value));
        }
        std::string operator()(const StringLiteral& string) const
        {
            return '"' + string.value + '"';
        }
        std::string operator()(const ParenExpr& paren) const
        {
            return "(paren " + shape(*paren.inner) + ')';
        }
        std::string operator()(const UnaryExpr& unary) const
        {
            return std::string(unary.negative ? "(neg " : "(pos ") + shape(*unary.inner) + ')';
        }
        std::string operator()(const VectorSelector& selector) const
        {
            return selector.name + (selector.modifiers.offset.count() != 0 ? "-offset" : "")
                + (selector.modifiers.offsetExpr ? "-computed" : "")
                + (selector.modifiers.at != Modifiers::At::none ? "-at" : "");
        }
        std::string operator()(const MatrixSelector& matrix) const
        {
            return "(range " + shape(*matrix.selector) + ')';
        }
        std::string operator()(const Subquery& subquery) const
        {
            return "(subquery " + shape(*subquery.inner) + ')';
        }
        std::string operator()(const BinaryExpr& binary) const
        {
            return '(' + std::string(toText(binary.op)) + ' ' + shape(*binary.lhs) + ' '
                + shape(*binary.rhs) + ')';
        }
        std::string operator()(const Aggregate& aggregate) const
        {
            std::string out = '(' + std::string(toText(aggregate.op));
            if (aggregate.parameter != nullptr) {
                out += ' ' + shape(*aggregate.parameter);
            }
            return out + ' ' + shape(*aggregate.inner) + ')';
        }
        std::string operator()(const Call& call) const
        {
            std::string out = '(' + std::string(call.function->name);
            for (const Node* argument : call.arguments) {
                out += ' ' + shape(*argument);
            }
            return out + ')';
        }
    };
    return std::visit(Visitor{}, node.kind);
}

} // namespace watchfire::promql::test
