// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/histogram.h"

#include <optional>

namespace watchfire::promql {

/// How a counter reset between two samples is read when looking between them.
enum class Across {
    gauge, ///< not a counter: a fall is a fall
    fromZero, ///< it restarted at the first sample: the way goes from zero to the second
    onward ///< what was counted before stays: the way goes from the first up by the second
};

/// The value at `fraction` of the way from one sample to the next.
double interpolate(double earlier, double later, double fraction, Across across);
/// Nothing: one of them has custom buckets, the other not.
std::optional<Histogram> interpolate(const Histogram& earlier, const Histogram& later,
                                     double fraction, Across across);

} // namespace watchfire::promql
