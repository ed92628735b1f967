// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/receiver_reader.h"
#include "core/encoding/json.h"
#include "core/text/template.h"

#include <algorithm>

namespace watchfire::config {

using encoding::YamlNode;

namespace {

void settle(std::string& own, const std::string& global)
{
    if (own.empty()) {
        own = global;
    }
}

void settle(SecretSource& own, const SecretSource& global)
{
    if (own.empty()) {
        own = global;
    }
}

template <class Value> void settle(std::optional<Value>& own, const std::optional<Value>& global)
{
    if (!own) {
        own = global;
    }
}

void settleEmail(EmailConfig& email, const ReceiverGlobals& globals)
{
    settle(email.smarthost, globals.smtpSmarthost);
    settle(email.from, globals.smtpFrom);
    settle(email.hello, globals.smtpHello);
    settle(email.authUsername, globals.smtpAuthUsername);
    settle(email.authPassword, globals.smtpAuthPassword);
    settle(email.authSecret, globals.smtpAuthSecret);
    settle(email.authIdentity, globals.smtpAuthIdentity);
    settle(email.requireTls, std::optional(globals.smtpRequireTls));
    settle(email.forceImplicitTls, globals.smtpForceImplicitTls);
    settle(email.tls, globals.smtpTls);
}

/// A token goes with the address of the method; its own, or the global one where neither an
/// address nor another authorization is given here.
void settleSlack(SlackConfig& slack, const ReceiverGlobals& globals)
{
    const bool authorized = slack.http && !std::holds_alternative<std::monostate>(slack.http->auth);
    settle(slack.appUrl, globals.slackAppUrl);
    if (!authorized && slack.apiUrl.empty()) {
        settle(slack.appToken, globals.slackAppToken);
    }
    settle(slack.apiUrl, globals.slackApiUrl);
    if (!slack.appToken.empty()) {
        HttpClientOptions client
            = slack.http.value_or(globals.client.value_or(HttpClientOptions()));
        client.auth = BearerAuth{"Bearer", slack.appToken.text, slack.appToken.file};
        slack.http = std::move(client);
        slack.apiUrl = {Secret(slack.appUrl), {}};
    }
}

void appendTree(encoding::JsonWriter& json, Reading& reading, const YamlNode& node)
{
    if (node.isMapping()) {
        json.beginObject();
        for (const encoding::YamlEntry& entry : node.entries) {
            if (!entry.key->isScalar()) {
                reading.fault(*entry.key, "a name must be a text");
                continue;
            }
            json.key(entry.key->text);
            appendTree(json, reading, *entry.value.node);
        }
        json.endObject();
    } else if (node.isSequence()) {
        json.beginArray();
        for (const encoding::YamlPlace& item : node.items) {
            appendTree(json, reading, *item.node);
        }
        json.endArray();
    } else {
        appendScalar(json, node);
    }
}

/// Line and column of a byte, from 1.
std::pair<std::uint32_t, std::uint32_t> placeOf(std::string_view text, std::size_t byte)
{
    const std::string_view before = text.substr(0, std::min(byte, text.size()));
    const auto lines = std::ranges::count(before, '\n');
    const std::size_t lineStart = before.rfind('\n') + 1; // npos + 1 is 0
    return {static_cast<std::uint32_t>(lines + 1),
            static_cast<std::uint32_t>(before.size() - lineStart + 1)};
}

} // namespace

void appendScalar(encoding::JsonWriter& json, const YamlNode& node)
{
    const bool isPlain = node.style == encoding::YamlStyle::plain && node.tag.empty();
    if (!isPlain) {
        json.string(node.text);
    } else if (node.isNull()) {
        json.null();
    } else if (const auto flag = node.asBool()) {
        json.boolean(*flag);
    } else if (const auto integer = node.asInteger()) {
        json.integer(*integer);
    } else if (const auto number = node.asNumber()) {
        json.number(*number);
    } else {
        json.string(node.text);
    }
}

std::string treeJson(Reading& reading, const YamlNode& node)
{
    std::string out;
    encoding::JsonWriter json(out);
    appendTree(json, reading, node);
    return out;
}

void checkTemplates(std::string_view text, const std::string& file, Findings& findings)
{
    const auto parsed = text::Template::parse(text);
    if (parsed) {
        return;
    }
    const auto [line, column]
        = parsed.error().where ? placeOf(text, parsed.error().where->begin) : std::pair(0U, 0U);
    findings.faults.push_back({file, line, column, parsed.error().message});
}

ReceiverConfig settled(ReceiverConfig receiver, const ReceiverGlobals& globals)
{
    for (EmailConfig& email : receiver.emails) {
        settleEmail(email, globals);
    }
    for (SlackConfig& slack : receiver.slacks) {
        settleSlack(slack, globals);
    }
    for (TelegramConfig& telegram : receiver.telegrams) {
        settle(telegram.apiUrl, globals.telegramApiUrl);
        settle(telegram.token, globals.telegramBotToken);
    }
    for (PagerdutyConfig& pagerduty : receiver.pagerduties) {
        settle(pagerduty.url, globals.pagerdutyUrl);
    }
    for (OpsgenieConfig& opsgenie : receiver.opsgenies) {
        settle(opsgenie.url, globals.opsgenieApiUrl);
        settle(opsgenie.key, globals.opsgenieApiKey);
        if (!opsgenie.url.ends_with('/')) {
            opsgenie.url += '/';
        }
    }
    // A partial client of a flow has the proxy of all.
    for (TeamsFlowConfig& flow : receiver.teamsFlows) {
        if (flow.http && globals.client && flow.http->proxy.url.empty()) {
            flow.http->proxy.url = globals.client->proxy.url;
        }
    }
    eachReceiverKind([&](std::string_view, auto list, std::string_view) {
        for (auto& config : receiver.*list) {
            if constexpr (requires { config.http; }) {
                settle(config.http, std::optional(globals.client.value_or(HttpClientOptions())));
            }
        }
    });
    return receiver;
}

ReceiverConfig selfContained(ReceiverConfig receiver, const ReceiverGlobals& globals)
{
    receiver = settled(std::move(receiver), globals);
    for (SlackConfig& slack : receiver.slacks) {
        slack.appToken = {}; // it is the client's authorization now
    }
    return receiver;
}

std::size_t integrationsIn(const ReceiverConfig& receiver)
{
    std::size_t count = receiver.desktop ? 1 : 0;
    eachReceiverKind(
        [&](std::string_view, auto list, std::string_view) { count += (receiver.*list).size(); });
    return count;
}

} // namespace watchfire::config
