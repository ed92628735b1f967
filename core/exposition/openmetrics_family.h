// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/metadata.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchfire::exposition {

/// A sample as OpenMetrics writes it.
struct OpenMetricsSample {
    using Labels = std::map<std::string, std::string, std::less<>>;

    std::string name;
    Labels labels;
    double value = 0;
    std::optional<double> at; ///< seconds
    std::optional<Labels> exemplar;
};

/// A family of OpenMetrics with what its specification asks of it. Samples come in order of the
/// body.
///
/// Source: OpenMetrics 1.0 specification, "Data Model" and "Metric types".
class OpenMetricsFamily {
public:
    using Fault = std::optional<std::string>; ///< a sentence

    explicit OpenMetricsFamily(std::string name)
        : m_name(std::move(name))
    {
    }

    const std::string& name() const { return m_name; }
    MetricType type() const { return m_type.value_or(MetricType::unknown); }
    const std::optional<std::string>& help() const { return m_help; }
    /// The labels of each, without those that tell the samples of one metric apart.
    const std::vector<OpenMetricsSample::Labels>& metrics() const { return m_metrics; }

    Fault setHelp(std::string help);
    Fault setType(MetricType type);
    Fault setUnit(std::string unit);
    /// Whether a sample of that name belongs to it.
    bool owns(std::string_view sample) const;
    Fault add(const OpenMetricsSample& sample);
    /// What only shows at its end.
    Fault close();
    /// Names that no other family may have, or samples of one: its own and those of its samples.
    std::vector<std::string> reservedNames() const;

private:
    /// What one metric has said for one moment.
    struct Point {
        std::vector<std::pair<double, double>> buckets; ///< bound and cumulative count
        std::optional<double> count;
        std::optional<double> sum;
        bool hasNegativeBound = false;
    };

    Fault beforeSamples(std::string_view what, bool given) const;
    Fault checkValue(const OpenMetricsSample& sample, std::string_view suffix) const;
    Fault checkLabels(const OpenMetricsSample& sample, std::string_view suffix) const;
    Fault checkExemplar(const OpenMetricsSample& sample, std::string_view suffix) const;
    Fault follow(const OpenMetricsSample& sample);
    Fault collect(const OpenMetricsSample& sample, std::string_view suffix);
    Fault closePoint();
    std::string_view suffixOf(std::string_view sample) const;
    std::string partLabel() const;
    bool hasBuckets() const
    {
        return m_type == MetricType::histogram || m_type == MetricType::gaugeHistogram;
    }

    std::string m_name;
    std::optional<MetricType> m_type;
    std::optional<std::string> m_help;
    std::optional<std::string> m_unit;
    std::vector<OpenMetricsSample::Labels> m_metrics; ///< in order, each once
    std::set<OpenMetricsSample::Labels> m_known; ///< the same
    std::optional<double> m_at; ///< of the latest sample of the latest metric
    bool m_isTimed = false;
    bool m_hasSamples = false;
    Point m_point;
};

} // namespace watchfire::exposition
