// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/functions/windows_over_time.h"

#include "core/promql/histogram/accumulator.h"
#include "core/promql/kernels/compensated.h"
#include "core/promql/kernels/quantile.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <format>
#include <limits>

namespace watchfire::promql::windows {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double seconds(std::int64_t ms)
{
    return static_cast<double>(ms) / 1000;
}

/// For functions that know numbers only: histograms are passed over, with a remark where they
/// stand among numbers. False: there is no result.
bool hasNumbers(const Window& window, const SeriesCall& call)
{
    if (window.values.empty()) {
        return false;
    }
    if (!window.histograms.empty()) {
        call.inform(remarks::ignoredInMixedRange(call.metric));
    }
    return true;
}

bool isMixed(const Window& window, const SeriesCall& call)
{
    if (window.values.empty() || window.histograms.empty()) {
        return false;
    }
    call.warn(remarks::mixedInRange(call.metric));
    return true;
}

Cell foldHistograms(const Window& window, const SeriesCall& call, HistogramAccumulator::Kind kind)
{
    HistogramAccumulator accumulator(kind, *window.histograms.front());
    for (const HistogramPtr& histogram : window.histograms.subspan(1)) {
        const HistogramOutcome outcome = accumulator.add(*histogram);
        if (!outcome.compatible) {
            call.warn(remarks::mixedExponentialAndCustom(call.metric));
            return {};
        }
        if (outcome.reconciledBounds) {
            call.inform(remarks::reconciledBounds("aggregation"));
        }
    }
    if (accumulator.resetsCollide()) {
        call.warn(remarks::resetCollision("aggregation"));
    }
    return Cell::of(std::make_shared<const Histogram>(accumulator.value()));
}

template <class Better> std::size_t extremeOf(std::span<const double> values, Better&& better)
{
    std::size_t best = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (better(values[i], values[best]) || std::isnan(values[best])) {
            best = i;
        }
    }
    return best;
}

struct Line {
    double slope = 0;
    double intercept = 0;
};

/// Least squares, with x in seconds from `origin`.
Line lineThrough(const Window& window, std::int64_t origin)
{
    const double first = window.values.front();
    if (std::ranges::all_of(window.values, [first](double v) { return v == first; })) {
        return std::isinf(first) ? Line{nan, nan} : Line{0, first};
    }
    CompensatedSum sumX;
    CompensatedSum sumY;
    CompensatedSum sumXY;
    CompensatedSum sumXX;
    for (std::size_t i = 0; i < window.values.size(); ++i) {
        const double x = static_cast<double>(window.times[i] - origin) / 1e3;
        const double y = window.values[i];
        sumX.add(x);
        sumY.add(y);
        sumXY.add(x * y);
        sumXX.add(x * x);
    }
    const auto total = [](const CompensatedSum& sum) { return sum.sum + sum.error; };
    const auto n = static_cast<double>(window.values.size());
    const double covariance = total(sumXY) - total(sumX) * total(sumY) / n;
    const double variance = total(sumXX) - total(sumX) * total(sumX) / n;
    const double slope = covariance / variance;
    return {slope, total(sumY) / n - slope * total(sumX) / n};
}

/// Two numbers at least make a line; a lone one among histograms is worth a remark.
bool makesLine(const Window& window, const SeriesCall& call)
{
    if (!window.values.empty() && !window.histograms.empty()) {
        call.inform(remarks::ignoredInMixedRange(call.metric));
    }
    return window.values.size() >= 2;
}

/// The factors of double_exponential_smoothing must lie between 0 and 1, wherever there is
/// something to smooth.
bool checkFactors(const Window& window, const SeriesCall& call)
{
    constexpr std::array<std::string_view, 2> names{"smoothing", "trend"};
    constexpr std::array<std::string_view, 2> symbols{"sf", "tf"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        const double factor = call.use.parameters[i][window.step];
        if (factor <= 0 || factor >= 1) {
            call.findings.failure
                = Error{ErrorKind::invalid,
                        std::format("invalid {} factor. Expected: 0 < {} < 1, got: {:f}", names[i],
                                    symbols[i], factor)};
            return false;
        }
    }
    return true;
}

std::vector<double> sorted(std::span<const double> values)
{
    std::vector<double> copy(values.begin(), values.end());
    std::ranges::sort(copy, kernels::nanFirst);
    return copy;
}

/// The newest (or oldest) sample of either kind.
bool newestIsHistogram(const Window& window)
{
    return !window.histograms.empty()
        && (window.values.empty() || window.histogramTimes.back() > window.times.back());
}
bool oldestIsHistogram(const Window& window)
{
    return !window.histograms.empty()
        && (window.values.empty() || window.histogramTimes.front() < window.times.front());
}
bool isEmpty(const Window& window)
{
    return window.values.empty() && window.histograms.empty();
}

} // namespace

Cell sum(const Window& window, const SeriesCall& call)
{
    if (isEmpty(window) || isMixed(window, call)) {
        return {};
    }
    if (!window.histograms.empty()) {
        return foldHistograms(window, call, HistogramAccumulator::Kind::sum);
    }
    CompensatedSum total;
    for (const double value : window.values) {
        total.add(value);
    }
    return Cell::of(total.value());
}

Cell avg(const Window& window, const SeriesCall& call)
{
    if (isEmpty(window) || isMixed(window, call)) {
        return {};
    }
    if (!window.histograms.empty()) {
        return foldHistograms(window, call, HistogramAccumulator::Kind::mean);
    }
    return Cell::of(compensatedMean(window.values));
}

Cell count(const Window& window, const SeriesCall&)
{
    if (isEmpty(window)) {
        return {};
    }
    return Cell::of(static_cast<double>(window.values.size() + window.histograms.size()));
}

Cell min(const Window& window, const SeriesCall& call)
{
    if (!hasNumbers(window, call)) {
        return {};
    }
    return Cell::of(
        window.values[extremeOf(window.values, [](double a, double b) { return a < b; })]);
}

Cell max(const Window& window, const SeriesCall& call)
{
    if (!hasNumbers(window, call)) {
        return {};
    }
    return Cell::of(
        window.values[extremeOf(window.values, [](double a, double b) { return a > b; })]);
}

Cell tsOfMin(const Window& window, const SeriesCall& call)
{
    if (!hasNumbers(window, call)) {
        return {};
    }
    return Cell::of(
        seconds(window.times[extremeOf(window.values, [](double a, double b) { return a <= b; })]));
}

Cell tsOfMax(const Window& window, const SeriesCall& call)
{
    if (!hasNumbers(window, call)) {
        return {};
    }
    return Cell::of(
        seconds(window.times[extremeOf(window.values, [](double a, double b) { return a >= b; })]));
}

Cell first(const Window& window, const SeriesCall&)
{
    if (isEmpty(window)) {
        return {};
    }
    return oldestIsHistogram(window) ? Cell::of(window.histograms.front())
                                     : Cell::of(window.values.front());
}

Cell last(const Window& window, const SeriesCall&)
{
    if (isEmpty(window)) {
        return {};
    }
    return newestIsHistogram(window) ? Cell::of(window.histograms.back())
                                     : Cell::of(window.values.back());
}

Cell tsOfFirst(const Window& window, const SeriesCall&)
{
    if (isEmpty(window)) {
        return {};
    }
    return Cell::of(
        seconds(oldestIsHistogram(window) ? window.histogramTimes.front() : window.times.front()));
}

Cell tsOfLast(const Window& window, const SeriesCall&)
{
    if (isEmpty(window)) {
        return {};
    }
    return Cell::of(
        seconds(newestIsHistogram(window) ? window.histogramTimes.back() : window.times.back()));
}

Cell present(const Window& window, const SeriesCall&)
{
    return isEmpty(window) ? Cell{} : Cell::of(1.0);
}

Cell stdvar(const Window& window, const SeriesCall& call)
{
    return hasNumbers(window, call) ? Cell::of(kernels::varianceOf(window.values)) : Cell{};
}

Cell stddev(const Window& window, const SeriesCall& call)
{
    return hasNumbers(window, call) ? Cell::of(std::sqrt(kernels::varianceOf(window.values)))
                                    : Cell{};
}

Cell quantile(const Window& window, const SeriesCall& call)
{
    if (!hasNumbers(window, call)) {
        return {};
    }
    const double phi = call.use.parameters[0][window.step];
    if (!(phi >= 0 && phi <= 1)) {
        call.findings.annotations.warn(remarks::invalidQuantile(phi), call.use.parameterSpan);
    }
    return Cell::of(kernels::quantileOfSorted(phi, sorted(window.values)));
}

Cell mad(const Window& window, const SeriesCall& call)
{
    if (!hasNumbers(window, call)) {
        return {};
    }
    if (std::ranges::any_of(window.values, [](double v) { return std::isnan(v); })) {
        return Cell::of(nan);
    }
    std::vector<double> values = sorted(window.values);
    const double median = kernels::quantileOfSorted(0.5, values);
    for (double& value : values) {
        value = std::abs(value - median);
    }
    return Cell::of(kernels::quantileOfSorted(0.5, sorted(values)));
}

Cell deriv(const Window& window, const SeriesCall& call)
{
    if (!makesLine(window, call)) {
        return {};
    }
    return Cell::of(lineThrough(window, window.times.front()).slope);
}

Cell predictLinear(const Window& window, const SeriesCall& call)
{
    if (!makesLine(window, call)) {
        return {};
    }
    const Line line = lineThrough(window, window.evaluatedAt);
    return Cell::of(line.slope * call.use.parameters[0][window.step] + line.intercept);
}

Cell doubleExponentialSmoothing(const Window& window, const SeriesCall& call)
{
    if (!checkFactors(window, call) || !makesLine(window, call)) {
        return {};
    }
    const double smoothing = call.use.parameters[0][window.step];
    const double trendFactor = call.use.parameters[1][window.step];
    double before = 0;
    double smoothed = window.values[0];
    double trend = window.values[1] - window.values[0];
    for (std::size_t i = 1; i < window.values.size(); ++i) {
        const double scaled = smoothing * window.values[i];
        if (i > 1) {
            trend = trendFactor * (smoothed - before) + (1 - trendFactor) * trend;
        }
        const double next = scaled + (1 - smoothing) * (smoothed + trend);
        before = smoothed;
        smoothed = next;
    }
    return Cell::of(smoothed);
}

} // namespace watchfire::promql::windows
