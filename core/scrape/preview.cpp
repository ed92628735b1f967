// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/preview.h"

#include "core/scrape/target.h"

#include <utility>

namespace watchfire::scrape {

JobPreview previewTargets(const config::ScrapeConfig& job,
                          std::span<const config::TargetGroup> groups,
                          std::vector<std::string> warnings)
{
    JobPreview out;
    out.warnings = std::move(warnings);
    for (const config::TargetGroup& group : groups) {
        out.total += group.targets.size();
        for (const std::string& address : group.targets) {
            if (out.outcomes.size() == JobPreview::mostOutcomes) {
                break;
            }
            out.outcomes.push_back(followTarget(job, discoveredLabels(job, address, group.labels)));
        }
    }
    return out;
}

} // namespace watchfire::scrape
