// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/ast.h"
#include "core/promql/syntax/functions.h"

#include <algorithm>
#include <string_view>

namespace watchfire::tests {

/// Whether `wanted` holds of any part of the expression.
template <class Wanted> bool anyPart(const promql::Node& node, const Wanted& wanted)
{
    return wanted(node) || std::ranges::any_of(promql::partsOf(node), [&](const auto* part) {
               return anyPart(*part, wanted);
           });
}

inline bool isOperator(const promql::Node& node, promql::BinaryOp op)
{
    const auto* const binary = std::get_if<promql::BinaryExpr>(&node.kind);
    return binary != nullptr && binary->op == op;
}

/// Empty: no call.
inline std::string_view calledBy(const promql::Node& node)
{
    const auto* const call = std::get_if<promql::Call>(&node.kind);
    return call == nullptr ? std::string_view() : std::string_view(call->function->name);
}

/// The selector that the node is, or has its range of; null: neither.
inline const promql::VectorSelector* selectorOf(const promql::Node& node)
{
    if (const auto* const matrix = std::get_if<promql::MatrixSelector>(&node.kind)) {
        return selectorOf(*matrix->selector);
    }
    return std::get_if<promql::VectorSelector>(&node.kind);
}

/// Whether native histograms may be among what the node, a selector, finds in the series of the
/// comparison.
inline bool selectsHistograms(const promql::Node& node)
{
    const promql::VectorSelector* const selector = selectorOf(node);
    return selector != nullptr
        && (selector->name.empty() || selector->name == "latency" || selector->name == "sizes"
            || selector->name == "mixed");
}

/// Whether `inner` holds of a part of one of which `outer` holds.
template <class Outer, class Inner>
bool isWithin(const promql::Node& root, const Outer& outer, const Inner& inner)
{
    return anyPart(root, [&](const promql::Node& node) {
        return outer(node) && std::ranges::any_of(promql::partsOf(node), [&](const auto* part) {
                   return anyPart(*part, inner);
               });
    });
}

} // namespace watchfire::tests
