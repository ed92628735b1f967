// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/scalar_binary.h"

#include "core/promql/kernels/elementwise.h"

#include <algorithm>

namespace watchfire::promql {

bool changesMetric(BinaryOp op)
{
    return op <= BinaryOp::atan2;
}

ScalarBinary::ScalarBinary(OperatorPtr vector, std::vector<double> scalar, bool scalarIsLeft,
                           BinaryCall call)
    : Operator(vector->context(), vector->grid())
    , m_inner(std::move(vector))
    , m_scalar(std::move(scalar))
    , m_scalarIsLeft(scalarIsLeft)
    , m_call(call)
    , m_holds(wordsFor(grid().count))
{
}

Result<void> ScalarBinary::prepare()
{
    if (auto opened = m_inner->open(); !opened) {
        return opened;
    }
    const bool drops = changesMetric(m_call.op) || m_call.returnBool;
    m_schema.reserve(m_inner->schema().size());
    for (const SeriesLabels& series : m_inner->schema()) {
        m_schema.push_back(drops ? droppingName(context(), series) : series);
    }
    m_staysDistinct = m_inner->staysDistinct();
    m_sharesLabels = m_inner->sharesLabels() && !drops;
    return {};
}

Result<bool> ScalarBinary::produce(Batch& out)
{
    const auto more = m_inner->next(out);
    if (!more || !*more) {
        return more;
    }
    for (std::size_t row = 0; row < out.rows(); ++row) {
        applyToNumbers(out, row);
        if (out.hasHistograms(row)) {
            applyToHistograms(out, row);
        }
    }
    return true;
}

void ScalarBinary::applyToNumbers(Batch& out, std::size_t row)
{
    const std::span<double> values = out.values(row);
    const std::span<const double> left
        = m_scalarIsLeft ? std::span<const double>(m_scalar) : std::span<const double>(values);
    const std::span<const double> right
        = m_scalarIsLeft ? std::span<const double>(values) : std::span<const double>(m_scalar);
    const Bits present = out.present(row);
    if (m_call.op == BinaryOp::trimUpper || m_call.op == BinaryOp::trimLower) {
        // Numbers have no buckets to trim; this says so and takes them out.
        forEachBit(present, [&](std::size_t step) {
            m_call.apply(Cell::of(left[step]), Cell::of(right[step]));
        });
        std::ranges::fill(present, 0);
        return;
    }
    if (!isComparison(m_call.op)) {
        kernels::arithmetic(m_call.op, left, right, values);
        return;
    }
    kernels::compare(m_call.op, left, right, m_holds);
    if (m_call.returnBool) {
        for (std::size_t step = 0; step < values.size(); ++step) {
            values[step] = testBit(m_holds, step) ? 1 : 0;
        }
        return;
    }
    for (std::size_t word = 0; word < present.size(); ++word) {
        present[word] &= m_holds[word];
    }
}

void ScalarBinary::applyToHistograms(Batch& out, std::size_t row)
{
    const std::span<HistogramPtr> cells = out.histogramsOf(row);
    for (std::size_t step = 0; step < cells.size(); ++step) {
        if (!cells[step]) {
            continue;
        }
        const Cell vector = Cell::of(std::move(cells[step]));
        cells[step] = nullptr;
        const Cell scalar = Cell::of(m_scalar[step]);
        out.set(row, step,
                m_scalarIsLeft ? m_call.apply(scalar, vector) : m_call.apply(vector, scalar));
    }
}

} // namespace watchfire::promql
