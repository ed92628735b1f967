// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/functions/window_edges.h"
#include "core/promql/functions/windows_of_rates.h"
#include "core/promql/histogram/arithmetic.h"

#include <optional>

namespace watchfire::promql::windows {

namespace {

/// Empty, too, when all there is comes after the window.
std::optional<WindowEdges> edgesOf(std::span<const std::int64_t> times, const Window& window,
                                   const SeriesCall& call)
{
    const bool smoothed = call.use.edges == RangeEdges::smoothed;
    const auto edges = WindowEdges::of(times, window.end - call.use.rangeMs, window.end, smoothed);
    if (edges.isEmpty || (smoothed && times[edges.first] > window.end)) {
        return std::nullopt;
    }
    return edges;
}

Cell ofNumbers(const Window& window, const SeriesCall& call, bool isCounter, bool perSecond)
{
    const auto edges = edgesOf(window.times, window, call);
    if (!edges) {
        return {};
    }
    const double left = edges->leftOf(window.times, window.values, isCounter);
    const double right = edges->rightOf(window.times, window.values, isCounter);
    double increase = right - left;
    if (isCounter) {
        const auto [first, last] = edges->inside(window.times);
        double before = left;
        double lost = 0;
        for (const double value : window.values.subspan(first, last - first)) {
            lost += value < before ? before : 0;
            before = value;
        }
        lost += right < before ? before : 0;
        increase += lost;
    }
    return Cell::of(perSecond ? increase / call.seconds() : increase);
}

/// False: exponential and custom buckets in one window.
bool checkPoints(std::span<const HistogramPtr> points, const SeriesCall& call, bool isCounter)
{
    for (const HistogramPtr& point : points) {
        if (point->usesCustomBuckets() != points.front()->usesCustomBuckets()) {
            call.warn(remarks::mixedExponentialAndCustom(call.metric));
            return false;
        }
        if (isCounter && point->resetHint == CounterReset::gauge) {
            call.warn(remarks::notACounter(call.metric));
        }
    }
    return true;
}

/// At an edge of the window; compatible, as the points are.
Histogram histogramAt(const Histogram& earlier, const Histogram& later, const Between& where,
                      const SeriesCall& call, bool isCounter)
{
    HistogramBetween between = interpolate(earlier, later, where, isCounter);
    if (between.subtractionReconciled) {
        call.inform(remarks::reconciledBounds("subtraction"));
    }
    if (between.additionReconciled) {
        call.inform(remarks::reconciledBounds("addition"));
    }
    return std::move(between.histogram);
}

/// What was counted before each reset between the edges. A reset that the interpolation of the
/// left edge has seen is in there; the last point is there as the right edge.
std::optional<Histogram> lostAtResets(std::span<const HistogramPtr> points,
                                      const WindowEdges& edges, const Histogram& left,
                                      const Histogram& right, const SeriesCall& call)
{
    const Histogram* before = &left;
    std::size_t next = edges.first + 1;
    if (edges.leftBetween && isReset(*points[edges.first], *points[edges.first + 1])) {
        before = points[next++].get();
    }
    std::optional<Histogram> lost;
    if (next > edges.last) {
        return lost;
    }
    const auto lose = [&](const Histogram& histogram) {
        if (!lost) {
            lost = histogram;
        } else if (addTo(*lost, histogram).reconciledBounds) {
            call.inform(remarks::reconciledBounds("addition"));
        }
    };
    for (; next < edges.last; ++next) {
        if (isReset(*before, *points[next])) {
            lose(*before);
        }
        before = points[next].get();
    }
    if (isReset(*before, right)) {
        lose(*before);
    }
    return lost;
}

Cell ofHistograms(const Window& window, const SeriesCall& call, bool isCounter, bool perSecond)
{
    const auto found = edgesOf(window.histogramTimes, window, call);
    if (!found) {
        return {};
    }
    const WindowEdges& edges = *found;
    const auto& points = window.histograms;
    if (!checkPoints(points.subspan(edges.first, edges.last - edges.first + 1), call, isCounter)) {
        return {};
    }
    const Histogram left = edges.leftBetween
        ? histogramAt(*points[edges.first], *points[edges.first + 1],
                      edges.left(window.histogramTimes), call, isCounter)
        : *points[edges.first];
    const Histogram right = edges.rightBetween
        ? histogramAt(*points[edges.last - 1], *points[edges.last],
                      edges.right(window.histogramTimes), call, isCounter)
        : *points[edges.last];
    if (!isCounter
        && (left.resetHint != CounterReset::gauge || right.resetHint != CounterReset::gauge)) {
        call.warn(remarks::notAGauge(call.metric));
    }
    Histogram increase = right;
    if (subtractFrom(increase, left).reconciledBounds) {
        call.inform(remarks::reconciledBounds("subtraction"));
    }
    if (isCounter) {
        const auto lost = lostAtResets(points, edges, left, right, call);
        if (lost && addTo(increase, *lost).reconciledBounds) {
            call.inform(remarks::reconciledBounds("addition"));
        }
    }
    if (perSecond) {
        divide(increase, call.seconds());
    }
    increase.resetHint = CounterReset::gauge;
    return Cell::of(std::make_shared<const Histogram>(std::move(increase)));
}

} // namespace

Cell extendedRate(const Window& window, const SeriesCall& call, bool isCounter, bool perSecond)
{
    if (!window.values.empty() && !window.histograms.empty()) {
        call.warn(remarks::mixedInRange(call.metric));
        return {};
    }
    return window.histograms.empty() ? ofNumbers(window, call, isCounter, perSecond)
                                     : ofHistograms(window, call, isCounter, perSecond);
}

} // namespace watchfire::promql::windows
