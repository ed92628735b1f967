// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/query_facts.h"

#include "core/promql/syntax/functions.h"
#include "core/promql/syntax/printer.h"

#include <algorithm>
#include <array>

namespace watchfire::promql {

namespace {

template <class... Parts> struct Overloaded : Parts... {
    using Parts::operator()...;
};

} // namespace

bool asksForTime(std::string_view name)
{
    constexpr std::array<std::string_view, 11> names{
        "days_in_month", "day_of_month", "day_of_week",    "day_of_year", "hour",     "minute",
        "month",         "year",         "predict_linear", "time",        "timestamp"};
    return std::ranges::find(names, name) != names.end();
}

/// The parts of a node that are evaluated as instant vectors over its own steps.
std::vector<const Node*> vectorParts(const Node& node)
{
    if (std::holds_alternative<Subquery>(node.kind)
        || std::holds_alternative<MatrixSelector>(node.kind)) {
        return {};
    }
    std::vector<const Node*> parts = partsOf(node);
    if (const auto* const call = std::get_if<Call>(&node.kind)) {
        if (call->function->name == "info") {
            parts.resize(1); // the other only looks like a selector
        } else if (call->function->name.ends_with("timestamp")) {
            parts.clear(); // may look at stored samples itself
        }
    }
    return parts;
}

QueryFacts::QueryFacts(const Node& root)
{
    visit(root, nullptr);
    findShared(root);
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

/// It reads series, and yields the same wherever it stands in the query.
bool QueryFacts::canBeShared(const Node& node) const
{
    bool reads = false;
    std::vector<const Node*> open{&node};
    while (!open.empty()) {
        const Node* const part = open.back();
        open.pop_back();
        if (const auto* const selector = std::get_if<VectorSelector>(&part->kind)) {
            if (isStatisticsOnly(*selector)) {
                return false;
            }
            reads = true;
        }
        for (const Node* const inner : partsOf(*part)) {
            open.push_back(inner);
        }
    }
    return reads && node.type == ValueType::vector;
}

void QueryFacts::findShared(const Node& root)
{
    // Texts are made of every part, so that a long query costs its length squared.
    constexpr std::size_t mostParts = 200;
    std::vector<const Node*> parts{&unwrap(root)};
    for (std::size_t i = 0; i < parts.size() && parts.size() <= mostParts; ++i) {
        for (const Node* const part : vectorParts(*parts[i])) {
            parts.push_back(&unwrap(*part));
        }
    }
    if (parts.size() > mostParts) {
        return;
    }
    std::unordered_map<std::string, std::vector<const Node*>> places;
    for (const Node* const part : parts) {
        if (canBeShared(*part)) {
            places[print(*part)].push_back(part);
        }
    }
    // What is inside something shared is asked for once.
    std::unordered_map<std::string, std::size_t> uses;
    std::vector<const Node*> open{&unwrap(root)};
    while (!open.empty()) {
        const Node* const node = open.back();
        open.pop_back();
        if (canBeShared(*node) && ++uses[print(*node)] > 1) {
            continue;
        }
        for (const Node* const part : vectorParts(*node)) {
            open.push_back(&unwrap(*part));
        }
    }
    for (const auto& [text, count] : uses) {
        if (count > 1) {
            for (const Node* const node : places[text]) {
                m_shared.emplace(node, text);
            }
        }
    }
}

const std::string* QueryFacts::sharedText(const Node& node) const
{
    const auto found = m_shared.find(&unwrap(node));
    return found == m_shared.end() ? nullptr : &found->second;
}

} // namespace watchfire::promql
