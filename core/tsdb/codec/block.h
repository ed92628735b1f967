// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/codec/column.h"
#include "core/tsdb/codec/strip.h"

#include <optional>
#include <span>

namespace watchfire::tsdb {

// A block: the columns of one group in a sealed window, for consecutive series. On disk: do not
// renumber.
//
//   header 32: magic "WB" 2; version 1; flags 1 (1 wide); CRC-32C 4 (of all bytes but its own);
//   win 4; first sid 4; series u16; segments per series u16; body bytes 4; gid 4; CRC-32C
//   of the group's timeline 4;
//   directory per series: sid − first sid u16, end of its body u16 (u32 if wide: a single
//   oversized series gets a wide block alone);
//   body per series: (segments − 1) u16 segment lengths (u32 if wide), then the segments.
//   Segment i holds rows 512·i and on of the group's timeline. Little-endian.

inline constexpr std::uint8_t blockVersion = 1;
inline constexpr std::size_t blockHeaderBytes = 32;
/// 16 pages less LMDB's overflow header.
inline constexpr std::size_t maxBlockBytes = 65'520;
/// A chain of differences between series restarts after so many, and at a block's start.
inline constexpr std::size_t maxChainLength = 16;

/// On disk: do not renumber.
enum BlockFlags : std::uint8_t { wideBlock = 1 };

/// Builds the value of one block. Used by one thread.
class BlockBuilder {
public:
    /// `lineCrc`: of the timeline whose rows the columns have. `segments`: of every series, at
    /// least 1.
    BlockBuilder(std::uint32_t window, std::uint32_t gid, std::uint32_t lineCrc,
                 std::size_t segments);

    bool isEmpty() const { return m_sids.empty(); }
    /// The first series; the block is not empty.
    std::uint32_t firstSid() const { return m_sids.front(); }
    /// Whether a series with segments of that many bytes together can be added. An empty block
    /// takes any.
    bool fits(std::uint32_t sid, std::size_t segmentBytes) const;
    /// By ascending sid. `ends`: where in `bytes` each of the segments ends.
    void add(std::uint32_t sid, ByteView bytes, std::span<const std::uint32_t> ends);
    /// The finished value; the builder is empty then.
    Bytes finish();

private:
    std::uint32_t m_window;
    std::uint32_t m_gid;
    std::uint32_t m_lineCrc;
    std::size_t m_segments;
    std::vector<std::uint32_t> m_sids;
    std::vector<std::uint32_t> m_bodyEnds;
    Bytes m_bodies;
    bool m_isWide = false;
};

/// Reads a block in place: a view of bytes that must outlive it. Const functions from any
/// thread.
class BlockView {
public:
    /// As StripView::open.
    static Result<BlockView> open(ByteView value, Verify verify = Verify::yes);

    std::uint32_t window() const { return m_window; }
    std::uint32_t gid() const { return m_gid; }
    /// CRC of the timeline that tells the times of its rows.
    std::uint32_t lineCrc() const { return m_lineCrc; }
    std::size_t series() const { return m_series; }
    std::size_t segments() const { return m_segments; }
    /// sid of the series at that index of the directory, index < series().
    std::uint32_t sid(std::size_t index) const;
    /// Where that series is in the directory, if it is.
    std::optional<std::size_t> find(std::uint32_t sid) const;

    /// Decodes one segment of the series at `index`. `out` has as many places as the segment has
    /// rows; for the first of them only, a multiple of frameValues, with `rows` telling how many
    /// there are. `previous`: the same rows of the series at `index` − 1 where they are known;
    /// else those before it in its chain are decoded first.
    Result<SegmentFacts> read(std::size_t index, std::size_t segment, std::span<double> out,
                              ColumnExtras& extras, std::span<const double> previous = {},
                              std::size_t rows = 0) const;
    /// Whether the segment holds differences to the series before it in the block.
    bool isChained(std::size_t index, std::size_t segment) const;

private:
    BlockView() = default;
    std::uint32_t bodyEnd(std::size_t index) const;
    Result<SegmentFacts> readOne(std::size_t index, std::size_t segment, std::span<double> out,
                                 ColumnExtras& extras, std::span<const double> previous,
                                 std::size_t rows) const;
    /// Bytes of the segment alone; empty when the lengths do not fit.
    ByteView segment(std::size_t index, std::size_t segment) const;

    std::uint32_t m_window = 0;
    std::uint32_t m_gid = 0;
    std::uint32_t m_lineCrc = 0;
    std::uint32_t m_firstSid = 0;
    std::uint16_t m_series = 0;
    std::uint16_t m_segments = 0;
    bool m_wide = false;
    ByteView m_directory;
    ByteView m_bodies;
};

} // namespace watchfire::tsdb
