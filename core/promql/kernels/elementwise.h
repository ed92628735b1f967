// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/bits.h"
#include "core/promql/syntax/ast.h"

#include <cmath>
#include <limits>
#include <span>

namespace watchfire::promql::kernels {

/// out[i] = a[i] op b[i], for arithmetic operators. `out` may be `a` or `b`.
void arithmetic(BinaryOp op, std::span<const double> a, std::span<const double> b,
                std::span<double> out);
/// Bit i of `out`: whether a[i] op b[i] holds, for comparisons. Overwrites `out`.
void compare(BinaryOp op, std::span<const double> a, std::span<const double> b, Bits out);

double arithmetic(BinaryOp op, double a, double b);
bool compare(BinaryOp op, double a, double b);

/// The greater (lesser) of two; NaN when either is, unless the other is +∞ (−∞), as in Go.
inline double greater(double a, double b)
{
    constexpr double most = std::numeric_limits<double>::infinity();
    if (std::isnan(a) || std::isnan(b)) {
        return a == most || b == most ? most : std::numeric_limits<double>::quiet_NaN();
    }
    return std::fmax(a, b);
}
inline double lesser(double a, double b)
{
    return -greater(-a, -b);
}

} // namespace watchfire::promql::kernels
