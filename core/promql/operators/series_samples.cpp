// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/series_samples.h"

#include "core/model/sample.h"
#include "core/promql/bits.h"

#include <algorithm>

namespace watchfire::promql {

namespace {

bool anyStale(std::span<const double> values)
{
    std::uint64_t found = 0;
    for (const double value : values) {
        found |= std::bit_cast<std::uint64_t>(value) == staleMarkerBits ? 1 : 0;
    }
    return found != 0;
}

} // namespace

SeriesSamples::SeriesSamples(std::span<const std::int64_t> ends, std::int64_t rangeMs,
                             bool extrapolates, bool perSecond)
    : m_ends(ends)
    , m_rangeMs(rangeMs)
    , m_extrapolates(extrapolates)
    , m_perSecond(perSecond)
{
}

void SeriesSamples::plan(Plan& plan, std::span<const std::int64_t> timeline)
{
    plan.number = ++m_plans;
    plan.windows = makeWindows(timeline, m_ends, m_rangeMs);
    if (m_extrapolates) {
        plan.extrapolation
            = makeExtrapolation(timeline, plan.windows, m_ends, m_rangeMs, m_perSecond);
    }
}

void SeriesSamples::startTimeline(std::span<const std::int64_t> timeline)
{
    m_timeline = timeline;
    m_kept.clear();
    plan(m_full, timeline);
}

void SeriesSamples::load(const storage::Column& column)
{
    m_histograms.clear();
    const bool stale = column.mayHoldStale && anyStale(column.values);
    if (column.present.empty() && column.histograms.empty() && !stale) {
        m_times = m_timeline;
        m_values = column.values;
        m_starts = column.startedAtMs;
        m_plan = &m_full;
        return;
    }
    loadWithGaps(column);
    if (!column.histograms.empty()) {
        loadHistograms(column);
    }
}

void SeriesSamples::loadWithGaps(const storage::Column& column)
{
    m_keptNow.assign(wordsFor(m_timeline.size()), 0);
    if (column.present.empty()) {
        setFirst(m_keptNow, m_timeline.size());
    } else {
        std::ranges::copy(std::span(column.present).first(m_keptNow.size()), m_keptNow.begin());
    }
    for (const auto& [entry, histogram] : column.histograms) {
        clearBit(m_keptNow, entry);
    }
    m_gapValues.clear();
    m_gapStarts.clear();
    const bool starts = !column.startedAtMs.empty();
    forEachBit(m_keptNow, [&](std::size_t entry) {
        if (isStaleMarker(column.values[entry])) {
            clearBit(m_keptNow, entry);
            return;
        }
        m_gapValues.push_back(column.values[entry]);
        if (starts) {
            m_gapStarts.push_back(column.startedAtMs[entry]);
        }
    });
    if (m_keptNow != m_kept || m_plan == nullptr) {
        m_gapTimes.clear();
        forEachBit(m_keptNow, [&](std::size_t entry) { m_gapTimes.push_back(m_timeline[entry]); });
        plan(m_gaps, m_gapTimes);
        m_kept = m_keptNow;
    }
    m_times = m_gapTimes;
    m_values = m_gapValues;
    m_starts = m_gapStarts;
    m_plan = &m_gaps;
}

void SeriesSamples::loadHistograms(const storage::Column& column)
{
    m_histogramTimes.clear();
    m_histogramStarts.clear();
    for (const auto& [entry, histogram] : column.histograms) {
        if (isStaleMarker(histogram->sum)) {
            continue;
        }
        m_histograms.push_back(histogram);
        m_histogramTimes.push_back(m_timeline[entry]);
        if (!column.startedAtMs.empty()) {
            m_histogramStarts.push_back(column.startedAtMs[entry]);
        }
    }
    m_histogramWindows = makeWindows(m_histogramTimes, m_ends, m_rangeMs);
}

} // namespace watchfire::promql
