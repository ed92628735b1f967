// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/map.h"

#include <algorithm>

namespace watchfire::promql {

Map::Map(OperatorPtr inner, RowFunction function)
    : Operator(inner->context(), inner->grid())
    , m_inner(std::move(inner))
    , m_function(std::move(function))
{
}

Result<void> Map::prepare()
{
    if (auto opened = m_inner->open(); !opened) {
        return opened;
    }
    m_schema.reserve(m_inner->schema().size());
    for (const SeriesLabels& series : m_inner->schema()) {
        m_schema.push_back(droppingName(context(), series));
    }
    m_staysDistinct = m_inner->staysDistinct();
    return {};
}

Result<bool> Map::produce(Batch& out)
{
    const auto more = m_inner->next(out);
    if (!more || !*more) {
        return more;
    }
    for (std::size_t row = 0; row < out.rows(); ++row) {
        if (m_function.numbers) {
            m_function.numbers(out.values(row), out.present(row));
        } else {
            std::ranges::fill(out.present(row), 0);
        }
        if (!out.hasHistograms(row)) {
            continue;
        }
        if (!m_function.histograms) {
            out.dropHistograms(row);
            continue;
        }
        const std::span<HistogramPtr> cells = out.histogramsOf(row);
        for (std::size_t step = 0; step < cells.size(); ++step) {
            if (cells[step]) {
                const HistogramPtr histogram = std::move(cells[step]);
                cells[step] = nullptr;
                out.set(row, step, m_function.histograms(histogram, step));
            }
        }
    }
    return true;
}

ScalarVector::ScalarVector(EvalContext& context, StepGrid grid, std::vector<double> values)
    : Operator(context, grid)
    , m_values(std::move(values))
{
}

Result<void> ScalarVector::prepare()
{
    m_schema.push_back({context().own({}), false});
    return {};
}

Result<bool> ScalarVector::produce(Batch& out)
{
    if (!startBatch(out)) {
        return false;
    }
    std::ranges::copy(m_values, out.values(0).begin());
    setFirst(out.present(0), m_values.size());
    return true;
}

Broadcast::Broadcast(OperatorPtr inner, StepGrid grid, EvalContext& context)
    : Operator(context, grid)
    , m_inner(std::move(inner))
{
}

Result<void> Broadcast::prepare()
{
    if (auto opened = m_inner->open(); !opened) {
        return opened;
    }
    m_schema = m_inner->schema();
    m_staysDistinct = m_inner->staysDistinct();
    m_sharesLabels = m_inner->sharesLabels();
    auto rows = collect(*m_inner);
    if (!rows) {
        return std::unexpected(rows.error());
    }
    m_rows = std::move(*rows);
    return {};
}

Result<bool> Broadcast::produce(Batch& out)
{
    if (!startBatch(out)) {
        return false;
    }
    for (std::size_t row = 0; row < out.rows(); ++row) {
        const Cell cell = m_rows.cell(out.firstSeries() + row, 0);
        switch (cell.kind) {
        case Cell::Kind::absent:
            break;
        case Cell::Kind::number:
            std::ranges::fill(out.values(row), cell.number);
            setFirst(out.present(row), out.steps());
            break;
        case Cell::Kind::histogram:
            std::ranges::fill(out.histogramsOf(row), cell.histogram);
            break;
        }
    }
    return true;
}

} // namespace watchfire::promql
