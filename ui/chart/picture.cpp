// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/picture.h"

#include "ui/chart/line_raster.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <QFontMetricsF>

namespace watchfire::ui::chart {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Extent {
    double low = infinite;
    double high = -infinite;

    void reach(double value)
    {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
};

/// Lays the rows of the table on each other. Where a row is absent it adds nothing.
void stack(Picture& picture)
{
    const ColumnTable& table = picture.table;
    picture.stackBottom.assign(table.last.size(), nan);
    picture.stackTop.assign(table.last.size(), nan);
    std::vector<double> sum(table.columns, 0.0);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::span<const double> last = table.lastOf(row);
        for (std::size_t column = 0; column < table.columns; ++column) {
            if (table.isAbsent(row, column)) {
                continue;
            }
            const std::size_t cell = row * table.columns + column;
            picture.stackBottom[cell] = sum[column];
            sum[column] += last[column];
            picture.stackTop[cell] = sum[column];
        }
    }
}

Extent extentOf(const Picture& picture)
{
    Extent extent;
    if (picture.mode == DrawMode::stack) {
        for (const double value : picture.stackTop) {
            extent.reach(value);
        }
        for (const double value : picture.stackBottom) {
            extent.reach(value);
        }
        return extent;
    }
    // Absent cells hold +∞ as low and −∞ as high, which leave the extent alone.
    for (const double value : picture.table.low) {
        extent.low = std::min(extent.low, value);
    }
    for (const double value : picture.table.high) {
        extent.high = std::max(extent.high, value);
    }
    return extent;
}

/// The value axis for what the picture shows.
ValueScale fitScale(const PictureRequest& request, const Picture& picture, int plotHeight)
{
    const double lineHeight = QFontMetricsF(request.style.axisFont).height();
    const int most = std::clamp(int(plotHeight / (lineHeight * 2.8)), 2, request.compact ? 6 : 10);
    if (request.zoomedValues) {
        return markValues(request.zoomedValues->first, request.zoomedValues->second,
                          request.logarithmic, most, request.unit);
    }
    Extent extent = extentOf(picture);
    for (const double value : request.include) {
        extent.reach(request.logarithmic ? std::log10(value) : value);
    }
    if (request.logarithmic) {
        const double low = request.fixedLow.value_or(std::pow(10.0, extent.low));
        const double high = request.fixedHigh.value_or(std::pow(10.0, extent.high));
        return fitLogarithmic(low, high, most, request.unit);
    }
    const bool some = extent.low <= extent.high;
    // Lines that leave more than half of the way to zero free would waste it.
    const bool withZero = request.mode != DrawMode::lines
        || (some && extent.low >= 0 && extent.low <= extent.high * 0.5);
    if (request.fixedLow && request.fixedHigh) {
        return markValues(*request.fixedLow, *request.fixedHigh, false, most, request.unit);
    }
    if (some) {
        extent.low = request.fixedLow ? std::min(*request.fixedLow, extent.high) : extent.low;
        extent.high = request.fixedHigh ? std::max(*request.fixedHigh, extent.low) : extent.high;
    }
    ValueScale scale = fitValues(extent.low, extent.high, most, request.unit, withZero);
    if (request.fixedLow || request.fixedHigh) {
        const double low = request.fixedLow.value_or(scale.low);
        const double high = request.fixedHigh.value_or(scale.high);
        if (low < high) {
            scale = markValues(low, high, false, most, request.unit);
        }
    }
    return scale;
}

int marginFor(const ValueScale& scale, const PictureRequest& request)
{
    const QFontMetricsF metrics(request.style.axisFont);
    double widest = 0;
    for (const Tick& tick : scale.ticks) {
        widest = std::max(widest, metrics.horizontalAdvance(tick.label));
    }
    // In steps of eight, so that the plot does not jump with every digit.
    const int wanted = int(std::ceil((widest + 12) / 8)) * 8;
    return std::max(request.margins.left(), wanted);
}

QRgb withAlpha(QRgb color, int alpha)
{
    return qRgba(qRed(color), qGreen(color), qBlue(color), alpha);
}

double lineWidth(const Picture& picture)
{
    // Hundreds of lines are read as a texture; thin ones keep it open.
    const double width = picture.table.rows() > 60 ? 1.0 : 1.5;
    return width * picture.style.devicePixelRatio;
}

RowMap rowsOf(const Picture& picture)
{
    return {picture.scale.low, picture.scale.high, picture.image.height()};
}

LineStyle styleOf(const Picture& picture, std::size_t row)
{
    const std::uint32_t slot = picture.prepared->series[picture.table.series[row]].slot;
    const double ratio = picture.style.devicePixelRatio;
    return {.color = slotColor(picture.style, slot),
            .width = lineWidth(picture),
            .dash = int(std::lround(slotDash(picture.style, slot, row) * ratio))};
}

bool paint(Picture& picture, QSize pixels, std::stop_token stop)
{
    picture.image = QImage(pixels, QImage::Format_ARGB32_Premultiplied);
    picture.image.fill(Qt::transparent);
    const RowMap rows = rowsOf(picture);
    std::vector<double> low;
    std::vector<double> high;
    for (std::size_t row = 0; row < picture.table.rows(); ++row) {
        if (stop.stop_requested()) {
            return false;
        }
        const LineStyle style = styleOf(picture, row);
        if (picture.mode == DrawMode::stack) {
            paintBand(picture.image, picture.bottomOf(row), picture.topOf(row), rows,
                      withAlpha(style.color, 105));
            picture.curve(row, low, high);
            paintLine(picture.image, low, high, rows, style);
            continue;
        }
        if (picture.mode == DrawMode::areas) {
            const double base = picture.scale.logarithmic
                ? picture.scale.low
                : std::clamp(0.0, picture.scale.low, picture.scale.high);
            const int alpha = picture.table.rows() <= 4 ? 48 : 14;
            paintArea(picture.image, picture.table.lowOf(row), picture.table.highOf(row), base,
                      rows, withAlpha(style.color, alpha));
        }
        paintLine(picture.image, picture.table.lowOf(row), picture.table.highOf(row), rows, style);
    }
    return true;
}

} // namespace

QRgb slotColor(const PictureStyle& style, std::uint32_t slot)
{
    return style.colors.at(slot % theme::seriesColorCount) | 0xff000000U;
}

int slotDash(const PictureStyle& style, std::uint32_t slot, std::size_t rank)
{
    static constexpr std::array lengths{0, 5, 9, 3, 14};
    const std::size_t tier = style.dashFromSecond ? rank : slot / theme::seriesColorCount;
    return lengths.at(tier < lengths.size() ? tier : 1 + tier % (lengths.size() - 1));
}

void Picture::curve(std::size_t row, std::vector<double>& low, std::vector<double>& high) const
{
    if (mode != DrawMode::stack) {
        low.assign(table.lowOf(row).begin(), table.lowOf(row).end());
        high.assign(table.highOf(row).begin(), table.highOf(row).end());
        return;
    }
    const std::span<const double> top = topOf(row);
    low.assign(top.size(), infinite);
    high.assign(top.size(), -infinite);
    for (std::size_t column = 0; column < top.size(); ++column) {
        if (std::isnan(top[column])) {
            continue;
        }
        low[column] = high[column] = top[column];
        // Halfway towards each neighbour, so that steps become a joined line.
        for (const std::size_t beside : {column - 1, column + 1}) {
            if (beside < top.size() && !std::isnan(top[beside])) {
                const double middle = (top[column] + top[beside]) / 2;
                low[column] = std::min(low[column], middle);
                high[column] = std::max(high[column], middle);
            }
        }
    }
}

std::shared_ptr<const Picture> makePicture(const PictureRequest& request, std::stop_token stop)
{
    auto picture = std::make_shared<Picture>();
    picture->window = request.window;
    picture->style = request.style;
    picture->mode = request.mode;
    picture->margins = request.margins;
    picture->prepared = request.prepared != nullptr && request.prepared->matrix == request.matrix
        ? request.prepared
        : prepare(request.matrix, request.book.get(), stop);
    if (picture->prepared == nullptr) {
        return nullptr;
    }
    const Choice choice = choose(*picture->prepared, request.visibility, request.limit);
    picture->wanted = choice.wanted;

    const double ratio = request.style.devicePixelRatio;
    const int height = request.size.height() - request.margins.top() - request.margins.bottom();
    if (height < stripHeight * 2) {
        return nullptr;
    }
    // The labels decide how wide the plot is, and the lines decide the labels. The second round
    // settles it: a few columns more or less do not move the extremes.
    QSize pixels;
    for (int round = 0; round < 2; ++round) {
        const int width = request.size.width() - picture->margins.left() - picture->margins.right();
        if (width < 8) {
            return nullptr;
        }
        pixels = QSize(int(std::lround(width * ratio)), int(std::lround(height * ratio)));
        std::optional<Thinned> thinned = thin(*request.matrix, choice.drawn,
                                              {.fromMs = request.window.fromMs,
                                               .toMs = request.window.toMs,
                                               .columns = std::size_t(pixels.width()),
                                               .gapMs = request.gapMs,
                                               .logarithmic = request.logarithmic},
                                              stop);
        if (!thinned) {
            return nullptr;
        }
        picture->table = std::move(thinned->table);
        picture->undrawable = thinned->undrawable;
        if (request.mode == DrawMode::stack) {
            stack(*picture);
        }
        picture->scale = fitScale(request, *picture, height);
        const int margin = marginFor(picture->scale, request);
        if (margin == picture->margins.left()) {
            break;
        }
        picture->margins.setLeft(margin);
        if (round == 1) {
            pixels.setWidth(int(picture->table.columns));
        }
    }
    if (request.strip && !request.zoomedValues) {
        const double span = picture->scale.high - picture->scale.low;
        picture->scale.low -= span * stripHeight / (height - stripHeight);
    }
    return paint(*picture, pixels, stop) ? picture : nullptr;
}

void paintRow(const Picture& picture, std::size_t row, double extraWidth, QImage& image)
{
    LineStyle style = styleOf(picture, row);
    style.width = 1.5 * picture.style.devicePixelRatio + extraWidth;
    style.dash = 0;
    const RowMap rows{picture.scale.low, picture.scale.high, image.height()};
    if (picture.mode == DrawMode::stack) {
        paintBand(image, picture.bottomOf(row), picture.topOf(row), rows,
                  withAlpha(style.color, 120));
        std::vector<double> low;
        std::vector<double> high;
        picture.curve(row, low, high);
        paintLine(image, low, high, rows, style);
        return;
    }
    paintLine(image, picture.table.lowOf(row), picture.table.highOf(row), rows, style);
}

} // namespace watchfire::ui::chart
