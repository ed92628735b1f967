// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/value_range.h"

#include "core/promql/syntax/functions.h"

#include <algorithm>
#include <utility>

namespace watchfire::promql {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Of functions whose values lie within limits whatever they are given.
ValueRange valuesOf(std::string_view function)
{
    struct Row {
        std::string_view name;
        double low;
        double high;
    };
    static constexpr Row rows[] = {
        {"abs", 0, infinity},
        {"absent", 1, 1},
        {"absent_over_time", 1, 1},
        {"acosh", 0, infinity},
        {"changes", 0, infinity},
        {"count_over_time", 1, infinity},
        {"day_of_month", 1, 31},
        {"day_of_week", 0, 6},
        {"day_of_year", 1, 366},
        {"days_in_month", 28, 31},
        {"exp", 0, infinity},
        {"hour", 0, 23},
        {"minute", 0, 59},
        {"month", 1, 12},
        {"present_over_time", 1, 1},
        {"resets", 0, infinity},
        {"sgn", -1, 1},
        {"sqrt", 0, infinity},
        {"stddev_over_time", 0, infinity},
        {"stdvar_over_time", 0, infinity},
    };
    const auto* const found = std::ranges::find(rows, function, &Row::name);
    return found == std::end(rows) ? ValueRange() : ValueRange{found->low, found->high};
}

ValueRange valuesOf(const Aggregate& aggregate)
{
    switch (aggregate.op) {
    case AggregateOp::count:
    case AggregateOp::countValues:
        return {1, infinity};
    case AggregateOp::group:
        return {1, 1};
    case AggregateOp::stddev:
    case AggregateOp::stdvar:
        return {0, infinity};
    case AggregateOp::min:
    case AggregateOp::max:
    case AggregateOp::topk:
    case AggregateOp::bottomk:
    case AggregateOp::limitk:
    case AggregateOp::limitRatio:
        return possibleValues(*aggregate.inner);
    case AggregateOp::sum:
    case AggregateOp::avg:
    case AggregateOp::quantile:
        break;
    }
    return {};
}

ValueRange valuesOf(const BinaryExpr& binary)
{
    if (isComparison(binary.op)) {
        if (binary.returnBool) {
            return {0, 1};
        }
        // The values of the left side that pass; a literal there is what is compared with.
        if (const auto literal = literalValue(*binary.rhs)) {
            const ValueRange left = possibleValues(*binary.lhs);
            const auto holds = rangeWhere(binary.op, *literal);
            return holds ? left.intersected(*holds) : left;
        }
        return binary.lhs->type == ValueType::scalar ? ValueRange() : possibleValues(*binary.lhs);
    }
    if (binary.op == BinaryOp::logicalAnd || binary.op == BinaryOp::logicalUnless) {
        return possibleValues(*binary.lhs);
    }
    return {};
}

ValueRange valuesOf(const Call& call)
{
    const std::string_view name = call.function->name;
    if (name == "sort" || name == "sort_desc" || name == "label_replace" || name == "label_join") {
        return possibleValues(*call.arguments.front());
    }
    return valuesOf(name);
}

} // namespace

ValueRange ValueRange::intersected(const ValueRange& other) const
{
    ValueRange both = *this;
    if (other.low > low || (other.low == low && !other.withLow)) {
        both.low = other.low;
        both.withLow = other.withLow;
    }
    if (other.high < high || (other.high == high && !other.withHigh)) {
        both.high = other.high;
        both.withHigh = other.withHigh;
    }
    return both;
}

std::optional<double> literalValue(const Node& node)
{
    const Node& inner = unwrap(node);
    if (const auto* const number = std::get_if<NumberLiteral>(&inner.kind)) {
        return number->value;
    }
    if (const auto* const unary = std::get_if<UnaryExpr>(&inner.kind)) {
        const auto value = literalValue(*unary->inner);
        return value && unary->negative ? std::optional(-*value) : value;
    }
    return std::nullopt;
}

std::optional<ValueRange> rangeWhere(BinaryOp op, double literal)
{
    switch (op) {
    case BinaryOp::equal:
        return ValueRange{literal, literal};
    case BinaryOp::greater:
        return ValueRange{literal, infinity, false, true};
    case BinaryOp::greaterEqual:
        return ValueRange{literal, infinity};
    case BinaryOp::less:
        return ValueRange{-infinity, literal, true, false};
    case BinaryOp::lessEqual:
        return ValueRange{-infinity, literal};
    default:
        return std::nullopt;
    }
}

ValueRange possibleValues(const Node& node)
{
    const Node& inner = unwrap(node);
    if (const auto literal = literalValue(inner)) {
        return {*literal, *literal};
    }
    if (const auto* const binary = std::get_if<BinaryExpr>(&inner.kind)) {
        return valuesOf(*binary);
    }
    if (const auto* const aggregate = std::get_if<Aggregate>(&inner.kind)) {
        return valuesOf(*aggregate);
    }
    if (const auto* const call = std::get_if<Call>(&inner.kind)) {
        return valuesOf(*call);
    }
    return {};
}

} // namespace watchfire::promql
