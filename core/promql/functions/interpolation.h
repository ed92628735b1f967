// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/histogram.h"

#include <cstdint>

namespace watchfire::promql {

/// A moment between two samples.
struct Between {
    std::int64_t earlier = 0;
    std::int64_t later = 0;
    std::int64_t at = 0;
};

/// The value there, on a straight line. A counter that fell restarted at the earlier sample: the
/// line goes from zero to the later one.
/// Source: Prometheus, promql/functions.go, interpolate and interpolateHistograms.
double interpolate(double earlier, double later, const Between& where, bool isCounter);

struct HistogramBetween {
    Histogram histogram;
    bool compatible = true; ///< false: one of them has custom buckets, the other not
    bool subtractionReconciled = false; ///< custom bounds differed when the difference was made
    bool additionReconciled = false; ///< and when it was put on the earlier one
};
HistogramBetween interpolate(const Histogram& earlier, const Histogram& later, const Between& where,
                             bool isCounter);

} // namespace watchfire::promql
