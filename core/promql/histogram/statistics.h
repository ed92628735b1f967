// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/histogram.h"

#include <vector>

namespace watchfire::promql {

double histogramAverage(const Histogram& histogram);
double histogramVariance(const Histogram& histogram);

/// A result and what is to be said of it: observations of NaN are in no bucket.
struct HistogramAnswer {
    double value = 0;
    enum class Remark { none, nanResult, nanSkew, nanExcluded } remark = Remark::none;
};

/// The φ-quantile, by exponential interpolation in standard buckets, linear in the zero bucket
/// and custom ones. φ < 0 yields −Inf, > 1 +Inf, NaN and an empty histogram NaN.
HistogramAnswer histogramQuantile(const Histogram& histogram, double phi);
/// The share of observations between two values.
HistogramAnswer histogramFraction(const Histogram& histogram, double lower, double upper);

/// One bucket of a classic histogram: how many observations are at or below the bound.
struct ClassicBucket {
    double bound = 0;
    double count = 0;
};
struct ClassicAnswer {
    double value = 0;
    bool forcedMonotonicity = false; ///< a count below that of the bucket before was raised
};
/// `buckets` sorted by bound; changed. Equal bounds are summed; a last bound of +Inf is required
/// (NaN without), differences below 1e-12 of the sum are smoothed out, falls evened.
ClassicAnswer classicQuantile(std::vector<ClassicBucket>& buckets, double phi);
double classicFraction(std::vector<ClassicBucket>& buckets, double lower, double upper);

} // namespace watchfire::promql
