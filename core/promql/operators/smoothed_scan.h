// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/selection.h"
#include "core/promql/operators/series_samples.h"

namespace watchfire::promql {

/// An instant selector with `smoothed`: the sample at the step, or the line between the samples
/// around it, or the one before it, within the look-back on both sides.
class SmoothedScan final : public Operator {
public:
    /// `at`: by step, the moment to look at; `span`: the selector's place in the query.
    SmoothedScan(EvalContext& context, StepGrid grid, const VectorSelector& selector,
                 std::vector<std::int64_t> at, Span span);

private:
    Result<void> prepare() override;
    Result<bool> produce(Batch& out) override;
    void fill(Batch& out, std::size_t row, const Labels& labels);
    Cell numberAt(std::size_t step) const;
    Cell histogramAt(std::size_t step, const Labels& labels);

    const VectorSelector& m_selector;
    std::vector<std::int64_t> m_at;
    std::vector<std::int64_t> m_ends;
    Span m_span;
    Selection m_selection;
    SeriesSamples m_samples;
    storage::Column m_column;
};

} // namespace watchfire::promql
