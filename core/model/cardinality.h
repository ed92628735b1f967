// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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

    std::uint64_t series = 0;
    std::uint64_t active = 0; ///< that have a place in what is being written now
    std::uint64_t labelPairs = 0; ///< different ones
    std::uint64_t newSeries = 0; ///< made since the store was opened
    /// The greatest of each, descending, then by name.
    std::vector<Metric> metrics;
    std::vector<Count> valuesByLabel; ///< different values of a label name
    std::vector<Count> bytesByLabel; ///< of a label name's values, once for each series
    std::vector<Count> seriesByPair; ///< "name=value"
};

} // namespace watchfire
