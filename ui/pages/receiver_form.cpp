// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/receiver_form.h"

#include "ui/models/format.h"
#include "ui/pages/way_fields.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include <QCoreApplication>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::ReceiverForm)
};

/// Calls `each(list)` with the member of ReceiverConfig for every kind that has a section, in the
/// order of the menu.
template <class Each> void eachList(Each each)
{
    using R = config::ReceiverConfig;
    each(&R::emails);
    each(&R::slacks);
    each(&R::discords);
    each(&R::telegrams);
    each(&R::teamsFlows);
    each(&R::teams);
    each(&R::pagerduties);
    each(&R::opsgenies);
    each(&R::pushovers);
    each(&R::webhooks);
}

WaySection freshSection(WayKind kind)
{
    switch (kind) {
    case WayKind::desktop:
        return std::monostate();
    case WayKind::email:
        return config::EmailConfig();
    case WayKind::slack:
        return config::SlackConfig();
    case WayKind::discord:
        return config::DiscordConfig();
    case WayKind::telegram:
        return config::TelegramConfig();
    case WayKind::teamsFlow:
        return config::TeamsFlowConfig();
    case WayKind::teams:
        return config::TeamsConfig();
    case WayKind::pagerduty:
        return config::PagerdutyConfig();
    case WayKind::opsgenie:
        return config::OpsgenieConfig();
    case WayKind::pushover:
        return config::PushoverConfig();
    case WayKind::ntfy:
        return newNtfy();
    case WayKind::webhook:
        return config::WebhookConfig();
    }
    return std::monostate();
}

WayForm formOf(const WaySection& section)
{
    WayForm form;
    form.kind = kindOf(section);
    form.base = section;
    for (const WayAccess& each : wayAccess(form.kind)) {
        if (each.field.type == FieldType::secret) {
            form.secrets[each.field.name] = SecretForm::of(each.readSecret(section).file);
        } else {
            form.values[each.field.name] = each.read(section);
        }
    }
    return form;
}

/// "https://hooks.slack.com/…": what stands behind the host is often as good as a password.
QString hostOnly(const config::SecretSource& source)
{
    if (!source.file.empty()) {
        return Words::tr("the address in %1").arg(fromUtf8(source.file));
    }
    const QUrl url(fromUtf8(source.text.reveal()));
    return url.host().isEmpty() ? Words::tr("an address made of labels") : url.host();
}
QString hostOnly(const std::string& address)
{
    return hostOnly(config::SecretSource{Secret(address), {}});
}

struct Destination {
    const config::ReceiverGlobals& globals;

    QString operator()(const std::monostate&) const { return Words::tr("popups on this desktop"); }
    QString operator()(const config::EmailConfig& email) const { return fromUtf8(email.to); }
    QString operator()(const config::SlackConfig& slack) const
    {
        const bool isByToken
            = !slack.appToken.empty() || (slack.apiUrl.empty() && globals.slackApiUrl.empty());
        const QString host = isByToken
            ? hostOnly(slack.appUrl.empty() ? globals.slackAppUrl : slack.appUrl)
            : hostOnly(slack.apiUrl.empty() ? globals.slackApiUrl : slack.apiUrl);
        return slack.channel.empty() ? host
                                     : Words::tr("%1 at %2").arg(fromUtf8(slack.channel), host);
    }
    QString operator()(const config::TelegramConfig& telegram) const
    {
        return telegram.chatIdFile.empty()
            ? Words::tr("chat %1").arg(telegram.chatId)
            : Words::tr("the chat in %1").arg(fromUtf8(telegram.chatIdFile));
    }
    QString operator()(const config::PagerdutyConfig& pagerduty) const
    {
        return hostOnly(pagerduty.url.empty() ? globals.pagerdutyUrl : pagerduty.url);
    }
    QString operator()(const config::OpsgenieConfig& opsgenie) const
    {
        return hostOnly(opsgenie.url.empty() ? globals.opsgenieApiUrl : opsgenie.url);
    }
    QString operator()(const config::PushoverConfig& pushover) const
    {
        return pushover.device.empty() ? Words::tr("all devices of the user")
                                       : fromUtf8(pushover.device);
    }
    QString operator()(const config::WebhookConfig& webhook) const { return hostOnly(webhook.url); }
    template <class Hook>
        requires requires(Hook hook) { hook.webhookUrl; }
    QString operator()(const Hook& hook) const
    {
        return hostOnly(hook.webhookUrl);
    }
};

bool has(const WayForm& way, const QString& field)
{
    const auto value = way.values.find(field);
    return value != way.values.end() && !value->second.trimmed().isEmpty();
}

bool hasSecret(const WayForm& way, const QString& field)
{
    const auto secret = way.secrets.find(field);
    return secret != way.secrets.end() && secret->second.isGiven(keptSecret(way, field));
}

QString text(const WayForm& way, const QString& field)
{
    const auto value = way.values.find(field);
    return value == way.values.end() ? QString() : value->second.trimmed();
}

bool isInteger(const QString& text)
{
    bool isOne = false;
    static_cast<void>(text.toLongLong(&isOne));
    return isOne;
}

/// What only some kinds ask for.
void checkKind(const WayForm& way, const config::ReceiverGlobals& globals, FieldFaults& faults)
{
    if (way.kind == WayKind::email && has(way, u"smarthost"_s)) {
        const qsizetype colon = text(way, u"smarthost"_s).lastIndexOf(u':');
        const QString port = text(way, u"smarthost"_s).mid(colon + 1);
        if (colon < 1 || !portFault(port).isEmpty()) {
            faults[u"smarthost"_s]
                = Words::tr("Write the server and its port, such as mail.example.org:587.");
        }
    } else if (way.kind == WayKind::slack) {
        const bool hasUrl = hasSecret(way, u"url"_s);
        const bool hasToken = hasSecret(way, u"token"_s);
        if (hasUrl && hasToken) {
            faults[u"token"_s] = Words::tr("Either a webhook’s address or a token, not both.");
        } else if (!hasUrl && !hasToken && globals.slackApiUrl.empty()
                   && globals.slackAppToken.empty()) {
            faults[u"url"_s] = Words::tr("Slack needs a webhook’s address, or a token.");
        }
    } else if (way.kind == WayKind::telegram) {
        for (const QString& field : {u"chat"_s, u"thread"_s}) {
            if (has(way, field) && !isInteger(text(way, field))) {
                faults[field] = Words::tr("Write the number, such as -1001234567890.");
            }
        }
    } else if (way.kind == WayKind::pagerduty) {
        if (!hasSecret(way, u"routing"_s) && !hasSecret(way, u"service"_s)) {
            faults[u"routing"_s] = Words::tr("PagerDuty needs the key of an integration.");
        }
    } else if (way.kind == WayKind::opsgenie && has(way, u"url"_s)) {
        if (const QString fault = urlFault(text(way, u"url"_s)); !fault.isEmpty()) {
            faults[u"url"_s] = fault;
        }
    } else if (way.kind == WayKind::webhook && has(way, u"most"_s)) {
        if (const QString fault = countFault(text(way, u"most"_s)); !fault.isEmpty()) {
            faults[u"most"_s] = fault;
        }
    }
}

/// A typed address of a secret field; templates may stand in it.
QString addressFault(const SecretForm& secret)
{
    const QString typed = secret.typed.trimmed();
    const bool isFixed = !secret.isFile && !typed.isEmpty() && !typed.contains(u"{{"_s);
    if (isFixed && !urlFault(typed).isEmpty()) {
        return Words::tr("Write a whole address, with http:// or https:// in front.");
    }
    return {};
}

/// What `global` of alertmanager.yml has for the field; empty: nothing.
QString globalText(WayKind kind, const QString& field, const config::ReceiverGlobals& globals)
{
    if (kind == WayKind::email) {
        return field == "from"_L1     ? fromUtf8(globals.smtpFrom)
            : field == "smarthost"_L1 ? fromUtf8(globals.smtpSmarthost)
            : field == "user"_L1      ? fromUtf8(globals.smtpAuthUsername)
                                      : QString();
    }
    if (kind == WayKind::opsgenie && field == "url"_L1) {
        return fromUtf8(globals.opsgenieApiUrl);
    }
    return {};
}

bool hasGlobalSecret(WayKind kind, const QString& field, const config::ReceiverGlobals& globals)
{
    switch (kind) {
    case WayKind::email:
        return field == "password"_L1 && !globals.smtpAuthPassword.empty();
    case WayKind::slack:
        return field == "url"_L1 ? !globals.slackApiUrl.empty() : !globals.slackAppToken.empty();
    case WayKind::telegram:
        return !globals.telegramBotToken.empty();
    case WayKind::opsgenie:
        return !globals.opsgenieApiKey.empty();
    case WayKind::desktop:
    case WayKind::discord:
    case WayKind::teamsFlow:
    case WayKind::teams:
    case WayKind::pagerduty:
    case WayKind::pushover:
    case WayKind::ntfy:
    case WayKind::webhook:
        break;
    }
    return false;
}

} // namespace

WayKind kindOf(const WaySection& section)
{
    // In the order of the variant.
    static constexpr WayKind kinds[]{WayKind::desktop,  WayKind::email,     WayKind::slack,
                                     WayKind::discord,  WayKind::telegram,  WayKind::teamsFlow,
                                     WayKind::teams,    WayKind::pagerduty, WayKind::opsgenie,
                                     WayKind::pushover, WayKind::webhook};
    static_assert(std::size(kinds) == std::variant_size_v<WaySection>);
    const auto* const webhook = std::get_if<config::WebhookConfig>(&section);
    return webhook != nullptr && isNtfy(*webhook) ? WayKind::ntfy : kinds[section.index()];
}

QString wayText(WayKind kind)
{
    switch (kind) {
    case WayKind::desktop:
        return Words::tr("This desktop");
    case WayKind::email:
        return Words::tr("E-mail");
    case WayKind::slack:
        return u"Slack"_s;
    case WayKind::discord:
        return u"Discord"_s;
    case WayKind::telegram:
        return u"Telegram"_s;
    case WayKind::teamsFlow:
        return Words::tr("Microsoft Teams (workflow)");
    case WayKind::teams:
        return Words::tr("Microsoft Teams (connector)");
    case WayKind::pagerduty:
        return u"PagerDuty"_s;
    case WayKind::opsgenie:
        return u"Opsgenie"_s;
    case WayKind::pushover:
        return u"Pushover"_s;
    case WayKind::ntfy:
        return u"ntfy"_s;
    case WayKind::webhook:
        return Words::tr("Webhook");
    }
    return {};
}

std::vector<WayField> wayFields(WayKind kind, const config::ReceiverGlobals& globals)
{
    std::vector<WayField> fields;
    for (const WayAccess& each : wayAccess(kind)) {
        WayField field = each.field;
        if (const QString global = globalText(kind, field.name, globals); !global.isEmpty()) {
            field.otherwise = Words::tr("%1, as for all").arg(global);
            field.isRequired = false;
        }
        if (field.type == FieldType::secret && hasGlobalSecret(kind, field.name, globals)) {
            field.otherwise = Words::tr("that of alertmanager.yml’s global settings");
            field.isRequired = false;
        }
        fields.push_back(std::move(field));
    }
    return fields;
}

WayForm newWay(WayKind kind)
{
    WayForm form = formOf(freshSection(kind));
    if (kind == WayKind::ntfy) {
        form.secrets[u"url"_s].typed = u"https://ntfy.sh/"_s;
    }
    return form;
}

Secret keptSecret(const WayForm& way, const QString& field)
{
    for (const WayAccess& each : wayAccess(way.kind)) {
        if (each.field.name == field && each.readSecret) {
            return each.readSecret(way.base).text;
        }
    }
    return {};
}

WaySection toSection(const WayForm& way)
{
    WaySection section = way.base;
    for (const WayAccess& each : wayAccess(way.kind)) {
        const QString& name = each.field.name;
        if (each.field.type == FieldType::secret) {
            const auto typed = way.secrets.find(name);
            config::SecretSource source = each.readSecret(way.base);
            if (typed != way.secrets.end()) {
                typed->second.applyTo(source.text, source.file);
                if (!typed->second.typed.isEmpty() && !typed->second.isFile) {
                    source.text = Secret(typed->second.typed.trimmed().toStdString());
                }
            }
            if (source != each.readSecret(way.base)) {
                each.writeSecret(section, source);
            }
        } else if (const auto typed = way.values.find(name);
                   typed != way.values.end() && typed->second != each.read(way.base)) {
            each.write(section, typed->second);
        }
    }
    return section;
}

ReceiverForm ReceiverForm::of(const config::ReceiverConfig& receiver)
{
    ReceiverForm form;
    form.name = fromUtf8(receiver.name);
    for (const WaySection& section : sectionsOf(receiver)) {
        form.ways.push_back(formOf(section));
    }
    return form;
}

config::ReceiverConfig toReceiver(const ReceiverForm& form)
{
    config::ReceiverConfig receiver;
    receiver.name = form.name.trimmed().toStdString();
    for (const WayForm& way : form.ways) {
        const WaySection section = toSection(way);
        eachList([&](auto list) {
            using Section = typename std::remove_cvref_t<decltype(receiver.*list)>::value_type;
            if (const auto* const mine = std::get_if<Section>(&section)) {
                (receiver.*list).push_back(*mine);
            }
        });
    }
    // The file says it by the name alone.
    receiver.desktop = receiver.name == "desktop" && config::integrationsIn(receiver) == 0;
    return receiver;
}

FieldFaults checkWay(const WayForm& way, const config::ReceiverGlobals& globals)
{
    FieldFaults faults;
    for (const WayField& field : wayFields(way.kind, globals)) {
        const bool isSecret = field.type == FieldType::secret;
        if (field.isRequired && !(isSecret ? hasSecret(way, field.name) : has(way, field.name))) {
            faults[field.name] = field.example.isEmpty()
                ? Words::tr("%1: this is needed.").arg(field.label)
                : Words::tr("This is needed, such as %1").arg(field.example);
            continue;
        }
        const auto secret = way.secrets.find(field.name);
        if (isSecret && secret != way.secrets.end()) {
            const QString fault = secret->second.isFile ? pathFault(secret->second.file)
                : field.name == "url"_L1                ? addressFault(secret->second)
                                                        : QString();
            if (!fault.isEmpty()) {
                faults[field.name] = fault;
            }
        }
    }
    checkKind(way, globals, faults);
    return faults;
}

QString nameFault(const ReceiverForm& form, const QStringList& taken)
{
    const QString name = form.name.trimmed();
    const bool isDesktop = std::ranges::contains(form.ways, WayKind::desktop, &WayForm::kind);
    if (name.isEmpty()) {
        return Words::tr("A receiver needs a name, such as ops. Routes know it by that.");
    }
    if (taken.contains(name)) {
        return Words::tr("Another receiver has this name.");
    }
    if (isDesktop && name != "desktop"_L1) {
        return Words::tr("Popups on this desktop are the receiver named “desktop”.");
    }
    if (isDesktop && form.ways.size() > 1) {
        return Words::tr("The desktop is a receiver by itself: others are told by one of their "
                         "own, and a route that continues.");
    }
    return {};
}

QString destinationText(const WaySection& section, const config::ReceiverGlobals& globals)
{
    return std::visit(Destination{globals}, section);
}

std::vector<WaySection> sectionsOf(const config::ReceiverConfig& receiver)
{
    std::vector<WaySection> sections;
    if (receiver.desktop) {
        sections.emplace_back(std::monostate());
    }
    eachList([&](auto list) {
        for (const auto& each : receiver.*list) {
            sections.emplace_back(each);
        }
    });
    return sections;
}

} // namespace watchfire::ui
