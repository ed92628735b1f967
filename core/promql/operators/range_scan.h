// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/range_runner.h"
#include "core/promql/operators/selection.h"

namespace watchfire::promql {

/// What the two sources of range vectors share: the call, its labels, the runner.
class RangeOperator : public Operator {
public:
    RangeOperator(EvalContext& context, StepGrid grid, RangeCall call);

protected:
    /// The schema of results from that of the argument.

    void setSchema(const Schema& argument);

    RangeCall m_call;
    RangeRunner m_runner;
};

/// A range function over a selector, in one: samples never leave it.
class RangeScan final : public RangeOperator {
public:
    RangeScan(EvalContext& context, StepGrid grid, const VectorSelector& selector, RangeCall call);
    /// Settles unknown counter resets of histograms against the sample before.
    void settleResets(bool settle) { m_settlesResets = settle; }

private:
    Result<void> prepare() override;
    Result<bool> produce(Batch& out) override;

    const VectorSelector& m_selector;
    bool m_settlesResets = false;
    Selection m_selection;
    storage::Column m_column;
};

/// A range function over a subquery: the rows of the inner operator, over its own grid, are
/// the columns.
class SubqueryScan final : public RangeOperator {
public:
    SubqueryScan(EvalContext& context, StepGrid grid, OperatorPtr inner, RangeCall call);

private:
    Result<void> prepare() override;
    Result<bool> produce(Batch& out) override;

    OperatorPtr m_inner;
    std::vector<std::int64_t> m_timeline;
    Batch m_rows;
    storage::Column m_column;
};

/// The row as a column over its grid's timeline.
void toColumn(const Batch& batch, std::size_t row, storage::Column& out);

} // namespace watchfire::promql
