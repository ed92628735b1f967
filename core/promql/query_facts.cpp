// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/query_facts.h"

#include "core/promql/syntax/functions.h"

#include <algorithm>
#include <array>

namespace watchfire::promql {

namespace {

template <class... Parts> struct Overloaded : Parts... {
    using Parts::operator()...;
};

/// Functions whose result depends on the time of evaluation though their arguments do not.
bool asksForTime(std::string_view name)
{
    constexpr std::array<std::string_view, 11> names{
        "days_in_month", "day_of_month", "day_of_week",    "day_of_year", "hour",     "minute",
        "month",         "year",         "predict_linear", "time",        "timestamp"};
    return std::ranges::find(names, name) != names.end();
}

} // namespace

QueryFacts::QueryFacts(const Node& root)
{
    visit(root, nullptr);
}

bool QueryFacts::visitCall(const Call& call, const Path* path)
{
    bool invariant = true;
    for (const Node* const argument : call.arguments) {
        invariant = visit(*argument, path) && invariant;
    }
    const bool timestampOfSelector = call.function->name == "timestamp"
        && std::holds_alternative<VectorSelector>(unwrap(*call.arguments[0]).kind);
    return invariant && (timestampOfSelector || !asksForTime(call.function->name));
}

bool QueryFacts::visit(const Node& node, const Path* outer)
{
    const Path path{outer, &node};
    const bool invariant = std::visit(
        Overloaded{
            [](const NumberLiteral&) { return true; },
            [](const StringLiteral&) { return true; },
            [&](const ParenExpr& paren) { return visit(*paren.inner, &path); },
            [&](const UnaryExpr& unary) { return visit(*unary.inner, &path); },
            [&](const VectorSelector& selector) {
                judgeSelector(selector, outer);
                return selector.modifiers.at != Modifiers::At::none;
            },
            [&](const MatrixSelector& matrix) { return visit(*matrix.selector, &path); },
            [&](const Subquery& subquery) {
                visit(*subquery.inner, &path);
                return subquery.modifiers.at != Modifiers::At::none;
            },
            [&](const BinaryExpr& binary) {
                const bool left = visit(*binary.lhs, &path);
                return visit(*binary.rhs, &path) && left;
            },
            [&](const Aggregate& aggregate) {
                if (aggregate.parameter != nullptr) {
                    visit(*aggregate.parameter, &path);
                }
                return visit(*aggregate.inner, &path);
            },
            [&](const Call& call) { return visitCall(call, &path); },
        },
        node.kind);
    if (invariant) {
        m_invariant.insert(&node);
    }
    return invariant;
}

void QueryFacts::judgeSelector(const VectorSelector& selector, const Path* path)
{
    bool statistics = false;
    for (; path != nullptr; path = path->outer) {
        if (std::holds_alternative<Subquery>(path->node->kind)) {
            return;
        }
        if (const auto* const binary = std::get_if<BinaryExpr>(&path->node->kind)) {
            if (binary->op == BinaryOp::trimUpper || binary->op == BinaryOp::trimLower) {
                return;
            }
        }
        if (const auto* const call = std::get_if<Call>(&path->node->kind)) {
            const std::string_view name = call->function->name;
            if (name == "histogram_quantile" || name == "histogram_quantiles"
                || name == "histogram_fraction") {
                return;
            }
            statistics = statistics || name == "histogram_count" || name == "histogram_sum"
                || name == "histogram_avg";
        }
    }
    if (statistics) {
        m_statisticsOnly.insert(&selector);
    }
}

} // namespace watchfire::promql
