// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/config/config.h"
#include "core/model/result.h"
#include "core/rules/alerting_rule.h"
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

/// An immutable picture of a group after an evaluation.
struct GroupReport {
    std::string name;
    std::string file;
    std::chrono::milliseconds interval{};
    Timestamp lastEvaluation{};
    std::chrono::microseconds duration{};
    std::vector<RuleReport> rules;
};

/// What a group needs of its surroundings.
struct Surroundings {
    Query query;
    ExpandText expand;
    SendAlerts send;
    std::shared_ptr<storage::Store> store;
    std::chrono::milliseconds resendDelay = std::chrono::minutes(1);
};

/// One rule group: its rules run one after another at each evaluation and see earlier results
/// of the same round. Outputs that vanish get staleness markers.
///
/// `evaluate` runs on one worker at a time; `report` is safe from any thread.
class Group {
public:
    Group(config::RuleGroupConfig group, std::chrono::milliseconds interval,
          Surroundings surroundings);

    /// Evaluates every rule as of `at`. A rule that fails keeps its last outputs and says why.
    void evaluate(Timestamp at);
    /// Marks all outputs stale, as when the group is taken out of the configuration.
    void retire(Timestamp at);
    /// Takes over alert state and outputs of the same group from before a reload.
    void adopt(Group& before);

    std::shared_ptr<const GroupReport> report() const;
    const config::RuleGroupConfig& config() const { return m_config; }
    std::chrono::milliseconds interval() const { return m_interval; }

private:
    struct Rule {
        config::RuleConfig config;
        std::optional<AlertingRule> alerting;
        RuleHealth health = RuleHealth::unknown;
        std::string lastError;
        Timestamp lastEvaluation{};
        std::chrono::microseconds duration{};
        /// What the rule wrote last time, and where.
        std::unordered_map<Labels, storage::Position> outputs;
    };

    Result<Vector> run(Rule& rule, Timestamp at, Timestamp queryAt);
    Result<void> store(Rule& rule, const Vector& outputs, Timestamp at);
    Result<storage::GroupWriter*> writer();
    void publish(Timestamp at, std::chrono::microseconds duration);

    config::RuleGroupConfig m_config;
    std::chrono::milliseconds m_interval;
    Surroundings m_surroundings;
    std::vector<Rule> m_rules;
    std::unique_ptr<storage::GroupWriter> m_writer;
    std::uint64_t m_layout = 0;
    std::vector<double> m_row;

    mutable std::mutex m_mutex;
    std::shared_ptr<const GroupReport> m_report;
};

} // namespace watchfire::rules
