// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/functions/interpolation.h"
#include "core/promql/functions/windows_of_rates.h"
#include "core/promql/histogram/arithmetic.h"

#include <algorithm>

namespace watchfire::promql::windows {

namespace {

/// Which samples the difference is taken over: places first…last, and whether an edge of the
/// window lies between two samples and is looked up there.
struct Edges {
    std::size_t first = 0;
    std::size_t last = 0;
    bool leftBetween = false;
    bool rightBetween = false;
    double leftFraction = 0;
    double rightFraction = 0;
    bool isEmpty = true;
};

double fractionOf(std::int64_t at, std::int64_t from, std::int64_t to)
{
    return static_cast<double>(at - from) / static_cast<double>(to - from);
}

Edges edgesOf(std::span<const std::int64_t> times, const Window& window, const SeriesCall& call)
{
    Edges edges;
    const std::int64_t start = window.end - call.use.rangeMs;
    const bool smoothed = call.use.edges == RangeEdges::smoothed;
    if (times.empty() || times.back() <= start || times.front() > window.end) {
        return edges;
    }
    edges.isEmpty = false;
    edges.last = times.size() - 1;
    if (smoothed && times.front() < start) {
        edges.leftBetween = true;
        edges.leftFraction = fractionOf(start, times[0], times[1]);
        edges.first = 1;
    }
    if (smoothed && times.back() > window.end) {
        edges.rightBetween = true;
        edges.rightFraction = fractionOf(window.end, times[edges.last - 1], times[edges.last]);
        --edges.last;
    }
    return edges;
}

/// A reset between the two samples around both edges was there before the window began.
Across rightAcross(const Edges& edges, bool isCounter)
{
    if (!isCounter) {
        return Across::gauge;
    }
    return edges.first > edges.last ? Across::fromZero : Across::onward;
}

Cell ofNumbers(const Window& window, const SeriesCall& call, bool isCounter, bool perSecond)
{
    const Edges edges = edgesOf(window.times, window, call);
    if (edges.isEmpty) {
        return {};
    }
    const auto& values = window.values;
    const double left = edges.leftBetween
        ? interpolate(values[0], values[1], edges.leftFraction,
                      isCounter ? Across::fromZero : Across::gauge)
        : values[edges.first];
    const double right = edges.rightBetween
        ? interpolate(values[values.size() - 2], values.back(), edges.rightFraction,
                      rightAcross(edges, isCounter))
        : values[edges.last];
    double increase = right - left;
    if (isCounter) {
        for (std::size_t i = edges.first + 1; i <= edges.last; ++i) {
            if (values[i] < values[i - 1]) {
                increase += values[i - 1];
            }
        }
    }
    return Cell::of(perSecond ? increase / call.seconds() : increase);
}

void remarkOnHints(const Window& window, const SeriesCall& call, bool isCounter)
{
    const auto isGauge = [](const HistogramPtr& h) { return h->resetHint == CounterReset::gauge; };
    if (isCounter) {
        if (std::ranges::any_of(window.histograms, isGauge)) {
            call.warn(remarks::notACounter(call.metric));
        }
    } else if (!isGauge(window.histograms.front()) || !isGauge(window.histograms.back())) {
        call.warn(remarks::notAGauge(call.metric));
    }
}

Cell ofHistograms(const Window& window, const SeriesCall& call, bool isCounter, bool perSecond)
{
    const Edges edges = edgesOf(window.histogramTimes, window, call);
    if (edges.isEmpty) {
        return {};
    }
    const auto& points = window.histograms;
    remarkOnHints(window, call, isCounter);
    const bool custom = points.front()->usesCustomBuckets();
    if (std::ranges::any_of(points, [custom](const HistogramPtr& point) {
            return point->usesCustomBuckets() != custom;
        })) {
        call.warn(remarks::mixedExponentialAndCustom(call.metric));
        return {};
    }
    const Histogram left = edges.leftBetween
        ? *interpolate(*points[0], *points[1], edges.leftFraction,
                       isCounter ? Across::fromZero : Across::gauge)
        : *points[edges.first];
    Histogram increase = edges.rightBetween
        ? *interpolate(*points[points.size() - 2], *points.back(), edges.rightFraction,
                       rightAcross(edges, isCounter))
        : *points[edges.last];
    if (subtractFrom(increase, left).reconciledBounds) {
        call.inform(remarks::reconciledBounds("subtraction"));
    }
    if (isCounter) {
        for (std::size_t i = edges.first + 1; i <= edges.last; ++i) {
            if (isReset(*points[i - 1], *points[i])
                && addTo(increase, *points[i - 1]).reconciledBounds) {
                call.inform(remarks::reconciledBounds("addition"));
            }
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
