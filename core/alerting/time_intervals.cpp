// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/time_intervals.h"

#include <algorithm>

namespace watchfire::alerting {

std::vector<std::string> holdingAt(std::span<const std::string> names,
                                   std::span<const config::NamedIntervalsConfig> intervals,
                                   Timestamp now)
{
    std::vector<std::string> holding;
    for (const std::string& name : names) {
        const auto found = std::ranges::find(intervals, name, &config::NamedIntervalsConfig::name);
        if (found != intervals.end() && config::holdsAt(*found, now)) {
            holding.push_back(name);
        }
    }
    return holding;
}

} // namespace watchfire::alerting
