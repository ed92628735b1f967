// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/sample_counts.h"

#include <algorithm>
#include <numeric>

namespace watchfire::promql {

namespace {

constexpr std::uint64_t bytesOfSample = 16; // a number and its time

std::uint64_t bytesOf(const Histogram& histogram)
{
    constexpr std::uint64_t bytesOfStruct = 168;
    constexpr std::uint64_t bytesOfEach = 8; // span, bucket or bound
    return bytesOfStruct
        + bytesOfEach
        * (histogram.positiveSpans.size() + histogram.negativeSpans.size()
           + histogram.positiveBuckets.size() + histogram.negativeBuckets.size()
           + histogram.customValues.size());
}

std::uint64_t at(const std::vector<std::uint64_t>& counts, std::size_t step)
{
    return counts.empty() ? 0 : counts[step];
}

} // namespace

std::uint64_t samplesInSeries(const Histogram& histogram)
{
    constexpr std::uint64_t bytesOfTime = 8;
    return (bytesOf(histogram) + bytesOfTime) / bytesOfSample;
}

std::uint64_t samplesInVector(const Histogram& histogram)
{
    return 1 + bytesOf(histogram) / bytesOfSample;
}

void addEach(std::vector<std::uint64_t>& to, const std::vector<std::uint64_t>& from,
             std::uint64_t times)
{
    to.resize(std::max(to.size(), from.size()));
    for (std::size_t i = 0; i < from.size(); ++i) {
        to[i] += from[i] * times;
    }
}

std::uint64_t sumOf(const std::vector<std::uint64_t>& counts)
{
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

void YieldCounts::add(const Batch& batch)
{
    elements.resize(batch.steps());
    std::uint64_t full = 0;
    for (std::size_t row = 0; row < batch.rows(); ++row) {
        if (batch.isFull(row)) {
            ++full;
        } else {
            forEachBit(batch.present(row), [this](std::size_t step) { ++elements[step]; });
        }
        const auto histograms = batch.histograms(row);
        if (!histograms.empty()) {
            moreInSeries.resize(batch.steps());
            moreInVector.resize(batch.steps());
        }
        for (std::size_t step = 0; step < histograms.size(); ++step) {
            if (histograms[step]) {
                ++elements[step];
                moreInSeries[step] += samplesInSeries(*histograms[step]) - 1;
                moreInVector[step] += samplesInVector(*histograms[step]) - 1;
            }
        }
    }
    for (std::uint64_t& count : elements) {
        count += full;
    }
}

std::uint64_t YieldCounts::inSeries(std::size_t step) const
{
    return at(elements, step) + at(moreInSeries, step);
}

std::uint64_t YieldCounts::inVector(std::size_t step) const
{
    return at(elements, step) + at(moreInVector, step);
}

std::uint64_t YieldCounts::inSeries() const
{
    return sumOf(elements) + sumOf(moreInSeries);
}

void WindowCounts::append(const WindowCounts& next)
{
    addEach(all, next.all);
    addEach(added, next.added);
    peak = std::max(peak, left + next.peak);
    left += next.left;
}

} // namespace watchfire::promql
