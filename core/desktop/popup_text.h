// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/desktop.h"

#include <cstddef>
#include <span>

#include <QString>

namespace watchfire::desktop {

/// What a popup says. Plain text: who shows it escapes it where its place reads markup.
struct PopupText {
    QString summary; ///< "DiskFull on db1: 2 firing"
    QString body; ///< up to four lines, then "and 12 more"
    friend bool operator==(const PopupText&, const PopupText&) = default;
};

/// Of one group.
PopupText popupText(const Notification& notification);

/// Of several groups that fire, in this order. `wereHeldBack`: it tells at once of what popups were
/// held back from.
PopupText summaryText(std::span<const Notification* const> groups, bool wereHeldBack);
/// Once all of those are over. `groups`: how many they were.
PopupText summaryResolvedText(std::size_t groups);

/// 2 for severity critical, page or emergency, 1 for warning or without one (desktops may not show
/// what is of low urgency), 0 for any other and for resolved groups; the most of its alerts that
/// fire. Source: Desktop Notifications Specification, "Urgency Levels".
unsigned char urgencyOf(const Notification& notification);

/// What a sound theme is asked for. Source: freedesktop.org Sound Naming Specification, "Alerts".
QString soundOf(unsigned char urgency);

} // namespace watchfire::desktop
