// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The chart under pointer and keys: zoom, pan, crosshair, and the way home.
#include "tests/ui/chart/shown.h"
#include "ui/theme/palette.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <QApplication>
#include <QLabel>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace watchfire;
using namespace watchfire::ui;
using namespace watchfire::ui::chart;
using made::hour;
using made::hourMs;
using made::rangeOf;
using made::Shown;

class TestChartGestures : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QApplication::setPalette(theme::makePalette(theme::Scheme::light)); }

    void dragZoomsTime()
    {
        Shown shown;
        QSignalSpy wanted(&shown.chart, &TimeChart::rangeWanted);
        const QPoint from = shown.at(0.25, 0.3);
        const QPoint to = shown.at(0.75, 0.8);
        const double slack = shown.msPerPixel() * 1.5;
        const double fromMs = shown.msAt(from);
        const double toMs = shown.msAt(to);
        const ValueScale before = shown.view().values();
        shown.drag(from, to);
        QCOMPARE(wanted.size(), 1);
        QVERIFY(std::abs(wanted.front().at(0).toDouble() - fromMs) <= slack);
        QVERIFY(std::abs(wanted.front().at(1).toDouble() - toMs) <= slack);
        QVERIFY(shown.chart.isZoomed());
        // The window moved at once, and the picture sharpened from the data at hand.
        QVERIFY(std::abs(shown.view().window().fromMs - fromMs) <= slack);
        shown.settle();
        QCOMPARE(shown.picture().window, shown.view().window());
        QCOMPARE(shown.view().values().low, before.low);
    }

    void dragBackwardsZoomsToo()
    {
        Shown shown;
        QSignalSpy wanted(&shown.chart, &TimeChart::rangeWanted);
        shown.drag(shown.at(0.8, 0.5), shown.at(0.4, 0.5));
        QCOMPARE(wanted.size(), 1);
        QVERIFY(wanted.front().at(0).toLongLong() < wanted.front().at(1).toLongLong());
    }

    void shiftDragZoomsBothAxes()
    {
        Shown shown;
        const ValueScale before = shown.view().values();
        shown.drag(shown.at(0.2, 0.25), shown.at(0.6, 0.75), Qt::LeftButton, Qt::ShiftModifier);
        shown.settle();
        const double height = before.high - before.low;
        QVERIFY(std::abs(shown.view().values().high - (before.high - height * 0.25))
                < height * 0.01);
        QVERIFY(std::abs(shown.view().values().low - (before.low + height * 0.25)) < height * 0.01);
        shown.chart.goHome();
        shown.settle();
        QCOMPARE(shown.view().values().high, before.high);
    }

    void aTinyDragIsAClick()
    {
        Shown shown;
        QSignalSpy wanted(&shown.chart, &TimeChart::rangeWanted);
        shown.drag(shown.at(0.5, 0.5), shown.at(0.5, 0.5) + QPoint(1, 1));
        QCOMPARE(wanted.size(), 0);
    }

    void controlWheelZoomsAtThePointer()
    {
        Shown shown;
        QSignalSpy wanted(&shown.chart, &TimeChart::rangeWanted);
        const QPoint point = shown.at(0.3, 0.5);
        const double under = shown.msAt(point);
        const double width = shown.view().window().width();
        QVERIFY(shown.wheel(point, 3, Qt::ControlModifier));
        QVERIFY(shown.view().window().width() < width * 0.6);
        QVERIFY(std::abs(shown.msAt(point) - under) < shown.msPerPixel());
        QCOMPARE(wanted.size(), 0); // while it turns, nothing is asked for
        QTRY_COMPARE(wanted.size(), 1);
        QVERIFY(shown.wheel(point, -3, Qt::ControlModifier));
        QVERIFY(std::abs(shown.view().window().width() - width) < 1);
    }

    void plainWheelScrollsThePage()
    {
        QScrollArea area;
        auto* const chart = new TimeChart;
        chart->setFixedSize(600, 900);
        area.setWidget(chart);
        area.resize(620, 300);
        area.show();
        QSignalSpy wanted(chart, &TimeChart::rangeWanted);
        const Window before = chart->view()->window();
        QWheelEvent event(QPointF(300, 100), chart->mapToGlobal(QPointF(300, 100)), {}, {0, -120},
                          Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        event.ignore();
        QCoreApplication::sendEvent(chart->view()->viewport(), &event);
        QVERIFY(!event.isAccepted());
        QCOMPARE(chart->view()->window(), before);
    }

    void middleDragPans()
    {
        Shown shown;
        QSignalSpy wanted(&shown.chart, &TimeChart::rangeWanted);
        const Window before = shown.view().window();
        shown.drag(shown.at(0.5, 0.5), shown.at(0.25, 0.5), Qt::MiddleButton);
        const Window after = shown.view().window();
        QVERIFY(std::abs(after.width() - before.width()) < 1);
        QVERIFY(std::abs(after.fromMs - (before.fromMs + before.width() / 4))
                < 3 * shown.msPerPixel());
        QCOMPARE(wanted.size(), 1);
    }

    void doubleClickReturns()
    {
        Shown shown;
        QSignalSpy home(&shown.chart, &TimeChart::homeWanted);
        shown.drag(shown.at(0.25, 0.5), shown.at(0.5, 0.5));
        QVERIFY(shown.chart.isZoomed());
        QTest::mouseDClick(shown.port(), Qt::LeftButton, Qt::NoModifier, shown.at(0.5, 0.5));
        QCOMPARE(home.size(), 1);
        QVERIFY(!shown.chart.isZoomed());
        QCOMPARE(shown.chart.range(), rangeOf(made::start, made::start + hourMs));
    }

    void keys()
    {
        Shown shown;
        QSignalSpy moved(&shown.chart, &TimeChart::crosshairMoved);
        QTest::keyClick(&shown.view(), Qt::Key_Right);
        QCOMPARE(moved.size(), 1);
        const qint64 first = moved.back().front().toLongLong();
        QTest::keyClick(&shown.view(), Qt::Key_Right);
        const qint64 second = moved.back().front().toLongLong();
        QVERIFY(second > first);
        QCOMPARE((second - first) % 10'000, 0); // whole steps
        QTest::keyClick(&shown.view(), Qt::Key_Left);
        QCOMPARE(moved.back().front().toLongLong(), first);
        QVERIFY(!shown.view().hovered().empty());

        const Window before = shown.view().window();
        QTest::keyClick(&shown.view(), Qt::Key_Left, Qt::ControlModifier);
        QCOMPARE(shown.view().window().fromMs, before.fromMs - before.width() / 4);
        QTest::keyClick(&shown.view(), Qt::Key_Plus);
        QVERIFY(shown.view().window().width() < before.width());
        QTest::keyClick(&shown.view(), Qt::Key_Home);
        QCOMPARE(shown.view().window(), before);
        QTest::keyClick(&shown.view(), Qt::Key_Escape);
        QVERIFY(!shown.view().crosshair().has_value());
    }

    void answerToAZoomIsTaken()
    {
        Shown shown;
        QSignalSpy wanted(&shown.chart, &TimeChart::rangeWanted);
        shown.drag(shown.at(0.25, 0.5), shown.at(0.5, 0.5));
        const auto from = wanted.front().at(0).toLongLong();
        const auto to = wanted.front().at(1).toLongLong();
        // The owner aligns to its step.
        shown.chart.setData(hour(), rangeOf(from / 1000 * 1000, to / 1000 * 1000),
                            std::chrono::seconds(1));
        QCOMPARE(shown.chart.range(), rangeOf(from / 1000 * 1000, to / 1000 * 1000));
        QVERIFY(shown.chart.isZoomed());
        QTest::keyClick(&shown.view(), Qt::Key_Home);
        QCOMPARE(shown.chart.range(), rangeOf(made::start, made::start + hourMs));
    }

    /// As pages do it: the range asked for becomes that of the page, which sets it everywhere.
    void ownerThatSharesItsRange()
    {
        Shown shown;
        Shown neighbour;
        connect(&shown.chart, &TimeChart::rangeWanted, this, [&](qint64 from, qint64 to) {
            shown.chart.setRange(rangeOf(from, to));
            neighbour.chart.setRange(rangeOf(from, to));
        });
        shown.drag(shown.at(0.25, 0.5), shown.at(0.5, 0.5));
        QVERIFY(shown.chart.isZoomed());
        QCOMPARE(neighbour.chart.range(), shown.chart.range());
        QSignalSpy home(&shown.chart, &TimeChart::homeWanted);
        QSignalSpy neighbourHome(&neighbour.chart, &TimeChart::homeWanted);
        QTest::keyClick(&neighbour.view(), Qt::Key_Home); // it does not know the way itself
        QCOMPARE(neighbourHome.size(), 1);
        QTest::keyClick(&shown.view(), Qt::Key_Home);
        QCOMPARE(home.size(), 1);
        QCOMPARE(shown.chart.range(), rangeOf(made::start, made::start + hourMs));
    }

    void lateAnswerDoesNotMoveTheView()
    {
        Shown shown;
        shown.drag(shown.at(0.25, 0.5), shown.at(0.5, 0.5));
        const Window zoomed = shown.view().window();
        shown.chart.setData(hour(), rangeOf(made::start + 5000, made::start + hourMs + 5000),
                            std::chrono::seconds(10));
        QCOMPARE(shown.view().window(), zoomed);
    }

    void liveFollowsUntilSomebodyLooksElsewhere()
    {
        Shown shown;
        shown.chart.setLive(true);
        QSignalSpy live(&shown.chart, &TimeChart::liveChanged);
        auto* const button = shown.chart.findChild<QToolButton*>(u"chart.live"_s);
        QVERIFY(button != nullptr && !button->isVisible());
        shown.chart.setData(hour(), rangeOf(made::start + 10'000, made::start + hourMs + 10'000),
                            std::chrono::seconds(10));
        QCOMPARE(shown.chart.range(), rangeOf(made::start + 10'000, made::start + hourMs + 10'000));
        shown.drag(shown.at(0.5, 0.5), shown.at(0.75, 0.5), Qt::MiddleButton);
        QCOMPARE(live.size(), 1);
        QCOMPARE(live.front().front().toBool(), false);
        QVERIFY(button->isVisible());
        button->click();
        QCOMPARE(live.size(), 2);
        QVERIFY(shown.chart.isLive() && !button->isVisible());
        QCOMPARE(shown.chart.range(), rangeOf(made::start + 10'000, made::start + hourMs + 10'000));
    }

    void crosshairIsShared()
    {
        Shown one;
        Shown two;
        Shown three(hour(), {500, 300});
        CrosshairGroup group;
        group.add(&one.chart);
        group.add(&two.chart);
        group.add(&three.chart);
        one.hover(one.at(0.4, 0.5));
        QVERIFY(one.view().crosshair().has_value());
        QCOMPARE(two.view().crosshair(), one.view().crosshair());
        QCOMPARE(three.view().crosshair(), one.view().crosshair());
        QCOMPARE(std::fmod(*one.view().crosshair() - double(made::start), 10'000), 0.0);
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(one.port(), &leave);
        QVERIFY(!two.view().crosshair().has_value());
    }

    void hoverShowsExactValues()
    {
        Shown shown;
        shown.hover(shown.at(0.5, 0.5));
        const double ms = *shown.view().crosshair();
        const auto point = std::size_t((ms - double(made::start)) / 10'000);
        const auto rows = shown.view().hovered();
        QCOMPARE(rows.size(), std::size_t(3));
        for (const HoverRow& row : rows) {
            const auto series = shown.picture().table.series[row.row];
            QCOMPARE(row.value, (*shown.picture().prepared->matrix)[series].values[point]);
        }
        QCOMPARE(std::ranges::count(rows, true, &HoverRow::nearest), 1);
    }

    void clickPins()
    {
        Shown shown;
        shown.hover(shown.at(0.5, 0.5));
        const auto held = shown.view().crosshair();
        QTest::mouseClick(shown.port(), Qt::LeftButton, Qt::NoModifier, shown.at(0.5, 0.5));
        QVERIFY(shown.view().isPinned());
        shown.hover(shown.at(0.8, 0.5));
        QCOMPARE(shown.view().crosshair(), held);
        QTest::mouseClick(shown.port(), Qt::LeftButton, Qt::NoModifier, shown.at(0.8, 0.5));
        QVERIFY(!shown.view().isPinned());
        QVERIFY(shown.view().crosshair() != held);
    }

    void pointerOnlyCopiesTheScene()
    {
        Shown shown;
        shown.port()->repaint();
        const std::size_t paints = shown.view().scenePaints();
        for (int i = 0; i < 20; ++i) {
            shown.hover(shown.at(0.1 + i * 0.04, 0.5));
            shown.port()->repaint();
        }
        QCOMPARE(shown.view().scenePaints(), paints);
    }
};

QTEST_MAIN(TestChartGestures)
#include "tst_chart_gestures.moc"
