// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/sample.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace watchfire::testing {

/// Random columns of every shape a codec may meet: constants, counters with resets, decimals,
/// bit noise, extremes, specials strewn in. The same for the same seed.
class ColumnShapes {
public:
    explicit ColumnShapes(std::uint64_t seed)
        : m_random(seed)
    {
    }

    std::uint64_t number(std::uint64_t below) { return m_random() % below; }
    bool oneIn(std::uint64_t n) { return number(n) == 0; }

    /// A double that is its own case: zeros, infinities, NaNs of any payload, subnormals, the
    /// edges of the exact integers.
    double special()
    {
        using Limits = std::numeric_limits<double>;
        switch (number(14)) {
        case 0:
            return -0.0;
        case 1:
            return Limits::infinity();
        case 2:
            return -Limits::infinity();
        case 3:
            return staleMarker();
        case 4:
            return normalNaN();
        case 5: // any NaN but the private ones
            return nan();
        case 6:
            return Limits::denorm_min() * static_cast<double>(1 + number(1000));
        case 7:
            return Limits::max();
        case 8:
            return std::ldexp(1.0, 51) - static_cast<double>(number(3));
        case 9:
            return -std::ldexp(1.0, 51) + static_cast<double>(number(3));
        case 10:
            return std::ldexp(1.0, 53) + static_cast<double>(number(3));
        case 11:
            return 0.1 + 0.2;
        case 12:
            return Limits::min();
        default:
            return 0;
        }
    }

    /// n values, none absent.
    std::vector<double> values(std::size_t n)
    {
        std::vector<double> column(n);
        const std::uint64_t shape = number(14);
        const double scale = std::pow(10.0, static_cast<double>(number(16)));
        const double step = std::floor(std::pow(10.0, unit() * 12));
        double level = std::floor(std::pow(10.0, unit() * 15)) * (oneIn(3) ? -1 : 1);
        double speed = 0;
        const double first = oneIn(2) ? level : special();
        for (double& value : column) {
            switch (shape) {
            case 0:
                value = first;
                break;
            case 1: // counter
                level += std::floor(unit() * step);
                value = level;
                break;
            case 2: // counter with resets
                level = oneIn(40) ? 0 : level + std::floor(unit() * step);
                value = level;
                break;
            case 3: // decimals
                level += std::floor((unit() - 0.5) * step);
                value = level / scale;
                break;
            case 4: // multiples of something
                value = std::floor(unit() * 100) * step;
                break;
            case 5: // bits
                value = any();
                break;
            case 6: // smooth and full of digits
                level = 0.9 * level + unit();
                value = level;
                break;
            case 7: // square
                speed += std::floor((unit() - 0.5) * 10);
                level += speed;
                value = level;
                break;
            case 8: // constant but for a few
                value = oneIn(50) ? std::floor(unit() * 1e9) : first;
                break;
            case 9: // float32
                value = static_cast<double>(static_cast<float>(unit()));
                break;
            case 10: // specials only
                value = special();
                break;
            case 11: // huge integers
                value = std::ldexp(std::floor(unit() * 1e9), static_cast<int>(number(900)));
                break;
            case 12: // flags
                value = static_cast<double>(number(2));
                break;
            default: // subnormals
                value = std::bit_cast<double>(number(std::uint64_t{1} << 52));
                break;
            }
            if (std::isnan(value)) {
                value = guarded(value);
            }
        }
        const std::uint64_t strewn = oneIn(3) ? number(20) : 0;
        for (std::uint64_t k = 0; k < strewn; ++k) {
            column[number(n)] = special();
        }
        return column;
    }

    /// Likewise, with some places absent, or all of them.
    std::vector<double> sparseValues(std::size_t n)
    {
        std::vector<double> column = values(n);
        switch (number(6)) {
        case 0: // a hole
        {
            const std::size_t from = number(n);
            for (std::size_t i = from; i < std::min(n, from + 1 + number(n)); ++i) {
                column[i] = absentValue();
            }
            break;
        }
        case 1: // strewn
            for (double& value : column) {
                value = oneIn(4) ? absentValue() : value;
            }
            break;
        case 2: // nearly nothing
            for (double& value : column) {
                value = oneIn(20) ? value : absentValue();
            }
            break;
        default:
            break;
        }
        return column;
    }

    /// A length that hits the edges of frames and segments often.
    std::size_t length()
    {
        constexpr std::size_t edges[]
            = {1, 2, 3, 7, 8, 9, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 500, 511, 512};
        return oneIn(2) ? edges[number(std::size(edges))] : 1 + number(512);
    }

    std::mt19937_64& random() { return m_random; }

private:
    double unit() { return static_cast<double>(m_random() >> 11) * 0x1p-53; }
    double any() { return guarded(std::bit_cast<double>(m_random())); }
    double nan()
    {
        const std::uint64_t payload = number(std::uint64_t{1} << 52) | 1;
        const std::uint64_t sign = number(2) << 63;
        return guarded(
            std::bit_cast<double>(std::uint64_t{0x7FF0'0000'0000'0000} | sign | payload));
    }
    /// The two private patterns are no values.
    static double guarded(double value)
    {
        return isAbsent(value) || isHistogramMarker(value) ? normalNaN() : value;
    }

    std::mt19937_64 m_random;
};

} // namespace watchfire::testing
