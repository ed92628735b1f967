// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/operator.h"
#include "core/promql/syntax/ast.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::promql {

/// Moments a selector or subquery looks at, by step: the step's own time, or the one @ fixes,
/// less the offset. Fails when the offset is arithmetic that comes to nothing.
Result<std::vector<std::int64_t>> shiftedTimes(const EvalContext& context, const StepGrid& grid,
                                               const Modifiers& modifiers);
/// The offset alone, its arithmetic done.
Result<std::int64_t> offsetMs(const EvalContext& context, const Modifiers& modifiers);
/// A length with its arithmetic, if any, done; above zero.
Result<std::int64_t> lengthMs(const EvalContext& context, std::chrono::milliseconds plain,
                              const std::optional<DurationExpr>& arithmetic);

/// The series of one selector: readers group by group, and which of them holds row i.
class Selection {
public:
    /// Asks the store for series with samples in [from, to].
    Result<void> open(EvalContext& context, const Matchers& matchers, std::int64_t fromMs,
                      std::int64_t toMs);

    std::size_t rows() const { return m_starts.empty() ? 0 : m_starts.back(); }
    const Labels& labels(std::size_t row);
    const storage::GroupReaders& readers() const { return m_readers; }
    Result<std::span<const std::int64_t>> timeline(std::size_t row);
    Result<void> read(std::size_t row, storage::Column& out);

private:
    std::size_t groupOf(std::size_t row) const;

    EvalContext* m_context = nullptr;
    storage::GroupReaders m_readers;
    std::vector<std::size_t> m_starts; ///< by reader: its first row; one more at the end
    mutable std::size_t m_at = 0; ///< reader of the last row asked for
};

/// The remark on what a reader had to leave out.
std::string textOfLeftOut(std::string_view what);

/// Leaves of every histogram what histogram_count, histogram_sum and histogram_avg ask for: no
/// buckets, so that they cannot differ. Where it is unknown whether the counter was reset, the
/// buckets tell before they go, by comparison with the histogram before it in the column, if any.
/// Source: Prometheus, promql/histogram_stats_iterator.go.
void keepStatistics(storage::Column& column);

} // namespace watchfire::promql
