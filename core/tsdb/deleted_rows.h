// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/environment.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace watchfire::tsdb {

// Table tomb: window 4; gid 4; number 4 → samples deleted of one group in one window, until the
// group is merged there without them. On disk: do not renumber.
//
//   version u8 (1); before strip u32; from, to i64 (ms, both inclusive); runs of sids: varint
//   count, per run first varint, length varint

/// Blocks of the window, and strips numbered below `beforeSeq`, lack the samples of these series
/// at these times. Later strips do not: what is written anew stays.
struct Deletion {
    std::uint32_t beforeSeq = 0;
    std::int64_t fromMs = 0;
    std::int64_t toMs = 0;
    std::vector<std::pair<Sid, Sid>> series; ///< first and last of each run, ascending

    bool covers(Sid sid) const;
    Bytes serialize() const;
    static std::optional<Deletion> parse(ByteView value);
};

/// Deletions of one group in one window.
class Deletions {
public:
    /// For blocks.
    static constexpr std::uint32_t anySeq = 0;

    static Result<Deletions> load(Txn& txn, Window window, Gid gid);

    bool empty() const { return m_all.empty(); }
    /// Their numbers in the table.
    const std::vector<std::uint32_t>& numbers() const { return m_numbers; }
    bool isDeleted(std::uint32_t seq, Sid sid, std::int64_t atMs) const;
    /// Puts absentValue() where samples were deleted: `values` stand at `times`, ms since the
    /// epoch. Returns how many went.
    std::size_t mask(std::uint32_t seq, Sid sid, std::span<const std::int64_t> times,
                     std::span<double> values) const;

private:
    std::vector<Deletion> m_all;
    std::vector<std::uint32_t> m_numbers;
};

} // namespace watchfire::tsdb
