// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/ports/popups.h"

class QTimeZone;

namespace watchfire::desktop {

/// Whether `at` is within them by the clock on the wall of that zone: `from` is, `to` is not.
bool isWithin(const QuietHours& hours, Timestamp at, const QTimeZone& zone);

} // namespace watchfire::desktop
