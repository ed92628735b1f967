// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/matching.h"

#include <algorithm>
#include <unordered_map>

namespace watchfire::promql {

std::vector<std::string> sorted(std::vector<std::string> names)
{
    std::ranges::sort(names);
    const auto repeated = std::ranges::unique(names);
    names.erase(repeated.begin(), repeated.end());
    return names;
}

std::uint64_t extraPairs(std::span<const std::uint64_t> many, std::span<const std::uint64_t> one)
{
    std::uint64_t extra = 0;
    for (std::size_t group = 0; group < many.size(); ++group) {
        const std::uint64_t pairs = many[group] * one[group];
        extra += pairs - std::min(pairs, std::max(many[group], one[group]));
    }
    return extra;
}

MatchGroups::MatchGroups(EvalContext& context, const VectorMatching& matching, const Schema& left,
                         const Schema& right)
{
    const std::vector<std::string> names = sorted(matching.labels);
    std::unordered_map<Labels, std::uint32_t> groups;
    groups.reserve(left.size());
    const auto assign = [&](const Schema& schema, std::vector<std::uint32_t>& out) {
        out.reserve(schema.size());
        for (const SeriesLabels& series : schema) {
            if (context.isStopped(out.size())) {
                return;
            }
            Labels signature
                = matching.on ? series.labels->keepOnly(names) : series.labels->dropAll(names);
            const auto next = static_cast<std::uint32_t>(m_labels.size());
            const auto [group, isNew] = groups.try_emplace(std::move(signature), next);
            if (isNew) {
                m_labels.push_back(&group->first);
            }
            out.push_back(group->second);
        }
    };
    assign(left, m_left);
    assign(right, m_right);
    // The map's keys move to the evaluation, which outlives what is made of them.
    std::vector<const Labels*> kept(m_labels.size());
    while (!groups.empty()) {
        auto node = groups.extract(groups.begin());
        kept[node.mapped()] = context.own(std::move(node.key()));
    }
    m_labels = std::move(kept);
}

MatchReport MatchGroups::report() const
{
    constexpr std::size_t mostExamples = 10;
    std::vector<std::uint64_t> left(size());
    std::vector<std::uint64_t> right(size());
    for (const std::uint32_t group : m_left) {
        ++left[group];
    }
    for (const std::uint32_t group : m_right) {
        ++right[group];
    }
    MatchReport report;
    for (std::size_t group = 0; group < size(); ++group) {
        if (left[group] > 0 && right[group] > 0) {
            ++report.matchedGroups;
            continue;
        }
        MatchReport::Side& side = left[group] > 0 ? report.left : report.right;
        ++side.groups;
        side.series += left[group] + right[group];
        if (side.examples.size() < mostExamples) {
            side.examples.push_back(labels(group));
        }
    }
    return report;
}

ResultLabels::ResultLabels(const VectorMatching& matching, bool dropsName)
    : m_oneToOne(matching.cardinality == Cardinality::oneToOne)
    , m_on(matching.on)
    , m_dropsName(dropsName)
    , m_matching(sorted(matching.labels))
    , m_include(sorted(matching.include))
{
}

bool ResultLabels::keeps(std::string_view name) const
{
    if (m_dropsName && (name == metricNameLabel || name == "__type__" || name == "__unit__")) {
        return false;
    }
    return !m_oneToOne || std::ranges::binary_search(m_matching, name) == m_on;
}

Labels ResultLabels::of(const Labels& many, const Labels& one) const
{
    std::vector<Label> labels;
    for (const Label& label : many) {
        if (keeps(label.name) && !std::ranges::binary_search(m_include, label.name)) {
            labels.push_back(label);
        }
    }
    if (!m_include.empty()) {
        for (const std::string& name : m_include) {
            if (const std::string_view value = one.get(name); !value.empty()) {
                labels.push_back({name, value});
            }
        }
        std::ranges::sort(labels, {}, &Label::name);
    }
    return Labels::fromSorted(labels);
}

} // namespace watchfire::promql
