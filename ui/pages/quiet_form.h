// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/form_text.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include <QString>
#include <QStringList>

/// Quiet hours as fields: a time interval of alertmanager.yml. Which routes it mutes is
/// quiet_routes.h's.
namespace watchfire::ui {

struct QuietForm {
    QString name;
    std::array<bool, 7> days{true, true, true, true, true, true, true}; ///< 0: Sunday
    QString from = QStringLiteral("22:00");
    QString to = QStringLiteral("07:00"); ///< before `from`: of the next day
    QString zone = QStringLiteral("UTC"); ///< IANA, or Local
    friend bool operator==(const QuietForm&, const QuietForm&) = default;
};

/// Nothing: it says more than the fields can.
std::optional<QuietForm> quietFormOf(const config::NamedIntervalsConfig& named);
/// Over midnight the hours belong to the day they begin on.
config::NamedIntervalsConfig toIntervals(const QuietForm& form);

/// By the names of the fields: name, days, from, to, zone. `taken`: names of the others.
FieldFaults checkQuiet(const QuietForm& form, const QStringList& taken);
/// Minutes of the day of "22:00", up to 24:00. Nothing: not one.
std::optional<int> readClock(const QString& text);

/// "Every day 22:00–07:00, Europe/Berlin"; of what no fields can say, what there is in short.
QString whenText(const config::NamedIntervalsConfig& named);
/// The same of fields that are good.
QString whenText(const QuietForm& form);

} // namespace watchfire::ui
