// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

namespace watchfire::promql::kernels {

/// The order quantiles use: NaN below every number.
inline bool nanFirst(double a, double b)
{
    return a < b || (std::isnan(a) && !std::isnan(b));
}

/// The φ-quantile of values sorted by nanFirst, linear between ranks.
inline double quantileOfSorted(double phi, std::span<const double> sorted)
{
    if (sorted.empty() || std::isnan(phi)) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    if (phi < 0) {
        return -std::numeric_limits<double>::infinity();
    }
    if (phi > 1) {
        return std::numeric_limits<double>::infinity();
    }
    const double rank = phi * static_cast<double>(sorted.size() - 1);
    const double below = std::floor(rank);
    const auto lower = static_cast<std::size_t>(below);
    const std::size_t upper = lower + 1 < sorted.size() ? lower + 1 : lower;
    const double weight = rank - below;
    return sorted[lower] * (1 - weight) + sorted[upper] * weight;
}

/// The population variance, compensated. `values` is not empty.
double varianceOf(std::span<const double> values);

} // namespace watchfire::promql::kernels
