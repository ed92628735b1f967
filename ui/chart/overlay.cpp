// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What ChartView paints over its scene: highlight, brush, crosshair and tooltip.
#include "ui/chart/chart_view.h"
#include "ui/theme/palette.h"
#include "ui/theme/state.h"

#include <algorithm>
#include <cmath>

#include <QAccessible>
#include <QFontMetricsF>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace watchfire::ui::chart {

namespace {

constexpr std::size_t tooltipRows = 10;
constexpr double tooltipPadding = 8;
constexpr double swatchWidth = 14;
constexpr double mostTooltipWidth = 420;

} // namespace

std::vector<HoverRow> ChartView::hovered() const
{
    if (m_picture == nullptr || !m_crosshair) {
        return {};
    }
    std::optional<double> near;
    if (m_pointer && !m_crosshairFromOutside) {
        near = m_map.at(m_pointer->y());
    }
    const double pixelMs = m_map.window.width() / std::max(1.0, m_map.area.width());
    return hoverRows(*m_picture, *m_crosshair, near, std::max(m_reachMs, pixelMs), tooltipRows);
}

void ChartView::setCrosshair(std::optional<double> ms, bool fromOutside)
{
    if (m_pinned && fromOutside) {
        return;
    }
    if (ms == m_crosshair && fromOutside == m_crosshairFromOutside && !m_pointer) {
        return;
    }
    m_crosshair = ms;
    m_crosshairFromOutside = fromOutside;
    updateOverlay();
}

void ChartView::unpin()
{
    m_pinned = false;
    updateOverlay();
}

/// The part of the view that crosshair and tooltip may cover now.
QRect ChartView::overlayRect() const
{
    if (m_gesture == Gesture::brush) {
        return m_map.area.toAlignedRect().adjusted(-2, -2, 2, 2);
    }
    if (!m_crosshair) {
        return {};
    }
    const double x = m_map.x(*m_crosshair);
    if (m_crosshairFromOutside) {
        return QRectF(x - 5, m_map.area.top() - 5, 10, m_map.area.height() + 10).toAlignedRect();
    }
    const double width = mostTooltipWidth + 16;
    return QRectF(x - width, 0, 2 * width, viewport()->height()).toAlignedRect();
}

void ChartView::updateOverlay()
{
    const QRect now = overlayRect();
    const QRect both = now.united(m_overlayBefore).intersected(viewport()->rect());
    m_overlayBefore = now;
    if (!both.isEmpty()) {
        viewport()->update(both);
    }
}

void ChartView::paintOverlay(QPainter& painter)
{
    const QPalette& colors = palette();
    const QRectF& area = m_map.area;
    if (m_highlightRow && m_picture != nullptr && !m_highlight.isNull()) {
        painter.save();
        painter.setClipRect(area);
        QColor veil = colors.color(QPalette::Base);
        veil.setAlpha(150);
        painter.fillRect(area, veil);
        LineLayer::draw(painter, m_highlight, LineLayer::target(*m_picture, m_map), area);
        painter.restore();
    }
    if (m_gesture == Gesture::brush && m_pointer) {
        const QRectF brush = brushTo(*m_pointer);
        QColor fill = colors.color(QPalette::Accent);
        fill.setAlpha(45);
        painter.fillRect(brush, fill);
        painter.setPen(QPen(colors.color(QPalette::Accent), 1));
        painter.drawRect(brush);
    }
    if (m_crosshair && *m_crosshair >= m_map.window.fromMs && *m_crosshair <= m_map.window.toMs) {
        const double x = std::round(m_map.x(*m_crosshair)) + 0.5;
        painter.setPen(QPen(theme::mutedText(colors), 1,
                            m_crosshairFromOutside ? Qt::DashLine : Qt::SolidLine));
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
        const std::vector<HoverRow> rows = hovered();
        painter.setRenderHint(QPainter::Antialiasing);
        for (const HoverRow& row : rows) {
            const double y = m_map.y(row.at);
            if (y < area.top() - 1 || y > area.bottom() + 1) {
                continue;
            }
            const auto slot = m_picture->prepared->series[m_picture->table.series[row.row]].slot;
            painter.setPen(QPen(colors.color(QPalette::Base), 1.5));
            painter.setBrush(QColor(slotColor(m_picture->style, slot)));
            const double radius = row.nearest ? 4.5 : 3.2;
            painter.drawEllipse(QPointF(x, y), radius, radius);
        }
        painter.setRenderHint(QPainter::Antialiasing, false);
        if (!m_crosshairFromOutside && m_gesture != Gesture::brush && m_gesture != Gesture::pan) {
            paintTooltip(painter, rows);
        }
    }
    if (hasFocus()) {
        painter.setPen(QPen(colors.color(QPalette::Accent), 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(viewport()->rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void ChartView::paintTooltip(QPainter& painter, const std::vector<HoverRow>& rows) const
{
    const QPalette& colors = palette();
    QFont plain = axisFont();
    QFont bold = plain;
    bold.setBold(true);
    const QFontMetricsF metrics(bold);
    const double line = std::ceil(metrics.height() + 2);

    const QString heading = formatMoment(*m_crosshair, m_zone);
    QString more;
    if (m_picture != nullptr) {
        const std::size_t present = presentRows(*m_picture, *m_crosshair);
        if (present > rows.size()) {
            more = tr("and %Ln more", nullptr, int(present - rows.size()));
        }
    }
    const QString band = m_pointer ? bandTextAt(*m_pointer) : QString();

    double nameWidth = 0;
    double valueWidth = 0;
    for (const HoverRow& row : rows) {
        const SeriesInfo& info = m_picture->prepared->series[m_picture->table.series[row.row]];
        nameWidth = std::max(nameWidth, metrics.horizontalAdvance(info.name));
        valueWidth
            = std::max(valueWidth, metrics.horizontalAdvance(formatValue(row.value, m_unit)));
    }
    const double fixed = 2 * tooltipPadding + swatchWidth + 16 + valueWidth;
    nameWidth = std::min(nameWidth, mostTooltipWidth - fixed);
    double width = rows.empty() ? 0 : fixed + nameWidth;
    width = std::max(width, 2 * tooltipPadding + metrics.horizontalAdvance(heading));
    const auto lines = 1 + rows.size() + (more.isEmpty() ? 0U : 1U) + (band.isEmpty() ? 0U : 1U);
    const double height = 2 * tooltipPadding + double(lines) * line;

    // Beside the crosshair, on the side with room, and never over the pointer.
    const double x = m_map.x(*m_crosshair);
    double left = x + 12;
    if (left + width > viewport()->width() - 2) {
        left = x - 12 - width;
    }
    left = std::max(2.0, left);
    double top = m_pointer ? m_pointer->y() - height / 2 : m_map.area.top() + 6;
    top = std::clamp(top, 2.0, std::max(2.0, viewport()->height() - height - 2));
    const QRectF box(left, top, width, height);

    painter.setRenderHint(QPainter::Antialiasing);
    QColor paper = colors.color(QPalette::ToolTipBase);
    paper.setAlpha(240);
    painter.setBrush(paper);
    painter.setPen(QPen(m_pinned ? colors.color(QPalette::Accent) : colors.color(QPalette::Mid),
                        m_pinned ? 1.5 : 1));
    painter.drawRoundedRect(box, 4, 4);
    painter.setRenderHint(QPainter::Antialiasing, false);

    double y = box.top() + tooltipPadding;
    const double textLeft = box.left() + tooltipPadding;
    const double textRight = box.right() - tooltipPadding;
    painter.setFont(plain);
    painter.setPen(theme::mutedText(colors));
    painter.drawText(QRectF(textLeft, y, textRight - textLeft, line),
                     Qt::AlignLeft | Qt::AlignVCenter, heading);
    y += line;
    for (const HoverRow& row : rows) {
        const SeriesInfo& info = m_picture->prepared->series[m_picture->table.series[row.row]];
        painter.fillRect(QRectF(textLeft, y + line / 2 - 1.5, swatchWidth - 4, 3),
                         QColor(slotColor(m_picture->style, info.slot)));
        painter.setFont(row.nearest ? bold : plain);
        painter.setPen(colors.color(QPalette::ToolTipText));
        painter.drawText(
            QRectF(textLeft + swatchWidth, y, nameWidth + 4, line),
            Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetricsF(painter.font()).elidedText(info.name, Qt::ElideMiddle, nameWidth + 4));
        painter.drawText(QRectF(textRight - valueWidth - 2, y, valueWidth + 2, line),
                         Qt::AlignRight | Qt::AlignVCenter, formatValue(row.value, m_unit));
        y += line;
    }
    painter.setFont(plain);
    painter.setPen(theme::mutedText(colors));
    for (const QString& text : {more, band}) {
        if (!text.isEmpty()) {
            painter.drawText(QRectF(textLeft, y, textRight - textLeft, line),
                             Qt::AlignLeft | Qt::AlignVCenter, text);
            y += line;
        }
    }
}

QString ChartView::bandTextAt(QPointF at) const
{
    if (at.y() < m_map.area.bottom() - stripHeight - 3) {
        return {};
    }
    const double ms = m_map.ms(at.x());
    const double slack = m_map.window.width() / std::max(1.0, m_map.area.width()) * 5;
    for (const Band& band : m_bands) {
        const double to = band.kind == BandKind::event ? double(band.fromMs) : double(band.toMs);
        if (ms >= double(band.fromMs) - slack && ms <= to + slack) {
            return band.text;
        }
    }
    return {};
}

/// Says what the crosshair stands on to assistive technology.
void ChartView::announce()
{
    if (!m_crosshair || !QAccessible::isActive()) {
        return;
    }
    QStringList parts{formatMoment(*m_crosshair, m_zone)};
    for (const HoverRow& row : hovered()) {
        const SeriesInfo& info = m_picture->prepared->series[m_picture->table.series[row.row]];
        parts.append(info.name + u' ' + formatValue(row.value, m_unit));
    }
    QAccessibleAnnouncementEvent event(this, parts.join(u"; "_s));
    QAccessible::updateAccessibility(&event);
}

} // namespace watchfire::ui::chart
