// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the inner loops share. This file, kernel_encode.h and kernel_decode.h are included once
// for each instruction set, inside an anonymous namespace and under that set's target pragma,
// hence no include guard and no includes: the including file has them. WF_KERNEL_AVX2 is 1 or 0.

using u8 = std::uint8_t;
using u64 = std::uint64_t;
using i64 = std::int64_t;

// 1.5·2^52: adding it to |x| < 2^51 leaves the integer nearest to x in the low bits.
constexpr double magicDouble = 6'755'399'441'055'744.0;
constexpr u64 magicBits = 0x4338'0000'0000'0000;

inline unsigned bitWidth(u64 value)
{
    return value == 0 ? 0U : 64U - static_cast<unsigned>(__builtin_clzll(value));
}
inline u64 asUnsigned(i64 value)
{
    return static_cast<u64>(value);
}
inline i64 asSigned(u64 value)
{
    return static_cast<i64>(value);
}
inline u64 toZigzag(u64 value)
{
    return (value << 1) ^ asUnsigned(asSigned(value) >> 63);
}
inline u64 fromZigzag(u64 value)
{
    return (value >> 1) ^ (0 - (value & 1));
}
inline std::size_t smaller(std::size_t a, std::size_t b)
{
    return a < b ? a : b;
}
