// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/notifier/alert_body.h"

#include "core/encoding/json.h"

#include <format>

namespace watchfire::notifier {

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

std::string alertBody(std::span<const Alert> alerts)
{
    std::string body;
    encoding::JsonWriter json(body);
    json.beginArray();
    for (const Alert& alert : alerts) {
        json.beginObject();
        writeLabels(json, "annotations", alert.annotations);
        // A time that is not known is left to the one who receives.
        if (alert.endsAt != Timestamp{}) {
            json.field("endsAt", std::format("{:%FT%T}Z", alert.endsAt));
        }
        if (alert.startsAt != Timestamp{}) {
            json.field("startsAt", std::format("{:%FT%T}Z", alert.startsAt));
        }
        json.field("generatorURL", alert.generatorUrl);
        writeLabels(json, "labels", alert.labels);
        json.endObject();
    }
    json.endArray();
    return body;
}

} // namespace watchfire::notifier
