// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/histogram/arithmetic.h"

#include "core/model/histogram_bounds.h"
#include "core/promql/histogram/buckets.h"
#include "core/text/number.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <format>
#include <iterator>
#include <utility>

namespace watchfire::promql {

namespace {

using Buckets = HistogramSum::Buckets;

Buckets toSums(std::span<const BucketSpan> spans, std::span<const double> counts)
{
    Buckets sums;
    for (const IndexedBucket& bucket : unpack(spans, counts)) {
        sums.push_back({bucket.index, {bucket.count, 0}});
    }
    return sums;
}

IndexedBuckets rounded(const Buckets& sums)
{
    IndexedBuckets buckets;
    buckets.reserve(sums.size());
    for (const HistogramSum::Bucket& bucket : sums) {
        buckets.push_back({bucket.index, bucket.count.value()});
    }
    return buckets;
}

/// Gives every bucket the index `map` has for it (ascending too), joining equal ones.
template <class Map> void renumber(Buckets& buckets, Map&& map)
{
    Buckets out;
    out.reserve(buckets.size());
    for (const HistogramSum::Bucket& bucket : buckets) {
        const std::int32_t index = map(bucket.index);
        if (!out.empty() && out.back().index == index) {
            out.back().count = joined(out.back().count, bucket.count);
        } else {
            out.push_back({index, bucket.count});
        }
    }
    buckets = std::move(out);
}

void mergeInto(Buckets& to, const Buckets& from, double sign)
{
    Buckets out;
    out.reserve(to.size() + from.size());
    auto left = to.begin();
    for (const HistogramSum::Bucket& bucket : from) {
        while (left != to.end() && left->index < bucket.index) {
            out.push_back(*left++);
        }
        HistogramSum::Bucket sum{bucket.index, {}};
        if (left != to.end() && left->index == bucket.index) {
            sum.count = (left++)->count;
        }
        sum.count.add(sign * bucket.count.sum);
        out.push_back(sum);
    }
    out.insert(out.end(), left, to.end());
    to = std::move(out);
}

/// The bounds both have, ascending.
std::vector<double> commonBounds(const std::vector<double>& a, const std::vector<double>& b)
{
    std::vector<double> common;
    std::ranges::set_intersection(a, b, std::back_inserter(common));
    return common;
}

/// Where the buckets between `from` bounds fall among the fewer `to` bounds.
auto boundMap(const std::vector<double>& from, const std::vector<double>& to)
{
    return [&from, &to](std::int32_t index) {
        const auto at = static_cast<std::size_t>(index);
        if (at >= from.size()) {
            return static_cast<std::int32_t>(to.size());
        }
        return static_cast<std::int32_t>(std::ranges::lower_bound(to, from[at]) - to.begin());
    };
}

/// Buckets whose values all lie within ±threshold belong to the zero bucket.
void dropBelow(Buckets& buckets, std::int32_t schema, double threshold)
{
    std::erase_if(buckets, [&](const HistogramSum::Bucket& bucket) {
        return exponentialBound(bucket.index, schema) <= threshold;
    });
}

} // namespace

HistogramSum::HistogramSum(const Histogram& first)
    : m_count{first.count, 0}
    , m_sum{first.sum, 0}
    , m_zero{first.zeroCount, 0}
    , m_positive(toSums(first.positiveSpans, first.positiveBuckets))
    , m_negative(toSums(first.negativeSpans, first.negativeBuckets))
{
    m_head.resetHint = first.resetHint;
    m_head.schema = first.schema;
    m_head.zeroThreshold = first.zeroThreshold;
    m_head.customValues = first.customValues;
}

void HistogramSum::adoptHint(CounterReset other, HistogramOutcome& outcome)
{
    CounterReset& hint = m_head.resetHint;
    if (hint == other || hint == CounterReset::gauge) {
        return;
    }
    if (other == CounterReset::gauge) {
        hint = CounterReset::gauge;
        return;
    }
    outcome.resetCollision = hint != CounterReset::unknown && other != CounterReset::unknown;
    hint = CounterReset::unknown;
}

void HistogramSum::reduceTo(std::int32_t schema)
{
    if (schema >= m_head.schema) {
        return;
    }
    const auto map
        = [this, schema](std::int32_t index) { return coarserIndex(index, m_head.schema, schema); };
    renumber(m_positive, map);
    renumber(m_negative, map);
    m_head.schema = schema;
}

std::pair<CompensatedSum, double> HistogramSum::zeroWidenedTo(double threshold) const
{
    if (threshold <= m_head.zeroThreshold) {
        return {m_zero, m_head.zeroThreshold};
    }
    CompensatedSum count;
    bool cut = true;
    while (cut) {
        cut = false;
        count = m_zero;
        for (const Buckets* const side : {&m_positive, &m_negative}) {
            for (const Bucket& bucket : *side) {
                if (exponentialBound(bucket.index - 1, m_head.schema) >= threshold) {
                    break;
                }
                count = joined(count, bucket.count);
                const double upper = exponentialBound(bucket.index, m_head.schema);
                if (upper > threshold) {
                    if (bucket.count.value() != 0) {
                        // The threshold would cut a populated bucket: it takes all of it, and
                        // the other side is counted again.
                        threshold = upper;
                        cut = true;
                    }
                    break;
                }
            }
        }
    }
    return {count, threshold};
}

void HistogramSum::widenZeroTo(double threshold)
{
    std::tie(m_zero, m_head.zeroThreshold) = zeroWidenedTo(threshold);
    dropBelow(m_positive, m_head.schema, m_head.zeroThreshold);
    dropBelow(m_negative, m_head.schema, m_head.zeroThreshold);
}

HistogramOutcome HistogramSum::combine(const Histogram& other, double sign)
{
    HistogramOutcome outcome;
    const bool custom = m_head.usesCustomBuckets();
    if (custom != other.usesCustomBuckets()) {
        outcome.compatible = false;
        return outcome;
    }
    adoptHint(other.resetHint, outcome);
    m_count.add(sign * other.count);
    m_sum.add(sign * other.sum);
    HistogramSum right(other);
    if (custom) {
        if (m_head.customValues != other.customValues) {
            outcome.reconciledBounds = true;
            std::vector<double> common = commonBounds(m_head.customValues, other.customValues);
            renumber(m_positive, boundMap(m_head.customValues, common));
            renumber(right.m_positive, boundMap(other.customValues, common));
            m_head.customValues = std::move(common);
        }
    } else {
        // Widening one may widen it beyond the other's threshold, and so on in turn.
        while (m_head.zeroThreshold != right.m_head.zeroThreshold) {
            if (m_head.zeroThreshold < right.m_head.zeroThreshold) {
                widenZeroTo(right.m_head.zeroThreshold);
            } else {
                right.widenZeroTo(m_head.zeroThreshold);
            }
        }
        m_zero.add(sign * right.m_zero.value());
        reduceTo(right.m_head.schema);
        right.reduceTo(m_head.schema);
    }
    mergeInto(m_positive, right.m_positive, sign);
    mergeInto(m_negative, right.m_negative, sign);
    return outcome;
}

template <class Change> void HistogramSum::changeAll(Change&& change)
{
    for (CompensatedSum* const sum : {&m_count, &m_sum, &m_zero}) {
        change(*sum);
    }
    for (Buckets* const side : {&m_positive, &m_negative}) {
        for (Bucket& bucket : *side) {
            change(bucket.count);
        }
    }
}

void HistogramSum::scale(double factor)
{
    changeAll([factor](CompensatedSum& sum) {
        sum.sum *= factor;
        sum.error *= factor;
    });
}

void HistogramSum::divide(double divisor)
{
    changeAll([divisor](CompensatedSum& sum) {
        sum.sum /= divisor;
        sum.error /= divisor;
    });
}

bool HistogramSum::overflowed() const
{
    const auto infinite = [](const Bucket& bucket) { return std::isinf(bucket.count.sum); };
    return std::isinf(m_count.sum) || std::isinf(m_sum.sum) || std::isinf(m_zero.sum)
        || std::ranges::any_of(m_positive, infinite) || std::ranges::any_of(m_negative, infinite);
}

Histogram HistogramSum::value() const
{
    Histogram out = m_head;
    out.count = m_count.value();
    out.sum = m_sum.value();
    out.zeroCount = m_zero.value();
    pack(rounded(m_positive), out.positiveSpans, out.positiveBuckets);
    pack(rounded(m_negative), out.negativeSpans, out.negativeBuckets);
    return out;
}

HistogramOutcome addTo(Histogram& to, const Histogram& other)
{
    HistogramSum sum(to);
    const HistogramOutcome outcome = sum.add(other);
    if (outcome.compatible) {
        to = sum.value();
    }
    return outcome;
}

HistogramOutcome subtractFrom(Histogram& from, const Histogram& other)
{
    HistogramSum sum(from);
    const HistogramOutcome outcome = sum.subtract(other);
    if (outcome.compatible) {
        from = sum.value();
    }
    return outcome;
}

namespace {

template <class Change> void changeCounts(Histogram& histogram, Change&& change)
{
    change(histogram.zeroCount);
    change(histogram.count);
    change(histogram.sum);
    std::ranges::for_each(histogram.positiveBuckets, change);
    std::ranges::for_each(histogram.negativeBuckets, change);
}

} // namespace

void multiply(Histogram& histogram, double factor)
{
    changeCounts(histogram, [factor](double& count) { count *= factor; });
    if (factor < 0) {
        histogram.resetHint = CounterReset::gauge;
    }
    compact(histogram);
}

void divide(Histogram& histogram, double divisor)
{
    changeCounts(histogram, [divisor](double& count) { count /= divisor; });
    if (divisor < 0) {
        histogram.resetHint = CounterReset::gauge;
    }
    if (divisor == 0) {
        histogram.positiveSpans.clear();
        histogram.positiveBuckets.clear();
        histogram.negativeSpans.clear();
        histogram.negativeBuckets.clear();
    }
    compact(histogram);
}

void compact(Histogram& histogram)
{
    pack(unpack(histogram.positiveSpans, histogram.positiveBuckets), histogram.positiveSpans,
         histogram.positiveBuckets);
    pack(unpack(histogram.negativeSpans, histogram.negativeBuckets), histogram.negativeSpans,
         histogram.negativeBuckets);
}

Histogram toSchema(const Histogram& histogram, std::int32_t schema)
{
    Histogram out = histogram;
    if (histogram.usesCustomBuckets() || schema >= histogram.schema) {
        return out;
    }
    out.schema = schema;
    pack(coarser(unpack(histogram.positiveSpans, histogram.positiveBuckets), histogram.schema,
                 schema),
         out.positiveSpans, out.positiveBuckets);
    pack(coarser(unpack(histogram.negativeSpans, histogram.negativeBuckets), histogram.schema,
                 schema),
         out.negativeSpans, out.negativeBuckets);
    return out;
}

namespace {

/// Whether a bucket holds less than it did.
bool anyFell(const Buckets& earlier, const Buckets& later)
{
    auto now = later.begin();
    for (const HistogramSum::Bucket& before : earlier) {
        while (now != later.end() && now->index < before.index) {
            ++now;
        }
        const double count
            = now != later.end() && now->index == before.index ? now->count.value() : 0;
        if (count < before.count.value()) {
            return true;
        }
    }
    return false;
}

} // namespace

bool isReset(const Histogram& earlier, const Histogram& later)
{
    if (later.resetHint == CounterReset::reset) {
        return true;
    }
    if (later.resetHint == CounterReset::notReset) {
        return false;
    }
    if (later.count < earlier.count || later.usesCustomBuckets() != earlier.usesCustomBuckets()) {
        return true;
    }
    HistogramSum before(earlier);
    HistogramSum now(later);
    if (later.usesCustomBuckets()) {
        if (earlier.customValues != later.customValues) {
            const std::vector<double> common
                = commonBounds(earlier.customValues, later.customValues);
            renumber(before.m_positive, boundMap(earlier.customValues, common));
            renumber(now.m_positive, boundMap(later.customValues, common));
        }
        return anyFell(before.m_positive, now.m_positive);
    }
    if (later.schema > earlier.schema || later.zeroThreshold < earlier.zeroThreshold) {
        return true;
    }
    before.widenZeroTo(later.zeroThreshold);
    if (before.m_head.zeroThreshold != later.zeroThreshold
        || later.zeroCount < before.m_zero.value()) {
        return true;
    }
    before.reduceTo(later.schema);
    return anyFell(before.m_positive, now.m_positive) || anyFell(before.m_negative, now.m_negative);
}

namespace {

bool sameBits(double a, double b)
{
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

/// The runs that have buckets, each with all that lies before it.
std::vector<BucketSpan> runsOf(const std::vector<BucketSpan>& spans)
{
    std::vector<BucketSpan> runs;
    std::int32_t offset = 0;
    for (const BucketSpan& span : spans) {
        offset += span.offset;
        if (span.length > 0) {
            runs.push_back({std::exchange(offset, 0), span.length});
        }
    }
    return runs;
}

} // namespace

bool sameHistogram(const Histogram& a, const Histogram& b)
{
    return a.schema == b.schema && sameBits(a.count, b.count) && sameBits(a.sum, b.sum)
        && std::ranges::equal(a.customValues, b.customValues, sameBits)
        && a.zeroThreshold == b.zeroThreshold && sameBits(a.zeroCount, b.zeroCount)
        && runsOf(a.positiveSpans) == runsOf(b.positiveSpans)
        && runsOf(a.negativeSpans) == runsOf(b.negativeSpans)
        && std::ranges::equal(a.positiveBuckets, b.positiveBuckets, sameBits)
        && std::ranges::equal(a.negativeBuckets, b.negativeBuckets, sameBits);
}

std::string toText(const Histogram& histogram)
{
    std::string out = std::format("{{count:{}, sum:{}", text::formatG(histogram.count),
                                  text::formatG(histogram.sum));
    for (const BoundedBucket& bucket : bucketsOf(histogram, ZeroOverlap::kept)) {
        if (bucket.count == 0) {
            continue;
        }
        out += std::format(", {}{},{}{}:{}", bucket.lowerIn ? '[' : '(',
                           text::formatG(bucket.lower), text::formatG(bucket.upper),
                           bucket.upperIn ? ']' : ')', text::formatG(bucket.count));
    }
    return out + '}';
}

} // namespace watchfire::promql
