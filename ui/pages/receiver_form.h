// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/client_form.h"
#include "ui/pages/form_text.h"
#include "ui/pages/source_form.h"

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include <QString>
#include <QStringList>

/// A receiver as fields: its name and its ways of telling. Apart from the dialog, so that each
/// rule has its test. What no field speaks of is as in the receiver that is edited.
namespace watchfire::ui {

/// In the order of the menu. `ntfy` is a webhook whose payload has a topic.
enum class WayKind : std::uint8_t {
    desktop,
    email,
    slack,
    discord,
    telegram,
    teamsFlow,
    teams,
    pagerduty,
    opsgenie,
    pushover,
    ntfy,
    webhook
};
inline constexpr int wayKinds = 12;

/// One way of telling as the configuration has it; none: popups on this desktop.
using WaySection
    = std::variant<std::monostate, config::EmailConfig, config::SlackConfig, config::DiscordConfig,
                   config::TelegramConfig, config::TeamsFlowConfig, config::TeamsConfig,
                   config::PagerdutyConfig, config::OpsgenieConfig, config::PushoverConfig,
                   config::WebhookConfig>;

/// One field of a way. A secret is a SecretForm, all others are texts.
struct WayField {
    QString name; ///< of its value, and the end of its control's object name
    FieldType type = FieldType::raw;
    QString label;
    QString otherwise; ///< what an empty field stands for
    QString example;
    QStringList choices; ///< values; the first, empty, is shown as `otherwise`
    bool isRequired = false; ///< where `global` of alertmanager.yml has nothing for it either
};

struct WayForm {
    WayKind kind = WayKind::webhook;
    std::map<QString, QString> values; ///< by the names of the fields
    std::map<QString, SecretForm> secrets;
    WaySection base; ///< what it was made of; of a new one, the defaults

    friend bool operator==(const WayForm&, const WayForm&) = default;
};

struct ReceiverForm {
    QString name;
    std::vector<WayForm> ways;

    static ReceiverForm of(const config::ReceiverConfig& receiver);
    friend bool operator==(const ReceiverForm&, const ReceiverForm&) = default;
};

/// "E-mail", "Slack", …
QString wayText(WayKind kind);
/// The required fields first. `globals`: what an empty field may stand for.
std::vector<WayField> wayFields(WayKind kind, const config::ReceiverGlobals& globals);
WayForm newWay(WayKind kind);
/// The secret that is there for that field of the form; a file of it is not told.
Secret keptSecret(const WayForm& way, const QString& field);

WaySection toSection(const WayForm& way);
config::ReceiverConfig toReceiver(const ReceiverForm& form);

/// By the names of the fields.
FieldFaults checkWay(const WayForm& way, const config::ReceiverGlobals& globals);
/// Why the receiver cannot have this name; empty: it can. `taken`: names of the others.
QString nameFault(const ReceiverForm& form, const QStringList& taken);

/// Where it sends, in few words and without anything secret: of an address its host alone.
QString destinationText(const WaySection& section, const config::ReceiverGlobals& globals);

/// The ways of a receiver in the order of its form.
std::vector<WaySection> sectionsOf(const config::ReceiverConfig& receiver);
WayKind kindOf(const WaySection& section);

} // namespace watchfire::ui
