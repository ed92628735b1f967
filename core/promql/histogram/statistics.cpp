// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/histogram/statistics.h"

#include "core/promql/histogram/buckets.h"
#include "core/promql/kernels/compensated.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace watchfire::promql {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Where the observations of a bucket are thought to be.
double centre(const BoundedBucket& bucket, bool custom)
{
    if (custom) {
        return (bucket.upper + bucket.lower) / 2;
    }
    if (bucket.lower <= 0 && bucket.upper >= 0) {
        return 0;
    }
    const double mean = std::sqrt(bucket.upper * bucket.lower);
    return bucket.upper < 0 ? -mean : mean;
}

double interpolate(const BoundedBucket& bucket, double fraction, bool linear)
{
    if (linear || (bucket.lower <= 0 && bucket.upper >= 0)) {
        return bucket.lower + (bucket.upper - bucket.lower) * fraction;
    }
    const double lower = std::log2(std::abs(bucket.lower));
    const double upper = std::log2(std::abs(bucket.upper));
    return bucket.lower > 0 ? std::exp2(lower + (upper - lower) * fraction)
                            : -std::exp2(upper + (lower - upper) * (1 - fraction));
}

} // namespace

double histogramAverage(const Histogram& histogram)
{
    return histogram.sum / histogram.count;
}

double histogramVariance(const Histogram& histogram)
{
    const double mean = histogramAverage(histogram);
    CompensatedSum squares;
    for (const BoundedBucket& bucket : bucketsOf(histogram, ZeroOverlap::cut)) {
        if (bucket.count != 0) {
            const double delta = centre(bucket, histogram.usesCustomBuckets()) - mean;
            squares.add(bucket.count * delta * delta);
        }
    }
    return (squares.sum + squares.error) / histogram.count;
}

HistogramAnswer histogramQuantile(const Histogram& histogram, double phi)
{
    using Remark = HistogramAnswer::Remark;
    if (phi < 0) {
        return {-infinity};
    }
    if (phi > 1) {
        return {infinity};
    }
    if (histogram.count == 0 || std::isnan(phi)) {
        return {nan};
    }
    // Observations of NaN count as greater than all others, so then only counting from below
    // is right; otherwise from the nearer end, which loses less precision.
    const bool mayHoldNaN = std::isnan(histogram.sum);
    const bool fromBelow = mayHoldNaN || phi < 0.5;
    std::vector<BoundedBucket> buckets = bucketsOf(histogram, ZeroOverlap::cut);
    if (!fromBelow) {
        std::ranges::reverse(buckets);
    }
    double rank = (fromBelow ? phi : 1 - phi) * histogram.count;
    double count = 0;
    BoundedBucket bucket;
    std::size_t next = 0;
    while (next < buckets.size()) {
        bucket = buckets[next++];
        count += bucket.count;
        if (bucket.count != 0 && count >= rank) {
            break;
        }
    }
    const bool custom = histogram.usesCustomBuckets();
    if (custom) {
        if (bucket.lower == -infinity) {
            if (bucket.upper <= 0) {
                return {bucket.upper};
            }
            bucket.lower = 0;
        } else if (bucket.upper == infinity) {
            return {bucket.lower};
        }
    } else if (bucket.lower < 0 && bucket.upper > 0) {
        const double inZero = bucket.count;
        bucket = zeroBucket(
            histogram, {!histogram.positiveBuckets.empty(), !histogram.negativeBuckets.empty()});
        bucket.count = inZero;
    }
    count = std::min(count, histogram.count);
    if (count < rank) {
        return mayHoldNaN ? HistogramAnswer{nan, Remark::nanResult} : HistogramAnswer{bucket.upper};
    }
    rank = fromBelow ? rank - (count - bucket.count) : count - rank;
    HistogramAnswer answer;
    if (mayHoldNaN) {
        // Looking whether all observations are in buckets, Prometheus leaves the bucket it has
        // found for the last one it looks at, and interpolates in that
        // (promql/quantile.go, HistogramQuantile).
        for (; next < buckets.size(); ++next) {
            bucket = buckets[next];
            count += bucket.count;
        }
        if (count < histogram.count) {
            answer.remark = Remark::nanSkew;
        }
    }
    answer.value = interpolate(bucket, rank / bucket.count, custom);
    return answer;
}

HistogramAnswer histogramFraction(const Histogram& histogram, double lower, double upper)
{
    if (histogram.count == 0 || std::isnan(lower) || std::isnan(upper)) {
        return {nan};
    }
    if (lower >= upper) {
        return {0};
    }
    const bool custom = histogram.usesCustomBuckets();
    const Sides sides{!histogram.positiveBuckets.empty(), !histogram.negativeBuckets.empty()};
    const std::vector<BoundedBucket> buckets = bucketsOf(histogram, ZeroOverlap::cut);
    double total = 0;
    for (const BoundedBucket& bucket : buckets) {
        total += bucket.count;
    }
    // How many observations lie below a value.
    const auto rankOf = [&](double value) {
        double rank = 0;
        for (BoundedBucket bucket : buckets) {
            const bool holdsZero = bucket.lower <= 0 && bucket.upper >= 0;
            const bool linear = custom || holdsZero;
            // Of a histogram on one side of zero, a bucket around zero counts on that side.
            if (holdsZero && sides.positive && !sides.negative) {
                bucket.lower = 0;
            } else if (holdsZero && sides.negative && !sides.positive) {
                bucket.upper = 0;
            }
            if (bucket.lower >= value) {
                return rank;
            }
            if (bucket.upper > value) {
                // Within a bucket without an end nothing can be said but where it ends.
                return bucket.lower == -infinity
                    ? bucket.count
                    : rank + bucket.count * fractionBelow(bucket, value, linear);
            }
            rank += bucket.count;
        }
        return infinity;
    };
    HistogramAnswer answer;
    double count = histogram.count;
    if (std::isnan(histogram.sum)) {
        count = total;
        if (count < histogram.count) {
            answer.remark = HistogramAnswer::Remark::nanExcluded;
        }
    }
    const double upperRank = std::min(rankOf(upper), count);
    const double lowerRank = std::min(rankOf(lower), count);
    answer.value = (upperRank - lowerRank) / histogram.count;
    return answer;
}

namespace {

void sumEqualBounds(std::vector<ClassicBucket>& buckets)
{
    std::size_t last = 0;
    for (std::size_t i = 1; i < buckets.size(); ++i) {
        if (buckets[i].bound == buckets[last].bound) {
            buckets[last].count += buckets[i].count;
        } else {
            buckets[++last] = buckets[i];
        }
    }
    buckets.resize(last + 1);
}

/// Equal but for what rounding does: by a difference relative to the sum of both.
bool almostEqual(double a, double b)
{
    constexpr double tolerance = 1e-12;
    constexpr double smallestNormal = std::numeric_limits<double>::min();
    if (a == b || (std::isnan(a) && std::isnan(b))) {
        return true;
    }
    const double difference = std::abs(a - b);
    const double sum = std::abs(a) + std::abs(b);
    if (a == 0 || b == 0 || sum < smallestNormal) {
        return difference < tolerance * smallestNormal;
    }
    return difference / std::min(sum, std::numeric_limits<double>::max()) < tolerance;
}

/// True: a count had to be raised.
bool makeMonotonic(std::vector<ClassicBucket>& buckets)
{
    bool forced = false;
    double before = buckets.front().count;
    for (ClassicBucket& bucket : std::span(buckets).subspan(1)) {
        if (almostEqual(before, bucket.count)) {
            bucket.count = before;
        } else if (bucket.count < before) {
            bucket.count = before;
            forced = true;
        } else {
            before = bucket.count;
        }
    }
    return forced;
}

} // namespace

ClassicAnswer classicQuantile(std::vector<ClassicBucket>& buckets, double phi)
{
    if (std::isnan(phi)) {
        return {nan};
    }
    if (phi < 0) {
        return {-infinity};
    }
    if (phi > 1) {
        return {infinity};
    }
    if (buckets.empty() || buckets.back().bound != infinity) {
        return {nan};
    }
    sumEqualBounds(buckets);
    ClassicAnswer answer{nan, makeMonotonic(buckets)};
    const double observations = buckets.back().count;
    if (buckets.size() < 2 || observations == 0) {
        return answer;
    }
    double rank = phi * observations;
    const auto found = std::ranges::find_if(
        buckets.begin(), buckets.end() - 1,
        [rank](const ClassicBucket& bucket) { return bucket.count >= rank; });
    const auto at = static_cast<std::size_t>(found - buckets.begin());
    if (at == buckets.size() - 1) {
        answer.value = buckets[at - 1].bound;
    } else if (at == 0 && buckets[0].bound <= 0) {
        answer.value = buckets[0].bound;
    } else {
        const double start = at == 0 ? 0 : buckets[at - 1].bound;
        const double below = at == 0 ? 0 : buckets[at - 1].count;
        answer.value
            = start + (buckets[at].bound - start) * ((rank - below) / (buckets[at].count - below));
    }
    return answer;
}

double classicFraction(std::vector<ClassicBucket>& buckets, double lower, double upper)
{
    if (buckets.empty() || buckets.back().bound != infinity) {
        return nan;
    }
    sumEqualBounds(buckets);
    const double count = buckets.back().count;
    if (count == 0 || std::isnan(lower) || std::isnan(upper)) {
        return nan;
    }
    if (lower >= upper) {
        return 0;
    }
    const auto rankOf = [&buckets](double value) {
        double rank = 0;
        double start = buckets.front().bound <= 0 ? -infinity : 0;
        for (const ClassicBucket& bucket : buckets) {
            if (start >= value) {
                return rank;
            }
            if (bucket.bound > value) {
                return start == -infinity
                    ? bucket.count
                    : rank + (bucket.count - rank) * (value - start) / (bucket.bound - start);
            }
            rank = bucket.count;
            start = bucket.bound;
        }
        return infinity;
    };
    return (std::min(rankOf(upper), count) - std::min(rankOf(lower), count)) / count;
}

} // namespace watchfire::promql
