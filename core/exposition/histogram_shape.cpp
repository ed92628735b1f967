// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/histogram_shape.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <limits>
#include <utility>
#include <vector>

namespace watchfire::exposition {

namespace {

/// One side of a histogram in the making; buckets come in order.
class Side {
public:
    explicit Side(std::uint32_t longestGap)
        : m_longestGap(longestGap)
    {
    }

    /// False: the bucket does not lie behind the last one, or beyond every index.
    bool add(std::int64_t index, double count)
    {
        const std::int64_t gap = index - m_next;
        if (index > std::numeric_limits<std::int32_t>::max()
            || index < std::numeric_limits<std::int32_t>::min()
            || (!spans.empty() && (gap < 0 || gap > std::numeric_limits<std::int32_t>::max()))) {
            return false;
        }
        if (spans.empty() || gap > m_longestGap) {
            spans.push_back({static_cast<std::int32_t>(gap), 1});
        } else {
            counts.insert(counts.end(), static_cast<std::size_t>(gap), 0.0);
            spans.back().length += static_cast<std::uint32_t>(gap) + 1;
        }
        counts.push_back(count);
        m_next = index + 1;
        return true;
    }
    bool isLast(std::int64_t index) const { return !spans.empty() && index + 1 == m_next; }

    std::vector<BucketSpan> spans;
    std::vector<double> counts;

private:
    std::int64_t m_longestGap;
    std::int64_t m_next = 0;
};

template <class Visit>
bool forEachBucket(const std::vector<BucketSpan>& spans, const std::vector<double>& counts,
                   Visit&& visit)
{
    std::int64_t index = 0;
    std::size_t at = 0;
    for (const BucketSpan& span : spans) {
        index += span.offset;
        for (std::uint32_t i = 0; i < span.length && at < counts.size(); ++i) {
            if (!visit(index++, counts[at++])) {
                return false;
            }
        }
    }
    return true;
}

bool isCompact(const std::vector<BucketSpan>& spans, const std::vector<double>& counts)
{
    std::int64_t index = 0;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        index += std::int64_t{spans[i].offset} + spans[i].length;
        if (spans[i].length == 0 || (i > 0 && spans[i].offset <= 0)) {
            return false;
        }
    }
    return index <= std::numeric_limits<std::int32_t>::max() && !std::ranges::contains(counts, 0.0);
}

bool compactSide(Side& side, const std::vector<BucketSpan>& spans,
                 const std::vector<double>& counts)
{
    return forEachBucket(spans, counts, [&](std::int64_t index, double count) {
        return count == 0 || side.add(index, count);
    });
}

void coarsenSide(std::vector<BucketSpan>& spans, std::vector<double>& counts, std::int32_t steps)
{
    Side side(0);
    forEachBucket(spans, counts, [&](std::int64_t index, double count) {
        // Bucket i ends at base^i, so that it is i − 1 which is divided.
        const std::int64_t coarser = ((index - 1) >> steps) + 1;
        if (side.isLast(coarser)) {
            side.counts.back() += count;
            return true;
        }
        return side.add(coarser, count);
    });
    spans = std::move(side.spans);
    counts = std::move(side.counts);
}

std::string customFault(const Histogram& histogram)
{
    const auto& bounds = histogram.customValues;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        if (std::isnan(bounds[i]) || (i > 0 && !(bounds[i - 1] < bounds[i]))) {
            return "its custom bounds do not ascend";
        }
    }
    if (!bounds.empty() && bounds.back() == std::numeric_limits<double>::infinity()) {
        return "its custom bounds end with +Inf, which goes without saying";
    }
    std::int64_t reach = 0;
    for (const BucketSpan& span : histogram.positiveSpans) {
        if (span.offset < 0) {
            return "a span of its custom buckets has a negative offset";
        }
        reach += std::int64_t{span.offset} + span.length;
    }
    if (reach > static_cast<std::int64_t>(bounds.size()) + 1) {
        return std::format("its spans reach to bucket {}, and it has {} custom bounds", reach,
                           bounds.size());
    }
    if (histogram.zeroCount != 0 || histogram.zeroThreshold != 0) {
        return "it has custom buckets and a zero bucket";
    }
    if (!histogram.negativeSpans.empty() || !histogram.negativeBuckets.empty()) {
        return "it has custom buckets and negative ones";
    }
    return {};
}

} // namespace

bool compact(Histogram& histogram, std::uint32_t longestGap)
{
    if (longestGap == 0 && isCompact(histogram.positiveSpans, histogram.positiveBuckets)
        && isCompact(histogram.negativeSpans, histogram.negativeBuckets)) {
        return true; // as nearly all are
    }
    Side positive(longestGap);
    Side negative(longestGap);
    if (!compactSide(positive, histogram.positiveSpans, histogram.positiveBuckets)
        || !compactSide(negative, histogram.negativeSpans, histogram.negativeBuckets)) {
        return false;
    }
    histogram.positiveSpans = std::move(positive.spans);
    histogram.positiveBuckets = std::move(positive.counts);
    histogram.negativeSpans = std::move(negative.spans);
    histogram.negativeBuckets = std::move(negative.counts);
    return true;
}

void coarsen(Histogram& histogram, std::int32_t schema)
{
    const std::int32_t steps = std::min(histogram.schema - schema, 62);
    coarsenSide(histogram.positiveSpans, histogram.positiveBuckets, steps);
    coarsenSide(histogram.negativeSpans, histogram.negativeBuckets, steps);
    histogram.schema = schema;
}

std::size_t bucketCount(const Histogram& histogram)
{
    return histogram.positiveBuckets.size() + histogram.negativeBuckets.size();
}

std::string schemaFault(const Histogram& histogram)
{
    if (histogram.usesCustomBuckets()) {
        return customFault(histogram);
    }
    if (histogram.schema < coarsestSchema || histogram.schema > finestSchema) {
        return std::format("its schema is {}; there are {} to {}, and {} for custom buckets",
                           histogram.schema, coarsestSchema, finestSchema, Histogram::customSchema);
    }
    return {};
}

std::int32_t schemaOfFactor(double factor)
{
    if (!(factor > 1)) {
        return finestSchema;
    }
    const double schema = std::floor(-std::log2(std::log2(factor)));
    return static_cast<std::int32_t>(std::clamp<double>(schema, coarsestSchema, finestSchema));
}

} // namespace watchfire::exposition
