// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/labels.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace watchfire::bench {

/// What the queries are asked about: remote write messages in order of time, one after the other
/// of each instance, 20 samples of each of its series in each. Made anew it is the same again.
///
/// Samples are 15 s apart; each instance is scraped at a moment of its own within these.
class QueryLoad {
public:
    /// Of ten instances, in hundreds of series of `m` and `n` (`perInstance`):
    ///   m  counters by x (10 values) and y, one in five idle; six hours and ten minutes
    ///   g  gauges by x and y, a tenth as many; as long
    ///   n  counters, labels as those of m; 80 minutes
    ///   b_bucket  classic histograms by path, a tenth as many, of 12 buckets; as long
    static QueryLoad dashboards(std::size_t perInstance, std::int64_t endMs);
    /// `many`, 100 instances of 1,000 counters by x and y; 15 minutes.
    static QueryLoad many(std::int64_t endMs);

    /// A message of version 1, not compressed; empty: that was all.
    std::string next();
    std::uint64_t samples() const { return m_samples; } ///< in the messages so far

private:
    enum class Kind { idle, counter, gauge, bucket };
    struct Series {
        Labels labels;
        Kind kind = Kind::idle;
        std::size_t firstStep = 0;
        std::uint64_t random = 0;
        double pace = 0; ///< of a counter, for each step
        double share = 1; ///< of a histogram's observations that a bucket counts
        double total = 0;
    };
    struct Instance {
        std::vector<Series> series;
        std::int64_t delayMs = 0; ///< after the full step
    };

    QueryLoad(std::size_t steps, std::int64_t endMs);
    Instance& addInstance();
    void addCounters(Instance& instance, const std::string& name, std::size_t count,
                     std::size_t firstStep);
    void addGauges(Instance& instance, std::size_t count);
    void addHistograms(Instance& instance, std::size_t count, std::size_t firstStep);
    static double nextValue(Series& series);

    std::size_t m_steps;
    std::int64_t m_endMs;
    std::vector<Instance> m_instances;
    std::size_t m_step = 0; ///< the first of the next message
    std::size_t m_instance = 0; ///< whose message that is
    std::uint64_t m_samples = 0;
};

} // namespace watchfire::bench
