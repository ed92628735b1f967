// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/functions/range_function.h"
#include "core/promql/operators/series_samples.h"
#include "core/promql/operators/window_counter.h"

#include <optional>
#include <string_view>

namespace watchfire::promql {

/// Applies one range function to series after series, whatever they come from.
class RangeRunner {
public:
    /// `call` must stay where it is.
    RangeRunner(const RangeCall& call, bool useStarts);

    void startTimeline(std::span<const std::int64_t> timeline)
    {
        m_samples.startTimeline(timeline);
    }
    /// Computes all steps of a series into a row of absent cells.
    void run(const storage::Column& column, std::string_view metric, Batch& out, std::size_t row,
             Findings& findings);
    /// The rows of a batch are computed: adds what was counted of them.
    void endBatch(Findings& findings);

private:
    void runKernel(Batch& out, std::size_t row);
    void runWindows(const SeriesCall& call, Batch& out, std::size_t row, bool useStarts);
    Window windowAt(std::size_t step, bool useStarts) const;
    Window extendedWindowAt(std::size_t step, bool useStarts) const;
    void remarkOnQuantile(const Batch& out, std::size_t row, Findings& findings) const;

    const RangeCall& m_call;
    bool m_useStarts;
    bool m_hasBadQuantile = false;
    std::string_view m_noCounter; ///< the metric that was remarked on in this batch
    SeriesSamples m_samples;
    std::optional<WindowCounter> m_counter;
};

} // namespace watchfire::promql
