// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

/// Matrices for chart tests.
namespace made {

inline constexpr std::int64_t start = 1'795'305'600'000; // 2026-11-22 00:00:00 UTC

inline watchfire::Labels labels(std::size_t index)
{
    return {{"__name__", "work"}, {"instance", "host" + std::to_string(index)}, {"job", "made"}};
}

/// `series` × `points` samples, `step` ms apart, whose values `value(series, point)` gives.
inline std::shared_ptr<watchfire::Matrix>
matrix(std::size_t series, std::size_t points, std::int64_t step,
       const std::function<double(std::size_t, std::size_t)>& value)
{
    auto matrix = std::make_shared<watchfire::Matrix>(series);
    for (std::size_t s = 0; s < series; ++s) {
        watchfire::MatrixSeries& one = (*matrix)[s];
        one.labels = labels(s);
        one.atMs.reserve(points);
        one.values.reserve(points);
        for (std::size_t p = 0; p < points; ++p) {
            one.atMs.push_back(start + std::int64_t(p) * step);
            one.values.push_back(value(s, p));
        }
    }
    return matrix;
}

} // namespace made
