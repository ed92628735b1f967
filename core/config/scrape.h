// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/reader.h"

namespace watchfire::config {

/// global
void readGlobal(Reading& reading, const encoding::YamlNode& node, GlobalConfig& out);
/// One of scrape_configs. Nothing when it has a fault.
std::optional<ScrapeConfig> readScrape(Reading& reading, const encoding::YamlNode& node,
                                       const GlobalConfig& global);
/// What the job did not say comes from `global`.
void inherit(ScrapeConfig& job, const GlobalConfig& global);
/// scrape_configs
void readScrapeList(Fields& fields, const GlobalConfig& global, std::vector<ScrapeConfig>& out);

} // namespace watchfire::config
