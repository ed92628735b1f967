// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/annotations.h"

#include "core/text/number.h"

#include <format>

namespace watchfire::promql {

namespace {

/// Whether Prometheus comes to that place later: its evaluation goes from the left and from the
/// inside.
bool isAfter(Span a, Span b)
{
    const auto holds = [](Span outer, Span inner) {
        return outer.begin <= inner.begin && inner.end <= outer.end;
    };
    return holds(a, b) || (!holds(b, a) && a.begin > b.begin);
}

} // namespace

void Annotations::add(AnnotationLevel level, std::string_view text, Span where,
                      std::uint64_t occurrences)
{
    std::string message(level == AnnotationLevel::warning ? "PromQL warning: " : "PromQL info: ");
    message += text;
    add({level, std::move(message), where, occurrences});
}

void Annotations::add(Annotation annotation)
{
    const auto [found, isNew] = m_places.try_emplace(annotation.message, m_all.size());
    if (isNew) {
        m_all.push_back(std::move(annotation));
        return;
    }
    Annotation& known = m_all[found->second];
    known.occurrences += annotation.occurrences;
    const bool isCounted = known.occurrences > 0;
    if (isCounted ? isAfter(known.where, annotation.where)
                  : isAfter(annotation.where, known.where)) {
        known.where = annotation.where;
    }
}

void Annotations::add(Annotations others)
{
    for (Annotation& one : others.m_all) {
        add(std::move(one));
    }
}

namespace remarks {

namespace {

std::string quoted(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + '"';
}

/// Many remarks name the metric only where there is one to name.
std::string withMetric(std::string_view text, std::string_view metric)
{
    std::string out(text);
    if (!metric.empty()) {
        out += " for metric name " + quoted(metric);
    }
    return out;
}

std::string withMetric(std::string_view text, std::optional<std::string_view> metric)
{
    return metric ? withMetric(text, *metric) : std::string(text) + " for metric name \"\"";
}

} // namespace

std::string invalidQuantile(double value)
{
    return "quantile value should be between 0 and 1, got " + text::formatG(value);
}

std::string invalidRatio(double value, double used)
{
    return std::format("ratio value should be between -1 and 1, got {}, capping to {}",
                       text::formatG(value), text::formatG(used));
}

std::string badBucketLabel(std::string_view value, std::string_view metric)
{
    return withMetric("bucket label \"le\" is missing or has a malformed value of " + quoted(value),
                      metric);
}

std::string mixedInRange(std::string_view metric)
{
    return "encountered a mix of histograms and floats for metric name " + quoted(metric);
}

std::string mixedInAggregation()
{
    return "encountered a mix of histograms and floats for aggregation";
}

std::string mixedClassicAndNative(std::string_view metric)
{
    return withMetric("vector contains a mix of classic and native histograms", metric);
}

std::string notACounter(std::string_view metric)
{
    return "this native histogram metric is not a counter: " + quoted(metric);
}

std::string notAGauge(std::string_view metric)
{
    return "this native histogram metric is not a gauge: " + quoted(metric);
}

std::string mixedExponentialAndCustom(std::string_view metric)
{
    return "vector contains a mix of histograms with exponential and custom buckets schemas for "
           "metric name "
        + quoted(metric);
}

std::string incompatibleBuckets(std::string_view op)
{
    return "incompatible bucket layout encountered for binary operator " + std::string(op);
}

std::string possiblyNoCounter(std::string_view metric)
{
    return "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "
        + quoted(metric);
}

std::string possiblyNoCounterByType(std::string_view metric, std::string_view type)
{
    return "metric might not be a counter, __type__ label is not set to \"counter\" or "
           "\"histogram\", got "
        + quoted(type) + ": " + quoted(metric);
}

std::string forcedMonotonicity(std::string_view metric)
{
    return withMetric("input to histogram_quantile needed to be fixed for monotonicity (see "
                      "https://prometheus.io/docs/prometheus/latest/querying/functions/"
                      "#histogram_quantile)",
                      metric);
}

std::string incompatibleTypes(std::string_view left, std::string_view op, std::string_view right)
{
    return std::format("incompatible sample types encountered for binary operator {}: {} {} {}",
                       quoted(op), left, op, right);
}

std::string ignoredInAggregation(std::string_view aggregation)
{
    return std::format("ignored histogram in {} aggregation", aggregation);
}

std::string ignoredInMixedRange(std::string_view metric)
{
    return "ignored histograms in a range containing both floats and histograms for metric name "
        + quoted(metric);
}

std::string nanQuantileResult(std::optional<std::string_view> metric)
{
    return withMetric("input to histogram_quantile has NaN observations, result is NaN", metric);
}

std::string nanQuantileSkew(std::optional<std::string_view> metric)
{
    return withMetric("input to histogram_quantile has NaN observations, result is skewed higher",
                      metric);
}

std::string nanFraction(std::optional<std::string_view> metric)
{
    return withMetric("input to histogram_fraction has NaN observations, which are excluded from "
                      "all fractions",
                      metric);
}

std::string resetCollision(std::string_view operation)
{
    return std::format("conflicting counter resets during histogram {}", operation);
}

std::string reconciledBounds(std::string_view operation)
{
    return std::format("mismatched custom buckets were reconciled during {}", operation);
}

std::string sortIneffective()
{
    return "sort is ineffective for range queries since results are always ordered by labels";
}

std::string overlappingStart(std::string_view metric)
{
    return "sample has start time that overlaps with previous sample timestamp for metric "
        + quoted(metric);
}

} // namespace remarks

} // namespace watchfire::promql
