// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::exposition {

/// Something about a metric that its author should change.
struct MetricProblem {
    std::string metric;
    std::string text; ///< "no help text"
    friend auto operator<=>(const MetricProblem&, const MetricProblem&) = default;
};

/// Reads a text-format body as strictly as its specification asks, and looks for what the
/// field's guide for authors advises against. Problems come sorted by metric. Fails with
/// ErrorKind::invalid and where, as a parser does, at the first bad line; that includes much
/// that the scraper lets pass (a TYPE after its samples, unknown escapes, no newline at the end).
///
/// Source: Prometheus documentation, "Exposition formats" and "Metric and label naming";
/// recorded judgements of promtool 3.5 (conformance data, `expfmt` and `lint`).
Result<std::vector<MetricProblem>> checkMetrics(std::string_view body);

/// The same for OpenMetrics text: fails at the first thing that its specification forbids (types
/// and the names and values they allow, units, families and metrics that interleave, exemplars,
/// times, the end), although the scraper lets most of it pass.
///
/// Source: OpenMetrics 1.0 specification; conformance data, `openmetrics_spec`.
Result<std::vector<MetricProblem>> checkOpenMetrics(std::string_view body);

} // namespace watchfire::exposition
