// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchfire::client {

enum class MetricType { counter, gauge, histogram, summary, info, unknown };

/// Names and values of labels, in the order they are written.
using LabelPairs = std::vector<std::pair<std::string, std::string>>;

/// One line of an exposition.
struct Sample {
    std::string suffix; ///< what follows the family's name: "", "_total", "_bucket", "_sum", ...
    LabelPairs labels;
    double value = 0;
    std::optional<std::int64_t> timestampMs = std::nullopt; ///< since the Unix epoch; rarely wise
};

/// A family as a scrape sees it: what a registry gathers and what collectors make.
struct FamilySnapshot {
    /// Without the suffix its samples carry: "requests" for a counter requests_total.
    std::string name;
    MetricType type = MetricType::unknown;
    std::string help;
    /// Of OpenMetrics; written only where the name ends in it ("_seconds").
    std::string unit;
    std::vector<Sample> samples;
};

/// A family of one sample without labels; a counter's value gets the suffix "_total".
FamilySnapshot single(std::string name, MetricType type, std::string help, double value);

/// [a-zA-Z_:][a-zA-Z0-9_:]*
bool isMetricName(std::string_view name);
/// [a-zA-Z_][a-zA-Z0-9_]*, not beginning with two underscores.
bool isLabelName(std::string_view name);

} // namespace watchfire::client
