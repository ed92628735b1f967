// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The chart with data that come, go and are odd: what it draws and what it says.
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
using made::HeldExecutor;
using made::hour;
using made::hourMs;
using made::rangeOf;
using made::Shown;

namespace {

int alphaAt(const QImage& image, std::size_t column, int row)
{
    return qAlpha(image.pixel(int(column), row));
}

bool columnIsEmpty(const QImage& image, std::size_t column)
{
    for (int row = 0; row < image.height(); ++row) {
        if (alphaAt(image, column, row) > 0) {
            return false;
        }
    }
    return true;
}

} // namespace

class TestTimeChart : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QApplication::setPalette(theme::makePalette(theme::Scheme::light)); }

    void showsItsRange()
    {
        Shown shown;
        QCOMPARE(shown.chart.range(), rangeOf(made::start, made::start + hourMs));
        QVERIFY(!shown.chart.isZoomed());
        QCOMPARE(shown.picture().table.rows(), std::size_t(3));
        QCOMPARE(std::size_t(shown.chart.plotColumns()), shown.picture().table.columns);
        QVERIFY(!shown.view().timeMarks().empty());
        QVERIFY(shown.view().values().low <= -1 && shown.view().values().high >= 3);
    }

    /// Acceptance: one sample in a million stands out, and a hole stays a hole.
    void spikeAndGapAmongAMillion()
    {
        constexpr std::size_t series = 500;
        constexpr std::size_t points = 2000;
        constexpr std::size_t spikeAt = 1234;
        auto matrix = made::matrix(series, points, 1000, [](std::size_t s, std::size_t p) {
            return s == 250 && p == spikeAt ? 100.0 : double(s) / 100;
        });
        for (MatrixSeries& one : *matrix) { // the hole: two hundred steps of every series
            one.atMs.erase(one.atMs.begin() + 400, one.atMs.begin() + 600);
            one.values.erase(one.values.begin() + 400, one.values.begin() + 600);
        }
        InlineExecutor executor;
        TimeChart chart;
        chart.setExecutor(&executor);
        chart.resize(1200, 600);
        chart.setData(matrix, rangeOf(made::start, made::start + (points - 1) * 1000),
                      std::chrono::seconds(1));
        QSignalSpy drawn(&chart, &TimeChart::drawn);
        chart.show();
        QTRY_VERIFY(!drawn.isEmpty());

        const Picture& picture = *chart.view()->picture();
        const QImage& image = picture.image;
        const auto column
            = std::size_t(double(spikeAt) / double(points - 1) * double(picture.table.columns));
        const auto row = int((picture.scale.high - 100) / (picture.scale.high - picture.scale.low)
                             * image.height());
        const auto reached = [&](std::size_t x) {
            return alphaAt(image, x, std::min(row, image.height() - 1)) >= 100
                || alphaAt(image, x, row + 1) >= 100;
        };
        QVERIFY(reached(column) || reached(column - 1) || reached(column + 1));
        // Halfway up there is the spike and nothing else, one or two columns wide.
        int crossed = 0;
        for (std::size_t x = 0; x < picture.table.columns; ++x) {
            crossed += alphaAt(image, x, image.height() / 2) > 0 ? 1 : 0;
        }
        QVERIFY2(crossed >= 1 && crossed <= 3, qPrintable(QString::number(crossed)));

        for (std::size_t p = 403; p < 597; ++p) {
            const auto x
                = std::size_t(double(p) / double(points - 1) * double(picture.table.columns));
            QVERIFY2(columnIsEmpty(image, x), qPrintable(QString::number(p)));
        }
        QVERIFY(!columnIsEmpty(image, std::size_t(390.0 / 1999 * double(picture.table.columns))));
    }

    void hiddenChartHasNoJobs()
    {
        HeldExecutor executor;
        TimeChart chart;
        chart.setExecutor(&executor);
        chart.resize(600, 300);
        for (int i = 0; i < 5; ++i) {
            chart.setData(hour(), rangeOf(made::start, made::start + hourMs),
                          std::chrono::seconds(10));
        }
        QCOMPARE(chart.jobsStarted(), std::size_t(0));
        chart.show();
        QVERIFY(chart.jobsStarted() > 0);
        executor.runAll();
        QCoreApplication::processEvents();
        executor.runAll();
        QCoreApplication::processEvents();
        const std::size_t started = chart.jobsStarted();
        chart.hide();
        chart.setData(hour(), rangeOf(made::start, made::start + hourMs), std::chrono::seconds(10));
        QCoreApplication::processEvents();
        QCOMPARE(chart.jobsStarted(), started);
        chart.show();
        QVERIFY(chart.jobsStarted() > started); // and what was missed is made up for
    }

    void atMostOneWaitsAndOldPicturesStay()
    {
        Shown shown;
        const Picture* const before = shown.view().picture();
        HeldExecutor held;
        shown.chart.setExecutor(&held);
        const std::size_t started = shown.chart.jobsStarted();
        for (int i = 1; i <= 10; ++i) {
            shown.chart.setData(hour(3, i), rangeOf(made::start, made::start + hourMs),
                                std::chrono::seconds(10));
            QCOMPARE(shown.view().picture(), before); // no blanking
        }
        QCOMPARE(shown.chart.jobsStarted(), started + 1);
        QCOMPARE(held.tasks.size(), std::size_t(1));
        held.runAll();
        QCoreApplication::processEvents();
        QCOMPARE(shown.chart.jobsStarted(), started + 2); // the first, then only the newest
        held.runAll();
        QCoreApplication::processEvents();
        QCOMPARE(shown.chart.jobsStarted(), started + 2);
        QCOMPARE(shown.picture().prepared->series.front().last, hour(3, 10)->front().values.back());
        QVERIFY(!shown.chart.isDrawing());
    }

    void goesAwayWhileDrawing()
    {
        HeldExecutor held;
        {
            TimeChart chart;
            chart.setExecutor(&held);
            chart.setData(hour(), rangeOf(made::start, made::start + hourMs),
                          std::chrono::seconds(10));
            chart.show();
            QVERIFY(!held.tasks.empty());
        }
        held.runAll();
        QCoreApplication::processEvents();
    }

    void legendHidesAndHighlights()
    {
        Shown shown(hour(12));
        shown.chart.setLegendVisible(true);
        shown.settle();
        Legend& legend = *shown.chart.legend();
        QCOMPARE(legend.model()->rowCount(), 12);
        emit legend.table()->rowClicked(4, Qt::NoModifier);
        shown.settle();
        QCOMPARE(shown.picture().table.series, (std::vector<std::uint32_t>{4}));
        emit legend.table()->rowClicked(4, Qt::NoModifier);
        emit legend.table()->rowClicked(2, Qt::ControlModifier);
        shown.settle();
        QCOMPARE(shown.picture().table.rows(), std::size_t(11));
        QVERIFY(std::ranges::find(shown.picture().table.series, 2U)
                == shown.picture().table.series.end());
        emit legend.hovered(3);
        QCOMPARE(shown.view().highlight(), std::optional(std::size_t(2))); // the third row drawn
        emit legend.hovered(2);
        QVERIFY(!shown.view().highlight().has_value()); // hidden: no line to show
    }

    void hiddenSeriesStayHiddenAfterARefresh()
    {
        Shown shown;
        shown.chart.setVisibility(
            {.only = false, .marked = {shown.picture().prepared->series[1].hash}});
        shown.settle();
        QCOMPARE(shown.picture().table.rows(), std::size_t(2));
        shown.chart.setData(hour(3, 7), rangeOf(made::start, made::start + hourMs),
                            std::chrono::seconds(10));
        shown.settle();
        QCOMPARE(shown.picture().table.rows(), std::size_t(2));
    }

    void coloursStayWhenSeriesComeAndGo()
    {
        Shown shown(hour(6));
        const auto slotOf = [&](std::uint64_t hash) {
            const auto& all = shown.picture().prepared->series;
            return std::ranges::find(all, hash, &SeriesInfo::hash)->slot;
        };
        const std::uint64_t hash = shown.picture().prepared->series[4].hash;
        const std::uint32_t before = slotOf(hash);
        auto fewer = hour(6);
        fewer->erase(fewer->begin(), fewer->begin() + 3);
        shown.chart.setData(fewer, rangeOf(made::start, made::start + hourMs),
                            std::chrono::seconds(10));
        shown.settle();
        QCOMPARE(slotOf(hash), before);
    }

    void nothingIsCutSilently()
    {
        Shown shown(hour(600));
        auto* const notice = shown.chart.findChild<QLabel*>(u"chart.notice"_s);
        auto* const all = shown.chart.findChild<QToolButton*>(u"chart.drawAll"_s);
        QCOMPARE(shown.picture().table.rows(), std::size_t(500));
        QVERIFY(notice->isVisible() && all->isVisible());
        QVERIFY2(notice->text().contains(u"500 of 600 series"_s), qPrintable(notice->text()));
        QVERIFY(std::ranges::find(shown.picture().table.series, 599U)
                != shown.picture().table.series.end()); // the highest are the ones drawn
        all->click();
        shown.settle();
        QCOMPARE(shown.picture().table.rows(), std::size_t(600));
        QVERIFY(!notice->isVisible());
    }

    void logarithmicSaysWhatItHides()
    {
        Shown shown(made::matrix(
            1, 361, 10'000, [](std::size_t, std::size_t p) { return p < 5 ? -1.0 : double(p); }));
        shown.chart.setLogarithmic(true);
        shown.settle();
        QVERIFY(shown.view().values().logarithmic);
        auto* const notice = shown.chart.findChild<QLabel*>(u"chart.notice"_s);
        QVERIFY(notice->isVisible());
        QVERIFY2(notice->text().startsWith(u"5 "_s), qPrintable(notice->text()));
    }

    void emptyAndHistogramsOnly()
    {
        Shown shown(std::make_shared<Matrix>());
        QCOMPARE(shown.picture().table.rows(), std::size_t(0));
        QVERIFY(!shown.chart.grab().isNull());
        auto histograms = std::make_shared<Matrix>(1);
        (*histograms)[0].histogramAtMs = {made::start};
        (*histograms)[0].histograms = {std::make_shared<Histogram>()};
        shown.chart.setData(histograms, rangeOf(made::start, made::start + hourMs),
                            std::chrono::seconds(10));
        shown.settle();
        QCOMPARE(shown.picture().prepared->histogramsOnly, std::size_t(1));
    }

    void darkMeansDarkColours()
    {
        Shown shown;
        const QImage light = shown.chart.grab().toImage();
        QApplication::setPalette(theme::makePalette(theme::Scheme::dark));
        shown.settle();
        QCOMPARE(shown.picture().style.colors[0],
                 theme::seriesColors(theme::Scheme::dark)[0].rgb());
        const QImage dark = shown.chart.grab().toImage();
        QCOMPARE(dark.pixelColor(dark.width() - 6, 6), QColor(0x23, 0x26, 0x29));
        QCOMPARE(light.pixelColor(light.width() - 6, 6), QColor(Qt::white));
        QApplication::setPalette(theme::makePalette(theme::Scheme::light));
    }

    void fixedValueRange()
    {
        Shown shown;
        shown.chart.setValueRange(0, 100);
        shown.settle();
        QCOMPARE(shown.view().values().low, 0.0);
        QCOMPARE(shown.view().values().high, 100.0);
    }

    void thresholdsAreSeenAndCanBeDragged()
    {
        Shown shown;
        shown.chart.setThresholds(
            {{.value = 20, .label = u"high"_s, .color = {}, .draggable = true}});
        shown.settle();
        QVERIFY(shown.view().values().high >= 20); // the axis makes room
        QSignalSpy moved(&shown.chart, &TimeChart::thresholdMoved);
        QSignalSpy wanted(&shown.chart, &TimeChart::rangeWanted);
        const ValueScale scale = shown.view().values();
        const double share = (scale.high - 20) / (scale.high - scale.low);
        shown.drag(shown.at(0.5, share), shown.at(0.5, 0.5));
        QVERIFY(moved.size() >= 2);
        QCOMPARE(moved.back().at(2).toBool(), true);
        const double middle = (scale.high + scale.low) / 2;
        QVERIFY(std::abs(moved.back().at(1).toDouble() - middle) < (scale.high - scale.low) * 0.02);
        QCOMPARE(wanted.size(), 0);
        // Some hundred pixels for some twenty units: a tenth is what they tell apart.
        QCOMPARE(shown.chart.rounded(7.123456), 7.1);
    }

    void bandsHaveTheirStrip()
    {
        Shown shown;
        const ValueScale before = shown.view().values();
        shown.chart.setBands({{.fromMs = made::start,
                               .toMs = made::start + hourMs / 2,
                               .kind = BandKind::firing,
                               .text = u"DiskFull"_s}});
        shown.settle();
        QVERIFY(shown.view().values().low < before.low); // lines keep out of the strip
        const QImage image = shown.chart.grab().toImage();
        const QPoint inStrip = shown.view().mapTo(&shown.chart, shown.at(0.25, 1)) - QPoint(0, 4);
        QCOMPARE(image.pixelColor(inStrip), QColor(0xc4, 0x25, 0x1c));
    }

    void oddInputsDoNotCrash_data()
    {
        QTest::addColumn<std::int64_t>("from");
        QTest::addColumn<std::int64_t>("to");
        QTest::addColumn<int>("points");
        QTest::addColumn<double>("value");
        QTest::newRow("no width") << made::start << made::start << 1 << 1.0;
        QTest::newRow("backwards") << made::start << made::start - 5 << 1 << 1.0;
        QTest::newRow("before the epoch")
            << std::int64_t(-5'000'000) << std::int64_t(-1) << 3 << 1.0;
        QTest::newRow("all NaN") << made::start << made::start + hourMs << 100
                                 << std::numeric_limits<double>::quiet_NaN();
        QTest::newRow("all infinite") << made::start << made::start + hourMs << 100
                                      << std::numeric_limits<double>::infinity();
        QTest::newRow("huge") << made::start << made::start + hourMs << 100 << 1.7e308;
        QTest::newRow("tiny") << made::start << made::start + hourMs << 100 << 5e-324;
        QTest::newRow("minus huge") << made::start << made::start + hourMs << 100 << -1.7e308;
    }

    void oddInputsDoNotCrash()
    {
        QFETCH(std::int64_t, from);
        QFETCH(std::int64_t, to);
        QFETCH(int, points);
        QFETCH(double, value);
        Shown shown;
        for (const DrawMode mode : {DrawMode::lines, DrawMode::areas, DrawMode::stack}) {
            shown.chart.setMode(mode);
            for (const bool logarithmic : {false, true}) {
                shown.chart.setLogarithmic(logarithmic);
                shown.chart.setData(made::matrix(2, std::size_t(points), 10'000,
                                                 [value](std::size_t s, std::size_t p) {
                                                     return s == 0 || p % 2 == 0 ? value : -value;
                                                 }),
                                    rangeOf(from, to), std::chrono::seconds(10));
                shown.settle();
                QVERIFY(!shown.chart.grab().isNull());
            }
        }
        for (int i = 0; i < 60; ++i) { // as far in and out as it goes
            shown.wheel(shown.at(0.5, 0.5), i < 30 ? 5 : -5, Qt::ControlModifier);
        }
        QVERIFY(!shown.chart.grab().isNull());
        QVERIFY(std::isfinite(shown.view().window().width()));
    }

    void everyControlHasANameAndAPlaceInTabOrder()
    {
        Shown shown(hour(600));
        shown.chart.setTitle(u"Load"_s);
        shown.chart.setLegendVisible(true);
        const auto widgets = shown.chart.findChildren<QWidget*>();
        for (const QWidget* const widget : widgets) {
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible()
                || widget->objectName().startsWith(u"qt_"_s)
                || widget->parentWidget()->inherits("QAbstractScrollArea")) {
                continue;
            }
            const bool isNamed = !widget->accessibleName().isEmpty()
                || !widget->property("text").toString().isEmpty();
            QVERIFY2(isNamed && !widget->objectName().isEmpty(),
                     qPrintable(QString::fromLatin1(widget->metaObject()->className()) + u' '
                                + widget->objectName()));
        }
        QCOMPARE(shown.view().accessibleName(), u"Graph: Load"_s);
    }
};

QTEST_MAIN(TestTimeChart)
#include "tst_time_chart.moc"
