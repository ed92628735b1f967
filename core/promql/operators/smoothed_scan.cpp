// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/smoothed_scan.h"

#include "core/promql/functions/interpolation.h"

#include <algorithm>

namespace watchfire::promql {

namespace {

std::vector<std::int64_t> later(std::vector<std::int64_t> times, std::int64_t by)
{
    for (std::int64_t& time : times) {
        time += by;
    }
    return times;
}

double fractionOf(std::int64_t at, std::int64_t from, std::int64_t to)
{
    return static_cast<double>(at - from) / static_cast<double>(to - from);
}

} // namespace

SmoothedScan::SmoothedScan(EvalContext& context, StepGrid grid, const VectorSelector& selector,
                           std::vector<std::int64_t> at, Span span)
    : Operator(context, grid)
    , m_selector(selector)
    , m_at(std::move(at))
    , m_ends(later(m_at, context.options().lookback.count()))
    , m_span(span)
    , m_samples(m_ends, 2 * context.options().lookback.count(), false, false)
{
}

Result<void> SmoothedScan::prepare()
{
    if (m_at.empty()) {
        return {};
    }
    const std::int64_t lookback = context().options().lookback.count();
    auto opened = m_selection.open(context(), m_selector.matchers, m_at.front() - lookback + 1,
                                   m_at.back() + lookback);
    if (!opened) {
        return opened;
    }
    for (std::size_t row = 0; row < m_selection.rows(); ++row) {
        m_schema.push_back({&m_selection.labels(row), false});
    }
    return {};
}

Result<bool> SmoothedScan::produce(Batch& out)
{
    if (!startBatch(out)) {
        return false;
    }
    for (std::size_t row = 0; row < out.rows(); ++row) {
        const std::size_t series = out.firstSeries() + row;
        if (m_selection.startsGroup(series)) {
            const auto timeline = m_selection.timeline(series);
            if (!timeline) {
                return std::unexpected(timeline.error());
            }
            m_samples.startTimeline(*timeline);
        }
        if (auto read = m_selection.read(series, m_column); !read) {
            return std::unexpected(read.error());
        }
        m_samples.load(m_column);
        context().statistics.samplesRead
            += m_samples.values().size() + m_samples.histograms().size();
        fill(out, row, m_selection.labels(series));
    }
    return true;
}

void SmoothedScan::fill(Batch& out, std::size_t row, const Labels& labels)
{
    for (std::size_t step = 0; step < m_at.size(); ++step) {
        const bool numbers = m_samples.windows().count(step) > 0;
        const bool histograms
            = m_samples.hasHistograms() && m_samples.histogramWindows().count(step) > 0;
        if (numbers && histograms) {
            context().annotations.warn(remarks::mixedInRange(labels.metricName()), m_span);
        } else if (numbers) {
            out.set(row, step, numberAt(step));
        } else if (histograms) {
            out.set(row, step, histogramAt(step, labels));
        }
    }
}

Cell SmoothedScan::numberAt(std::size_t step) const
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
    return Cell::of(i == times.size() ? values[i - 1]
                                      : interpolate(values[i - 1], values[i],
                                                    fractionOf(m_at[step], times[i - 1], times[i]),
                                                    Across::gauge));
}

Cell SmoothedScan::histogramAt(std::size_t step, const Labels& labels)
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
    auto between
        = interpolate(*points[i - 1], *points[i], fractionOf(m_at[step], times[i - 1], times[i]),
                      gauges ? Across::gauge : Across::fromZero);
    if (!between) {
        context().annotations.warn(remarks::mixedExponentialAndCustom(labels.metricName()), m_span);
        return {};
    }
    return Cell::of(std::make_shared<const Histogram>(std::move(*between)));
}

} // namespace watchfire::promql
