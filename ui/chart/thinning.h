// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace watchfire::ui::chart {

/// What a picture needs of many samples: for each series and each column of device pixels the
/// lowest, highest and last value its line takes there. A line joins neighbouring samples that
/// are no further apart than the gap; where it does not run, a column is absent (low > high) and
/// stays so. Nothing a sample reaches is lost: a spike of one sample among a million keeps its
/// column's high or low.
///
/// Values are in axis space: as they are, or their decimal logarithm.
struct ColumnTable {
    std::size_t columns = 0;
    double fromMs = 0; ///< left edge of the first column
    double toMs = 0; ///< right edge of the last
    std::vector<std::uint32_t> series; ///< row r is series[r] of the matrix
    std::vector<double> low; ///< rows × columns, row after row
    std::vector<double> high;
    std::vector<double> last;

    std::size_t rows() const { return series.size(); }
    std::span<const double> lowOf(std::size_t row) const { return part(low, row); }
    std::span<const double> highOf(std::size_t row) const { return part(high, row); }
    std::span<const double> lastOf(std::size_t row) const { return part(last, row); }
    bool isAbsent(std::size_t row, std::size_t column) const
    {
        return low[row * columns + column] > high[row * columns + column];
    }
    std::size_t bytes() const { return (low.size() + high.size() + last.size()) * sizeof(double); }

private:
    std::span<const double> part(const std::vector<double>& of, std::size_t row) const
    {
        return std::span(of).subspan(row * columns, columns);
    }
};

struct Thinning {
    double fromMs = 0;
    double toMs = 0;
    std::size_t columns = 0;
    double gapMs = 0; ///< samples further apart are not joined
    bool logarithmic = false;
};

/// Samples inside the range that no axis can show; a line breaks at them.
struct Undrawable {
    std::size_t notFinite = 0; ///< NaN and infinities
    std::size_t notPositive = 0; ///< zero or less, on a logarithmic axis
    Undrawable& operator+=(const Undrawable& other)
    {
        notFinite += other.notFinite;
        notPositive += other.notPositive;
        return *this;
    }
};

/// Thins one series into three arrays of `how.columns` values each. Samples outside the range
/// count only for the lines that cross its edges.
Undrawable thinSeries(std::span<const std::int64_t> atMs, std::span<const double> values,
                      const Thinning& how, std::span<double> low, std::span<double> high,
                      std::span<double> last);

struct Thinned {
    ColumnTable table;
    Undrawable undrawable;
};
/// Thins those series of the matrix. Nothing when `stop` was requested, which is looked at
/// between series.
std::optional<Thinned> thin(const Matrix& matrix, std::span<const std::uint32_t> series,
                            const Thinning& how, std::stop_token stop);

} // namespace watchfire::ui::chart
