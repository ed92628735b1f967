// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/exemplar_query.h"

#include "core/tsdb/store_querier.h"

#include <algorithm>
#include <utility>

namespace watchfire::tsdb {

namespace {

/// A matching series, and who knows its labels.
struct Match {
    Sid sid = 0;
    storage::GroupReader* group = nullptr;
    std::size_t index = 0;
};

Result<std::vector<Match>> findSeries(StoreQuerier& querier,
                                      const std::vector<Matchers>& selections, TimeRange range,
                                      storage::GroupReaders& groups)
{
    std::vector<Match> matches;
    for (const Matchers& matchers : selections) {
        auto some = querier.select(matchers, range);
        if (!some) {
            return std::unexpected(some.error());
        }
        for (auto& group : *some) {
            for (std::size_t i = 0; i < group->size(); ++i) {
                matches.push_back({group->ref(i), group.get(), i});
            }
            groups.push_back(std::move(group));
        }
    }
    std::ranges::sort(matches, {}, &Match::sid);
    const auto repeated = std::ranges::unique(matches, {}, &Match::sid);
    matches.erase(repeated.begin(), repeated.end());
    return matches;
}

} // namespace

Result<std::vector<SeriesExemplars>>
findExemplars(StoreCore& core, const std::vector<Matchers>& selections, TimeRange range)
{
    // Before the transaction: a commit persists before it drops.
    const ExemplarTable::Pending pending = core.exemplars().pending();
    auto querier = StoreQuerier::make(core);
    if (!querier) {
        return std::unexpected(querier.error());
    }
    storage::GroupReaders groups;
    const auto matches = findSeries(**querier, selections, range, groups);
    if (!matches) {
        return std::unexpected(matches.error());
    }
    std::vector<Sid> sids(matches->size());
    std::ranges::transform(*matches, sids.begin(), &Match::sid);
    Result<ExemplarTable::BySeries> found;
    {
        const auto snapshot = (*querier)->snapshot();
        if (!snapshot) {
            return std::unexpected(snapshot.error());
        }
        const std::lock_guard lock((*snapshot)->mutex);
        found = ExemplarTable::list((*snapshot)->txn, pending, sids, unixMs(range.from),
                                    unixMs(range.to));
    }
    if (!found) {
        return std::unexpected(found.error());
    }
    std::vector<SeriesExemplars> list;
    list.reserve(found->size());
    for (auto& [sid, exemplars] : *found) {
        const auto match = std::ranges::lower_bound(*matches, sid, {}, &Match::sid);
        list.push_back({match->group->labels(match->index), std::move(exemplars)});
        if (const auto failure = match->group->labelFailure()) {
            return std::unexpected(*failure);
        }
    }
    std::ranges::sort(list, {}, &SeriesExemplars::labels);
    return list;
}

} // namespace watchfire::tsdb
