// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/hover.h"
#include "ui/chart/line_layer.h"
#include "ui/chart/picture.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <QChartView>
#include <QPixmap>
#include <QPointF>
#include <QTimeZone>

class QCategoryAxis;

namespace watchfire::ui::chart {

/// Frame, axes, picture and overlay of one chart, and the pointer's and keyboard's doings on it,
/// reported as signals. It decides nothing about data; TimeChart does.
class ChartView final : public QChartView {
    Q_OBJECT
public:
    explicit ChartView(QWidget* parent = nullptr);
    ~ChartView() override;

    void setCompact(bool compact);
    void setZone(const QTimeZone& zone);
    void setUnit(const Unit& unit) { m_unit = unit; }
    void setStep(double stepMs, double anchorMs);
    void setReach(double reachMs) { m_reachMs = reachMs; }
    /// Shown in the middle of the plot while there is nothing to draw; empty for none.
    void setMessage(const QString& message);

    /// Margins around the plot; the left one follows each picture.
    QMargins plotMargins() const { return m_margins; }
    QRectF plotArea() const { return m_map.area; }
    QFont axisFont() const;

    void setPicture(std::shared_ptr<const Picture> picture);
    const Picture* picture() const { return m_picture.get(); }
    /// Moves the time axis; the picture is stretched to it.
    void setWindow(const Window& window);
    const Window& window() const { return m_map.window; }
    /// Moves the value axis, in axis space.
    void setValues(const ValueScale& scale);
    const ValueScale& values() const { return m_values; }
    void setMarks(std::vector<Threshold> thresholds, std::vector<Band> bands);
    /// What the time axis shows.
    const Ticks& timeMarks() const { return m_timeTicks; }

    /// Nothing hides it. `fromOutside`: another chart's pointer, so no tooltip is shown.
    void setCrosshair(std::optional<double> ms, bool fromOutside);
    std::optional<double> crosshair() const { return m_crosshair; }
    bool isPinned() const { return m_pinned; }
    void unpin();
    /// Paints that row of the picture over the others; nothing: none.
    void setHighlight(std::optional<std::size_t> row);
    std::optional<std::size_t> highlight() const { return m_highlightRow; }
    /// Lines of the tooltip as shown, for tests and for assistive technology.
    std::vector<HoverRow> hovered() const;
    /// Times the scene was painted anew, rather than copied.
    std::size_t scenePaints() const { return m_scenePaints; }

signals:
    /// A gesture chose that window, and that range of values (axis space) where it did.
    void windowChosen(const watchfire::ui::chart::Window& window,
                      const std::optional<std::pair<double, double>>& values);
    /// The window moves under a wheel or a drag; more will follow at once.
    void windowMoving(const watchfire::ui::chart::Window& window);
    void homeChosen();
    void crosshairMoved(double ms);
    void crosshairLeft();
    void thresholdDragged(int index, double value, bool finished);
    void resized();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    enum class Gesture { none, pressed, brush, pan, threshold };

    void dress();
    void layOut();
    void relabelTime();
    void relabelValues();
    void markDirty();
    void paintScene();
    void paintOverlay(QPainter& painter);
    void paintTooltip(QPainter& painter, const std::vector<HoverRow>& rows) const;
    QRect overlayRect() const;
    void updateOverlay();
    QRectF brushTo(QPointF at) const;
    void moveCrosshair(QPointF at);
    void stepCrosshair(int steps);
    void announce();
    double snapped(double ms) const;
    std::optional<int> thresholdAt(QPointF at) const;
    QString bandTextAt(QPointF at) const;
    Window zoomed(double factor, double aroundMs) const;
    Window shifted(double byMs) const;

    QChart* m_chart;
    QCategoryAxis* m_timeAxis;
    QCategoryAxis* m_valueAxis;
    LineLayer* m_layer;
    PlotMap m_map;
    QMargins m_margins;
    QTimeZone m_zone = QTimeZone(QTimeZone::LocalTime);
    Unit m_unit;
    ValueScale m_values;
    Ticks m_timeTicks;
    std::shared_ptr<const Picture> m_picture;
    std::vector<Threshold> m_thresholds;
    std::vector<Band> m_bands;
    QString m_message;
    bool m_compact = false;
    double m_stepMs = 0;
    double m_anchorMs = 0;
    double m_reachMs = 0;

    QPixmap m_scene;
    bool m_sceneDirty = true;
    std::size_t m_scenePaints = 0;
    QRect m_overlayBefore; ///< what the overlay covered last time

    std::optional<double> m_crosshair;
    bool m_crosshairFromOutside = false;
    bool m_pinned = false;
    std::optional<QPointF> m_pointer;
    std::optional<std::size_t> m_highlightRow;
    QImage m_highlight;

    Gesture m_gesture = Gesture::none;
    QPointF m_pressedAt;
    bool m_brushBoth = false;
    Window m_windowAtPress;
    int m_draggedThreshold = -1;
};

} // namespace watchfire::ui::chart
