// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/exemplar.h"
#include "core/model/labels.h"
#include "core/model/sample.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace watchfire::torture {

/// What is written: everything follows from the numbers of a group, a row and a series, so that
/// nothing needs to be remembered over a kill. Group `groups` takes the pushed samples, the ones
/// below are scraped.
struct Plan {
    int groups = 3;
    int stableSeries = 40; ///< of each scraped group
    int churnSeries = 10; ///< of each scraped group; others every `churnRows` rows
    int churnRows = 50;
    int pushedSeries = 20;
    std::int64_t startMs = 1'700'000'000'000;
    std::int64_t stepMs = 60'000; ///< between rows; a window has 480 of them
    std::int64_t keptMs = 24 * 3'600'000; ///< the limit of retention

    int seriesOfGroup() const { return stableSeries + churnSeries; }
    std::int64_t timeOf(std::int64_t row) const { return startMs + row * stepMs; }
};

/// How far each group got: a row number per scraped group, the last one that of the pushed.
using Rows = std::vector<std::int64_t>;

double valueOf(int group, std::int64_t row, int series);

/// Series of a scraped group in that row, by index.
Labels labelsOf(const Plan& plan, int group, std::int64_t row, int series);
/// Which series those labels are of a scraped group: its index, and for one that comes and goes
/// in which `churnRows` rows it is there.
struct SeriesNumber {
    int series = 0;
    std::int64_t epoch = -1; ///< -1: in all
};
std::optional<SeriesNumber> numberOf(const Plan& plan, const Labels& labels);

Labels pushedLabels(int series);

/// One more pushed series: even rows write their own moment, odd ones (from the 101st on) the
/// moment a hundred rows back, out of order.
inline constexpr std::int64_t lateRows = 100;
Labels lateLabels();
inline bool hasLate(std::int64_t row)
{
    return row % 2 == 0 || row >= lateRows;
}
inline std::int64_t lateRow(std::int64_t row)
{
    return row % 2 == 0 ? row : row - lateRows;
}
/// Whether the pushed row brings its predecessor's first sample again, with another value, which
/// must not win.
inline bool hasConflict(std::int64_t row)
{
    return row % 10 == 3;
}

/// Some rows bring an exemplar, which says where it is from.
struct PlannedExemplar {
    int series = 0; ///< of the group
    Exemplar exemplar;
};
/// Of a scraped group it has no time of its own, of the pushed one it has its row's.
std::optional<PlannedExemplar> exemplarOf(const Plan& plan, int group, std::int64_t row);

/// A scraped group deletes some rows of one of its series, once row `afterRow` is written and
/// before the next one is.
struct Deletion {
    std::int64_t afterRow = 0;
    int series = 0;
    std::int64_t from = 0; ///< rows, both inclusive
    std::int64_t to = 0;
};
/// The one due after that row.
std::optional<Deletion> deletionAfter(const Plan& plan, std::int64_t row);
/// The one that takes away something of that row.
std::optional<Deletion> deletionOf(const Plan& plan, std::int64_t row);

} // namespace watchfire::torture
