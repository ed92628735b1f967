// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/ports/http.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace watchfire::discovery {

/// Who answered, by what it measures.
struct ExporterIdentity {
    std::string name; ///< "node exporter"; empty: not a known one
    std::string jobName; ///< "node"
    std::uint64_t series = 0; ///< in the answer
};

/// Reads the whole answer as a scrape would. Fails with ErrorKind::unsupported or invalid where
/// it is not one of an exporter, or has no series: a web page, JSON, an error.
Result<ExporterIdentity> identifyExporter(const HttpResponse& response);

/// Where an exporter listens when nobody says otherwise.
struct ExporterPort {
    std::uint16_t port = 0;
    std::string_view path = "/metrics";
};

/// Ports of programs that are often found on one machine, the most common first.
///
/// Source: Prometheus wiki, "Default port allocations"; the documentation of each program.
std::span<const ExporterPort> wellKnownExporterPorts();

} // namespace watchfire::discovery
