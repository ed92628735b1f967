// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/batch.h"
#include "core/promql/context.h"
#include "core/promql/grid.h"
#include "core/promql/profile.h"

#include <memory>
#include <vector>

namespace watchfire::promql {

/// The labels of one series an operator yields. `dropName`: with delayed name removal, the
/// name goes at the end of the query.
struct SeriesLabels {
    const Labels* labels = nullptr;
    bool dropName = false;
};
using Schema = std::vector<SeriesLabels>;

/// Yields the series of one vector expression over a step grid.
///
/// `open` is called once and makes the schema known; then `next` yields every series of the
/// schema, in order and each once, some rows at a time, and false when there are no more.
class Operator {
public:
    Operator(EvalContext& context, StepGrid grid)
        : m_context(context)
        , m_grid(grid)
    {
    }
    virtual ~Operator();
    Operator(const Operator&) = delete;
    Operator& operator=(const Operator&) = delete;

    Result<void> open();
    /// Checks for cancellation and charges the batch to the query before handing it on.
    Result<bool> next(Batch& out);

    const Schema& schema() const { return m_schema; }
    const StepGrid& grid() const { return m_grid; }
    EvalContext& context() { return m_context; }
    /// No two series have the same labels, nor would they without their names. Once opened.
    bool staysDistinct() const { return m_staysDistinct; }
    /// Equal labels in the schema are one object. Once opened.
    bool sharesLabels() const { return m_sharesLabels; }
    /// What this one and those below it take is added to `usage`.
    void observe(NodeUsage* usage) { m_usage = usage; }
    bool isObserved() const { return m_usage != nullptr; }
    /// What is in the windows of its range function is added to `usage`.
    void observeWindows(NodeUsage* usage) { m_windowUsage = usage; }

protected:
    virtual Result<void> prepare() = 0;
    virtual Result<bool> produce(Batch& out) = 0;

    /// The rows of the next batch when all go the same way: starts `out` after the rows
    /// handed out so far; false when the schema is used up.
    bool startBatch(Batch& out);
    /// The windows of the series that come next.
    void countWindows(const WindowCounts& counts);

    Schema m_schema;
    bool m_staysDistinct = false;
    bool m_sharesLabels = false;

private:
    EvalContext& m_context;
    StepGrid m_grid;
    std::size_t m_nextRow = 0;
    std::uint64_t m_held = 0;
    NodeUsage* m_usage = nullptr;
    NodeUsage* m_windowUsage = nullptr;
};

using OperatorPtr = std::unique_ptr<Operator>;

/// Shows every batch of an opened operator, in order; what `visit` fails with ends it.
template <class Visit> Result<void> forEachBatch(Operator& from, Visit&& visit)
{
    Batch batch;
    for (;;) {
        const auto more = from.next(batch);
        if (!more) {
            return std::unexpected(more.error());
        }
        if (!*more) {
            return {};
        }
        if (Result<void> visited = visit(batch); !visited) {
            return visited;
        }
    }
}

/// Every row of an opened operator in one batch.
Result<Batch> collect(Operator& from);

/// An operator whose rows were computed while it was opened.
class Materialized : public Operator {
public:
    using Operator::Operator;

protected:
    Result<void> prepare() override { return {}; } ///< nothing computed: no series
    Result<bool> produce(Batch& out) override;
    Batch m_rows; ///< one row a series of the schema
};

/// The labels that are left when a function, an operator or an aggregation drops the name:
/// without __name__, __type__ and __unit__.
Labels withoutName(const Labels& labels);
/// The same as the query's options want it: at once, or noted for the end.
SeriesLabels droppingName(EvalContext& context, const SeriesLabels& series);

} // namespace watchfire::promql
