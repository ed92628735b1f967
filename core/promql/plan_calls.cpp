// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/functions/map_functions.h"
#include "core/promql/operators/absent.h"
#include "core/promql/operators/bucket_function.h"
#include "core/promql/operators/info.h"
#include "core/promql/operators/instant_scan.h"
#include "core/promql/operators/merge.h"
#include "core/promql/operators/relabel.h"
#include "core/promql/operators/sort.h"
#include "core/promql/plan.h"
#include "core/text/number.h"

#include <cmath>
#include <compare>
#include <map>

namespace watchfire::promql {

namespace {

/// The first selector of an expression, reading from the left, and the offset and @ it is under:
/// its own and those of the subqueries around it, up to the first @.
struct ReferenceTime {
    bool found = false;
    Modifiers modifiers;
    std::vector<const Modifiers*> around; ///< from the inside
};

void findReference(const Node& node, ReferenceTime& out)
{
    if (out.found) {
        return;
    }
    if (const auto* const selector = std::get_if<VectorSelector>(&node.kind)) {
        out.found = true;
        out.modifiers = selector->modifiers;
    } else if (const auto* const paren = std::get_if<ParenExpr>(&node.kind)) {
        findReference(*paren->inner, out);
    } else if (const auto* const unary = std::get_if<UnaryExpr>(&node.kind)) {
        findReference(*unary->inner, out);
    } else if (const auto* const matrix = std::get_if<MatrixSelector>(&node.kind)) {
        findReference(*matrix->selector, out);
    } else if (const auto* const subquery = std::get_if<Subquery>(&node.kind)) {
        findReference(*subquery->inner, out);
        if (out.found) {
            out.around.push_back(&subquery->modifiers);
        }
    } else if (const auto* const binary = std::get_if<BinaryExpr>(&node.kind)) {
        findReference(*binary->lhs, out);
        findReference(*binary->rhs, out);
    } else if (const auto* const aggregate = std::get_if<Aggregate>(&node.kind)) {
        findReference(*aggregate->inner, out);
    } else if (const auto* const call = std::get_if<Call>(&node.kind)) {
        for (const Node* const argument : call->arguments) {
            findReference(*argument, out);
        }
    }
}

struct TotalOrder {
    bool operator()(double a, double b) const { return std::strong_order(a, b) < 0; }
};

/// As `quantile` labels are normalised: 1 is "1.0".
std::string quantileLabelOf(double phi)
{
    if (phi == 0) {
        return "0.0"; // without a sign
    }
    std::string label = text::formatG(phi);
    if (std::isfinite(phi) && label.find_first_of(".e") == std::string::npos) {
        label += ".0";
    }
    return label;
}

} // namespace

Result<OperatorPtr> Planner::call(const Node& node, const Call& call, const StepGrid& grid,
                                  const Names* needed)
{
    const std::string_view name = call.function->name;
    if (name == "vector") {
        return vector(*call.arguments[0], grid);
    }
    if (name == "timestamp" || name == "start_timestamp") {
        return timestamp(call, grid);
    }
    if (name == "absent" || name == "absent_over_time") {
        return absent(call, grid);
    }
    if (findRangeFunction(name) != nullptr) {
        return rangeFunction(call, grid, needed);
    }
    if (name == "label_replace" || name == "label_join") {
        return relabel(call, grid);
    }
    if (name.starts_with("sort")) {
        return sort(node, call, grid);
    }
    if (name == "histogram_fraction") {
        return histogramFraction(call, grid);
    }
    if (name == "histogram_quantile") {
        return histogramQuantile(call, grid);
    }
    if (name == "histogram_quantiles") {
        return histogramQuantiles(call, grid);
    }
    if (name == "info") {
        return info(node, call, grid);
    }
    if (call.arguments.empty() && findDatePart(name) != nullptr) {
        return datePart(call, grid);
    }
    return map(call, grid, needed);
}

Result<OperatorPtr> Planner::timestamp(const Call& call, const StepGrid& grid)
{
    const Node& argument = unwrap(*call.arguments[0]);
    const bool isStart = call.function->name == "start_timestamp";
    const auto* const selector = std::get_if<VectorSelector>(&argument.kind);
    if (isStart && (selector == nullptr || !m_context.options().useStartTimestamps)) {
        // Only stored samples know when their counters started.
        return std::make_unique<Materialized>(m_context, grid);
    }
    if (selector == nullptr) {
        return map(call, grid, nullptr);
    }
    auto at = shiftedTimes(m_context, grid, selector->modifiers);
    if (!at) {
        return std::unexpected(at.error());
    }
    return afterDroppedNames(std::make_unique<InstantScan>(
        m_context, grid, *selector, std::move(*at),
        isStart ? InstantScan::Yield::startTimestamp : InstantScan::Yield::timestamp));
}

Result<OperatorPtr> Planner::datePart(const Call& call, const StepGrid& grid)
{
    const DatePart part = findDatePart(call.function->name);
    std::vector<double> values(grid.count);
    for (std::size_t step = 0; step < grid.count; ++step) {
        values[step] = part(static_cast<double>(grid.at(step) / 1000));
    }
    return std::make_unique<ScalarVector>(m_context, grid, std::move(values));
}

Result<OperatorPtr> Planner::map(const Call& call, const StepGrid& grid, const Names* needed)
{
    std::vector<std::vector<double>> scalars;
    const Node* argument = nullptr;
    for (const Node* const node : call.arguments) {
        if (node->type != ValueType::scalar) {
            argument = node;
            continue;
        }
        auto values = scalar(*node, grid);
        if (!values) {
            return std::unexpected(values.error());
        }
        scalars.push_back(std::move(*values));
    }
    auto function = mapFunction(call.function->name, std::move(scalars), grid);
    if (!function || argument == nullptr) {
        return fail(ErrorKind::unsupported,
                    "the function " + std::string(call.function->name) + " is not known",
                    call.nameSpan);
    }
    m_needed = needed;
    auto inner = vector(*argument, grid);
    if (!inner) {
        return inner;
    }
    return afterDroppedNames(std::make_unique<Map>(std::move(*inner), std::move(*function)));
}

Result<OperatorPtr> Planner::absent(const Call& call, const StepGrid& grid)
{
    const Node& argument = unwrap(*call.arguments[0]);
    Labels labels;
    Result<OperatorPtr> inner;
    if (call.function->name == "absent") {
        if (const auto* const selector = std::get_if<VectorSelector>(&argument.kind)) {
            labels = labelsOfAbsent(selector->matchers);
        }
        inner = vector(argument, grid);
    } else {
        if (const auto* const matrix = std::get_if<MatrixSelector>(&argument.kind)) {
            labels = labelsOfAbsent(std::get<VectorSelector>(matrix->selector->kind).matchers);
        }
        inner = rangeOperator(*findRangeFunction("absent_over_time"), call, grid);
    }
    if (!inner) {
        return inner;
    }
    return std::make_unique<Absent>(std::move(*inner), std::move(labels));
}

Result<OperatorPtr> Planner::relabel(const Call& call, const StepGrid& grid)
{
    std::vector<std::string> texts;
    for (std::size_t i = 1; i < call.arguments.size(); ++i) {
        texts.push_back(stringOf(*call.arguments[i]));
    }
    auto change = call.function->name == "label_replace"
        ? labelReplace(texts[0], texts[1], texts[2], texts[3])
        : labelJoin(texts[0], texts[1], {texts.begin() + 2, texts.end()});
    if (!change) {
        return std::unexpected(change.error());
    }
    auto inner = vector(*call.arguments[0], grid);
    if (!inner) {
        return inner;
    }
    return std::make_unique<MergeEqual>(std::make_unique<Relabel>(
        std::move(*inner), std::move(*change), texts[0] == metricNameLabel));
}

Result<OperatorPtr> Planner::sort(const Node& node, const Call& call, const StepGrid& grid)
{
    const std::string_view name = call.function->name;
    std::vector<std::string> labels;
    for (std::size_t i = 1; i < call.arguments.size(); ++i) {
        labels.push_back(stringOf(*call.arguments[i]));
    }
    auto inner = vector(*call.arguments[0], grid);
    if (!inner) {
        return inner;
    }
    return std::make_unique<Sort>(std::move(*inner),
                                  name.contains("label") ? Sort::By::label : Sort::By::value,
                                  name.ends_with("_desc"), std::move(labels), node.span);
}

Result<OperatorPtr> Planner::histogramFraction(const Call& call, const StepGrid& grid)
{
    auto lower = scalar(*call.arguments[0], grid);
    if (!lower) {
        return std::unexpected(lower.error());
    }
    auto upper = scalar(*call.arguments[1], grid);
    if (!upper) {
        return std::unexpected(upper.error());
    }
    auto inner = vector(*call.arguments[2], grid);
    if (!inner) {
        return inner;
    }
    BucketFunction::Question question;
    question.lower = std::move(*lower);
    question.upper = std::move(*upper);
    return std::make_unique<MergeEqual>(
        std::make_unique<BucketFunction>(std::move(*inner), std::vector{std::move(question)},
                                         std::string(), unwrap(*call.arguments[2]).span));
}

Result<OperatorPtr> Planner::histogramQuantile(const Call& call, const StepGrid& grid)
{
    auto phi = scalar(*call.arguments[0], grid);
    if (!phi) {
        return std::unexpected(phi.error());
    }
    auto inner = vector(*call.arguments[1], grid);
    if (!inner) {
        return inner;
    }
    BucketFunction::Question question;
    question.phi = std::move(*phi);
    question.span = unwrap(*call.arguments[0]).span;
    return std::make_unique<MergeEqual>(
        std::make_unique<BucketFunction>(std::move(*inner), std::vector{std::move(question)},
                                         std::string(), unwrap(*call.arguments[1]).span));
}

Result<OperatorPtr> Planner::histogramQuantiles(const Call& call, const StepGrid& grid)
{
    std::vector<BucketFunction::Question> questions;
    for (std::size_t i = 2; i < call.arguments.size(); ++i) {
        auto phi = scalar(*call.arguments[i], grid);
        if (!phi) {
            return std::unexpected(phi.error());
        }
        // The label is of the step: one question for each value there is.
        std::map<double, BucketFunction::Question, TotalOrder> byValue;
        for (std::size_t step = 0; step < phi->size(); ++step) {
            BucketFunction::Question& question = byValue[(*phi)[step]];
            question.steps.push_back(step);
        }
        for (auto& [value, question] : byValue) {
            question.label = quantileLabelOf(value);
            question.phi.assign(grid.count, value);
            question.span = unwrap(*call.arguments[i]).span;
            questions.push_back(std::move(question));
        }
    }
    auto inner = vector(*call.arguments[0], grid);
    if (!inner) {
        return inner;
    }
    return std::make_unique<MergeEqual>(std::make_unique<BucketFunction>(
        std::move(*inner), std::move(questions), stringOf(*call.arguments[1]),
        unwrap(*call.arguments[0]).span));
}

Result<OperatorPtr> Planner::info(const Node& node, const Call& call, const StepGrid& grid)
{
    ReferenceTime reference;
    findReference(*call.arguments[0], reference);
    auto at = shiftedTimes(m_context, grid, reference.modifiers);
    if (!at) {
        return std::unexpected(at.error());
    }
    bool anchored = reference.modifiers.at != Modifiers::At::none;
    for (const Modifiers* const modifiers : reference.around) {
        if (anchored) {
            break;
        }
        // What the enclosing subquery shifts by, on top of what is shifted already.
        const auto shifted = shiftedTimes(m_context, grid, *modifiers);
        if (!shifted) {
            return std::unexpected(shifted.error());
        }
        for (std::size_t step = 0; step < at->size(); ++step) {
            (*at)[step] += (*shifted)[step] - grid.at(step);
        }
        anchored = modifiers->at != Modifiers::At::none;
    }
    auto inner = vector(*call.arguments[0], grid);
    if (!inner) {
        return inner;
    }
    const Matchers* const matchers = call.arguments.size() > 1
        ? &std::get<VectorSelector>(unwrap(*call.arguments[1]).kind).matchers
        : nullptr;
    auto enriched = std::make_unique<Info>(std::move(*inner), matchers, std::move(*at));
    enriched->observeInfo(m_context.usageOf(node));
    return enriched;
}

} // namespace watchfire::promql
