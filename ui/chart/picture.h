// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/axes.h"
#include "ui/chart/color_book.h"
#include "ui/chart/series_info.h"
#include "ui/chart/thinning.h"
#include "ui/theme/palette.h"

#include <array>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include <QFont>
#include <QImage>
#include <QMargins>
#include <QRgb>
#include <QSize>

namespace watchfire::ui::chart {

enum class DrawMode { lines, areas, stack };

/// A stretch of time, in milliseconds since the epoch; fractional while zooming.
struct Window {
    double fromMs = 0;
    double toMs = 0;
    double width() const { return toMs - fromMs; }
    friend bool operator==(const Window&, const Window&) = default;
};

/// Rows at the foot of the plot kept free of lines for alert bands and events.
inline constexpr int stripHeight = 8;

/// How lines look: all that depends on palette and screen.
struct PictureStyle {
    std::array<QRgb, theme::seriesColorCount> colors{};
    bool dashFromSecond = false; ///< high contrast: colour alone never tells lines apart
    double devicePixelRatio = 1;
    QFont axisFont;
    friend bool operator==(const PictureStyle&, const PictureStyle&) = default;
};

/// The colour and dash of a slot of the ColorBook. `rank` is the row in the picture.
QRgb slotColor(const PictureStyle& style, std::uint32_t slot);
int slotDash(const PictureStyle& style, std::uint32_t slot, std::size_t rank);

/// Everything a worker needs to make a picture; it looks at nothing else.
struct PictureRequest {
    std::shared_ptr<const Matrix> matrix;
    std::shared_ptr<const Prepared> prepared; ///< of that matrix, or null: then it is made
    std::shared_ptr<ColorBook> book; ///< may be null
    Window window;
    double gapMs = 0;
    DrawMode mode = DrawMode::lines;
    bool logarithmic = false;
    Unit unit;
    std::optional<double> fixedLow; ///< ends of the value axis somebody set; values
    std::optional<double> fixedHigh;
    std::optional<std::pair<double, double>> zoomedValues; ///< axis space; overrides the rest
    std::vector<double> include; ///< values the axis must show
    Visibility visibility;
    std::size_t limit = 500;
    bool strip = false;
    QSize size; ///< of the view, logical pixels
    QMargins margins; ///< around the plot; left is the least, widened for the labels
    bool compact = false;
    PictureStyle style;
};

/// A finished picture. Immutable.
struct Picture {
    std::shared_ptr<const Prepared> prepared;
    Window window;
    ColumnTable table;
    /// When stacked: lower and upper edge of each row's band, rows × columns, NaN where absent.
    std::vector<double> stackBottom;
    std::vector<double> stackTop;
    Undrawable undrawable;
    std::size_t wanted = 0; ///< visible series; more than table.rows() when the limit bit
    ValueScale scale; ///< its range includes the strip
    QMargins margins;
    QImage image; ///< the plot area only, device pixels
    PictureStyle style;
    DrawMode mode = DrawMode::lines;

    std::span<const double> bottomOf(std::size_t row) const
    {
        return std::span(stackBottom).subspan(row * table.columns, table.columns);
    }
    std::span<const double> topOf(std::size_t row) const
    {
        return std::span(stackTop).subspan(row * table.columns, table.columns);
    }
    /// The curve of that row as painted, one low and high a column: the line itself, or the
    /// upper edge of its band.
    void curve(std::size_t row, std::vector<double>& low, std::vector<double>& high) const;
};

/// Thins, fits the value axis, paints. Nothing when stopped. Any thread.
std::shared_ptr<const Picture> makePicture(const PictureRequest& request, std::stop_token stop);

/// One line again, for highlights: into an image of the picture's size.
void paintRow(const Picture& picture, std::size_t row, double extraWidth, QImage& image);

} // namespace watchfire::ui::chart
