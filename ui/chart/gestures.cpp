// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What pointer and keyboard do on a ChartView.
#include "ui/chart/chart_view.h"

#include <algorithm>
#include <cmath>

#include <QGuiApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QStyleHints>
#include <QWheelEvent>

namespace watchfire::ui::chart {

namespace {

constexpr double leastWindowMs = 1'000;
constexpr double mostWindowMs = 3'155'760'000'000.0; // a hundred years
constexpr double zoomPerNotch = 1.25;
constexpr double thresholdReach = 5;

} // namespace

Window ChartView::zoomed(double factor, double aroundMs) const
{
    const Window& now = m_map.window;
    const double width = std::clamp(now.width() * factor, leastWindowMs, mostWindowMs);
    const double share = (aroundMs - now.fromMs) / now.width();
    const double from = aroundMs - share * width;
    return {from, from + width};
}

Window ChartView::shifted(double byMs) const
{
    return {m_map.window.fromMs + byMs, m_map.window.toMs + byMs};
}

/// The nearest moment that has samples, where they come in steps.
double ChartView::snapped(double ms) const
{
    if (m_stepMs <= 0) {
        return std::round(ms);
    }
    const double on = m_anchorMs + std::round((ms - m_anchorMs) / m_stepMs) * m_stepMs;
    // Never out of the window: a step may be wider than what is left at its edge.
    return on >= m_map.window.fromMs && on <= m_map.window.toMs ? on : std::round(ms);
}

std::optional<int> ChartView::thresholdAt(QPointF at) const
{
    for (std::size_t i = 0; i < m_thresholds.size(); ++i) {
        if (!m_thresholds[i].draggable) {
            continue;
        }
        const double y = m_map.y(m_values.toAxis(m_thresholds[i].value));
        if (std::abs(y - at.y()) <= thresholdReach) {
            return int(i);
        }
    }
    return std::nullopt;
}

/// What the brush covers: the whole height, unless both axes are zoomed.
QRectF ChartView::brushTo(QPointF at) const
{
    QRectF brush = QRectF(m_pressedAt, at).normalized();
    if (!m_brushBoth) {
        brush.setTop(m_map.area.top());
        brush.setBottom(m_map.area.bottom());
    }
    return brush.intersected(m_map.area);
}

void ChartView::moveCrosshair(QPointF at)
{
    m_pointer = at;
    if (m_pinned) {
        return;
    }
    m_crosshair = snapped(m_map.ms(std::clamp(at.x(), m_map.area.left(), m_map.area.right())));
    m_crosshairFromOutside = false;
    updateOverlay();
    emit crosshairMoved(*m_crosshair);
}

void ChartView::stepCrosshair(int steps)
{
    const double pixel = m_map.window.width() / std::max(1.0, m_map.area.width());
    const double step
        = m_stepMs > 0 ? std::max(m_stepMs, std::ceil(pixel / m_stepMs) * m_stepMs) : pixel;
    const double from
        = m_crosshair.value_or(steps > 0 ? m_map.window.fromMs - step : m_map.window.toMs + step);
    const double to = std::clamp(from + steps * step, m_map.window.fromMs, m_map.window.toMs);
    m_pointer.reset();
    m_pinned = false;
    m_crosshair = snapped(to);
    m_crosshairFromOutside = false;
    updateOverlay();
    emit crosshairMoved(*m_crosshair);
    announce();
}

void ChartView::mousePressEvent(QMouseEvent* event)
{
    const QPointF at = event->position();
    if (!m_map.area.adjusted(-2, -2, 2, 2).contains(at)) {
        event->ignore();
        return;
    }
    m_pressedAt = at;
    m_windowAtPress = m_map.window;
    if (event->button() == Qt::MiddleButton) {
        m_gesture = Gesture::pan;
        viewport()->setCursor(Qt::ClosedHandCursor);
    } else if (event->button() == Qt::LeftButton) {
        if (const auto threshold = thresholdAt(at)) {
            m_gesture = Gesture::threshold;
            m_draggedThreshold = *threshold;
        } else {
            m_gesture = Gesture::pressed;
            m_brushBoth = event->modifiers().testFlag(Qt::ShiftModifier);
        }
    } else {
        event->ignore(); // the context menu is the owner's
        return;
    }
    event->accept();
}

void ChartView::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF at = event->position();
    switch (m_gesture) {
    case Gesture::pressed:
        if ((at - m_pressedAt).manhattanLength()
            < QGuiApplication::styleHints()->startDragDistance() / 2.0) {
            return;
        }
        m_gesture = Gesture::brush;
        m_pinned = false;
        [[fallthrough]];
    case Gesture::brush:
        moveCrosshair(at);
        return;
    case Gesture::pan: {
        const double byMs
            = (m_pressedAt.x() - at.x()) / m_map.area.width() * m_windowAtPress.width();
        emit windowMoving({m_windowAtPress.fromMs + byMs, m_windowAtPress.toMs + byMs});
        return;
    }
    case Gesture::threshold:
        emit thresholdDragged(m_draggedThreshold, m_values.fromAxis(m_map.at(at.y())), false);
        return;
    case Gesture::none:
        break;
    }
    if (m_map.area.contains(at)) {
        viewport()->setCursor(thresholdAt(at) ? Qt::SizeVerCursor : Qt::CrossCursor);
        moveCrosshair(at);
    } else {
        viewport()->unsetCursor();
    }
}

void ChartView::mouseReleaseEvent(QMouseEvent* event)
{
    const Gesture gesture = std::exchange(m_gesture, Gesture::none);
    const QPointF at = event->position();
    switch (gesture) {
    case Gesture::brush: {
        const QRectF brush = brushTo(at);
        viewport()->update();
        if (brush.width() < 3) {
            break;
        }
        Window chosen{m_map.ms(brush.left()), m_map.ms(brush.right())};
        if (chosen.width() < leastWindowMs) {
            const double middle = (chosen.fromMs + chosen.toMs) / 2;
            chosen = {middle - leastWindowMs / 2, middle + leastWindowMs / 2};
        }
        std::optional<std::pair<double, double>> values;
        if (m_brushBoth && brush.height() >= 3) {
            values = std::pair(m_map.at(brush.bottom()), m_map.at(brush.top()));
        }
        emit windowChosen(chosen, values);
        break;
    }
    case Gesture::pan:
        viewport()->setCursor(Qt::CrossCursor);
        emit windowChosen(m_map.window, std::nullopt);
        break;
    case Gesture::threshold:
        emit thresholdDragged(m_draggedThreshold, m_values.fromAxis(m_map.at(at.y())), true);
        break;
    case Gesture::pressed:
        // A click holds the tooltip where it is, or lets it go.
        m_pinned = !m_pinned;
        if (!m_pinned) {
            moveCrosshair(at);
        }
        viewport()->update();
        break;
    case Gesture::none:
        event->ignore();
        return;
    }
    event->accept();
}

void ChartView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && m_map.area.contains(event->position())) {
        m_gesture = Gesture::none;
        m_pinned = false;
        emit homeChosen();
    }
}

void ChartView::wheelEvent(QWheelEvent* event)
{
    if (!event->modifiers().testFlag(Qt::ControlModifier)) {
        event->ignore(); // the page scrolls
        return;
    }
    const double notches = double(event->angleDelta().y()) / 120;
    if (notches != 0 && m_map.area.contains(event->position())) {
        emit windowMoving(
            zoomed(std::pow(zoomPerNotch, -notches), m_map.ms(event->position().x())));
    }
    event->accept();
}

void ChartView::keyPressEvent(QKeyEvent* event)
{
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    const double quarter = m_map.window.width() / 4;
    switch (event->key()) {
    case Qt::Key_Left:
        control ? emit windowMoving(shifted(-quarter)) : stepCrosshair(-1);
        return;
    case Qt::Key_Right:
        control ? emit windowMoving(shifted(quarter)) : stepCrosshair(1);
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_Minus: {
        const double middle = (m_map.window.fromMs + m_map.window.toMs) / 2;
        const double factor = event->key() == Qt::Key_Minus ? 2 : 0.5;
        emit windowMoving(zoomed(factor, m_crosshair.value_or(middle)));
        return;
    }
    case Qt::Key_Home:
        emit homeChosen();
        return;
    case Qt::Key_Escape:
        if (m_gesture != Gesture::none || m_pinned || m_crosshair) {
            m_gesture = Gesture::none;
            m_pinned = false;
            m_pointer.reset();
            setCrosshair(std::nullopt, false);
            emit crosshairLeft();
            return;
        }
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_crosshair) {
            m_pinned = !m_pinned;
            updateOverlay();
            return;
        }
        break;
    default:
        break;
    }
    event->ignore(); // not QGraphicsView's scrolling either
}

void ChartView::focusInEvent(QFocusEvent* event)
{
    QChartView::focusInEvent(event);
    viewport()->update();
}

void ChartView::focusOutEvent(QFocusEvent* event)
{
    QChartView::focusOutEvent(event);
    viewport()->update();
}

bool ChartView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::Leave && m_gesture == Gesture::none) {
        m_pointer.reset();
        if (!m_pinned) {
            setCrosshair(std::nullopt, false);
            emit crosshairLeft();
        }
    }
    return QChartView::viewportEvent(event);
}

} // namespace watchfire::ui::chart
