// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/family.h"

#include <algorithm>
#include <array>
#include <set>

namespace watchfire::transfer {

namespace {

/// What samples of a family of that type may be called, behind the family's name.
/// Source: OpenMetrics 1.0, "Metric types", suffixes.
std::span<const std::string_view> suffixesOf(MetricType type)
{
    static constexpr std::array<std::string_view, 1> plain{""};
    static constexpr std::array<std::string_view, 2> counter{"_total", "_created"};
    static constexpr std::array<std::string_view, 4> histogram{"_bucket", "_count", "_sum",
                                                               "_created"};
    static constexpr std::array<std::string_view, 3> gaugeHistogram{"_bucket", "_gcount", "_gsum"};
    static constexpr std::array<std::string_view, 4> summary{"", "_count", "_sum", "_created"};
    static constexpr std::array<std::string_view, 1> info{"_info"};
    switch (type) {
    case MetricType::counter:
        return counter;
    case MetricType::histogram:
        return histogram;
    case MetricType::gaugeHistogram:
        return gaugeHistogram;
    case MetricType::summary:
        return summary;
    case MetricType::info:
        return info;
    case MetricType::unknown:
    case MetricType::gauge:
    case MetricType::stateSet:
        return plain;
    }
    return plain;
}

} // namespace

Families::Families(std::span<const FamilyMetadata> metadata, std::vector<std::string> metrics)
{
    std::map<std::string, Metadata, std::less<>> known;
    for (const FamilyMetadata& family : metadata) {
        std::string name = family.family;
        if (family.metadata.type == MetricType::counter && name.ends_with("_total")) {
            name.resize(name.size() - 6);
        }
        known.try_emplace(std::move(name), family.metadata);
    }
    std::set<std::string, std::less<>> alone; // metrics that are their own family
    for (const std::string& metric : metrics) {
        const Family* best = nullptr;
        Family made;
        for (const auto suffix :
             {"_total", "_created", "_bucket", "_count", "_sum", "_gcount", "_gsum", "_info", ""}) {
            if (!metric.ends_with(suffix)) {
                continue;
            }
            const std::string_view name = std::string_view(metric).substr(
                0, metric.size() - std::string_view(suffix).size());
            const auto at = known.find(name);
            if (at != known.end()
                && std::ranges::contains(suffixesOf(at->second.type), std::string_view(suffix))) {
                made = {at->first, at->second};
                best = &made;
                break;
            }
        }
        if (best == nullptr) {
            // What is known of it cannot be said with these names: the words remain.
            const auto at = known.find(metric);
            made = {metric, at != known.end() ? at->second : Metadata{}};
            made.metadata.type = MetricType::unknown;
            alone.insert(metric);
        } else if (made.name == metric) {
            alone.insert(metric);
        }
        m_byMetric.emplace(metric, std::move(made));
    }
    // A family must not be named as another's metric, nor two types share one name.
    for (auto& [metric, family] : m_byMetric) {
        if (family.name != metric && alone.contains(family.name)
            && family.metadata.type != MetricType::summary) {
            family = {metric, {MetricType::unknown, family.metadata.help, {}}};
        }
    }
    for (auto& [metric, family] : m_byMetric) {
        // A unit is the last word of the family's name, or it is not one.
        const std::string& unit = family.metadata.unit;
        if (!unit.empty() && !family.name.ends_with("_" + unit)) {
            family.metadata.unit.clear();
        }
    }
}

const Families::Family& Families::of(std::string_view metric) const
{
    static const Family none;
    const auto at = m_byMetric.find(metric);
    return at == m_byMetric.end() ? none : at->second;
}

} // namespace watchfire::transfer
