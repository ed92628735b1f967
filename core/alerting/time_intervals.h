// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/config/config.h"
#include "core/config/interval_times.h"

#include <span>
#include <string>
#include <vector>

namespace watchfire::alerting {

using config::holdsAt;

/// Those of `names` that hold at that moment. Names that nothing defines hold never.
std::vector<std::string> holdingAt(std::span<const std::string> names,
                                   std::span<const config::NamedIntervalsConfig> intervals,
                                   Timestamp now);

} // namespace watchfire::alerting
