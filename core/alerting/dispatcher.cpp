// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/dispatcher.h"

#include "core/base/log.h"

#include <algorithm>
#include <format>
#include <utility>

namespace watchfire::alerting {

namespace {

constexpr auto collectionInterval = std::chrono::minutes(15);
constexpr auto longestPause = std::chrono::minutes(1);

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
    , m_owner(owner)
    , m_onEvent(std::move(onEvent))
{
}

Dispatcher::~Dispatcher()
{
    *m_alive = false;
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
    m_root = buildRoute(m_config.route);
    m_integrations.clear();
    for (const config::ReceiverConfig& receiver : m_config.receivers) {
        m_integrations.emplace(receiver.name, m_makeIntegrations(receiver));
    }
    for (const auto& [labels, alert] : m_alerts) {
        place(alert, now);
    }
}

void Dispatcher::put(const std::vector<Alert>& alerts, Timestamp now)
{
    for (const Alert& alert : alerts) {
        Alert next = alert;
        if (next.endsAt == Timestamp{}) {
            next.endsAt = now + m_config.resolveTimeout;
        }
        if (const auto before = m_alerts.find(alert.labels); before != m_alerts.end()) {
            next = merge(before->second, std::move(next), now);
        }
        m_alerts.insert_or_assign(alert.labels, next);
        if (m_root) {
            place(next, now);
        }
    }
}

void Dispatcher::place(const Alert& alert, Timestamp now)
{
    for (const Route* route : m_root->match(alert.labels)) {
        Labels labels = route->groupLabels(alert.labels);
        std::string key = route->key + ":" + labels.toString();
        auto found = m_groups.find(key);
        if (found == m_groups.end()) {
            if (alert.isResolvedAt(now)) {
                continue; // its start was never told here
            }
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
    for (const auto& [key, group] : m_groups) {
        consider(group.nextFlush);
    }
    for (const auto& [id, sending] : m_sending) {
        if (!sending.underWay) {
            consider(sending.nextTry);
        }
    }
    return due;
}

void Dispatcher::advance(Timestamp now)
{
    for (auto entry = m_groups.begin(); entry != m_groups.end();) {
        Group& group = entry->second;
        if (group.nextFlush > now + group.route->groupInterval + group.route->groupWait) {
            group.nextFlush = now; // the clock was set back
        }
        if (group.nextFlush > now) {
            ++entry;
            continue;
        }
        if (group.alerts.empty()) {
            entry = m_groups.erase(entry);
            continue;
        }
        flush(group, now);
        ++entry;
    }
    std::vector<std::uint64_t> due;
    for (const auto& [id, sending] : m_sending) {
        if (!sending.underWay && sending.nextTry <= now) {
            due.push_back(id);
        }
    }
    for (const std::uint64_t id : due) {
        trySend(id, now);
    }
    if (now >= m_nextCollection) {
        m_nextCollection = now + collectionInterval;
        m_silences.collect(now);
        m_log.collect(now, std::chrono::hours(120));
        std::erase_if(m_alerts, [now](const auto& entry) {
            return entry.second.isResolvedAt(now - collectionInterval);
        });
    }
}

void Dispatcher::flush(Group& group, Timestamp now)
{
    group.flushed = true;
    // A late turn (the machine slept) flushes once; the grid goes on from here.
    group.nextFlush = now + group.route->groupInterval;

    const std::vector<Alert> known = alerts();
    std::vector<Alert> heard;
    for (const auto& [labels, alert] : group.alerts) {
        const bool muted = !m_silences.mutedBy(labels, now).empty()
            || isInhibited(labels, m_config.inhibitRules, known, now);
        if (!muted) {
            heard.push_back(alert);
        }
    }
    std::ranges::stable_partition(heard, [now](const Alert& a) { return !a.isResolvedAt(now); });
    if (const auto found = m_integrations.find(group.route->receiver);
        found != m_integrations.end() && !heard.empty()) {
        for (const Integration& integration : found->second) {
            tell(group, integration, heard, now);
        }
    }
    std::erase_if(group.alerts,
                  [now](const auto& entry) { return entry.second.isResolvedAt(now); });
}

void Dispatcher::tell(const Group& group, const Integration& integration,
                      const std::vector<Alert>& alerts, Timestamp now)
{
    NotificationEntry entry;
    entry.at = now;
    for (const Alert& alert : alerts) {
        (alert.isResolvedAt(now) ? entry.resolved : entry.firing).insert(alert.labels.hash());
    }
    const std::string logKey = group.key + "|" + group.route->receiver + "/" + integration.name;
    if (!needsTelling(m_log.find(logKey), entry.firing, entry.resolved, integration.sendResolved,
                      group.route->repeatInterval, now)) {
        return;
    }
    Notification out;
    out.groupKey = group.key;
    out.receiver = group.route->receiver;
    out.groupLabels = group.labels;
    out.externalUrl = m_externalUrl;
    for (const Alert& alert : alerts) {
        const bool resolved = alert.isResolvedAt(now);
        if (resolved && !integration.sendResolved) {
            continue;
        }
        out.alerts.push_back(alert);
        if (!resolved) {
            out.alerts.back().endsAt = {}; // still open, whatever its time-out says
        }
        ++(resolved ? out.resolved : out.firing);
    }
    if (out.alerts.empty()) {
        static_cast<void>(m_log.record(logKey, std::move(entry)));
        return;
    }
    out.commonLabels = common(out.alerts, &Alert::labels);
    out.commonAnnotations = common(out.alerts, &Alert::annotations);

    // A newer word on the same group takes the place of one still being tried.
    std::erase_if(m_sending, [&](const auto& other) { return other.second.logKey == logKey; });
    Sending sending;
    sending.integration = integration;
    sending.logKey = logKey;
    sending.notification = std::move(out);
    sending.entry = std::move(entry);
    sending.deadline = now + group.route->groupInterval;
    sending.nextTry = now;
    const std::uint64_t id = ++m_lastSending;
    m_sending.emplace(id, std::move(sending));
    trySend(id, now);
}

void Dispatcher::trySend(std::uint64_t id, Timestamp now)
{
    Sending& sending = m_sending.at(id);
    sending.underWay = true;
    Ticket ticket = sending.integration.receiver->send(
        sending.notification,
        [this, alive = std::weak_ptr(m_alive), owner = &m_owner, id, now](Result<void> result) {
            owner->run([this, alive, id, now, result = std::move(result)]() mutable {
                if (alive.lock()) {
                    sent(id, std::move(result), now);
                }
            });
        });
    // The reply may have come already and ended this.
    if (const auto found = m_sending.find(id); found != m_sending.end()) {
        found->second.ticket = std::move(ticket);
    }
}

void Dispatcher::sent(std::uint64_t id, Result<void> result, Timestamp at)
{
    const auto found = m_sending.find(id);
    if (found == m_sending.end()) {
        return;
    }
    Sending& sending = found->second;
    const std::string where
        = std::format("{} ({})", sending.notification.receiver, sending.integration.name);
    if (result) {
        for (const Alert& alert : sending.notification.alerts) {
            m_onEvent(at, alert.labels, "told " + where);
        }
        if (auto kept = m_log.record(sending.logKey, std::move(sending.entry)); !kept) {
            log(LogLevel::warning, "alerting", "keeping the notification log: {}",
                kept.error().message);
        }
        m_sending.erase(found);
        return;
    }
    const Error& error = result.error();
    const bool again = error.kind == ErrorKind::unavailable || error.kind == ErrorKind::timeout;
    log(LogLevel::warning, "alerting", "receiver {}: {}", where, error.message);
    sending.nextTry = at + sending.pause;
    if (!again || sending.nextTry >= sending.deadline) {
        for (const Alert& alert : sending.notification.alerts) {
            m_onEvent(at, alert.labels, std::format("could not tell {}: {}", where, error.message));
        }
        m_sending.erase(found);
        return;
    }
    sending.pause = std::min<std::chrono::milliseconds>(sending.pause * 2, longestPause);
    sending.underWay = false;
}

Fate Dispatcher::fateOf(const Labels& labels, Timestamp now) const
{
    Fate fate;
    if (m_root) {
        const auto routes = m_root->match(labels);
        fate.receiver = routes.empty() ? m_root->receiver : routes.front()->receiver;
    }
    fate.silencedBy = m_silences.mutedBy(labels, now);
    fate.inhibited = !m_config.inhibitRules.empty()
        && isInhibited(labels, m_config.inhibitRules, alerts(), now);
    return fate;
}

std::vector<Alert> Dispatcher::alerts() const
{
    std::vector<Alert> out;
    out.reserve(m_alerts.size());
    for (const auto& [labels, alert] : m_alerts) {
        out.push_back(alert);
    }
    return out;
}

} // namespace watchfire::alerting
