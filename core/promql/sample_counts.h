// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/batch.h"

#include <cstdint>
#include <vector>

namespace watchfire::promql {

/// Samples that a histogram counts as: its bytes in Prometheus' memory by the 16 bytes of a
/// number and its time, rounded in one way where series are stored and windows are cut, and in
/// the other among the elements of a vector.
/// Source: Prometheus, promql/value.go, HPoint.size and Vector.TotalSamples;
/// model/histogram/float_histogram.go, Size.
std::uint64_t samplesInSeries(const Histogram& histogram);
std::uint64_t samplesInVector(const Histogram& histogram);

/// What a part of a query yields, by step.
struct YieldCounts {
    std::vector<std::uint64_t> elements; ///< numbers and histograms
    /// Beyond one each, of histograms; empty: there are none.
    std::vector<std::uint64_t> moreInSeries;
    std::vector<std::uint64_t> moreInVector;

    /// The batch's rows come on top; it has as many steps.
    void add(const Batch& batch);

    std::uint64_t inSeries(std::size_t step) const;
    std::uint64_t inVector(std::size_t step) const;
    std::uint64_t inSeries() const; ///< of all steps
};

/// What range functions look at, window by window.
struct WindowCounts {
    std::vector<std::uint64_t> all; ///< by step: samples in its windows
    std::vector<std::uint64_t> added; ///< by step: those that the step before did not have
    /// Samples held while one series is computed after the other, above those before: what
    /// they leave, and the most.
    std::uint64_t left = 0;
    std::uint64_t peak = 0;

    /// Those of the series that come next.
    void append(const WindowCounts& next);
};

/// Adds by place; an empty list is one of zeros.
void addEach(std::vector<std::uint64_t>& to, const std::vector<std::uint64_t>& from,
             std::uint64_t times = 1);
std::uint64_t sumOf(const std::vector<std::uint64_t>& counts);

} // namespace watchfire::promql
