// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/query_report.h"
#include "core/promql/grid.h"
#include "core/promql/sample_counts.h"
#include "core/promql/syntax/ast.h"

#include <optional>
#include <unordered_map>

namespace watchfire::promql {

class EvalContext;

/// What the evaluation of one node took so far.
struct NodeUsage {
    std::uint64_t seriesRead = 0;
    std::uint64_t seriesOut = 0;
    std::uint64_t samplesRead = 0;
    std::uint64_t samplesOut = 0;
    std::uint64_t held = 0; ///< samples it and what is below it hold now
    std::uint64_t peakSamples = 0;
    std::chrono::nanoseconds time{};
    std::optional<MatchReport> matching;

    // Where samples are to be counted:
    YieldCounts yields;
    WindowCounts windows; ///< of the range function that the node is an argument of
    YieldCounts infoSeries; ///< of info(): those it looks at
    /// Of a subquery: how it was evaluated.
    struct Evaluated {
        StepGrid grid;
        std::int64_t offsetMs = 0;
        std::int64_t rangeMs = 0;
    };
    std::optional<Evaluated> evaluated;
};

/// Collects them by node, for those who ask for an explanation or for the samples.
class Profile {
public:
    NodeUsage& of(const Node& node) { return m_usage[&node]; }
    const NodeUsage& known(const Node& node) const;
    /// `node` yields what `other`, of the same text, was evaluated for.
    void share(const Node& node, const Node& other) { m_shared[&node] = &other; }
    /// The node itself, or the one that was evaluated in its stead.
    const Node& evaluated(const Node& node) const;
    /// The tree of what is below `node`, from what was collected.
    NodeReport report(const Node& node) const;

private:
    std::unordered_map<const Node*, NodeUsage> m_usage;
    std::unordered_map<const Node*, const Node*> m_shared;
};

/// Adds what happens while it lives to a node's usage; does nothing without one.
class Measure {
public:
    Measure(EvalContext& context, NodeUsage* usage);
    ~Measure();
    Measure(const Measure&) = delete;
    Measure& operator=(const Measure&) = delete;

private:
    EvalContext& m_context;
    NodeUsage* m_usage;
    std::chrono::steady_clock::time_point m_begin;
    std::uint64_t m_seriesRead = 0;
    std::uint64_t m_samplesRead = 0;
    std::uint64_t m_held = 0;
    std::uint64_t m_outerPeak = 0;
};

} // namespace watchfire::promql
