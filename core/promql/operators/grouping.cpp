// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/grouping.h"

#include "core/promql/operators/matching.h"

#include <unordered_map>

namespace watchfire::promql {

Grouping groupSeries(const Operator& from, EvalContext& context,
                     const std::vector<std::string>& names, bool without)
{
    const Schema& schema = from.schema();
    Grouping grouping;
    grouping.ofRow.reserve(schema.size());
    const std::vector<std::string> wanted = sorted(names);
    if (!without && wanted.empty()) {
        // One group of all; it exists only when there are series.
        grouping.ofRow.assign(schema.size(), 0);
        if (!schema.empty()) {
            grouping.labels.push_back(context.own({}));
            grouping.dropName.push_back(false);
        }
        return grouping;
    }
    std::unordered_map<Labels, std::uint32_t> groups;
    std::unordered_map<const Labels*, std::uint32_t> known; // where equal labels are one object
    for (const SeriesLabels& series : schema) {
        if (from.sharesLabels() && !series.dropName) {
            if (const auto found = known.find(series.labels); found != known.end()) {
                grouping.ofRow.push_back(found->second);
                continue;
            }
        }
        const Labels key
            = without ? series.labels->dropAll(wanted) : series.labels->keepOnly(wanted);
        const auto next = static_cast<std::uint32_t>(grouping.labels.size());
        const auto [group, isNew] = groups.try_emplace(key, next);
        if (isNew) {
            grouping.labels.push_back(context.own(key));
            grouping.dropName.push_back(false);
        }
        grouping.ofRow.push_back(group->second);
        if (from.sharesLabels()) {
            known.emplace(series.labels, group->second);
        }
        if (series.dropName) {
            grouping.dropName[group->second] = true;
        }
    }
    return grouping;
}

} // namespace watchfire::promql
