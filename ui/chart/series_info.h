// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/result.h"
#include "ui/chart/color_book.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <unordered_set>
#include <vector>

#include <QString>

namespace watchfire::ui::chart {

/// What legend and tooltip say of one series of a matrix.
struct SeriesInfo {
    std::uint64_t hash = 0; ///< of its labels
    std::uint32_t slot = 0; ///< colour and dash, see ColorBook
    QString name; ///< only the labels in which the series of the matrix differ
    std::size_t samples = 0;
    double last = 0; ///< NaN without samples; the others over finite values only
    double min = 0;
    double max = 0;
    double average = 0;
};

/// A matrix made ready for drawing; index i describes series i. Immutable.
struct Prepared {
    std::shared_ptr<const Matrix> matrix;
    std::vector<SeriesInfo> series;
    std::vector<std::uint32_t> byMax; ///< indices, highest maximum first
    QString common; ///< labels all series share, as {a="b"}
    std::size_t histogramsOnly = 0; ///< series that lines cannot show
};

/// Nothing when stopped. `book` may be null: then colours follow the hashes alone.
std::shared_ptr<const Prepared> prepare(std::shared_ptr<const Matrix> matrix, ColorBook* book,
                                        std::stop_token stop);

/// Which series a person wants to see. Kept by label set, so that it outlives a refresh.
struct Visibility {
    bool only = false; ///< true: `marked` alone are shown; false: all but `marked`
    std::unordered_set<std::uint64_t> marked;

    bool shows(std::uint64_t hash) const { return marked.contains(hash) == only; }
    bool showsAll() const { return !only && marked.empty(); }
    friend bool operator==(const Visibility&, const Visibility&) = default;
};

struct Choice {
    std::vector<std::uint32_t> drawn; ///< ascending
    std::size_t wanted = 0; ///< visible ones, drawn or not
};
/// The visible series, at most `limit`: those with the highest maxima.
Choice choose(const Prepared& prepared, const Visibility& visibility, std::size_t limit);

/// The value of the sample nearest to `ms` and no further than `reachMs` from it.
std::optional<double> valueNear(const MatrixSeries& series, double ms, double reachMs);

} // namespace watchfire::ui::chart
