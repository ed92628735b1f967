// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/histogram/arithmetic.h"

namespace watchfire::promql {

/// The sum or the mean of histograms added one by one. The mean is the plain sum divided, until
/// a count would leave the range of doubles; from then on it is kept as a running mean.
class HistogramAccumulator {
public:
    enum class Kind { sum, mean };

    HistogramAccumulator(Kind kind, const Histogram& first);
    /// When the outcome is incompatible, it stays as it was.
    HistogramOutcome add(const Histogram& other);
    Histogram value() const;
    /// Some said "reset" and some "not reset", so that the hint of the result is worthless.
    bool resetsCollide() const { return m_sawReset && m_sawNotReset; }

private:
    void see(const Histogram& histogram);

    Kind m_kind;
    HistogramSum m_sum; ///< once running: the mean
    double m_count = 1;
    bool m_running = false;
    bool m_sawReset = false;
    bool m_sawNotReset = false;
};

} // namespace watchfire::promql
