// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/line_raster.h"

#include "core/base/check.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace watchfire::ui::chart {

namespace {

/// Lays a premultiplied colour over a pixel; `cover` of 256 parts.
inline void blend(QRgb& under, QRgb over, std::uint32_t cover)
{
    const std::uint32_t keep = 256 - ((qAlpha(over) + (qAlpha(over) >> 7)) * cover >> 8);
    const std::uint32_t redBlue = ((over & 0xff00ffU) * cover + (under & 0xff00ffU) * keep) >> 8;
    const std::uint32_t alphaGreen
        = ((over >> 8) & 0xff00ffU) * cover + ((under >> 8) & 0xff00ffU) * keep;
    under = (redBlue & 0xff00ffU) | (alphaGreen & 0xff00ff00U);
}

/// Walks down the columns of an image.
class Canvas {
public:
    explicit Canvas(QImage& image)
        : m_first(reinterpret_cast<QRgb*>(image.bits()))
        , m_stride(std::size_t(image.bytesPerLine()) / sizeof(QRgb))
        , m_rows(image.height())
    {
        WF_CHECK(image.format() == QImage::Format_ARGB32_Premultiplied);
    }

    /// Fills rows [top, bottom) of a column, both fractional.
    void span(std::size_t column, double top, double bottom, QRgb color, std::uint32_t cover = 256)
    {
        top = std::max(top, 0.0);
        bottom = std::min(bottom, double(m_rows));
        if (!(top < bottom)) {
            return;
        }
        const int first = int(top);
        const int last = int(bottom);
        QRgb* at = m_first + std::size_t(first) * m_stride + column;
        if (first == last) {
            blend(*at, color, part(bottom - top, cover));
            return;
        }
        blend(*at, color, part(double(first + 1) - top, cover));
        at += m_stride;
        if (qAlpha(color) == 255 && cover == 256) {
            for (int row = first + 1; row < last; ++row, at += m_stride) {
                *at = color;
            }
        } else {
            for (int row = first + 1; row < last; ++row, at += m_stride) {
                blend(*at, color, cover);
            }
        }
        if (last < m_rows) {
            blend(*at, color, part(bottom - double(last), cover));
        }
    }

    /// A straight line of that half width (measured across the line) that climbs from `bottom` to
    /// `top` within the column: each pixel gets the share of it that the line covers, so steep
    /// lines are as smooth as flat ones. Nothing is painted beyond `ceiling` and `floor`: there
    /// the line turns round, and what reaches further would lie about its extremes.
    void slope(std::size_t column, double top, double bottom, double half, double ceiling,
               double floor, QRgb color)
    {
        const double climb = bottom - top;
        const double reach = half * std::sqrt(1 + climb * climb);
        const double begin = std::max({top - reach, ceiling, 0.0});
        const double end = std::min({bottom + reach, floor, double(m_rows)});
        if (!(begin < end)) {
            return;
        }
        const int last = std::min(int(std::ceil(end)), m_rows);
        const bool opaque = qAlpha(color) == 255;
        QRgb* at = m_first + std::size_t(begin) * m_stride + column;
        for (int row = int(begin); row < last; ++row, at += m_stride) {
            const double centre = row + 0.5;
            const double inside = std::min(
                {1.0, (centre - (top - reach)) / climb, (bottom + reach - centre) / climb});
            const double visible = std::min(double(row + 1), end) - std::max(double(row), begin);
            const double cover = inside * visible;
            if (cover >= 0.999 && opaque) {
                *at = color;
            } else if (cover > 0) {
                blend(*at, color, part(cover, 256));
            }
        }
    }

private:
    static std::uint32_t part(double pixels, std::uint32_t cover)
    {
        return std::uint32_t(pixels * double(cover) + 0.5);
    }

    QRgb* m_first;
    std::size_t m_stride;
    int m_rows;
};

bool isAbsent(std::span<const double> low, std::span<const double> high, std::size_t column)
{
    return column >= low.size() || low[column] > high[column];
}

} // namespace

void paintLine(QImage& image, std::span<const double> low, std::span<const double> high,
               const RowMap& rows, const LineStyle& style)
{
    Canvas canvas(image);
    const QRgb color = qPremultiply(style.color);
    const double half = style.width / 2;
    const std::size_t columns = std::min(low.size(), std::size_t(image.width()));
    const auto dash = std::size_t(std::max(0, style.dash));
    for (std::size_t column = 0; column < columns; ++column) {
        if (low[column] > high[column]) {
            continue;
        }
        const double top = rows(high[column]);
        const double bottom = rows(low[column]);
        if (isAbsent(low, high, column - 1) && isAbsent(low, high, column + 1)) {
            const double radius = std::max(1.5, style.width);
            for (std::size_t side = column > 0 ? column - 1 : 0;
                 side <= column + 1 && side < columns; ++side) {
                canvas.span(side, top - radius, bottom + radius, color, side == column ? 256 : 200);
            }
            continue;
        }
        if (dash > 0 && (column / dash) % 2 == 1 && bottom - top < 3) {
            continue;
        }
        if (bottom - top < 0.5) {
            canvas.span(column, top - half, bottom + half, color);
            continue;
        }
        double highest = high[column];
        double lowest = low[column];
        for (const std::size_t beside : {column - 1, column + 1}) {
            if (!isAbsent(low, high, beside)) {
                highest = std::max(highest, high[beside]);
                lowest = std::min(lowest, low[beside]);
            }
        }
        canvas.slope(column, top, bottom, half, rows(highest) - half, rows(lowest) + half, color);
    }
}

void paintArea(QImage& image, std::span<const double> low, std::span<const double> high,
               double base, const RowMap& rows, QRgb fill)
{
    Canvas canvas(image);
    const QRgb color = qPremultiply(fill);
    const double floor = rows(base);
    const std::size_t columns = std::min(low.size(), std::size_t(image.width()));
    for (std::size_t column = 0; column < columns; ++column) {
        if (low[column] > high[column]) {
            continue;
        }
        const double top = rows(high[column]);
        const double bottom = rows(low[column]);
        canvas.span(column, std::min(top, floor), std::max(bottom, floor), color);
    }
}

void paintBand(QImage& image, std::span<const double> bottom, std::span<const double> top,
               const RowMap& rows, QRgb fill)
{
    Canvas canvas(image);
    const QRgb color = qPremultiply(fill);
    const std::size_t columns = std::min(top.size(), std::size_t(image.width()));
    for (std::size_t column = 0; column < columns; ++column) {
        if (std::isnan(top[column]) || std::isnan(bottom[column])) {
            continue;
        }
        const double a = rows(top[column]);
        const double b = rows(bottom[column]);
        canvas.span(column, std::min(a, b), std::max(a, b), color);
    }
}

} // namespace watchfire::ui::chart
