// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/result.h"
#include "core/promql/kernels/windows.h"
#include "core/storage/group_reader.h"

#include <cstdint>
#include <span>
#include <vector>

namespace watchfire::promql {

/// One series' samples for range functions: absences and staleness markers taken out, numbers
/// and histograms apart, each with its windows. Windows are computed once per timeline, and for
/// series with gaps once per run of series with the same gaps.
class SeriesSamples {
public:
    /// `ends` by step. `perSecond` is for the extrapolation, made only when asked for.
    SeriesSamples(std::span<const std::int64_t> ends, std::int64_t rangeMs, bool extrapolates,
                  bool perSecond);

    /// The timeline of the columns to come; it must stay valid meanwhile.
    void startTimeline(std::span<const std::int64_t> timeline);
    /// Looks at a series; `column` must stay as it is until the next.
    void load(const storage::Column& column);

    std::span<const std::int64_t> times() const { return m_times; }
    std::span<const double> values() const { return m_values; }
    std::span<const std::int64_t> starts() const { return m_starts; } ///< empty: none known
    const Windows& windows() const { return m_plan->windows; }
    /// Windows of another number are others; those of the same are not.
    std::uint64_t windowsNumber() const { return m_plan->number; }
    const Extrapolation& extrapolation() const { return m_plan->extrapolation; }

    bool hasHistograms() const { return !m_histograms.empty(); }
    std::span<const std::int64_t> histogramTimes() const { return m_histogramTimes; }
    std::span<const HistogramPtr> histograms() const { return m_histograms; }
    std::span<const std::int64_t> histogramStarts() const { return m_histogramStarts; }
    const Windows& histogramWindows() const { return m_histogramWindows; }

private:
    struct Plan {
        Windows windows;
        Extrapolation extrapolation;
        std::uint64_t number = 0;
    };

    void plan(Plan& plan, std::span<const std::int64_t> timeline);
    void loadWithGaps(const storage::Column& column);
    void loadHistograms(const storage::Column& column);

    std::span<const std::int64_t> m_ends;
    std::int64_t m_rangeMs;
    bool m_extrapolates;
    bool m_perSecond;

    std::span<const std::int64_t> m_timeline;
    Plan m_full; ///< of the whole timeline
    Plan m_gaps; ///< of the entries in m_kept
    std::vector<std::uint64_t> m_kept; ///< entries of the timeline that m_gaps is about
    std::vector<std::uint64_t> m_keptNow;
    const Plan* m_plan = nullptr;
    std::uint64_t m_plans = 0; ///< that were made

    std::span<const std::int64_t> m_times;
    std::span<const double> m_values;
    std::span<const std::int64_t> m_starts;
    std::vector<std::int64_t> m_gapTimes;
    std::vector<double> m_gapValues;
    std::vector<std::int64_t> m_gapStarts;

    std::vector<HistogramPtr> m_histograms;
    std::vector<std::int64_t> m_histogramTimes;
    std::vector<std::int64_t> m_histogramStarts;
    Windows m_histogramWindows;
};

} // namespace watchfire::promql
