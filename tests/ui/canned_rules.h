// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/rule_trials.h"
#include "core/promql/syntax/parser.h"
#include "core/promql/syntax/threshold.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

/// What an engine with three machines would say of rules that are being written.
namespace watchfire::tests {

/// Waves between 0 and 100, one a machine.
inline double cannedLoad(int machine, Timestamp at)
{
    const double days = static_cast<double>(unixMs(at)) / 86'400'000.0;
    return 50 + 34 * std::sin(days * 6.283 * (0.6 + 0.2 * machine))
        + 12 * std::sin(days * 19 + machine);
}

inline bool cannedHolds(promql::BinaryOp op, double value, double threshold)
{
    return op == promql::BinaryOp::less || op == promql::BinaryOp::lessEqual ? value < threshold
                                                                             : value > threshold;
}

inline Labels cannedMachine(int machine)
{
    return Labels{{"instance", "web" + std::to_string(machine + 1) + ":9100"}, {"job", "node"}};
}

/// The waves against the threshold; without `for` and without gaps.
inline engine::BacktestReport cannedBacktest(const engine::BacktestRequest& request)
{
    engine::BacktestReport report;
    const config::RuleConfig& rule = request.group.rules[request.rule];
    const auto ast = promql::parse(rule.expr);
    const auto threshold = ast ? promql::thresholdOf(*ast) : std::nullopt;
    if (threshold) {
        report.threshold = threshold->value;
    }
    report.interval = std::chrono::minutes(1);
    auto curves = std::make_shared<Matrix>();
    const auto step = std::max(request.curveStep, std::chrono::milliseconds(60'000));
    for (int machine = 0; machine < 3; ++machine) {
        MatrixSeries series;
        series.labels = cannedMachine(machine);
        engine::BacktestAlert alert{series.labels.with("alertname", rule.alert), {}};
        bool before = false;
        for (Timestamp at = request.range.from; at <= request.range.to; at += step) {
            const double value = cannedLoad(machine, at);
            series.atMs.push_back(unixMs(at));
            series.values.push_back(value);
            const bool holds = threshold && cannedHolds(threshold->op, value, threshold->value);
            if (holds && !before) {
                const Timestamp fires = at + rule.forDuration;
                alert.episodes.push_back({AlertState::pending, at, fires, fires, false});
                alert.episodes.push_back({AlertState::firing, fires, fires, fires, false});
            } else if (holds) {
                alert.episodes.back().to = alert.episodes.back().end
                    = std::max(at, alert.episodes.back().from);
            }
            before = holds;
            ++report.evaluations;
        }
        for (const engine::AlertEpisode& episode : alert.episodes) {
            auto& stretches = episode.state == AlertState::firing ? report.firing : report.pending;
            stretches.push_back({episode.from, episode.end});
            if (episode.state == AlertState::firing) {
                ++report.fired;
                report.firingTime += episode.end - episode.from;
                report.longest = std::max(report.longest, episode.end - episode.from);
            }
        }
        if (!alert.episodes.empty()) {
            report.alerts.push_back(std::move(alert));
        }
        curves->push_back(std::move(series));
    }
    report.curves = std::move(curves);
    return report;
}

/// Three machines hold; annotations have their labels in them.
inline engine::RulePreview cannedPreview(const engine::RulePreviewRequest& request)
{
    engine::RulePreview preview;
    const config::RuleConfig& rule = request.groups[request.group].rules[request.rule];
    for (int machine = 0; machine < 3; ++machine) {
        engine::RuleExample example;
        example.labels = cannedMachine(machine);
        if (rule.isAlerting()) {
            example.labels = example.labels.with("alertname", rule.alert);
            for (const auto& [name, value] : rule.labels) {
                example.labels = example.labels.with(name, value);
            }
        } else {
            example.labels = example.labels.with("__name__", rule.record);
        }
        for (const auto& [name, text] : rule.annotations) {
            std::string said = text;
            const std::string field = "{{ $labels.instance }}";
            if (const auto at = said.find(field); at != std::string::npos) {
                said.replace(at, field.size(), example.labels.get("instance"));
            }
            example.annotations = example.annotations.with(name, said);
        }
        example.value = 91.4 + machine;
        preview.examples.push_back(std::move(example));
    }
    preview.total = 3;
    const auto hasSeverity = [](const auto& label) { return label.first == "severity"; };
    if (rule.isAlerting() && std::ranges::none_of(rule.labels, hasSeverity)) {
        preview.findings.push_back(
            {engine::RuleFinding::Kind::missingLabel, "the label severity is missing"});
    }
    return preview;
}

} // namespace watchfire::tests
