// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/index/index.h"
#include "core/tsdb/index/sid_set.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace watchfire::tsdb {

/// What one group is to have in the tables of a window once it is sealed there, and what goes.
struct SealedGroup {
    Window window = 0;
    Gid gid = 0;
    std::vector<std::pair<Sid, Bytes>> blocks; ///< by first sid; none: nothing of it is left
    Bytes line;
    SidSet live;
    SidSet gone; ///< had samples there, which were deleted
    std::uint64_t samples = 0;
    bool isFirst = false; ///< the group was not sealed in that window before
    std::vector<std::uint32_t> strips; ///< merged into the blocks
    std::vector<Sid> oldBlocks; ///< first sids of those to be replaced
    std::uint64_t oldBytes = 0; ///< strips and blocks that go
    std::vector<std::uint32_t> deletions; ///< numbers of those that have been followed
    std::uint64_t deletedSamples = 0;
};

/// Merges a group's strips in a window, and the blocks it has there, into blocks: columns of 512
/// rows, buckets of a histogram as differences to the bucket before, deleted samples left out.
/// Nothing: there are neither strips nor deletions. A strip that is damaged stays where it is, for
/// people to look at. Within one read transaction, from any thread.
///
/// Fails with ErrorKind::corrupt when the blocks there cannot be read: then all stays as it is.
Result<std::optional<SealedGroup>> mergeWindow(Environment& environment, const NameTablePtr& names,
                                               Window window, Gid gid);

/// Groups that have strips in that window, ascending.
Result<std::vector<Gid>> groupsWithStrips(Environment& environment, Window window);

} // namespace watchfire::tsdb
