// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/range_scan.h"

#include <algorithm>

namespace watchfire::promql {

namespace {

class RangeFiller final : public SeriesFiller {
public:
    RangeFiller(const RangeCall& call, bool useStarts)
        : m_runner(call, useStarts)
    {
    }
    void startTimeline(std::span<const std::int64_t> timeline) override
    {
        m_runner.startTimeline(timeline);
    }
    void fill(const storage::Column& column, std::string_view metric, Batch& out, std::size_t row,
              Findings& findings) override
    {
        m_runner.run(column, metric, out, row, findings);
    }
    void endBatch(Findings& findings) override { m_runner.endBatch(findings); }

private:
    RangeRunner m_runner;
};

} // namespace

RangeScan::RangeScan(EvalContext& context, StepGrid grid, const VectorSelector& selector,
                     RangeCall call)
    : Scan(context, grid, selector)
    , m_call(std::move(call))
    , m_useStarts(context.options().useStartTimestamps)
{
}

Result<void> RangeScan::prepare()
{
    if (m_call.ends.empty()) {
        return {};
    }
    std::int64_t from = m_call.ends.front() - m_call.rangeMs + 1;
    std::int64_t to = m_call.ends.back();
    if (m_call.edges != RangeEdges::plain) {
        from -= m_call.lookbackMs;
    }
    if (m_call.edges == RangeEdges::smoothed) {
        to += m_call.lookbackMs;
    }
    return select(from, to, m_call.function.keepsName ? Names::kept : Names::dropped);
}

std::unique_ptr<SeriesFiller> RangeScan::filler() const
{
    return std::make_unique<RangeFiller>(m_call, m_useStarts);
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
    : Operator(context, grid)
    , m_inner(std::move(inner))
    , m_call(std::move(call))
    , m_runner(m_call, context.options().useStartTimestamps)
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
    m_schema.reserve(m_inner->schema().size());
    for (const SeriesLabels& series : m_inner->schema()) {
        m_schema.push_back(m_call.function.keepsName ? series : droppingName(context(), series));
    }
    m_staysDistinct = m_inner->staysDistinct();
    return {};
}

Result<bool> SubqueryScan::produce(Batch& out)
{
    const auto more = m_inner->next(m_rows);
    if (!more || !*more) {
        return more;
    }
    out.reset(m_rows.firstSeries(), m_rows.rows(), grid().count);
    Findings findings;
    for (std::size_t row = 0; row < m_rows.rows(); ++row) {
        toColumn(m_rows, row, m_column);
        const Labels& labels = *m_inner->schema()[m_rows.firstSeries() + row].labels;
        m_runner.run(m_column, labels.metricName(), out, row, findings);
    }
    m_runner.endBatch(findings);
    countWindows(findings.windows);
    if (auto noted = context().note(std::move(findings)); !noted) {
        return std::unexpected(noted.error());
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
