// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/range_runner.h"
#include "core/promql/operators/scan.h"

namespace watchfire::promql {

/// A range function over a selector, in one: samples never leave it.
class RangeScan final : public Scan {
public:
    RangeScan(EvalContext& context, StepGrid grid, const VectorSelector& selector, RangeCall call);

private:
    Result<void> prepare() override;
    std::unique_ptr<SeriesFiller> filler() const override;

    RangeCall m_call;
    bool m_useStarts;
};

/// A range function over a subquery: the rows of the inner operator, over its own grid, are
/// the columns.
class SubqueryScan final : public Operator {
public:
    SubqueryScan(EvalContext& context, StepGrid grid, OperatorPtr inner, RangeCall call);

private:
    Result<void> prepare() override;
    Result<bool> produce(Batch& out) override;

    OperatorPtr m_inner;
    RangeCall m_call;
    RangeRunner m_runner;
    std::vector<std::int64_t> m_timeline;
    Batch m_rows;
    storage::Column m_column;
};

/// The row as a column over its grid's timeline.
void toColumn(const Batch& batch, std::size_t row, storage::Column& out);

} // namespace watchfire::promql
