// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/operator.h"
#include "core/promql/operators/range_runner.h"
#include "core/promql/operators/shared_rows.h"
#include "core/promql/query_facts.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::promql {

/// Makes operators of a checked query. The tree must outlive them.
class Planner {
public:
    Planner(EvalContext& context, const QueryFacts& facts)
        : m_context(context)
        , m_facts(facts)
    {
    }

    /// The series of an instant-vector expression; not opened.
    Result<OperatorPtr> vector(const Node& node, const StepGrid& grid);
    /// The value of a scalar expression at every step.
    Result<std::vector<double>> scalar(const Node& node, const StepGrid& grid);
    /// The grid a subquery is evaluated on so that all windows of `outer` are covered.
    Result<StepGrid> subqueryGrid(const Node& node, const StepGrid& outer);
    /// Nothing more is planned: what several parts share is let go when the last has read it.
    void end();

private:
    Result<OperatorPtr> own(const Node& node, const StepGrid& grid);
    Result<OperatorPtr> plan(const Node& node, const StepGrid& grid);
    using Names = std::vector<std::string>;
    Result<OperatorPtr> selector(const Node& node, const VectorSelector& selector,
                                 const StepGrid& grid, const Names* needed);
    Result<OperatorPtr> unary(const UnaryExpr& unary, const StepGrid& grid, const Names* needed);
    Result<OperatorPtr> binary(const Node& node, const BinaryExpr& binary, const StepGrid& grid,
                               const Names* needed);
    Result<OperatorPtr> aggregate(const Node& node, const Aggregate& aggregate,
                                  const StepGrid& grid);
    Result<OperatorPtr> call(const Node& node, const Call& call, const StepGrid& grid,
                             const Names* needed);
    Result<OperatorPtr> timestamp(const Call& call, const StepGrid& grid);
    Result<OperatorPtr> datePart(const Call& call, const StepGrid& grid);
    Result<OperatorPtr> rangeFunction(const Call& call, const StepGrid& grid, const Names* needed);
    Result<OperatorPtr> absent(const Call& call, const StepGrid& grid);
    Result<OperatorPtr> relabel(const Call& call, const StepGrid& grid);
    Result<OperatorPtr> sort(const Node& node, const Call& call, const StepGrid& grid);
    Result<OperatorPtr> histogramFraction(const Call& call, const StepGrid& grid);
    Result<OperatorPtr> histogramQuantile(const Call& call, const StepGrid& grid);
    Result<OperatorPtr> histogramQuantiles(const Call& call, const StepGrid& grid);
    Result<OperatorPtr> info(const Node& node, const Call& call, const StepGrid& grid);
    Result<OperatorPtr> map(const Call& call, const StepGrid& grid, const Names* needed);

    /// A range function over its range-vector argument, a selector or a subquery.
    Result<OperatorPtr> rangeOperator(const RangeFunction& function, const Call& call,
                                      const StepGrid& grid, const Names* needed = nullptr);

    Result<std::vector<double>> planScalar(const Node& node, const StepGrid& grid);
    Result<std::vector<double>> scalarOfVector(const Node& node, const StepGrid& grid);
    Result<std::vector<double>> scalarCall(const Call& call, const StepGrid& grid);
    Result<std::vector<double>> scalarBinary(const BinaryExpr& binary, const StepGrid& grid);

    /// Merges series that a dropped name made equal; nothing to do when names go at the end.
    OperatorPtr afterDroppedNames(OperatorPtr inner) const;

    /// Takes what is needed of the labels of the part about to be planned, if it was said.
    const std::vector<std::string>* takeNeeded() { return std::exchange(m_needed, nullptr); }

    EvalContext& m_context;
    const QueryFacts& m_facts;
    /// The only labels that are looked at of the next part; null: any may be.
    const std::vector<std::string>* m_needed = nullptr;
    /// Parts that stand in the query several times, by text and grid.
    struct Shared {
        const Node* node = nullptr; ///< that is evaluated
        std::shared_ptr<SharedRows> rows;
    };
    std::map<std::pair<std::string, StepGrid>, Shared> m_shared;
};

/// The text of a string argument.
const std::string& stringOf(const Node& node);

} // namespace watchfire::promql
