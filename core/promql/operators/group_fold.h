// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/histogram/accumulator.h"
#include "core/promql/kernels/accumulate.h"
#include "core/promql/operators/grouping.h"

#include <memory>

namespace watchfire::promql {

/// sum, avg, count, min, max, group, stddev, stdvar: one row of accumulators a group; every
/// series of the input is added to its group's and forgotten.
class GroupFold final : public Operator {
public:
    /// `argument` is where in the query the aggregated expression stands.
    GroupFold(OperatorPtr inner, const Aggregate& aggregate, Span argument);

private:
    /// Histograms of a group, by step; made for groups that have any.
    struct HistogramCells {
        std::vector<std::unique_ptr<HistogramAccumulator>> sums;
        std::vector<std::uint64_t> incompatible;
    };

    Result<void> prepare() override;
    Result<bool> produce(Batch& out) override;
    Result<void> fold();
    void addNumbers(const Batch& batch, std::size_t row, std::size_t group);
    void addHistograms(const Batch& batch, std::size_t row, std::size_t group);
    void addHistogram(HistogramCells& cells, std::size_t step, const Histogram& histogram,
                      std::string_view metric);
    void finish(Batch& out, std::size_t row, std::size_t group);
    void finishHistograms(Batch& out, std::size_t row, std::size_t group);
    kernels::Accumulators accumulators(std::size_t group);
    Bits bitsOf(std::vector<std::uint64_t>& bits, std::size_t group) const
    {
        const std::size_t words = wordsFor(grid().count);
        return Bits(bits).subspan(group * words, words);
    }

    OperatorPtr m_inner;
    const Aggregate& m_aggregate;
    Span m_argument;
    Grouping m_grouping;
    bool m_folded = false;
    std::vector<double> m_value;
    std::vector<double> m_error;
    std::vector<double> m_count;
    std::vector<double> m_mean;
    std::vector<std::uint64_t> m_present; ///< bits by group: steps with a number
    std::vector<std::uint64_t> m_running; ///< of means
    std::vector<std::unique_ptr<HistogramCells>> m_histograms; ///< by group
};

} // namespace watchfire::promql
