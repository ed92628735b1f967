// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/receivers/payload.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

/// Payloads of PagerDuty, Opsgenie and Pushover. Texts are templates; their defaults are those of
/// Alertmanager 0.33.
namespace watchfire::alerting {

/// Named texts, each a template.
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

struct PagerdutySettings {
    std::string url = "https://events.pagerduty.com/v2/enqueue";
    std::string routingKey;
    std::string description = R"({{ template "pagerduty.default.description" . }})";
    std::string client = R"({{ template "pagerduty.default.client" . }})";
    std::string clientUrl = R"({{ template "pagerduty.default.clientURL" . }})";
    std::string source; ///< empty: the client
    std::string severity = "error";
    std::string clazz;
    std::string component;
    std::string group;
    NamedTexts details = {{"firing", R"({{ .Alerts.Firing | toJson }})"},
                          {"resolved", R"({{ .Alerts.Resolved | toJson }})"},
                          {"num_firing", "{{ .Alerts.Firing | len }}"},
                          {"num_resolved", "{{ .Alerts.Resolved | len }}"}};
    std::vector<std::pair<std::string, std::string>> links; ///< href and text
};

/// An event of the Events API v2: trigger while something fires, else resolve, both under the
/// hash of the group's key. The summary is cut at 1024 characters; details of an event over
/// 512 kB are left out. An empty routing key is a fault.
/// Source: PagerDuty, "Events API v2"; Alertmanager 0.33, notify/pagerduty.
Result<HttpRequest> pagerdutyRequest(const PagerdutySettings& settings, Texts& texts,
                                     const Notification& notification);

struct OpsgenieResponder {
    std::string id;
    std::string name;
    std::string username;
    std::string type; ///< team, teams, user, escalation, schedule
};

struct OpsgenieSettings {
    std::string url = "https://api.opsgenie.com/"; ///< ends with a slash
    std::string apiKey;
    std::string message = R"({{ template "opsgenie.default.message" . }})";
    std::string description = R"({{ template "opsgenie.default.description" . }})";
    std::string source = R"({{ template "opsgenie.default.source" . }})";
    std::string entity;
    std::string actions; ///< by commas
    std::string tags; ///< by commas
    std::string note;
    std::string priority;
    NamedTexts details; ///< beside the labels all alerts share
    std::vector<OpsgenieResponder> responders;
    bool updateAlerts = false;
};

/// The requests of one notification, to be sent one after another: create, and with
/// `updateAlerts` new message and description; or close, when all is resolved. The message is cut
/// at 130 characters.
/// Source: Opsgenie, "Alert API"; Alertmanager 0.33, notify/opsgenie.
Result<std::vector<HttpRequest>> opsgenieRequests(const OpsgenieSettings& settings, Texts& texts,
                                                  const Notification& notification);

struct PushoverSettings {
    std::string url = "https://api.pushover.net/1/messages.json";
    std::string token;
    std::string userKey;
    std::string title = R"({{ template "pushover.default.title" . }})";
    std::string message = R"({{ template "pushover.default.message" . }})";
    std::string link = R"({{ template "pushover.default.url" . }})";
    std::string linkTitle;
    std::string device;
    std::string sound;
    std::string priority = R"({{ if eq .Status "firing" }}2{{ else }}0{{ end }})";
    std::chrono::seconds retry = std::chrono::minutes(1);
    std::chrono::seconds expire = std::chrono::hours(1);
    std::chrono::seconds ttl{}; ///< 0: none
    bool html = false;
    bool monospace = false;
};

/// A form. Title, message and link are cut at 250, 1024 and 512 characters; a message that is
/// empty says "(no details)", for the service refuses empty ones. Secrets go in the body, where no
/// log of addresses shows them.
/// Source: Pushover, "Message API"; Alertmanager 0.33, notify/pushover.
Result<HttpRequest> pushoverRequest(const PushoverSettings& settings, Texts& texts);

} // namespace watchfire::alerting
