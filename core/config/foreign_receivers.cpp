// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/alertmanager_parts.h"
#include "core/config/client.h"

#include <format>

/// Kinds of receivers that Alertmanager has and Watchfire does not tell: their sections are looked
/// at as strictly, kept, and warned about.
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

void checkWechat(Section& section)
{
    section.require(section.hasWithFile("api_secret") || section.inGlobal("wechat_api_secret"),
                    "no global Wechat Api Secret set either inline or in a file");
    section.require(section.has("corp_id") || section.inGlobal("wechat_api_corp_id"),
                    "no global Wechat CorpID set");
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

/// A kind of receiver that is recognised and not told.
struct Kind {
    std::string_view key;
    void (*check)(Section&);
    Names keys; ///< beyond those the check reads
};

const std::vector<Kind>& kinds()
{
    static const std::vector<Kind> all{
        {"wechat_configs",
         checkWechat,
         {"message", "api_url", "to_user", "to_party", "to_tag", "agent_id", "message_type"}},
        {"victorops_configs",
         checkVictorops,
         {"api_url", "message_type", "state_message", "entity_display_name", "monitoring_tool",
          "custom_fields"}},
        {"sns_configs", checkSns, {"api_url", "sigv4", "subject", "message", "attributes"}},
        {"webex_configs", checkWebex, {"api_url", "message"}},
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

} // namespace

bool readForeignReceivers(Fields& fields, const ReceiverDefaults& defaults,
                          std::string_view receiver)
{
    Reading& reading = fields.reading();
    bool anything = false;
    for (const Kind& kind : kinds()) {
        const YamlNode* const list = fields.take(kind.key);
        if (list == nullptr) {
            continue;
        }
        anything = true;
        reading.warn(*list,
                     std::format("{} is not done yet: receiver \"{}\" sends nothing that way; use "
                                 "webhook_configs, or the receiver desktop",
                                 kind.key, receiver));
        fields.list(kind.key, "empty receiver config", [&](const YamlNode& entry) {
            Fields own(reading, entry, "config.plain");
            bool resolved = false;
            own.boolean("send_resolved", resolved);
            if (const YamlNode* const node = own.take("http_config")) {
                Fields http(reading, *node, "config.plain");
                readClient(http);
                http.finish();
            }
            Section section(own, defaults);
            kind.check(section);
            for (const std::string_view key : kind.keys) {
                own.skip({key});
            }
            own.finish();
        });
    }
    return anything;
}

ReceiverDefaults readForeignGlobals(Fields& fields)
{
    static constexpr std::string_view texts[] = {
        "wechat_api_url",         "wechat_api_secret",
        "wechat_api_secret_file", "wechat_api_corp_id",
        "victorops_api_url",      "victorops_api_key",
        "victorops_api_key_file", "webex_api_url",
        "jira_api_url",           "rocketchat_api_url",
        "rocketchat_token",       "rocketchat_token_file",
        "rocketchat_token_id",    "rocketchat_token_id_file",
        "mattermost_webhook_url", "mattermost_webhook_url_file",
    };
    ReceiverDefaults defaults;
    for (const std::string_view key : texts) {
        std::string value;
        if (fields.text(key, value) != nullptr) {
            defaults.values.emplace(key, std::move(value));
        }
    }
    for (const std::string_view key : texts) {
        if (!key.ends_with("_file") && defaults.has(key)
            && defaults.has(std::string(key) + "_file")) {
            fields.reading().fault(
                fields.node(),
                std::format("at most one of {0} & {0}_file must be configured", key));
        }
    }
    return defaults;
}

} // namespace watchfire::config
