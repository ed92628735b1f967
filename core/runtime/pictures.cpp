// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/pictures.h"

#include "core/runtime/alerting_state.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace watchfire::runtime {

namespace {

engine::Health healthOf(rules::RuleHealth health)
{
    switch (health) {
    case rules::RuleHealth::unknown:
        return engine::Health::unknown;
    case rules::RuleHealth::good:
        return engine::Health::up;
    case rules::RuleHealth::bad:
        return engine::Health::down;
    }
    return engine::Health::unknown;
}

engine::Health healthOf(scrape::Health health)
{
    switch (health) {
    case scrape::Health::unknown:
        return engine::Health::unknown;
    case scrape::Health::up:
        return engine::Health::up;
    case scrape::Health::down:
        return engine::Health::down;
    }
    return engine::Health::unknown;
}

engine::TargetStatus statusOf(const scrape::TargetStatus& from)
{
    engine::TargetStatus to;
    to.id = from.id;
    to.job = from.job;
    to.url = from.url;
    to.instance = from.instance;
    to.labels = from.labels;
    to.discoveredLabels = from.discoveredLabels;
    to.health = healthOf(from.health);
    to.lastError = from.lastError;
    to.lastWarning = from.lastWarning;
    to.lastScrape = from.lastScrape;
    to.lastDuration = from.lastDuration;
    to.samples = from.samples;
    to.interval = from.interval;
    to.timeout = from.timeout;
    to.scrapeOffset = from.scrapeOffset;
    to.missedTurns = from.missedTurns;
    to.paused = from.paused;
    to.collector = from.collector;
    return to;
}

std::uint64_t idOf(const rules::GroupReport& group, const std::string& rule, const Labels& labels)
{
    LabelsBuilder builder(labels);
    builder.set("__file__", group.file);
    builder.set("__group__", group.name);
    builder.set("__rule__", rule);
    return builder.build().hash();
}

engine::AlertStatus postedStatus(const Alert& posted)
{
    engine::AlertStatus status;
    LabelsBuilder builder(posted.labels);
    builder.set("__posted__", "1");
    status.id = builder.build().hash();
    status.rule = posted.labels.get("alertname");
    status.labels = posted.labels;
    status.annotations = posted.annotations;
    status.state = AlertState::firing;
    status.activeAt = posted.startsAt;
    status.firedAt = posted.startsAt;
    return status;
}

void add(engine::AlertStatus status, const alerting::Dispatcher& dispatcher, Timestamp now,
         engine::AlertsSnapshot& into)
{
    alerting::Fate fate = dispatcher.fateOf(status.labels, now);
    status.receiver = std::move(fate.receiver);
    status.silencedBy = std::move(fate.silencedBy);
    status.silenced = !status.silencedBy.empty();
    status.inhibited = fate.inhibited;
    into.silenced += status.silenced ? 1 : 0;
    ++(status.state == AlertState::firing ? into.firing : into.pending);
    into.alerts.push_back(std::move(status));
}

std::string_view word(AlertState state)
{
    switch (state) {
    case AlertState::inactive:
        return "resolved";
    case AlertState::pending:
        return "pending";
    case AlertState::firing:
        return "firing";
    }
    return "?";
}

} // namespace

std::shared_ptr<engine::TargetsSnapshot> targetsSnapshot(const scrape::TargetList& list)
{
    auto snapshot = std::make_shared<engine::TargetsSnapshot>();
    std::ranges::transform(list.targets, std::back_inserter(snapshot->targets), statusOf);
    std::ranges::transform(list.dropped, std::back_inserter(snapshot->dropped), statusOf);
    for (const scrape::DiscoveryStatus& from : list.discoveries) {
        snapshot->discoveries.push_back(
            {from.job, from.kind, from.source, from.targets, from.lastUpdate, from.lastError});
    }
    snapshot->up = list.up;
    snapshot->down = list.down;
    return snapshot;
}

std::shared_ptr<const engine::RulesSnapshot>
rulesSnapshot(const std::vector<rules::Manager::Picture>& groups)
{
    auto snapshot = std::make_shared<engine::RulesSnapshot>();
    for (const rules::Manager::Picture& picture : groups) {
        engine::RuleGroupStatus group;
        group.name = picture.report->name;
        group.file = picture.report->file;
        group.interval = picture.report->interval;
        group.lastEvaluation = picture.report->lastEvaluation;
        group.duration = picture.report->duration;
        group.nextDue = picture.nextDue;
        for (const rules::RuleReport& report : picture.report->rules) {
            engine::RuleStatus rule;
            rule.rule = report.rule;
            rule.health = healthOf(report.health);
            rule.lastError = report.lastError;
            rule.lastEvaluation = report.lastEvaluation;
            rule.duration = report.duration;
            for (const rules::ActiveAlert& alert : report.alerts) {
                ++(alert.state == AlertState::firing ? rule.firing : rule.pending);
            }
            rule.state = rule.firing > 0 ? AlertState::firing
                : rule.pending > 0       ? AlertState::pending
                                         : AlertState::inactive;
            group.rules.push_back(std::move(rule));
        }
        snapshot->groups.push_back(std::move(group));
    }
    return snapshot;
}

std::shared_ptr<const engine::AlertsSnapshot>
alertsSnapshot(const std::vector<rules::Manager::Picture>& groups, const std::vector<Alert>& posted,
               const alerting::Dispatcher& dispatcher, const alerting::Silences& silences,
               const std::deque<engine::AlertEvent>& history, Timestamp now)
{
    auto snapshot = std::make_shared<engine::AlertsSnapshot>();
    for (const rules::Manager::Picture& picture : groups) {
        for (const rules::RuleReport& report : picture.report->rules) {
            for (const rules::ActiveAlert& alert : report.alerts) {
                engine::AlertStatus status;
                status.id = idOf(*picture.report, report.rule.alert, alert.labels);
                status.rule = report.rule.alert;
                status.group = picture.report->name;
                status.labels = alert.labels;
                status.annotations = alert.annotations;
                status.state = alert.state;
                status.activeAt = alert.activeAt;
                status.firedAt = alert.firedAt;
                status.value = alert.value;
                status.unknown = alert.unknownSince != Timestamp{};
                status.expr = report.rule.expr;
                add(std::move(status), dispatcher, now, *snapshot);
            }
        }
    }
    std::unordered_set<Labels> ofRules;
    if (!posted.empty()) { // there may be ten thousand, and mostly nobody posts
        for (const engine::AlertStatus& alert : snapshot->alerts) {
            ofRules.insert(alert.labels);
        }
    }
    for (const Alert& alert : posted) {
        if (!ofRules.contains(alert.labels)) {
            add(postedStatus(alert), dispatcher, now, *snapshot);
        }
    }
    for (const auto& [id, silence] : silences.all()) {
        engine::SilenceStatus status = silenceStatus(silence, now);
        for (const engine::AlertStatus& alert : snapshot->alerts) {
            status.matched += matchesAll(silence.matchers, alert.labels) ? 1 : 0;
        }
        snapshot->silences.push_back(std::move(status));
    }
    snapshot->history.assign(history.begin(), history.end());
    return snapshot;
}

std::vector<engine::AlertEvent> alertEvents(const engine::AlertsSnapshot& before,
                                            const engine::AlertsSnapshot& after, Timestamp now)
{
    std::unordered_map<std::uint64_t, const engine::AlertStatus*> known;
    for (const engine::AlertStatus& alert : before.alerts) {
        known.emplace(alert.id, &alert);
    }
    std::vector<engine::AlertEvent> events;
    for (const engine::AlertStatus& alert : after.alerts) {
        const auto found = known.find(alert.id);
        if (found == known.end() || found->second->state != alert.state) {
            const Timestamp at = alert.state == AlertState::firing ? alert.firedAt : alert.activeAt;
            events.push_back({at, alert.labels, std::string(word(alert.state))});
        }
        if (alert.unknown != (found != known.end() && found->second->unknown)) {
            events.push_back({now, alert.labels, alert.unknown ? "unknown" : "seen again"});
        }
        if (found != known.end()) {
            known.erase(found);
        }
    }
    for (const auto& [id, alert] : known) {
        const bool wasFiring = alert->state == AlertState::firing;
        events.push_back({now, alert->labels, wasFiring ? "resolved" : "no longer pending"});
    }
    return events;
}

} // namespace watchfire::runtime
