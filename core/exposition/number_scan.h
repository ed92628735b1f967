// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
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

/// Eight digits at once, if those eight bytes are digits.
inline bool eightDigits(const char* at, std::uint64_t& value)
{
    std::uint64_t chunk = 0;
    std::memcpy(&chunk, at, sizeof chunk);
    const std::uint64_t digits = chunk - 0x3030'3030'3030'3030U;
    if (((digits | (chunk + 0x4646'4646'4646'4646U)) & 0x8080'8080'8080'8080U) != 0) {
        return false;
    }
    const std::uint64_t pairs = digits * 10 + (digits >> 8);
    value = (((pairs & 0x0000'00FF'0000'00FFU) * 0x000F'4240'0000'0064U)
             + (((pairs >> 16) & 0x0000'00FF'0000'00FFU) * 0x0000'2710'0000'0001U))
        >> 32;
    return true;
}

/// Appends the digits at `at` to `value`; the caller counts them by the distance.
inline const char* digits(const char* at, const char* end, std::uint64_t& value)
{
    std::uint64_t eight = 0;
    while (end - at >= 8 && eightDigits(at, eight)) {
        value = value * 100'000'000 + eight;
        at += 8;
    }
    for (unsigned digit = 0; at != end && (digit = digitAt(at)) < 10; ++at) {
        value = value * 10 + digit;
    }
    return at;
}

} // namespace scan

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
