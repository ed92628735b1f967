// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/functions/windows_of_rates.h"

#include "core/promql/histogram/arithmetic.h"

#include <array>
#include <cmath>
#include <optional>

namespace watchfire::promql::windows {

namespace {

/// Whether the counter was started anew between two samples, as their start times tell. A
/// start at the moment of the sample before is one when that sample's own start is known and
/// older: so it looks when every sample counts from the last (deltas). A start at or after its
/// own sample says nothing.
bool startedAnew(std::int64_t earlierStart, std::int64_t earlierAt, std::int64_t laterStart,
                 std::int64_t laterAt)
{
    if (laterStart == 0 || laterStart >= laterAt) {
        return false;
    }
    return laterStart > earlierAt
        || (laterStart == earlierAt && earlierStart != 0 && earlierStart < earlierAt);
}

struct Starts {
    std::span<const std::int64_t> times;
    std::span<const std::int64_t> starts;

    bool anewAt(std::size_t i) const
    {
        return !starts.empty() && startedAnew(starts[i - 1], times[i - 1], starts[i], times[i]);
    }
    void remarkOverlaps(const SeriesCall& call) const
    {
        for (std::size_t i = 1; i < starts.size(); ++i) {
            if (starts[i] != 0 && starts[i] < times[i - 1] && starts[i] != starts[i - 1]) {
                call.findings.annotations.warnCounted(remarks::overlappingStart(call.metric),
                                                      call.use.argument);
                return;
            }
        }
    }
};

struct Increase {
    std::optional<double> number;
    std::optional<Histogram> histogram;
    double first = 0; ///< the first sample's value or count
    double total = 0; ///< the increase of the value or count
};

Increase increaseOfNumbers(const Window& window, bool isCounter)
{
    const Starts starts{window.times, window.starts};
    double total = window.values.back() - window.values.front();
    if (isCounter) {
        for (std::size_t i = 1; i < window.values.size(); ++i) {
            if (window.values[i] < window.values[i - 1] || starts.anewAt(i)) {
                total += window.values[i - 1];
            }
        }
    }
    return {total, {}, window.values.front(), total};
}

/// The difference of the last and first histogram, with what was lost at resets put back.
std::optional<Histogram> increaseOfHistograms(const Window& window, const SeriesCall& call,
                                              bool isCounter)
{
    const auto points = window.histograms;
    const Starts starts{window.histogramTimes, window.histogramStarts};
    const auto isGauge = [](const HistogramPtr& h) { return h->resetHint == CounterReset::gauge; };
    const auto resetAt
        = [&](std::size_t i) { return starts.anewAt(i) || isReset(*points[i - 1], *points[i]); };
    bool notACounter = isCounter && (isGauge(points.front()) || isGauge(points.back()));
    Histogram first = *points.front();
    const bool resetAtOnce = isCounter && resetAt(1);
    if (resetAtOnce) {
        // What the first one held is lost at once, so its layout does not matter.
        Histogram none;
        none.schema = points[1]->schema;
        none.customValues = points[1]->customValues;
        first = std::move(none);
    }
    std::int32_t schema = std::min(first.schema, points.back()->schema);
    const bool custom = first.usesCustomBuckets();
    bool mixed = points.back()->usesCustomBuckets() != custom;
    if (isCounter && !mixed) {
        for (const HistogramPtr& point : points.subspan(1)) {
            if (point->usesCustomBuckets() != custom) {
                // Then nothing is said about counters.
                mixed = true;
                notACounter = false;
                break;
            }
            notACounter = notACounter || isGauge(point);
            schema = std::min(schema, point->schema);
        }
    }
    if (notACounter) {
        call.warn(remarks::notACounter(call.metric));
    }
    if (mixed) {
        call.warn(remarks::mixedExponentialAndCustom(call.metric));
        return std::nullopt;
    }
    Histogram increase = toSchema(*points.back(), schema);
    if (subtractFrom(increase, first).reconciledBounds) {
        call.inform(remarks::reconciledBounds("subtraction"));
    }
    if (isCounter) {
        for (std::size_t i = resetAtOnce ? 2 : 1; i < points.size(); ++i) {
            if (resetAt(i) && addTo(increase, *points[i - 1]).reconciledBounds) {
                call.inform(remarks::reconciledBounds("addition"));
            }
        }
    } else if (!isGauge(points.front()) || !isGauge(points.back())) {
        call.warn(remarks::notAGauge(call.metric));
    }
    increase.resetHint = CounterReset::gauge;
    return increase;
}

Cell finish(Increase increase, double factor)
{
    if (increase.number) {
        return Cell::of(*increase.number * factor);
    }
    multiply(*increase.histogram, factor);
    return Cell::of(std::make_shared<const Histogram>(std::move(*increase.histogram)));
}

/// Where the counter's start is known and inside the window, it was zero then, and nothing is
/// to be guessed about the time before its first sample.
bool startsInside(const Window& window, const SeriesCall& call, std::int64_t start,
                  std::int64_t firstAt)
{
    return start != 0 && start > window.end - call.use.rangeMs && start < firstAt;
}

Cell extrapolated(const Window& window, const SeriesCall& call, bool isCounter, bool perSecond)
{
    if (!window.values.empty() && !window.histograms.empty()) {
        call.warn(remarks::mixedInRange(call.metric));
        return {};
    }
    const bool numbers = window.histograms.empty();
    const auto times = numbers ? window.times : window.histogramTimes;
    const auto starts = numbers ? window.starts : window.histogramStarts;
    if (times.empty()) {
        return {};
    }
    const bool knownStart
        = isCounter && !starts.empty() && startsInside(window, call, starts.front(), times.front());
    if (times.size() < 2 && !knownStart) {
        return {};
    }
    Increase increase;
    if (numbers) {
        increase = increaseOfNumbers(window, isCounter);
    } else {
        increase.histogram = times.size() < 2 ? Histogram(*window.histograms.front())
                                              : increaseOfHistograms(window, call, isCounter);
        if (!increase.histogram) {
            return {};
        }
        increase.first = window.histograms.front()->count;
        increase.total = increase.histogram->count;
    }
    if (isCounter) {
        Starts{times, starts}.remarkOverlaps(call);
    }
    double sampled = static_cast<double>(times.back() - times.front()) / 1000;
    const double between = times.size() < 2 ? 0 : sampled / static_cast<double>(times.size() - 1);
    const double threshold = between * 1.1;
    double toStart = static_cast<double>(times.front() - (window.end - call.use.rangeMs)) / 1000;
    double toEnd = static_cast<double>(window.end - times.back()) / 1000;
    if (toStart >= threshold) {
        toStart = between / 2;
    }
    if (knownStart) {
        if (numbers) {
            increase.number = *increase.number + window.values.front();
        } else if (times.size() >= 2) {
            const HistogramOutcome added = addTo(*increase.histogram, *window.histograms.front());
            if (!added.compatible) {
                call.warn(remarks::mixedExponentialAndCustom(call.metric));
                return {};
            }
            if (added.reconciledBounds) {
                call.inform(remarks::reconciledBounds("addition"));
            }
        }
        sampled = static_cast<double>(times.back() - starts.front()) / 1000;
        toStart = 0;
    } else if (isCounter && increase.total > 0 && increase.first >= 0) {
        toStart = std::min(toStart, sampled * (increase.first / increase.total));
    }
    if (toEnd >= threshold) {
        toEnd = between / 2;
    }
    double factor = sampled == 0 ? 1 : (sampled + toStart + toEnd) / sampled;
    if (perSecond) {
        factor /= call.seconds();
    }
    return finish(std::move(increase), factor);
}

/// The last two samples of either kind, older first: indices into the window's arrays.
struct Sample {
    std::int64_t at = 0;
    double value = 0;
    HistogramPtr histogram;
    std::int64_t start = 0;
};

std::optional<std::array<Sample, 2>> lastTwo(const Window& window)
{
    std::size_t number = window.values.size();
    std::size_t histogram = window.histograms.size();
    std::array<Sample, 2> two;
    for (std::size_t place = 2; place-- > 0;) {
        if (number == 0 && histogram == 0) {
            return std::nullopt;
        }
        if (histogram > 0
            && (number == 0 || window.histogramTimes[histogram - 1] >= window.times[number - 1])) {
            --histogram;
            two[place] = {window.histogramTimes[histogram], 0, window.histograms[histogram],
                          window.histogramStarts.empty() ? 0 : window.histogramStarts[histogram]};
        } else {
            --number;
            two[place] = {window.times[number], window.values[number], nullptr,
                          window.starts.empty() ? 0 : window.starts[number]};
        }
    }
    return two;
}

Cell instant(const Window& window, const SeriesCall& call, bool isRate)
{
    const auto two = lastTwo(window);
    if (!two) {
        return {};
    }
    const auto& [earlier, later] = *two;
    if (later.at == earlier.at) {
        return {};
    }
    const double apart = static_cast<double>(later.at - earlier.at) / 1000;
    const bool anew = isRate && startedAnew(earlier.start, earlier.at, later.start, later.at);
    if ((earlier.histogram != nullptr) != (later.histogram != nullptr)) {
        call.warn(remarks::mixedInRange(call.metric));
        return {};
    }
    if (!later.histogram) {
        const bool reset = isRate && (later.value < earlier.value || anew);
        const double rise = reset ? later.value : later.value - earlier.value;
        return Cell::of(isRate ? rise / apart : rise);
    }
    const bool anyGauge = earlier.histogram->resetHint == CounterReset::gauge
        || later.histogram->resetHint == CounterReset::gauge;
    const bool bothGauges = earlier.histogram->resetHint == CounterReset::gauge
        && later.histogram->resetHint == CounterReset::gauge;
    if (isRate && anyGauge) {
        call.warn(remarks::notACounter(call.metric));
    }
    if (!isRate && !bothGauges) {
        call.warn(remarks::notAGauge(call.metric));
    }
    Histogram rise = *later.histogram;
    if (!isRate || !(anew || isReset(*earlier.histogram, *later.histogram))) {
        const HistogramOutcome outcome = subtractFrom(rise, *earlier.histogram);
        if (!outcome.compatible) {
            call.warn(remarks::mixedExponentialAndCustom(call.metric));
            return {};
        }
        if (outcome.reconciledBounds) {
            call.inform(remarks::reconciledBounds("subtraction"));
        }
    }
    if (isRate) {
        divide(rise, apart);
    }
    rise.resetHint = CounterReset::gauge;
    return Cell::of(std::make_shared<const Histogram>(std::move(rise)));
}

/// Counts neighbours, in time order over both kinds, of which `numbers` or `histograms` says
/// they differ; a change of kind always counts.
template <class Numbers, class Histograms>
Cell countPairs(const Window& window, Numbers&& numbers, Histograms&& histograms)
{
    if (window.values.empty() && window.histograms.empty()) {
        return {};
    }
    std::size_t number = 0;
    std::size_t histogram = 0;
    std::size_t pairs = 0;
    enum class Kind { none, ofNumber, ofHistogram } before = Kind::none;
    while (number < window.values.size() || histogram < window.histograms.size()) {
        const bool takeNumber = number < window.values.size()
            && (histogram == window.histograms.size()
                || window.times[number] < window.histogramTimes[histogram]);
        if (takeNumber) {
            pairs += before == Kind::ofHistogram || (before == Kind::ofNumber && numbers(number))
                ? 1
                : 0;
            before = Kind::ofNumber;
            ++number;
        } else {
            pairs += before == Kind::ofNumber
                    || (before == Kind::ofHistogram && histograms(histogram))
                ? 1
                : 0;
            before = Kind::ofHistogram;
            ++histogram;
        }
    }
    return Cell::of(static_cast<double>(pairs));
}

} // namespace

Cell rate(const Window& window, const SeriesCall& call)
{
    return call.use.edges == RangeEdges::plain ? extrapolated(window, call, true, true)
                                               : extendedRate(window, call, true, true);
}

Cell increase(const Window& window, const SeriesCall& call)
{
    return call.use.edges == RangeEdges::plain ? extrapolated(window, call, true, false)
                                               : extendedRate(window, call, true, false);
}

Cell delta(const Window& window, const SeriesCall& call)
{
    return call.use.edges == RangeEdges::plain ? extrapolated(window, call, false, false)
                                               : extendedRate(window, call, false, false);
}

Cell irate(const Window& window, const SeriesCall& call)
{
    return instant(window, call, true);
}

Cell idelta(const Window& window, const SeriesCall& call)
{
    return instant(window, call, false);
}

Cell changes(const Window& window, const SeriesCall&)
{
    return countPairs(
        window,
        [&](std::size_t i) {
            const double earlier = window.values[i - 1];
            const double later = window.values[i];
            return later != earlier && !(std::isnan(later) && std::isnan(earlier));
        },
        [&](std::size_t i) {
            return !sameHistogram(*window.histograms[i - 1], *window.histograms[i]);
        });
}

Cell resets(const Window& window, const SeriesCall&)
{
    const Starts numbers{window.times, window.starts};
    const Starts histograms{window.histogramTimes, window.histogramStarts};
    return countPairs(
        window,
        [&](std::size_t i) { return window.values[i] < window.values[i - 1] || numbers.anewAt(i); },
        [&](std::size_t i) {
            return histograms.anewAt(i)
                || isReset(*window.histograms[i - 1], *window.histograms[i]);
        });
}

} // namespace watchfire::promql::windows
