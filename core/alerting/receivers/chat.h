// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/receivers/payload.h"
#include "core/config/receivers.h"

/// Payloads of Slack, Discord and Telegram.
namespace watchfire::alerting {

using config::SlackAction;
using config::SlackField;
using config::SlackSettings;

/// Source: Slack API, "Reference: Secondary message attachments"; Alertmanager 0.34,
/// notify/slack.
Result<HttpRequest> slackRequest(const SlackSettings& settings, Texts& texts);
/// A webhook answers 200 with the text "ok", the API with JSON that says {"ok":true}; anything
/// else is a refusal.
Result<void> judgeSlack(const HttpResponse& response);

using config::DiscordSettings;

/// One embed; title, description and content are cut at 256, 4096 and 2000 characters.
/// Source: Discord API, "Execute Webhook", embed limits; Alertmanager 0.34, notify/discord.
Result<HttpRequest> discordRequest(const DiscordSettings& settings, Texts& texts, bool resolved);

using config::TelegramSettings;

/// At most 4096 characters; HTML that is longer cannot be cut and is replaced by a note.
/// Source: Telegram Bot API, sendMessage; Alertmanager 0.34, notify/telegram.
Result<HttpRequest> telegramRequest(const TelegramSettings& settings, Texts& texts);

} // namespace watchfire::alerting
