// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/config/config.h"
#include "core/model/result.h"
#include "core/rules/alerting_rule.h"
#include "core/rules/concurrency.h"
#include "core/storage/store.h"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace watchfire::rules {

/// Answers an instant query; called on the worker that evaluates the group.
using Query = std::function<Result<Vector>(const std::string& expr, Timestamp at)>;
/// Takes alerts that are due to be heard; called on that worker.
using SendAlerts = std::function<void(std::vector<Alert> alerts)>;

enum class RuleHealth { unknown, good, bad };

struct RuleReport {
    config::RuleConfig rule;
    RuleHealth health = RuleHealth::unknown;
    std::string lastError;
    Timestamp lastEvaluation{};
    std::chrono::microseconds duration{};
    std::vector<ActiveAlert> alerts;
};

/// What a group has done; totals since it began, through reloads of the configuration.
struct GroupCounts {
    std::uint64_t evaluations = 0;
    std::uint64_t ruleEvaluations = 0;
    std::uint64_t ruleFailures = 0;
    std::uint64_t lastSamples = 0; ///< that the rules yielded in the newest evaluation
    std::chrono::microseconds lastRuleDurations{}; ///< of all rules together
    std::optional<std::chrono::microseconds> restoreDuration; ///< of the `for` states, if done
};

/// An immutable picture of a group after an evaluation.
struct GroupReport {
    std::string name;
    std::string file;
    std::chrono::milliseconds interval{};
    Timestamp lastEvaluation{};
    std::chrono::microseconds duration{};
    GroupCounts counts;
    std::vector<RuleReport> rules;
};

/// What a group needs of its surroundings.
struct Surroundings {
    Query query;
    ExpandText expand;
    SendAlerts send;
    /// Whether an alert cannot be seen; empty: alerts have no unknown state.
    IsUnseen isUnseen{};
    /// Empty: the rules of a group are evaluated one by one.
    std::shared_ptr<Concurrency> concurrency{};
    std::shared_ptr<storage::Store> store;
    std::string externalUrl; ///< that links of alerts begin with
    std::chrono::milliseconds resendDelay = std::chrono::minutes(1);
    /// A `for` that was under way at most so long ago is restored.
    std::chrono::milliseconds outageTolerance = std::chrono::hours(1);
    /// An alert that is restored does not fire earlier than this after; rules with a shorter
    /// `for` start anew.
    std::chrono::milliseconds forGracePeriod = std::chrono::minutes(10);
};

struct GroupOptions {
    std::chrono::milliseconds interval{};
    std::chrono::milliseconds queryOffset{}; ///< where the group has none of its own
    /// Whether `for` states of before a restart are restored: after the second evaluation, when
    /// targets have been scraped and rules have recorded. Until then nothing of ALERTS is written.
    bool restores = false;
};

/// One rule group: its rules run one after another at each evaluation and see earlier results
/// of the same round; where there is concurrency, queries of rules that read nothing of each
/// other run at one time, which changes no result. Outputs that vanish get staleness markers.
///
/// `evaluate` runs on one worker at a time; `report` is safe from any thread.
class Group {
public:
    Group(config::RuleGroupConfig group, const GroupOptions& options, Surroundings surroundings);

    /// Evaluates every rule as of `at`. A rule that fails keeps its last outputs and says why.
    void evaluate(Timestamp at);
    /// Marks all outputs stale as of `at`, when the group was taken out of the configuration;
    /// but not those that somebody else has written since.
    void retire(Timestamp at);
    /// Takes over from the same group of before a reload: the state of each rule that has its
    /// name and labels still, and the outputs of the others to end them.
    void adopt(Group& before);

    std::shared_ptr<const GroupReport> report() const;
    const config::RuleGroupConfig& config() const { return m_config; }
    std::chrono::milliseconds interval() const { return m_options.interval; }
    std::chrono::milliseconds queryOffset() const
    {
        return m_config.queryOffset.value_or(m_options.queryOffset);
    }

private:
    /// Series that were written, and where.
    using Outputs = std::unordered_map<Labels, storage::Position>;
    struct Rule {
        config::RuleConfig config;
        std::string generatorUrl; ///< of alerts
        std::optional<AlertingRule> alerting;
        RuleHealth health = RuleHealth::unknown;
        std::string lastError;
        Timestamp lastEvaluation{};
        std::chrono::microseconds duration{};
        Outputs outputs; ///< of the newest evaluation
    };

    /// What the query of a rule yielded, and how long it took.
    struct Answer {
        Result<Vector> elements;
        std::chrono::microseconds took{};
    };

    Answer ask(const Rule& rule, Timestamp at) const;
    std::vector<Answer> askTogether(std::size_t first, std::size_t count, Timestamp at) const;
    void evaluate(Rule& rule, Answer answer, Timestamp at);
    Result<Vector> outputsOf(Rule& rule, Result<Vector> elements, Timestamp at);
    Result<void> store(Rule& rule, const Vector& outputs, Timestamp at);
    Result<storage::Position> positionOf(const Outputs& known, const Labels& labels);
    Result<storage::CommitReport>
    commit(const std::vector<storage::PositionedHistogram>& histograms, Timestamp at);
    Result<storage::GroupWriter*> writer();
    void endLeftOver(Timestamp at);
    void restoreForStates(Timestamp at);
    Result<void> restoreForState(AlertingRule& rule, storage::Querier& querier, Timestamp at);
    bool hasNewer(const Labels& labels, Timestamp at) const;
    void publish(Timestamp at, std::chrono::microseconds duration);

    config::RuleGroupConfig m_config;
    GroupOptions m_options;
    int m_roundsUntilRestored = 0;
    Surroundings m_surroundings;
    std::vector<Rule> m_rules;
    std::vector<std::size_t> m_parts; ///< of the rules, each asked together
    Outputs m_leftOver; ///< of rules that are gone, to be marked stale
    GroupCounts m_counts;
    std::unique_ptr<storage::GroupWriter> m_writer;
    std::uint64_t m_layout = 0;
    std::vector<double> m_row;

    mutable std::mutex m_mutex;
    std::shared_ptr<const GroupReport> m_report;
};

} // namespace watchfire::rules
