// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/config/config.h"
#include "core/model/histogram.h"

namespace watchfire::scrape {

/// Makes the histogram as coarse as the job's native_histogram_min_bucket_factor and
/// native_histogram_bucket_limit ask. Fails with ErrorKind::limit when it has more buckets than
/// that at the coarsest schema, or has custom ones, which cannot be joined.
///
/// Source: Prometheus, scrape/target.go, maxSchemaAppender and bucketLimitAppender.
Result<void> limitBuckets(Histogram& histogram, const config::ScrapeConfig& job);

} // namespace watchfire::scrape
