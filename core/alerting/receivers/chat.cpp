// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/receivers/chat.h"

#include "core/encoding/json.h"

#include <format>
#include <utility>

namespace watchfire::alerting {

namespace {

using encoding::JsonWriter;

void unlessEmpty(JsonWriter& json, std::string_view name, const std::string& text)
{
    if (!text.empty()) {
        json.field(name, text);
    }
}

Result<HttpRequest> finished(const Texts& texts, std::string url, std::string body)
{
    if (texts.fault()) {
        return std::unexpected(*texts.fault());
    }
    return postJson(std::move(url), std::move(body));
}

void writeSlackFields(JsonWriter& json, const SlackSettings& settings, Texts& texts)
{
    if (settings.fields.empty()) {
        return;
    }
    json.key("fields").beginArray();
    for (const SlackField& field : settings.fields) {
        json.beginObject();
        unlessEmpty(json, "title", texts(field.title));
        unlessEmpty(json, "value", texts(field.value));
        json.key("short").boolean(field.isShort.value_or(settings.shortFields));
        json.endObject();
    }
    json.endArray();
}

void writeSlackActions(JsonWriter& json, const SlackSettings& settings, Texts& texts)
{
    if (settings.actions.empty()) {
        return;
    }
    json.key("actions").beginArray();
    for (const SlackAction& action : settings.actions) {
        json.beginObject();
        unlessEmpty(json, "type", texts(action.type));
        unlessEmpty(json, "text", texts(action.text));
        unlessEmpty(json, "url", texts(action.url));
        unlessEmpty(json, "style", texts(action.style));
        if (action.url.empty()) {
            unlessEmpty(json, "name", texts(action.name));
            unlessEmpty(json, "value", texts(action.value));
            if (!action.confirm.text.empty()) {
                json.key("confirm").beginObject();
                unlessEmpty(json, "text", texts(action.confirm.text));
                unlessEmpty(json, "title", texts(action.confirm.title));
                unlessEmpty(json, "ok_text", texts(action.confirm.okText));
                unlessEmpty(json, "dismiss_text", texts(action.confirm.dismissText));
                json.endObject();
            }
        }
        json.endObject();
    }
    json.endArray();
}

/// Which parts Slack reads in its own markup.
void writeFormatted(JsonWriter& json, const SlackSettings& settings)
{
    json.key("mrkdwn_in").beginArray();
    if (settings.mrkdwnIn.empty()) {
        json.string("fallback").string("pretext").string("text");
    }
    for (const std::string& part : settings.mrkdwnIn) {
        json.string(part);
    }
    json.endArray();
}

constexpr std::size_t slackTitle = 1024;
constexpr std::size_t telegramMessage = 4096;

} // namespace

Result<HttpRequest> slackRequest(const SlackSettings& settings, Texts& texts)
{
    std::string body;
    JsonWriter json(body);
    json.beginObject();
    unlessEmpty(json, "channel", texts(settings.channel));
    unlessEmpty(json, "username", texts(settings.username));
    unlessEmpty(json, "icon_emoji", texts(settings.iconEmoji));
    unlessEmpty(json, "icon_url", texts(settings.iconUrl));
    if (settings.linkNames) {
        json.key("link_names").boolean(true);
    }
    unlessEmpty(json, "text", texts(settings.messageText));
    json.key("attachments").beginArray().beginObject();
    unlessEmpty(json, "title", truncated(texts(settings.title), slackTitle));
    unlessEmpty(json, "title_link", texts(settings.titleLink));
    unlessEmpty(json, "pretext", texts(settings.pretext));
    json.field("text", texts(settings.text));
    json.field("fallback", texts(settings.fallback));
    json.field("callback_id", texts(settings.callbackId));
    writeSlackFields(json, settings, texts);
    unlessEmpty(json, "image_url", texts(settings.imageUrl));
    unlessEmpty(json, "thumb_url", texts(settings.thumbUrl));
    json.field("footer", texts(settings.footer));
    unlessEmpty(json, "color", texts(settings.color));
    writeSlackActions(json, settings, texts);
    writeFormatted(json, settings);
    json.endObject().endArray().endObject();
    return finished(texts, settings.url, std::move(body));
}

Result<void> judgeSlack(const HttpResponse& response)
{
    if (auto judged = judge("Slack", response); !judged) {
        return judged;
    }
    if (!header(response.headers, "Content-Type").starts_with("application/json")) {
        return response.body == "ok" ? Result<void>()
                                     : fail(ErrorKind::invalid, "Slack says: " + response.body);
    }
    const auto answer = encoding::parseJson(response.body);
    if (!answer) {
        return fail(ErrorKind::unavailable, "Slack's answer is no JSON");
    }
    return (*answer)["ok"].asBool()
        ? Result<void>()
        : fail(ErrorKind::invalid,
               std::format("Slack says: {}", (*answer)["error"].asString("no reason")));
}

Result<HttpRequest> discordRequest(const DiscordSettings& settings, Texts& texts, bool resolved)
{
    constexpr std::int64_t red = 0x992D22;
    constexpr std::int64_t green = 0x2ECC71;
    std::string body;
    JsonWriter json(body);
    json.beginObject();
    json.field("content", truncated(texts(settings.content), 2000));
    json.key("embeds").beginArray().beginObject();
    json.field("title", truncated(texts(settings.title), 256));
    json.field("description", truncated(texts(settings.message), 4096));
    json.key("color").integer(resolved ? green : red);
    json.endObject().endArray();
    unlessEmpty(json, "username", settings.username);
    unlessEmpty(json, "avatar_url", settings.avatarUrl);
    json.endObject();
    return finished(texts, settings.url, std::move(body));
}

Result<HttpRequest> telegramRequest(const TelegramSettings& settings, Texts& texts)
{
    std::string message;
    if (settings.parseMode == "HTML") {
        message = texts.html(settings.message);
        if (truncated(message, telegramMessage) != message) {
            message = "A notification is longer than Telegram takes. Shorten its template.";
        }
    } else {
        message = truncated(texts(settings.message), telegramMessage);
    }
    std::string body;
    JsonWriter json(body);
    json.beginObject();
    json.field("chat_id", std::to_string(settings.chatId));
    json.field("text", message);
    if (settings.messageThreadId != 0) {
        json.field("message_thread_id", std::to_string(settings.messageThreadId));
    }
    unlessEmpty(json, "parse_mode", settings.parseMode);
    json.key("disable_web_page_preview").boolean(true);
    if (settings.disableNotifications) {
        json.key("disable_notification").boolean(true);
    }
    json.endObject();
    return finished(texts, std::format("{}/bot{}/sendMessage", settings.apiUrl, settings.botToken),
                    std::move(body));
}

} // namespace watchfire::alerting
