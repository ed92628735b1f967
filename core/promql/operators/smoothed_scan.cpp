// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/smoothed_scan.h"

#include "core/promql/functions/interpolation.h"
#include "core/promql/operators/series_samples.h"

#include <algorithm>
#include <utility>

namespace watchfire::promql {

namespace {

std::vector<std::int64_t> later(std::vector<std::int64_t> times, std::int64_t by)
{
    for (std::int64_t& time : times) {
        time += by;
    }
    return times;
}

class SmoothedFiller final : public SeriesFiller {
public:
    SmoothedFiller(const std::vector<std::int64_t>& at, const std::vector<std::int64_t>& ends,
                   std::int64_t lookbackMs, Span span, bool countsSamples)
        : m_at(at)
        , m_span(span)
        , m_countsSamples(countsSamples)
        , m_samples(ends, 2 * lookbackMs, false, false)
    {
    }
    void startTimeline(std::span<const std::int64_t> timeline) override
    {
        m_samples.startTimeline(timeline);
    }
    void fill(const storage::Column& column, std::string_view metric, Batch& out, std::size_t row,
              Findings& findings) override;
    void endBatch(Findings& findings) override { findings.windows = std::exchange(m_counts, {}); }

private:
    void count();
    Cell numberAt(std::size_t step) const;
    Cell histogramAt(std::size_t step, std::string_view metric, Findings& findings) const;

    const std::vector<std::int64_t>& m_at;
    Span m_span;
    bool m_countsSamples;
    SeriesSamples m_samples;
    WindowCounts m_counts; ///< of what is held alone: Prometheus counts no window as looked at
};

/// Source: Prometheus, promql/engine.go, smoothSeries, which keeps the last window of each series.
void SmoothedFiller::count()
{
    std::uint64_t longest = 0;
    std::uint64_t last = 0;
    for (std::size_t step = 0; step < m_at.size(); ++step) {
        last = m_samples.windows().count(step);
        if (m_samples.hasHistograms()) {
            const Windows& histograms = m_samples.histogramWindows();
            for (std::size_t i = histograms.first[step]; i < histograms.last[step]; ++i) {
                last += samplesInSeries(*m_samples.histograms()[i]);
            }
        }
        longest = std::max(longest, last);
    }
    m_counts.peak = std::max(m_counts.peak, m_counts.left + longest);
    m_counts.left += last;
}

void SmoothedFiller::fill(const storage::Column& column, std::string_view metric, Batch& out,
                          std::size_t row, Findings& findings)
{
    m_samples.load(column);
    if (m_countsSamples) {
        count();
    }
    findings.samplesRead += m_samples.values().size() + m_samples.histograms().size();
    for (std::size_t step = 0; step < m_at.size(); ++step) {
        const bool numbers = m_samples.windows().count(step) > 0;
        const bool histograms
            = m_samples.hasHistograms() && m_samples.histogramWindows().count(step) > 0;
        if (numbers && histograms) {
            findings.annotations.warn(remarks::mixedInRange(metric), m_span);
        } else if (numbers) {
            out.set(row, step, numberAt(step));
        } else if (histograms) {
            out.set(row, step, histogramAt(step, metric, findings));
        }
    }
}

Cell SmoothedFiller::numberAt(std::size_t step) const
{
    const Windows& windows = m_samples.windows();
    const auto times = m_samples.times().subspan(windows.first[step], windows.count(step));
    const auto values = m_samples.values().subspan(windows.first[step], windows.count(step));
    const auto i
        = static_cast<std::size_t>(std::ranges::lower_bound(times, m_at[step]) - times.begin());
    if (i < times.size() && times[i] == m_at[step]) {
        return Cell::of(values[i]);
    }
    if (i == 0) {
        return {};
    }
    return Cell::of(i == times.size()
                        ? values[i - 1]
                        : interpolate(values[i - 1], values[i],
                                      Between{times[i - 1], times[i], m_at[step]}, false));
}

Cell SmoothedFiller::histogramAt(std::size_t step, std::string_view metric,
                                 Findings& findings) const
{
    const Windows& windows = m_samples.histogramWindows();
    const auto times = m_samples.histogramTimes().subspan(windows.first[step], windows.count(step));
    const auto points = m_samples.histograms().subspan(windows.first[step], windows.count(step));
    const auto i
        = static_cast<std::size_t>(std::ranges::lower_bound(times, m_at[step]) - times.begin());
    if (i < times.size() && times[i] == m_at[step]) {
        return Cell::of(points[i]);
    }
    if (i == 0) {
        return {};
    }
    if (i == times.size()) {
        // The hint is about the sample before, not about the value carried on.
        Histogram carried = *points[i - 1];
        carried.resetHint = CounterReset::unknown;
        return Cell::of(std::make_shared<const Histogram>(std::move(carried)));
    }
    const bool gauges = points[i - 1]->resetHint == CounterReset::gauge
        && points[i]->resetHint == CounterReset::gauge;
    if (points[i - 1]->usesCustomBuckets() != points[i]->usesCustomBuckets()) {
        findings.annotations.warn(remarks::mixedExponentialAndCustom(metric), m_span);
        return {};
    }
    HistogramBetween between = interpolate(*points[i - 1], *points[i],
                                           Between{times[i - 1], times[i], m_at[step]}, !gauges);
    if (between.subtractionReconciled) {
        findings.annotations.inform(remarks::reconciledBounds("subtraction"), m_span);
    }
    if (between.additionReconciled) {
        findings.annotations.inform(remarks::reconciledBounds("addition"), m_span);
    }
    return Cell::of(std::make_shared<const Histogram>(std::move(between.histogram)));
}

} // namespace

SmoothedScan::SmoothedScan(EvalContext& context, StepGrid grid, const VectorSelector& selector,
                           std::vector<std::int64_t> at, Span span)
    : Scan(context, grid, selector)
    , m_at(std::move(at))
    , m_ends(later(m_at, context.options().lookback.count()))
    , m_span(span)
    , m_countsSamples(context.options().countSamples)
{
}

Result<void> SmoothedScan::prepare()
{
    if (m_at.empty()) {
        return {};
    }
    return select(m_at.front() - lookbackMs() + 1, m_at.back() + lookbackMs(), Names::kept);
}

std::unique_ptr<SeriesFiller> SmoothedScan::filler() const
{
    return std::make_unique<SmoothedFiller>(m_at, m_ends, lookbackMs(), m_span, m_countsSamples);
}

} // namespace watchfire::promql
