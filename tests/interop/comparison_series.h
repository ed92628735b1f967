// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/write_request.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace watchfire::tests {

/// Two hours of counters, gauges, classic and native histograms, with resets, gaps, NaN and
/// infinities: what generated queries are asked about. The same for the same start.
class ComparisonSeries {
public:
    static constexpr std::int64_t stepMs = 15'000;
    static constexpr std::int64_t rows = 480;

    explicit ComparisonSeries(std::int64_t startMs);
    /// What was sampled in [from, to).
    WriteRequest between(std::int64_t fromMs, std::int64_t toMs) const;

private:
    template <class ValueOf>
    void add(Labels labels, std::size_t instance, ValueOf valueOf, std::int64_t from = 0,
             std::int64_t every = 1);
    std::int64_t timeOf(std::int64_t row, std::size_t instance) const;
    void counters();
    void gauges();
    void classicHistograms();
    void nativeHistograms();

    std::int64_t m_startMs;
    std::vector<WriteSeries> m_all;
};

} // namespace watchfire::tests
