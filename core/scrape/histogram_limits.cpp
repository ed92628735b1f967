// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/histogram_limits.h"

#include "core/exposition/histogram_shape.h"

#include <format>

namespace watchfire::scrape {

using exposition::bucketCount;

Result<void> limitBuckets(Histogram& histogram, const config::ScrapeConfig& job)
{
    // A schema that we cannot store but know is stored all the same once it is coarse enough.
    const std::int32_t finest = exposition::schemaOfFactor(job.nativeHistogramMinBucketFactor);
    if (finest < exposition::finestSchema && histogram.schema > finest
        && histogram.schema <= exposition::finestKnownSchema) {
        exposition::coarsen(histogram, finest);
    }
    const std::uint64_t limit = job.nativeHistogramBucketLimit;
    if (limit == 0 || bucketCount(histogram) <= limit) {
        return {};
    }
    const std::size_t before = bucketCount(histogram);
    if (histogram.schema <= exposition::finestSchema) {
        while (bucketCount(histogram) > limit && histogram.schema > exposition::coarsestSchema) {
            exposition::coarsen(histogram, histogram.schema - 1);
        }
    }
    if (bucketCount(histogram) > limit) {
        return fail(ErrorKind::limit,
                    std::format("native_histogram_bucket_limit exceeded: {} buckets, limit {}",
                                before, limit));
    }
    return {};
}

} // namespace watchfire::scrape
