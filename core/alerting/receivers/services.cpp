// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/receivers/services.h"

#include "core/alerting/receivers/chat.h"
#include "core/alerting/receivers/pager.h"
#include "core/alerting/receivers/payload_tree.h"
#include "core/alerting/receivers/teams.h"
#include "core/alerting/receivers/webhook.h"
#include "core/encoding/json.h"
#include "core/ports/secret_file.h"

#include <charconv>
#include <format>
#include <utility>

namespace watchfire::alerting {

namespace {

Requests one(Result<HttpRequest> request)
{
    if (!request) {
        return std::unexpected(std::move(request.error()));
    }
    std::vector<HttpRequest> out;
    out.push_back(std::move(*request));
    return out;
}

template <class Integer> std::optional<Integer> numberIn(std::string_view text)
{
    Integer value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                    : std::nullopt;
}

} // namespace

std::string Secrets::operator()(const config::SecretSource& source)
{
    if (source.file.empty()) {
        m_values.push_back(source.text.reveal());
        return m_values.back();
    }
    std::string text = file(source.file);
    m_values.push_back(text);
    return text;
}

std::string Secrets::file(const std::string& path)
{
    auto text = readSecretFile(path);
    if (text) {
        return *std::move(text);
    }
    if (!m_fault) {
        // Final for this try: the next flush of the group reads it again.
        m_fault = Error{ErrorKind::invalid, std::move(text.error().message), {}};
    }
    return {};
}

Requests requestsOf(const config::WebhookConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& notification)
{
    std::string url = texts(secrets(config.url));
    secrets.remember(url);
    std::string body;
    if (config.payload.empty()) {
        body = webhookBody(notification, config.maxAlerts);
    } else if (const auto tree = encoding::parseJson(config.payload.reveal())) {
        body = renderedTree(*tree, texts);
    } else {
        return std::unexpected(tree.error().within("payload"));
    }
    if (texts.fault()) {
        return std::unexpected(*texts.fault());
    }
    if (url.empty() && !secrets.fault()) {
        return fail(ErrorKind::invalid, "the webhook's URL is empty after templating");
    }
    return one(postJson(std::move(url), std::move(body)));
}

Requests requestsOf(const config::SlackConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& /*notification*/)
{
    config::SlackSettings settings = config;
    settings.url = secrets(config.apiUrl);
    return one(slackRequest(settings, texts));
}

Requests requestsOf(const config::DiscordConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& notification)
{
    config::DiscordSettings settings = config;
    settings.url = secrets(config.webhookUrl);
    return one(discordRequest(settings, texts, notification.isResolved()));
}

Requests requestsOf(const config::TelegramConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& /*notification*/)
{
    config::TelegramSettings settings = config;
    settings.botToken = secrets(config.token);
    if (!config.chatIdFile.empty()) {
        const std::string text = secrets.file(config.chatIdFile);
        const auto id = numberIn<std::int64_t>(text);
        if (!id && !secrets.fault()) {
            return fail(ErrorKind::invalid,
                        std::format("{} holds no number of a chat", config.chatIdFile));
        }
        settings.chatId = id.value_or(0);
    }
    return one(telegramRequest(settings, texts));
}

Requests requestsOf(const config::PagerdutyConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& notification)
{
    config::PagerdutySettings settings = config;
    if (config.service.empty()) {
        settings.routingKey = secrets(config.routing);
    } else {
        settings.serviceKey = secrets(config.service);
    }
    if (secrets.fault()) {
        return std::unexpected(*secrets.fault());
    }
    return one(pagerdutyRequest(settings, texts, notification));
}

Requests requestsOf(const config::OpsgenieConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& notification)
{
    config::OpsgenieSettings settings = config;
    settings.apiKey = secrets(config.key);
    return opsgenieRequests(settings, texts, notification);
}

Requests requestsOf(const config::PushoverConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& /*notification*/)
{
    config::PushoverSettings settings = config;
    settings.token = secrets(config.application);
    settings.userKey = secrets(config.user);
    return one(pushoverRequest(settings, texts));
}

Requests requestsOf(const config::TeamsConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& notification)
{
    config::TeamsSettings settings = config;
    settings.url = secrets(config.webhookUrl);
    return one(teamsRequest(settings, texts, notification.isResolved()));
}

Requests requestsOf(const config::TeamsFlowConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& notification)
{
    config::TeamsFlowSettings settings = config;
    settings.url = secrets(config.webhookUrl);
    return one(teamsFlowRequest(settings, texts, notification.isResolved()));
}

Result<void> judgeAnswer(const config::WebhookConfig&, const HttpResponse& response)
{
    return judge("the webhook", response);
}

Result<void> judgeAnswer(const config::SlackConfig&, const HttpResponse& response)
{
    return judgeSlack(response);
}

Result<void> judgeAnswer(const config::DiscordConfig&, const HttpResponse& response)
{
    return judge("Discord", response);
}

Result<void> judgeAnswer(const config::TelegramConfig&, const HttpResponse& response)
{
    return judge("Telegram", response, {429});
}

Result<void> judgeAnswer(const config::PagerdutyConfig& config, const HttpResponse& response)
{
    return config.service.empty() ? judge("PagerDuty", response, {429})
                                  : judge("PagerDuty", response, {403});
}

Result<void> judgeAnswer(const config::OpsgenieConfig&, const HttpResponse& response)
{
    return judge("Opsgenie", response, {429});
}

Result<void> judgeAnswer(const config::PushoverConfig&, const HttpResponse& response)
{
    return judge("Pushover", response);
}

Result<void> judgeAnswer(const config::TeamsConfig&, const HttpResponse& response)
{
    return judge("Microsoft Teams", response);
}

Result<void> judgeAnswer(const config::TeamsFlowConfig&, const HttpResponse& response)
{
    return judge("Microsoft Teams", response);
}

Result<MailServer> mailServer(const config::EmailConfig& config, Secrets& secrets)
{
    MailServer server;
    const std::size_t colon = config.smarthost.rfind(':');
    server.host = config.smarthost.substr(0, colon);
    if (server.host.starts_with('[') && server.host.ends_with(']')) {
        server.host = server.host.substr(1, server.host.size() - 2);
    }
    const auto port = colon == std::string::npos
        ? std::nullopt
        : numberIn<std::uint16_t>(std::string_view(config.smarthost).substr(colon + 1));
    if (!port || server.host.empty()) {
        return fail(ErrorKind::invalid, std::format("no mail server: {}", config.smarthost));
    }
    server.port = *port;
    server.hello = config.hello;
    const bool implicit = config.forceImplicitTls.value_or(*port == 465);
    server.security = implicit             ? MailSecurity::implicitTls
        : config.requireTls.value_or(true) ? MailSecurity::startTls
                                           : MailSecurity::none;
    server.tls = config.tls.value_or(TlsOptions());
    if (config.authUsername.empty()) {
        return server;
    }
    server.user = config.authUsername;
    server.identity = config.authIdentity;
    const bool hasPassword = !config.authPassword.empty();
    server.password = Secret(secrets(hasPassword ? config.authPassword : config.authSecret));
    server.mechanisms = hasPassword ? "PLAIN,LOGIN" : "CRAM-MD5";
    if (secrets.fault()) {
        return std::unexpected(*secrets.fault());
    }
    return server;
}

} // namespace watchfire::alerting
