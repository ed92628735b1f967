// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/reader.h"

#include <filesystem>

namespace watchfire::config {

/// Reads the keys of an HTTP client out of `fields`; what is absent is as in `defaults`. References
/// into a secret manager are warned about.
///
/// Source: Prometheus documentation, "Configuration", http_config.
HttpClientOptions readClient(Fields& fields, const HttpClientOptions& defaults = {});

/// A path of a file as seen from the folder of the file being read. A fault at `node` where the
/// file must exist and does not.
std::string resolved(Reading& reading, const encoding::YamlNode* node, std::string path);

/// A header name that configuration may not set.
bool isReservedHeader(std::string_view name);

/// "http" or "https", "://" and a host. False for anything else.
bool isHttpUrl(std::string_view url);

/// relabel_configs and its kin: fills `out` with prepared rules.
void readRelabel(Fields& fields, std::string_view key, std::string_view nullMessage,
                 std::vector<RelabelRule>& out);

/// static_configs.
void readStaticConfigs(Fields& fields, std::vector<TargetGroup>& out, bool mustHaveAddress);

/// The sections of discoveries (…_sd_configs), by section, then as written. With `inUse`, those of
/// mechanisms that Watchfire does not have are warned about, with the remedy.
std::vector<DiscoveryConfig> readDiscoveries(Fields& fields, bool inUse);

} // namespace watchfire::config
