// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/merge.h"
#include "core/promql/operators/range_scan.h"
#include "core/promql/plan.h"

namespace watchfire::promql {

Result<OperatorPtr> Planner::rangeFunction(const Call& call, const StepGrid& grid,
                                           const Names* needed)
{
    const RangeFunction& function = *findRangeFunction(call.function->name);
    auto result = rangeOperator(function, call, grid, needed);
    if (!result || m_context.options().delayedNameRemoval) {
        return result;
    }
    // Unlike after other functions, series that become equal may not even take turns.
    return std::make_unique<MergeEqual>(std::move(*result), MergeEqual::Turns::refused);
}

Result<OperatorPtr> Planner::rangeOperator(const RangeFunction& function, const Call& call,
                                           const StepGrid& grid, const Names* needed)
{
    const Node* argument = nullptr;
    RangeCall use{.function = function, .lookbackMs = m_context.options().lookback.count()};
    for (const Node* const node : call.arguments) {
        if (node->type == ValueType::matrix) {
            argument = &unwrap(*node);
            continue;
        }
        auto values = scalar(*node, grid);
        if (!values) {
            return std::unexpected(values.error());
        }
        if (use.parameters.empty()) {
            use.parameterSpan = unwrap(*node).span;
        }
        use.parameters.push_back(std::move(*values));
    }
    use.argument = argument->span;
    use.stop = m_context.stop();
    use.countsSamples = m_context.options().countSamples;
    use.evaluatedAt.resize(grid.count);
    for (std::size_t step = 0; step < grid.count; ++step) {
        use.evaluatedAt[step] = grid.at(step);
    }
    if (const auto* const subquery = std::get_if<Subquery>(&argument->kind)) {
        auto ends = shiftedTimes(m_context, grid, subquery->modifiers);
        const auto range = lengthMs(m_context, subquery->range, subquery->rangeExpr);
        auto innerGrid = subqueryGrid(*argument, grid);
        if (!innerGrid || !ends || !range) {
            return std::unexpected(innerGrid.error());
        }
        use.ends = std::move(*ends);
        use.rangeMs = *range;
        auto inner = vector(*subquery->inner, *innerGrid);
        if (!inner) {
            return inner;
        }
        auto scan
            = std::make_unique<SubqueryScan>(m_context, grid, std::move(*inner), std::move(use));
        scan->observeWindows(m_context.usageOf(*argument));
        return scan;
    }
    const auto& matrix = std::get<MatrixSelector>(argument->kind);
    const auto& selector = std::get<VectorSelector>(matrix.selector->kind);
    use.edges = selector.edges;
    if (auto checked = checkEdges(function, use.edges); !checked) {
        return std::unexpected(checked.error());
    }
    auto ends = shiftedTimes(m_context, grid, selector.modifiers);
    if (!ends) {
        return std::unexpected(ends.error());
    }
    const auto range = lengthMs(m_context, matrix.range, matrix.rangeExpr);
    if (!range) {
        return std::unexpected(range.error());
    }
    use.ends = std::move(*ends);
    use.rangeMs = *range;
    auto scan = std::make_unique<RangeScan>(m_context, grid, selector, std::move(use));
    scan->observeWindows(m_context.usageOf(*argument));
    scan->settleResets(m_facts.isStatisticsOnly(selector));
    if (needed != nullptr) {
        scan->needOnly(*needed);
    }
    return scan;
}

} // namespace watchfire::promql
