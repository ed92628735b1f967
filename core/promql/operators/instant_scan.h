// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/kernels/windows.h"
#include "core/promql/operators/selection.h"

namespace watchfire::promql {

/// An instant selector: for every step the newest sample in (t − lookback, t], unless that is
/// a staleness marker. It yields the samples, or facts about them.
class InstantScan final : public Operator {
public:
    /// Times are in seconds, but millisecondsOfSample, which keeps the names too.
    enum class Yield { sample, timestamp, startTimestamp, millisecondsOfSample };

    /// `at`: by step, the moment to look at.
    InstantScan(EvalContext& context, StepGrid grid, const VectorSelector& selector,
                std::vector<std::int64_t> at, Yield yield);

    /// Settles unknown counter resets of histograms against the sample before.
    void settleResets(bool settle) { m_settlesResets = settle; }

private:
    Result<void> prepare() override;
    Result<bool> produce(Batch& out) override;
    void fill(const storage::Column& column, Batch& out, std::size_t row);
    /// The entry the step sees, or -1.
    std::int64_t newest(const storage::Column& column, std::size_t step) const;

    const VectorSelector& m_selector;
    Yield m_yield;
    bool m_settlesResets = false;
    std::vector<std::int64_t> m_at;
    Selection m_selection;
    storage::Column m_column;
    std::span<const std::int64_t> m_timeline;
    Windows m_windows;
};

} // namespace watchfire::promql
