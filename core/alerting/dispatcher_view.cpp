// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the dispatcher tells of itself.
#include "core/alerting/dispatcher.h"
#include "core/alerting/group_parts.h"
#include "core/alerting/label_order.h"
#include "core/alerting/time_intervals.h"

#include <algorithm>
#include <array>
#include <utility>

namespace watchfire::alerting {

namespace {

std::string textOf(const Matchers& matchers)
{
    std::string out;
    for (const Matcher& matcher : matchers) {
        out += (out.empty() ? "" : ",") + matcher.toString();
    }
    return "{" + out + "}";
}

} // namespace

std::string groupKeyOf(const Route& route, const Labels& groupLabels)
{
    return route.key + ":" + groupLabels.toString();
}

std::string logKeyOf(const std::string& groupKey, const std::string& receiver,
                     const std::string& integration)
{
    return groupKey + "|" + receiver + "/" + integration;
}

bool isToldBefore(const Alert& a, const Alert& b)
{
    for (const std::string_view name : std::array<std::string_view, 2>{"job", "instance"}) {
        const std::string_view one = a.labels.get(name);
        const std::string_view other = b.labels.get(name);
        if (one != other) {
            return other.empty() || (!one.empty() && one < other);
        }
    }
    return comesBefore(a.labels, b.labels);
}

Fate Dispatcher::fateOf(const Labels& labels, Timestamp now) const
{
    Fate fate;
    if (m_root) {
        const auto routes = m_root->match(labels);
        const Route& route = routes.empty() ? *m_root : *routes.front();
        fate.receiver = route.receiver;
        fate.mutedByIntervals = mutedByIntervals(route, now);
    }
    fate.silencedBy = m_silences.mutedBy(labels, now);
    fate.inhibitedBy = m_inhibition.inhibitedBy(labels, now);
    fate.inhibited = !fate.inhibitedBy.empty();
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

std::optional<Alert> Dispatcher::find(const Labels& labels) const
{
    const auto found = m_alerts.find(labels);
    return found == m_alerts.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> Dispatcher::receiversOf(const Labels& labels) const
{
    std::vector<std::string> receivers;
    if (m_root) {
        for (const Route* route : m_root->match(labels)) {
            receivers.push_back(route->receiver);
        }
    }
    return receivers;
}

std::vector<GroupPicture> Dispatcher::groups(Timestamp now) const
{
    std::vector<GroupPicture> out;
    for (const auto& [key, group] : m_groups) {
        std::vector<const Alert*> active;
        for (const auto& [labels, alert] : group.alerts) {
            if (!alert.isResolvedAt(now)) {
                active.push_back(&alert);
            }
        }
        if (active.empty()) {
            continue;
        }
        std::ranges::sort(active,
                          [](const Alert* a, const Alert* b) { return isToldBefore(*a, *b); });
        GroupPicture picture{
            group.labels, group.route->receiver, mutedByIntervals(*group.route, now), {}};
        for (const Alert* const alert : active) {
            picture.alerts.push_back(alert->labels);
        }
        out.push_back(std::move(picture));
    }
    std::ranges::sort(out, [](const GroupPicture& a, const GroupPicture& b) {
        return a.labels == b.labels ? a.receiver < b.receiver : comesBefore(a.labels, b.labels);
    });
    return out;
}

IntegrationPicture Dispatcher::pictureOf(const Integration& integration,
                                         const std::string& groupKey, const std::string& receiver,
                                         const Labels& labels) const
{
    IntegrationPicture picture;
    picture.name = integration.name;
    const std::string logKey = logKeyOf(groupKey, receiver, integration.name);
    if (const auto entry = m_log.find(logKey)) {
        picture.told = entry->firing.contains(labels.hash());
        picture.toldAt = entry->at;
    }
    if (const auto failure = m_failures.find(logKey); failure != m_failures.end()) {
        picture.failure = failure->second;
    }
    if (const auto retry = m_deliveries.retryOf(logKey)) {
        picture.failure = retry->failure;
        picture.nextTry = retry->at;
    }
    return picture;
}

std::vector<RoutePicture> Dispatcher::routesOf(const Labels& labels, Timestamp now) const
{
    std::vector<RoutePicture> out;
    if (!m_root) {
        return out;
    }
    for (const Route* const route : m_root->match(labels)) {
        RoutePicture picture;
        picture.receiver = route->receiver;
        picture.matchers = textOf(route->matchers);
        picture.groupLabels = route->groupLabels(labels);
        picture.mutedByIntervals = mutedByIntervals(*route, now);
        picture.isInactive
            = holdingAt(route->muteTimeIntervals, m_config.timeIntervals, now).empty()
            && isInactive(*route, now);
        const std::string key = groupKeyOf(*route, picture.groupLabels);
        if (const auto group = m_groups.find(key);
            group != m_groups.end() && group->second.alerts.contains(labels)) {
            picture.isGrouped = true;
            picture.inGroup = group->second.alerts.size();
            picture.isFlushed = group->second.flushed;
            picture.nextFlush = group->second.nextFlush;
            picture.lastFlush = group->second.lastFlush;
        }
        if (const auto integrations = m_integrations.find(route->receiver);
            integrations != m_integrations.end()) {
            for (const Integration& integration : integrations->second) {
                picture.integrations.push_back(
                    pictureOf(integration, key, route->receiver, labels));
            }
        }
        out.push_back(std::move(picture));
    }
    return out;
}

} // namespace watchfire::alerting
