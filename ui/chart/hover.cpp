// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/hover.h"

#include <algorithm>
#include <cmath>

namespace watchfire::ui::chart {

namespace {

std::optional<std::size_t> columnAt(const ColumnTable& table, double ms)
{
    const double x = (ms - table.fromMs) / (table.toMs - table.fromMs) * double(table.columns);
    if (!(x >= 0) || x > double(table.columns) || table.columns == 0) {
        return std::nullopt;
    }
    return std::min(std::size_t(x), table.columns - 1);
}

struct Candidate {
    std::size_t row;
    double at;
    double distance;
};

} // namespace

std::vector<HoverRow> hoverRows(const Picture& picture, double ms, std::optional<double> near,
                                double reachMs, std::size_t most)
{
    const ColumnTable& table = picture.table;
    const auto column = columnAt(table, ms);
    if (!column) {
        return {};
    }
    std::vector<Candidate> candidates;
    candidates.reserve(table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::size_t cell = row * table.columns + *column;
        if (table.low[cell] > table.high[cell]) {
            continue;
        }
        double low = table.low[cell];
        double high = table.high[cell];
        double at = table.last[cell];
        if (picture.mode == DrawMode::stack) {
            at = picture.stackTop[cell];
            low = picture.stackBottom[cell];
            high = at;
        }
        double distance = -high;
        if (near) {
            distance = std::max({low - *near, *near - high, 0.0});
            if (distance == 0) {
                // Among the lines that cover the spot, the flattest is meant.
                distance = -1.0 / (1.0 + high - low);
            }
        }
        candidates.push_back({row, at, distance});
    }
    const std::size_t kept = std::min(most, candidates.size());
    std::ranges::partial_sort(candidates, candidates.begin() + std::ptrdiff_t(kept), {},
                              &Candidate::distance);
    candidates.resize(kept);

    std::vector<HoverRow> rows;
    for (const Candidate& candidate : candidates) {
        const MatrixSeries& series = (*picture.prepared->matrix)[table.series[candidate.row]];
        if (const auto value = valueNear(series, ms, reachMs)) {
            rows.push_back({candidate.row, *value, candidate.at, rows.empty() && near});
        }
    }
    std::ranges::stable_sort(rows, std::greater(), &HoverRow::at);
    return rows;
}

std::size_t presentRows(const Picture& picture, double ms)
{
    const auto column = columnAt(picture.table, ms);
    std::size_t count = 0;
    for (std::size_t row = 0; column && row < picture.table.rows(); ++row) {
        count += picture.table.isAbsent(row, *column) ? 0 : 1;
    }
    return count;
}

} // namespace watchfire::ui::chart
