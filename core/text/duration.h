// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <chrono>
#include <string>
#include <string_view>

namespace watchfire::text {

/// Reads a duration such as "1h30m": units y w d h m s ms, largest first, each at most once;
/// a day is 24 h, a year 365 d; "0" alone needs no unit.
///
/// Fails with ErrorKind::invalid, and the span at fault, when the text is empty, repeats or
/// misorders a unit, or exceeds 292 years.
///
/// Source: Prometheus documentation, "Querying basics", time durations.
Result<std::chrono::milliseconds> parseDuration(std::string_view text);

/// The shortest text that parseDuration reads back: "1h30m", "15s", "0s". Weeks and years are
/// used only when they divide the duration, as the field prints them ("1w", "1d", "90m" is
/// "1h30m").
std::string formatDuration(std::chrono::milliseconds duration);

} // namespace watchfire::text
