// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"

#include <string_view>

/// The keys of each receiver section, once for reading and writing: `describe` names every key with
/// its member to a visitor, which reads it from a file or writes it into one.
namespace watchfire::config {

template <class Visitor> void describe(Visitor& keys, const HttpReach*)
{
    keys.flag("send_resolved", &HttpReach::sendResolved);
    keys.client("http_config", &HttpReach::http);
}

template <class Visitor> void describe(Visitor& keys, const WebhookConfig*)
{
    using C = WebhookConfig;
    describe(keys, static_cast<const HttpReach*>(nullptr));
    keys.secretUrl("url", "url_file", &C::url);
    keys.count("max_alerts", &C::maxAlerts);
    keys.duration("timeout", &C::timeout);
    keys.tree("payload", &C::payload);
}

template <class Visitor> void describe(Visitor& keys, const EmailConfig*)
{
    using C = EmailConfig;
    keys.flag("send_resolved", &C::sendResolved);
    keys.text("to", &C::to);
    keys.text("from", &C::from);
    keys.text("hello", &C::hello);
    keys.text("smarthost", &C::smarthost);
    keys.text("auth_username", &C::authUsername);
    keys.secret("auth_password", "auth_password_file", &C::authPassword);
    keys.secret("auth_secret", "auth_secret_file", &C::authSecret);
    keys.text("auth_identity", &C::authIdentity);
    keys.pairs("headers", &C::headers);
    keys.text("html", &C::html);
    keys.text("text", &C::text);
    keys.flag("require_tls", &C::requireTls);
    keys.flag("force_implicit_tls", &C::forceImplicitTls);
    keys.tls("tls_config", &C::tls);
    keys.threading("threading", &C::threading, &C::threadByDay);
}

template <class Visitor> void describe(Visitor& keys, const SlackField*)
{
    using C = SlackField;
    keys.text("title", &C::title);
    keys.text("value", &C::value);
    keys.flag("short", &C::isShort);
}

template <class Visitor> void describe(Visitor& keys, const SlackConfirmation*)
{
    using C = SlackConfirmation;
    keys.text("text", &C::text);
    keys.text("title", &C::title);
    keys.text("ok_text", &C::okText);
    keys.text("dismiss_text", &C::dismissText);
}

template <class Visitor> void describe(Visitor& keys, const SlackAction*)
{
    using C = SlackAction;
    keys.text("type", &C::type);
    keys.text("text", &C::text);
    keys.text("url", &C::url);
    keys.text("style", &C::style);
    keys.text("name", &C::name);
    keys.text("value", &C::value);
    keys.section("confirm", &C::confirm);
}

template <class Visitor> void describe(Visitor& keys, const SlackConfig*)
{
    using C = SlackConfig;
    describe(keys, static_cast<const HttpReach*>(nullptr));
    keys.secretUrl("api_url", "api_url_file", &C::apiUrl);
    keys.secret("app_token", "app_token_file", &C::appToken);
    keys.url("app_url", &C::appUrl);
    keys.text("channel", &C::channel);
    keys.text("username", &C::username);
    keys.text("color", &C::color);
    keys.text("title", &C::title);
    keys.text("title_link", &C::titleLink);
    keys.text("pretext", &C::pretext);
    keys.text("text", &C::text);
    keys.text("message_text", &C::messageText);
    keys.list("fields", &C::fields);
    keys.flag("short_fields", &C::shortFields);
    keys.text("footer", &C::footer);
    keys.text("fallback", &C::fallback);
    keys.text("callback_id", &C::callbackId);
    keys.text("icon_emoji", &C::iconEmoji);
    keys.text("icon_url", &C::iconUrl);
    keys.text("image_url", &C::imageUrl);
    keys.text("thumb_url", &C::thumbUrl);
    keys.flag("link_names", &C::linkNames);
    keys.texts("mrkdwn_in", &C::mrkdwnIn);
    keys.list("actions", &C::actions);
    keys.duration("timeout", &C::timeout);
}

template <class Visitor> void describe(Visitor& keys, const DiscordConfig*)
{
    using C = DiscordConfig;
    describe(keys, static_cast<const HttpReach*>(nullptr));
    keys.secretUrl("webhook_url", "webhook_url_file", &C::webhookUrl);
    keys.text("content", &C::content);
    keys.text("title", &C::title);
    keys.text("message", &C::message);
    keys.text("username", &C::username);
    keys.text("avatar_url", &C::avatarUrl);
}

template <class Visitor> void describe(Visitor& keys, const TelegramConfig*)
{
    using C = TelegramConfig;
    describe(keys, static_cast<const HttpReach*>(nullptr));
    keys.url("api_url", &C::apiUrl);
    keys.secret("bot_token", "bot_token_file", &C::token);
    keys.integer("chat_id", &C::chatId);
    keys.path("chat_id_file", &C::chatIdFile);
    keys.integer("message_thread_id", &C::messageThreadId);
    keys.text("message", &C::message);
    keys.flag("disable_notifications", &C::disableNotifications);
    keys.text("parse_mode", &C::parseMode);
}

template <class Visitor> void describe(Visitor& keys, const PagerdutyLink*)
{
    keys.text("href", &PagerdutyLink::href);
    keys.text("text", &PagerdutyLink::text);
}

template <class Visitor> void describe(Visitor& keys, const PagerdutyImage*)
{
    keys.text("src", &PagerdutyImage::src);
    keys.text("alt", &PagerdutyImage::alt);
    keys.text("href", &PagerdutyImage::href);
}

template <class Visitor> void describe(Visitor& keys, const PagerdutyConfig*)
{
    using C = PagerdutyConfig;
    describe(keys, static_cast<const HttpReach*>(nullptr));
    keys.secret("service_key", "service_key_file", &C::service);
    keys.secret("routing_key", "routing_key_file", &C::routing);
    keys.url("url", &C::url);
    keys.text("client", &C::client);
    keys.text("client_url", &C::clientUrl);
    keys.text("description", &C::description);
    keys.tree("details", &C::details);
    keys.list("images", &C::images);
    keys.list("links", &C::links);
    keys.text("source", &C::source);
    keys.text("severity", &C::severity);
    keys.text("class", &C::clazz);
    keys.text("component", &C::component);
    keys.text("group", &C::group);
    keys.duration("timeout", &C::timeout);
}

template <class Visitor> void describe(Visitor& keys, const OpsgenieResponder*)
{
    using C = OpsgenieResponder;
    keys.text("id", &C::id);
    keys.text("name", &C::name);
    keys.text("username", &C::username);
    keys.text("type", &C::type);
}

template <class Visitor> void describe(Visitor& keys, const OpsgenieConfig*)
{
    using C = OpsgenieConfig;
    describe(keys, static_cast<const HttpReach*>(nullptr));
    keys.secret("api_key", "api_key_file", &C::key);
    keys.url("api_url", &C::url);
    keys.text("message", &C::message);
    keys.text("description", &C::description);
    keys.text("source", &C::source);
    keys.pairs("details", &C::details);
    keys.text("entity", &C::entity);
    keys.list("responders", &C::responders);
    keys.text("actions", &C::actions);
    keys.text("tags", &C::tags);
    keys.text("note", &C::note);
    keys.text("priority", &C::priority);
    keys.flag("update_alerts", &C::updateAlerts);
}

template <class Visitor> void describe(Visitor& keys, const PushoverConfig*)
{
    using C = PushoverConfig;
    describe(keys, static_cast<const HttpReach*>(nullptr));
    keys.secret("user_key", "user_key_file", &C::user);
    keys.secret("token", "token_file", &C::application);
    keys.text("title", &C::title);
    keys.text("message", &C::message);
    keys.text("url", &C::link);
    keys.text("url_title", &C::linkTitle);
    keys.text("device", &C::device);
    keys.text("sound", &C::sound);
    keys.text("priority", &C::priority);
    keys.duration("retry", &C::retry);
    keys.duration("expire", &C::expire);
    keys.duration("ttl", &C::ttl);
    keys.flag("html", &C::html);
    keys.flag("monospace", &C::monospace);
}

template <class Visitor> void describe(Visitor& keys, const TeamsConfig*)
{
    using C = TeamsConfig;
    describe(keys, static_cast<const HttpReach*>(nullptr));
    keys.secretUrl("webhook_url", "webhook_url_file", &C::webhookUrl);
    keys.text("title", &C::title);
    keys.text("summary", &C::summary);
    keys.text("text", &C::text);
}

template <class Visitor> void describe(Visitor& keys, const TeamsFlowConfig*)
{
    using C = TeamsFlowConfig;
    describe(keys, static_cast<const HttpReach*>(nullptr));
    keys.secretUrl("webhook_url", "webhook_url_file", &C::webhookUrl);
    keys.text("title", &C::title);
    keys.text("text", &C::text);
}

template <class Visitor> void describe(Visitor& keys, const ReceiverGlobals*)
{
    using C = ReceiverGlobals;
    keys.client("http_config", &C::client);
    keys.text("smtp_from", &C::smtpFrom);
    keys.text("smtp_hello", &C::smtpHello);
    keys.text("smtp_smarthost", &C::smtpSmarthost);
    keys.text("smtp_auth_username", &C::smtpAuthUsername);
    keys.secret("smtp_auth_password", "smtp_auth_password_file", &C::smtpAuthPassword);
    keys.secret("smtp_auth_secret", "smtp_auth_secret_file", &C::smtpAuthSecret);
    keys.text("smtp_auth_identity", &C::smtpAuthIdentity);
    keys.flag("smtp_require_tls", &C::smtpRequireTls);
    keys.tls("smtp_tls_config", &C::smtpTls);
    keys.flag("smtp_force_implicit_tls", &C::smtpForceImplicitTls);
    keys.secretUrl("slack_api_url", "slack_api_url_file", &C::slackApiUrl);
    keys.secret("slack_app_token", "slack_app_token_file", &C::slackAppToken);
    keys.url("slack_app_url", &C::slackAppUrl);
    keys.url("pagerduty_url", &C::pagerdutyUrl);
    keys.url("opsgenie_api_url", &C::opsgenieApiUrl);
    keys.secret("opsgenie_api_key", "opsgenie_api_key_file", &C::opsgenieApiKey);
    keys.url("telegram_api_url", &C::telegramApiUrl);
    keys.secret("telegram_bot_token", "telegram_bot_token_file", &C::telegramBotToken);
}

/// Calls `each(section, list, noun)` for every kind of receiver that is told: the section's key,
/// the member of ReceiverConfig, and what faults call it.
template <class Each> void eachReceiverKind(Each each)
{
    using R = ReceiverConfig;
    each("webhook_configs", &R::webhooks, "webhook config");
    each("email_configs", &R::emails, "email config");
    each("slack_configs", &R::slacks, "receiver config");
    each("discord_configs", &R::discords, "discord config");
    each("telegram_configs", &R::telegrams, "telegram config");
    each("pagerduty_configs", &R::pagerduties, "pagerduty config");
    each("opsgenie_configs", &R::opsgenies, "receiver config");
    each("pushover_configs", &R::pushovers, "pushover config");
    each("msteams_configs", &R::teams, "msteams config");
    each("msteamsv2_configs", &R::teamsFlows, "msteamsv2 config");
}

} // namespace watchfire::config
