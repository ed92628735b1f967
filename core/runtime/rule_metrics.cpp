// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/rule_metrics.h"

#include <array>
#include <chrono>
#include <optional>
#include <string>

namespace watchfire::runtime {

namespace {

using client::MetricType;

template <class Duration> double seconds(Duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

struct Family {
    const char* name;
    MetricType type;
    const char* help;
    /// Nothing: the group has no such figure.
    std::optional<double> (*value)(const RuleGroupFigures& group);
};

std::optional<double> number(std::uint64_t value)
{
    return static_cast<double>(value);
}

constexpr std::array families{
    Family{
        "watchfire_rule_group_iterations", MetricType::counter,
        "Turns of a rule group, evaluated or missed.",
        [](const RuleGroupFigures& g) { return number(g.report->counts.evaluations + g.missed); }},
    Family{"watchfire_rule_group_iterations_missed", MetricType::counter,
           "Turns at which the evaluation before was not over, or the machine slept.",
           [](const RuleGroupFigures& g) { return number(g.missed); }},
    Family{"watchfire_rule_group_rule_evaluations", MetricType::counter,
           "Evaluations of the group's rules.",
           [](const RuleGroupFigures& g) { return number(g.report->counts.ruleEvaluations); }},
    Family{"watchfire_rule_group_rule_evaluation_failures", MetricType::counter,
           "Evaluations of the group's rules that failed.",
           [](const RuleGroupFigures& g) { return number(g.report->counts.ruleFailures); }},
    Family{"watchfire_rule_group_interval_seconds", MetricType::gauge, "Interval of the group.",
           [](const RuleGroupFigures& g) { return std::optional(seconds(g.report->interval)); }},
    Family{"watchfire_rule_group_rules", MetricType::gauge, "Rules of the group.",
           [](const RuleGroupFigures& g) { return number(g.report->rules.size()); }},
    Family{"watchfire_rule_group_last_evaluation_timestamp_seconds", MetricType::gauge,
           "Time of the newest evaluation.",
           [](const RuleGroupFigures& g) {
               return std::optional(seconds(g.report->lastEvaluation.time_since_epoch()));
           }},
    Family{"watchfire_rule_group_last_duration_seconds", MetricType::gauge,
           "How long the newest evaluation took.",
           [](const RuleGroupFigures& g) { return std::optional(seconds(g.report->duration)); }},
    Family{"watchfire_rule_group_last_rule_duration_sum_seconds", MetricType::gauge,
           "How long the rules of the newest evaluation took together.",
           [](const RuleGroupFigures& g) {
               return std::optional(seconds(g.report->counts.lastRuleDurations));
           }},
    Family{"watchfire_rule_group_last_evaluation_samples", MetricType::gauge,
           "Samples that the newest evaluation yielded.",
           [](const RuleGroupFigures& g) { return number(g.report->counts.lastSamples); }},
    Family{"watchfire_rule_group_last_restore_duration_seconds", MetricType::gauge,
           "How long it took to restore `for` states after the start.",
           [](const RuleGroupFigures& g) {
               return g.report->counts.restoreDuration.transform(
                   [](std::chrono::microseconds took) { return seconds(took); });
           }},
};

} // namespace

void appendRuleMetrics(std::span<const RuleGroupFigures> groups,
                       std::vector<client::FamilySnapshot>& out)
{
    for (const Family& family : families) {
        client::FamilySnapshot snapshot{family.name, family.type, family.help, {}, {}};
        const char* const suffix = family.type == MetricType::counter ? "_total" : "";
        for (const RuleGroupFigures& group : groups) {
            if (const auto value = family.value(group)) {
                snapshot.samples.push_back(
                    {suffix,
                     {{"rule_group", group.report->file + ";" + group.report->name}},
                     *value});
            }
        }
        if (!snapshot.samples.empty()) {
            out.push_back(std::move(snapshot));
        }
    }
}

} // namespace watchfire::runtime
