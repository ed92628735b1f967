// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/kernels/windows.h"

#include <cstdint>
#include <span>

namespace watchfire::promql::kernels {

/// One series' numbers without gaps or staleness markers, and the windows over them.
struct FloatColumn {
    std::span<const std::int64_t> times;
    std::span<const double> values;
    const Windows& windows;
    const Extrapolation* extrapolation = nullptr; ///< for rate, increase and delta
    std::span<const std::int64_t> evaluatedAt; ///< by step, for predict_linear
    std::span<const double> parameter; ///< by step: φ, the horizon, …
};

/// A kernel writes one value a step. What it writes for windows with too few samples is
/// meaningless; the caller's bitmap says which they are.
using RangeKernel = void (*)(const FloatColumn& in, std::span<double> out);

void counterRate(const FloatColumn& in, std::span<double> out); ///< rate and increase
void gaugeDelta(const FloatColumn& in, std::span<double> out);
void instantRate(const FloatColumn& in, std::span<double> out);
void instantDelta(const FloatColumn& in, std::span<double> out);
void changes(const FloatColumn& in, std::span<double> out);
void resets(const FloatColumn& in, std::span<double> out);

void sumOverTime(const FloatColumn& in, std::span<double> out);
void avgOverTime(const FloatColumn& in, std::span<double> out);
void countOverTime(const FloatColumn& in, std::span<double> out);
void minOverTime(const FloatColumn& in, std::span<double> out);
void maxOverTime(const FloatColumn& in, std::span<double> out);
void firstOverTime(const FloatColumn& in, std::span<double> out);
void lastOverTime(const FloatColumn& in, std::span<double> out);
void presentOverTime(const FloatColumn& in, std::span<double> out);
void stddevOverTime(const FloatColumn& in, std::span<double> out);
void stdvarOverTime(const FloatColumn& in, std::span<double> out);
void quantileOverTime(const FloatColumn& in, std::span<double> out);
void tsOfMinOverTime(const FloatColumn& in, std::span<double> out);
void tsOfMaxOverTime(const FloatColumn& in, std::span<double> out);
void tsOfFirstOverTime(const FloatColumn& in, std::span<double> out);
void tsOfLastOverTime(const FloatColumn& in, std::span<double> out);

} // namespace watchfire::promql::kernels
