// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/receivers/webhook.h"

#include "core/alerting/fingerprint.h"
#include "core/alerting/template_time.h"
#include "core/encoding/json.h"

#include <algorithm>

namespace watchfire::alerting {

namespace {

void writeLabels(encoding::JsonWriter& json, std::string_view name, const Labels& labels)
{
    json.key(name).beginObject();
    for (const Label& label : labels) {
        json.field(label.name, label.value);
    }
    json.endObject();
}

} // namespace

std::string webhookBody(const Notification& notification, std::uint64_t maxAlerts)
{
    const std::size_t all = notification.alerts.size();
    const std::size_t shown = maxAlerts == 0 ? all : std::min<std::size_t>(all, maxAlerts);
    std::string out;
    encoding::JsonWriter json(out);
    json.beginObject();
    json.field("version", "4");
    json.field("groupKey", notification.groupKey);
    json.key("truncatedAlerts").unsignedInteger(all - shown);
    json.field("status", notification.isResolved() ? "resolved" : "firing");
    json.field("receiver", notification.receiver);
    json.field("notification_reason", notification.reason);
    writeLabels(json, "groupLabels", notification.groupLabels);
    writeLabels(json, "commonLabels", notification.commonLabels);
    writeLabels(json, "commonAnnotations", notification.commonAnnotations);
    if (!notification.routeLabels.empty()) {
        json.key("routeLabels").beginObject();
        for (const auto& [name, text] : notification.routeLabels) {
            json.field(name, text);
        }
        json.endObject();
    }
    json.field("externalURL", notification.externalUrl);
    json.key("alerts").beginArray();
    for (std::size_t i = 0; i < shown; ++i) {
        const Alert& alert = notification.alerts[i];
        json.beginObject();
        json.field("status", alert.endsAt == Timestamp{} ? "firing" : "resolved");
        writeLabels(json, "labels", alert.labels);
        writeLabels(json, "annotations", alert.annotations);
        json.field("startsAt", toRfc3339(alert.startsAt));
        json.field("endsAt", toRfc3339(alert.endsAt));
        json.field("generatorURL", alert.generatorUrl);
        json.field("fingerprint", fingerprintOf(alert.labels));
        json.endObject();
    }
    json.endArray();
    json.endObject();
    return out;
}

} // namespace watchfire::alerting
