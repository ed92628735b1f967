// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/bits.h"

#include <span>

namespace watchfire::promql::kernels {

/// The accumulators of one group, one entry a step. What they mean depends on the operation.
struct Accumulators {
    std::span<double> value; ///< sum, minimum, maximum, squares
    std::span<double> error; ///< of compensated sums
    std::span<double> count;
    std::span<double> mean;
};

/// Each adds one series: at every step of a full row, or at the steps of the bitmap. Both give
/// the same bits at a step. Accumulators start at zero, those of min and max at NaN.
void addToSum(std::span<const double> row, const Accumulators& to);
void addToSum(std::span<const double> row, ConstBits present, const Accumulators& to);
void addToCount(const Accumulators& to);
void addToCount(ConstBits present, const Accumulators& to);
void addToMin(std::span<const double> row, const Accumulators& to);
void addToMin(std::span<const double> row, ConstBits present, const Accumulators& to);
void addToMax(std::span<const double> row, const Accumulators& to);
void addToMax(std::span<const double> row, ConstBits present, const Accumulators& to);
void addToVariance(std::span<const double> row, const Accumulators& to);
void addToVariance(std::span<const double> row, ConstBits present, const Accumulators& to);

/// A mean is a sum and a count as long as the sum stays finite. Where it would not, it is a
/// running mean (in `mean` and `error`) from then on, which `running` (a bit a step) notes.
void addToMean(std::span<const double> row, ConstBits present, Bits running,
               const Accumulators& to);

} // namespace watchfire::promql::kernels
