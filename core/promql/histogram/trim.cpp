// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/histogram/trim.h"

#include "core/promql/histogram/arithmetic.h"
#include "core/promql/histogram/buckets.h"

#include <cmath>

namespace watchfire::promql {

namespace {

/// What is left of a bucket: how many observations, and their mean by estimate.
struct Rest {
    double count = 0;
    double mean = 0;
};

/// The mean of observations between two bounds: the geometric one in exponential buckets, the
/// arithmetic one elsewhere. An endless bucket is taken at its finite end (at half of it when
/// it can be thought to begin at zero).
double meanBetween(double lower, double upper, bool linear)
{
    if (std::isinf(lower)) {
        if (std::isinf(upper)) {
            return 0;
        }
        return upper > 0 ? upper / 2 : upper;
    }
    if (std::isinf(upper)) {
        return lower;
    }
    if (linear) {
        return (lower + upper) / 2;
    }
    const double mean = std::sqrt(std::abs(lower * upper));
    return lower < 0 ? -mean : mean;
}

double zeroIfInfinite(double value)
{
    return std::isinf(value) ? 0 : value;
}

/// A bucket that reaches to minus or plus infinity and holds the bound.
Rest restOfEndless(const BoundedBucket& bucket, double bound, bool trimsAbove)
{
    const bool fromZero = std::isfinite(bucket.upper) && bucket.upper > 0;
    if (std::isinf(bucket.lower)) {
        if (trimsAbove) {
            if (fromZero && bound > 0) {
                return {bucket.count * bound / bucket.upper, bound / 2};
            }
            return bucket.upper <= 0 ? Rest{bucket.count, bound}
                                     : Rest{0, zeroIfInfinite(bucket.upper)};
        }
        if (fromZero && bound >= 0) {
            return {bucket.count * (1 - bound / bucket.upper), (bound + bucket.upper) / 2};
        }
        return {0, zeroIfInfinite(bucket.upper)};
    }
    if (trimsAbove) {
        return {0, bucket.lower};
    }
    return {bucket.count, bound};
}

/// The bound lies inside the bucket.
Rest restOfCut(const BoundedBucket& bucket, double bound, bool trimsAbove, bool linear)
{
    if (std::isinf(bucket.lower) || std::isinf(bucket.upper)) {
        return restOfEndless(bucket, bound, trimsAbove);
    }
    const double below = bucket.count * fractionBelow(bucket, bound, linear);
    return trimsAbove ? Rest{below, meanBetween(bucket.lower, bound, linear)}
                      : Rest{bucket.count - below, meanBetween(bound, bucket.upper, linear)};
}

Rest restOf(const BoundedBucket& bucket, double bound, bool trimsAbove, bool linear)
{
    const bool keepsAll = trimsAbove ? bucket.upper <= bound : bucket.lower >= bound;
    if (keepsAll) {
        return {bucket.count, meanBetween(bucket.lower, bucket.upper, linear)};
    }
    const bool isCut = trimsAbove ? bucket.lower < bound : bucket.upper > bound;
    return isCut ? restOfCut(bucket, bound, trimsAbove, linear) : Rest{};
}

/// A bound at the lower end comes before one at the upper: the two are one in a zero bucket
/// without width.
Rest restOfZero(const BoundedBucket& zero, double bound, bool trimsAbove)
{
    const Rest all{zero.count, (zero.lower + zero.upper) / 2};
    if (bound <= zero.lower) {
        return trimsAbove ? Rest{} : all;
    }
    if (bound >= zero.upper) {
        return trimsAbove ? all : Rest{};
    }
    const double width = zero.upper - zero.lower;
    return trimsAbove ? Rest{zero.count * ((bound - zero.lower) / width), (zero.lower + bound) / 2}
                      : Rest{zero.count * ((zero.upper - bound) / width), (bound + zero.upper) / 2};
}

class Trimmer {
public:
    Trimmer(Histogram& histogram, double bound, bool trimsAbove)
        : m_histogram(histogram)
        , m_bound(bound)
        , m_trimsAbove(trimsAbove)
    {
    }

    void run()
    {
        const Sides sides = populatedSides(m_histogram);
        trimSide(m_histogram.positiveSpans, m_histogram.positiveBuckets, false);
        trimSide(m_histogram.negativeSpans, m_histogram.negativeBuckets, true);
        if (m_histogram.zeroCount > 0) {
            BoundedBucket zero = zeroBucket(m_histogram, sides);
            take(restOfZero(zero, m_bound, m_trimsAbove), m_histogram.zeroCount);
        }
        if (m_changed) {
            m_histogram.count = m_count;
            m_histogram.sum = m_sum;
            compact(m_histogram);
        }
    }

private:
    void take(const Rest& rest, double& count)
    {
        m_changed = m_changed || rest.count != count;
        count = rest.count;
        m_count += rest.count;
        m_sum += rest.mean * rest.count;
    }

    void trimSide(const std::vector<BucketSpan>& spans, std::vector<double>& counts, bool negative)
    {
        const bool linear = m_histogram.usesCustomBuckets();
        const IndexedBuckets buckets = unpack(spans, counts);
        for (std::size_t i = 0; i < buckets.size(); ++i) {
            if (buckets[i].count != 0) {
                take(restOf(bounded(m_histogram, buckets[i], negative), m_bound, m_trimsAbove,
                            linear),
                     counts[i]);
            }
        }
    }

    Histogram& m_histogram;
    double m_bound;
    bool m_trimsAbove;
    bool m_changed = false;
    double m_count = 0;
    double m_sum = 0;
};

} // namespace

void trimAbove(Histogram& histogram, double bound)
{
    Trimmer(histogram, bound, true).run();
}

void trimBelow(Histogram& histogram, double bound)
{
    Trimmer(histogram, bound, false).run();
}

} // namespace watchfire::promql
