// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/scan.h"

namespace watchfire::promql {

/// An instant selector: for every step the newest sample in (t − lookback, t], unless that is
/// a staleness marker. It yields the samples, or facts about them.
class InstantScan final : public Scan {
public:
    /// Times are in seconds, but millisecondsOfSample, which keeps the names too.
    enum class Yield { sample, timestamp, startTimestamp, millisecondsOfSample };

    /// `at`: by step, the moment to look at.
    InstantScan(EvalContext& context, StepGrid grid, const VectorSelector& selector,
                std::vector<std::int64_t> at, Yield yield);

private:
    Result<void> prepare() override;
    std::unique_ptr<SeriesFiller> filler() const override;

    Yield m_yield;
    std::vector<std::int64_t> m_at;
};

} // namespace watchfire::promql
