// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/summary.h"

#include <format>

namespace watchfire::app {

std::string summaryText(const engine::TargetsSnapshot& targets,
                        const engine::StatusSnapshot& status, const std::string& windowTitle,
                        const std::string& picture)
{
    std::string out = std::format("targets up: {} of {}\n", targets.up, targets.targets.size());
    for (const engine::TargetStatus& target : targets.targets) {
        if (target.health == engine::Health::down) {
            out += std::format("  down: {} ({})\n", target.url, target.lastError);
        }
    }
    out += std::format("series: {}\nsamples/s: {:.0f}\n", status.series, status.samplesPerSecond);
    if (!windowTitle.empty()) {
        out += std::format("window: {}\n", windowTitle);
    }
    if (!picture.empty()) {
        out += std::format("screenshot: {}\n", picture);
    }
    return out;
}

} // namespace watchfire::app
