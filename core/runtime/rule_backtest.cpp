// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/threshold.h"
#include "core/rules/backtest/backtest.h"
#include "core/runtime/rule_trials.h"

#include <algorithm>
#include <utility>

namespace watchfire::runtime {

namespace {

/// Overlapping and touching stretches become one.
std::vector<TimeRange> joined(std::vector<TimeRange> stretches)
{
    std::ranges::sort(stretches, {}, &TimeRange::from);
    std::vector<TimeRange> out;
    for (const TimeRange& stretch : stretches) {
        if (!out.empty() && stretch.from <= out.back().to) {
            out.back().to = std::max(out.back().to, stretch.to);
        } else {
            out.push_back(stretch);
        }
    }
    return out;
}

/// Puts the alerts into the report, with the figures of them. `last`: where the range ends, in
/// the time of samples.
void take(engine::BacktestReport& report, std::vector<rules::AlertEpisodes> alerts, Timestamp last)
{
    std::vector<TimeRange> pending;
    std::vector<TimeRange> firing;
    for (rules::AlertEpisodes& alert : alerts) {
        engine::BacktestAlert& out
            = report.alerts.emplace_back(engine::BacktestAlert{std::move(alert.labels), {}});
        for (const rules::Episode& episode : alert.episodes) {
            const Timestamp end
                = std::max(episode.to, std::min(episode.to + report.interval, last));
            out.episodes.push_back({episode.state, episode.from, episode.to, end, episode.isOpen});
            if (episode.state != AlertState::firing) {
                pending.push_back({episode.from, end});
                continue;
            }
            firing.push_back({episode.from, end});
            ++report.fired;
            report.longest = std::max(report.longest, end - episode.from);
        }
    }
    report.pending = joined(std::move(pending));
    report.firing = joined(std::move(firing));
    for (const TimeRange& stretch : report.firing) {
        report.firingTime += stretch.to - stretch.from;
    }
}

/// Fails only where the caller no longer wants an answer.
Result<void> drawCurves(engine::BacktestReport& report, const engine::BacktestRequest& request,
                        const promql::QueryOptions& options, storage::Queryable& store,
                        const std::stop_token& stop)
{
    const std::string& expr = request.group.rules[request.rule].expr;
    const auto ast = promql::parse(expr, options.features);
    if (!ast) {
        return std::unexpected(ast.error());
    }
    const auto threshold = promql::thresholdOf(*ast);
    std::string curve = expr;
    if (threshold) {
        report.threshold = threshold->value;
        curve = expr.substr(threshold->curve.begin, threshold->curve.end - threshold->curve.begin);
    }
    if (request.curveStep.count() <= 0) {
        return {};
    }
    auto drawn = promql::evaluate(
        curve, store, {request.range.from, request.range.to, request.curveStep}, options, stop);
    if (!drawn) {
        if (drawn.error().kind == ErrorKind::cancelled) {
            return std::unexpected(std::move(drawn.error()));
        }
        report.curveError = std::move(drawn.error().message);
    } else if (auto* const matrix = std::get_if<Matrix>(&drawn->value)) {
        report.curves = std::make_shared<const Matrix>(std::move(*matrix));
    }
    return {};
}

} // namespace

Result<engine::BacktestReport> backtestRule(const engine::BacktestRequest& request,
                                            const RuleTrialSetting& setting,
                                            storage::Queryable& store, std::stop_token stop)
{
    rules::BacktestRequest asked;
    asked.group = request.group;
    asked.rule = request.rule;
    asked.range = request.range;
    asked.defaultInterval = setting.defaultInterval;
    asked.defaultQueryOffset = setting.defaultQueryOffset;
    asked.expand = setting.expand;
    asked.query = setting.query;
    auto tested = rules::backtest(asked, store, stop);
    if (!tested) {
        return std::unexpected(std::move(tested.error()));
    }
    engine::BacktestReport report;
    report.interval
        = request.group.interval.count() > 0 ? request.group.interval : setting.defaultInterval;
    report.evaluations = tested->evaluations;
    report.failures = tested->failures;
    report.firstFailure = std::move(tested->firstFailure);
    const auto offset = request.group.queryOffset.value_or(setting.defaultQueryOffset);
    take(report, std::move(tested->alerts), request.range.to - offset);
    if (auto drawn = drawCurves(report, request, setting.query, store, stop); !drawn) {
        return std::unexpected(std::move(drawn.error()));
    }
    return report;
}

} // namespace watchfire::runtime
