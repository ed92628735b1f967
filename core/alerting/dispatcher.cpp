// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/dispatcher.h"

#include "core/alerting/group_parts.h"
#include "core/alerting/time_intervals.h"
#include "core/base/log.h"

#include <algorithm>
#include <format>
#include <utility>

namespace watchfire::alerting {

namespace {

constexpr auto collectionInterval = std::chrono::minutes(15);
/// One notification is recorded at once; of thousands, those of a while together.
constexpr auto savePause = std::chrono::milliseconds(50);
constexpr auto logRetention = std::chrono::hours(120);
/// However short the group_interval is, a receiver has this long to answer.
/// Source: Alertmanager 0.33, notify.MinTimeout.
constexpr std::chrono::milliseconds shortestTimeout = std::chrono::seconds(10);

/// Joins two reports of one alert whose times overlap: the earlier start counts, and the end
/// that the newer report gives, unless the older one lasts longer.
Alert merge(const Alert& before, Alert next, Timestamp now)
{
    const bool overlaps = (next.endsAt > before.startsAt && next.endsAt < before.endsAt)
        || (next.startsAt > before.startsAt && next.startsAt < before.endsAt);
    if (!overlaps) {
        return next;
    }
    next.startsAt = std::min(before.startsAt, next.startsAt);
    if (next.isResolvedAt(now) && before.isResolvedAt(now)) {
        next.endsAt = std::max(before.endsAt, next.endsAt);
    }
    return next;
}

Labels common(const std::vector<Alert>& alerts, Labels Alert::* part)
{
    LabelsBuilder builder;
    if (!alerts.empty()) {
        for (const Label& label : alerts.front().*part) {
            const bool everywhere = std::ranges::all_of(alerts, [&](const Alert& alert) {
                return (alert.*part).get(label.name) == label.value;
            });
            if (everywhere) {
                builder.set(label.name, label.value);
            }
        }
    }
    return builder.build();
}

} // namespace

Dispatcher::Dispatcher(Silences& silences, NotificationLog& log, MakeIntegrations makeIntegrations,
                       Executor& owner, OnEvent onEvent)
    : m_silences(silences)
    , m_log(log)
    , m_makeIntegrations(std::move(makeIntegrations))
    , m_onEvent(std::move(onEvent))
    , m_deliveries(owner, [this](Delivery delivery, const Result<void>& result, Timestamp at) {
        ended(std::move(delivery), result, at);
    })
{
}

void Dispatcher::apply(const config::AlertmanagerConfig& config, std::string externalUrl,
                       Timestamp now)
{
    if (m_root && config == m_config && externalUrl == m_externalUrl) {
        return;
    }
    m_config = config;
    m_externalUrl = std::move(externalUrl);
    m_groups.clear();
    m_nextLook.reset();
    m_deliveries.clear();
    m_inhibition.setRules(m_config.inhibitRules);
    m_root = buildRoute(m_config.route);
    m_integrations.clear();
    for (const config::ReceiverConfig& receiver : m_config.receivers) {
        m_integrations.emplace(receiver.name, m_makeIntegrations(receiver));
    }
    for (const auto& [labels, alert] : m_alerts) {
        m_inhibition.put(alert);
        place(alert, now);
    }
}

void Dispatcher::put(const std::vector<Alert>& alerts, Timestamp now)
{
    for (const Alert& alert : alerts) {
        Alert next = alert;
        next.updatedAt = now;
        if (next.startsAt == Timestamp{}) {
            next.startsAt = next.endsAt != Timestamp{} ? next.endsAt : now;
        }
        if (next.endsAt == Timestamp{}) {
            next.endsAt = now + m_config.resolveTimeout;
        }
        if (const auto before = m_alerts.find(alert.labels); before != m_alerts.end()) {
            next = merge(before->second, std::move(next), now);
        }
        m_alerts.insert_or_assign(alert.labels, next);
        m_inhibition.put(next);
        if (m_root) {
            place(next, now);
        }
    }
}

void Dispatcher::place(const Alert& alert, Timestamp now)
{
    for (const Route* route : m_root->match(alert.labels)) {
        Labels labels = route->groupLabels(alert.labels);
        std::string key = groupKeyOf(*route, labels);
        auto found = m_groups.find(key);
        if (found == m_groups.end()) {
            Group group;
            group.route = route;
            group.labels = std::move(labels);
            group.key = key;
            group.nextFlush = now + route->groupWait;
            found = m_groups.emplace(std::move(key), std::move(group)).first;
        }
        Group& group = found->second;
        group.alerts.insert_or_assign(alert.labels, alert);
        // An alert that has waited long enough elsewhere does not wait here again.
        if (!group.flushed && alert.startsAt + route->groupWait < now) {
            group.nextFlush = std::min(group.nextFlush, now);
        }
        lookAt(group.nextFlush);
    }
}

std::optional<Timestamp> Dispatcher::nextDue() const
{
    std::optional<Timestamp> due;
    const auto consider = [&due](Timestamp at) {
        if (!due || at < *due) {
            due = at;
        }
    };
    if (m_nextLook) {
        consider(*m_nextLook);
    }
    if (const auto delivery = m_deliveries.nextDue()) {
        consider(*delivery);
    }
    if (const auto unsaved = m_log.unsavedSince()) {
        consider(std::max(*unsaved, m_lastSave + savePause));
    }
    return due;
}

void Dispatcher::advance(Timestamp now)
{
    m_deliveries.advance(now);
    saveLog(now);
    // A clock that was set back makes all of them due.
    if (m_nextLook && (*m_nextLook <= now || now < m_lastTurn)) {
        lookAtGroups(now);
    }
    m_lastTurn = now;
    saveLog(now);
    if (now >= m_nextCollection) {
        m_nextCollection = now + collectionInterval;
        collect(now);
    }
}

void Dispatcher::lookAtGroups(Timestamp now)
{
    m_nextLook.reset();
    for (auto entry = m_groups.begin(); entry != m_groups.end();) {
        Group& group = entry->second;
        if (group.nextFlush > now + group.route->groupInterval + group.route->groupWait) {
            group.nextFlush = now; // the clock was set back
        }
        if (group.nextFlush <= now && group.deliveries == 0) {
            flush(group, now);
        }
        if (group.deliveries == 0 && group.alerts.empty()) {
            entry = m_groups.erase(entry);
            continue;
        }
        if (group.deliveries == 0) {
            lookAt(group.nextFlush);
        }
        ++entry;
    }
}

/// What was told since the last turn, of many groups together.
void Dispatcher::saveLog(Timestamp now)
{
    const bool isEarly = now >= m_lastSave && now < m_lastSave + savePause;
    if (!m_log.unsavedSince() || isEarly) {
        return;
    }
    m_lastSave = now;
    if (auto kept = m_log.save(); !kept) {
        log(LogLevel::warning, "alerting", "keeping the notification log: {}",
            kept.error().message);
    }
}

void Dispatcher::collect(Timestamp now)
{
    m_silences.collect(now);
    m_log.collect(now, logRetention);
    std::erase_if(m_alerts, [&](const auto& entry) {
        const bool old = entry.second.isResolvedAt(now - collectionInterval);
        if (old) {
            m_inhibition.remove(entry.first);
        }
        return old;
    });
}

std::vector<std::string> Dispatcher::mutedByIntervals(const Route& route, Timestamp now) const
{
    auto muting = holdingAt(route.muteTimeIntervals, m_config.timeIntervals, now);
    if (muting.empty() && isInactive(route, now)) {
        return route.activeTimeIntervals;
    }
    return muting;
}

/// It has active intervals, and none of them holds.
bool Dispatcher::isInactive(const Route& route, Timestamp now) const
{
    return !route.activeTimeIntervals.empty()
        && holdingAt(route.activeTimeIntervals, m_config.timeIntervals, now).empty();
}

std::vector<Alert> Dispatcher::heardOf(const Group& group, Timestamp now) const
{
    std::vector<Alert> heard;
    if (!mutedByIntervals(*group.route, now).empty()) {
        return heard;
    }
    for (const auto& [labels, alert] : group.alerts) {
        if (!m_inhibition.isInhibited(labels, now) && m_silences.mutedBy(labels, now).empty()) {
            heard.push_back(alert);
        }
    }
    std::ranges::sort(heard, isToldBefore);
    return heard;
}

void Dispatcher::flush(Group& group, Timestamp now)
{
    group.flushed = true;
    group.lastFlush = now;
    // A late turn (the machine slept) flushes once; the grid goes on from here.
    group.nextFlush = now + group.route->groupInterval;
    group.failed = false;
    group.resolved.clear();
    for (const auto& [labels, alert] : group.alerts) {
        if (alert.isResolvedAt(now)) {
            group.resolved.push_back(alert);
        }
    }
    const std::vector<Alert> heard = heardOf(group, now);
    ++group.deliveries; // this flush itself: an answer at once must not end it half way
    if (const auto found = m_integrations.find(group.route->receiver);
        found != m_integrations.end() && !heard.empty()) {
        for (const Integration& integration : found->second) {
            tell(group, integration, heard, now);
        }
    }
    if (--group.deliveries == 0) {
        settle(group);
    }
}

void Dispatcher::settle(Group& group)
{
    if (!group.failed) {
        for (const Alert& alert : group.resolved) {
            // It may fire again since.
            if (const auto found = group.alerts.find(alert.labels);
                found != group.alerts.end() && found->second == alert) {
                group.alerts.erase(found);
            }
        }
    }
    group.resolved.clear();
}

std::string_view Dispatcher::reasonToTellNow(const std::string& logKey,
                                             const NotificationEntry& entry,
                                             const Integration& integration,
                                             const Route& route) const
{
    const std::string_view reason
        = reasonToTell(m_log.find(logKey), entry.firing, entry.resolved, integration.sendResolved,
                       route.repeatInterval, entry.at);
    const auto owed = m_owed.find(logKey);
    if (!reason.empty() || owed == m_owed.end()) {
        return reason;
    }
    const bool over = std::ranges::any_of(
        entry.resolved, [&](std::uint64_t hash) { return owed->second.contains(hash); });
    return over ? "all alerts resolved" : "";
}

Notification Dispatcher::notificationOf(const Group& group, const std::vector<Alert>& alerts,
                                        bool withResolved, Timestamp now) const
{
    Notification out;
    out.groupKey = group.key;
    out.receiver = group.route->receiver;
    out.groupLabels = group.labels;
    out.externalUrl = m_externalUrl;
    out.routeLabels = group.route->routeLabels;
    for (const Alert& alert : alerts) {
        const bool resolved = alert.isResolvedAt(now);
        if (resolved && !withResolved) {
            continue;
        }
        out.alerts.push_back(alert);
        if (!resolved) {
            out.alerts.back().endsAt = {}; // still open, whatever its time-out says
        }
        ++(resolved ? out.resolved : out.firing);
    }
    out.commonLabels = common(out.alerts, &Alert::labels);
    out.commonAnnotations = common(out.alerts, &Alert::annotations);
    return out;
}

void Dispatcher::tell(Group& group, const Integration& integration,
                      const std::vector<Alert>& alerts, Timestamp now)
{
    NotificationEntry entry;
    entry.at = now;
    for (const Alert& alert : alerts) {
        (alert.isResolvedAt(now) ? entry.resolved : entry.firing).insert(alert.labels.hash());
    }
    std::string logKey = logKeyOf(group.key, group.route->receiver, integration.name);
    const std::string_view reason = reasonToTellNow(logKey, entry, integration, *group.route);
    if (reason.empty()) {
        return;
    }
    Notification out = notificationOf(group, alerts, integration.sendResolved, now);
    out.reason = reason;
    if (out.alerts.empty()) {
        record(logKey, std::move(entry));
        return;
    }
    ++group.deliveries;
    m_deliveries.start({integration, std::move(logKey), std::move(out), std::move(entry),
                        now + std::max(group.route->groupInterval, shortestTimeout)},
                       now);
}

void Dispatcher::record(const std::string& logKey, NotificationEntry entry)
{
    m_owed.erase(logKey);
    m_failures.erase(logKey);
    m_log.record(logKey, std::move(entry));
}

void Dispatcher::ended(Delivery delivery, const Result<void>& result, Timestamp at)
{
    const std::string where
        = std::format("{} ({})", delivery.notification.receiver, delivery.integration.name);
    const std::string what = result
        ? "told " + where
        : std::format("could not tell {}: {}", where, result.error().message);
    for (const Alert& alert : delivery.notification.alerts) {
        m_onEvent(at, alert.labels, what);
    }
    if (result) {
        delivery.entry.at = at;
        record(delivery.logKey, std::move(delivery.entry));
    } else {
        log(LogLevel::warning, "alerting", "receiver {}: {}", where, result.error().message);
        m_owed[delivery.logKey].merge(delivery.entry.firing);
        m_failures[delivery.logKey] = result.error().message;
    }
    const auto found = m_groups.find(delivery.notification.groupKey);
    if (found == m_groups.end()) {
        return;
    }
    Group& group = found->second;
    if (result && delivery.integration.receiver->canWithdraw()) {
        group.canBeWithdrawn = delivery.notification.firing > 0;
    }
    group.failed = group.failed || !result;
    if (--group.deliveries == 0) {
        settle(group);
        lookAt(group.alerts.empty() ? at : group.nextFlush);
    }
}

/// Something of it fires, and nobody is to hear of that.
bool Dispatcher::isMuted(const Group& group, Timestamp now) const
{
    bool fires = false;
    for (const auto& [labels, alert] : group.alerts) {
        if (alert.isResolvedAt(now)) {
            continue;
        }
        if (!m_inhibition.isInhibited(labels, now) && m_silences.mutedBy(labels, now).empty()) {
            return false;
        }
        fires = true;
    }
    return fires;
}

void Dispatcher::withdrawMuted(Timestamp now)
{
    for (auto& [key, group] : m_groups) {
        if (!group.canBeWithdrawn || group.deliveries > 0 || !isMuted(group, now)) {
            continue;
        }
        group.canBeWithdrawn = false;
        for (const Integration& integration : m_integrations[group.route->receiver]) {
            if (integration.receiver->canWithdraw()) {
                integration.receiver->withdraw(key);
                NotificationEntry nothing;
                nothing.at = now;
                record(logKeyOf(key, group.route->receiver, integration.name), std::move(nothing));
            }
        }
    }
}

} // namespace watchfire::alerting
