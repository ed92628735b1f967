// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/labels.h"
#include "core/model/sample.h"

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

namespace watchfire::crash {

// What the child writes and the test expects: everything follows from the number of the row, so
// that nothing needs to be remembered over a kill.

inline constexpr std::int64_t startMs = 1'700'000'000'000;
inline constexpr int groups = 3; ///< written by scrapes; one more takes pushed samples
inline constexpr int pushGroup = groups;
inline constexpr int stableSeries = 40;
inline constexpr int churnSeries = 10; ///< alive for 50 rows each
inline constexpr int churnRows = 50;
inline constexpr int pushedSeries = 20;
inline constexpr std::int64_t lateRows = 100;

/// What the child writes into its pipe once a commit has returned.
struct Acknowledged {
    std::uint32_t group = 0;
    std::uint32_t row = 0;
};

inline std::int64_t timeOf(std::int64_t row)
{
    return startMs + row * 1'000;
}

inline std::uint64_t mix(std::uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xBF58'476D'1CE4'E5B9;
    x = (x ^ (x >> 27)) * 0x94D0'49BB'1331'11EB;
    return x ^ (x >> 31);
}

inline double valueOf(int group, std::int64_t row, int series)
{
    const auto number = static_cast<std::uint64_t>(row);
    switch (series % 4) {
    case 0: // a counter
        return static_cast<double>(row * (series + 1) + group);
    case 1: // does not change
        return series;
    case 2: // tenths
        return static_cast<double>(mix(number * 131 + static_cast<unsigned>(series)) % 1'000) / 10;
    default: { // any bits but those that have a meaning in a row
        const double value
            = std::bit_cast<double>(mix(number * 977 + static_cast<unsigned>(series * 7 + group)));
        return isAbsent(value) || isHistogramMarker(value) ? 0 : value;
    }
    }
}

/// Series of a scraped group in that row, by index.
inline Labels labelsOf(int group, std::int64_t row, int series)
{
    const std::string number = series < stableSeries
        ? std::to_string(series)
        : std::to_string(row / churnRows) + "_" + std::to_string(series);
    return Labels{{"__name__", "crash_metric_" + std::to_string(series % 5)},
                  {"job", "crash"},
                  {"instance", std::to_string(group)},
                  {"n", number}};
}

inline Labels pushedLabels(int series)
{
    return Labels{{"__name__", "crash_pushed"}, {"job", "push"}, {"n", std::to_string(series)}};
}

/// One more pushed series: even rows write their own moment, odd ones (from the 101st on) the
/// moment a hundred rows back, out of order.
inline Labels lateLabels()
{
    return Labels{{"__name__", "crash_late"}, {"job", "push"}};
}
inline bool hasLate(std::int64_t row)
{
    return row % 2 == 0 || row >= lateRows;
}
inline std::int64_t lateRow(std::int64_t row)
{
    return row % 2 == 0 ? row : row - lateRows;
}

} // namespace watchfire::crash
