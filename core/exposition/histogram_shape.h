// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/histogram.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace watchfire::exposition {

/// Schemas of exponential buckets that can be stored, and those known, which are made coarser.
inline constexpr std::int32_t coarsestSchema = -4;
inline constexpr std::int32_t finestSchema = 8;
inline constexpr std::int32_t coarsestKnownSchema = -9;
inline constexpr std::int32_t finestKnownSchema = 52;

/// Leaves out empty buckets, but for runs of up to `longestGap` between others, and joins spans
/// that touch. The spans must name as many buckets as there are. False: they do not ascend, or
/// leave the range of indices; the histogram is as it was then.
///
/// Source: Prometheus, model/histogram, Compact.
bool compact(Histogram& histogram, std::uint32_t longestGap);

/// Joins buckets up to `schema`, which must be coarser than the histogram's exponential one.
/// The spans must ascend.
///
/// Source: Prometheus, model/histogram, ReduceResolution.
void coarsen(Histogram& histogram, std::int32_t schema);

/// Positive and negative buckets.
std::size_t bucketCount(const Histogram& histogram);

/// Why a histogram of that schema cannot be stored; empty: it can.
///
/// Source: Prometheus, model/histogram, Validate.
std::string schemaFault(const Histogram& histogram);

/// The finest schema whose buckets grow by at least that factor (native_histogram_min_bucket_
/// factor); up to 1: the finest there is.
std::int32_t schemaOfFactor(double factor);

} // namespace watchfire::exposition
