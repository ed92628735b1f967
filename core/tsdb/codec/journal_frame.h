// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/model/exemplar.h"
#include "core/model/histogram.h"
#include "core/model/metadata.h"

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace watchfire::tsdb {

// What the journal and the hand-off ring hold. On disk: do not renumber.
//
//   journal record: magic "WJ" 2; version 1; flags 1 (0); CRC-32C 4 (of all bytes but its
//   own); first frame seq 8; frame count 4; reserved 4 (0); frames
//   frame: type u8; length of the body varint; body
//   body of
//     ROW      gid varint; ts i64; positions varint; flags u8 (1 = against zero); bitmap, one
//              bit a position, of those that changed; for these in order control nibbles, two
//              to a byte (low first) before the bytes of the first of the pair, and bytes.
//              Nibble 1–7: both values are integers below 2^51 (−0 is not); so many bytes of
//              the zigzag difference. 8–15: (nibble − 7) low bytes of the XOR of their bits.
//              Positions the previous row lacks count as zero bits there; absentValue() and
//              histogramMarker() stand for themselves, so their bits are on disk here.
//     SPARSE   gid varint; ts i64; count varint; per sample position varint, f64
//     SERIES   gid varint; sid varint; position varint; labels (ring only)
//     HIST     gid varint; ts i64; position varint; a HISTOGRAM run of one row (column.h)
//     EXEMPLAR gid varint; sid varint; ts i64 of the sample; f64; flag u8 (1: a time of its own
//              follows, i64); labels (ring only)
//     METADATA gid varint; family text; type u8; unit text; help text (ring only)
//     LATE     as SPARSE, for samples out of order
//     STARTS   gid varint; ts i64; count varint; per sample position varint, i64 ms (0 unknown).
//              Follows the frame of samples it belongs to. After a row that is the newest of its
//              strip: what is other than in the row before, of the first row all; where a
//              position has no sample nothing changes. After other samples: theirs alone.
//     GROUP    gid varint; identity labels (ring only)
//   labels: varint count, per label name and value as text; text: varint length, bytes

inline constexpr std::uint8_t journalVersion = 1;
inline constexpr std::size_t journalHeaderBytes = 24;

/// On disk: do not renumber.
enum class FrameType : std::uint8_t {
    row = 1,
    sparse = 2,
    series = 3,
    histogram = 4,
    exemplar = 5,
    metadata = 6,
    late = 7,
    starts = 8,
    group = 9
};

/// A frame as it lies in the buffer.
struct Frame {
    FrameType type = FrameType::row;
    ByteView body;
};

// ---- ROW -------------------------------------------------------------------------------

/// The head of a ROW body; `payload` is what decodeRow needs.
struct RowFrame {
    std::uint32_t gid = 0;
    std::int64_t atMs = 0;
    std::size_t positions = 0;
    bool againstZero = false;
    ByteView payload;
};

/// Appends a ROW frame. `previous` is the group's row before it in this record's reach, or
/// empty: against zero (always so for the first row after a strip).
void encodeRow(std::uint32_t gid, std::int64_t atMs, std::span<const double> row,
               std::span<const double> previous, Bytes& out);
/// What of the row differs from `previous`, as a ROW frame holds it: bitmap, nibbles and bytes.
/// Appends to `out`.
void packRow(std::span<const double> row, std::span<const double> previous, Bytes& out);
/// Fills `out`, which is as long as the row. `previous` as at packing; it may be the same memory
/// as `out`.
Result<void> unpackRow(ByteView packed, std::span<const double> previous, std::span<double> out);
/// Reads the head of a body.
Result<RowFrame> parseRow(ByteView body);
/// Fills `out`, which has frame.positions places. `previous` as at encoding; ignored when the
/// frame is against zero. It may be the same memory as `out`.
Result<void> decodeRow(const RowFrame& frame, std::span<const double> previous,
                       std::span<double> out);

// ---- the others ------------------------------------------------------------------------

struct PositionedValue {
    std::uint32_t position = 0;
    double value = 0;
    friend bool operator==(const PositionedValue&, const PositionedValue&) = default;
};
struct PositionedStart {
    std::uint32_t position = 0;
    std::int64_t startedAtMs = 0;
    friend bool operator==(const PositionedStart&, const PositionedStart&) = default;
};
struct SparseFrame { ///< SPARSE and LATE
    std::uint32_t gid = 0;
    std::int64_t atMs = 0;
    std::vector<PositionedValue> values;
};
struct SeriesFrame {
    std::uint32_t gid = 0;
    std::uint32_t sid = 0;
    std::uint32_t position = 0;
    Labels labels;
};
struct HistogramFrame {
    std::uint32_t gid = 0;
    std::int64_t atMs = 0;
    std::uint32_t position = 0;
    std::shared_ptr<const Histogram> histogram;
};
struct ExemplarFrame {
    std::uint32_t gid = 0;
    std::uint32_t sid = 0;
    std::int64_t atMs = 0; ///< of the sample
    Exemplar exemplar;
};
struct MetadataFrame {
    std::uint32_t gid = 0;
    FamilyMetadata metadata;
};
struct StartsFrame {
    std::uint32_t gid = 0;
    std::int64_t atMs = 0;
    std::vector<PositionedStart> starts;
};
struct GroupFrame {
    std::uint32_t gid = 0;
    Labels identity;
};

/// Each appends one frame to `out`.
void encodeSparse(FrameType sparseOrLate, std::uint32_t gid, std::int64_t atMs,
                  std::span<const PositionedValue> values, Bytes& out);
void encodeSeries(std::uint32_t gid, std::uint32_t sid, std::uint32_t position,
                  const Labels& labels, Bytes& out);
void encodeHistogramFrame(std::uint32_t gid, std::int64_t atMs, std::uint32_t position,
                          const Histogram& histogram, Bytes& out);
void encodeExemplar(std::uint32_t gid, std::uint32_t sid, std::int64_t atMs,
                    const Exemplar& exemplar, Bytes& out);
void encodeMetadata(std::uint32_t gid, const FamilyMetadata& metadata, Bytes& out);
void encodeStarts(std::uint32_t gid, std::int64_t atMs, std::span<const PositionedStart> starts,
                  Bytes& out);
void encodeGroup(std::uint32_t gid, const Labels& identity, Bytes& out);

/// Each reads a body; ErrorKind::corrupt where it is broken.
Result<SparseFrame> parseSparse(ByteView body);
Result<SeriesFrame> parseSeries(ByteView body);
Result<HistogramFrame> parseHistogram(ByteView body);
Result<ExemplarFrame> parseExemplar(ByteView body);
Result<MetadataFrame> parseMetadata(ByteView body);
Result<StartsFrame> parseStarts(ByteView body);
Result<GroupFrame> parseGroup(ByteView body);

/// The gid every body starts with; ErrorKind::corrupt where there is none.
Result<std::uint32_t> frameGid(ByteView body);

/// Walks frames: call `next` until `atEnd`. Frames of unknown type are yielded too, so
/// that a reader may skip them.
class FrameReader {
public:
    explicit FrameReader(ByteView frames)
        : m_rest(frames)
    {
    }
    bool atEnd() const { return m_rest.empty(); }
    Result<Frame> next();

private:
    ByteView m_rest;
};

// ---- journal record --------------------------------------------------------------------

struct JournalRecord {
    std::uint64_t firstSeq = 0;
    std::uint32_t frameCount = 0;
    ByteView frames;
};

/// Puts the header before `frames`.
Bytes encodeJournalRecord(std::uint64_t firstSeq, std::uint32_t frameCount, ByteView frames);
/// Checks magic, version and CRC.
Result<JournalRecord> parseJournalRecord(ByteView value);

} // namespace watchfire::tsdb
