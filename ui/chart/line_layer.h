// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/marks.h"
#include "ui/chart/picture.h"

#include <memory>
#include <vector>

#include <QGraphicsItem>

namespace watchfire::ui::chart {

/// From moments and axis values to points of the plot.
struct PlotMap {
    QRectF area;
    Window window;
    double low = 0;
    double high = 1;

    double x(double ms) const
    {
        return area.left() + (ms - window.fromMs) / window.width() * area.width();
    }
    double y(double at) const { return area.bottom() - (at - low) / (high - low) * area.height(); }
    double ms(double px) const
    {
        return window.fromMs + (px - area.left()) / area.width() * window.width();
    }
    double at(double py) const { return low + (area.bottom() - py) / area.height() * (high - low); }
};

/// The one item of the scene that holds data: copies the picture into the plot area, stretched
/// where the axes have moved on since it was made, and paints thresholds and bands.
class LineLayer final : public QGraphicsItem {
public:
    explicit LineLayer(QGraphicsItem* parent);

    void setMap(const PlotMap& map);
    void setPicture(std::shared_ptr<const Picture> picture);
    void setMarks(std::vector<Threshold> thresholds, std::vector<Band> bands, bool logarithmic);
    void setPalette(const QPalette& palette) { m_palette = palette; }
    void setFont(const QFont& font) { m_font = font; }

    QRectF boundingRect() const override { return m_map.area; }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

    /// Where a picture of that window and scale lies in the plot now.
    static QRectF target(const Picture& picture, const PlotMap& map);
    /// Copies what of the image falls into the plot, stretched to `target`.
    static void draw(QPainter& painter, const QImage& image, const QRectF& target,
                     const QRectF& area);
    void paintBands(QPainter& painter) const;
    void paintThresholds(QPainter& painter) const;

private:
    PlotMap m_map;
    std::shared_ptr<const Picture> m_picture;
    std::vector<Threshold> m_thresholds;
    std::vector<Band> m_bands;
    bool m_logarithmic = false;
    QPalette m_palette;
    QFont m_font;
};

} // namespace watchfire::ui::chart
