// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/metadata.h"
#include "core/promql/syntax/ast.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::promql {

/// A change of a query's text.
struct Fix {
    Span span; ///< bytes to replace
    std::string text;
};

/// Something that is allowed and probably not meant.
struct Advice {
    std::string message;
    Span where;
    std::optional<Fix> fix;
};

/// What is known of the metrics a query names. Functions that are not set know nothing.
struct MetricFacts {
    /// The type of the metric's family.
    std::function<std::optional<MetricType>(std::string_view metric)> typeOf;
    /// How often what these matchers select is scraped; the shortest where it differs.
    std::function<std::optional<std::chrono::milliseconds>(const Matchers&)> intervalOf;
};

/// What is to be said of a query that parses, in order of place: rates of gauges, ranges too
/// short for their function, rates of sums, quantiles whose buckets were summed away, sides
/// that can never match, comparisons that never hold.
std::vector<Advice> advise(const Ast& query, const MetricFacts& facts);

} // namespace watchfire::promql
