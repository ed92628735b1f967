// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "core/scrape/relabel_report.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace watchfire::scrape {

/// What a job would do with what its discoveries yield now.
struct JobPreview {
    static constexpr std::size_t mostOutcomes = 1'000;

    std::vector<RelabelOutcome> outcomes; ///< the first thousand
    std::uint64_t total = 0;
    std::vector<std::string> warnings; ///< of discoveries
};

/// What relabelling makes of these groups. The job's rules must be prepared. Takes a while.
JobPreview previewTargets(const config::ScrapeConfig& job,
                          std::span<const config::TargetGroup> groups,
                          std::vector<std::string> warnings);

} // namespace watchfire::scrape
