// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/codec/column.h"
#include "tests/support/histogram_shapes.h"

#include <QString>

namespace watchfire::tsdb {

/// A column that owns what ColumnInput borrows.
struct RandomColumn {
    std::vector<double> values;
    std::vector<HistogramAt> histograms;
    std::vector<std::int64_t> startedAtMs;

    ColumnInput input() const { return {values, histograms, startedAtMs}; }
};

/// Floats, histograms, start times and holes in any mixture, over n rows.
inline RandomColumn randomColumn(testing::ColumnShapes& shapes, std::size_t n)
{
    RandomColumn column;
    column.values = shapes.sparseValues(n);
    if (shapes.oneIn(2)) {
        const std::uint64_t one = 1 + shapes.number(4);
        std::shared_ptr<const Histogram> last;
        for (std::uint32_t i = 0; i < n; ++i) {
            if (isAbsent(column.values[i]) || !shapes.oneIn(one)) {
                continue;
            }
            const bool sameShape = last != nullptr && !shapes.oneIn(20);
            last = std::make_shared<const Histogram>(
                testing::randomHistogram(shapes, sameShape ? last.get() : nullptr));
            column.values[i] = histogramMarker();
            column.histograms.emplace_back(i, last);
        }
    }
    if (shapes.oneIn(3)) {
        std::int64_t start = shapes.oneIn(3) ? 0 : 1'700'000'000'000;
        for (std::size_t i = 0; i < n; ++i) {
            if (shapes.oneIn(30)) {
                start += static_cast<std::int64_t>(shapes.number(1'000'000));
            }
            column.startedAtMs.push_back(start);
        }
    }
    return column;
}

/// What differs between a column and its decoding; empty: nothing.
inline QString difference(const RandomColumn& column, const std::vector<double>& values,
                          const ColumnExtras& extras)
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::bit_cast<std::uint64_t>(values[i])
            != std::bit_cast<std::uint64_t>(column.values[i])) {
            return QStringLiteral("value %1").arg(i);
        }
        const std::int64_t expected = column.startedAtMs.empty() ? 0 : column.startedAtMs[i];
        const std::size_t at = extras.firstRow + i;
        const std::int64_t start = at < extras.startedAtMs.size() ? extras.startedAtMs[at] : 0;
        if (!isAbsent(values[i]) && start != expected) {
            return QStringLiteral("start time %1").arg(i);
        }
    }
    if (extras.histograms.size() != column.histograms.size()) {
        return QStringLiteral("number of histograms");
    }
    for (std::size_t i = 0; i < column.histograms.size(); ++i) {
        if (extras.histograms[i].first != extras.firstRow + column.histograms[i].first
            || !testing::sameBits(*extras.histograms[i].second, *column.histograms[i].second)) {
            return QStringLiteral("histogram %1").arg(i);
        }
    }
    return {};
}

} // namespace watchfire::tsdb
