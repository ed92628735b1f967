// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/codec/segment.h"

namespace watchfire::tsdb {

// A block: the columns of a closed window for consecutive series. On disk: do not renumber.
//
//   header 32: magic "WB" 2; version 1; flags 1 (1 wide directory); CRC-32C 4 (of all bytes
//   but its own); win 4; first sid 4; series u16; segments per series u16; body bytes 4;
//   reserved 8 (0);
//   directory per series: sid − first sid u16, end of its body u16 (u32 if wide: a single
//   oversized series gets a wide block alone);
//   body per series: (segments − 1) u16 segment lengths, then the segments.
//   Segment i holds rows 512·i and on of the group's timeline. Little-endian.

inline constexpr std::uint8_t blockVersion = 1;
inline constexpr std::size_t blockHeaderBytes = 32;
/// 16 pages less LMDB's overflow header.
inline constexpr std::size_t maxBlockBytes = 65'520;
/// A chain of differences between series restarts after so many, and at a block's start.
inline constexpr std::size_t maxChainLength = 16;

/// On disk: do not renumber.
enum BlockFlags : std::uint8_t { wideBlock = 1 };

} // namespace watchfire::tsdb
