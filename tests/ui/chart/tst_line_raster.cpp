// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/line_raster.h"
#include "ui/chart/thinning.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <QImage>
#include <QPainter>
#include <QPolygonF>
#include <QTest>

using namespace watchfire::ui::chart;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

QImage blank(int width, int height)
{
    QImage image(width, height, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    return image;
}

/// How many opaque pixels a column adds up to.
double ink(const QImage& image, int column)
{
    double sum = 0;
    for (int row = 0; row < image.height(); ++row) {
        sum += qAlpha(image.pixel(column, row)) / 255.0;
    }
    return sum;
}

struct Curve {
    std::vector<double> low;
    std::vector<double> high;
};

/// The columns of a curve sampled far more finely than there are columns.
Curve columnsOf(int width, double (*f)(double))
{
    std::vector<std::int64_t> at;
    std::vector<double> values;
    for (int i = 0; i <= width * 50; ++i) {
        at.push_back(i * 20);
        values.push_back(f(i / 50.0));
    }
    Curve curve{std::vector<double>(std::size_t(width)), std::vector<double>(std::size_t(width))};
    std::vector<double> last(std::size_t(width), 0.0);
    thinSeries(at, values,
               {.fromMs = 0,
                .toMs = width * 1000.0,
                .columns = std::size_t(width),
                .gapMs = 100,
                .logarithmic = false},
               curve.low, curve.high, last);
    return curve;
}

} // namespace

class TestLineRaster : public QObject {
    Q_OBJECT
private slots:
    /// Against QPainter's antialiased line: the same amount of ink, and nearly in the same place.
    void resemblesAnAntialiasedLine_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<double>("width");
        QTest::newRow("flat") << 0 << 1.5;
        QTest::newRow("gentle slope") << 1 << 1.5;
        QTest::newRow("steep slope") << 2 << 1.5;
        QTest::newRow("wave") << 3 << 1.5;
        QTest::newRow("thick wave") << 3 << 3.0;
        QTest::newRow("thin wave") << 3 << 1.2;
    }

    void resemblesAnAntialiasedLine()
    {
        QFETCH(int, kind);
        QFETCH(double, width);
        constexpr int w = 120;
        constexpr int h = 100;
        static constexpr std::array<double (*)(double), 4> curves{
            [](double) { return 40.3; },
            [](double x) { return 20 + 0.3 * x; },
            [](double x) { return 3 + 0.78 * x; },
            [](double x) { return 50 + 30 * std::sin(x / 7); },
        };
        const auto f = curves.at(std::size_t(kind));

        QImage ours = blank(w, h);
        const Curve curve = columnsOf(w, f);
        paintLine(ours, curve.low, curve.high, {.low = 0, .high = double(h), .rows = h},
                  {.color = qRgb(0, 0, 0), .width = width, .dash = 0});

        QImage theirs = blank(w, h);
        QPainter painter(&theirs);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(Qt::black, width, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin));
        QPolygonF points;
        for (int i = -50; i <= (w + 1) * 50; ++i) {
            points.append(QPointF(i / 50.0, h - f(i / 50.0)));
        }
        painter.drawPolyline(points);
        painter.end();

        double difference = 0;
        double total = 0;
        for (int x = 3; x < w - 3; ++x) {
            const double want = ink(theirs, x);
            QVERIFY2(
                std::abs(ink(ours, x) - want) <= 0.35 * want + 0.15,
                qPrintable(
                    QStringLiteral("column %1: %2, want %3").arg(x).arg(ink(ours, x)).arg(want)));
            for (int y = 0; y < h; ++y) {
                difference += std::abs(qAlpha(ours.pixel(x, y)) - qAlpha(theirs.pixel(x, y)));
                total += qAlpha(theirs.pixel(x, y));
            }
        }
        QVERIFY2(difference < total * 0.25, qPrintable(QString::number(difference / total)));
    }

    void spikeReachesItsValueAndNoFurther()
    {
        QImage image = blank(9, 100);
        std::vector<double> low(9, 10.0);
        std::vector<double> high(9, 10.0);
        high[4] = 80;
        paintLine(image, low, high, {.low = 0, .high = 100, .rows = 100},
                  {.color = qRgb(255, 0, 0), .width = 1.5, .dash = 0});
        QVERIFY(qAlpha(image.pixel(4, 20)) >= 128); // value 80
        QVERIFY(qAlpha(image.pixel(4, 50)) >= 250);
        QCOMPARE(qAlpha(image.pixel(4, 18)), 0); // a pixel above it
        QCOMPARE(qAlpha(image.pixel(3, 50)), 0); // nothing beside it
        QCOMPARE(qRed(image.pixel(4, 50)), 255);
    }

    void gapStaysEmpty()
    {
        QImage image = blank(20, 20);
        std::vector<double> low(20, 10.0);
        std::vector<double> high(20, 10.0);
        for (std::size_t c = 8; c < 12; ++c) {
            low[c] = inf;
            high[c] = -inf;
        }
        paintLine(image, low, high, {.low = 0, .high = 20, .rows = 20}, {});
        for (int c = 0; c < 20; ++c) {
            QCOMPARE(ink(image, c) > 0, c < 8 || c >= 12);
        }
    }

    void loneSampleIsADot()
    {
        QImage image = blank(11, 20);
        std::vector<double> low(11, inf);
        std::vector<double> high(11, -inf);
        low[5] = high[5] = 10;
        paintLine(image, low, high, {.low = 0, .high = 20, .rows = 20}, {});
        QVERIFY(ink(image, 5) >= 2.5);
        QVERIFY(ink(image, 4) > 1 && ink(image, 6) > 1);
        QCOMPARE(ink(image, 3), 0.0);
    }

    void dashesNeverHideASpike()
    {
        QImage image = blank(40, 100);
        std::vector<double> low(40, 10.0);
        std::vector<double> high(40, 10.0);
        high[7] = 90; // in a column that the dash leaves out
        paintLine(image, low, high, {.low = 0, .high = 100, .rows = 100},
                  {.color = qRgb(0, 0, 0), .width = 1.5, .dash = 5});
        QVERIFY(ink(image, 7) > 70);
        QCOMPARE(ink(image, 8), 0.0);
        QVERIFY(ink(image, 2) > 1);
    }

    void areaReachesItsBase()
    {
        QImage image = blank(4, 100);
        const std::vector<double> low(4, 60.0);
        const std::vector<double> high(4, 60.0);
        paintArea(image, low, high, 20, {.low = 0, .high = 100, .rows = 100},
                  qRgba(0, 0, 255, 128));
        QCOMPARE(qAlpha(image.pixel(1, 50)), 128);
        QCOMPARE(qAlpha(image.pixel(1, 41)), 128);
        QCOMPARE(qAlpha(image.pixel(1, 39)), 0);
        QCOMPARE(qAlpha(image.pixel(1, 79)), 128);
        QCOMPARE(qAlpha(image.pixel(1, 80)), 0);
    }

    void bandLiesBetweenItsLines()
    {
        QImage image = blank(3, 50);
        const std::vector<double> bottom{10, std::numeric_limits<double>::quiet_NaN(), 10};
        const std::vector<double> top{30, 30, 30};
        paintBand(image, bottom, top, {.low = 0, .high = 50, .rows = 50}, qRgba(0, 255, 0, 255));
        QCOMPARE(ink(image, 0), 20.0);
        QCOMPARE(ink(image, 1), 0.0); // absent
    }

    /// Values far outside the picture, as under a zoom, must neither crash nor leave a mark.
    void outsideIsClipped()
    {
        QImage image = blank(5, 10);
        const std::vector<double> low{-1e300, 100, 5, -50, 1e9};
        const std::vector<double> high{-1e299, 101, 1e300, 50, 1e9};
        paintLine(image, low, high, {.low = 0, .high = 10, .rows = 10}, {});
        QVERIFY(ink(image, 3) > 8);
        QVERIFY(ink(image, 2) > 3);
    }
};

QTEST_GUILESS_MAIN(TestLineRaster)
#include "tst_line_raster.moc"
