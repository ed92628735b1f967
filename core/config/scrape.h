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
/// scrape_configs
void readScrapeList(Fields& fields, const GlobalConfig& global, std::vector<ScrapeConfig>& out);

/// Sections that Prometheus has and we do not act on yet: shape only.
void readRemoteWrite(Fields& fields);
void readRemoteRead(Fields& fields);
void readTracing(Reading& reading, const encoding::YamlNode& node);
void readOtlp(Reading& reading, const encoding::YamlNode& node, const GlobalConfig& global);
void readAlerting(Reading& reading, const encoding::YamlNode& node);

} // namespace watchfire::config
