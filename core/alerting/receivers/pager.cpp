// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/receivers/pager.h"

#include "core/alerting/receivers/group_hash.h"
#include "core/encoding/json.h"

#include <format>
#include <map>
#include <utility>

namespace watchfire::alerting {

namespace {

using encoding::JsonWriter;

constexpr std::size_t longestSummary = 1024;
constexpr std::size_t largestEvent = 512'000;
constexpr std::size_t longestOpsgenieMessage = 130;

void unlessEmpty(JsonWriter& json, std::string_view name, const std::string& text)
{
    if (!text.empty()) {
        json.field(name, text);
    }
}

/// A text that is a JSON list or object is one; others are texts.
void writeDetail(JsonWriter& json, const std::string& text)
{
    if ((text.starts_with('[') || text.starts_with('{')) && encoding::parseJson(text)) {
        json.raw(text);
    } else {
        json.string(text);
    }
}

std::string pagerdutyBody(const PagerdutySettings& settings, Texts& texts,
                          const Notification& notification, bool withDetails)
{
    const std::string client = texts(settings.client);
    std::string body;
    JsonWriter json(body);
    json.beginObject();
    json.field("routing_key", texts(settings.routingKey));
    json.field("dedup_key", groupHash(notification.groupKey));
    json.field("event_action", notification.isResolved() ? "resolve" : "trigger");
    json.key("payload").beginObject();
    json.field("summary", truncated(texts(settings.description), longestSummary));
    json.field("source", settings.source.empty() ? client : texts(settings.source));
    json.field("severity", texts(settings.severity));
    unlessEmpty(json, "class", texts(settings.clazz));
    unlessEmpty(json, "component", texts(settings.component));
    unlessEmpty(json, "group", texts(settings.group));
    json.key("custom_details").beginObject();
    if (!withDetails) {
        json.field("error", "the details are left out: the event would exceed 512 kB");
    }
    for (const auto& [name, text] : settings.details) {
        if (withDetails) {
            json.key(name);
            writeDetail(json, texts(text));
        }
    }
    json.endObject().endObject();
    unlessEmpty(json, "client", client);
    unlessEmpty(json, "client_url", texts(settings.clientUrl));
    if (!settings.links.empty()) {
        json.key("links").beginArray();
        for (const auto& [href, text] : settings.links) {
            const std::string address = texts(href);
            if (!address.empty()) {
                json.beginObject().field("href", address).field("text", texts(text)).endObject();
            }
        }
        json.endArray();
    }
    json.endObject();
    return body;
}

std::vector<std::string> byCommas(std::string_view text)
{
    std::vector<std::string> out;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        if (comma != 0) {
            out.emplace_back(text.substr(0, comma));
        }
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    }
    return out;
}

void writeList(JsonWriter& json, std::string_view name, const std::vector<std::string>& list)
{
    if (!list.empty()) {
        json.key(name).beginArray();
        for (const std::string& item : list) {
            json.string(item);
        }
        json.endArray();
    }
}

void writeResponders(JsonWriter& json, const OpsgenieSettings& settings, Texts& texts)
{
    if (settings.responders.empty()) {
        return;
    }
    json.key("responders").beginArray();
    for (const OpsgenieResponder& responder : settings.responders) {
        const std::string type = texts(responder.type);
        const std::string id = texts(responder.id);
        const std::string name = texts(responder.name);
        const std::string username = texts(responder.username);
        if (type == "teams") {
            for (const std::string& team : byCommas(name)) {
                json.beginObject().field("name", team).field("type", "team").endObject();
            }
        } else if (!id.empty() || !name.empty() || !username.empty() || !type.empty()) {
            json.beginObject();
            unlessEmpty(json, "id", id);
            unlessEmpty(json, "name", name);
            unlessEmpty(json, "username", username);
            json.field("type", type).endObject();
        }
    }
    json.endArray();
}

std::string opsgenieBody(const OpsgenieSettings& settings, Texts& texts,
                         const Notification& notification)
{
    std::map<std::string, std::string> details;
    for (const Label& label : notification.commonLabels) {
        details.emplace(label.name, label.value);
    }
    for (const auto& [name, text] : settings.details) {
        details.insert_or_assign(name, texts(text));
    }
    std::string body;
    JsonWriter json(body);
    json.beginObject();
    json.field("alias", groupHash(notification.groupKey));
    json.field("message", truncated(texts(settings.message), longestOpsgenieMessage));
    unlessEmpty(json, "description", texts(settings.description));
    json.key("details").beginObject();
    for (const auto& [name, value] : details) {
        json.field(name, value);
    }
    json.endObject();
    json.field("source", texts(settings.source));
    writeResponders(json, settings, texts);
    writeList(json, "tags", byCommas(texts(settings.tags)));
    unlessEmpty(json, "note", texts(settings.note));
    unlessEmpty(json, "priority", texts(settings.priority));
    unlessEmpty(json, "entity", texts(settings.entity));
    writeList(json, "actions", byCommas(texts(settings.actions)));
    json.endObject();
    return body;
}

std::string oneField(std::string_view name, const std::string& text)
{
    std::string body;
    JsonWriter(body).beginObject().field(name, text).endObject();
    return body;
}

} // namespace

Result<HttpRequest> pagerdutyRequest(const PagerdutySettings& settings, Texts& texts,
                                     const Notification& notification)
{
    std::string body = pagerdutyBody(settings, texts, notification, true);
    if (body.size() > largestEvent) {
        body = pagerdutyBody(settings, texts, notification, false);
    }
    if (texts.fault()) {
        return std::unexpected(*texts.fault());
    }
    if (texts(settings.routingKey).empty()) {
        return fail(ErrorKind::invalid, "the routing key of PagerDuty is empty");
    }
    return postJson(settings.url, std::move(body));
}

Result<std::vector<HttpRequest>> opsgenieRequests(const OpsgenieSettings& settings, Texts& texts,
                                                  const Notification& notification)
{
    const std::string alerts = settings.url + "v2/alerts";
    const auto of = [&](std::string_view what) {
        return std::format("{}/{}/{}?identifierType=alias", alerts,
                           groupHash(notification.groupKey), what);
    };
    std::vector<HttpRequest> requests;
    if (notification.isResolved()) {
        requests.push_back(postJson(of("close"), oneField("source", texts(settings.source))));
    } else {
        requests.push_back(postJson(alerts, opsgenieBody(settings, texts, notification)));
        if (settings.updateAlerts) {
            requests.push_back(postJson(
                of("message"),
                oneField("message", truncated(texts(settings.message), longestOpsgenieMessage))));
            requests.push_back(
                postJson(of("description"), oneField("description", texts(settings.description))));
            requests[1].method = "PUT";
            requests[2].method = "PUT";
        }
    }
    for (HttpRequest& request : requests) {
        request.headers.emplace_back("Authorization", "GenieKey " + texts(settings.apiKey));
    }
    if (texts.fault()) {
        return std::unexpected(*texts.fault());
    }
    return requests;
}

Result<HttpRequest> pushoverRequest(const PushoverSettings& settings, Texts& texts)
{
    std::string message
        = truncated(settings.html ? texts.html(settings.message) : texts(settings.message), 1024);
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t from = message.find_first_not_of(blanks);
    message = from == std::string::npos
        ? "(no details)"
        : message.substr(from, message.find_last_not_of(blanks) - from + 1);
    std::string form = formEncoded({{"token", texts(settings.token)},
                                    {"user", texts(settings.userKey)},
                                    {"title", truncated(texts(settings.title), 250)},
                                    {"message", message},
                                    {"url", truncated(texts(settings.link), 512)},
                                    {"url_title", texts(settings.linkTitle)},
                                    {"priority", texts(settings.priority)},
                                    {"retry", std::to_string(settings.retry.count())},
                                    {"expire", std::to_string(settings.expire.count())},
                                    {"device", texts(settings.device)},
                                    {"sound", texts(settings.sound)}});
    if (settings.html) {
        form += "&html=1";
    }
    if (settings.monospace) {
        form += "&monospace=1";
    }
    if (settings.ttl > std::chrono::seconds(0)) {
        form += std::format("&ttl={}", settings.ttl.count());
    }
    if (texts.fault()) {
        return std::unexpected(*texts.fault());
    }
    HttpRequest request = postJson(settings.url, std::move(form));
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    return request;
}

} // namespace watchfire::alerting
