// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// The fields of each way of telling: one table each, from which forms are built, filled, checked
// and read.

#include "ui/pages/way_fields.h"

#include "ui/models/format.h"

#include <array>
#include <optional>
#include <utility>

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

using namespace config;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::ReceiverForm)
};

QString written(const std::string& value)
{
    return fromUtf8(value);
}
QString written(bool value)
{
    return value ? u"true"_s : u"false"_s;
}
QString written(const std::optional<bool>& value)
{
    return value ? written(*value) : QString();
}
QString written(std::int64_t value)
{
    return value == 0 ? QString() : QString::number(value);
}
QString written(std::uint64_t value)
{
    return value == 0 ? QString() : QString::number(value);
}

void assign(std::string& out, const QString& text)
{
    out = text.trimmed().toStdString();
}
void assign(bool& out, const QString& text)
{
    out = text == "true"_L1;
}
void assign(std::optional<bool>& out, const QString& text)
{
    out = text.isEmpty() ? std::nullopt : std::optional(text == "true"_L1);
}
void assign(std::int64_t& out, const QString& text)
{
    out = text.trimmed().toLongLong();
}
void assign(std::uint64_t& out, const QString& text)
{
    out = text.trimmed().isEmpty() ? 0 : readCount(text).value_or(out);
}

/// A member of the section C, or of one of its bases.
template <class C, class Member> WayAccess access(WayField field, Member member)
{
    WayAccess out;
    out.field = std::move(field);
    out.read
        = [member](const WaySection& section) { return written(std::get<C>(section).*member); };
    out.write = [member](WaySection& section, const QString& text) {
        assign(std::get<C>(section).*member, text);
    };
    return out;
}

template <class C> WayAccess secret(WayField field, SecretSource C::* member)
{
    WayAccess out;
    out.field = std::move(field);
    out.field.type = FieldType::secret;
    out.readSecret = [member](const WaySection& section) { return std::get<C>(section).*member; };
    out.writeSecret = [member](WaySection& section, const SecretSource& source) {
        std::get<C>(section).*member = source;
    };
    return out;
}

/// A token that the server wants to see, as its http_config says it.
WayAccess bearer(WayField field)
{
    WayAccess out;
    out.field = std::move(field);
    out.field.type = FieldType::secret;
    out.readSecret = [](const WaySection& section) {
        const auto& http = std::get<WebhookConfig>(section).http;
        const auto* const auth = http ? std::get_if<BearerAuth>(&http->auth) : nullptr;
        return auth == nullptr ? SecretSource() : SecretSource{auth->token, auth->tokenFile};
    };
    out.writeSecret = [](WaySection& section, const SecretSource& source) {
        auto& http = std::get<WebhookConfig>(section).http;
        if (source.empty()) {
            if (http && std::holds_alternative<BearerAuth>(http->auth)) {
                http->auth = std::monostate();
            }
            return;
        }
        if (!http) {
            http.emplace();
        }
        const auto* const old = std::get_if<BearerAuth>(&http->auth);
        http->auth = BearerAuth{old == nullptr ? "Bearer" : old->type, source.text, source.file};
    };
    return out;
}

WayField field(const QString& name, FieldType type, const QString& label,
               const QString& otherwise = {}, const QString& example = {})
{
    return {name, type, label, otherwise, example, {}, false};
}
WayField required(const QString& name, const QString& label, const QString& example = {})
{
    return {name, FieldType::raw, label, {}, example, {}, true};
}

WayField sendResolved()
{
    return field(u"resolved"_s, FieldType::flag, Words::tr("Tell when it is over, too"));
}

// ntfy takes a JSON document at the root of its server.
// Source: ntfy documentation, "Publish as JSON".

QJsonObject payloadOf(const WebhookConfig& webhook)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(webhook.payload.reveal())).object();
}

WayAccess payloadText(WayField field, const QString& member)
{
    WayAccess out;
    out.field = std::move(field);
    out.read = [member](const WaySection& section) {
        const QJsonValue value = payloadOf(std::get<WebhookConfig>(section))[member];
        return value.isDouble() ? QString::number(value.toInt()) : value.toString();
    };
    out.write = [member](WaySection& section, const QString& text) {
        auto& webhook = std::get<WebhookConfig>(section);
        QJsonObject payload = payloadOf(webhook);
        const QString trimmed = text.trimmed();
        bool isNumber = false;
        const int number = trimmed.toInt(&isNumber);
        if (trimmed.isEmpty()) {
            payload.remove(member);
        } else if (isNumber && member == "priority"_L1) {
            payload[member] = number;
        } else {
            payload[member] = trimmed;
        }
        webhook.payload
            = Secret(QJsonDocument(payload).toJson(QJsonDocument::Compact).toStdString());
    };
    return out;
}

std::vector<WayAccess> emailFields()
{
    using C = EmailConfig;
    WayField tls = field(u"requireTls"_s, FieldType::choice, Words::tr("Encryption"),
                         Words::tr("as for all e-mail"));
    tls.choices = {QString(), u"true"_s, u"false"_s};
    return {
        access<C>(required(u"to"_s, Words::tr("To"), u"ops@example.org, kim@example.org"_s),
                  &C::to),
        access<C>(required(u"from"_s, Words::tr("From"), u"watchfire@example.org"_s), &C::from),
        access<C>(required(u"smarthost"_s, Words::tr("Mail server"), u"mail.example.org:587"_s),
                  &C::smarthost),
        access<C>(field(u"user"_s, FieldType::raw, Words::tr("User"), Words::tr("none")),
                  &C::authUsername),
        secret<C>(field(u"password"_s, FieldType::secret, Words::tr("Password")), &C::authPassword),
        access<C>(std::move(tls), &C::requireTls),
        access<C>(sendResolved(), &C::sendResolved),
    };
}

std::vector<WayAccess> slackFields()
{
    using C = SlackConfig;
    return {
        secret<C>(field(u"url"_s, FieldType::secret, Words::tr("Webhook address"), {},
                        u"https://hooks.slack.com/services/…"_s),
                  &C::apiUrl),
        secret<C>(field(u"token"_s, FieldType::secret, Words::tr("Or app token")), &C::appToken),
        access<C>(field(u"channel"_s, FieldType::raw, Words::tr("Channel"),
                        Words::tr("that of the webhook"), u"#alerts"_s),
                  &C::channel),
        access<C>(field(u"title"_s, FieldType::raw, Words::tr("Title")), &C::title),
        access<C>(field(u"text"_s, FieldType::raw, Words::tr("Text")), &C::text),
        access<C>(sendResolved(), &C::sendResolved),
    };
}

std::vector<WayAccess> discordFields()
{
    using C = DiscordConfig;
    WayField url = field(u"url"_s, FieldType::secret, Words::tr("Webhook address"), {},
                         u"https://discord.com/api/webhooks/…"_s);
    url.isRequired = true;
    return {
        secret<C>(std::move(url), &C::webhookUrl),
        access<C>(field(u"username"_s, FieldType::raw, Words::tr("Shown as"),
                        Words::tr("the webhook’s name")),
                  &C::username),
        access<C>(field(u"title"_s, FieldType::raw, Words::tr("Title")), &C::title),
        access<C>(field(u"message"_s, FieldType::raw, Words::tr("Message")), &C::message),
        access<C>(sendResolved(), &C::sendResolved),
    };
}

std::vector<WayAccess> telegramFields()
{
    using C = TelegramConfig;
    WayField token = field(u"token"_s, FieldType::secret, Words::tr("Bot token"));
    token.isRequired = true;
    WayField mode
        = field(u"parseMode"_s, FieldType::choice, Words::tr("Text is"), Words::tr("plain"));
    mode.choices = {QString(), u"HTML"_s, u"MarkdownV2"_s, u"Markdown"_s};
    return {
        secret<C>(std::move(token), &C::token),
        access<C>(required(u"chat"_s, Words::tr("Chat"), u"-1001234567890"_s), &C::chatId),
        access<C>(
            field(u"thread"_s, FieldType::raw, Words::tr("Topic of the chat"), Words::tr("none")),
            &C::messageThreadId),
        access<C>(std::move(mode), &C::parseMode),
        access<C>(field(u"message"_s, FieldType::raw, Words::tr("Message")), &C::message),
        access<C>(field(u"quiet"_s, FieldType::flag, Words::tr("Without a sound")),
                  &C::disableNotifications),
        access<C>(sendResolved(), &C::sendResolved),
    };
}

template <class C> std::vector<WayAccess> teamsFields(const QString& example)
{
    WayField url = field(u"url"_s, FieldType::secret, Words::tr("Webhook address"), {}, example);
    url.isRequired = true;
    return {
        secret<C>(std::move(url), &C::webhookUrl),
        access<C>(field(u"title"_s, FieldType::raw, Words::tr("Title")), &C::title),
        access<C>(field(u"text"_s, FieldType::raw, Words::tr("Text")), &C::text),
        access<C>(sendResolved(), &C::sendResolved),
    };
}

std::vector<WayAccess> pagerdutyFields()
{
    using C = PagerdutyConfig;
    return {
        secret<C>(field(u"routing"_s, FieldType::secret, Words::tr("Integration key (Events v2)")),
                  &C::routing),
        secret<C>(field(u"service"_s, FieldType::secret, Words::tr("Or service key (Events v1)")),
                  &C::service),
        access<C>(field(u"severity"_s, FieldType::raw, Words::tr("Severity"), u"error"_s),
                  &C::severity),
        access<C>(field(u"description"_s, FieldType::raw, Words::tr("Description")),
                  &C::description),
        access<C>(sendResolved(), &C::sendResolved),
    };
}

std::vector<WayAccess> opsgenieFields()
{
    using C = OpsgenieConfig;
    WayField key = field(u"key"_s, FieldType::secret, Words::tr("API key"));
    key.isRequired = true;
    WayField priority
        = field(u"priority"_s, FieldType::choice, Words::tr("Priority"), Words::tr("Opsgenie’s"));
    priority.choices = {QString(), u"P1"_s, u"P2"_s, u"P3"_s, u"P4"_s, u"P5"_s};
    return {
        secret<C>(std::move(key), &C::key),
        access<C>(field(u"url"_s, FieldType::raw, Words::tr("Server"), {},
                        u"https://api.eu.opsgenie.com/"_s),
                  &C::url),
        access<C>(std::move(priority), &C::priority),
        access<C>(field(u"tags"_s, FieldType::raw, Words::tr("Tags"), Words::tr("none"),
                        u"watchfire, disk"_s),
                  &C::tags),
        access<C>(field(u"message"_s, FieldType::raw, Words::tr("Message")), &C::message),
        access<C>(sendResolved(), &C::sendResolved),
    };
}

std::vector<WayAccess> pushoverFields()
{
    using C = PushoverConfig;
    WayField user = field(u"user"_s, FieldType::secret, Words::tr("User key"));
    user.isRequired = true;
    WayField token = field(u"token"_s, FieldType::secret, Words::tr("Application token"));
    token.isRequired = true;
    return {
        secret<C>(std::move(user), &C::user),
        secret<C>(std::move(token), &C::application),
        access<C>(field(u"priority"_s, FieldType::raw, Words::tr("Priority")), &C::priority),
        access<C>(field(u"device"_s, FieldType::raw, Words::tr("Device"), Words::tr("all")),
                  &C::device),
        access<C>(field(u"sound"_s, FieldType::raw, Words::tr("Sound"), Words::tr("the device’s")),
                  &C::sound),
        access<C>(sendResolved(), &C::sendResolved),
    };
}

std::vector<WayAccess> ntfyFields()
{
    using C = WebhookConfig;
    WayField server
        = field(u"url"_s, FieldType::secret, Words::tr("Server"), {}, u"https://ntfy.sh/"_s);
    server.isRequired = true;
    WayField priority
        = field(u"priority"_s, FieldType::choice, Words::tr("Priority"), Words::tr("ordinary"));
    priority.choices = {QString(), u"1"_s, u"2"_s, u"3"_s, u"4"_s, u"5"_s};
    return {
        secret<C>(std::move(server), &C::url),
        payloadText(required(u"topic"_s, Words::tr("Topic"), u"my-alerts"_s), u"topic"_s),
        bearer(field(u"token"_s, FieldType::secret, Words::tr("Access token"))),
        payloadText(std::move(priority), u"priority"_s),
        payloadText(field(u"title"_s, FieldType::raw, Words::tr("Title")), u"title"_s),
        payloadText(field(u"message"_s, FieldType::raw, Words::tr("Message")), u"message"_s),
        access<C>(sendResolved(), &C::sendResolved),
    };
}

std::vector<WayAccess> webhookFields()
{
    using C = WebhookConfig;
    WayField url = field(u"url"_s, FieldType::secret, Words::tr("Address"), {},
                         u"https://example.org/hook"_s);
    url.isRequired = true;
    return {
        secret<C>(std::move(url), &C::url),
        bearer(field(u"token"_s, FieldType::secret, Words::tr("Access token"))),
        access<C>(field(u"most"_s, FieldType::raw, Words::tr("Alerts at most"), Words::tr("all")),
                  &C::maxAlerts),
        access<C>(sendResolved(), &C::sendResolved),
    };
}

std::vector<WayAccess> fieldsOf(WayKind kind)
{
    switch (kind) {
    case WayKind::desktop:
        return {};
    case WayKind::email:
        return emailFields();
    case WayKind::slack:
        return slackFields();
    case WayKind::discord:
        return discordFields();
    case WayKind::telegram:
        return telegramFields();
    case WayKind::teamsFlow:
        return teamsFields<TeamsFlowConfig>(u"https://….logic.azure.com/workflows/…"_s);
    case WayKind::teams:
        return teamsFields<TeamsConfig>(u"https://….webhook.office.com/webhookb2/…"_s);
    case WayKind::pagerduty:
        return pagerdutyFields();
    case WayKind::opsgenie:
        return opsgenieFields();
    case WayKind::pushover:
        return pushoverFields();
    case WayKind::ntfy:
        return ntfyFields();
    case WayKind::webhook:
        return webhookFields();
    }
    return {};
}

} // namespace

const std::vector<WayAccess>& wayAccess(WayKind kind)
{
    // Their words are those of the language that was set before the first form.
    static std::array<std::optional<std::vector<WayAccess>>, wayKinds> tables;
    auto& table = tables.at(std::size_t(kind));
    if (!table) {
        table = fieldsOf(kind);
    }
    return *table;
}

bool isNtfy(const config::WebhookConfig& webhook)
{
    return payloadOf(webhook)["topic"_L1].isString();
}

config::WebhookConfig newNtfy()
{
    config::WebhookConfig webhook;
    const QJsonObject payload{
        {u"topic"_s, QString()},
        {u"title"_s, u"{{ template \"pushover.default.title\" . }}"_s},
        {u"message"_s, u"{{ template \"pushover.default.message\" . }}"_s},
    };
    webhook.payload = Secret(QJsonDocument(payload).toJson(QJsonDocument::Compact).toStdString());
    return webhook;
}

} // namespace watchfire::ui
