// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/kernels/compensated.h"
#include "core/promql/kernels/quantile.h"
#include "core/promql/kernels/range_kernels.h"
#include "core/promql/kernels/sliding.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace watchfire::promql::kernels {

namespace {

/// Windows of no more samples are cheaper to fold afresh than to slide over.
constexpr std::uint32_t shortWindow = 16;

std::span<const double> samplesOf(const FloatColumn& in, std::size_t step)
{
    return in.values.subspan(in.windows.first[step], in.windows.count(step));
}

template <class Fold> void foldEach(const FloatColumn& in, std::span<double> out, Fold&& fold)
{
    for (std::size_t step = 0; step < in.windows.steps(); ++step) {
        if (in.windows.count(step) > 0) {
            out[step] = fold(samplesOf(in, step));
        }
    }
}

template <class Pick> void pickEach(const FloatColumn& in, std::span<double> out, Pick&& pick)
{
    for (std::size_t step = 0; step < in.windows.steps(); ++step) {
        if (in.windows.count(step) > 0) {
            out[step] = pick(in.windows.first[step], in.windows.last[step]);
        }
    }
}

CompensatedSum sumOf(std::span<const double> values)
{
    CompensatedSum sum;
    for (const double value : values) {
        sum.add(value);
    }
    return sum;
}

template <class Emit> void slideSums(const FloatColumn& in, Emit&& emit)
{
    std::vector<CompensatedSum> suffixes;
    foldWindows(
        in.windows, suffixes, [&in](std::uint32_t i) { return CompensatedSum{in.values[i], 0}; },
        joined, std::forward<Emit>(emit));
}

/// The extreme and the time of its last occurrence.
struct Extreme {
    double value = 0;
    std::int64_t at = 0;
};

template <class Better>
void slideExtremes(const FloatColumn& in, std::span<double> out, Better&& better)
{
    std::vector<double> suffixes;
    foldWindows(
        in.windows, suffixes, [&in](std::uint32_t i) { return in.values[i]; },
        [&better](double earlier, double later) {
            return better(later, earlier) || std::isnan(earlier) ? later : earlier;
        },
        [&out](std::size_t step, double value) { out[step] = value; });
}

template <class Better>
void slideExtremeTimes(const FloatColumn& in, std::span<double> out, Better&& betterOrEqual)
{
    std::vector<Extreme> suffixes;
    foldWindows(
        in.windows, suffixes, [&in](std::uint32_t i) { return Extreme{in.values[i], in.times[i]}; },
        [&](const Extreme& earlier, const Extreme& later) {
            return betterOrEqual(later.value, earlier.value) || std::isnan(earlier.value) ? later
                                                                                          : earlier;
        },
        [&out](std::size_t step, const Extreme& extreme) {
            out[step] = static_cast<double>(extreme.at) / 1000;
        });
}

/// Count, mean and summed squares of the deviations, merged pairwise (Chan).
struct Moments {
    double count = 0;
    double mean = 0;
    double squares = 0;
};

Moments merged(const Moments& a, const Moments& b)
{
    const double count = a.count + b.count;
    const double delta = b.mean - a.mean;
    return {count, a.mean + delta * (b.count / count),
            a.squares + b.squares + delta * delta * (a.count * b.count / count)};
}

template <class Finish>
void slideVariance(const FloatColumn& in, std::span<double> out, Finish&& finish)
{
    const bool isTame = std::ranges::all_of(in.values, [](double v) { return std::isfinite(v); });
    if (in.windows.longest <= shortWindow || !isTame) {
        foldEach(in, out,
                 [&](std::span<const double> values) { return finish(varianceOf(values)); });
        return;
    }
    std::vector<Moments> suffixes;
    // Deviations from some sample are small, and exact where the samples are close together.
    const double origin = in.values.front();
    foldWindows(
        in.windows, suffixes, [&](std::uint32_t i) { return Moments{1, in.values[i] - origin, 0}; },
        merged,
        [&](std::size_t step, const Moments& moments) {
            // Beyond the range of doubles the order of the steps decides what comes out.
            out[step] = finish(std::isfinite(moments.squares) ? moments.squares / moments.count
                                                              : varianceOf(samplesOf(in, step)));
        });
}

} // namespace

double varianceOf(std::span<const double> values)
{
    double count = 0;
    CompensatedSum mean;
    CompensatedSum squares;
    for (const double value : values) {
        count += 1;
        const double delta = value - (mean.sum + mean.error);
        mean.add(delta / count);
        squares.add(delta * (value - (mean.sum + mean.error)));
    }
    return (squares.sum + squares.error) / count;
}

void sumOverTime(const FloatColumn& in, std::span<double> out)
{
    if (in.windows.longest <= shortWindow) {
        foldEach(in, out, [](std::span<const double> values) { return sumOf(values).value(); });
        return;
    }
    slideSums(in, [&out](std::size_t step, const CompensatedSum& sum) { out[step] = sum.value(); });
}

void avgOverTime(const FloatColumn& in, std::span<double> out)
{
    if (in.windows.longest <= shortWindow) {
        foldEach(in, out, compensatedMean);
        return;
    }
    slideSums(in, [&](std::size_t step, const CompensatedSum& sum) {
        const double count = in.windows.count(step);
        // A sum beyond the range of doubles may still have a mean within.
        out[step] = std::isinf(sum.sum) ? compensatedMean(samplesOf(in, step))
                                        : sum.sum / count + sum.error / count;
    });
}

void countOverTime(const FloatColumn& in, std::span<double> out)
{
    for (std::size_t step = 0; step < in.windows.steps(); ++step) {
        out[step] = in.windows.count(step);
    }
}

void minOverTime(const FloatColumn& in, std::span<double> out)
{
    slideExtremes(in, out, [](double a, double b) { return a < b; });
}

void maxOverTime(const FloatColumn& in, std::span<double> out)
{
    slideExtremes(in, out, [](double a, double b) { return a > b; });
}

void tsOfMinOverTime(const FloatColumn& in, std::span<double> out)
{
    slideExtremeTimes(in, out, [](double a, double b) { return a <= b; });
}

void tsOfMaxOverTime(const FloatColumn& in, std::span<double> out)
{
    slideExtremeTimes(in, out, [](double a, double b) { return a >= b; });
}

void firstOverTime(const FloatColumn& in, std::span<double> out)
{
    pickEach(in, out, [&in](std::uint32_t first, std::uint32_t) { return in.values[first]; });
}

void lastOverTime(const FloatColumn& in, std::span<double> out)
{
    pickEach(in, out, [&in](std::uint32_t, std::uint32_t last) { return in.values[last - 1]; });
}

void tsOfFirstOverTime(const FloatColumn& in, std::span<double> out)
{
    pickEach(in, out, [&in](std::uint32_t first, std::uint32_t) {
        return static_cast<double>(in.times[first]) / 1000;
    });
}

void tsOfLastOverTime(const FloatColumn& in, std::span<double> out)
{
    pickEach(in, out, [&in](std::uint32_t, std::uint32_t last) {
        return static_cast<double>(in.times[last - 1]) / 1000;
    });
}

void presentOverTime(const FloatColumn&, std::span<double> out)
{
    std::ranges::fill(out, 1.0);
}

void stddevOverTime(const FloatColumn& in, std::span<double> out)
{
    slideVariance(in, out, [](double variance) { return std::sqrt(variance); });
}

void stdvarOverTime(const FloatColumn& in, std::span<double> out)
{
    slideVariance(in, out, [](double variance) { return variance; });
}

void quantileOverTime(const FloatColumn& in, std::span<double> out)
{
    std::vector<double> sorted;
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    for (std::size_t step = 0; step < in.windows.steps(); ++step) {
        const std::uint32_t from = in.windows.first[step];
        const std::uint32_t to = in.windows.last[step];
        if (from == to) {
            continue;
        }
        const std::uint32_t moved = (from - first) + (to - last);
        if (from >= last || moved > (to - from) / 4) {
            sorted.assign(in.values.begin() + from, in.values.begin() + to);
            std::ranges::sort(sorted, nanFirst);
        } else {
            for (; first < from; ++first) {
                sorted.erase(std::ranges::lower_bound(sorted, in.values[first], nanFirst));
            }
            for (; last < to; ++last) {
                sorted.insert(std::ranges::upper_bound(sorted, in.values[last], nanFirst),
                              in.values[last]);
            }
        }
        first = from;
        last = to;
        out[step] = quantileOfSorted(in.parameter[step], sorted);
    }
}

} // namespace watchfire::promql::kernels
