// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: Apache-2.0
#include "watchfire/client/family.h"

#include "children.h"

#include <cmath>

namespace watchfire::client {

namespace detail {

MetricType typeOf(const Counter*)
{
    return MetricType::counter;
}
MetricType typeOf(const Gauge*)
{
    return MetricType::gauge;
}
MetricType typeOf(const Histogram*)
{
    return MetricType::histogram;
}
MetricType typeOf(const Summary*)
{
    return MetricType::summary;
}

void appendSamples(const Counter& metric, const LabelPairs& labels, std::vector<Sample>& out)
{
    out.push_back({"_total", labels, metric.value(), std::nullopt});
}

void appendSamples(const Gauge& metric, const LabelPairs& labels, std::vector<Sample>& out)
{
    out.push_back({"", labels, metric.value(), std::nullopt});
}

void appendSamples(const Histogram& metric, const LabelPairs& labels, std::vector<Sample>& out)
{
    // The count is the buckets' own, so that it and the last bucket agree however many threads
    // observe meanwhile.
    const double sum = metric.sum();
    const std::vector<std::uint64_t> counts = metric.counts();
    const std::vector<double>& bounds = metric.upperBounds();
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        total += counts[i];
        LabelPairs bucket = labels;
        bucket.emplace_back("le", formatValue(i < bounds.size() ? bounds[i] : INFINITY));
        out.push_back({"_bucket", std::move(bucket), static_cast<double>(total), std::nullopt});
    }
    out.push_back({"_sum", labels, sum, std::nullopt});
    out.push_back({"_count", labels, static_cast<double>(total), std::nullopt});
}

void appendSamples(const Summary& metric, const LabelPairs& labels, std::vector<Sample>& out)
{
    out.push_back({"_sum", labels, metric.sum(), std::nullopt});
    out.push_back({"_count", labels, static_cast<double>(metric.count()), std::nullopt});
}

} // namespace detail

namespace {

std::vector<std::string> owned(std::initializer_list<std::string_view> values)
{
    return {values.begin(), values.end()};
}

} // namespace

template <class Metric>
Family<Metric>::Family(std::shared_ptr<detail::Children<Metric>> children)
    : m_children(std::move(children))
{
}

template <class Metric>
Metric Family<Metric>::with(std::initializer_list<std::string_view> values) const
{
    return m_children->with(owned(values));
}

template <class Metric> Metric Family<Metric>::with(const std::vector<std::string>& values) const
{
    return m_children->with(values);
}

template <class Metric>
bool Family<Metric>::remove(std::initializer_list<std::string_view> values) const
{
    return m_children->remove(owned(values));
}

template <class Metric> bool Family<Metric>::remove(const std::vector<std::string>& values) const
{
    return m_children->remove(values);
}

template <class Metric> void Family<Metric>::clear() const
{
    m_children->clear();
}

template <class Metric> std::size_t Family<Metric>::size() const
{
    return m_children->size();
}

template class Family<Counter>;
template class Family<Gauge>;
template class Family<Histogram>;
template class Family<Summary>;

} // namespace watchfire::client
