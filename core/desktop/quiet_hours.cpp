// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/quiet_hours.h"

#include <QDateTime>
#include <QTimeZone>

namespace watchfire::desktop {

bool isWithin(const QuietHours& hours, Timestamp at, const QTimeZone& zone)
{
    if (!hours.isOn) {
        return false;
    }
    const QTime wall = QDateTime::fromMSecsSinceEpoch(unixMs(at), zone).time();
    const auto minute = std::chrono::minutes(wall.hour() * 60 + wall.minute());
    if (hours.from <= hours.to) {
        return hours.from <= minute && minute < hours.to;
    }
    return hours.from <= minute || minute < hours.to;
}

} // namespace watchfire::desktop
