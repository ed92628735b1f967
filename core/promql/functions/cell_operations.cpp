// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/functions/cell_operations.h"

#include "core/promql/histogram/arithmetic.h"
#include "core/promql/histogram/trim.h"
#include "core/promql/kernels/elementwise.h"

namespace watchfire::promql {

namespace {

Cell made(Histogram histogram)
{
    return Cell::of(std::make_shared<const Histogram>(std::move(histogram)));
}

} // namespace

BinaryCall::Outcome BinaryCall::incompatible(std::string_view left, std::string_view right) const
{
    context.annotations.inform(remarks::incompatibleTypes(left, toText(op), right), span);
    return {{}, false, false};
}

BinaryCall::Outcome BinaryCall::ofHistograms(const Histogram& left, const Histogram& right,
                                             const Cell& value) const
{
    if (op == BinaryOp::equal || op == BinaryOp::notEqual) {
        return {value, sameHistogram(left, right) == (op == BinaryOp::equal), true};
    }
    if (op != BinaryOp::add && op != BinaryOp::sub) {
        return incompatible("histogram", "histogram");
    }
    const bool adds = op == BinaryOp::add;
    Histogram result = left;
    const HistogramOutcome outcome = adds ? addTo(result, right) : subtractFrom(result, right);
    const std::string_view name = adds ? "addition" : "subtraction";
    if (!outcome.compatible) {
        context.annotations.warn(remarks::incompatibleBuckets(toText(op)), span);
        return {{}, false, false};
    }
    if (outcome.resetCollision) {
        // Prometheus hands this warning on as the reason why there is no result
        // (promql/engine.go, VectorBinop).
        context.annotations.warn(remarks::resetCollision(name), span);
        return {{}, false, false};
    }
    if (outcome.reconciledBounds) {
        context.annotations.inform(remarks::reconciledBounds(name), span);
    }
    if (!adds) {
        result.resetHint = CounterReset::gauge; // a difference may fall
    }
    return {made(std::move(result))};
}

BinaryCall::Outcome BinaryCall::compute(const Cell& left, const Cell& right) const
{
    const bool leftIsNumber = left.kind == Cell::Kind::number;
    const bool rightIsNumber = right.kind == Cell::Kind::number;
    if (leftIsNumber && rightIsNumber) {
        if (isComparison(op)) {
            return {left, kernels::compare(op, left.number, right.number), true};
        }
        if (op == BinaryOp::trimUpper || op == BinaryOp::trimLower) {
            return incompatible("float", "float");
        }
        return {Cell::of(kernels::arithmetic(op, left.number, right.number))};
    }
    if (leftIsNumber) {
        if (op != BinaryOp::mul) {
            return incompatible("float", "histogram");
        }
        Histogram result = *right.histogram;
        multiply(result, left.number);
        return {made(std::move(result))};
    }
    if (!rightIsNumber) {
        return ofHistograms(*left.histogram, *right.histogram, left);
    }
    Histogram result = *left.histogram;
    switch (op) {
    case BinaryOp::mul:
        multiply(result, right.number);
        break;
    case BinaryOp::div:
        divide(result, right.number);
        break;
    case BinaryOp::trimUpper:
        trimAbove(result, right.number);
        break;
    case BinaryOp::trimLower:
        trimBelow(result, right.number);
        break;
    default: // all that is left means nothing between a histogram and a number
        return incompatible("histogram", "float");
    }
    return {made(std::move(result))};
}

Cell BinaryCall::result(Outcome outcome) const
{
    if (!outcome.known) {
        return {};
    }
    if (returnBool) {
        return Cell::of(outcome.holds ? 1.0 : 0.0);
    }
    return outcome.holds ? std::move(outcome.value) : Cell{};
}

} // namespace watchfire::promql
