// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"
#include "core/tsdb/codec/kernels.h"
#include "core/tsdb/codec/segment.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

namespace watchfire::tsdb {

namespace {

std::unexpected<Error> broken(const char* what)
{
    return fail(ErrorKind::corrupt, std::string("column segment: ") + what);
}

bool holdsStale(std::span<const double> values)
{
    std::uint64_t found = 0;
    for (const double value : values) {
        found |= static_cast<std::uint64_t>(isStaleMarker(value));
    }
    return found != 0;
}

/// Chained: what was decoded are the differences to `previous`.
bool addPrevious(std::span<double> out, std::span<const double> previous)
{
    if (previous.size() != out.size()) {
        return false;
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] += previous[i];
    }
    return true;
}

struct Packed {
    PackedHead head;
    bool chained = false;
    ByteView exceptions; ///< 10 bytes each
    ByteView frames; ///< and what follows them
};

/// Everything before the frames.
std::optional<Packed> parsePacked(ByteView data)
{
    ByteReader reader(data);
    const auto header = reader.le<std::uint8_t>();
    Packed packed;
    packed.head.predictor = header >> 2 & 3U;
    packed.head.bits = (header & 0x10) != 0;
    packed.chained = (header & 0x80) != 0;
    if (!packed.head.bits) {
        packed.head.exponent = reader.le<std::uint8_t>();
    }
    packed.head.scale = packed.head.bits ? 0 : 1;
    if ((header & 0x20) != 0) {
        packed.head.scale = reader.varint();
    }
    packed.head.base = static_cast<std::uint64_t>(unzigzag(reader.varint()));
    if ((header & 0x40) != 0) {
        const std::size_t count = reader.le<std::uint8_t>();
        if (count > maxExceptions) {
            return std::nullopt;
        }
        packed.exceptions = reader.bytes(count * 10);
    }
    packed.frames = reader.rest();
    const bool scaleFits = packed.head.bits ? packed.head.scale < 64 : packed.head.scale != 0;
    if (!reader.ok() || packed.head.exponent > maxExponent || !scaleFits) {
        return std::nullopt;
    }
    return packed;
}

Result<SegmentFacts> decodePacked(ByteView data, std::span<double> out,
                                  std::span<const double> previous, std::size_t encoded)
{
    const std::optional<Packed> packed = parsePacked(data);
    if (!packed) {
        return broken("its head is not one");
    }
    const std::uint8_t* const from = packed->frames.data();
    const std::uint8_t* const after = bestKernels().unpackDoubles(
        packed->head, from, from + packed->frames.size(), out.size(), out.data());
    if (after == nullptr) {
        return broken("a frame does not fit");
    }
    SegmentFacts facts;
    facts.bytes = out.size() == encoded ? static_cast<std::size_t>(after - data.data()) : 0;
    facts.mayHoldStale = packed->head.bits && holdsStale(out);
    for (ByteReader reader(packed->exceptions); !reader.atEnd();) {
        const auto index = reader.le<std::uint16_t>();
        const double value = reader.f64();
        if (index >= encoded) {
            return broken("an exception lies outside");
        }
        if (index < out.size()) {
            out[index] = value;
            facts.mayHoldStale = facts.mayHoldStale || isStaleMarker(value);
        }
    }
    if (packed->chained && !addPrevious(out, previous)) {
        return broken("the series it builds on is not there");
    }
    return facts;
}

Result<SegmentFacts> decodeConstant(ByteView data, std::span<double> out,
                                    std::span<const double> previous)
{
    ByteReader reader(data);
    const auto header = reader.le<std::uint8_t>();
    double value = 0;
    if ((header & 3) == 0) {
        const unsigned exponent = header >> 2 & 15U;
        value = static_cast<double>(unzigzag(reader.varint())) / powersOfTen[exponent];
    } else {
        value = reader.f64();
    }
    if (!reader.ok()) {
        return broken("it ends early");
    }
    std::ranges::fill(out, value);
    if ((header & 3) == 0 && (header & 0x40) != 0 && !addPrevious(out, previous)) {
        return broken("the series it builds on is not there");
    }
    return SegmentFacts{data.size() - reader.left(), false, isStaleMarker(value)};
}

Result<SegmentFacts> decodeRaw(ByteView data, std::span<double> out, std::size_t encoded)
{
    const std::size_t bytes = 1 + encoded * sizeof(double);
    if (data.size() < bytes) {
        return broken("it ends early");
    }
    std::memcpy(out.data(), data.data() + 1, out.size_bytes());
    return SegmentFacts{bytes, false, holdsStale(out)};
}

ExtKind extKind(std::uint8_t header)
{
    return static_cast<ExtKind>(header >> 2 & 7U);
}

/// Segments that hold a value at every place.
Result<SegmentFacts> decodePresent(ByteView data, std::span<double> out,
                                   std::span<const double> previous, std::size_t encoded)
{
    if (data.empty()) {
        return broken("it is empty");
    }
    switch (static_cast<SegmentKind>(data[0] & 3)) {
    case SegmentKind::constDecimal:
    case SegmentKind::constBits:
        return decodeConstant(data, out, previous);
    case SegmentKind::packed:
        return decodePacked(data, out, previous, encoded);
    case SegmentKind::ext:
        break;
    }
    if (extKind(data[0]) == ExtKind::raw) {
        return decodeRaw(data, out, encoded);
    }
    return broken("floats expected");
}

} // namespace

Result<SegmentFacts> decodeSegment(ByteView data, std::span<double> out,
                                   std::span<const double> previous, std::size_t encoded)
{
    const std::size_t n = encoded == 0 ? out.size() : encoded;
    WF_CHECK(!out.empty() && n <= maxSegmentValues);
    WF_CHECK(out.size() == n || (out.size() < n && out.size() % frameValues == 0));
    if (data.empty() || (data[0] & 3) != static_cast<unsigned>(SegmentKind::ext)) {
        return decodePresent(data, out, previous, n);
    }
    if (extKind(data[0]) == ExtKind::absent) {
        std::ranges::fill(out, absentValue());
        return SegmentFacts{1, true, false};
    }
    if (extKind(data[0]) != ExtKind::presence) {
        return decodePresent(data, out, previous, n);
    }
    const std::size_t bitmapBytes = (n + 7) / 8;
    if (data.size() < 1 + bitmapBytes) {
        return broken("it ends early");
    }
    const ByteView bitmap = data.subspan(1, bitmapBytes);
    std::size_t count = 0;
    for (const std::uint8_t byte : bitmap) {
        count += static_cast<std::size_t>(std::popcount(byte));
    }
    if (count == 0 || count > n || (n % 8 != 0 && bitmap.back() >> n % 8 != 0)) {
        return broken("its presence bitmap does not fit");
    }
    double present[maxSegmentValues];
    auto facts = decodePresent(data.subspan(1 + bitmapBytes), {present, count}, {}, count);
    if (!facts) {
        return facts;
    }
    std::size_t next = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = (bitmap[i / 8] >> i % 8 & 1) != 0 ? present[next++] : absentValue();
    }
    facts->bytes += 1 + bitmapBytes;
    facts->mayHoldAbsent = true;
    return facts;
}

Result<std::size_t> decodeIntegers(ByteView data, std::span<std::int64_t> out)
{
    WF_CHECK(!out.empty() && out.size() <= maxSegmentValues);
    if (data.empty()) {
        return broken("it is empty");
    }
    const std::uint8_t header = data[0];
    switch (static_cast<SegmentKind>(header & 3)) {
    case SegmentKind::constDecimal:
    case SegmentKind::constBits: {
        ByteReader reader(data.subspan(1));
        const bool decimal = (header & 3) == 0;
        const std::int64_t value = decimal ? unzigzag(reader.varint())
                                           : static_cast<std::int64_t>(reader.le<std::uint64_t>());
        if (!reader.ok() || header >> 2 != 0) {
            return broken("its integer is not one");
        }
        std::ranges::fill(out, value);
        return data.size() - reader.left();
    }
    case SegmentKind::packed: {
        const std::optional<Packed> packed = parsePacked(data);
        if (!packed || packed->head.exponent != 0 || packed->chained
            || !packed->exceptions.empty()) {
            return broken("its head is not one of integers");
        }
        const std::uint8_t* const from = packed->frames.data();
        const std::uint8_t* const after = bestKernels().unpackIntegers(
            packed->head, from, from + packed->frames.size(), out.size(), out.data());
        if (after == nullptr) {
            return broken("a frame does not fit");
        }
        return static_cast<std::size_t>(after - data.data());
    }
    case SegmentKind::ext:
        break;
    }
    if (extKind(header) != ExtKind::raw || data.size() < 1 + out.size_bytes()) {
        return broken("integers expected");
    }
    std::memcpy(out.data(), data.data() + 1, out.size_bytes());
    return 1 + out.size_bytes();
}

} // namespace watchfire::tsdb
