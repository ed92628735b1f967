// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/plan.h"

#include "core/promql/functions/map_functions.h"
#include "core/promql/operators/group_fold.h"
#include "core/promql/operators/group_pick.h"
#include "core/promql/operators/group_quantile.h"
#include "core/promql/operators/instant_scan.h"
#include "core/promql/operators/join.h"
#include "core/promql/operators/map.h"
#include "core/promql/operators/merge.h"
#include "core/promql/operators/scalar_binary.h"
#include "core/promql/operators/set_operation.h"
#include "core/promql/operators/smoothed_scan.h"
#include "core/promql/syntax/printer.h"

namespace watchfire::promql {

namespace {

/// Yields what another does: for a part that does nothing to its operand, so that each can be
/// observed.
class Pass final : public Operator {
public:
    explicit Pass(OperatorPtr inner)
        : Operator(inner->context(), inner->grid())
        , m_inner(std::move(inner))
    {
    }

private:
    Result<void> prepare() override
    {
        if (auto opened = m_inner->open(); !opened) {
            return opened;
        }
        m_schema = m_inner->schema();
        m_staysDistinct = m_inner->staysDistinct();
        m_sharesLabels = m_inner->sharesLabels();
        return {};
    }
    Result<bool> produce(Batch& out) override { return m_inner->next(out); }

    OperatorPtr m_inner;
};

} // namespace

const std::string& stringOf(const Node& node)
{
    return std::get<StringLiteral>(unwrap(node).kind).value;
}

OperatorPtr Planner::afterDroppedNames(OperatorPtr inner) const
{
    if (m_context.options().delayedNameRemoval) {
        return inner;
    }
    return std::make_unique<MergeEqual>(std::move(inner));
}

Result<OperatorPtr> Planner::vector(const Node& node, const StepGrid& grid)
{
    const std::string* const text = m_facts.sharedText(node);
    if (text == nullptr) {
        return own(node, grid);
    }
    takeNeeded(); // others may need more
    Shared& shared = m_shared[{*text, grid}];
    if (shared.rows == nullptr) {
        auto inner = own(node, grid);
        if (!inner) {
            return inner;
        }
        shared = {&unwrap(node), std::make_shared<SharedRows>(std::move(*inner))};
    } else if (m_context.profile != nullptr) {
        m_context.profile->share(unwrap(node), *shared.node);
    }
    return SharedRows::reader(shared.rows);
}

void Planner::end()
{
    for (const auto& [place, shared] : m_shared) {
        shared.rows->close();
    }
    m_shared.clear();
}

Result<OperatorPtr> Planner::own(const Node& node, const StepGrid& grid)
{
    const bool isInvariant = m_facts.isStepInvariant(node);
    auto planned = plan(node, isInvariant ? grid.firstStep() : grid);
    if (planned && isInvariant && grid.count > 1) {
        planned = std::make_unique<Broadcast>(std::move(*planned), grid, m_context);
    }
    NodeUsage* const usage = m_context.usageOf(node);
    if (planned && usage != nullptr) {
        if ((*planned)->isObserved()) {
            planned = std::make_unique<Pass>(std::move(*planned));
        }
        (*planned)->observe(usage);
    }
    return planned;
}

Result<OperatorPtr> Planner::plan(const Node& node, const StepGrid& grid)
{
    const Node& inner = unwrap(node);
    const Names* const needed = takeNeeded();
    if (inner.type == ValueType::scalar) {
        auto values = scalar(inner, grid);
        if (!values) {
            return std::unexpected(values.error());
        }
        return std::make_unique<ScalarVector>(m_context, grid, std::move(*values));
    }
    if (const auto* const found = std::get_if<VectorSelector>(&inner.kind)) {
        return selector(inner, *found, grid, needed);
    }
    if (const auto* const found = std::get_if<UnaryExpr>(&inner.kind)) {
        return unary(*found, grid, needed);
    }
    if (const auto* const found = std::get_if<BinaryExpr>(&inner.kind)) {
        return binary(inner, *found, grid, needed);
    }
    if (const auto* const found = std::get_if<Aggregate>(&inner.kind)) {
        return aggregate(inner, *found, grid);
    }
    if (const auto* const found = std::get_if<Call>(&inner.kind)) {
        return call(inner, *found, grid, needed);
    }
    return fail(ErrorKind::internal, "the expression is no instant vector", inner.span);
}

Result<OperatorPtr> Planner::selector(const Node& node, const VectorSelector& selector,
                                      const StepGrid& grid, const Names* needed)
{
    auto at = shiftedTimes(m_context, grid, selector.modifiers);
    if (!at) {
        return std::unexpected(at.error());
    }
    switch (selector.edges) {
    case RangeEdges::plain:
    case RangeEdges::anchored: // there is no window whose edge it could be about
        break;
    case RangeEdges::smoothed: {
        auto scan
            = std::make_unique<SmoothedScan>(m_context, grid, selector, std::move(*at), node.span);
        scan->observeWindows(m_context.usageOf(node));
        return scan;
    }
    }
    auto scan = std::make_unique<InstantScan>(m_context, grid, selector, std::move(*at),
                                              InstantScan::Yield::sample);
    scan->settleResets(m_facts.isStatisticsOnly(selector));
    if (needed != nullptr) {
        scan->needOnly(*needed);
    }
    return scan;
}

Result<OperatorPtr> Planner::unary(const UnaryExpr& unary, const StepGrid& grid,
                                   const Names* needed)
{
    m_needed = needed;
    auto inner = vector(*unary.inner, grid);
    if (!inner || !unary.negative) {
        return inner;
    }
    return afterDroppedNames(std::make_unique<Map>(std::move(*inner), negation()));
}

Result<OperatorPtr> Planner::binary(const Node& node, const BinaryExpr& binary,
                                    const StepGrid& grid, const Names* needed)
{
    const BinaryCall operation{binary.op, binary.returnBool, node.span, m_context};
    const bool leftIsScalar = binary.lhs->type == ValueType::scalar;
    if (leftIsScalar || binary.rhs->type == ValueType::scalar) {
        m_needed = needed;
        auto inner = vector(leftIsScalar ? *binary.rhs : *binary.lhs, grid);
        if (!inner) {
            return inner;
        }
        auto values = scalar(leftIsScalar ? *binary.lhs : *binary.rhs, grid);
        if (!values) {
            return std::unexpected(values.error());
        }
        auto result = std::make_unique<ScalarBinary>(std::move(*inner), std::move(*values),
                                                     leftIsScalar, operation);
        if (changesMetric(binary.op) || binary.returnBool) {
            return afterDroppedNames(std::move(result));
        }
        return result;
    }
    auto left = vector(*binary.lhs, grid);
    if (!left) {
        return left;
    }
    auto right = vector(*binary.rhs, grid);
    if (!right) {
        return right;
    }
    OperatorPtr result;
    if (isSetOperator(binary.op)) {
        auto both = std::make_unique<SetOperation>(std::move(*left), std::move(*right),
                                                   *binary.matching, binary.op);
        both->observeMatching(m_context.usageOf(node));
        result = std::move(both);
        if (binary.op != BinaryOp::logicalOr) {
            return result;
        }
    } else {
        auto join = std::make_unique<Join>(std::move(*left), std::move(*right), *binary.matching,
                                           operation);
        join->observeMatching(m_context.usageOf(node));
        result = std::move(join);
    }
    return std::make_unique<MergeEqual>(std::move(result));
}

Result<OperatorPtr> Planner::aggregate(const Node& node, const Aggregate& aggregate,
                                       const StepGrid& grid)
{
    const Span argument = unwrap(*aggregate.inner).span;
    if (aggregate.op == AggregateOp::countValues) {
        const std::string& label = stringOf(*aggregate.parameter);
        if (!isValidName(label)) {
            return fail(ErrorKind::invalid,
                        "invalid label name " + print(unwrap(*aggregate.parameter)));
        }
        auto inner = vector(*aggregate.inner, grid);
        if (!inner) {
            return inner;
        }
        return std::make_unique<CountValues>(std::move(*inner), aggregate, label);
    }
    std::vector<double> parameter;
    Span parameterSpan;
    if (aggregate.parameter != nullptr) {
        auto values = scalar(*aggregate.parameter, grid);
        if (!values) {
            return std::unexpected(values.error());
        }
        parameter = std::move(*values);
        parameterSpan = unwrap(*aggregate.parameter).span;
    }
    const bool yieldsSeries = aggregate.op == AggregateOp::topk
        || aggregate.op == AggregateOp::bottomk || aggregate.op == AggregateOp::limitk
        || aggregate.op == AggregateOp::limitRatio;
    m_needed = yieldsSeries || aggregate.without ? nullptr : &aggregate.grouping;
    auto inner = vector(*aggregate.inner, grid);
    if (!inner) {
        return inner;
    }
    switch (aggregate.op) {
    case AggregateOp::topk:
    case AggregateOp::bottomk:
    case AggregateOp::limitk:
    case AggregateOp::limitRatio:
        return std::make_unique<GroupPick>(std::move(*inner), aggregate, std::move(parameter),
                                           node.span, parameterSpan);
    case AggregateOp::quantile:
        return std::make_unique<GroupQuantile>(std::move(*inner), aggregate, std::move(parameter),
                                               argument, parameterSpan);
    default: // all that fold a group's series into one
        return std::make_unique<GroupFold>(std::move(*inner), aggregate, argument);
    }
}

Result<StepGrid> Planner::subqueryGrid(const Node& node, const StepGrid& outer)
{
    const auto& subquery = std::get<Subquery>(node.kind);
    const auto ends = shiftedTimes(m_context, outer, subquery.modifiers);
    if (!ends) {
        return std::unexpected(ends.error());
    }
    const auto range = lengthMs(m_context, subquery.range, subquery.rangeExpr);
    if (!range) {
        return std::unexpected(range.error());
    }
    auto step = lengthMs(m_context, subquery.step, subquery.stepExpr);
    if (!step) {
        return std::unexpected(step.error());
    }
    if (*step == 0) {
        *step = std::max<std::int64_t>(m_context.options().subqueryStep.count(), 1);
    }
    StepGrid grid{0, *step, 0};
    if (!ends->empty()) {
        // Multiples of the step strictly after the first window's start.
        const std::int64_t before = ends->front() - *range;
        grid.startMs = *step * (before / *step);
        if (grid.startMs <= before) {
            grid.startMs += *step;
        }
        const std::int64_t end = ends->back();
        if (end >= grid.startMs) {
            grid.count = static_cast<std::size_t>((end - grid.startMs) / *step) + 1;
        }
        grid.isRange = grid.startMs < end;
    }
    if (NodeUsage* const usage = m_context.usageOf(node)) {
        usage->evaluated
            = NodeUsage::Evaluated{grid, *offsetMs(m_context, subquery.modifiers), *range};
    }
    return grid;
}

} // namespace watchfire::promql
