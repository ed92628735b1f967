// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/codec/journal_frame.h"

#include <cstdint>
#include <span>
#include <vector>

namespace watchfire::tsdb {

// Beside the frames of codec/journal_frame.h. On disk: do not renumber.
//
//   STRIP (10)  gid varint; positions varint; flags u8 (1 = compacted); if compacted: varint
//               count of runs, per run first kept position varint, length varint
//               The group's next row begins a strip. `positions` is how many there were
//               before; compacted, only the kept ones remain, in their order.
//
// Frames that the journal holds have consecutive numbers: ROW, SPARSE, HIST, LATE, STARTS,
// STRIP. The others are in the hand-off ring only (a commit writes what they say into its
// tables) and use no number.

inline constexpr auto stripFrame = FrameType{10};

/// The journal holds frames of that type, and so they are numbered.
constexpr bool isNumbered(FrameType type)
{
    switch (type) {
    case FrameType::row:
    case FrameType::sparse:
    case FrameType::histogram:
    case FrameType::late:
    case FrameType::starts:
        return true;
    case FrameType::series:
    case FrameType::exemplar:
    case FrameType::metadata:
    case FrameType::group:
        return false;
    }
    return type == stripFrame;
}

struct StripFrame {
    std::uint32_t gid = 0;
    std::size_t positions = 0;
    bool compacted = false;
    std::vector<std::uint32_t> kept; ///< positions that remain, when compacted
};

void encodeStripFrame(const StripFrame& frame, Bytes& out);
Result<StripFrame> parseStripFrame(ByteView body);

/// How many numbers the frames of a batch use.
std::uint64_t countNumbered(ByteView frames);

} // namespace watchfire::tsdb
