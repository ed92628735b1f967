// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace watchfire::promql {

/// Bitmaps: one bit a step, least significant first, bits past the end are zero.
using Bits = std::span<std::uint64_t>;
using ConstBits = std::span<const std::uint64_t>;

constexpr std::size_t wordsFor(std::size_t bits)
{
    return (bits + 63) / 64;
}
inline bool testBit(ConstBits bits, std::size_t at)
{
    return (bits[at / 64] >> (at % 64) & 1) != 0;
}
inline void setBit(Bits bits, std::size_t at)
{
    bits[at / 64] |= std::uint64_t{1} << (at % 64);
}
inline void clearBit(Bits bits, std::size_t at)
{
    bits[at / 64] &= ~(std::uint64_t{1} << (at % 64));
}
/// Sets the first `count` bits and no other.
inline void setFirst(Bits bits, std::size_t count)
{
    std::ranges::fill(bits, 0);
    std::ranges::fill(bits.first(count / 64), ~std::uint64_t{0});
    if (count % 64 != 0) {
        bits[count / 64] = (std::uint64_t{1} << (count % 64)) - 1;
    }
}
inline std::size_t countBits(ConstBits bits)
{
    std::size_t count = 0;
    for (const std::uint64_t word : bits) {
        count += static_cast<std::size_t>(std::popcount(word));
    }
    return count;
}
inline bool anyBit(ConstBits bits)
{
    return std::ranges::any_of(bits, [](std::uint64_t word) { return word != 0; });
}
/// Whether both have a bit in common.
inline bool overlap(ConstBits a, ConstBits b)
{
    for (std::size_t i = 0; i < a.size(); ++i) {
        if ((a[i] & b[i]) != 0) {
            return true;
        }
    }
    return false;
}
inline void addBits(Bits to, ConstBits from)
{
    for (std::size_t i = 0; i < to.size(); ++i) {
        to[i] |= from[i];
    }
}
/// Calls `visit` with the place of every set bit, ascending.
template <class Visit> void forEachBit(ConstBits bits, Visit&& visit)
{
    for (std::size_t i = 0; i < bits.size(); ++i) {
        for (std::uint64_t word = bits[i]; word != 0; word &= word - 1) {
            visit(i * 64 + static_cast<std::size_t>(std::countr_zero(word)));
        }
    }
}

} // namespace watchfire::promql
