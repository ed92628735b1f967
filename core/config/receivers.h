// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/secret.h"
#include "core/ports/http.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The receivers of alertmanager.yml, each with what its section says. What a section leaves to
/// `global` is unset here (`settled` fills it in). Texts are templates; their defaults are those of
/// Alertmanager 0.34.
namespace watchfire::config {

/// Named texts, each a template.
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

/// A secret that stands in the file, or in a file of its own that is read at each use.
struct SecretSource {
    Secret text;
    std::string file;
    bool empty() const { return text.empty() && file.empty(); }
    friend bool operator==(const SecretSource&, const SecretSource&) = default;
};

/// What all receivers have that are told by HTTP.
struct HttpReach {
    bool sendResolved = true;
    std::optional<HttpClientOptions> http; ///< http_config; unset: that of `global`
    friend bool operator==(const HttpReach&, const HttpReach&) = default;
};

struct WebhookConfig : HttpReach {
    SecretSource url; ///< a template
    std::uint64_t maxAlerts = 0; ///< sent at most; 0: all
    std::chrono::milliseconds timeout{}; ///< of one try; 0: the receiver's own
    /// What is sent in place of the usual document: JSON whose texts, names of members too, are
    /// templates. A text that comes out as another value of YAML is that value. Empty: the usual.
    Secret payload;
    friend bool operator==(const WebhookConfig&, const WebhookConfig&) = default;
};

struct EmailSettings {
    std::string from; ///< one address: a@b, or Name <a@b>
    std::string to; ///< addresses, by commas
    NamedTexts headers; ///< more of them; Subject, From and To may be replaced
    std::string html = R"({{ template "email.default.html" . }})";
    std::string text; ///< empty: HTML alone
    bool threading = false; ///< all mails of a group in one thread
    bool threadByDay = true; ///< a new thread each day
    friend bool operator==(const EmailSettings&, const EmailSettings&) = default;
};
struct EmailConfig : EmailSettings {
    bool sendResolved = false;
    std::string smarthost; ///< host:port
    std::string hello;
    std::string authUsername;
    SecretSource authPassword;
    SecretSource authSecret; ///< of CRAM-MD5
    std::string authIdentity;
    std::optional<bool> requireTls;
    std::optional<bool> forceImplicitTls; ///< unset: on port 465
    std::optional<TlsOptions> tls;
    friend bool operator==(const EmailConfig&, const EmailConfig&) = default;
};

struct SlackField {
    std::string title;
    std::string value;
    std::optional<bool> isShort; ///< unset: the receiver's own
    friend bool operator==(const SlackField&, const SlackField&) = default;
};
struct SlackConfirmation {
    std::string text; ///< empty: nothing is asked
    std::string title;
    std::string okText;
    std::string dismissText;
    friend bool operator==(const SlackConfirmation&, const SlackConfirmation&) = default;
};
struct SlackAction {
    std::string type;
    std::string text;
    std::string url;
    std::string style;
    std::string name;
    std::string value;
    SlackConfirmation confirm;
    friend bool operator==(const SlackAction&, const SlackAction&) = default;
};
struct SlackSettings {
    std::string url; ///< of an incoming webhook, or of chat.postMessage with a token
    std::string channel;
    std::string username = R"({{ template "slack.default.username" . }})";
    std::string color = R"({{ template "slack.default.color" . }})";
    std::string title = R"({{ template "slack.default.title" . }})";
    std::string titleLink = R"({{ template "slack.default.titlelink" . }})";
    std::string pretext = R"({{ template "slack.default.pretext" . }})";
    std::string text = R"({{ template "slack.default.text" . }})";
    std::string messageText; ///< above the attachment
    std::string fallback = R"({{ template "slack.default.fallback" . }})";
    std::string callbackId = R"({{ template "slack.default.callbackid" . }})";
    std::string iconEmoji = R"({{ template "slack.default.iconemoji" . }})";
    std::string iconUrl = R"({{ template "slack.default.iconurl" . }})";
    std::string footer = R"({{ template "slack.default.footer" . }})";
    std::string imageUrl;
    std::string thumbUrl;
    std::vector<SlackField> fields;
    std::vector<SlackAction> actions;
    bool shortFields = false;
    bool linkNames = false;
    std::vector<std::string> mrkdwnIn; ///< empty: fallback, pretext, text
    friend bool operator==(const SlackSettings&, const SlackSettings&) = default;
};
struct SlackConfig : HttpReach, SlackSettings {
    SlackConfig() { sendResolved = false; }
    SecretSource apiUrl;
    SecretSource appToken;
    std::string appUrl;
    std::chrono::milliseconds timeout{};
    friend bool operator==(const SlackConfig&, const SlackConfig&) = default;
};

struct DiscordSettings {
    std::string url;
    std::string title = R"({{ template "discord.default.title" . }})";
    std::string message = R"({{ template "discord.default.message" . }})";
    std::string content;
    std::string username;
    std::string avatarUrl;
    friend bool operator==(const DiscordSettings&, const DiscordSettings&) = default;
};
struct DiscordConfig : HttpReach, DiscordSettings {
    SecretSource webhookUrl;
    friend bool operator==(const DiscordConfig&, const DiscordConfig&) = default;
};

struct TelegramSettings {
    std::string apiUrl = "https://api.telegram.org";
    std::string botToken;
    std::int64_t chatId = 0;
    std::int64_t messageThreadId = 0; ///< 0: none
    std::string message = R"({{ template "telegram.default.message" . }})";
    bool disableNotifications = false;
    std::string parseMode = "HTML"; ///< HTML, MarkdownV2, Markdown; empty: plain
    friend bool operator==(const TelegramSettings&, const TelegramSettings&) = default;
};
struct TelegramConfig : HttpReach, TelegramSettings {
    TelegramConfig() { apiUrl.clear(); } // that of `global`
    SecretSource token;
    std::string chatIdFile; ///< read at each use
    friend bool operator==(const TelegramConfig&, const TelegramConfig&) = default;
};

struct PagerdutyLink {
    std::string href;
    std::string text;
    friend bool operator==(const PagerdutyLink&, const PagerdutyLink&) = default;
};
struct PagerdutyImage {
    std::string src;
    std::string alt;
    std::string href;
    friend bool operator==(const PagerdutyImage&, const PagerdutyImage&) = default;
};
struct PagerdutySettings {
    std::string url = "https://events.pagerduty.com/v2/enqueue";
    std::string routingKey;
    std::string serviceKey; ///< set: the Events API v1 is spoken
    std::string description = R"({{ template "pagerduty.default.description" . }})";
    std::string client = R"({{ template "pagerduty.default.client" . }})";
    std::string clientUrl = R"({{ template "pagerduty.default.clientURL" . }})";
    std::string source; ///< empty: the client
    std::string severity; ///< empty: error
    std::string clazz;
    std::string component;
    std::string group;
    /// A JSON object like a webhook's payload, beside firing, resolved, num_firing and
    /// num_resolved, or in their places. Empty: no more than those.
    std::string details;
    std::vector<PagerdutyLink> links;
    std::vector<PagerdutyImage> images;
    friend bool operator==(const PagerdutySettings&, const PagerdutySettings&) = default;
};
struct PagerdutyConfig : HttpReach, PagerdutySettings {
    PagerdutyConfig() { url.clear(); } // that of `global`
    SecretSource routing;
    SecretSource service;
    std::chrono::milliseconds timeout{};
    friend bool operator==(const PagerdutyConfig&, const PagerdutyConfig&) = default;
};

struct OpsgenieResponder {
    std::string id;
    std::string name;
    std::string username;
    std::string type; ///< team, teams, user, escalation, schedule
    friend bool operator==(const OpsgenieResponder&, const OpsgenieResponder&) = default;
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
    friend bool operator==(const OpsgenieSettings&, const OpsgenieSettings&) = default;
};
struct OpsgenieConfig : HttpReach, OpsgenieSettings {
    OpsgenieConfig() { url.clear(); } // that of `global`
    SecretSource key;
    friend bool operator==(const OpsgenieConfig&, const OpsgenieConfig&) = default;
};

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
    std::chrono::milliseconds retry = std::chrono::minutes(1);
    std::chrono::milliseconds expire = std::chrono::hours(1);
    std::chrono::milliseconds ttl{}; ///< 0: none
    bool html = false;
    bool monospace = false;
    friend bool operator==(const PushoverSettings&, const PushoverSettings&) = default;
};
struct PushoverConfig : HttpReach, PushoverSettings {
    SecretSource user;
    SecretSource application; ///< key `token`
    friend bool operator==(const PushoverConfig&, const PushoverConfig&) = default;
};

struct TeamsSettings {
    std::string url;
    std::string title = R"({{ template "msteams.default.title" . }})";
    std::string summary = R"({{ template "msteams.default.summary" . }})";
    std::string text = R"({{ template "msteams.default.text" . }})";
    friend bool operator==(const TeamsSettings&, const TeamsSettings&) = default;
};
struct TeamsConfig : HttpReach, TeamsSettings {
    SecretSource webhookUrl;
    friend bool operator==(const TeamsConfig&, const TeamsConfig&) = default;
};

struct TeamsFlowSettings {
    std::string url;
    std::string title = R"({{ template "msteamsv2.default.title" . }})";
    std::string text = R"({{ template "msteamsv2.default.text" . }})";
    friend bool operator==(const TeamsFlowSettings&, const TeamsFlowSettings&) = default;
};
struct TeamsFlowConfig : HttpReach, TeamsFlowSettings {
    SecretSource webhookUrl;
    friend bool operator==(const TeamsFlowConfig&, const TeamsFlowConfig&) = default;
};

/// What `global` of alertmanager.yml gives to receivers that say nothing themselves.
struct ReceiverGlobals {
    std::optional<HttpClientOptions> client;
    std::string smtpSmarthost;
    std::string smtpFrom;
    std::string smtpHello = "localhost";
    std::string smtpAuthUsername;
    SecretSource smtpAuthPassword;
    SecretSource smtpAuthSecret;
    std::string smtpAuthIdentity;
    bool smtpRequireTls = true;
    std::optional<bool> smtpForceImplicitTls;
    std::optional<TlsOptions> smtpTls;
    SecretSource slackApiUrl;
    SecretSource slackAppToken;
    std::string slackAppUrl = "https://slack.com/api/chat.postMessage";
    std::string pagerdutyUrl = "https://events.pagerduty.com/v2/enqueue";
    std::string opsgenieApiUrl = "https://api.opsgenie.com/";
    SecretSource opsgenieApiKey;
    std::string telegramApiUrl = "https://api.telegram.org";
    SecretSource telegramBotToken;
    friend bool operator==(const ReceiverGlobals&, const ReceiverGlobals&) = default;
};

/// A receiver: everything that is told when a route names it.
struct ReceiverConfig {
    std::string name;
    bool desktop = false;
    std::vector<WebhookConfig> webhooks;
    std::vector<EmailConfig> emails;
    std::vector<SlackConfig> slacks;
    std::vector<DiscordConfig> discords;
    std::vector<TelegramConfig> telegrams;
    std::vector<PagerdutyConfig> pagerduties;
    std::vector<OpsgenieConfig> opsgenies;
    std::vector<PushoverConfig> pushovers;
    std::vector<TeamsConfig> teams;
    std::vector<TeamsFlowConfig> teamsFlows;
    friend bool operator==(const ReceiverConfig&, const ReceiverConfig&) = default;
};

/// The receiver with what it has from `globals` filled in, as it is to be told. Each client is
/// set then; a Slack token is its authorization.
/// Source: Alertmanager 0.34, config.Config.
ReceiverConfig settled(ReceiverConfig receiver, const ReceiverGlobals& globals);
/// The receiver as a file with other `global` would have to say it, to mean the same.
ReceiverConfig selfContained(ReceiverConfig receiver, const ReceiverGlobals& globals);
/// How many ways out it has.
std::size_t integrationsIn(const ReceiverConfig& receiver);

} // namespace watchfire::config
