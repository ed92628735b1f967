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

/// How many samples a query is about, as Prometheus counts them: a number is one, a histogram
/// as many as it has times the bytes of a number with its time. Whatever is computed less here
/// is counted all the same, so that the numbers mean the same there and here.
/// Source: Prometheus, util/stats/query_stats.go, QuerySamples.
struct SampleCounts {
    /// What every step looks at, by itself: a sample in the windows of several steps is counted
    /// at each of them. One value for each step of the query.
    std::vector<std::uint64_t> totalPerStep;
    /// The same without what the windows of the step before held already.
    std::vector<std::uint64_t> readPerStep;
    std::uint64_t total = 0; ///< of all steps
    std::uint64_t read = 0; ///< of all steps
    std::uint64_t peak = 0; ///< the most that Prometheus would hold at once
    std::int64_t startMs = 0; ///< of the first step, since the epoch
    std::int64_t stepMs = 0; ///< from step to step
};

struct QueryStatistics {
    std::uint64_t seriesRead = 0;
    std::uint64_t samplesRead = 0; ///< by this evaluation, which is spared some of it
    std::uint64_t peakSamples = 0; ///< held at once, as the limit of samples counts
    std::chrono::nanoseconds waited{}; ///< for others to end, before it began
    std::chrono::nanoseconds parse{};
    std::chrono::nanoseconds prepare{};
    std::chrono::nanoseconds evaluate{};
    std::optional<SampleCounts> counts; ///< where they were asked for
};

/// What became of a query, as far as it came, be it answered or not.
struct QueryReport {
    QueryStatistics statistics;
    std::optional<NodeReport> explanation; ///< where it was asked for
};

} // namespace watchfire
