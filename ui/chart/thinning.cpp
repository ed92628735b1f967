// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/thinning.h"

#include "core/base/check.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace watchfire::ui::chart {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// One row being filled.
struct Row {
    std::span<double> low;
    std::span<double> high;
    std::span<double> last;

    void reach(std::size_t column, double value)
    {
        low[column] = std::min(low[column], value);
        high[column] = std::max(high[column], value);
        last[column] = value;
    }

    /// The straight line between two samples, given where it crosses each column's edges.
    /// Its ends are the samples' own business.
    void join(double x0, double v0, double x1, double v1)
    {
        const double width = double(low.size());
        const double slope = (v1 - v0) / (x1 - x0);
        const double from = std::max(x0, 0.0);
        const double to = std::min(x1, width);
        if (!(from < to)) {
            return;
        }
        auto column = std::size_t(from);
        if (x0 < 0) {
            reach(0, v0 + slope * (0 - x0));
        }
        const auto end = std::size_t(to);
        for (; column < end; ++column) {
            const double edge = v0 + slope * (double(column + 1) - x0);
            reach(column, edge);
            if (column + 1 < low.size() && double(column + 1) < x1) {
                reach(column + 1, edge);
            }
        }
    }
};

} // namespace

Undrawable thinSeries(std::span<const std::int64_t> atMs, std::span<const double> values,
                      const Thinning& how, std::span<double> low, std::span<double> high,
                      std::span<double> last)
{
    WF_CHECK(low.size() == how.columns && high.size() == how.columns && last.size() == how.columns);
    std::ranges::fill(low, infinite);
    std::ranges::fill(high, -infinite);
    std::ranges::fill(last, std::numeric_limits<double>::quiet_NaN());
    Undrawable undrawable;
    if (how.columns == 0 || !(how.toMs > how.fromMs) || atMs.empty()) {
        return undrawable;
    }

    Row row{low, high, last};
    const double scale = double(how.columns) / (how.toMs - how.fromMs);
    // One sample on either side, for the lines that enter and leave the picture.
    auto begin = std::size_t(std::ranges::lower_bound(atMs, std::int64_t(std::ceil(how.fromMs)))
                             - atMs.begin());
    auto end = std::size_t(std::ranges::upper_bound(atMs, std::int64_t(std::floor(how.toMs)))
                           - atMs.begin());
    begin = begin > 0 ? begin - 1 : 0;
    end = std::min(end + 1, atMs.size());

    bool joined = false; // whether the sample before can be drawn
    double x0 = 0;
    double v0 = 0;
    for (std::size_t i = begin; i < end; ++i) {
        const double at = double(atMs[i]);
        const bool inside = at >= how.fromMs && at <= how.toMs;
        double v = values[i];
        if (!std::isfinite(v)) {
            undrawable.notFinite += inside ? 1 : 0;
            joined = false;
            continue;
        }
        if (how.logarithmic) {
            if (v <= 0) {
                undrawable.notPositive += inside ? 1 : 0;
                joined = false;
                continue;
            }
            v = std::log10(v);
        }
        const double x = (at - how.fromMs) * scale;
        if (joined && double(atMs[i] - atMs[i - 1]) <= how.gapMs) {
            row.join(x0, v0, x, v);
        }
        if (inside) {
            row.reach(std::min(std::size_t(x), how.columns - 1), v);
        }
        joined = true;
        x0 = x;
        v0 = v;
    }
    return undrawable;
}

std::optional<Thinned> thin(const Matrix& matrix, std::span<const std::uint32_t> series,
                            const Thinning& how, std::stop_token stop)
{
    Thinned thinned;
    ColumnTable& table = thinned.table;
    table.columns = how.columns;
    table.fromMs = how.fromMs;
    table.toMs = how.toMs;
    table.series.assign(series.begin(), series.end());
    const std::size_t cells = series.size() * how.columns;
    table.low.resize(cells);
    table.high.resize(cells);
    table.last.resize(cells);
    for (std::size_t row = 0; row < series.size(); ++row) {
        if (stop.stop_requested()) {
            return std::nullopt;
        }
        const MatrixSeries& source = matrix[series[row]];
        const auto part = [&](std::vector<double>& of) {
            return std::span(of).subspan(row * how.columns, how.columns);
        };
        thinned.undrawable += thinSeries(source.atMs, source.values, how, part(table.low),
                                         part(table.high), part(table.last));
    }
    return thinned;
}

} // namespace watchfire::ui::chart
