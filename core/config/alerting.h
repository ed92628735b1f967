// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"

#include <filesystem>
#include <string>
#include <vector>

namespace watchfire::config {

/// Other Alertmanagers that alerts are sent to: one entry of alerting.alertmanagers.
struct AlertmanagersConfig {
    HttpClientOptions client;
    std::string scheme = "http";
    std::string pathPrefix;
    Duration timeout = std::chrono::seconds(10);
    std::vector<RelabelRule> relabel; ///< of their addresses; prepared
    std::vector<RelabelRule> alertRelabel; ///< of alerts for them; prepared
    std::vector<TargetGroup> staticConfigs;
    std::vector<DiscoveryConfig> discoveries;
    friend bool operator==(const AlertmanagersConfig&, const AlertmanagersConfig&) = default;
};

/// The section `alerting` of prometheus.yml.
struct AlertingConfig {
    std::vector<RelabelRule> alertRelabel; ///< of all alerts that are sent; prepared
    std::vector<AlertmanagersConfig> alertmanagers;
    friend bool operator==(const AlertingConfig&, const AlertingConfig&) = default;
};

/// What the section says, which the configuration keeps as text (ForeignSection). Relative paths
/// are seen from the folder of `file`, the prometheus.yml.
AlertingConfig alertingOf(const Config& config, const std::filesystem::path& file);

} // namespace watchfire::config
