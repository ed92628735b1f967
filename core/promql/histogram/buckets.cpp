// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/histogram/buckets.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

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

namespace {

constexpr int finestSchema = 8;

/// Bounds between 0.5 and 1 of the finest schema; those of a coarser one are among them. Rounded
/// as in Prometheus' table (model/histogram/generic.go, exponentialBounds): each is the one before
/// times the growth factor of the coarsest schema that has it.
const std::array<double, std::size_t{1} << finestSchema>& fractions()
{
    static const auto made = [] {
        std::array<double, std::size_t{1} << finestSchema> table{};
        table[0] = 0.5;
        table[table.size() / 2] = 1 / std::numbers::sqrt2;
        for (int schema = 2; schema <= finestSchema; ++schema) {
            const std::size_t step = table.size() >> schema;
            const double factor = std::pow(2.0, std::ldexp(1.0, -schema));
            for (std::size_t at = step; at < table.size(); at += 2 * step) {
                table[at] = table[at - step] * factor;
            }
        }
        return table;
    }();
    return made;
}

} // namespace

double exponentialBound(std::int32_t index, std::int32_t schema)
{
    // Schemas below 0 have whole powers of two (or of 4, 16, …) as bounds.
    if (schema <= 0) {
        const std::int64_t exponent = static_cast<std::int64_t>(index) << -schema;
        if (exponent == 1024) {
            // The last bucket ends with the greatest double, there being no 2^1024.
            return std::numeric_limits<double>::max();
        }
        return std::ldexp(1.0, static_cast<int>(exponent));
    }
    if (schema > finestSchema) { // nobody makes these
        return std::exp2(std::ldexp(static_cast<double>(index), -schema));
    }
    const std::int32_t perOctave = std::int32_t{1} << schema;
    const std::int32_t octave = index >> schema;
    const std::int32_t within = index & (perOctave - 1);
    if (octave == 1024 && within == 0) {
        return std::numeric_limits<double>::max();
    }
    const auto at = static_cast<std::size_t>(within) << (finestSchema - schema);
    return std::ldexp(fractions()[at], octave + 1);
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

std::vector<BoundedBucket> bucketsOf(const Histogram& histogram)
{
    std::vector<BoundedBucket> out;
    const IndexedBuckets negative = unpack(histogram.negativeSpans, histogram.negativeBuckets);
    for (auto bucket = negative.rbegin(); bucket != negative.rend(); ++bucket) {
        out.push_back(bounded(histogram, *bucket, true));
    }
    if (!histogram.usesCustomBuckets() && histogram.zeroCount > 0) {
        out.push_back(zeroBucket(histogram, {true, true}));
    }
    for (const IndexedBucket& bucket : unpack(histogram.positiveSpans, histogram.positiveBuckets)) {
        out.push_back(bounded(histogram, bucket, false));
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
