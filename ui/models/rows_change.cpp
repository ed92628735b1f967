// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/rows_change.h"

#include <algorithm>
#include <unordered_map>

namespace watchfire::ui {

namespace {

/// More removals or insertions than this are told the other way.
constexpr std::size_t fewRuns = 16;

/// Nothing to tell where every row stays.
std::vector<int> unlessIdentity(std::vector<int> order)
{
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (order[i] != int(i)) {
            return order;
        }
    }
    return {};
}

} // namespace

RowsChange changeOfRows(std::span<const std::uint64_t> before, std::span<const std::uint64_t> after)
{
    RowsChange change;
    SequenceDiff diff = diffSequences(before, after);
    if (diff.order.empty() && diff.removed.size() <= fewRuns && diff.inserted.size() <= fewRuns) {
        change.runs = std::move(diff);
        return change;
    }
    change.isScattered = true;
    std::vector<bool> goes(before.size(), false);
    for (const RowRun& run : diff.removed) {
        std::fill(goes.begin() + run.first, goes.begin() + run.last + 1, true);
    }
    // Rows of the survivors as they stand, then in their new order.
    std::vector<int> staying;
    std::vector<int> gather;
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (!goes[i]) {
            staying.push_back(int(i));
        }
    }
    gather.reserve(before.size());
    for (std::size_t i = 0; i < staying.size(); ++i) {
        gather.push_back(staying[diff.order.empty() ? i : std::size_t(diff.order[i])]);
    }
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (goes[i]) {
            gather.push_back(int(i));
        }
    }
    change.survivors = int(staying.size());
    change.gather = unlessIdentity(std::move(gather));

    std::vector<int> scatter(after.size());
    int survivor = 0;
    int appended = change.survivors;
    std::size_t run = 0;
    for (std::size_t i = 0; i < after.size(); ++i) {
        while (run < diff.inserted.size() && diff.inserted[run].last < int(i)) {
            ++run;
        }
        const bool isNew = run < diff.inserted.size() && diff.inserted[run].first <= int(i);
        scatter[i] = isNew ? appended++ : survivor++;
    }
    change.scatter = unlessIdentity(std::move(scatter));
    return change;
}

} // namespace watchfire::ui
