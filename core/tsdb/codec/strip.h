// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/codec/column.h"

#include <optional>

namespace watchfire::tsdb {

// A strip: the rows of one group since the last one, by column. On disk: do not renumber.
//
//   magic "WS" 2; version 1; flags 1 (1 late, 2 wide directory); CRC-32C 4; gid 4; rows u16;
//   series count u32; varint length of the timestamps' segment, the segment (ms since the
//   epoch); directory: first sid u32, per series u16 sid − first sid, u16 end of its segment
//   (wide: u32 both); segments, in the order of the directory.
//   Ends count from the first segment. The CRC is of all bytes but its own. Little-endian.

inline constexpr std::uint8_t stripVersion = 1;
inline constexpr std::size_t maxStripRows = maxSegmentValues;

/// Builds the value of one strip. Used by one thread.
class StripBuilder {
public:
    /// 1 to 512 timestamps, ms since the epoch. `late`: out-of-order samples.
    StripBuilder(std::uint32_t gid, std::span<const std::int64_t> timestamps, bool late = false);

    /// Each series once, by ascending sid; as many values as timestamps.
    void add(std::uint32_t sid, const ColumnInput& column, EncodeHint& hint);
    std::size_t series() const { return m_sids.size(); }
    /// Bytes of the segments so far.
    std::size_t segmentBytes() const { return m_segments.size(); }
    /// The finished value. The builder is done then.
    Bytes finish();

private:
    std::uint32_t m_gid;
    bool m_late;
    std::vector<std::int64_t> m_timestamps;
    std::vector<std::uint32_t> m_sids;
    std::vector<std::uint32_t> m_ends;
    Bytes m_segments;
};

enum class Verify : bool { no, yes }; ///< whether to check the CRC

/// Reads a strip in place: a view of bytes that must outlive it. Const functions from any
/// thread.
class StripView {
public:
    /// Checks header and directory bounds; ErrorKind::corrupt where they do not fit,
    /// ErrorKind::unsupported for a version not known.
    static Result<StripView> open(ByteView value, Verify verify = Verify::yes);

    std::uint32_t gid() const { return m_gid; }
    bool isLate() const { return m_late; }
    std::size_t rows() const { return m_rows; }
    std::size_t series() const { return m_series; }
    /// `out` has rows() places; ms since the epoch.
    Result<void> timestamps(std::span<std::int64_t> out) const;
    /// sid of the series at that index of the directory, index < series().
    std::uint32_t sid(std::size_t index) const;
    /// Where that series is in the directory, if it is.
    std::optional<std::size_t> find(std::uint32_t sid) const;
    /// The bytes of its segment, and all that follow in the value: what decodeColumn likes.
    /// Empty when the directory is broken there.
    ByteView segment(std::size_t index) const;
    /// Decodes the series at `index`; `out` has rows() places.
    Result<SegmentFacts> read(std::size_t index, std::span<double> out, ColumnExtras& extras) const;

private:
    StripView() = default;
    std::uint32_t end(std::size_t index) const;

    std::uint32_t m_gid = 0;
    std::uint32_t m_series = 0;
    std::uint32_t m_firstSid = 0;
    std::uint16_t m_rows = 0;
    bool m_late = false;
    bool m_wide = false;
    ByteView m_timestamps;
    ByteView m_directory; ///< after the first sid
    ByteView m_segments;
};

} // namespace watchfire::tsdb
