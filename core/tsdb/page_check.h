// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/tsdb/damage.h"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <vector>

namespace watchfire::tsdb {

struct PageCheck {
    /// Trees of more pages are passed over; all are looked at by default.
    std::uint64_t largestTree = std::numeric_limits<std::uint64_t>::max();
    /// The heads of big values too: a read for each of them.
    bool bigValues = true;
    /// The transaction whose state is looked at, which keeps its pages from being used again;
    /// none: the newest, and nobody may be writing.
    std::optional<std::uint64_t> transaction{};
};

/// Where the pages of a file are, and what is wrong with them.
struct PageReport {
    std::uint64_t inTables = 0; ///< with the table of tables, the free list itself and both heads
    std::uint64_t free = 0;
    std::uint64_t file = 0; ///< used at some time
    bool isWhole = true; ///< nothing was passed over
    std::vector<Damage> damage; ///< the first few
    /// The other head has the trees of one more transaction: LMDB wrote it back when the write of
    /// that head failed, or it was the newer one and its number is damaged.
    bool mayLackLast = false;

    /// In no table and not free: lost for ever. Of a whole report.
    std::uint64_t leaked() const { return file - inTables - free; }
};

/// Walks the trees of an LMDB file as LMDB would, and sees before it does whether every page is
/// what leads to it says: its number, kind and depth, its nodes within it and side by side, its
/// keys in order and within those above, no page used twice, as many pages and entries as are
/// recorded, and tables that are ours. LMDB itself looks at none of that, and follows damage out
/// of its map or past data. Reads the file and never maps it, so a bad sector is an error too.
///
/// Fails when the file cannot be read; damage is in the report.
Result<PageReport> checkPages(const std::filesystem::path& file, const PageCheck& check = {});

} // namespace watchfire::tsdb
