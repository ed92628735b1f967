// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/receivers/teams.h"

#include "core/encoding/json.h"

#include <utility>

namespace watchfire::alerting {

using encoding::JsonWriter;

Result<HttpRequest> teamsRequest(const TeamsSettings& settings, Texts& texts, bool resolved)
{
    std::string body;
    JsonWriter json(body);
    json.beginObject();
    json.field("@context", "http://schema.org/extensions");
    json.field("@type", "MessageCard");
    json.field("title", texts(settings.title));
    json.field("summary", texts(settings.summary));
    json.field("text", texts(settings.text));
    json.field("themeColor", resolved ? "2DC72D" : "8C1A1A");
    json.endObject();
    if (texts.fault()) {
        return std::unexpected(*texts.fault());
    }
    return postJson(settings.url, std::move(body));
}

Result<HttpRequest> teamsFlowRequest(const TeamsFlowSettings& settings, Texts& texts, bool resolved)
{
    std::string body;
    JsonWriter json(body);
    json.beginObject();
    json.field("type", "message");
    json.key("attachments").beginArray().beginObject();
    json.field("contentType", "application/vnd.microsoft.card.adaptive");
    json.key("contentUrl").null();
    json.key("content").beginObject();
    json.field("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
    json.field("type", "AdaptiveCard");
    json.field("version", "1.2");
    json.key("body").beginArray();
    json.beginObject();
    json.field("type", "TextBlock");
    json.field("text", texts(settings.title));
    json.field("weight", "Bolder");
    json.field("size", "Medium");
    json.key("wrap").boolean(true);
    json.field("style", "heading");
    json.field("color", resolved ? "Good" : "Attention");
    json.endObject();
    json.beginObject();
    json.field("type", "TextBlock");
    json.field("text", texts(settings.text));
    json.key("wrap").boolean(true);
    json.endObject();
    json.endArray();
    json.key("msteams").beginObject().field("width", "full").endObject();
    json.endObject().endObject().endArray().endObject();
    if (texts.fault()) {
        return std::unexpected(*texts.fault());
    }
    return postJson(settings.url, std::move(body));
}

} // namespace watchfire::alerting
