// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>

namespace watchfire::tsdb {

class Store;

struct SalvageReport {
    std::uint64_t leafPages = 0;
    std::uint64_t series = 0; ///< with a label set
    std::uint64_t samples = 0; ///< brought over
    std::uint64_t parts = 0; ///< strips and blocks that were whole
    std::uint64_t damaged = 0; ///< of those, what could not be decoded
    std::uint64_t strangers = 0; ///< samples of series whose labels are lost
};

/// Brings what can be read of a store's file into another, new store: every value that its
/// checksum says is whole, though no tree leads to it. What was deleted or dropped shortly before
/// may come back with it; rows that were in the journal alone do not. Reads the file only.
Result<SalvageReport> salvage(const std::filesystem::path& file, Store& into);

} // namespace watchfire::tsdb
