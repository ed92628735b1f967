// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/result.h"
#include "core/promql/bits.h"

#include <cstddef>
#include <span>
#include <vector>

namespace watchfire::promql {

/// What one step of one series holds, taken out of a batch.
struct Cell {
    enum class Kind { absent, number, histogram };
    Kind kind = Kind::absent;
    double number = 0;
    HistogramPtr histogram;

    static Cell of(double value) { return {Kind::number, value, nullptr}; }
    static Cell of(HistogramPtr value) { return {Kind::histogram, 0, std::move(value)}; }
};

/// Rows of consecutive series × all steps of a grid, row-major.
///
/// A cell holds a number (its bit is set), a histogram (its pointer is set), or nothing. The
/// value of a cell without a number is meaningless, so kernels may compute it along.
/// Histograms live in rows of pointers that exist only for series that have any.
class Batch {
public:
    Batch() = default;
    /// Makes it rows × steps of absent cells; keeps its memory.
    void reset(std::size_t firstSeries, std::size_t rows, std::size_t steps);

    std::size_t firstSeries() const { return m_firstSeries; }
    std::size_t rows() const { return m_rows; }
    std::size_t steps() const { return m_steps; }
    void setFirstSeries(std::size_t series) { m_firstSeries = series; }

    std::span<double> values(std::size_t row)
    {
        return std::span(m_values).subspan(row * m_steps, m_steps);
    }
    std::span<const double> values(std::size_t row) const
    {
        return std::span(m_values).subspan(row * m_steps, m_steps);
    }
    Bits present(std::size_t row) { return std::span(m_present).subspan(row * m_words, m_words); }
    ConstBits present(std::size_t row) const
    {
        return std::span(m_present).subspan(row * m_words, m_words);
    }
    bool isFull(std::size_t row) const { return countBits(present(row)) == m_steps; }

    void set(std::size_t row, std::size_t step, double value)
    {
        m_values[row * m_steps + step] = value;
        setBit(present(row), step);
    }
    void set(std::size_t row, std::size_t step, HistogramPtr histogram);
    void set(std::size_t row, std::size_t step, Cell cell);
    Cell cell(std::size_t row, std::size_t step) const;

    bool hasHistograms() const { return !m_histograms.empty(); }
    bool hasHistograms(std::size_t row) const
    {
        return !m_histograms.empty() && !m_histograms[row].empty();
    }
    /// One pointer a step, null where there is none; empty when the row has no histogram.
    std::span<const HistogramPtr> histograms(std::size_t row) const
    {
        return m_histograms.empty() ? std::span<const HistogramPtr>()
                                    : std::span<const HistogramPtr>(m_histograms[row]);
    }
    /// The same to write to; made when the row has none.
    std::span<HistogramPtr> histogramsOf(std::size_t row);
    void dropHistograms() { m_histograms.clear(); }
    void dropHistograms(std::size_t row);

    /// Whether any step of the row holds a number or a histogram.
    bool isEmpty(std::size_t row) const;
    /// Cells of the row that hold something, into `out` (one bit a step).
    void occupied(std::size_t row, Bits out) const;
    /// Cells that hold something, as the sample limit counts them.
    std::size_t samples() const;
    /// Memory of its histograms and of the pointers to them, beside that of the cells.
    std::uint64_t histogramBytes() const;
    std::uint64_t histogramBytes(std::size_t row) const;

    /// Copies row `from` of another batch with as many steps.
    void copyRow(std::size_t row, const Batch& other, std::size_t from);
    /// Takes over the row's histograms of another batch and copies the numbers.
    void moveRow(std::size_t row, Batch& other, std::size_t from);
    /// Makes the row one of absent cells.
    void clearRow(std::size_t row);

private:
    std::size_t m_firstSeries = 0;
    std::size_t m_rows = 0;
    std::size_t m_steps = 0;
    std::size_t m_words = 0;
    std::vector<double> m_values;
    std::vector<std::uint64_t> m_present;
    std::vector<std::vector<HistogramPtr>> m_histograms; ///< by row; empty: none at all
};

/// Rows of a batch that keep its cells within a size that stays in the cache.
constexpr std::size_t rowsPerBatch(std::size_t steps)
{
    constexpr std::size_t cells = 16 * 1024;
    return std::clamp<std::size_t>(cells / std::max<std::size_t>(steps, 1), 1, 1024);
}

/// Memory of so many cells, be they present or not.
constexpr std::uint64_t bytesOfCells(std::uint64_t rows, std::uint64_t steps)
{
    return rows * (steps * sizeof(double) + (steps + 63) / 64 * sizeof(std::uint64_t));
}

} // namespace watchfire::promql
