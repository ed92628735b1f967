// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace watchfire::ui {

/// Rows `first` to `last`, both inclusive.
struct RowRun {
    int first = 0;
    int last = 0;
    friend bool operator==(const RowRun&, const RowRun&) = default;
};

/// The steps from one sequence of distinct ids to another, in the order a model announces them:
/// removals, then one reordering of the survivors, then insertions.
struct SequenceDiff {
    /// In positions of the old sequence, from the back, so that each stays right after the last.
    std::vector<RowRun> removed;
    /// Where each survivor stood (after the removals), in new order; empty: they did not move.
    std::vector<int> order;
    /// In positions of the new sequence, from the front.
    std::vector<RowRun> inserted;

    bool empty() const { return removed.empty() && order.empty() && inserted.empty(); }
};

/// Linear in the two lengths. Ids must be distinct within each sequence.
SequenceDiff diffSequences(std::span<const std::uint64_t> before,
                           std::span<const std::uint64_t> after);

} // namespace watchfire::ui
