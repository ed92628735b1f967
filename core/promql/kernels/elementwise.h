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

/// The greater (lesser) of two; NaN when either is.
inline double greater(double a, double b)
{
    return std::isnan(a) || std::isnan(b) ? std::numeric_limits<double>::quiet_NaN()
                                          : std::fmax(a, b);
}
inline double lesser(double a, double b)
{
    return std::isnan(a) || std::isnan(b) ? std::numeric_limits<double>::quiet_NaN()
                                          : std::fmin(a, b);
}

} // namespace watchfire::promql::kernels
