// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/desktop.h"

#include <QString>

namespace watchfire::desktop {

/// What a popup says of a group. `markup`: the server reads a subset of HTML, so the body is
/// escaped.
struct PopupText {
    QString summary; ///< "DiskFull on db1: 2 firing"
    QString body; ///< up to four lines, then "and 12 more"
};
PopupText popupText(const Notification& notification, bool markup);

/// 2 for severity critical or page, 1 for warning or none, 0 for info and for resolved groups.
/// Source: Desktop Notifications Specification, "Urgency Levels".
unsigned char urgencyOf(const Notification& notification);

} // namespace watchfire::desktop
