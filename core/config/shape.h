// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/reader.h"
#include "core/config/value_parts.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// Sections that Watchfire reads but does not act on: each key must be known and of the right
/// type, and the whole is shown as it would take effect in Prometheus.
namespace watchfire::config {

enum class ShapeType : std::uint8_t {
    text,
    secret, ///< shown as <secret>
    url, ///< shown without a password
    path, ///< of a file, seen from the folder of the file being read
    integer,
    number,
    boolean,
    duration,
    texts,
    pairs,
    filters, ///< a list of {name, values}
    tls, ///< tls_config
    anything ///< not looked at, not shown
};

/// One key of a section.
struct ShapeKey {
    std::string_view name;
    ShapeType type = ShapeType::text;
    /// What holds where the key is absent, as YAML. Nothing: the key is not shown then.
    std::optional<std::string_view> otherwise = std::nullopt;
};

/// Takes these keys out of `fields`, with a fault for each of the wrong type, and sets them as
/// they take effect in `out`.
void readShape(Fields& fields, std::span<const ShapeKey> keys, encoding::YamlValue& out);

// Each reads a section of prometheus.yml: faults and warnings into `reading`; the section as it
// takes effect. `global` is the one of the file.
encoding::YamlValue readRemoteWrite(Reading& reading, const encoding::YamlNode& node);
encoding::YamlValue readRemoteRead(Reading& reading, const encoding::YamlNode& node);
encoding::YamlValue readTracing(Reading& reading, const encoding::YamlNode& node);
encoding::YamlValue readOtlp(Reading& reading, const encoding::YamlNode& node,
                             const GlobalConfig& global);
encoding::YamlValue readAlerting(Reading& reading, const encoding::YamlNode& node);
encoding::YamlValue readRuntime(Reading& reading, const encoding::YamlNode& node);

/// A section of that name: as it stands there or as it takes effect.
encoding::YamlValue foreignSectionValue(const ForeignSection& section, const GlobalConfig& global,
                                        Style style);

/// Whether there is a mechanism of that section that Watchfire does not have.
bool isForeignDiscovery(std::string_view section);
/// The sections of those mechanisms, sorted.
std::vector<std::string_view> foreignDiscoveries();
/// Reads one entry of such a section: faults into `reading`; the entry as it takes effect.
encoding::YamlValue readForeignDiscovery(Reading& reading, const encoding::YamlNode& node,
                                         std::string_view section);
encoding::YamlValue foreignDiscoveryValue(const ForeignDiscovery& discovery, Style style);

} // namespace watchfire::config
