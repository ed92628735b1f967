// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/functions/range_function.h"
#include "core/promql/operators/series_samples.h"
#include "core/promql/sample_counts.h"

#include <vector>

namespace watchfire::promql {

/// Counts the samples in the windows of a range function, where a query asks for it. Series that
/// share their windows cost a number each, the others the length of the grid.
/// Source: Prometheus, promql/engine.go, evaluator.eval of a call with a range vector, and
/// matrixIterSlice.
class WindowCounter {
public:
    /// `call` must stay where it is.
    explicit WindowCounter(const RangeCall& call)
        : m_call(call)
    {
    }

    /// The next series, whose row of results has been computed.
    void add(const SeriesSamples& samples, const Batch& out, std::size_t row);
    /// What was counted since the last time.
    WindowCounts take();

private:
    /// The windows of a series.
    struct Series {
        std::vector<std::uint64_t> all;
        std::vector<std::uint64_t> added;
        std::uint64_t longest = 0;
        std::uint64_t last = 0;
    };

    void countNumbers(const Windows& windows);
    void countBoth(const SeriesSamples& samples);
    void countExtended(const SeriesSamples& samples);
    void addShared();

    const RangeCall& m_call;
    WindowCounts m_counts;
    std::uint64_t m_windows = 0; ///< number of those that m_shared is about
    Series m_shared;
    std::uint64_t m_uses = 0; ///< of m_shared, not added yet
    Series m_own; ///< of a series that shares nothing
    std::vector<std::uint64_t> m_sizesBefore; ///< of histograms, by place
};

} // namespace watchfire::promql
