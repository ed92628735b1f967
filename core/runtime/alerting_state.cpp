// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/alerting_state.h"

#include "core/alerting/fingerprint.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace watchfire::runtime {

namespace {

engine::RoutedAlert routed(Alert alert, const alerting::Dispatcher& dispatcher, Timestamp now)
{
    engine::RoutedAlert out;
    out.fingerprint = alerting::fingerprintOf(alert.labels);
    out.receivers = dispatcher.receiversOf(alert.labels);
    alerting::Fate fate = dispatcher.fateOf(alert.labels, now);
    out.silencedBy = std::move(fate.silencedBy);
    for (const Labels& source : fate.inhibitedBy) {
        out.inhibitedBy.push_back(alerting::fingerprintOf(source));
    }
    out.alert = std::move(alert);
    return out;
}

void addAlerts(engine::AlertingState& state, const Matchers& filter,
               const alerting::Dispatcher& dispatcher)
{
    for (Alert& alert : dispatcher.alerts()) {
        if (!alert.isResolvedAt(state.at) && matchesAll(filter, alert.labels)) {
            state.alerts.push_back(routed(std::move(alert), dispatcher, state.at));
        }
    }
    std::ranges::sort(state.alerts, {}, &engine::RoutedAlert::fingerprint);
}

/// After the alerts, which the groups point to.
void addGroups(engine::AlertingState& state, const alerting::Dispatcher& dispatcher)
{
    std::unordered_map<Labels, std::size_t> places;
    for (std::size_t i = 0; i < state.alerts.size(); ++i) {
        places.emplace(state.alerts[i].alert.labels, i);
    }
    for (alerting::GroupPicture& group : dispatcher.groups(state.at)) {
        engine::AlertGroupState out;
        for (const Labels& labels : group.alerts) {
            if (const auto place = places.find(labels); place != places.end()) {
                out.alerts.push_back(place->second);
            }
        }
        if (out.alerts.empty()) {
            continue;
        }
        out.labels = std::move(group.labels);
        out.receiver = std::move(group.receiver);
        out.mutedBy = std::move(group.mutedByIntervals);
        state.groups.push_back(std::move(out));
    }
}

} // namespace

engine::SilenceStatus silenceStatus(const alerting::Silence& silence, Timestamp now)
{
    engine::SilenceStatus status;
    status.id = silence.id;
    status.matchers = silence.matchers;
    status.startsAt = silence.startsAt;
    status.endsAt = silence.endsAt;
    status.updatedAt = silence.updatedAt;
    status.createdBy = silence.createdBy;
    status.comment = silence.comment;
    status.expired = silence.isExpiredAt(now);
    status.annotations = silence.annotations;
    return status;
}

engine::AlertingState alertingState(const engine::AlertingRequest& request,
                                    const alerting::Dispatcher& dispatcher,
                                    const alerting::Silences& silences, Timestamp now)
{
    engine::AlertingState state;
    state.at = now;
    if (request.alerts || request.groups) {
        addAlerts(state, request.filter, dispatcher);
    }
    if (request.groups) {
        addGroups(state, dispatcher);
    }
    if (request.silences) {
        for (const auto& [id, silence] : silences.all()) {
            state.silences.push_back(silenceStatus(silence, now));
        }
    }
    return state;
}

} // namespace watchfire::runtime
