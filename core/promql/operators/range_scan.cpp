// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/range_scan.h"

#include <algorithm>

namespace watchfire::promql {

RangeOperator::RangeOperator(EvalContext& context, StepGrid grid, RangeCall call)
    : Operator(context, grid)
    , m_call(std::move(call))
    , m_runner(m_call, context.options().useStartTimestamps)
{
}

void RangeOperator::setSchema(const Schema& argument)
{
    m_schema.reserve(argument.size());
    for (const SeriesLabels& series : argument) {
        m_schema.push_back(m_call.function.keepsName ? series : droppingName(context(), series));
    }
}

RangeScan::RangeScan(EvalContext& context, StepGrid grid, const VectorSelector& selector,
                     RangeCall call)
    : RangeOperator(context, grid, std::move(call))
    , m_selector(selector)
{
}

Result<void> RangeScan::prepare()
{
    if (m_call.ends.empty()) {
        return {};
    }
    std::int64_t from = m_call.ends.front() - m_call.rangeMs + 1;
    std::int64_t to = m_call.ends.back();
    const std::int64_t lookback = context().options().lookback.count();
    if (m_call.edges != RangeEdges::plain) {
        from -= lookback;
    }
    if (m_call.edges == RangeEdges::smoothed) {
        to += lookback;
    }
    if (auto opened = m_selection.open(context(), m_selector.matchers, from, to); !opened) {
        return opened;
    }
    Schema selected(m_selection.rows());
    for (std::size_t row = 0; row < selected.size(); ++row) {
        selected[row].labels = &m_selection.labels(row);
    }
    setSchema(selected);
    return {};
}

Result<bool> RangeScan::produce(Batch& out)
{
    if (!startBatch(out)) {
        return false;
    }
    for (std::size_t row = 0; row < out.rows(); ++row) {
        const std::size_t series = out.firstSeries() + row;
        if (m_selection.startsGroup(series)) {
            const auto timeline = m_selection.timeline(series);
            if (!timeline) {
                return std::unexpected(timeline.error());
            }
            m_runner.startTimeline(*timeline);
        }
        if (auto read = m_selection.read(series, m_column); !read) {
            return std::unexpected(read.error());
        }
        if (m_settlesResets) {
            settleUnknownResets(m_column);
        }
        if (auto run = m_runner.run(m_column, m_selection.labels(series), out, row); !run) {
            return std::unexpected(run.error());
        }
    }
    return true;
}

namespace {

/// A hint tells about the stored sample before, which a subquery may step over, or see twice.
HistogramPtr withoutHint(const HistogramPtr& histogram)
{
    if (histogram->resetHint == CounterReset::unknown
        || histogram->resetHint == CounterReset::gauge) {
        return histogram;
    }
    Histogram copy = *histogram;
    copy.resetHint = CounterReset::unknown;
    return std::make_shared<const Histogram>(std::move(copy));
}

} // namespace

SubqueryScan::SubqueryScan(EvalContext& context, StepGrid grid, OperatorPtr inner, RangeCall call)
    : RangeOperator(context, grid, std::move(call))
    , m_inner(std::move(inner))
{
}

Result<void> SubqueryScan::prepare()
{
    if (auto opened = m_inner->open(); !opened) {
        return opened;
    }
    const StepGrid& grid = m_inner->grid();
    m_timeline.resize(grid.count);
    for (std::size_t step = 0; step < grid.count; ++step) {
        m_timeline[step] = grid.at(step);
    }
    m_runner.startTimeline(m_timeline);
    setSchema(m_inner->schema());
    return {};
}

Result<bool> SubqueryScan::produce(Batch& out)
{
    const auto more = m_inner->next(m_rows);
    if (!more || !*more) {
        return more;
    }
    out.reset(m_rows.firstSeries(), m_rows.rows(), grid().count);
    for (std::size_t row = 0; row < m_rows.rows(); ++row) {
        toColumn(m_rows, row, m_column);
        const Labels& labels = *m_inner->schema()[m_rows.firstSeries() + row].labels;
        if (auto run = m_runner.run(m_column, labels, out, row); !run) {
            return std::unexpected(run.error());
        }
    }
    return true;
}

void toColumn(const Batch& batch, std::size_t row, storage::Column& out)
{
    out.clear();
    out.mayHoldStale = false;
    const auto values = batch.values(row);
    out.values.assign(values.begin(), values.end());
    const auto histograms = batch.histograms(row);
    if (histograms.empty() && batch.isFull(row)) {
        return;
    }
    const ConstBits present = batch.present(row);
    out.present.assign(present.begin(), present.end());
    for (std::size_t step = 0; step < histograms.size(); ++step) {
        if (histograms[step]) {
            setBit(out.present, step);
            out.histograms.emplace_back(static_cast<std::uint32_t>(step),
                                        withoutHint(histograms[step]));
        }
    }
}

} // namespace watchfire::promql
