// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/sequence_diff.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace watchfire::ui {

/// How a model tells its views that one long list has become another, in few announcements: a
/// view may do its whole layout again at each of them.
///
/// Where little has come and gone and nothing has moved, `runs` has it. Else what goes is first
/// moved to the end (`gather`) and removed there; what comes is appended and then moved to its
/// place (`scatter`): at most four announcements, whatever has changed.
struct RowsChange {
    SequenceDiff runs;
    bool isScattered = false;
    std::vector<int> gather; ///< old row of each row, in the gathered order; empty: as they stand
    int survivors = 0; ///< rows that stay
    /// Where each new row stood among survivors and appended ones; empty: as they stand. Appended
    /// ones are in their new order.
    std::vector<int> scatter;

    bool empty() const { return runs.empty() && !isScattered; }
};

/// Linear in the two lengths. Ids must be distinct within each sequence.
RowsChange changeOfRows(std::span<const std::uint64_t> before,
                        std::span<const std::uint64_t> after);

} // namespace watchfire::ui
