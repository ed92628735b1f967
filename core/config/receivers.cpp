// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/receivers.h"

#include "core/config/alertmanager_parts.h"
#include "core/config/client.h"
#include "core/config/receiver_keys.h"
#include "core/config/receiver_reader.h"

#include <algorithm>
#include <array>
#include <format>

namespace watchfire::config {

using encoding::YamlNode;

namespace {

constexpr std::string_view slackMethod = "https://slack.com/api/chat.postMessage";

/// What must hold of one section; a fault stands at its beginning.
class Demands {
public:
    Demands(Reading& reading, const YamlNode& node)
        : m_reading(reading)
        , m_node(node)
    {
    }
    void operator()(bool holds, std::string_view otherwise)
    {
        if (!holds) {
            m_reading.fault(m_node, std::string(otherwise));
        }
    }

private:
    Reading& m_reading;
    const YamlNode& m_node;
};

void check(Demands& demand, const WebhookConfig& webhook, const ReceiverGlobals&)
{
    demand(!webhook.url.empty(), "one of url or url_file must be configured");
}

void checkHeaders(Demands& demand, const EmailConfig& email)
{
    std::set<std::string> seen;
    for (const auto& [name, text] : email.headers) {
        demand(seen.insert(lower(name)).second,
               std::format("duplicate header \"{}\" in email config", name));
    }
    if (email.threading) {
        for (const char* const name : {"References", "In-Reply-To"}) {
            demand(!seen.contains(lower(name)),
                   std::format("conflicting configuration: threading.enabled conflicts with custom "
                               "{} header",
                               name));
        }
    }
}

void check(Demands& demand, const EmailConfig& email, const ReceiverGlobals& globals)
{
    demand(email.smarthost.empty() || isSmarthost(email.smarthost),
           std::format("address {}: missing port in address", email.smarthost));
    demand(!email.smarthost.empty() || !globals.smtpSmarthost.empty(),
           "no global SMTP smarthost set");
    demand(!email.from.empty() || !globals.smtpFrom.empty(), "no global SMTP from set");
    demand(!email.to.empty(), "missing to address in email config");
    checkHeaders(demand, email);
}

void check(Demands& demand, const SlackConfig& slack, const ReceiverGlobals& globals)
{
    const bool token = !slack.appToken.empty();
    demand(slack.apiUrl.empty() || !token,
           "at most one of api_url/api_url_file & app_token/app_token_file must be configured");
    demand(!slack.apiUrl.empty() || token || !globals.slackApiUrl.empty()
               || !globals.slackAppToken.empty(),
           "no Slack API URL nor App token set either inline or in a file");
    demand(!token || !slack.http || std::holds_alternative<std::monostate>(slack.http->auth),
           "http authorization can't be set when using Slack App tokens");
    for (const SlackField& field : slack.fields) {
        demand(!field.title.empty(), "missing title in Slack field configuration");
        demand(!field.value.empty(), "missing value in Slack field configuration");
    }
    for (const SlackAction& action : slack.actions) {
        demand(!action.type.empty(), "missing type in Slack action configuration");
        demand(!action.text.empty(), "missing text in Slack action configuration");
        demand(!action.url.empty() || !action.name.empty(),
               "missing name or url in Slack action configuration");
        demand(!action.confirm.text.empty() || action.confirm == SlackConfirmation(),
               "missing text in Slack confirmation configuration");
    }
}

template <class Hook>
    requires requires(Hook hook) { hook.webhookUrl; }
void check(Demands& demand, const Hook& hook, const ReceiverGlobals&)
{
    demand(!hook.webhookUrl.empty(), "one of webhook_url or webhook_url_file must be configured");
}

void check(Demands& demand, const TelegramConfig& telegram, const ReceiverGlobals& globals)
{
    static constexpr std::array<std::string_view, 4> modes{"", "Markdown", "MarkdownV2", "HTML"};
    demand(!telegram.token.empty() || !globals.telegramBotToken.empty(),
           "missing bot_token or bot_token_file on telegram_config");
    demand(telegram.chatId != 0 || !telegram.chatIdFile.empty(),
           "missing chat_id or chat_id_file on telegram_config");
    demand(telegram.chatId == 0 || telegram.chatIdFile.empty(),
           "at most one of chat_id & chat_id_file must be configured");
    demand(std::ranges::contains(modes, telegram.parseMode),
           "unknown parse_mode on telegram_config, must be Markdown, MarkdownV2, HTML or empty "
           "string");
}

void check(Demands& demand, const PagerdutyConfig& pagerduty, const ReceiverGlobals&)
{
    demand(!pagerduty.routing.empty() || !pagerduty.service.empty(),
           "missing service or routing key in PagerDuty config");
}

void check(Demands& demand, const OpsgenieConfig& opsgenie, const ReceiverGlobals& globals)
{
    static constexpr std::array<std::string_view, 5> types{"team", "teams", "user", "escalation",
                                                           "schedule"};
    demand(!opsgenie.key.empty() || !globals.opsgenieApiKey.empty(),
           "no global OpsGenie API Key set either inline or in a file");
    for (const OpsgenieResponder& responder : opsgenie.responders) {
        demand(!responder.id.empty() || !responder.name.empty() || !responder.username.empty(),
               "opsGenieConfig responder has to have at least one of id, username or name "
               "specified");
        demand(responder.type.contains("{{") || std::ranges::contains(types, lower(responder.type)),
               std::format("opsGenieConfig responder type \"{}\" does not match valid options "
                           "team, teams, user, escalation, schedule",
                           responder.type));
    }
}

void check(Demands& demand, const PushoverConfig& pushover, const ReceiverGlobals&)
{
    demand(!pushover.user.empty(), "one of user_key or user_key_file must be configured");
    demand(!pushover.application.empty(), "one of token or token_file must be configured");
    demand(!pushover.html || !pushover.monospace,
           "at most one of monospace & html must be configured");
}

/// Keys of Slack's that are known and not acted on.
template <class Config> void readRest(Fields&, const Config&) { }
void readRest(Fields& fields, const SlackConfig& slack)
{
    bool updates = false;
    const YamlNode* const node = fields.boolean("update_message", updates);
    if (!updates) {
        return;
    }
    if (slack.apiUrl.text.reveal() != slackMethod) {
        fields.reading().fault(
            *node,
            std::format(
                "update_message can only be used with bot tokens. api_url must be set to {}",
                slackMethod));
    } else {
        fields.reading().warn(
            *node, "update_message is not done yet: each notification is a message of its own");
    }
}

void readReceiver(Reading& reading, const YamlNode& node, const ReceiverDefaults& defaults,
                  AlertmanagerConfig& out)
{
    Fields fields(reading, node, "config.plain");
    ReceiverConfig receiver;
    const YamlNode* const name = fields.text("name", receiver.name);
    if (receiver.name.empty()) {
        reading.fault(node, "missing name in receiver");
    } else if (std::ranges::contains(out.receivers, receiver.name, &ReceiverConfig::name)) {
        reading.fault(*name,
                      std::format("notification config name \"{}\" is not unique", receiver.name));
    }
    bool anything = false;
    eachReceiverKind([&](std::string_view key, auto list, std::string_view noun) {
        fields.list(key, std::format("missing {}", noun), [&](const YamlNode& entry) {
            anything = true;
            auto& config = (receiver.*list).emplace_back();
            Fields own(reading, entry, "config.plain");
            KeyReader reader(own, config);
            describe(reader, &config);
            readRest(own, config);
            own.finish();
            Demands demand(reading, entry);
            check(demand, config, out.globals);
        });
    });
    anything = readForeignReceivers(fields, defaults, receiver.name) || anything;
    fields.finish();
    receiver.desktop = receiver.name == "desktop" && !anything;
    out.receivers.push_back(std::move(receiver));
}

} // namespace

bool isSmarthost(std::string_view text)
{
    const std::size_t colon = text.rfind(':');
    return colon != std::string_view::npos && colon + 1 < text.size()
        && text.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
}

ReceiverDefaults readAlertmanagerGlobal(Reading& reading, const YamlNode& node,
                                        AlertmanagerConfig& out)
{
    Fields fields(reading, node, "config.plain");
    ReceiverGlobals& globals = out.globals;
    fields.duration("resolve_timeout", out.resolveTimeout);
    KeyReader reader(fields, globals);
    describe(reader, &globals);
    ReceiverDefaults defaults = readForeignGlobals(fields);
    fields.finish();
    // Before there were tokens, one was used by pointing the address at the method itself.
    if (!globals.slackAppToken.empty() && !globals.slackApiUrl.empty()
        && globals.slackApiUrl.text.reveal() != globals.slackAppUrl) {
        reading.fault(node,
                      "at most one of slack_app_token/slack_app_token_file & "
                      "slack_api_url/slack_api_url_file must be configured");
    }
    if (!globals.smtpSmarthost.empty() && !isSmarthost(globals.smtpSmarthost)) {
        reading.fault(node,
                      std::format("address {}: missing port in address", globals.smtpSmarthost));
    }
    return defaults;
}

void readReceivers(Fields& fields, const ReceiverDefaults& defaults, AlertmanagerConfig& out)
{
    fields.list("receivers", "empty receiver",
                [&](const YamlNode& node) { readReceiver(fields.reading(), node, defaults, out); });
}

} // namespace watchfire::config
