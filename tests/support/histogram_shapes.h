// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/histogram.h"
#include "tests/support/column_shapes.h"

#include <bit>

namespace watchfire::testing {

/// Whether two histograms are the same to the bit, NaNs included.
inline bool sameBits(const Histogram& a, const Histogram& b)
{
    const auto same = [](double x, double y) {
        return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
    };
    const auto all = [&same](const std::vector<double>& x, const std::vector<double>& y) {
        return std::ranges::equal(x, y, same);
    };
    return a.resetHint == b.resetHint && a.schema == b.schema
        && same(a.zeroThreshold, b.zeroThreshold) && same(a.zeroCount, b.zeroCount)
        && same(a.count, b.count) && same(a.sum, b.sum) && a.positiveSpans == b.positiveSpans
        && a.negativeSpans == b.negativeSpans && all(a.positiveBuckets, b.positiveBuckets)
        && all(a.negativeBuckets, b.negativeBuckets) && all(a.customValues, b.customValues);
}

/// A histogram of whatever shape; with `like`, one more of its shape with other counts.
inline Histogram randomHistogram(ColumnShapes& shapes, const Histogram* like = nullptr)
{
    Histogram histogram;
    const auto fill = [&shapes](std::vector<double>& numbers) {
        for (double& number : numbers) {
            number = shapes.oneIn(12) ? shapes.special() : static_cast<double>(shapes.number(9999));
        }
    };
    if (like != nullptr) {
        histogram = *like;
    } else {
        const auto spans = [&shapes](std::vector<BucketSpan>& list, std::vector<double>& buckets) {
            std::size_t total = 0;
            for (std::uint64_t i = shapes.number(4); i > 0; --i) {
                list.push_back({static_cast<std::int32_t>(shapes.number(20)) - 5,
                                static_cast<std::uint32_t>(shapes.number(6))});
                total += list.back().length;
            }
            buckets.resize(total);
        };
        histogram.schema = shapes.oneIn(4) ? Histogram::customSchema
                                           : static_cast<std::int32_t>(shapes.number(13)) - 4;
        histogram.zeroThreshold = shapes.oneIn(2) ? 0x1p-128 : shapes.special();
        spans(histogram.positiveSpans, histogram.positiveBuckets);
        if (histogram.usesCustomBuckets()) {
            histogram.customValues.resize(shapes.number(6));
            fill(histogram.customValues);
        } else {
            spans(histogram.negativeSpans, histogram.negativeBuckets);
        }
    }
    histogram.resetHint = static_cast<CounterReset>(shapes.number(4));
    histogram.zeroCount = static_cast<double>(shapes.number(50));
    histogram.count = static_cast<double>(shapes.number(1'000'000));
    histogram.sum = shapes.oneIn(9) ? staleMarker() : static_cast<double>(shapes.number(999)) / 7;
    fill(histogram.positiveBuckets);
    fill(histogram.negativeBuckets);
    return histogram;
}

} // namespace watchfire::testing
