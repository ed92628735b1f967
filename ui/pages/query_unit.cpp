// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/query_unit.h"

#include "core/promql/syntax/functions.h"
#include "ui/models/format.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace watchfire::ui {

namespace {

using chart::Unit;

/// What a unit becomes per second.
Unit perSecond(const Unit& unit)
{
    if (unit == Unit::bytes()) {
        return Unit::bytesPerSecond();
    }
    if (unit == Unit::seconds()) {
        return Unit::number(); // seconds per second: a share, of one or of many
    }
    return unit == Unit::number() ? Unit::perSecond() : Unit::number();
}

Unit ofCall(const promql::Call& call)
{
    const std::string_view name = call.function != nullptr ? call.function->name : "";
    if (call.arguments.empty()) {
        return Unit::number();
    }
    if (name == "rate" || name == "irate" || name == "deriv") {
        return perSecond(unitOf(*call.arguments.front()));
    }
    if (name == "histogram_quantile") {
        return unitOf(*call.arguments.back());
    }
    static constexpr std::array keeping{
        "abs",           "avg_over_time", "ceil",   "clamp",    "clamp_max",     "clamp_min",
        "delta",         "floor",         "idelta", "increase", "label_replace", "last_over_time",
        "max_over_time", "min_over_time", "round",  "sort",     "sort_desc",     "sum_over_time"};
    return std::ranges::find(keeping, name) != keeping.end() ? unitOf(*call.arguments.front())
                                                             : Unit::number();
}

Unit ofBinary(const promql::BinaryExpr& binary)
{
    const bool keeps = binary.op == promql::BinaryOp::add || binary.op == promql::BinaryOp::sub
        || promql::isSetOperator(binary.op)
        || (promql::isComparison(binary.op) && !binary.returnBool);
    return keeps ? unitOf(*binary.lhs) : Unit::number();
}

} // namespace

chart::Unit unitOf(const promql::Node& node)
{
    struct Visitor {
        Unit operator()(const promql::NumberLiteral&) const { return Unit::number(); }
        Unit operator()(const promql::StringLiteral&) const { return Unit::number(); }
        Unit operator()(const promql::ParenExpr& paren) const { return unitOf(*paren.inner); }
        Unit operator()(const promql::UnaryExpr& unary) const { return unitOf(*unary.inner); }
        Unit operator()(const promql::VectorSelector& selector) const
        {
            return chart::unitOfMetric(fromUtf8(selector.name));
        }
        Unit operator()(const promql::MatrixSelector& matrix) const
        {
            return unitOf(*matrix.selector);
        }
        Unit operator()(const promql::Subquery& subquery) const { return unitOf(*subquery.inner); }
        Unit operator()(const promql::BinaryExpr& binary) const { return ofBinary(binary); }
        Unit operator()(const promql::Aggregate& aggregate) const
        {
            using promql::AggregateOp;
            const bool counts = aggregate.op == AggregateOp::count
                || aggregate.op == AggregateOp::countValues || aggregate.op == AggregateOp::group
                || aggregate.op == AggregateOp::stdvar;
            return counts ? Unit::number() : unitOf(*aggregate.inner);
        }
        Unit operator()(const promql::Call& call) const { return ofCall(call); }
    };
    return std::visit(Visitor(), node.kind);
}

} // namespace watchfire::ui
