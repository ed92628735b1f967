// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/histogram/buckets.h"

#include "core/model/histogram_bounds.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace watchfire::promql {

IndexedBuckets unpack(std::span<const BucketSpan> spans, std::span<const double> counts)
{
    IndexedBuckets buckets;
    buckets.reserve(counts.size());
    std::int32_t index = 0;
    std::size_t next = 0;
    for (const BucketSpan& span : spans) {
        index += span.offset;
        for (std::uint32_t i = 0; i < span.length && next < counts.size(); ++i) {
            buckets.push_back({index++, counts[next++]});
        }
    }
    return buckets;
}

void pack(const IndexedBuckets& buckets, std::vector<BucketSpan>& spans,
          std::vector<double>& counts)
{
    spans.clear();
    counts.clear();
    std::int32_t end = 0;
    for (const IndexedBucket& bucket : buckets) {
        if (bucket.count == 0) {
            continue;
        }
        if (spans.empty() || bucket.index != end) {
            spans.push_back({bucket.index - end, 0});
        }
        ++spans.back().length;
        counts.push_back(bucket.count);
        end = bucket.index + 1;
    }
}

std::int32_t coarserIndex(std::int32_t index, std::int32_t fromSchema, std::int32_t toSchema)
{
    return ((index - 1) >> (fromSchema - toSchema)) + 1;
}

IndexedBuckets coarser(const IndexedBuckets& buckets, std::int32_t fromSchema,
                       std::int32_t toSchema)
{
    if (fromSchema <= toSchema) {
        return buckets;
    }
    IndexedBuckets merged;
    for (const IndexedBucket& bucket : buckets) {
        const std::int32_t index = coarserIndex(bucket.index, fromSchema, toSchema);
        if (!merged.empty() && merged.back().index == index) {
            merged.back().count += bucket.count;
        } else {
            merged.push_back({index, bucket.count});
        }
    }
    return merged;
}

BoundedBucket bounded(const Histogram& histogram, const IndexedBucket& bucket, bool negative)
{
    if (histogram.usesCustomBuckets()) {
        const std::vector<double>& bounds = histogram.customValues;
        const auto index = static_cast<std::size_t>(bucket.index);
        constexpr double infinity = std::numeric_limits<double>::infinity();
        return {index == 0 || index > bounds.size() ? -infinity : bounds[index - 1],
                index < bounds.size() ? bounds[index] : infinity,
                bucket.count,
                index == 0,
                true,
                false};
    }
    const double inner = exponentialBound(bucket.index - 1, histogram.schema);
    const double outer = exponentialBound(bucket.index, histogram.schema);
    if (negative) {
        return {-outer, -inner, bucket.count, true, false, false};
    }
    return {inner, outer, bucket.count, false, true, false};
}

std::vector<BoundedBucket> bucketsOf(const Histogram& histogram, ZeroOverlap overlap)
{
    std::vector<BoundedBucket> out;
    const double zero = overlap == ZeroOverlap::cut ? histogram.zeroThreshold : 0;
    const auto add = [&](BoundedBucket bucket) {
        if (bucket.lower > 0 && bucket.lower < zero) {
            bucket.lower = zero;
        } else if (bucket.upper < 0 && bucket.upper > -zero) {
            bucket.upper = -zero;
        }
        out.push_back(bucket);
    };
    const IndexedBuckets negative = unpack(histogram.negativeSpans, histogram.negativeBuckets);
    for (auto bucket = negative.rbegin(); bucket != negative.rend(); ++bucket) {
        add(bounded(histogram, *bucket, true));
    }
    if (!histogram.usesCustomBuckets() && histogram.zeroCount > 0) {
        out.push_back(zeroBucket(histogram, {true, true}));
    }
    for (const IndexedBucket& bucket : unpack(histogram.positiveSpans, histogram.positiveBuckets)) {
        add(bounded(histogram, bucket, false));
    }
    return out;
}

Sides populatedSides(const Histogram& histogram)
{
    const auto any = [](const std::vector<double>& counts) {
        return std::ranges::any_of(counts, [](double count) { return count != 0; });
    };
    return {any(histogram.positiveBuckets), any(histogram.negativeBuckets)};
}

BoundedBucket zeroBucket(const Histogram& histogram, Sides sides)
{
    BoundedBucket zero{
        -histogram.zeroThreshold, histogram.zeroThreshold, histogram.zeroCount, true, true, true};
    if (sides.positive && !sides.negative) {
        zero.lower = 0;
    } else if (sides.negative && !sides.positive) {
        zero.upper = 0;
    }
    return zero;
}

double fractionBelow(const BoundedBucket& bucket, double value, bool linear)
{
    if (linear) {
        return (value - bucket.lower) / (bucket.upper - bucket.lower);
    }
    const double lower = std::log2(std::abs(bucket.lower));
    const double upper = std::log2(std::abs(bucket.upper));
    const double at = std::log2(std::abs(value));
    return value > 0 ? (at - lower) / (upper - lower) : 1 - (at - upper) / (lower - upper);
}

} // namespace watchfire::promql
