// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sequence_diff.h"

#include <algorithm>
#include <unordered_map>

namespace watchfire::ui {

namespace {

/// Runs of consecutive rows for which `wanted` holds, from the front.
template <class Wanted> std::vector<RowRun> runsWhere(std::size_t count, Wanted wanted)
{
    std::vector<RowRun> runs;
    for (std::size_t i = 0; i < count; ++i) {
        if (!wanted(i)) {
            continue;
        }
        const int row = int(i);
        if (!runs.empty() && runs.back().last + 1 == row) {
            runs.back().last = row;
        } else {
            runs.push_back({row, row});
        }
    }
    return runs;
}

} // namespace

SequenceDiff diffSequences(std::span<const std::uint64_t> before,
                           std::span<const std::uint64_t> after)
{
    SequenceDiff diff;
    if (std::ranges::equal(before, after)) {
        return diff; // nearly every snapshot
    }
    std::unordered_map<std::uint64_t, int> oldRow;
    oldRow.reserve(before.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
        oldRow.emplace(before[i], int(i));
    }
    std::vector<bool> survives(before.size(), false);
    std::vector<int> survivors; // old rows in new order
    std::vector<bool> isNew(after.size(), false);
    survivors.reserve(after.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
        if (const auto found = oldRow.find(after[i]); found != oldRow.end()) {
            survives[std::size_t(found->second)] = true;
            survivors.push_back(found->second);
        } else {
            isNew[i] = true;
        }
    }
    diff.removed = runsWhere(before.size(), [&](std::size_t i) { return !survives[i]; });
    std::ranges::reverse(diff.removed);
    diff.inserted = runsWhere(after.size(), [&](std::size_t i) { return bool(isNew[i]); });

    if (!std::ranges::is_sorted(survivors)) {
        std::vector<int> afterRemoval(before.size(), 0);
        int row = 0;
        for (std::size_t i = 0; i < before.size(); ++i) {
            afterRemoval[i] = row;
            row += survives[i] ? 1 : 0;
        }
        diff.order.reserve(survivors.size());
        for (const int old : survivors) {
            diff.order.push_back(afterRemoval[std::size_t(old)]);
        }
    }
    return diff;
}

} // namespace watchfire::ui
