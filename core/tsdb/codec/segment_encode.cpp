// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"
#include "core/tsdb/codec/kernels.h"
#include "core/tsdb/codec/segment.h"

#include <algorithm>
#include <bit>

namespace watchfire::tsdb {

namespace {

constexpr std::uint8_t extHeader(ExtKind kind)
{
    return static_cast<std::uint8_t>(3U | static_cast<unsigned>(kind) << 2);
}

std::uint64_t bitsOf(double value)
{
    return std::bit_cast<std::uint64_t>(value);
}

bool allSame(std::span<const double> values)
{
    const std::uint64_t first = bitsOf(values[0]);
    std::uint64_t differing = 0;
    for (const double value : values) {
        differing |= bitsOf(value) ^ first;
    }
    return differing == 0;
}

void putRaw(std::span<const double> values, Bytes& out)
{
    out.push_back(extHeader(ExtKind::raw));
    const auto* const from = reinterpret_cast<const std::uint8_t*>(values.data());
    out.insert(out.end(), from, from + values.size_bytes());
}

void putConstant(double value, Bytes& out)
{
    ByteWriter writer(out);
    const unsigned exact = bestKernels().exactExponents(value);
    if (exact == 0) {
        out.push_back(static_cast<std::uint8_t>(SegmentKind::constBits));
        writer.f64(value);
        return;
    }
    const auto exponent = static_cast<unsigned>(std::countr_zero(exact));
    std::int64_t d = 0;
    bestKernels().toDecimal(&value, 1, exponent, 0, &d);
    out.push_back(static_cast<std::uint8_t>(exponent << 2));
    writer.varint(zigzag(d));
}

/// Decimal exponents worth a try, one bit each: exact for all but one of a few values spread
/// over the segment. NaNs are no evidence: they become exceptions under any exponent.
unsigned likelyExponents(std::span<const double> values)
{
    constexpr std::size_t probes = 5;
    unsigned allExact = 0xFFFF;
    unsigned allButOne = 0xFFFF;
    for (std::size_t k = 0; k < probes; ++k) {
        const double value = values[k * (values.size() - 1) / (probes - 1)];
        if (value != value) {
            continue;
        }
        const unsigned exact = bestKernels().exactExponents(value);
        allButOne = (allButOne & exact) | allExact;
        allExact &= exact;
    }
    return allButOne;
}

/// Gives the places that have no mantissa the one before them (the first ones: the first there
/// is), so that they cost least, and lists their values. `bad` > 0 of the d are not exact.
void collectExceptions(std::span<const double> values, unsigned exponent, std::int64_t* d,
                       ExceptionalValue* exceptions)
{
    const double power = powersOfTen[exponent];
    std::size_t count = 0;
    std::int64_t last = 0;
    bool any = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (bitsOf(static_cast<double>(d[i]) / power) == bitsOf(values[i])) {
            if (!any) {
                std::fill(d, d + i, d[i]);
                any = true;
            }
            last = d[i];
        } else {
            exceptions[count++] = {static_cast<std::uint16_t>(i), bitsOf(values[i])};
            d[i] = last;
        }
    }
}

/// Present values, not all the same.
void putVarying(std::span<const double> values, Bytes& out, EncodeHint& hint)
{
    const Kernels& kernel = bestKernels();
    const std::size_t n = values.size();
    const std::size_t allowed = std::min(maxExceptions, std::max(std::size_t{1}, n / 32));
    std::int64_t d[maxSegmentValues];
    ExceptionalValue exceptions[maxExceptions];
    std::size_t exceptionCount = 0;
    unsigned exponent = EncodeHint::bitsDomain;

    const auto fits = [&](unsigned e) {
        const std::size_t bad = kernel.toDecimal(values.data(), n, e, allowed, d);
        if (bad > allowed || bad == n) {
            return false;
        }
        exceptionCount = bad;
        exponent = e;
        return true;
    };
    const unsigned remembered = hint.exponent;
    if (remembered > maxExponent || !fits(remembered)) {
        unsigned candidates = likelyExponents(values);
        if (remembered <= maxExponent) {
            candidates &= ~(1U << remembered);
        }
        while (candidates != 0 && !fits(static_cast<unsigned>(std::countr_zero(candidates)))) {
            candidates &= candidates - 1;
        }
    }
    hint.exponent = static_cast<std::uint8_t>(exponent);

    const bool bits = exponent == EncodeHint::bitsDomain;
    if (bits) {
        for (std::size_t i = 0; i < n; ++i) {
            d[i] = std::bit_cast<std::int64_t>(values[i]);
        }
    } else if (exceptionCount != 0) {
        collectExceptions(values, exponent, d, exceptions);
    }
    std::uint8_t room[packedRoom];
    const std::size_t size
        = kernel.pack(d, n, bits, bits ? 0 : exponent, exceptions, exceptionCount, room);
    if (size > 1 + values.size_bytes()) {
        putRaw(values, out);
    } else {
        out.insert(out.end(), room, room + size);
    }
}

void putPresent(std::span<const double> values, Bytes& out, EncodeHint& hint)
{
    if (allSame(values)) {
        putConstant(values[0], out);
    } else {
        putVarying(values, out, hint);
    }
}

} // namespace

void encodeSegment(std::span<const double> values, Bytes& out, EncodeHint& hint)
{
    const std::size_t n = values.size();
    WF_CHECK(n > 0 && n <= maxSegmentValues);
    std::size_t absent = 0;
    for (const double value : values) {
        absent += static_cast<std::size_t>(isAbsent(value));
    }
    if (absent == 0) {
        putPresent(values, out, hint);
        return;
    }
    if (absent == n) {
        out.push_back(extHeader(ExtKind::absent));
        return;
    }
    out.push_back(extHeader(ExtKind::presence));
    const std::size_t bitmap = out.size();
    out.resize(bitmap + (n + 7) / 8);
    double present[maxSegmentValues];
    std::size_t count = 0;
    for (std::size_t i = 0; i < n; ++i) {
        if (!isAbsent(values[i])) {
            out[bitmap + i / 8] = static_cast<std::uint8_t>(out[bitmap + i / 8] | 1U << i % 8);
            present[count++] = values[i];
        }
    }
    putPresent({present, count}, out, hint);
}

bool encodeChainedSegment(std::span<const double> values, std::span<const double> previous,
                          Bytes& out)
{
    const std::size_t n = values.size();
    WF_CHECK(n > 0 && n <= maxSegmentValues && previous.size() == n);
    const Kernels& kernel = bestKernels();
    std::int64_t d[maxSegmentValues];
    std::int64_t before[maxSegmentValues];
    if (kernel.toDecimal(values.data(), n, 0, 0, d) != 0
        || kernel.toDecimal(previous.data(), n, 0, 0, before) != 0) {
        return false;
    }
    constexpr std::int64_t limit = mantissaLimit / 2;
    bool small = true;
    bool same = true;
    for (std::size_t i = 0; i < n; ++i) {
        small = small && d[i] < limit && d[i] > -limit && before[i] < limit && before[i] > -limit;
        d[i] -= before[i];
        same = same && d[i] == d[0];
    }
    if (!small) {
        return false;
    }
    if (same) {
        out.push_back(0x40);
        ByteWriter(out).varint(zigzag(d[0]));
        return true;
    }
    std::uint8_t room[packedRoom];
    const std::size_t size = kernel.pack(d, n, false, 0, nullptr, 0, room);
    room[0] |= 0x80;
    out.insert(out.end(), room, room + size);
    return true;
}

void encodeIntegers(std::span<const std::int64_t> values, Bytes& out)
{
    const std::size_t n = values.size();
    WF_CHECK(n > 0 && n <= maxSegmentValues);
    bool same = true;
    bool small = true;
    for (const std::int64_t value : values) {
        same = same && value == values[0];
        small = small && value < mantissaLimit && value > -mantissaLimit;
    }
    if (same) {
        ByteWriter writer(out);
        if (small) {
            out.push_back(0);
            writer.varint(zigzag(values[0]));
        } else {
            out.push_back(static_cast<std::uint8_t>(SegmentKind::constBits));
            writer.le(static_cast<std::uint64_t>(values[0]));
        }
        return;
    }
    std::uint8_t room[packedRoom];
    const std::size_t size = bestKernels().pack(values.data(), n, !small, 0, nullptr, 0, room);
    if (size > 1 + values.size_bytes()) {
        out.push_back(extHeader(ExtKind::raw));
        const auto* const from = reinterpret_cast<const std::uint8_t*>(values.data());
        out.insert(out.end(), from, from + values.size_bytes());
    } else {
        out.insert(out.end(), room, room + size);
    }
}

} // namespace watchfire::tsdb
