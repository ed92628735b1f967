// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/alertmanager_config.h"

#include "core/config/export.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace watchfire::api {

namespace {

using encoding::YamlKind;
using encoding::YamlValue;

/// Keys whose values are secrets wherever they stand.
/// Source: Alertmanager 0.33, fields of type Secret and SecretURL of its configuration.
constexpr std::array<std::string_view, 29> secretKeys{"api_key",
                                                      "api_secret",
                                                      "app_token",
                                                      "auth_password",
                                                      "auth_secret",
                                                      "bearer_token",
                                                      "bot_token",
                                                      "client_certificate_key",
                                                      "client_secret",
                                                      "credentials",
                                                      "key",
                                                      "opsgenie_api_key",
                                                      "password",
                                                      "rocketchat_token",
                                                      "rocketchat_token_id",
                                                      "routing_key",
                                                      "secret",
                                                      "secret_key",
                                                      "service_key",
                                                      "slack_api_url",
                                                      "slack_app_token",
                                                      "smtp_auth_password",
                                                      "smtp_auth_secret",
                                                      "telegram_bot_token",
                                                      "token",
                                                      "token_id",
                                                      "user_key",
                                                      "victorops_api_key",
                                                      "webhook_url"};

/// Addresses that are secrets in receivers of one kind only.
bool isSecretAddress(std::string_view kind, std::string_view key)
{
    return (kind == "webhook_configs" && key == "url")
        || (kind == "slack_configs" && key == "api_url");
}

/// `kind` is the list of receivers that this lies in, as "webhook_configs".
void hideSecrets(YamlValue& value, std::string_view kind)
{
    for (YamlValue& item : value.items) {
        hideSecrets(item, kind);
    }
    for (encoding::YamlMember& member : value.entries) {
        const bool secret
            = std::ranges::contains(secretKeys, member.key) || isSecretAddress(kind, member.key);
        if (secret && member.value.kind == YamlKind::scalar && !member.value.text.empty()) {
            member.value = YamlValue::string("<secret>");
        } else {
            const bool isKind = member.key.ends_with("_configs");
            hideSecrets(member.value, isKind ? std::string_view(member.key) : kind);
        }
    }
}

} // namespace

std::string shownAlertmanagerYaml(const config::AlertmanagerConfig& config)
{
    YamlValue value = config::alertmanagerValue(config);
    for (encoding::YamlMember& section : value.entries) {
        if (section.key == "receivers" || section.key == "global") {
            hideSecrets(section.value, {});
        }
    }
    return encoding::emitYaml(value);
}

} // namespace watchfire::api
