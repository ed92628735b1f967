// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/promql_script/pinned_query.h"

#include "core/promql/syntax/functions.h"

#include <algorithm>
#include <array>

namespace watchfire::ctl::script {

using namespace promql;

namespace {

/// Calls `visit(child)` for every child of a node.
template <class Visit> void forEachChild(Node& node, Visit&& visit)
{
    const auto one = [&visit](Node* child) {
        if (child != nullptr) {
            visit(*child);
        }
    };
    if (auto* const paren = std::get_if<ParenExpr>(&node.kind)) {
        one(paren->inner);
    } else if (auto* const unary = std::get_if<UnaryExpr>(&node.kind)) {
        one(unary->inner);
    } else if (auto* const matrix = std::get_if<MatrixSelector>(&node.kind)) {
        one(matrix->selector);
    } else if (auto* const subquery = std::get_if<Subquery>(&node.kind)) {
        one(subquery->inner);
    } else if (auto* const binary = std::get_if<BinaryExpr>(&node.kind)) {
        one(binary->lhs);
        one(binary->rhs);
    } else if (auto* const aggregate = std::get_if<Aggregate>(&node.kind)) {
        one(aggregate->parameter);
        one(aggregate->inner);
    } else if (auto* const call = std::get_if<Call>(&node.kind)) {
        for (Node* const argument : call->arguments) {
            one(argument);
        }
    }
}

bool asksForTime(Node& node)
{
    constexpr std::array<std::string_view, 15> names{
        "days_in_month", "day_of_month", "day_of_week", "day_of_year",    "end",
        "hour",          "minute",       "month",       "predict_linear", "range",
        "start",         "step",         "time",        "timestamp",      "year"};
    if (const auto* const call = std::get_if<Call>(&node.kind)) {
        if (std::ranges::find(names, call->function->name) != names.end()) {
            return true;
        }
    }
    bool asks = false;
    forEachChild(node, [&asks](Node& child) { asks = asks || asksForTime(child); });
    return asks;
}

void pin(Modifiers& modifiers, std::int64_t atMs)
{
    if (modifiers.at == Modifiers::At::none) {
        modifiers.at = Modifiers::At::timestamp;
        modifiers.atMs = atMs;
    }
}

void pin(Node& node, std::int64_t atMs)
{
    if (auto* const selector = std::get_if<VectorSelector>(&node.kind)) {
        pin(selector->modifiers, atMs);
    } else if (auto* const subquery = std::get_if<Subquery>(&node.kind)) {
        pin(subquery->modifiers, atMs);
    } else {
        forEachChild(node, [atMs](Node& child) { pin(child, atMs); });
    }
}

} // namespace

bool canBePinned(std::string_view query, const Features& features)
{
    const auto ast = parse(query, features);
    return ast && !asksForTime(*ast->root);
}

Result<Ast> pinnedQuery(std::string_view query, std::int64_t atMs, const Features& features)
{
    auto ast = parse(query, features);
    if (ast) {
        pin(*ast->root, atMs);
    }
    return ast;
}

} // namespace watchfire::ctl::script
