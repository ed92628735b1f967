// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/labels.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace watchfire {

/// How the series of a binary operator's two sides met: by groups of series whose matching
/// labels are equal.
struct MatchReport {
    /// What one side has for which the other has nothing.
    struct Side {
        std::uint64_t groups = 0;
        std::uint64_t series = 0;
        std::vector<Labels> examples; ///< the matching labels of some of the groups
    };
    std::uint64_t matchedGroups = 0;
    Side left;
    Side right;
};

/// What became of one part of a query while it was evaluated. What the parts below it did is
/// in its times, samples and memory too.
struct NodeReport {
    std::string kind; ///< "selector", "function rate", "aggregation sum", "operator +", …
    std::string text; ///< canonical
    Span where; ///< in the query as it was written
    std::uint64_t seriesIn = 0; ///< of the parts below it
    std::uint64_t seriesOut = 0;
    std::uint64_t samplesRead = 0; ///< from the store, and again from subqueries
    std::uint64_t samplesOut = 0; ///< values that it yields
    std::chrono::nanoseconds time{};
    std::uint64_t peakSamples = 0; ///< held at once
    std::optional<MatchReport> matching; ///< of an operator between two vectors
    std::vector<NodeReport> children;
};

} // namespace watchfire
