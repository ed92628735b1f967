// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/reader.h"

#include <filesystem>

namespace watchfire::config {

/// Those options as a section has them.
struct ClientConfig : HttpClientOptions {
    bool given = false; ///< any of the keys stood there
};

/// Reads those keys out of `fields`. With `inUse`, what is not done yet is warned about.
///
/// Source: Prometheus documentation, "Configuration", http_config.
ClientConfig readClient(Fields& fields, bool inUse);

/// A path of a file as seen from the folder of the file being read.
std::string resolved(const Reading& reading, std::string path);

/// A header name that configuration may not set.
bool isReservedHeader(std::string_view name);

/// "http" or "https", "://" and a host. False for anything else.
bool isHttpUrl(std::string_view url);

/// relabel_configs and its kin: fills `out` with prepared rules.
void readRelabel(Fields& fields, std::string_view key, std::string_view nullMessage,
                 std::vector<RelabelRule>& out);

/// static_configs.
void readStaticConfigs(Fields& fields, std::vector<TargetGroup>& out, bool mustHaveAddress);

/// Checks the sections of discoveries (…_sd_configs) in shape; with `inUse`, warns about each.
/// Whether there was any.
bool readDiscoveries(Fields& fields, bool inUse);

} // namespace watchfire::config
