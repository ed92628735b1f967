// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/config/config.h"

#include <span>
#include <string>
#include <vector>

namespace watchfire::alerting {

/// Whether the interval holds at that moment, as clocks and calendars show it in its zone. The
/// hour that a change of clocks skips holds for no interval; the one it repeats holds twice.
///
/// Zones are those of the system's database (tzdata). Where it is missing, a configuration that
/// names a zone is refused when it is read; a zone that is gone since then holds never, so that
/// nothing is muted by it.
///
/// Source: Alertmanager documentation, "time_interval".
bool holdsAt(const config::TimeIntervalConfig& interval, Timestamp now);

/// Those of `names` that hold at that moment. Names that nothing defines hold never.
std::vector<std::string> holdingAt(std::span<const std::string> names,
                                   std::span<const config::NamedIntervalsConfig> intervals,
                                   Timestamp now);

} // namespace watchfire::alerting
