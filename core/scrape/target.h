// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/config/config.h"
#include "core/model/labels.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::scrape {

/// The scheme of our own collectors' addresses: "collector:host".
inline constexpr std::string_view collectorPrefix = "collector:";

/// One thing to scrape, as discovery and relabelling made it.
struct Target {
    Labels labels; ///< that every series of it gets; nothing with __ left
    Labels discovered; ///< before relabelling
    std::string url; ///< parameters included; for a collector its address
    std::chrono::milliseconds interval{};
    std::chrono::milliseconds timeout{};

    bool isCollector() const { return url.starts_with(collectorPrefix); }
    /// The same for the same labels and URL, in every process.
    std::uint64_t hash() const;
    friend bool operator==(const Target&, const Target&) = default;
};

/// The number that a job's target is known by: the same in every process.
std::uint64_t targetId(std::string_view job, const Target& target);

/// The labels a target starts with: its own, its group's and those the job sets where they
/// are missing (job, __address__, __scheme__, __metrics_path__, __param_*, …).
Labels discoveredLabels(const config::ScrapeConfig& job, std::string_view address,
                        const Labels& group);

/// Relabels and checks. Nothing: a rule dropped it. Fails with ErrorKind::invalid when what
/// comes out cannot be scraped (no address, a path in it, a timeout longer than the interval).
/// The job's rules must be prepared.
///
/// Source: conformance data, relabel/targets.json.
Result<std::optional<Target>> makeTarget(const config::ScrapeConfig& job, Labels discovered);

/// What became of a job's target groups. A target that appears twice is there once.
struct Targets {
    std::vector<Target> active;
    std::vector<Labels> dropped; ///< discovered labels
    std::vector<Error> faults;
};
Targets makeTargets(const config::ScrapeConfig& job, std::span<const config::TargetGroup> groups);

/// Copies of jobs with every relabelling rule ready for use. Fails with the first rule that
/// is wrong.
Result<void> prepareRules(config::ScrapeConfig& job);

} // namespace watchfire::scrape
