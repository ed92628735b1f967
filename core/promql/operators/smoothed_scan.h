// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/scan.h"

namespace watchfire::promql {

/// An instant selector with `smoothed`: the sample at the step, or the line between the samples
/// around it, or the one before it, within the look-back on both sides.
class SmoothedScan final : public Scan {
public:
    /// `at`: by step, the moment to look at; `span`: the selector's place in the query.
    SmoothedScan(EvalContext& context, StepGrid grid, const VectorSelector& selector,
                 std::vector<std::int64_t> at, Span span);

private:
    Result<void> prepare() override;
    std::unique_ptr<SeriesFiller> filler() const override;

    std::vector<std::int64_t> m_at;
    std::vector<std::int64_t> m_ends; ///< of the windows around them
    Span m_span;
    bool m_countsSamples;
};

} // namespace watchfire::promql
