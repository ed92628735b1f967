// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/receivers/pager.h"

#include "core/alerting/receivers/group_hash.h"
#include "core/alerting/receivers/payload_tree.h"
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

/// What all events say beside the details of the configuration.
/// Source: Alertmanager 0.34, pagerduty.DefaultPagerdutyDetails.
const encoding::JsonValue::Object& usualDetails()
{
    static const auto all = [] {
        encoding::JsonValue::Object out;
        for (const auto& [name, text] :
             {std::pair("firing", "{{ .Alerts.Firing | toJson }}"),
              std::pair("resolved", "{{ .Alerts.Resolved | toJson }}"),
              std::pair("num_firing", "{{ .Alerts.Firing | len }}"),
              std::pair("num_resolved", "{{ .Alerts.Resolved | len }}")}) {
            encoding::JsonValue value;
            value.data = std::string(text);
            out.emplace_back(name, std::move(value));
        }
        return out;
    }();
    return all;
}

/// The details with their texts rendered, as JSON; what a configuration says no JSON of is none.
std::string detailsJson(const PagerdutySettings& settings, Texts& texts)
{
    encoding::JsonValue own;
    if (auto parsed = encoding::parseJson(settings.details)) {
        own = *std::move(parsed);
    }
    encoding::JsonValue all;
    encoding::JsonValue::Object members = own.members();
    for (const auto& [name, value] : usualDetails()) {
        if (!own.has(name)) {
            members.emplace_back(name, value);
        }
    }
    all.data = std::move(members);
    return renderedTree(all, texts);
}

constexpr std::string_view detailsLeftOut
    = R"({"error":"the details are left out: the event would exceed 512 kB"})";

void writeLinks(JsonWriter& json, const PagerdutySettings& settings, Texts& texts)
{
    if (!settings.images.empty()) {
        json.key("images").beginArray();
        for (const config::PagerdutyImage& image : settings.images) {
            if (const std::string source = texts(image.src); !source.empty()) {
                json.beginObject().field("src", source).field("alt", texts(image.alt));
                json.field("href", texts(image.href)).endObject();
            }
        }
        json.endArray();
    }
    if (!settings.links.empty()) {
        json.key("links").beginArray();
        for (const config::PagerdutyLink& link : settings.links) {
            if (const std::string address = texts(link.href); !address.empty()) {
                json.beginObject().field("href", address).field("text", texts(link.text));
                json.endObject();
            }
        }
        json.endArray();
    }
}

std::string pagerdutyBody(const PagerdutySettings& settings, Texts& texts,
                          const Notification& notification, std::string_view details)
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
    json.field("severity", settings.severity.empty() ? "error" : texts(settings.severity));
    unlessEmpty(json, "class", texts(settings.clazz));
    unlessEmpty(json, "component", texts(settings.component));
    unlessEmpty(json, "group", texts(settings.group));
    json.key("custom_details").raw(details);
    json.endObject();
    unlessEmpty(json, "client", client);
    unlessEmpty(json, "client_url", texts(settings.clientUrl));
    writeLinks(json, settings, texts);
    json.endObject();
    return body;
}

std::string pagerdutyV1Body(const PagerdutySettings& settings, Texts& texts,
                            const Notification& notification, std::string_view details)
{
    std::string body;
    JsonWriter json(body);
    json.beginObject();
    json.field("service_key", texts(settings.serviceKey));
    json.field("incident_key", groupHash(notification.groupKey));
    json.field("event_type", notification.isResolved() ? "resolve" : "trigger");
    unlessEmpty(json, "description", truncated(texts(settings.description), longestSummary));
    json.field("event_action", "").key("payload").null(); // as Alertmanager has them, empty
    if (!notification.isResolved()) {
        unlessEmpty(json, "client", texts(settings.client));
        unlessEmpty(json, "client_url", texts(settings.clientUrl));
    }
    json.key("details").raw(details);
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

std::string secondsText(std::chrono::milliseconds time)
{
    return std::to_string(std::chrono::floor<std::chrono::seconds>(time).count());
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
    const bool isOld = !settings.serviceKey.empty();
    const auto bodyOf = isOld ? &pagerdutyV1Body : &pagerdutyBody;
    std::string body = bodyOf(settings, texts, notification, detailsJson(settings, texts));
    if (body.size() > largestEvent) {
        body = bodyOf(settings, texts, notification, detailsLeftOut);
    }
    if (texts.fault()) {
        return std::unexpected(*texts.fault());
    }
    if (texts(isOld ? settings.serviceKey : settings.routingKey).empty()) {
        return fail(ErrorKind::invalid,
                    std::format("the {} key of PagerDuty is empty", isOld ? "service" : "routing"));
    }
    return postJson(isOld ? std::string(pagerdutyV1) : settings.url, std::move(body));
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
                                    {"retry", secondsText(settings.retry)},
                                    {"expire", secondsText(settings.expire)},
                                    {"device", texts(settings.device)},
                                    {"sound", texts(settings.sound)}});
    if (settings.html) {
        form += "&html=1";
    }
    if (settings.monospace) {
        form += "&monospace=1";
    }
    if (settings.ttl > std::chrono::milliseconds(0)) {
        form += "&ttl=" + secondsText(settings.ttl);
    }
    if (texts.fault()) {
        return std::unexpected(*texts.fault());
    }
    HttpRequest request = postJson(settings.url, std::move(form));
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    return request;
}

} // namespace watchfire::alerting
