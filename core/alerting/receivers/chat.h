// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/receivers/payload.h"

#include <string>
#include <vector>

/// Payloads of Slack, Discord, Telegram and ntfy. Texts are templates; their defaults are those
/// of Alertmanager 0.33.
namespace watchfire::alerting {

struct SlackField {
    std::string title;
    std::string value;
    std::optional<bool> isShort; ///< unset: the receiver's own
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
    std::string fallback = R"({{ template "slack.default.fallback" . }})";
    std::string callbackId = R"({{ template "slack.default.callbackid" . }})";
    std::string iconEmoji = R"({{ template "slack.default.iconemoji" . }})";
    std::string iconUrl = R"({{ template "slack.default.iconurl" . }})";
    std::string footer = R"({{ template "slack.default.footer" . }})";
    std::string imageUrl;
    std::string thumbUrl;
    std::vector<SlackField> fields;
    bool shortFields = false;
    bool linkNames = false;
    std::vector<std::string> mrkdwnIn = {"fallback", "pretext", "text"};
};

/// Source: Slack API, "Reference: Secondary message attachments"; Alertmanager 0.33,
/// notify/slack.
Result<HttpRequest> slackRequest(const SlackSettings& settings, Texts& texts);
/// A webhook answers 200 with the text "ok", the API with JSON that says {"ok":true}; anything
/// else is a refusal.
Result<void> judgeSlack(const HttpResponse& response);

struct DiscordSettings {
    std::string url;
    std::string title = R"({{ template "discord.default.title" . }})";
    std::string message = R"({{ template "discord.default.message" . }})";
    std::string content = R"({{ template "discord.default.content" . }})";
    std::string username;
    std::string avatarUrl;
};

/// One embed; title, description and content are cut at 256, 4096 and 2000 characters.
/// Source: Discord API, "Execute Webhook", embed limits; Alertmanager 0.33, notify/discord.
Result<HttpRequest> discordRequest(const DiscordSettings& settings, Texts& texts, bool resolved);

struct TelegramSettings {
    std::string apiUrl = "https://api.telegram.org";
    std::string botToken;
    std::int64_t chatId = 0;
    std::int64_t messageThreadId = 0; ///< 0: none
    std::string message = R"({{ template "telegram.default.message" . }})";
    bool disableNotifications = false;
    std::string parseMode = "HTML"; ///< HTML, MarkdownV2, Markdown; empty: plain
};

/// At most 4096 characters; HTML that is longer cannot be cut and is replaced by a note.
/// Source: Telegram Bot API, sendMessage; Alertmanager 0.33, notify/telegram.
Result<HttpRequest> telegramRequest(const TelegramSettings& settings, Texts& texts);

struct NtfySettings {
    std::string url; ///< of the server, without the topic
    std::string topic;
    std::string title = R"({{ template "__subject" . }})";
    std::string message = R"({{ template "pushover.default.message" . }})";
    std::string click = R"({{ template "__alertmanagerURL" . }})";
    int priority = 3; ///< 1 to 5
    std::vector<std::string> tags;
};

/// Source: ntfy documentation, "Publish as JSON".
Result<HttpRequest> ntfyRequest(const NtfySettings& settings, Texts& texts);

} // namespace watchfire::alerting
