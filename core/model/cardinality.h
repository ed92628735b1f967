// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <cstdint>
#include <string>
#include <vector>

namespace watchfire {

/// What the series of a store are made of: where many come from, and how many come and go.
struct CardinalityReport {
    struct Count {
        std::string name;
        std::uint64_t value = 0;
        friend bool operator==(const Count&, const Count&) = default;
    };
    struct Metric {
        std::string name;
        std::uint64_t series = 0;
        std::uint64_t active = 0; ///< of these, such as their targets still send
    };

    /// A closed stretch of eight hours beside the one before it.
    struct Churn {
        TimeRange range{}; ///< of its samples
        std::uint64_t series = 0; ///< with samples in it
        std::uint64_t came = 0; ///< of these, without any in the one before
        std::uint64_t went = 0; ///< with samples in the one before, and none in it
        friend bool operator==(const Churn&, const Churn&) = default;
    };

    std::uint64_t series = 0;
    std::uint64_t active = 0; ///< that have a place in what is being written now
    std::uint64_t labelPairs = 0; ///< different ones
    std::uint64_t newSeries = 0; ///< made since the store was opened
    /// The greatest of each, descending, then by name.
    std::vector<Metric> metrics;
    std::vector<Count> valuesByLabel; ///< different values of a label name
    std::vector<Count> bytesByLabel; ///< of a label name's values, once for each series
    std::vector<Count> seriesByPair; ///< "name=value"
    std::vector<Churn> churn{}; ///< newest first
};

} // namespace watchfire
