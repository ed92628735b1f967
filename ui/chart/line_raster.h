// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include <QImage>
#include <QRgb>

namespace watchfire::ui::chart {

/// From axis space to rows of an image: `high` is the top edge, `low` the bottom edge.
struct RowMap {
    double low = 0;
    double high = 1;
    int rows = 1;

    /// Kept within what arithmetic on pixels bears; what is not a number lies far above.
    double operator()(double value) const
    {
        constexpr double far = 1e6;
        const double row = (high - value) * double(rows) / (high - low);
        return row > -far ? (row < far ? row : far) : -far;
    }
};

struct LineStyle {
    QRgb color = 0xff000000;
    double width = 1.5; ///< device pixels
    int dash = 0; ///< columns drawn and left out in turn; 0: solid
};

// All of these paint into a Format_ARGB32_Premultiplied image, whose width is the number of
// columns. A column whose low is above its high is absent and stays untouched.

/// A line as vertical spans, one a column, whose ends fade by the part of a pixel they cover.
/// Dashes leave out columns, but never one in which the line climbs: a spike is always seen. A
/// column alone between absent ones becomes a dot.
void paintLine(QImage& image, std::span<const double> low, std::span<const double> high,
               const RowMap& rows, const LineStyle& style);

/// Fills between `base` (axis space) and the line in that colour, whose alpha counts.
void paintArea(QImage& image, std::span<const double> low, std::span<const double> high,
               double base, const RowMap& rows, QRgb fill);

/// Fills between two lines given by one value a column, NaN where absent.
void paintBand(QImage& image, std::span<const double> bottom, std::span<const double> top,
               const RowMap& rows, QRgb fill);

} // namespace watchfire::ui::chart
