// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/functions/interpolation.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace watchfire::promql {

/// Which samples an anchored or smoothed window is about: places first…last, and whether an edge
/// of the window lies between two samples and is looked up there.
struct WindowEdges {
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::size_t first = 0;
    std::size_t last = 0;
    bool leftBetween = false; ///< between the first and the one after it
    bool rightBetween = false; ///< between the last and the one before it
    bool isEmpty = true; ///< no sample after the start

    /// `times` of all samples as far as the lookback reaches.
    static WindowEdges of(std::span<const std::int64_t> times, std::int64_t start, std::int64_t end,
                          bool smoothed);

    Between left(std::span<const std::int64_t> times) const
    {
        return {times[first], times[first + 1], start};
    }
    Between right(std::span<const std::int64_t> times) const
    {
        return {times[last - 1], times[last], end};
    }
    /// Values at the edges.
    double leftOf(std::span<const std::int64_t> times, std::span<const double> values,
                  bool isCounter) const;
    double rightOf(std::span<const std::int64_t> times, std::span<const double> values,
                   bool isCounter) const;
    /// The samples strictly within the window: the first, and the one after the last.
    std::pair<std::size_t, std::size_t> inside(std::span<const std::int64_t> times) const;
};

/// Replaces the samples around a window by one at its start, those within, and one at its end;
/// leaves nothing when none comes after the start.
/// Source: Prometheus, promql/engine.go, extendFloats.
void extendToEdges(std::vector<std::int64_t>& times, std::vector<double>& values,
                   std::int64_t start, std::int64_t end, bool smoothed);

} // namespace watchfire::promql
