// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/alert_trace.h"

#include "core/engine/alert_trace_causes.h"
#include "core/text/duration.h"

#include <algorithm>
#include <format>
#include <optional>
#include <utility>

namespace watchfire::runtime {

namespace {

using engine::TraceOutcome;
using engine::TraceStage;
using engine::TraceStep;
namespace cause = engine::trace_cause;

TraceStep stepOfRule(const rules::RuleReport& rule, const rules::ActiveAlert& alert)
{
    TraceStep step{TraceStage::rule, TraceOutcome::passed, {rule.rule.alert}, {}, alert.firedAt};
    if (alert.state == AlertState::pending) {
        step.outcome = TraceOutcome::waiting;
        step.at = alert.activeAt + rule.rule.forDuration;
        step.cause = std::format("its condition must hold for {}",
                                 text::formatDuration(rule.rule.forDuration));
    } else if (alert.unknownSince != Timestamp{}) {
        step.cause = cause::unseen;
    } else if (alert.keepFiringSince != Timestamp{}) {
        step.cause = std::format("its condition holds no more; it is kept firing for {}",
                                 text::formatDuration(rule.rule.keepFiringFor));
    }
    return step;
}

std::optional<TraceStep> stepOfRules(const Labels& labels,
                                     const std::vector<rules::Manager::Picture>& groups)
{
    for (const rules::Manager::Picture& picture : groups) {
        for (const rules::RuleReport& rule : picture.report->rules) {
            const auto found = std::ranges::find(rule.alerts, labels, &rules::ActiveAlert::labels);
            if (found != rule.alerts.end()) {
                return stepOfRule(rule, *found);
            }
        }
    }
    return std::nullopt;
}

/// Of an alert that no rule has now.
TraceStep stepOfOthers(const std::optional<Alert>& known, Timestamp now)
{
    TraceStep step;
    if (!known) {
        step.outcome = TraceOutcome::stopped;
        step.cause = cause::gone;
        return step;
    }
    step.at = known->isResolvedAt(now) ? known->endsAt : known->startsAt;
    step.cause = known->isResolvedAt(now) ? cause::resolved : cause::posted;
    return step;
}

TraceStep stepOfGroup(const alerting::RoutePicture& route)
{
    TraceStep step{TraceStage::group,
                   TraceOutcome::passed,
                   {route.groupLabels.toString()},
                   std::format("{} alerts are told together", route.inGroup),
                   route.nextFlush};
    if (!route.isGrouped) {
        step.outcome = TraceOutcome::waiting;
        step.cause = cause::notGrouped;
        step.at = {};
    } else if (!route.isFlushed) {
        step.outcome = TraceOutcome::waiting;
        step.cause = cause::groupWait;
    }
    return step;
}

TraceStep muted(TraceStage stage, std::vector<std::string> by, std::string_view cause)
{
    TraceStep step;
    step.stage = stage;
    step.subjects = std::move(by);
    if (!step.subjects.empty()) {
        step.outcome = TraceOutcome::stopped;
        step.cause = cause;
    }
    return step;
}

TraceStep stepOfNotification(const alerting::RoutePicture& route,
                             const alerting::IntegrationPicture& integration)
{
    TraceStep step{TraceStage::notification, TraceOutcome::waiting, {integration.name}, {}, {}};
    if (!integration.failure.empty()) {
        step.outcome = TraceOutcome::failed;
        step.cause = integration.failure;
        step.at = integration.nextTry.value_or(route.nextFlush);
    } else if (integration.told) {
        step.outcome = TraceOutcome::passed;
        step.at = integration.toldAt;
        if (route.lastFlush > integration.toldAt) {
            step.cause = cause::notRepeated;
        }
    } else {
        step.at = route.nextFlush;
        if (route.isGrouped && route.isFlushed) {
            step.cause = cause::groupInterval;
        }
    }
    return step;
}

/// How each integration stands.
std::vector<TraceStep> stepsOfNotification(const alerting::RoutePicture& route)
{
    std::vector<TraceStep> steps;
    for (const alerting::IntegrationPicture& integration : route.integrations) {
        steps.push_back(stepOfNotification(route, integration));
    }
    if (steps.empty()) {
        steps.push_back({TraceStage::notification,
                         TraceOutcome::stopped,
                         {},
                         std::string(cause::noIntegration),
                         {}});
    }
    return steps;
}

engine::RouteTrace traceOf(const alerting::RoutePicture& route, const alerting::Fate& fate)
{
    engine::RouteTrace trace;
    trace.receiver = route.receiver;
    trace.steps.push_back({TraceStage::route, TraceOutcome::passed, {route.matchers}, {}, {}});
    trace.steps.push_back(stepOfGroup(route));
    std::vector<std::string> sources;
    for (const Labels& source : fate.inhibitedBy) {
        sources.push_back(source.toString());
    }
    for (TraceStep& step :
         std::vector{muted(TraceStage::inhibition, std::move(sources), cause::inhibited),
                     muted(TraceStage::silence, fate.silencedBy, cause::silenced),
                     muted(TraceStage::timeInterval, route.mutedByIntervals,
                           route.isInactive ? cause::inactiveNow : cause::mutedNow)}) {
        const bool stops = step.outcome == TraceOutcome::stopped;
        trace.steps.push_back(std::move(step));
        if (stops) {
            return trace;
        }
    }
    std::ranges::move(stepsOfNotification(route), std::back_inserter(trace.steps));
    return trace;
}

} // namespace

engine::AlertTrace alertTrace(const Labels& labels,
                              const std::vector<rules::Manager::Picture>& groups,
                              const alerting::Dispatcher& dispatcher, Timestamp now)
{
    engine::AlertTrace trace;
    trace.labels = labels;
    auto rule = stepOfRules(labels, groups);
    trace.rule = rule ? std::move(*rule) : stepOfOthers(dispatcher.find(labels), now);
    if (trace.rule.outcome != TraceOutcome::passed) {
        return trace;
    }
    const alerting::Fate fate = dispatcher.fateOf(labels, now);
    for (const alerting::RoutePicture& route : dispatcher.routesOf(labels, now)) {
        trace.routes.push_back(traceOf(route, fate));
    }
    return trace;
}

} // namespace watchfire::runtime
