// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/operator.h"

#include <algorithm>

namespace watchfire::promql {

Operator::~Operator()
{
    m_context.release(m_held);
}

Result<void> Operator::open()
{
    const Measure measure(m_context, m_usage);
    auto prepared = prepare();
    if (prepared && m_usage != nullptr) {
        m_usage->seriesOut += m_schema.size();
    }
    return prepared;
}

Result<bool> Operator::next(Batch& out)
{
    const Measure measure(m_context, m_usage);
    if (auto checked = m_context.checkpoint(); !checked) {
        return std::unexpected(checked.error());
    }
    auto produced = produce(out);
    if (!produced) {
        return produced;
    }
    if (!*produced) {
        m_context.release(std::exchange(m_held, 0));
        return false;
    }
    const std::uint64_t samples = out.samples();
    if (m_usage != nullptr) {
        m_usage->samplesOut += samples;
        if (m_context.options().countSamples) {
            m_usage->yields.add(out);
        }
    }
    m_held += samples;
    if (auto held = m_context.hold(samples); !held) {
        return std::unexpected(held.error());
    }
    return true;
}

bool Operator::startBatch(Batch& out)
{
    if (m_nextRow >= m_schema.size()) {
        return false;
    }
    const std::size_t rows = std::min(rowsPerBatch(m_grid.count), m_schema.size() - m_nextRow);
    out.reset(m_nextRow, rows, m_grid.count);
    m_nextRow += rows;
    return true;
}

void Operator::countWindows(const WindowCounts& counts)
{
    if (m_windowUsage != nullptr) {
        m_windowUsage->windows.append(counts);
    }
}

Result<Batch> collect(Operator& from)
{
    Batch all;
    all.reset(0, from.schema().size(), from.grid().count);
    Batch batch;
    for (;;) {
        const auto more = from.next(batch);
        if (!more) {
            return std::unexpected(more.error());
        }
        if (!*more) {
            return all;
        }
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            all.moveRow(batch.firstSeries() + row, batch, row);
        }
    }
}

Result<bool> Materialized::produce(Batch& out)
{
    if (!startBatch(out)) {
        return false;
    }
    for (std::size_t row = 0; row < out.rows(); ++row) {
        out.moveRow(row, m_rows, out.firstSeries() + row);
    }
    return true;
}

Labels withoutName(const Labels& labels)
{
    Labels left = labels.without(metricNameLabel);
    for (const std::string_view name : {"__type__", "__unit__"}) {
        if (left.has(name)) {
            left = left.without(name);
        }
    }
    return left;
}

SeriesLabels droppingName(EvalContext& context, const SeriesLabels& series)
{
    if (context.options().delayedNameRemoval) {
        return {series.labels, true};
    }
    if (!series.labels->has(metricNameLabel) && !series.labels->has("__type__")
        && !series.labels->has("__unit__")) {
        return series;
    }
    return {context.own(withoutName(*series.labels)), series.dropName};
}

} // namespace watchfire::promql
