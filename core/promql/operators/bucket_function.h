// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/histogram/statistics.h"
#include "core/promql/operators/operator.h"

#include <optional>
#include <string>

namespace watchfire::promql {

/// histogram_quantile, histogram_quantiles and histogram_fraction: of native histograms, and of
/// classic ones, whose buckets are series told apart by `le`. It is worked out while it is
/// opened, for which series are buckets of what depends on the samples.
///
/// May yield several series with equal labels: wrap it in MergeEqual.
class BucketFunction final : public Materialized {
public:
    /// One value to compute of each histogram, its arguments by step.
    struct Question {
        std::vector<double> phi; ///< of a quantile; empty: a fraction is asked for
        std::vector<double> lower;
        std::vector<double> upper;
        std::vector<std::size_t> steps; ///< at which it is asked; empty: at all
        std::optional<std::string> label; ///< value of the quantile label of the answer
        Span span; ///< of φ in the query
    };

    /// `quantileLabel` empty: answers have the labels of their histogram. `argument` is the
    /// place of the vector in the query.
    BucketFunction(OperatorPtr inner, std::vector<Question> questions, std::string quantileLabel,
                   Span argument);

private:
    Result<void> prepare() override;
    struct BoundedRow {
        double bound = 0;
        std::size_t row = 0;
    };
    /// A classic histogram: its labels, and its buckets by bound.
    struct Classic {
        Labels labels;
        bool dropName = false;
        std::vector<BoundedRow> buckets;
        std::vector<std::uint64_t> conflict; ///< steps at which it is native, too
    };

    void remarkOnPhi() const;
    Result<void> findClassic(const Batch& input);
    Result<void> findConflicts(Batch& input);
    Result<void> answer(const Batch& input, const Question& question);
    void answerNative(const Batch& input, std::size_t row, const Question& question);
    void answerClassic(const Batch& input, const Classic& classic, const Question& question);
    void remark(HistogramAnswer::Remark remark, const Labels& labels) const;
    /// Nothing: it was dropped.
    std::optional<std::string_view> metricOf(const Labels& labels) const;
    void add(const SeriesLabels& series, const Question& question, std::vector<double> values,
             const std::vector<std::uint64_t>& present);

    OperatorPtr m_inner;
    std::vector<Question> m_questions;
    std::string m_quantileLabel;
    Span m_argument;
    std::vector<Classic> m_classic;
    std::vector<Batch> m_answers;
};

} // namespace watchfire::promql
