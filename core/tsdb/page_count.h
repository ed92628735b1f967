// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>

namespace watchfire::tsdb {

/// Where the pages of a store's file are.
struct PageCount {
    std::uint64_t inTables = 0; ///< with the table of tables, the free list itself and both heads
    std::uint64_t free = 0;
    std::uint64_t file = 0; ///< used at some time
    /// In no table and not free: lost for ever.
    std::int64_t leaked() const
    {
        return static_cast<std::int64_t>(file) - static_cast<std::int64_t>(inTables + free);
    }
};

/// Of the store in that folder, that nobody is writing to or has open in this process.
Result<PageCount> countPages(const std::filesystem::path& directory);

} // namespace watchfire::tsdb
