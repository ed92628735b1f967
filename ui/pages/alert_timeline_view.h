// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/alert_spans_model.h"

#include <cstdint>
#include <optional>
#include <vector>

#include <QAbstractScrollArea>
#include <QString>

class QPainter;

namespace watchfire::ui {

/// When alerts were pending (hatched), firing (filled) and unknown (dotted), one lane for each
/// alert, over one range of time. Only lanes on the screen are painted, and of stretches that share
/// a pixel one, so that thousands cost no more than a screenful.
///
/// Drag zooms, Ctrl+wheel zooms at the pointer, the middle button drags, a double click or Home
/// returns; Ctrl+←/→ pan, + and − zoom, the arrows go from stretch to stretch. Emits `rangeWanted`
/// and shows that range at once from what is at hand.
class AlertTimelineView final : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit AlertTimelineView(QWidget* parent = nullptr);

    /// Those of the rows that are to be seen, by labels, then time; they stay in `rows`.
    void setRows(AlertSpanRowsPtr rows, const Filter& filter);
    void setRange(TimeRange range);
    TimeRange range() const { return m_range; }
    /// Marks the stretch of that id and scrolls to its lane; 0: none.
    void setCurrent(std::uint64_t id);
    std::uint64_t current() const { return m_current; }
    /// What is said without any lane.
    void setEmptyText(const QString& text);

    int laneCount() const { return int(m_lanes.size()); }
    /// Rectangles that the newest painting filled, for tests.
    int painted() const { return m_painted; }
    /// Where the stretch is in the viewport, if its lane is.
    std::optional<QRect> placeOf(std::uint64_t id) const;

signals:
    void rangeWanted(qint64 fromMs, qint64 toMs);
    void homeWanted();
    /// Somebody chose it.
    void chosen(quint64 id);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    struct Lane {
        std::vector<const AlertSpanRow*> spans; ///< by time
        Timestamp newest{};
    };

    int labelWidth() const;
    QRect plot() const; ///< below the axis, beside the names
    QRect laneRect(int lane) const;
    double xOf(Timestamp at) const;
    Timestamp timeAt(double x) const;
    int xOfSpan(const engine::AlertSpan& span, int& right) const;
    void paintAxis(QPainter& painter);
    void paintLane(QPainter& painter, int lane);
    void paintSpan(QPainter& painter, const QRect& place, const AlertSpanRow& row) const;
    const AlertSpanRow* rowAt(const QPoint& at) const;
    const AlertSpanRow* rowOf(std::uint64_t id) const;
    int laneOf(std::uint64_t id) const;
    void choose(const AlertSpanRow* row);
    void step(int lanes, int spans);
    void zoom(double factor, Timestamp around);
    void pan(double part);
    void want(Timestamp from, Timestamp to);
    void fitScrollBar();
    QString tipOf(const AlertSpanRow& row) const;

    AlertSpanRowsPtr m_rows;
    std::vector<Lane> m_lanes;
    TimeRange m_range{};
    std::uint64_t m_current = 0;
    int m_currentLane = -1;
    QString m_emptyText;
    std::optional<int> m_brushFrom; ///< x where a drag began
    int m_brushTo = 0;
    std::optional<int> m_panFrom;
    TimeRange m_panRange{};
    int m_painted = 0;
};

} // namespace watchfire::ui
