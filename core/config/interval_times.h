// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/config/config.h"

#include <optional>

/// When time intervals hold. Zones are those of the system's database (tzdata). Where it is
/// missing, a configuration that names a zone is refused when it is read; a zone that is gone since
/// then holds never, so that nothing is muted by it.
namespace watchfire::config {

/// Whether the interval holds at that moment, as clocks and calendars show it in its zone. The
/// hour that a change of clocks skips holds for no interval; the one it repeats holds twice.
///
/// Source: Alertmanager documentation, "time_interval".
bool holdsAt(const TimeIntervalConfig& interval, Timestamp now);

/// One of them does.
bool holdsAt(const NamedIntervalsConfig& named, Timestamp now);

/// The first moment after `now` at which they begin to hold, or cease to. Nothing: neither comes
/// within a year.
std::optional<Timestamp> nextChange(const NamedIntervalsConfig& named, Timestamp now);

} // namespace watchfire::config
