// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <optional>

#include <QString>

namespace watchfire::ui {

/// A moment as a person writes it: "now", "now-6h", "today", "yesterday" (their midnight),
/// "14:30" (today), "2026-11-22", "2026-11-22 14:30", with seconds or as ISO 8601 with a zone.
/// Local time where no zone is given. Nothing: not understood.
std::optional<Timestamp> parseMoment(const QString& text, Timestamp now);

} // namespace watchfire::ui
