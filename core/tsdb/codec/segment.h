// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/model/sample.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace watchfire::tsdb {

// A column segment: 1 to 512 values of one series, self-contained; how many is known from
// elsewhere (the rows of the strip, the timeline of the block). On disk: do not renumber.
//
//   byte 0, bits 0–1   kind
//     0 CONST-DEC      bits 2–5 exponent e, bit 6 chained; zigzag varint d; every value d/10^e
//     1 CONST-BITS     8 bytes: the bits of every value
//     2 PACKED         bits 2–3 predictor, 4 domain (1: bits), 5 scale, 6 exceptions, 7 chained
//     3 EXT            bits 2–4: what kind (ExtKind)
//   PACKED continues:  e u8 (decimal only); scale varint (if present); base zigzag varint;
//     exceptions (if present): u8 count ≤ 16, then per exception u16 index, 8 bytes of the
//     value; frames of 64 residuals:
//       [predictor 3: reference, zigzag varint]; u8: width w in bits 0–6, bit 7 patches;
//       [u8 patch count]; ⌈m·w/8⌉ bytes, little-endian, least significant bit first;
//       per patch u8 index in the frame, varint of the bits above w
//
//   With x the prediction target: decimal value = (base + x·scale) / 10^e; bits value =
//   base + (x << scale). Predictor 0: x is the residual, base the minimum; 1: residuals are
//   zigzag differences; 2: zigzag differences of differences; 3: differences less the frame's
//   reference. For 1 to 3 base is the first value and the first residual 0. All arithmetic is
//   on unsigned 64-bit numbers with wrap-around.
//   Chained (blocks only): what is encoded is the difference to the series before.
//
// A segment of integers (timestamps) has the same form; its decimal domain has e = 0, and its
// bits domain holds the two's complement of values of 2^51 and beyond.

inline constexpr std::size_t maxSegmentValues = 512;
inline constexpr std::size_t frameValues = 64;
inline constexpr std::size_t maxExceptions = 16;
inline constexpr unsigned maxExponent = 15;

/// On disk: do not renumber.
enum class SegmentKind : std::uint8_t { constDecimal = 0, constBits = 1, packed = 2, ext = 3 };
/// On disk: do not renumber.
enum class ExtKind : std::uint8_t {
    absent = 0, ///< no value is present
    presence = 1, ///< bitmap ⌈n/8⌉, then a segment of the present values
    histogram = 2, ///< see column.h
    raw = 3, ///< n × 8 bytes
    startTimes = 4 ///< see column.h
};

/// What the encoder remembers of a series from one segment to the next: where to look first
/// for its decimal exponent. Any value is right; a good one is faster.
struct EncodeHint {
    static constexpr std::uint8_t bitsDomain = 16;
    std::uint8_t exponent = 0;
};

/// Appends one segment to `out`. 1 to 512 values; absentValue() marks a place without a
/// sample; every other pattern of bits comes back as it is.
void encodeSegment(std::span<const double> values, Bytes& out, EncodeHint& hint);

/// Appends a chained segment: differences to `previous` (same size), the series before in the
/// block. Returns false, with nothing appended, where that cannot be exact: every value of both
/// must be an integer below 2^50 in magnitude, −0 not among them.
bool encodeChainedSegment(std::span<const double> values, std::span<const double> previous,
                          Bytes& out);

/// In the first byte of EXT START-TIMES: the values behind them are chained.
inline constexpr std::uint8_t startsOfChained = 0x20;

/// Whether the first byte of a segment says that it is chained.
constexpr bool isChainedSegment(std::uint8_t header)
{
    switch (static_cast<SegmentKind>(header & 3U)) {
    case SegmentKind::constDecimal:
        return (header & 0x40) != 0;
    case SegmentKind::constBits:
        return false;
    case SegmentKind::packed:
        return (header & 0x80) != 0;
    case SegmentKind::ext:
        return static_cast<ExtKind>(header >> 2 & 7U) == ExtKind::startTimes
            && (header & startsOfChained) != 0;
    }
    return false;
}

/// Appends a segment of 1 to 512 integers, any of them.
void encodeIntegers(std::span<const std::int64_t> values, Bytes& out);

/// What a decoder saw on its way.
struct SegmentFacts {
    std::size_t bytes = 0; ///< length of the segment; 0: it was not read to its end
    bool mayHoldAbsent = false; ///< false: no value is absentValue()
    bool mayHoldStale = false; ///< false: no value is a staleness marker
};

/// Decodes the segment at the front of `data`, which may go on behind it (and then decoding is
/// quicker). `out` has as many values as were encoded; `previous`, those of the series before,
/// is needed for chained segments only. Where only the first values are wanted, `encoded` tells
/// how many there are, and `out` has a multiple of frameValues. Fails with ErrorKind::corrupt on
/// bytes no encoder makes, as far as that can be told; never reads outside `data`. Histograms and
/// start times are refused: see column.h.
Result<SegmentFacts> decodeSegment(ByteView data, std::span<double> out,
                                   std::span<const double> previous = {}, std::size_t encoded = 0);

/// Decodes a segment of integers at the front of `data`; returns its length in bytes.
Result<std::size_t> decodeIntegers(ByteView data, std::span<std::int64_t> out);

} // namespace watchfire::tsdb
