// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/histogram.h"
#include "core/promql/kernels/compensated.h"

#include <string>
#include <vector>

namespace watchfire::promql {

/// What adding or subtracting two histograms met on the way.
struct HistogramOutcome {
    bool compatible = true; ///< false: one has custom buckets, the other not; nothing was done
    bool resetCollision = false; ///< one says "reset", the other "not reset"
    bool reconciledBounds = false; ///< custom bounds differed; the common ones are left
};

/// A sum of histograms that carries its rounding error beside it, field by field.
///
/// Different schemas meet at the coarser one, different zero thresholds at the wider one
/// (widened further where it would cut a populated bucket), different custom bounds at those
/// both have.
class HistogramSum {
public:
    explicit HistogramSum(const Histogram& first);

    HistogramOutcome add(const Histogram& other) { return combine(other, 1); }
    HistogramOutcome subtract(const Histogram& other) { return combine(other, -1); }
    void scale(double factor);
    void divide(double divisor);
    /// Whether a count or the sum has left the range of doubles.
    bool overflowed() const;
    CounterReset resetHint() const { return m_head.resetHint; }
    void setResetHint(CounterReset hint) { m_head.resetHint = hint; }
    /// Compact: without empty buckets.
    Histogram value() const;

    struct Bucket {
        std::int32_t index = 0;
        CompensatedSum count;
    };
    using Buckets = std::vector<Bucket>; ///< ascending by index, each once

private:
    friend bool isReset(const Histogram& earlier, const Histogram& later);

    HistogramOutcome combine(const Histogram& other, double sign);
    void adoptHint(CounterReset other, HistogramOutcome& outcome);
    template <class Change> void changeAll(Change&& change);
    void reduceTo(std::int32_t schema);
    /// The zero bucket as it would be with that threshold or, where a populated bucket is in
    /// the way, a larger one: count and threshold.
    std::pair<CompensatedSum, double> zeroWidenedTo(double threshold) const;
    void widenZeroTo(double threshold);

    Histogram m_head; ///< hint, schema, threshold, bounds; its counts and buckets are unused
    CompensatedSum m_count;
    CompensatedSum m_sum;
    CompensatedSum m_zero;
    Buckets m_positive;
    Buckets m_negative;
};

/// As HistogramSum does it, without a memory of rounding errors.
HistogramOutcome addTo(Histogram& to, const Histogram& other);
HistogramOutcome subtractFrom(Histogram& from, const Histogram& other);
/// A negative factor makes it a gauge: counts below zero are no counter's.
void multiply(Histogram& histogram, double factor);
/// Division by zero leaves no buckets.
void divide(Histogram& histogram, double divisor);

/// Leaves out empty buckets and joins adjacent spans.
void compact(Histogram& histogram);
Histogram toSchema(const Histogram& histogram, std::int32_t schema);

/// Whether the counter was reset between the two samples: by the hint of the later one, or
/// because a count fell.
bool isReset(const Histogram& earlier, const Histogram& later);

/// The same to the bit, the counter-reset hint aside; buckets that are empty make a difference to
/// buckets that are not there, as in Prometheus.
bool sameHistogram(const Histogram& a, const Histogram& b);

/// {count:20, sum:10, (0.5,1]:1}: the form count_values makes a label value of.
std::string toText(const Histogram& histogram);

} // namespace watchfire::promql
