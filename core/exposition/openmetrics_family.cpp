// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/openmetrics_family.h"

#include "core/text/number.h"
#include "core/text/quote.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <limits>
#include <span>

namespace watchfire::exposition {

namespace {

using Fault = OpenMetricsFamily::Fault;

constexpr std::size_t longestExemplar = 128; ///< characters of names and values

/// What the names of samples have behind the family's.
std::span<const std::string_view> suffixes(MetricType type)
{
    static constexpr std::string_view plain[] = {""};
    static constexpr std::string_view counter[] = {"_total", "_created"};
    static constexpr std::string_view summary[] = {"", "_sum", "_count", "_created"};
    static constexpr std::string_view histogram[] = {"_bucket", "_sum", "_count", "_created"};
    static constexpr std::string_view gaugeHistogram[] = {"_bucket", "_gsum", "_gcount"};
    static constexpr std::string_view info[] = {"_info"};
    switch (type) {
    case MetricType::unknown:
    case MetricType::gauge:
    case MetricType::stateSet:
        return plain;
    case MetricType::counter:
        return counter;
    case MetricType::summary:
        return summary;
    case MetricType::histogram:
        return histogram;
    case MetricType::gaugeHistogram:
        return gaugeHistogram;
    case MetricType::info:
        return info;
    }
    return plain;
}

std::size_t characters(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// The number in that label; nothing where there is none.
std::optional<double> numberIn(const OpenMetricsSample& sample, std::string_view label)
{
    const auto found = sample.labels.find(label);
    return found == sample.labels.end() ? std::nullopt : text::parseFloat(found->second);
}

} // namespace

Fault OpenMetricsFamily::beforeSamples(std::string_view what, bool given) const
{
    if (given) {
        return std::format("metric {} has a second {} line", m_name, what);
    }
    if (m_hasSamples) {
        return std::format("the {} line of metric {} comes after samples of it", what, m_name);
    }
    return std::nullopt;
}

Fault OpenMetricsFamily::setHelp(std::string help)
{
    const Fault fault = beforeSamples("HELP", m_help.has_value());
    m_help = std::move(help);
    return fault;
}

Fault OpenMetricsFamily::setType(MetricType type)
{
    const Fault fault = beforeSamples("TYPE", m_type.has_value());
    m_type = type;
    return fault;
}

Fault OpenMetricsFamily::setUnit(std::string unit)
{
    if (Fault fault = beforeSamples("UNIT", m_unit.has_value())) {
        return fault;
    }
    m_unit = std::move(unit);
    if (!m_unit->empty() && !m_name.ends_with("_" + *m_unit)) {
        return std::format("unit {} is not the end of the name of metric {}", text::quote(*m_unit),
                           m_name);
    }
    return std::nullopt;
}

bool OpenMetricsFamily::owns(std::string_view sample) const
{
    return sample.starts_with(m_name)
        && std::ranges::contains(suffixes(type()), sample.substr(m_name.size()));
}

std::string_view OpenMetricsFamily::suffixOf(std::string_view sample) const
{
    return sample.substr(m_name.size());
}

/// The label that tells the samples of one metric apart.
std::string OpenMetricsFamily::partLabel() const
{
    switch (type()) {
    case MetricType::histogram:
    case MetricType::gaugeHistogram:
        return "le";
    case MetricType::summary:
        return "quantile";
    case MetricType::stateSet:
        return m_name;
    case MetricType::unknown:
    case MetricType::counter:
    case MetricType::gauge:
    case MetricType::info:
        break;
    }
    return {};
}

Fault OpenMetricsFamily::add(const OpenMetricsSample& sample)
{
    const std::string_view suffix = suffixOf(sample.name);
    m_hasSamples = true;
    for (const auto check : {&OpenMetricsFamily::checkLabels, &OpenMetricsFamily::checkValue,
                             &OpenMetricsFamily::checkExemplar}) {
        if (Fault fault = (this->*check)(sample, suffix)) {
            return fault;
        }
    }
    if (Fault fault = follow(sample)) {
        return fault;
    }
    return collect(sample, suffix);
}

Fault OpenMetricsFamily::checkLabels(const OpenMetricsSample& sample, std::string_view suffix) const
{
    if (suffix == "_bucket") {
        const auto bound = numberIn(sample, "le");
        if (!bound || std::isnan(*bound)) {
            return "a bucket needs the label le with a number";
        }
    }
    if (type() == MetricType::summary && suffix.empty()) {
        const auto quantile = numberIn(sample, "quantile");
        if (!quantile || !(*quantile >= 0 && *quantile <= 1)) {
            return "a quantile needs the label quantile with a number from 0 to 1";
        }
    }
    if (type() == MetricType::stateSet && !sample.labels.contains(m_name)) {
        return std::format("a state needs the label {}, which names it", m_name);
    }
    return std::nullopt;
}

Fault OpenMetricsFamily::checkValue(const OpenMetricsSample& sample, std::string_view suffix) const
{
    const double value = sample.value;
    if (type() == MetricType::info && value != 1) {
        return "the value of an info must be 1";
    }
    if (type() == MetricType::stateSet && value != 0 && value != 1) {
        return "the value of a state must be 0 or 1";
    }
    if (suffix == "_created" && !std::isfinite(value)) {
        return "the value of _created must be a time";
    }
    const bool counts = suffix == "_total" || suffix == "_bucket" || suffix == "_count"
        || suffix == "_sum" || suffix == "_gcount";
    if (std::isnan(value) && (counts || suffix == "_gsum")) {
        return std::format("the value of {} must not be NaN", suffix);
    }
    if (value < 0 && counts) {
        return std::format("the value of {} must not be negative", suffix);
    }
    if (value < 0 && type() == MetricType::summary && suffix.empty()) {
        return "the value of a quantile must not be negative";
    }
    return std::nullopt;
}

Fault OpenMetricsFamily::checkExemplar(const OpenMetricsSample& sample,
                                       std::string_view suffix) const
{
    if (!sample.exemplar) {
        return std::nullopt;
    }
    const bool mayHaveOne
        = suffix == "_bucket" || (type() == MetricType::counter && suffix == "_total");
    if (!mayHaveOne) {
        return "only counters' _total and histograms' _bucket may have exemplars";
    }
    std::size_t length = 0;
    for (const auto& [name, value] : *sample.exemplar) {
        length += characters(name) + characters(value);
    }
    if (length > longestExemplar) {
        return std::format("the labels of this exemplar have {} characters, and {} are allowed",
                           length, longestExemplar);
    }
    return std::nullopt;
}

/// Metrics must not interleave, nor times go back.
Fault OpenMetricsFamily::follow(const OpenMetricsSample& sample)
{
    OpenMetricsSample::Labels metric = sample.labels;
    metric.erase(partLabel());
    const bool isSame = !m_metrics.empty() && m_metrics.back() == metric;
    if (!isSame) {
        if (Fault fault = closePoint()) {
            return fault;
        }
        if (!m_known.insert(metric).second) {
            return std::format("samples of one metric of {} do not stand together", m_name);
        }
        m_metrics.push_back(std::move(metric));
    } else {
        if (sample.at.has_value() != m_isTimed) {
            return "samples of one metric must all have a time, or none";
        }
        if (sample.at && *sample.at < *m_at) {
            return "the times of one metric must not fall";
        }
        if (sample.at && *sample.at > *m_at) {
            if (Fault fault = closePoint()) {
                return fault;
            }
        }
    }
    m_at = sample.at;
    m_isTimed = sample.at.has_value();
    return std::nullopt;
}

Fault OpenMetricsFamily::collect(const OpenMetricsSample& sample, std::string_view suffix)
{
    if (!hasBuckets()) {
        return std::nullopt;
    }
    if (suffix == "_count" || suffix == "_gcount") {
        m_point.count = sample.value;
    } else if (suffix == "_sum" || suffix == "_gsum") {
        m_point.sum = sample.value;
    } else if (suffix == "_bucket") {
        const double bound = *numberIn(sample, "le");
        auto& buckets = m_point.buckets;
        if (!buckets.empty() && bound <= buckets.back().first) {
            return "the bounds of buckets must rise";
        }
        if (!buckets.empty() && sample.value < buckets.back().second) {
            return "the counts of buckets must not fall, since each holds all before it";
        }
        buckets.emplace_back(bound, sample.value);
        m_point.hasNegativeBound = m_point.hasNegativeBound || bound < 0;
    }
    return std::nullopt;
}

Fault OpenMetricsFamily::closePoint()
{
    const Point point = std::exchange(m_point, {});
    if (point.buckets.empty() && !point.count && !point.sum) {
        return std::nullopt;
    }
    if (point.buckets.empty()
        || point.buckets.back().first != std::numeric_limits<double>::infinity()) {
        return std::format("histogram {} has no bucket +Inf", m_name);
    }
    if (point.count && *point.count != point.buckets.back().second) {
        return std::format("the count of histogram {} is not that of its bucket +Inf", m_name);
    }
    if (point.count.has_value() != point.sum.has_value()) {
        return std::format("histogram {} has one of count and sum; it needs both or none", m_name);
    }
    if (point.sum && m_type == MetricType::histogram && point.hasNegativeBound) {
        return std::format("histogram {} has negative buckets, so its sum is no counter", m_name);
    }
    if (point.sum && *point.sum < 0 && !point.hasNegativeBound) {
        return std::format("the sum of {} is negative, and it has no negative buckets", m_name);
    }
    return std::nullopt;
}

Fault OpenMetricsFamily::close()
{
    if (m_unit && !m_unit->empty()
        && (type() == MetricType::info || type() == MetricType::stateSet)) {
        return std::format("metric {} is of type {}, which has no unit", m_name, toText(type()));
    }
    return closePoint();
}

std::vector<std::string> OpenMetricsFamily::reservedNames() const
{
    std::vector<std::string> out{m_name};
    for (const std::string_view suffix : suffixes(type())) {
        if (!suffix.empty()) {
            out.push_back(m_name + std::string(suffix));
        }
    }
    return out;
}

} // namespace watchfire::exposition
