// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <fast_float/fast_float.h>

namespace watchfire::exposition {

namespace scan {

inline constexpr std::array<double, 23> powersOfTen{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

inline unsigned digitAt(const char* at)
{
    return static_cast<unsigned>(static_cast<unsigned char>(*at)) - '0';
}

/// How many of the eight bytes, from the first, are digits, and what they say. One load and no
/// loop: the length of a number is what a processor predicts worst.
inline int leadingDigits(const char* at, std::uint64_t& value)
{
    std::uint64_t chunk = 0;
    std::memcpy(&chunk, at, sizeof chunk);
    std::uint64_t digits = chunk - 0x3030'3030'3030'3030U;
    const std::uint64_t others
        = (digits | (chunk + 0x4646'4646'4646'4646U)) & 0x8080'8080'8080'8080U;
    // A borrow or carry may spoil bytes behind the first that is no digit, never before it.
    const int count = std::countr_zero(others) / 8;
    digits <<= count == 0 ? 0 : 64 - 8 * count; // as if zeros stood in front
    const std::uint64_t pairs = digits * 10 + (digits >> 8);
    value = (((pairs & 0x0000'00FF'0000'00FFU) * 0x000F'4240'0000'0064U)
             + (((pairs >> 16) & 0x0000'00FF'0000'00FFU) * 0x0000'2710'0000'0001U))
        >> 32;
    return count;
}

inline constexpr std::array<std::uint64_t, 9> wholePowers{
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};

/// Appends the digits at `at` to `value`; the caller counts them by the distance.
inline const char* digits(const char* at, const char* end, std::uint64_t& value)
{
    while (end - at >= 8) {
        std::uint64_t part = 0;
        const int count = leadingDigits(at, part);
        if (count == 0) {
            return at;
        }
        value = value * wholePowers[static_cast<std::size_t>(count)] + part;
        at += count;
        if (count < 8) {
            return at;
        }
    }
    for (unsigned digit = 0; at != end && (digit = digitAt(at)) < 10; ++at) {
        value = value * 10 + digit;
    }
    return at;
}

} // namespace scan

/// Reads a whole number of up to eight digits that ends a line: most values are one. Returns
/// where the newline is, or nullptr.
inline const char* scanShort(const char* at, const char* end, double& value)
{
    if (end - at < 9) {
        return nullptr;
    }
    std::uint64_t whole = 0;
    const int count = scan::leadingDigits(at, whole);
    if (count == 0 || at[count] != '\n') {
        return nullptr;
    }
    value = static_cast<double>(whole);
    return at + count;
}

/// Reads the plain decimal number at `at`: [-+]digits[.digits][e[-+]digits]. Returns where it
/// ends, or nullptr for all that needs the full parser: no digits, Inf, NaN, overflow.
inline const char* scanNumber(const char* at, const char* end, double& value)
{
    const char* const begin = at;
    bool negative = false;
    if (at != end && (*at == '-' || *at == '+')) {
        negative = *at == '-';
        ++at;
    }
    const char* const first = at;
    std::uint64_t mantissa = 0;
    at = scan::digits(at, end, mantissa);
    auto count = at - first;
    int exponent = 0;
    if (at != end && *at == '.') {
        const char* const fraction = ++at;
        at = scan::digits(at, end, mantissa);
        exponent = -static_cast<int>(at - fraction);
        count += at - fraction;
    }
    if (count == 0 || count > 4096) {
        return nullptr;
    }
    if (at != end && (*at | 0x20) == 'e') {
        ++at;
        bool below = false;
        if (at != end && (*at == '-' || *at == '+')) {
            below = *at == '-';
            ++at;
        }
        const char* const power = at;
        int written = 0;
        for (unsigned digit = 0; at != end && (digit = scan::digitAt(at)) < 10; ++at) {
            written = written < 100'000 ? written * 10 + static_cast<int>(digit) : written;
        }
        if (at == power) {
            return nullptr;
        }
        exponent += below ? -written : written;
    }
    // Nineteen digits fit 64 bits; both factors exact, one rounding: the nearest double.
    if (count <= 19 && mantissa <= (std::uint64_t{1} << 53) && exponent >= -22 && exponent <= 22) {
        const auto whole = static_cast<double>(mantissa);
        const double power
            = scan::powersOfTen[static_cast<std::size_t>(exponent < 0 ? -exponent : exponent)];
        const double size = exponent < 0 ? whole / power : whole * power;
        value = negative ? -size : size;
        return at;
    }
    double size = 0;
    const auto read = fast_float::from_chars(first, at, size);
    if (read.ptr != at || read.ec != std::errc() || begin == at) {
        return nullptr;
    }
    value = negative ? -size : size;
    return at;
}

} // namespace watchfire::exposition
