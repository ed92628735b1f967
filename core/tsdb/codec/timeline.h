// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/codec/strip.h"

namespace watchfire::tsdb {

// A timeline: when a group had rows in a window. On disk: do not renumber.
//
//   magic "WL" 2; version 1; flags 1 (0); CRC-32C 4 (of all bytes but its own); gid 4;
//   rows u32; per 512 rows a u16 length of its segment; the segments (ms since the epoch).
//   Segment i holds rows 512·i and on, as segment i of every series in the window's blocks.

inline constexpr std::uint8_t timelineVersion = 1;

/// `timestamps` ascending, at least one.
Bytes encodeTimeline(std::uint32_t gid, std::span<const std::int64_t> timestamps);

/// Reads a timeline in place: a view of bytes that must outlive it.
class TimelineView {
public:
    static Result<TimelineView> open(ByteView value, Verify verify = Verify::yes);

    std::uint32_t gid() const { return m_gid; }
    std::size_t rows() const { return m_rows; }
    std::size_t segments() const { return (m_rows + maxSegmentValues - 1) / maxSegmentValues; }
    /// Rows of segment i, i < segments().
    std::size_t segmentRows(std::size_t i) const;
    /// Decodes segment i into segmentRows(i) places.
    Result<void> readSegment(std::size_t i, std::span<std::int64_t> out) const;
    /// Decodes all, rows() places.
    Result<void> read(std::span<std::int64_t> out) const;

private:
    TimelineView() = default;

    std::uint32_t m_gid = 0;
    std::uint32_t m_rows = 0;
    ByteView m_lengths;
    ByteView m_segments;
};

} // namespace watchfire::tsdb
