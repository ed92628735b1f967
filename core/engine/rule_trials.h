// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/config/config.h"
#include "core/model/alert.h"
#include "core/model/labels.h"
#include "core/model/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What the engine tells of rules that are not in force: while somebody writes them.
namespace watchfire::engine {

/// What would this alerting rule have done?
struct BacktestRequest {
    /// Of whatever name; interval, query offset, limit and labels count.
    config::RuleGroupConfig group;
    std::size_t rule = 0; ///< in the group
    TimeRange range{}; ///< of evaluations, both ends inclusive
    /// Between the points of the curves; zero: none are wanted.
    std::chrono::milliseconds curveStep{};
};

/// A stretch in which an alert was in one state, from its first evaluation in that state to its
/// last; `end` is when the next one would have come, at most the end of the range.
struct AlertEpisode {
    AlertState state = AlertState::pending; ///< or firing
    Timestamp from{};
    Timestamp to{};
    Timestamp end{};
    bool isOpen = false; ///< the range ended before it did
    friend bool operator==(const AlertEpisode&, const AlertEpisode&) = default;
};

struct BacktestAlert {
    Labels labels; ///< alertname among them
    std::vector<AlertEpisode> episodes; ///< in ascending time; they do not overlap
    AlertState stateAt(Timestamp at) const;
    friend bool operator==(const BacktestAlert&, const BacktestAlert&) = default;
};

/// What ALERTS would have recorded over the range, and figures of it.
struct BacktestReport {
    std::vector<BacktestAlert> alerts; ///< sorted by labels; those that were ever active
    std::chrono::milliseconds interval{}; ///< between evaluations
    std::size_t evaluations = 0;
    std::size_t failures = 0; ///< of these; the state stays as it was
    std::string firstFailure;
    std::size_t fired = 0; ///< how often an alert began to fire, all alerts together
    /// Stretches in which any alert was pending, and fired; joined and in ascending time, both
    /// ends as in AlertEpisode::from and end. Where something fires, `pending` may overlap it.
    std::vector<TimeRange> pending;
    std::vector<TimeRange> firing;
    std::chrono::milliseconds firingTime{}; ///< of those stretches together
    std::chrono::milliseconds longest{}; ///< of an alert's firing episodes
    /// What the rule compares with its threshold, else all of its expression; null: not asked for.
    std::shared_ptr<const Matrix> curves;
    std::string curveError; ///< why there are none
    std::optional<double> threshold; ///< that number; none: the expression has no such comparison
};

/// How would this rule read now?
struct RulePreviewRequest {
    /// All groups, with the rule as it is being written in its place: what it is compared with.
    std::vector<config::RuleGroupConfig> groups;
    std::size_t group = 0;
    std::size_t rule = 0;
    std::vector<std::string> requiredLabels; ///< that an alerting rule should set
    std::size_t limit = 50; ///< of alerts
};

/// Something that is allowed and most likely not meant.
struct RuleFinding {
    enum class Kind : std::uint8_t { duplicateRule, forBelowInterval, missingLabel, deadSelector };
    Kind kind = Kind::duplicateRule;
    std::string message;
    friend bool operator==(const RuleFinding&, const RuleFinding&) = default;
};

/// A template of a label or annotation that cannot be read.
struct TemplateFault {
    bool isLabel = false; ///< else of an annotation
    std::string name;
    std::string message;
    friend bool operator==(const TemplateFault&, const TemplateFault&) = default;
};

/// One element of the rule's result: an alert as it would read, or a series as it would be
/// recorded.
struct RuleExample {
    Labels labels;
    Labels annotations; ///< expanded
    double value = 0;
};

struct RulePreview {
    std::vector<RuleFinding> findings;
    std::vector<TemplateFault> templateFaults;
    std::string evaluationError; ///< why the expression has no answer now; empty: it has
    std::uint64_t total = 0; ///< of what holds now
    std::vector<RuleExample> examples; ///< of those; the first `limit`
    /// Nothing holds now: the examples are what the threshold is compared with.
    bool isHypothetical = false;
};

/// Runs unit tests in promtool's format over rules that are not in a file.
struct RuleTestRequest {
    std::vector<config::RuleGroupConfig> groups; ///< in the order of their evaluation
    std::string tests; ///< YAML as of `promtool test rules`; its rule_files are not read
    std::string name; ///< of the text, for its faults
};

struct RuleTestReport {
    struct Test {
        std::string name;
        std::vector<std::string> failures; ///< each may have several lines; none: it passed
        friend bool operator==(const Test&, const Test&) = default;
    };
    std::vector<config::Fault> faults; ///< of the text; with any, nothing ran
    std::vector<std::string> warnings;
    std::vector<Test> tests;
};

inline AlertState BacktestAlert::stateAt(Timestamp at) const
{
    for (const AlertEpisode& episode : episodes) {
        if (episode.from <= at && at <= episode.to) {
            return episode.state;
        }
    }
    return AlertState::inactive;
}

} // namespace watchfire::engine
