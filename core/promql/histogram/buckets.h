// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/histogram.h"

#include <cstdint>
#include <span>
#include <vector>

namespace watchfire::promql {

/// One bucket by index. Index i of schema s covers (2^((i−1)·2^−s), 2^(i·2^−s)]; of custom
/// buckets (bound i−1, bound i].
struct IndexedBucket {
    std::int32_t index = 0;
    double count = 0;
    friend bool operator==(const IndexedBucket&, const IndexedBucket&) = default;
};
using IndexedBuckets = std::vector<IndexedBucket>; ///< ascending by index, each once

IndexedBuckets unpack(std::span<const BucketSpan> spans, std::span<const double> counts);
/// The spans and counts of the buckets; empty ones are left out.
void pack(const IndexedBuckets& buckets, std::vector<BucketSpan>& spans,
          std::vector<double>& counts);

/// The same bucket seen at a coarser schema.
std::int32_t coarserIndex(std::int32_t index, std::int32_t fromSchema, std::int32_t toSchema);
IndexedBuckets coarser(const IndexedBuckets& buckets, std::int32_t fromSchema,
                       std::int32_t toSchema);

/// One bucket by its bounds. `lowerIn` and `upperIn`: the bound itself belongs to it.
struct BoundedBucket {
    double lower = 0;
    double upper = 0;
    double count = 0;
    bool lowerIn = false;
    bool upperIn = true;
    bool isZero = false; ///< the zero bucket
};

BoundedBucket bounded(const Histogram& histogram, const IndexedBucket& bucket, bool negative);

/// What becomes of a bucket that reaches into the zero bucket: it is shown as it is, or, for
/// statistics, begins (of negative values: ends) where the zero bucket does.
/// Source: Prometheus, model/histogram/float_histogram.go, AllBucketIterator.
enum class ZeroOverlap { kept, cut };

/// Every bucket from the lowest value to the highest, the zero bucket in its place if it
/// counts anything; empty buckets that are listed are in.
std::vector<BoundedBucket> bucketsOf(const Histogram& histogram, ZeroOverlap overlap);

/// On which sides of zero a histogram has observations outside its zero bucket.
struct Sides {
    bool positive = false;
    bool negative = false;
};
Sides populatedSides(const Histogram& histogram);
/// The zero bucket; of a histogram with observations on one side only, that half of it.
BoundedBucket zeroBucket(const Histogram& histogram, Sides sides);

/// The share of a bucket's observations below a value strictly inside its finite bounds:
/// evenly spread, or (exponential buckets) evenly on a logarithmic scale.
double fractionBelow(const BoundedBucket& bucket, double value, bool linear);

} // namespace watchfire::promql
