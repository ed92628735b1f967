// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/batch.h"

#include "core/promql/sample_counts.h"

namespace watchfire::promql {

void Batch::reset(std::size_t firstSeries, std::size_t rows, std::size_t steps)
{
    m_firstSeries = firstSeries;
    m_rows = rows;
    m_steps = steps;
    m_words = wordsFor(steps);
    m_values.resize(rows * steps);
    m_present.assign(rows * m_words, 0);
    m_histograms.clear();
}

void Batch::set(std::size_t row, std::size_t step, HistogramPtr histogram)
{
    histogramsOf(row)[step] = std::move(histogram);
}

void Batch::set(std::size_t row, std::size_t step, Cell cell)
{
    switch (cell.kind) {
    case Cell::Kind::absent:
        break;
    case Cell::Kind::number:
        set(row, step, cell.number);
        break;
    case Cell::Kind::histogram:
        set(row, step, std::move(cell.histogram));
        break;
    }
}

Cell Batch::cell(std::size_t row, std::size_t step) const
{
    if (testBit(present(row), step)) {
        return Cell::of(values(row)[step]);
    }
    if (hasHistograms(row) && m_histograms[row][step]) {
        return Cell::of(m_histograms[row][step]);
    }
    return {};
}

std::span<HistogramPtr> Batch::histogramsOf(std::size_t row)
{
    if (m_histograms.empty()) {
        m_histograms.resize(m_rows);
    }
    if (m_histograms[row].empty()) {
        m_histograms[row].resize(m_steps);
    }
    return m_histograms[row];
}

void Batch::dropHistograms(std::size_t row)
{
    if (!m_histograms.empty()) {
        m_histograms[row].clear();
    }
}

bool Batch::isEmpty(std::size_t row) const
{
    return !anyBit(present(row))
        && std::ranges::none_of(histograms(row),
                                [](const HistogramPtr& h) { return h != nullptr; });
}

void Batch::occupied(std::size_t row, Bits out) const
{
    std::ranges::copy(present(row), out.begin());
    const auto cells = histograms(row);
    for (std::size_t step = 0; step < cells.size(); ++step) {
        if (cells[step]) {
            setBit(out, step);
        }
    }
}

std::size_t Batch::samples() const
{
    std::size_t count = countBits(m_present);
    for (const auto& row : m_histograms) {
        for (const HistogramPtr& histogram : row) {
            count += histogram ? samplesInSeries(*histogram) : 0;
        }
    }
    return count;
}

std::uint64_t Batch::histogramBytes() const
{
    std::uint64_t bytes = 0;
    for (std::size_t row = 0; row < m_histograms.size(); ++row) {
        bytes += histogramBytes(row);
    }
    return bytes;
}

std::uint64_t Batch::histogramBytes(std::size_t row) const
{
    std::uint64_t bytes = 0;
    for (const HistogramPtr& histogram : histograms(row)) {
        bytes += sizeof(HistogramPtr) + (histogram ? bytesOf(*histogram) : 0);
    }
    return bytes;
}

void Batch::copyRow(std::size_t row, const Batch& other, std::size_t from)
{
    std::ranges::copy(other.values(from), values(row).begin());
    std::ranges::copy(other.present(from), present(row).begin());
    if (other.hasHistograms(from)) {
        std::ranges::copy(other.histograms(from), histogramsOf(row).begin());
    } else {
        dropHistograms(row);
    }
}

void Batch::moveRow(std::size_t row, Batch& other, std::size_t from)
{
    std::ranges::copy(other.values(from), values(row).begin());
    std::ranges::copy(other.present(from), present(row).begin());
    if (other.hasHistograms(from)) {
        histogramsOf(row);
        m_histograms[row] = std::move(other.m_histograms[from]);
        other.m_histograms[from].clear();
    } else {
        dropHistograms(row);
    }
}

void Batch::clearRow(std::size_t row)
{
    std::ranges::fill(present(row), 0);
    dropHistograms(row);
}

} // namespace watchfire::promql
