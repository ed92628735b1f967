// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/line_layer.h"

#include "ui/theme/palette.h"
#include "ui/theme/state.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <QFontMetricsF>
#include <QPainter>

namespace watchfire::ui::chart {

LineLayer::LineLayer(QGraphicsItem* parent)
    : QGraphicsItem(parent)
{
    setZValue(20); // above grid and axes, which Qt Charts puts at most at 10
}

void LineLayer::setMap(const PlotMap& map)
{
    prepareGeometryChange();
    m_map = map;
    update();
}

void LineLayer::setPicture(std::shared_ptr<const Picture> picture)
{
    m_picture = std::move(picture);
    update();
}

void LineLayer::setMarks(std::vector<Threshold> thresholds, std::vector<Band> bands,
                         bool logarithmic)
{
    m_thresholds = std::move(thresholds);
    m_bands = std::move(bands);
    m_logarithmic = logarithmic;
    update();
}

QRectF LineLayer::target(const Picture& picture, const PlotMap& map)
{
    const double left = map.x(picture.window.fromMs);
    const double right = map.x(picture.window.toMs);
    const double top = map.y(picture.scale.high);
    const double bottom = map.y(picture.scale.low);
    return {left, top, right - left, bottom - top};
}

void LineLayer::draw(QPainter& painter, const QImage& image, const QRectF& target,
                     const QRectF& area)
{
    const double ratio = painter.device()->devicePixelRatioF();
    const QSizeF drift = target.size() * ratio - QSizeF(image.size());
    if (std::abs(drift.width()) < 0.6 && std::abs(drift.height()) < 0.6) {
        QImage same = image;
        same.setDevicePixelRatio(ratio);
        painter.drawImage(target.topLeft(), same);
        return;
    }
    // Only the part that shows: under a deep zoom the whole would be millions of pixels wide.
    const QRectF shown = target.intersected(area);
    if (shown.isEmpty() || !std::isfinite(target.width()) || !std::isfinite(target.height())) {
        return;
    }
    const double across = image.width() / target.width();
    const double down = image.height() / target.height();
    painter.drawImage(shown, image,
                      QRectF((shown.left() - target.left()) * across,
                             (shown.top() - target.top()) * down, shown.width() * across,
                             shown.height() * down));
}

void LineLayer::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    painter->save();
    painter->setClipRect(m_map.area);
    if (m_picture != nullptr && m_picture->scale.logarithmic == m_logarithmic) {
        const QRectF to = target(*m_picture, m_map);
        draw(*painter, m_picture->image, to, m_map.area);
    }
    paintBands(*painter);
    paintThresholds(*painter);
    painter->restore();
}

void LineLayer::paintBands(QPainter& painter) const
{
    const theme::Scheme scheme = theme::schemeOf(m_palette);
    const QRectF& area = m_map.area;
    for (const Band& band : m_bands) {
        const double left = std::max(m_map.x(double(band.fromMs)), area.left());
        const double right = std::min(m_map.x(double(band.toMs)), area.right());
        if (band.kind == BandKind::event) {
            const double x = m_map.x(double(band.fromMs));
            theme::paintShape(painter,
                              QRectF(x - stripHeight / 2.0, area.bottom() - stripHeight,
                                     stripHeight, stripHeight),
                              theme::Shape::diamond, theme::mutedText(m_palette));
            continue;
        }
        if (right <= area.left() || left >= area.right()) {
            continue;
        }
        const bool firing = band.kind == BandKind::firing;
        const QColor color
            = theme::stateColor(firing ? theme::State::critical : theme::State::pending, scheme);
        const double width = std::max(2.0, right - left);
        if (firing) {
            QColor tint = color;
            tint.setAlphaF(0.07F);
            painter.fillRect(QRectF(left, area.top(), width, area.height()), tint);
        }
        const QRectF strip(left, area.bottom() - stripHeight, width, stripHeight);
        painter.fillRect(strip, QBrush(color, firing ? Qt::SolidPattern : Qt::BDiagPattern));
        painter.setPen(color);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(strip.adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void LineLayer::paintThresholds(QPainter& painter) const
{
    const theme::Scheme scheme = theme::schemeOf(m_palette);
    const QRectF& area = m_map.area;
    painter.setFont(m_font);
    for (const Threshold& threshold : m_thresholds) {
        if (m_logarithmic && threshold.value <= 0) {
            continue;
        }
        const double y = m_map.y(m_logarithmic ? std::log10(threshold.value) : threshold.value);
        if (y < area.top() || y > area.bottom()) {
            continue;
        }
        const QColor color = threshold.color.isValid()
            ? threshold.color
            : theme::stateColor(theme::State::critical, scheme);
        painter.setPen(QPen(color, 1, Qt::DashLine));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        if (threshold.draggable) {
            painter.setBrush(color);
            painter.setPen(Qt::NoPen);
            const std::array handle{QPointF(area.left(), y - 5), QPointF(area.left() + 8, y),
                                    QPointF(area.left(), y + 5)};
            painter.setRenderHint(QPainter::Antialiasing);
            painter.drawPolygon(handle.data(), int(handle.size()));
            painter.setRenderHint(QPainter::Antialiasing, false);
        }
        if (!threshold.label.isEmpty()) {
            const QFontMetricsF metrics(m_font);
            const double width = metrics.horizontalAdvance(threshold.label);
            const bool above = y - metrics.height() - 2 > area.top();
            const QRectF text(area.right() - width - 6, above ? y - metrics.height() - 1 : y + 1,
                              width + 4, metrics.height());
            QColor paper = m_palette.color(QPalette::Base);
            paper.setAlpha(200);
            painter.fillRect(text, paper);
            painter.setPen(color);
            painter.drawText(text, Qt::AlignCenter, threshold.label);
        }
    }
}

} // namespace watchfire::ui::chart
