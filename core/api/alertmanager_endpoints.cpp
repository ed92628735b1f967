// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/alert_body.h"
#include "core/api/alertmanager.h"
#include "core/api/alertmanager_config.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace watchfire::api {

namespace {

/// Tools compare their own with it, and warn.
constexpr std::string_view version = "0.33.1+watchfire." WATCHFIRE_VERSION;

/// What both lists of alerts are asked for.
struct AlertFilter {
    bool active = true;
    bool silenced = true;
    bool inhibited = true;
    bool muted = true;
    Matchers matchers;
    ReceiverFilter receivers;

    bool takes(const engine::RoutedAlert& alert) const
    {
        return (active || alert.isSuppressed()) && (silenced || alert.silencedBy.empty())
            && (inhibited || alert.inhibitedBy.empty());
    }
};

OrRefusal<AlertFilter> alertFilterOf(const Parameters& parameters)
{
    AlertFilter filter;
    filter.active = flag(parameters, "active");
    filter.silenced = flag(parameters, "silenced");
    filter.inhibited = flag(parameters, "inhibited");
    filter.muted = flag(parameters, "muted");
    auto matchers = filterOf(parameters);
    if (!matchers) {
        return std::unexpected(std::move(matchers.error()));
    }
    filter.matchers = std::move(*matchers);
    auto receivers = receiverFilterOf(parameters);
    if (!receivers) {
        return std::unexpected(std::move(receivers.error()));
    }
    filter.receivers = std::move(*receivers);
    return filter;
}

void writeLabels(encoding::JsonWriter& json, std::string_view key, const Labels& labels)
{
    json.key(key).beginObject();
    for (const Label& label : labels) {
        json.key(label.name).string(label.value);
    }
    json.endObject();
}

void writeTexts(encoding::JsonWriter& json, std::string_view key,
                const std::vector<std::string>& texts)
{
    json.key(key).beginArray();
    for (const std::string& text : texts) {
        json.string(text);
    }
    json.endArray();
}

void writeAlert(encoding::JsonWriter& json, const engine::RoutedAlert& alert,
                const std::vector<std::string>& receivers, const std::vector<std::string>& mutedBy)
{
    json.beginObject();
    writeLabels(json, "annotations", alert.alert.annotations);
    json.field("endsAt", formatDateTime(alert.alert.endsAt));
    json.field("fingerprint", alert.fingerprint);
    json.key("receivers").beginArray();
    for (const std::string& receiver : receivers) {
        json.beginObject().field("name", receiver).endObject();
    }
    json.endArray().field("startsAt", formatDateTime(alert.alert.startsAt));
    json.key("status").beginObject();
    writeTexts(json, "inhibitedBy", alert.inhibitedBy);
    writeTexts(json, "mutedBy", mutedBy);
    writeTexts(json, "silencedBy", alert.silencedBy);
    json.field("state", alert.isSuppressed() || !mutedBy.empty() ? "suppressed" : "active");
    json.endObject().field("updatedAt", formatDateTime(alert.alert.updatedAt));
    if (!alert.alert.generatorUrl.empty()) {
        json.field("generatorURL", alert.alert.generatorUrl);
    }
    writeLabels(json, "labels", alert.alert.labels);
    json.endObject();
}

std::string alertsJson(const engine::AlertingState& state, const AlertFilter& filter)
{
    std::string out;
    encoding::JsonWriter json(out);
    json.beginArray();
    for (const engine::RoutedAlert& alert : state.alerts) {
        const bool wanted = std::ranges::any_of(alert.receivers, [&](const std::string& receiver) {
            return filter.receivers.takes(receiver);
        });
        if (wanted && filter.takes(alert)) {
            writeAlert(json, alert, alert.receivers, {});
        }
    }
    json.endArray();
    return out;
}

/// The groups that are wanted, each with its alerts that are.
std::vector<engine::AlertGroupState> wantedGroups(engine::AlertingState& state,
                                                  const AlertFilter& filter)
{
    std::vector<engine::AlertGroupState> out;
    for (engine::AlertGroupState& group : state.groups) {
        if (!filter.receivers.takes(group.receiver) || (!filter.muted && !group.mutedBy.empty())) {
            continue;
        }
        std::erase_if(group.alerts,
                      [&](std::size_t place) { return !filter.takes(state.alerts[place]); });
        if (!group.alerts.empty()) {
            out.push_back(std::move(group));
        }
    }
    return out;
}

std::string groupsJson(engine::AlertingState& state, const AlertFilter& filter)
{
    const auto groups = wantedGroups(state, filter);
    // Of each alert, the receivers of the groups that are told of here.
    std::map<std::size_t, std::vector<std::string>> receivers;
    for (const engine::AlertGroupState& group : groups) {
        for (const std::size_t place : group.alerts) {
            receivers[place].push_back(group.receiver);
        }
    }
    for (auto& [place, names] : receivers) {
        std::ranges::sort(names);
    }
    std::string out;
    encoding::JsonWriter json(out);
    json.beginArray();
    for (const engine::AlertGroupState& group : groups) {
        json.beginObject().key("alerts").beginArray();
        for (const std::size_t place : group.alerts) {
            writeAlert(json, state.alerts[place], receivers[place], group.mutedBy);
        }
        json.endArray();
        writeLabels(json, "labels", group.labels);
        json.key("receiver").beginObject().field("name", group.receiver).endObject().endObject();
    }
    json.endArray();
    return out;
}

using ToJson = std::string (*)(engine::AlertingState& state, const AlertFilter& filter);

void answerWith(const ServicePtr& service, const CallPtr& call, ToJson toJson)
{
    auto filter = alertFilterOf(call->parameters);
    if (!filter) {
        answer(call, filter.error());
        return;
    }
    engine::AlertingRequest request;
    request.alerts = true;
    request.groups = toJson == &groupsJson;
    request.filter = filter->matchers;
    call->hold(service->engine.inspectAlerting(std::move(request),
                                               [service, call, toJson, filter = std::move(*filter)](
                                                   Result<engine::AlertingState> state) mutable {
                                                   if (!state) {
                                                       answer(call, state.error());
                                                       return;
                                                   }
                                                   // Not on the engine's thread: there may be many.
                                                   service->workers.run(
                                                       [call, toJson, filter = std::move(filter),
                                                        state = std::move(*state)]() mutable {
                                                           answerJson(call, toJson(state, filter));
                                                       });
                                               }));
}

} // namespace

void alertmanagerStatus(const ServicePtr& service, const CallPtr& call)
{
    std::string out;
    encoding::JsonWriter json(out);
    json.beginObject();
    json.key("cluster").beginObject().key("peers").beginArray().endArray();
    json.field("status", "disabled").endObject();
    json.key("config").beginObject();
    json.field("original", shownAlertmanagerYaml(service->config.get()->config.alertmanager));
    json.endObject().field("uptime", formatDateTime(service->status.get()->startedAt));
    json.key("versionInfo").beginObject();
    for (const char* const key : {"branch", "buildDate", "buildUser", "goVersion", "revision"}) {
        json.field(key, "");
    }
    json.field("version", version).endObject().endObject();
    answerJson(call, std::move(out));
}

void receiverList(const ServicePtr& service, const CallPtr& call)
{
    const auto filter = receiverFilterOf(call->parameters);
    if (!filter) {
        answer(call, filter.error());
        return;
    }
    std::string out;
    encoding::JsonWriter json(out);
    json.beginArray();
    for (const config::ReceiverConfig& receiver :
         service->config.get()->config.alertmanager.receivers) {
        if (matchesAll(filter->matchers, Labels{{"name", receiver.name}})) {
            json.beginObject();
            writeLabels(json, "labels", Labels{{"name", receiver.name}});
            json.field("name", receiver.name).endObject();
        }
    }
    json.endArray();
    answerJson(call, std::move(out));
}

void routedAlerts(const ServicePtr& service, const CallPtr& call)
{
    answerWith(service, call, [](engine::AlertingState& state, const AlertFilter& filter) {
        return alertsJson(state, filter);
    });
}

void alertGroups(const ServicePtr& service, const CallPtr& call)
{
    answerWith(service, call, &groupsJson);
}

void postAlerts(const ServicePtr& service, const CallPtr& call)
{
    const auto json = readBody(call->request, "alerts");
    if (!json) {
        answer(call, json.error());
        return;
    }
    const auto& config = service->config.get()->config.alertmanager;
    auto body = readAlerts(*json, service->clock.now(), config.resolveTimeout);
    if (!body) {
        answer(call, body.error());
        return;
    }
    call->hold(service->engine.postAlerts(
        std::move(body->alerts),
        [call, complaint = std::move(body->complaint)](const Result<void>& taken) {
            if (!taken) {
                answer(call, taken.error());
            } else if (!complaint.empty()) {
                answer(call, refusedWith(400, complaint).error());
            } else {
                answerJson(call, {});
            }
        }));
}

} // namespace watchfire::api
