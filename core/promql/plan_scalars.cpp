// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/kernels/elementwise.h"
#include "core/promql/plan.h"

#include <cmath>
#include <format>
#include <limits>
#include <numbers>

namespace watchfire::promql {

Result<std::vector<double>> Planner::scalar(const Node& node, const StepGrid& grid)
{
    const Measure measure(m_context, m_context.usageOf(node));
    if (grid.count > 1 && m_facts.isStepInvariant(node)) {
        auto once = planScalar(node, grid.firstStep());
        if (!once) {
            return once;
        }
        return std::vector(grid.count, once->front());
    }
    return planScalar(node, grid);
}

Result<std::vector<double>> Planner::planScalar(const Node& node, const StepGrid& grid)
{
    const Node& inner = unwrap(node);
    if (const auto* const number = std::get_if<NumberLiteral>(&inner.kind)) {
        return std::vector(grid.count, number->value);
    }
    if (const auto* const unary = std::get_if<UnaryExpr>(&inner.kind)) {
        auto values = scalar(*unary->inner, grid);
        if (values && unary->negative) {
            for (double& value : *values) {
                value = -value;
            }
        }
        return values;
    }
    if (const auto* const binary = std::get_if<BinaryExpr>(&inner.kind)) {
        return scalarBinary(*binary, grid);
    }
    if (const auto* const call = std::get_if<Call>(&inner.kind)) {
        return scalarCall(*call, grid);
    }
    return fail(ErrorKind::internal, "the expression is no scalar", inner.span);
}

Result<std::vector<double>> Planner::scalarBinary(const BinaryExpr& binary, const StepGrid& grid)
{
    auto left = scalar(*binary.lhs, grid);
    if (!left) {
        return left;
    }
    auto right = scalar(*binary.rhs, grid);
    if (!right) {
        return right;
    }
    if (binary.op == BinaryOp::trimUpper || binary.op == BinaryOp::trimLower) {
        return fail(
            ErrorKind::invalid,
            std::format("operator \"{}\" not allowed for Scalar operations", toText(binary.op)),
            Span{binary.lhs->span.begin, binary.rhs->span.end});
    }
    if (!isComparison(binary.op)) {
        kernels::arithmetic(binary.op, *left, *right, *left);
        return left;
    }
    std::vector<std::uint64_t> holds(wordsFor(grid.count));
    kernels::compare(binary.op, *left, *right, holds);
    for (std::size_t step = 0; step < grid.count; ++step) {
        (*left)[step] = testBit(holds, step) ? 1 : 0;
    }
    return left;
}

Result<std::vector<double>> Planner::scalarCall(const Call& call, const StepGrid& grid)
{
    const std::string_view name = call.function->name;
    const QueryTimes& times = m_context.times();
    const auto always = [&grid](double value) { return std::vector(grid.count, value); };
    const auto seconds = [](std::int64_t ms) { return static_cast<double>(ms) / 1000; };
    if (name == "scalar") {
        return scalarOfVector(*call.arguments[0], grid);
    }
    if (name == "time") {
        std::vector<double> values(grid.count);
        for (std::size_t step = 0; step < grid.count; ++step) {
            values[step] = seconds(grid.at(step));
        }
        return values;
    }
    if (name == "pi") {
        return always(std::numbers::pi);
    }
    if (name == "start") {
        return always(seconds(unixMs(times.start)));
    }
    if (name == "end") {
        return always(seconds(unixMs(times.end)));
    }
    if (name == "range") {
        return always(seconds((times.end - times.start).count()));
    }
    if (name == "step") {
        return always(times.start == times.end ? 0 : seconds(times.step.count()));
    }
    if (name == "min_of" || name == "max_of") {
        auto left = scalar(*call.arguments[0], grid);
        if (!left) {
            return left;
        }
        const auto right = scalar(*call.arguments[1], grid);
        if (!right) {
            return right;
        }
        for (std::size_t step = 0; step < grid.count; ++step) {
            const double a = (*left)[step];
            const double b = (*right)[step];
            (*left)[step] = name == "min_of" ? kernels::lesser(a, b) : kernels::greater(a, b);
        }
        return left;
    }
    return fail(ErrorKind::unsupported, "the function " + std::string(name) + " is not known",
                call.nameSpan);
}

Result<std::vector<double>> Planner::scalarOfVector(const Node& node, const StepGrid& grid)
{
    auto inner = vector(node, grid);
    if (!inner) {
        return std::unexpected(inner.error());
    }
    if (auto opened = (*inner)->open(); !opened) {
        return std::unexpected(opened.error());
    }
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> values(grid.count, nan);
    std::vector<std::uint64_t> seen(wordsFor(grid.count));
    Batch batch;
    for (;;) {
        const auto more = (*inner)->next(batch);
        if (!more) {
            return std::unexpected(more.error());
        }
        if (!*more) {
            return values;
        }
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            forEachBit(batch.present(row), [&](std::size_t step) {
                values[step] = testBit(seen, step) ? nan : batch.values(row)[step];
                setBit(seen, step);
            });
        }
    }
}

} // namespace watchfire::promql
