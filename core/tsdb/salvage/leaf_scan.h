// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace watchfire::tsdb {

/// Visits the entries of every page of an LMDB file that looks like a leaf, whether a tree leads
/// to it or not: those of damaged trees, and of older versions whose pages were not used again.
/// What it yields may be anything; callers know by checksums what is theirs. Never reads outside
/// the file. `offset` is where the value stands in the file. Returns the number of leaf pages.
using VisitEntry = std::function<void(ByteView key, ByteView value, std::uint64_t offset)>;
Result<std::uint64_t> scanLeaves(const std::filesystem::path& file, const VisitEntry& visit);

} // namespace watchfire::tsdb
