// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/codec/segment.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace watchfire::tsdb {

/// 10^0 … 10^15: exact as doubles.
inline constexpr std::array<double, maxExponent + 1> powersOfTen{
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

/// Decimal mantissas lie below this in magnitude, so that adding 1.5·2^52 turns one into a
/// double whose low bits are the integer, and back.
inline constexpr std::int64_t mantissaLimit = std::int64_t{1} << 51;

/// What a PACKED segment says before its frames.
struct PackedHead {
    unsigned predictor = 0;
    bool bits = false;
    unsigned exponent = 0; ///< decimal: at most maxExponent
    std::uint64_t scale = 1; ///< decimal: factor; bits: shift, below 64
    std::uint64_t base = 0;
};

/// A value kept whole.
struct ExceptionalValue {
    std::uint16_t index = 0;
    std::uint64_t bits = 0;
};

/// Room that one PACKED segment may need at most while it is built.
inline constexpr std::size_t packedRoom = 16'384;
/// Bytes the unpacker may read behind a frame; where a buffer ends sooner the frame is copied.
inline constexpr std::size_t unpackSlack = 16;

/// The inner loops, once for each instruction set; all of them give the same results.
struct Kernels {
    const char* name;
    /// Bit e set: value is bit-exactly d/10^e for an integer |d| < 2^51; e from 0 to 15.
    unsigned (*exactExponents)(double value);
    /// d[i] = values[i]·10^e rounded; returns how many are not bit-exactly d/10^e (their d is
    /// 0), at least `enough + 1` if it stops early.
    std::size_t (*toDecimal)(const double* values, std::size_t n, unsigned exponent,
                             std::size_t enough, std::int64_t* d);
    /// Writes a whole PACKED segment into `room` (packedRoom bytes); returns its length. Bits
    /// domain: d are the patterns; exponent is ignored.
    std::size_t (*pack)(const std::int64_t* d, std::size_t n, bool bits, unsigned exponent,
                        const ExceptionalValue* exceptions, std::size_t exceptionCount,
                        std::uint8_t* room);
    /// Decodes all frames between `at` and `end` into n doubles; returns where they end, or
    /// nullptr when the bytes are broken.
    const std::uint8_t* (*unpackDoubles)(const PackedHead& head, const std::uint8_t* at,
                                         const std::uint8_t* end, std::size_t n, double* out);
    /// Likewise as integers; decimal heads have exponent 0.
    const std::uint8_t* (*unpackIntegers)(const PackedHead& head, const std::uint8_t* at,
                                          const std::uint8_t* end, std::size_t n,
                                          std::int64_t* out);
};

extern const Kernels portableKernels;
/// nullptr where this processor, or this build, has no AVX2.
const Kernels* avx2Kernels();
/// The best of this machine; chosen at the first call.
const Kernels& bestKernels();

} // namespace watchfire::tsdb
