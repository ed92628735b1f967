// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace watchfire {

enum class CounterReset : std::uint8_t { unknown, reset, notReset, gauge };

/// A run of consecutive buckets: `offset` indices after the end of the run before (or from
/// index 0 for the first), then `length` buckets.
struct BucketSpan {
    std::int32_t offset = 0;
    std::uint32_t length = 0;
    friend bool operator==(const BucketSpan&, const BucketSpan&) = default;
};

/// A native histogram with absolute float counts. Bucket i of schema s (−4…8) covers
/// (2^((i−1)·2^−s), 2^(i·2^−s)]; schema −53 has custom upper bounds with an implied +Inf after
/// them and uses positive spans only.
/// Source: Prometheus documentation, "Native histograms".
struct Histogram {
    static constexpr std::int32_t customSchema = -53;

    CounterReset resetHint = CounterReset::unknown;
    std::int32_t schema = 0;
    double zeroThreshold = 0;
    double zeroCount = 0;
    double count = 0;
    double sum = 0;
    std::vector<BucketSpan> positiveSpans;
    std::vector<BucketSpan> negativeSpans;
    std::vector<double> positiveBuckets;
    std::vector<double> negativeBuckets;
    std::vector<double> customValues;

    bool usesCustomBuckets() const { return schema == customSchema; }
    friend bool operator==(const Histogram&, const Histogram&) = default;
};

} // namespace watchfire
