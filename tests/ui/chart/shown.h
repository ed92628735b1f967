// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/chart/made.h"
#include "ui/chart/chart_view.h"
#include "ui/chart/legend.h"
#include "ui/chart/time_chart.h"

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include <QCoreApplication>
#include <QMouseEvent>
#include <QTest>
#include <QWheelEvent>

/// A chart on the screen, and a hand on its mouse.
namespace made {

using namespace watchfire;
using namespace watchfire::ui::chart;

inline constexpr std::int64_t hourMs = 3'600'000;

/// Keeps tasks until the test lets them run.
struct HeldExecutor final : Executor {
    void run(Task task) override { tasks.push_back(std::move(task)); }
    void runAll()
    {
        for (Task& task : std::exchange(tasks, {})) {
            task();
        }
    }
    std::vector<Task> tasks;
};

inline TimeRange rangeOf(std::int64_t from, std::int64_t to)
{
    return {fromUnixMs(from), fromUnixMs(to)};
}

inline std::shared_ptr<Matrix> hour(std::size_t series = 3, double level = 0)
{
    return matrix(series, 361, 10'000, [level](std::size_t s, std::size_t p) {
        return level + double(s) + std::sin(double(p) / 20);
    });
}

/// A chart of one hour in steps of ten seconds, on the screen and drawn.
struct Shown {
    InlineExecutor executor;
    TimeChart chart;

    explicit Shown(std::shared_ptr<Matrix> matrix = hour(), QSize size = {900, 500})
    {
        chart.setExecutor(&executor);
        chart.setTimeZone(QTimeZone::utc());
        chart.resize(size);
        chart.setData(std::move(matrix), rangeOf(start, start + hourMs), std::chrono::seconds(10));
        chart.show();
        settle();
    }

    void settle()
    {
        for (int i = 0; i < 4; ++i) {
            QCoreApplication::processEvents();
        }
    }
    ChartView& view() { return *chart.view(); }
    QWidget* port() { return chart.view()->viewport(); }
    const Picture& picture() { return *chart.view()->picture(); }
    QRectF plot() { return chart.view()->plotArea(); }

    QPoint at(double shareX, double shareY)
    {
        const QRectF area = plot();
        return QPointF(area.left() + shareX * area.width(), area.top() + shareY * area.height())
            .toPoint();
    }
    double msAt(QPoint point)
    {
        const Window window = chart.view()->window();
        return window.fromMs + (point.x() - plot().left()) / plot().width() * window.width();
    }
    double msPerPixel() { return chart.view()->window().width() / plot().width(); }

    void drag(QPoint from, QPoint to, Qt::MouseButton button = Qt::LeftButton,
              Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::mousePress(port(), button, modifiers, from);
        const auto move = [&](QPoint point) {
            QMouseEvent event(QEvent::MouseMove, point, port()->mapToGlobal(QPointF(point)),
                              Qt::NoButton, button, modifiers);
            QCoreApplication::sendEvent(port(), &event);
        };
        move(from + (to - from) / 2);
        move(to);
        QTest::mouseRelease(port(), button, modifiers, to);
    }
    void hover(QPoint point)
    {
        QMouseEvent event(QEvent::MouseMove, point, port()->mapToGlobal(QPointF(point)),
                          Qt::NoButton, Qt::NoButton, Qt::NoModifier);
        QCoreApplication::sendEvent(port(), &event);
    }
    bool wheel(QPoint point, int notches, Qt::KeyboardModifiers modifiers)
    {
        QWheelEvent event(point, port()->mapToGlobal(QPointF(point)), {}, {0, notches * 120},
                          Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
        event.ignore();
        QCoreApplication::sendEvent(port(), &event);
        return event.isAccepted();
    }
};

} // namespace made
