// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "watchfire/client/snapshot.h"

#include <string>
#include <string_view>
#include <vector>

namespace watchfire::client {

class Registry;

/// Content types of the two formats.
inline constexpr std::string_view textContentType = "text/plain; version=0.0.4; charset=utf-8";
inline constexpr std::string_view openMetricsContentType
    = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The Prometheus text format 0.0.4. An info family is written as a gauge name_info.
/// Source: Prometheus documentation, "Exposition formats".
std::string toText(const std::vector<FamilySnapshot>& families);
std::string toText(const Registry& registry);

/// OpenMetrics 1.0, closed by "# EOF".
/// Source: OpenMetrics 1.0.0, "Text format".
std::string toOpenMetrics(const std::vector<FamilySnapshot>& families);
std::string toOpenMetrics(const Registry& registry);

/// The shortest text that reads back as the same double; "+Inf", "-Inf", "NaN".
std::string formatValue(double value);

} // namespace watchfire::client
