// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace watchfire::promql {

/// Collects the remarks of one evaluation, each text once. Of several places the one stays that
/// Prometheus comes to last: that of the outermost part of the query, among parts beside each other
/// the last. Of remarks that are counted it is the first.
/// Source: Prometheus, util/annotations, Merge.
class Annotations {
public:
    /// `text` without the "PromQL warning: " or "PromQL info: " in front.
    void warn(std::string_view text, Span where) { add(AnnotationLevel::warning, text, where); }
    void inform(std::string_view text, Span where) { add(AnnotationLevel::info, text, where); }
    /// A warning that tells how often it was given.
    void warnCounted(std::string_view text, Span where)
    {
        add(AnnotationLevel::warning, text, where, 1);
    }
    std::vector<Annotation> take() { return std::move(m_all); }
    bool empty() const { return m_all.empty(); }
    /// Takes over those it does not have yet.
    void add(Annotations others);

private:
    void add(AnnotationLevel level, std::string_view text, Span where,
             std::uint64_t occurrences = 0);
    void add(Annotation annotation);

    std::vector<Annotation> m_all;
    std::unordered_map<std::string, std::size_t> m_places; ///< in m_all, by message
};

/// The texts, as Prometheus words them; tools and dashboards look for these.
/// Source: Prometheus documentation, "Annotations" of the functions and operators pages.
namespace remarks {

std::string invalidQuantile(double value);
std::string invalidRatio(double value, double used);
std::string badBucketLabel(std::string_view value, std::string_view metric);
std::string mixedInRange(std::string_view metric);
std::string mixedInAggregation();
std::string mixedClassicAndNative(std::string_view metric);
std::string notACounter(std::string_view metric);
std::string notAGauge(std::string_view metric);
std::string mixedExponentialAndCustom(std::string_view metric);
std::string incompatibleBuckets(std::string_view op);
std::string possiblyNoCounter(std::string_view metric);
std::string possiblyNoCounterByType(std::string_view metric, std::string_view type);
std::string forcedMonotonicity(std::string_view metric);
std::string incompatibleTypes(std::string_view left, std::string_view op, std::string_view right);
std::string ignoredInAggregation(std::string_view aggregation);
std::string ignoredInMixedRange(std::string_view metric);
/// Nothing for the metric: its name was dropped, and is quoted as empty.
std::string nanQuantileResult(std::optional<std::string_view> metric);
std::string nanQuantileSkew(std::optional<std::string_view> metric);
std::string nanFraction(std::optional<std::string_view> metric);
std::string resetCollision(std::string_view operation);
std::string reconciledBounds(std::string_view operation);
std::string sortIneffective();
std::string overlappingStart(std::string_view metric);

} // namespace remarks

} // namespace watchfire::promql
