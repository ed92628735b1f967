// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/prometheus_counts.h"

#include "core/promql/query_facts.h"
#include "core/promql/syntax/functions.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>
#include <unordered_set>

namespace watchfire::promql {

namespace {

/// What evaluating a part over a grid comes to.
struct Counted {
    std::vector<std::uint64_t> total; ///< by step; empty: none
    std::vector<std::uint64_t> read; ///< by step; empty: none
    YieldCounts yields;
    std::uint64_t left = 0; ///< held when it is done, above what was before
    std::uint64_t peak = 0; ///< the same, the most while it is evaluated
};

bool isText(const Node& node)
{
    return node.type == ValueType::string;
}

/// Calls that are numbers by the time they are evaluated.
bool isNumber(const Call& call)
{
    const std::string_view name = call.function->name;
    return name == "start" || name == "end" || name == "range" || name == "step";
}

bool isSelector(const Node& node)
{
    return std::holds_alternative<VectorSelector>(unwrap(node).kind);
}

/// The parts that Prometheus evaluates once for all steps.
/// Source: promql/engine.go, preprocessExprHelper.
class EvaluatedOnce {
public:
    explicit EvaluatedOnce(const Node& root)
    {
        if (visit(root).alone) {
            m_parts.insert(&root);
        }
    }
    bool contains(const Node& part) const { return m_parts.contains(&part); }

private:
    struct Found {
        bool isSame = false; ///< at every step
        bool alone = false; ///< and worth evaluating by itself, once
    };

    Found visit(const Node& node)
    {
        if (const auto* const paren = std::get_if<ParenExpr>(&node.kind)) {
            return visit(*paren->inner);
        }
        if (const auto* const unary = std::get_if<UnaryExpr>(&node.kind)) {
            return visit(*unary->inner);
        }
        if (const auto* const aggregate = std::get_if<Aggregate>(&node.kind)) {
            return visit(*aggregate->inner); // and not the parameter
        }
        if (const auto* const selector = std::get_if<VectorSelector>(&node.kind)) {
            const bool isFixed = selector->modifiers.at != Modifiers::At::none;
            return {isFixed, isFixed};
        }
        if (const auto* const matrix = std::get_if<MatrixSelector>(&node.kind)) {
            return {visit(*matrix->selector).isSame, false};
        }
        if (const auto* const subquery = std::get_if<Subquery>(&node.kind)) {
            if (visit(*subquery->inner).isSame) {
                m_parts.insert(subquery->inner);
            }
            return {subquery->modifiers.at != Modifiers::At::none, false};
        }
        if (const auto* const binary = std::get_if<BinaryExpr>(&node.kind)) {
            return ofParts({binary->lhs, binary->rhs}, true);
        }
        if (const auto* const call = std::get_if<Call>(&node.kind); call && !isNumber(*call)) {
            const std::string_view name = call->function->name;
            const bool ofSelector = name == "timestamp" && isSelector(*call->arguments[0]);
            return ofParts(call->arguments, ofSelector || !asksForTime(name));
        }
        return {true, false};
    }

    Found ofParts(const std::vector<Node*>& parts, bool canBeSame)
    {
        std::vector<const Node*> alone;
        for (const Node* const part : parts) {
            const Found found = visit(*part);
            canBeSame = canBeSame && found.isSame;
            if (found.alone) {
                alone.push_back(part);
            }
        }
        if (canBeSame) {
            return {true, true};
        }
        m_parts.insert(alone.begin(), alone.end());
        return {};
    }

    std::unordered_set<const Node*> m_parts;
};

/// Goes through the tree as Prometheus' evaluator does.
class Evaluator {
public:
    Evaluator(const Node& root, const Profile& profile)
        : m_once(root)
        , m_profile(profile)
    {
    }

    Counted evaluate(const Node& part, const StepGrid& grid) const
    {
        return m_once.contains(part) ? once(part, grid) : everyStep(part, grid);
    }

private:
    Counted everyStep(const Node& part, const StepGrid& grid) const;
    Counted once(const Node& part, const StepGrid& grid) const;
    Counted selector(const VectorSelector& selector, const NodeUsage& usage,
                     const StepGrid& grid) const;
    Counted rangeVector(const Node& node, const StepGrid& grid) const;
    Counted aggregate(const Node& node, const Aggregate& aggregate, const StepGrid& grid) const;
    Counted call(const Node& node, const Call& call, const StepGrid& grid) const;
    Counted timestamp(const Node& node, const StepGrid& grid) const;
    Counted info(const Node& node, const Call& call, const StepGrid& grid) const;
    Counted rangeFunction(const Node& node, const Call& call, const Node& argument,
                          const StepGrid& grid) const;
    Counted stepByStep(const Node& node, std::initializer_list<const Node*> parts,
                       const StepGrid& grid) const
    {
        return stepByStep(node, std::span(parts.begin(), parts.size()), grid);
    }
    Counted stepByStep(const Node& node, std::span<const Node* const> parts,
                       const StepGrid& grid) const;

    YieldCounts yieldsOf(const Node& node, const StepGrid& grid) const;

    EvaluatedOnce m_once;
    const Profile& m_profile;
};

std::vector<std::uint64_t> atEveryStep(std::vector<std::uint64_t> counts, std::size_t steps)
{
    // What is evaluated once here is seen at one step.
    if (counts.size() == 1 && steps > 1) {
        counts.assign(steps, counts.front());
    }
    if (!counts.empty()) {
        counts.resize(steps);
    }
    return counts;
}

YieldCounts atEveryStep(YieldCounts counts, std::size_t steps)
{
    return {atEveryStep(std::move(counts.elements), steps),
            atEveryStep(std::move(counts.moreInSeries), steps),
            atEveryStep(std::move(counts.moreInVector), steps)};
}

/// Evaluates the next of several parts, the earlier of which are held meanwhile.
void follow(Counted& sum, const Counted& next)
{
    addEach(sum.total, next.total);
    addEach(sum.read, next.read);
    sum.peak = std::max(sum.peak, sum.left + next.peak);
    sum.left += next.left;
}

/// Puts together what was evaluated part by part, step by step.
/// Source: promql/engine.go, rangeEval.
void combine(Counted& sum, std::span<const YieldCounts> parts, YieldCounts yields,
             const StepGrid& grid)
{
    std::uint64_t held = sum.left;
    for (std::size_t step = 0; step < grid.count; ++step) {
        std::uint64_t gathered = 0;
        for (const YieldCounts& part : parts) {
            gathered += part.elements.empty() ? 0 : part.elements[step];
        }
        held += yields.inVector(step);
        sum.peak = std::max(sum.peak, held + gathered);
    }
    sum.left = yields.inSeries();
    sum.peak = std::max(sum.peak, sum.left);
    sum.yields = std::move(yields);
}

/// Gives what a subquery read to the steps of the query around it that look at it.
/// Source: util/stats/query_stats.go, MergeSamplesReadFromSubquery.
std::vector<std::uint64_t> readBySteps(const std::vector<std::uint64_t>& read,
                                       const NodeUsage::Evaluated& inner, const StepGrid& outer)
{
    if (outer.count <= 1) {
        return {sumOf(read)};
    }
    std::vector<std::uint64_t> out(outer.count);
    for (std::size_t step = 0; step < read.size(); ++step) {
        const std::int64_t at = inner.grid.at(step) + inner.offsetMs;
        const std::int64_t after = std::max<std::int64_t>(at - outer.startMs, 0);
        const std::size_t reader = std::min(
            static_cast<std::size_t>((after + outer.stepMs - 1) / outer.stepMs), outer.count - 1);
        // Between two windows it is looked at by neither.
        if (at > outer.at(reader) - inner.rangeMs) {
            out[reader] += read[step];
        }
    }
    return out;
}

YieldCounts Evaluator::yieldsOf(const Node& node, const StepGrid& grid) const
{
    if (node.type == ValueType::scalar) {
        return {std::vector<std::uint64_t>(grid.count, 1), {}, {}};
    }
    return atEveryStep(m_profile.known(node).yields, grid.count);
}

Counted Evaluator::once(const Node& part, const StepGrid& grid) const
{
    Counted first = everyStep(part, grid.firstStep());
    const std::uint64_t copies = grid.count - std::min<std::size_t>(grid.count, 1);
    Counted all;
    all.total.assign(grid.count, sumOf(first.total));
    all.read.assign(grid.count, 0);
    if (grid.count > 0) {
        all.read.front() = sumOf(first.read);
    }
    all.left = first.left + copies * first.yields.inSeries();
    all.peak = std::max(first.peak, all.left);
    all.yields = atEveryStep(std::move(first.yields), grid.count);
    return all;
}

Counted Evaluator::everyStep(const Node& part, const StepGrid& grid) const
{
    if (grid.count == 0) {
        return {};
    }
    const Node& node = m_profile.evaluated(unwrap(part));
    if (const auto* const found = std::get_if<VectorSelector>(&node.kind)) {
        return selector(*found, m_profile.known(node), grid);
    }
    if (const auto* const unary = std::get_if<UnaryExpr>(&node.kind)) {
        return everyStep(*unary->inner, grid); // changed where it is
    }
    if (const auto* const binary = std::get_if<BinaryExpr>(&node.kind)) {
        return stepByStep(node, {binary->lhs, binary->rhs}, grid);
    }
    if (const auto* const found = std::get_if<Aggregate>(&node.kind)) {
        return aggregate(node, *found, grid);
    }
    if (const auto* const found = std::get_if<Call>(&node.kind)) {
        return call(node, *found, grid);
    }
    if (node.type == ValueType::matrix) {
        return rangeVector(node, grid);
    }
    return stepByStep(node, {}, grid); // a number
}

Counted Evaluator::stepByStep(const Node& node, std::span<const Node* const> parts,
                              const StepGrid& grid) const
{
    Counted sum;
    std::vector<YieldCounts> yields;
    for (const Node* const part : parts) {
        if (!isText(*part)) {
            Counted counted = evaluate(*part, grid);
            follow(sum, counted);
            yields.push_back(std::move(counted.yields));
        }
    }
    combine(sum, yields, yieldsOf(node, grid), grid);
    return sum;
}

Counted Evaluator::selector(const VectorSelector& selector, const NodeUsage& usage,
                            const StepGrid& grid) const
{
    Counted out;
    out.yields = atEveryStep(usage.yields, grid.count);
    if (selector.edges == RangeEdges::smoothed) {
        out.left = usage.windows.left;
        out.peak = usage.windows.peak;
        return out;
    }
    out.total.resize(grid.count);
    for (std::size_t step = 0; step < grid.count; ++step) {
        out.total[step] = out.yields.inSeries(step);
    }
    out.read = out.total;
    out.left = out.yields.inSeries();
    out.peak = out.left;
    return out;
}

/// One that is the whole query, or what is in the parentheses around it.
Counted Evaluator::rangeVector(const Node& node, const StepGrid& grid) const
{
    const NodeUsage& usage = m_profile.known(node);
    Counted out;
    if (const auto* const subquery = std::get_if<Subquery>(&node.kind)) {
        if (!usage.evaluated) {
            return out;
        }
        out = evaluate(*subquery->inner, usage.evaluated->grid);
        out.total = {sumOf(out.total)};
        out.read = {sumOf(out.read)};
        return out;
    }
    out.total = atEveryStep(usage.windows.all, grid.count);
    out.read = out.total;
    out.left = usage.windows.left;
    out.peak = usage.windows.peak;
    return out;
}

Counted Evaluator::aggregate(const Node& node, const Aggregate& aggregate,
                             const StepGrid& grid) const
{
    if (aggregate.op == AggregateOp::countValues) {
        return stepByStep(node, {aggregate.inner}, grid);
    }
    Counted sum;
    if (aggregate.parameter != nullptr) {
        follow(sum, everyStep(*aggregate.parameter, grid));
    }
    follow(sum, everyStep(*aggregate.inner, grid));
    sum.yields = yieldsOf(node, grid);
    sum.left = sum.yields.inSeries();
    sum.peak = std::max(sum.peak, sum.left);
    return sum;
}

Counted Evaluator::call(const Node& node, const Call& call, const StepGrid& grid) const
{
    if (isNumber(call)) {
        return stepByStep(node, {}, grid);
    }
    const std::string_view name = call.function->name;
    if (name.ends_with("timestamp") && isSelector(*call.arguments[0])) {
        return timestamp(node, grid);
    }
    if (name == "label_replace" || name == "label_join") {
        Counted changed = evaluate(*call.arguments[0], grid);
        changed.yields = yieldsOf(node, grid);
        return changed;
    }
    if (name == "info") {
        return info(node, call, grid);
    }
    for (const Node* const argument : call.arguments) {
        if (argument->type == ValueType::matrix) {
            return rangeFunction(node, call, *argument, grid);
        }
    }
    return stepByStep(node, std::vector<const Node*>(call.arguments.begin(), call.arguments.end()),
                      grid);
}

/// Of stored samples, which are looked at step by step without being kept.
Counted Evaluator::timestamp(const Node& node, const StepGrid& grid) const
{
    Counted out;
    YieldCounts yields = yieldsOf(node, grid);
    out.total = yields.elements;
    out.read = yields.elements;
    const YieldCounts looked = yields;
    combine(out, {&looked, 1}, std::move(yields), grid);
    return out;
}

Counted Evaluator::info(const Node& node, const Call& call, const StepGrid& grid) const
{
    Counted sum = evaluate(*call.arguments[0], grid);
    YieldCounts info = atEveryStep(m_profile.known(node).infoSeries, grid.count);
    Counted looked;
    looked.total = info.elements;
    looked.read = info.elements;
    looked.left = info.inSeries();
    looked.peak = looked.left;
    follow(sum, looked);
    const std::uint64_t operands = sum.left;
    const std::array parts{std::move(sum.yields), std::move(info)};
    combine(sum, parts, yieldsOf(node, grid), grid);
    sum.left += operands; // which are not let go
    sum.peak = std::max(sum.peak, sum.left);
    return sum;
}

Counted Evaluator::rangeFunction(const Node& node, const Call& call, const Node& argument,
                                 const StepGrid& grid) const
{
    const Node& matrix = unwrap(argument);
    const NodeUsage& usage = m_profile.known(matrix);
    Counted sum;
    Counted inner; // of a subquery
    if (const auto* const subquery = std::get_if<Subquery>(&matrix.kind);
        subquery != nullptr && usage.evaluated) {
        inner = evaluate(*subquery->inner, usage.evaluated->grid);
        sum.read = readBySteps(inner.read, *usage.evaluated, grid);
        sum.left = inner.left;
        sum.peak = inner.peak;
    }
    for (const Node* const other : call.arguments) {
        if (other != &argument) {
            follow(sum, evaluate(*other, grid));
        }
    }
    Counted windows;
    windows.total = atEveryStep(usage.windows.all, grid.count);
    if (!usage.evaluated) {
        windows.read = atEveryStep(usage.windows.added, grid.count);
    }
    windows.left = usage.windows.left;
    windows.peak = usage.windows.peak;
    follow(sum, windows);
    sum.left -= inner.yields.inSeries();
    sum.yields = yieldsOf(node, grid);
    return sum;
}

} // namespace

SampleCounts countAsPrometheus(const Node& root, const StepGrid& grid, const Profile& profile)
{
    const Evaluator evaluator(root, profile);
    Counted counted = evaluator.evaluate(root, grid);
    SampleCounts out;
    out.totalPerStep = std::move(counted.total);
    out.readPerStep = std::move(counted.read);
    out.totalPerStep.resize(grid.count);
    out.readPerStep.resize(grid.count);
    out.total = sumOf(out.totalPerStep);
    out.read = sumOf(out.readPerStep);
    out.peak = counted.peak;
    out.startMs = grid.startMs;
    out.stepMs = grid.stepMs;
    return out;
}

} // namespace watchfire::promql
