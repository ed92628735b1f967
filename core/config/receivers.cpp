// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/alertmanager_parts.h"
#include "core/config/client.h"

#include <algorithm>
#include <format>

namespace watchfire::config {

using encoding::YamlNode;

namespace {

using Names = std::vector<std::string_view>;

/// The texts of one receiver section, by key.
class Section {
public:
    Section(Fields& fields, const ReceiverDefaults& defaults)
        : m_fields(fields)
        , m_defaults(defaults)
    {
    }

    std::string text(std::string_view key)
    {
        std::string out;
        m_fields.text(key, out);
        return out;
    }
    bool has(std::string_view key) { return !text(key).empty(); }
    /// Here, or in a file named here.
    bool hasWithFile(std::string_view key)
    {
        const bool inlined = has(key);
        const bool inFile = has(keep(std::string(key) + "_file"));
        if (inlined && inFile) {
            fault(std::format("at most one of {0} & {0}_file must be configured", key));
        }
        return inlined || inFile;
    }
    bool inGlobal(std::string_view key) const
    {
        return m_defaults.has(key) || m_defaults.has(std::string(key) + "_file");
    }
    void require(bool condition, std::string message)
    {
        if (!condition) {
            fault(std::move(message));
        }
    }
    void fault(std::string message)
    {
        m_fields.reading().fault(m_fields.node(), std::move(message));
    }
    Fields& fields() { return m_fields; }

private:
    /// `Fields` keeps views of the keys it was asked for.
    std::string_view keep(std::string key) { return *m_keys.insert(std::move(key)).first; }

    Fields& m_fields;
    const ReceiverDefaults& m_defaults;
    std::set<std::string> m_keys;
};

bool isSmarthost(std::string_view text)
{
    const std::size_t colon = text.rfind(':');
    return colon != std::string_view::npos && colon + 1 < text.size()
        && text.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
}

void checkEmail(Section& section)
{
    const std::string smarthost = section.text("smarthost");
    section.require(smarthost.empty() || isSmarthost(smarthost),
                    std::format("address {}: missing port in address", smarthost));
    section.require(!smarthost.empty() || section.inGlobal("smtp_smarthost"),
                    "no global SMTP smarthost set");
    section.require(section.has("from") || section.inGlobal("smtp_from"),
                    "no global SMTP from set");
    section.require(section.has("to"), "missing to address in email config");
    section.hasWithFile("auth_password");
    section.hasWithFile("auth_secret");
}

void checkPagerduty(Section& section)
{
    const bool routing = section.hasWithFile("routing_key");
    const bool service = section.hasWithFile("service_key");
    section.require(routing || service, "missing service or routing key in PagerDuty config");
}

void checkSlack(Section& section)
{
    const bool url = section.hasWithFile("api_url");
    const bool token = section.hasWithFile("app_token");
    section.require(url || token || section.inGlobal("slack_api_url")
                        || section.inGlobal("slack_app_token"),
                    "no Slack API URL nor App token set either inline or in a file");
}

void checkOpsgenie(Section& section)
{
    section.require(section.hasWithFile("api_key") || section.inGlobal("opsgenie_api_key"),
                    "no global OpsGenie API Key set either inline or in a file");
}

void checkWechat(Section& section)
{
    section.require(section.hasWithFile("api_secret") || section.inGlobal("wechat_api_secret"),
                    "no global Wechat Api Secret set either inline or in a file");
    section.require(section.has("corp_id") || section.inGlobal("wechat_api_corp_id"),
                    "no global Wechat CorpID set");
}

void checkPushover(Section& section)
{
    section.require(section.hasWithFile("user_key"),
                    "one of user_key or user_key_file must be configured");
    section.require(section.hasWithFile("token"), "one of token or token_file must be configured");
}

void checkVictorops(Section& section)
{
    section.require(section.has("routing_key"), "missing Routing key in VictorOps config");
    section.require(section.hasWithFile("api_key") || section.inGlobal("victorops_api_key"),
                    "no global VictorOps API Key set");
}

void checkSns(Section& section)
{
    const int given = static_cast<int>(section.has("topic_arn"))
        + static_cast<int>(section.has("target_arn"))
        + static_cast<int>(section.has("phone_number"));
    section.require(given == 1,
                    "must provide either a Target ARN, Topic ARN, or Phone Number for "
                    "SNS config");
}

void checkTelegram(Section& section)
{
    section.require(section.hasWithFile("bot_token") || section.inGlobal("telegram_bot_token"),
                    "missing bot_token or bot_token_file on telegram_config");
    section.require(section.hasWithFile("chat_id"), "missing chat_id on telegram_config");
}

void checkWebhookUrl(Section& section)
{
    section.require(section.hasWithFile("webhook_url"),
                    "one of webhook_url or webhook_url_file must be configured");
}

void checkRocketchat(Section& section)
{
    section.require(section.hasWithFile("token") || section.inGlobal("rocketchat_token"),
                    "no global Rocketchat Token set either inline or in a file");
    section.require(section.hasWithFile("token_id") || section.inGlobal("rocketchat_token_id"),
                    "no global Rocketchat TokenID set either inline or in a file");
}

void checkMattermost(Section& section)
{
    section.require(section.hasWithFile("webhook_url")
                        || section.inGlobal("mattermost_webhook_url"),
                    "missing webhook_url or webhook_url_file on mattermost_config");
}

void checkWebex(Section& section)
{
    section.require(section.has("room_id"), "missing room_id on webex_config");
}

void checkJira(Section& section)
{
    section.require(section.has("project"), "missing project in jira_config");
    section.require(section.has("issue_type"), "missing issue_type in jira_config");
    section.require(section.has("api_url") || section.inGlobal("jira_api_url"),
                    "no global Jira Cloud URL set");
}

void checkIncidentIo(Section& section)
{
    section.require(section.hasWithFile("url"), "one of url or url_file must be configured");
    section.hasWithFile("alert_source_token");
}

/// A kind of receiver that is recognised but not served yet.
struct Kind {
    std::string_view key;
    void (*check)(Section&);
    Names keys; ///< beyond those the check reads
};

const std::vector<Kind>& kinds()
{
    static const std::vector<Kind> all{
        {"email_configs",
         checkEmail,
         {"hello", "auth_username", "auth_identity", "headers", "html", "text", "require_tls",
          "force_implicit_tls", "tls_config", "threading"}},
        {"pagerduty_configs",
         checkPagerduty,
         {"url", "client", "client_url", "description", "details", "images", "links", "source",
          "severity", "class", "component", "group", "timeout"}},
        {"slack_configs",
         checkSlack,
         {"app_url",    "channel",     "username",     "color",    "title",         "title_link",
          "pretext",    "text",        "message_text", "fields",   "short_fields",  "footer",
          "fallback",   "callback_id", "icon_emoji",   "icon_url", "image_url",     "thumb_url",
          "link_names", "mrkdwn_in",   "actions",      "timeout",  "update_message"}},
        {"opsgenie_configs",
         checkOpsgenie,
         {"api_url", "message", "description", "source", "details", "entity", "responders",
          "actions", "tags", "note", "priority", "update_alerts"}},
        {"wechat_configs",
         checkWechat,
         {"message", "api_url", "to_user", "to_party", "to_tag", "agent_id", "message_type"}},
        {"pushover_configs",
         checkPushover,
         {"title", "message", "url", "url_title", "device", "sound", "priority", "retry", "expire",
          "ttl", "html", "monospace"}},
        {"victorops_configs",
         checkVictorops,
         {"api_url", "message_type", "state_message", "entity_display_name", "monitoring_tool",
          "custom_fields"}},
        {"sns_configs", checkSns, {"api_url", "sigv4", "subject", "message", "attributes"}},
        {"telegram_configs",
         checkTelegram,
         {"api_url", "message_thread_id", "message", "disable_notifications", "parse_mode"}},
        {"webex_configs", checkWebex, {"api_url", "message"}},
        {"msteams_configs", checkWebhookUrl, {"title", "summary", "text"}},
        {"msteamsv2_configs", checkWebhookUrl, {"title", "text"}},
        {"discord_configs",
         checkWebhookUrl,
         {"title", "message", "content", "username", "avatar_url"}},
        {"jira_configs",
         checkJira,
         {"api_type", "summary", "description", "labels", "priority", "reopen_transition",
          "resolve_transition", "wont_fix_resolution", "reopen_duration", "fields",
          "custom_fields"}},
        {"rocketchat_configs",
         checkRocketchat,
         {"api_url", "channel", "color", "title", "title_link", "text", "fields", "short_fields",
          "emoji", "icon_url", "image_url", "thumb_url", "link_names", "actions"}},
        {"mattermost_configs",
         checkMattermost,
         {"channel",     "username",    "text",        "icon_url", "icon_emoji", "attachments",
          "type",        "props",       "priority",    "fallback", "color",      "pretext",
          "author_name", "author_link", "author_icon", "title",    "title_link", "fields",
          "thumb_url",   "footer",      "footer_icon", "image_url"}},
        {"incidentio_configs", checkIncidentIo, {"max_alerts", "timeout", "metadata"}},
    };
    return all;
}

void readHttpConfig(Fields& fields, bool inUse)
{
    if (const YamlNode* const node = fields.take("http_config")) {
        Fields own(fields.reading(), *node, "config.plain");
        readClient(own);
        own.finish();
        if (inUse) {
            fields.reading().warn(*node,
                                  "http_config of receivers is not done yet: notifications are "
                                  "sent without its credentials, certificates and proxy");
        }
    }
}

void readWebhook(Reading& reading, const YamlNode& node, ReceiverConfig& out)
{
    Fields fields(reading, node, "config.plain");
    WebhookConfig webhook;
    std::string file;
    const YamlNode* const url = fields.text("url", webhook.url);
    const YamlNode* const urlFile = fields.text("url_file", file);
    fields.boolean("send_resolved", webhook.sendResolved);
    fields.count("max_alerts", webhook.maxAlerts);
    fields.duration("timeout", webhook.timeout);
    readHttpConfig(fields, true);
    if (const YamlNode* const at = fields.take("payload")) {
        reading.warn(*at, "payload is not done yet: the usual document is sent");
    }
    fields.finish();
    if (webhook.url.empty() && file.empty()) {
        reading.fault(node, "one of url or url_file must be configured");
    } else if (!webhook.url.empty() && !file.empty()) {
        reading.fault(node, "at most one of url & url_file must be configured");
    } else if (!webhook.url.empty() && !isHttpUrl(webhook.url)) {
        reading.fault(*url, "invalid URL: unsupported scheme or missing host");
    } else if (!file.empty()) {
        reading.warn(*urlFile,
                     "url_file is not done yet: nothing is sent there; write the address as url");
    } else {
        out.webhooks.push_back(std::move(webhook));
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
    } else if (std::ranges::find(out.receivers, receiver.name, &ReceiverConfig::name)
               != out.receivers.end()) {
        reading.fault(*name,
                      std::format("notification config name \"{}\" is not unique", receiver.name));
    }
    bool anything = false;
    fields.list("webhook_configs", "empty webhook config", [&](const YamlNode& entry) {
        anything = true;
        readWebhook(reading, entry, receiver);
    });
    for (const Kind& kind : kinds()) {
        const YamlNode* const list = fields.take(kind.key);
        if (list == nullptr) {
            continue;
        }
        anything = true;
        reading.warn(*list,
                     std::format("{} is not done yet: receiver \"{}\" sends nothing that way; use "
                                 "webhook_configs, or the receiver desktop",
                                 kind.key, receiver.name));
        fields.list(kind.key, "empty receiver config", [&](const YamlNode& entry) {
            Fields own(reading, entry, "config.plain");
            bool resolved = false;
            own.boolean("send_resolved", resolved);
            readHttpConfig(own, false);
            Section section(own, defaults);
            kind.check(section);
            for (const std::string_view key : kind.keys) {
                own.skip({key});
            }
            own.finish();
        });
    }
    fields.finish();
    receiver.desktop = receiver.name == "desktop" && !anything;
    out.receivers.push_back(std::move(receiver));
}

} // namespace

ReceiverDefaults readAlertmanagerGlobal(Reading& reading, const YamlNode& node,
                                        AlertmanagerConfig& out)
{
    static constexpr std::string_view texts[] = {
        "smtp_from",
        "smtp_hello",
        "smtp_smarthost",
        "smtp_auth_username",
        "smtp_auth_password",
        "smtp_auth_password_file",
        "smtp_auth_secret",
        "smtp_auth_secret_file",
        "smtp_auth_identity",
        "slack_api_url",
        "slack_api_url_file",
        "slack_app_token",
        "slack_app_token_file",
        "slack_app_url",
        "pagerduty_url",
        "opsgenie_api_url",
        "opsgenie_api_key",
        "opsgenie_api_key_file",
        "wechat_api_url",
        "wechat_api_secret",
        "wechat_api_secret_file",
        "wechat_api_corp_id",
        "victorops_api_url",
        "victorops_api_key",
        "victorops_api_key_file",
        "telegram_api_url",
        "telegram_bot_token",
        "telegram_bot_token_file",
        "webex_api_url",
        "jira_api_url",
        "rocketchat_api_url",
        "rocketchat_token",
        "rocketchat_token_file",
        "rocketchat_token_id",
        "rocketchat_token_id_file",
        "mattermost_webhook_url",
        "mattermost_webhook_url_file",
    };
    Fields fields(reading, node, "config.plain");
    ReceiverDefaults defaults;
    fields.duration("resolve_timeout", out.resolveTimeout);
    for (const std::string_view key : texts) {
        std::string value;
        if (fields.text(key, value) != nullptr) {
            defaults.values.emplace(key, std::move(value));
        }
    }
    bool flag = false;
    fields.boolean("smtp_require_tls", flag);
    fields.boolean("smtp_force_implicit_tls", flag);
    fields.skip({"smtp_tls_config"});
    readHttpConfig(fields, true);
    fields.finish();
    for (const std::string_view key : texts) {
        if (!key.ends_with("_file") && defaults.has(key)
            && defaults.has(std::string(key) + "_file")) {
            reading.fault(node,
                          std::format("at most one of {0} & {0}_file must be configured", key));
        }
    }
    const auto given = [&](std::string_view key) {
        return defaults.has(key) || defaults.has(std::string(key) + "_file");
    };
    // Before there were tokens, one was used by pointing the address at the method itself.
    constexpr std::string_view method = "https://slack.com/api/chat.postMessage";
    const auto url = defaults.values.find("slack_api_url");
    if (given("slack_app_token") && given("slack_api_url")
        && (url == defaults.values.end() || url->second != method)) {
        reading.fault(node,
                      "at most one of slack_app_token/slack_app_token_file & "
                      "slack_api_url/slack_api_url_file must be configured");
    }
    const auto smarthost = defaults.values.find("smtp_smarthost");
    if (smarthost != defaults.values.end() && !smarthost->second.empty()
        && !isSmarthost(smarthost->second)) {
        reading.fault(node, std::format("address {}: missing port in address", smarthost->second));
    }
    return defaults;
}

void readReceivers(Fields& fields, const ReceiverDefaults& defaults, AlertmanagerConfig& out)
{
    fields.list("receivers", "empty receiver",
                [&](const YamlNode& node) { readReceiver(fields.reading(), node, defaults, out); });
}

} // namespace watchfire::config
