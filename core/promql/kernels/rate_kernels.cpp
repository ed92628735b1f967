// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/kernels/range_kernels.h"

#include <cmath>
#include <vector>

namespace watchfire::promql::kernels {

namespace {

/// Places i where the value falls below the one before it.
std::vector<std::uint32_t> fallsOf(std::span<const double> values)
{
    std::size_t count = 0;
    for (std::size_t i = 1; i < values.size(); ++i) {
        count += values[i] < values[i - 1] ? 1 : 0;
    }
    std::vector<std::uint32_t> falls;
    if (count == 0) {
        return falls;
    }
    falls.reserve(count);
    for (std::size_t i = 1; i < values.size(); ++i) {
        if (values[i] < values[i - 1]) {
            falls.push_back(static_cast<std::uint32_t>(i));
        }
    }
    return falls;
}

/// One window's increase, stretched to the edges. The stretch before the first sample ends
/// where the counter would have been zero.
inline double stretched(double increase, double first, const Extrapolation& by, std::size_t step)
{
    const double toZero = by.sampled[step] * (first / increase);
    const double atZero
        = (by.sampled[step] + toZero + by.toEnd[step]) / by.sampled[step] / by.seconds;
    const bool startsAtZero = increase > 0 && first >= 0 && toZero < by.toStart[step];
    return increase * (startsAtZero ? atZero : by.factor[step]);
}

/// All windows consecutive, no fall: the arrays are read side by side, without a branch.
void steadyCounterRate(const FloatColumn& in, std::span<double> out)
{
    const Extrapolation& by = *in.extrapolation;
    const std::size_t steps = in.windows.steps();
    const double* const first = in.values.data() + in.windows.first[0];
    const double* const last = in.values.data() + in.windows.last[0] - 1;
    const double* const sampled = by.sampled.data();
    const double* const toStart = by.toStart.data();
    const double* const toEnd = by.toEnd.data();
    const double* const factor = by.factor.data();
    const double seconds = by.seconds;
    double* const to = out.data();
    for (std::size_t step = 0; step < steps; ++step) {
        const double increase = last[step] - first[step];
        const double toZero = sampled[step] * (first[step] / increase);
        const double atZero = (sampled[step] + toZero + toEnd[step]) / sampled[step] / seconds;
        const bool startsAtZero = (increase > 0) & (first[step] >= 0) & (toZero < toStart[step]);
        to[step] = increase * (startsAtZero ? atZero : factor[step]);
    }
}

} // namespace

void counterRate(const FloatColumn& in, std::span<double> out)
{
    const std::vector<std::uint32_t> falls = fallsOf(in.values);
    if (in.windows.sliding && falls.empty()) {
        steadyCounterRate(in, out);
        return;
    }
    std::size_t nextFall = 0;
    for (std::size_t step = 0; step < in.windows.steps(); ++step) {
        if (in.windows.count(step) < 2) {
            continue;
        }
        const std::uint32_t first = in.windows.first[step];
        const std::uint32_t last = in.windows.last[step] - 1;
        double increase = in.values[last] - in.values[first];
        while (nextFall < falls.size() && falls[nextFall] <= first) {
            ++nextFall;
        }
        for (std::size_t fall = nextFall; fall < falls.size() && falls[fall] <= last; ++fall) {
            increase += in.values[falls[fall] - 1];
        }
        out[step] = stretched(increase, in.values[first], *in.extrapolation, step);
    }
}

void gaugeDelta(const FloatColumn& in, std::span<double> out)
{
    const std::vector<double>& factor = in.extrapolation->factor;
    if (in.windows.sliding) {
        const double* const first = in.values.data() + in.windows.first[0];
        const double* const last = in.values.data() + in.windows.last[0] - 1;
        for (std::size_t step = 0; step < in.windows.steps(); ++step) {
            out[step] = (last[step] - first[step]) * factor[step];
        }
        return;
    }
    for (std::size_t step = 0; step < in.windows.steps(); ++step) {
        if (in.windows.count(step) >= 2) {
            out[step] = (in.values[in.windows.last[step] - 1] - in.values[in.windows.first[step]])
                * factor[step];
        }
    }
}

void instantRate(const FloatColumn& in, std::span<double> out)
{
    for (std::size_t step = 0; step < in.windows.steps(); ++step) {
        if (in.windows.count(step) < 2) {
            continue;
        }
        const std::uint32_t last = in.windows.last[step] - 1;
        const double rise = in.values[last] < in.values[last - 1]
            ? in.values[last]
            : in.values[last] - in.values[last - 1];
        out[step] = rise / (static_cast<double>(in.times[last] - in.times[last - 1]) / 1000);
    }
}

void instantDelta(const FloatColumn& in, std::span<double> out)
{
    for (std::size_t step = 0; step < in.windows.steps(); ++step) {
        if (in.windows.count(step) >= 2) {
            const std::uint32_t last = in.windows.last[step] - 1;
            out[step] = in.values[last] - in.values[last - 1];
        }
    }
}

namespace {

template <class Differs>
void countPairs(const FloatColumn& in, std::span<double> out, Differs&& differs)
{
    // before[i]: pairs (j − 1, j) with j ≤ i that differ.
    std::vector<std::uint32_t> before(in.values.size());
    for (std::size_t i = 1; i < in.values.size(); ++i) {
        before[i] = before[i - 1] + (differs(in.values[i - 1], in.values[i]) ? 1 : 0);
    }
    for (std::size_t step = 0; step < in.windows.steps(); ++step) {
        if (in.windows.count(step) > 0) {
            out[step] = before[in.windows.last[step] - 1] - before[in.windows.first[step]];
        }
    }
}

} // namespace

void changes(const FloatColumn& in, std::span<double> out)
{
    countPairs(in, out, [](double earlier, double later) {
        return later != earlier && !(std::isnan(later) && std::isnan(earlier));
    });
}

void resets(const FloatColumn& in, std::span<double> out)
{
    countPairs(in, out, [](double earlier, double later) { return later < earlier; });
}

} // namespace watchfire::promql::kernels
