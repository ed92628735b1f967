// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "core/encoding/yaml.h"

#include <span>
#include <string>

/// How a value is written: as a file wants it, without what is the default anyway, or as it takes
/// effect, with defaults filled in and secrets hidden.
namespace watchfire::config {
enum class Style { file, effective };
}

/// Configuration values as YAML. The `…Value` functions say what a file holds in the fewest
/// words: what equals the default, or what a job has from `global`, is left out; secrets are
/// written in the clear, since the file is where they live.
namespace watchfire::config {

/// prometheus.yml. Jobs that came from scrape_config_files are not in it.
encoding::YamlValue prometheusValue(const Config& config);
/// One entry of scrape_configs.
encoding::YamlValue scrapeValue(const ScrapeConfig& job, const GlobalConfig& global);
/// A rule file of these groups.
encoding::YamlValue rulesValue(std::span<const RuleGroupConfig> groups);
encoding::YamlValue alertmanagerValue(const AlertmanagerConfig& alertmanager,
                                      Style style = Style::file);
/// watchfire.yml: `own`, and what jobs have that Prometheus knows no key for.
encoding::YamlValue ownValue(const Config& config);

/// prometheus.yml as it takes effect: defaults filled in, secrets hidden. What
/// GET /api/v1/status/config shows.
std::string effectiveYaml(const Config& config);

/// alertmanager.yml with its secrets hidden. What GET /api/v2/status shows.
std::string effectiveYaml(const AlertmanagerConfig& alertmanager);

/// "10MB", "1KiB", "0": bytes in the words of body_size_limit.
std::string formatBytes(std::uint64_t bytes);

} // namespace watchfire::config
