// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/histogram.h"
#include "core/tsdb/codec/segment.h"

#include <memory>
#include <utility>
#include <vector>

namespace watchfire::tsdb {

// What a column holds besides floats. On disk: do not renumber.
//
//   EXT START-TIMES    segment of n integers (ms since the epoch, 0 unknown), then a segment
//                      of the values: any kind but START-TIMES. Bit 5 of the first byte: that
//                      is chained
//   EXT PRESENCE       as in segment.h; may hold HISTOGRAM
//   EXT HISTOGRAM      runs until n rows are covered: varint length·2 + (1: histograms), then
//     floats:          a segment of them: CONST, PACKED or RAW
//     histograms:      schema zigzag varint; zero threshold 8 bytes;
//                      positive, negative spans: varint count, per span offset zigzag varint,
//                      length varint; positive, negative bucket counts varint; custom bounds:
//                      varint count, 8 bytes each;
//                      reset hints, 2 bits a row, least significant first, ⌈rows/4⌉ bytes;
//                      segments of the rows' count, zero count, sum, each positive and each
//                      negative bucket
//   A new run starts where any of schema, threshold, spans or bounds differs, at a float, and
//   after 512 rows.

/// A histogram and the row it stands in.
using HistogramAt = std::pair<std::uint32_t, std::shared_ptr<const Histogram>>;

/// One series' samples over the rows of a strip or block segment.
struct ColumnInput {
    /// 1 to 512; absentValue() where there is no sample, histogramMarker() where a histogram is.
    std::span<const double> values;
    /// One for each histogramMarker(), sorted by row.
    std::span<const HistogramAt> histograms;
    /// Empty, or parallel to `values`: ms since the epoch, 0 unknown. What stands at a place
    /// without a sample is not kept.
    std::span<const std::int64_t> startedAtMs;
};

/// Appends one segment to `out`.
void encodeColumn(const ColumnInput& column, Bytes& out, EncodeHint& hint);

/// Appends one whose values are differences to `previous`, as encodeChainedSegment does; false,
/// with nothing appended, where that cannot be. The column has no histograms.
bool encodeChainedColumn(const ColumnInput& column, std::span<const double> previous, Bytes& out);

/// What decodeColumn finds beside the floats. Made for storage::Column: rows are counted from
/// `firstRow`, so that segments follow one another.
struct ColumnExtras {
    std::uint32_t firstRow = 0;
    std::vector<HistogramAt> histograms; ///< appended to
    /// Untouched when the segment has no start times, else made at least firstRow + n long.
    std::vector<std::int64_t> startedAtMs;
};

/// As decodeSegment, for every kind of segment: `out` holds histogramMarker() where `extras`
/// gained a histogram; it may gain some of rows behind `out` too.
Result<SegmentFacts> decodeColumn(ByteView data, std::span<double> out, ColumnExtras& extras,
                                  std::span<const double> previous = {}, std::size_t encoded = 0);

/// One histogram alone, as the journal has it: a HISTOGRAM run of one row.
void encodeHistogram(const Histogram& histogram, Bytes& out);
Result<std::shared_ptr<const Histogram>> decodeHistogram(ByteView data);

} // namespace watchfire::tsdb
