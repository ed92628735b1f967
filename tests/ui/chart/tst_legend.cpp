// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/chart/made.h"
#include "ui/chart/legend.h"

#include <algorithm>
#include <ctime>

#include <QAbstractItemModelTester>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;
using namespace watchfire::ui::chart;

namespace {

std::shared_ptr<const Prepared> hosts(std::size_t count, double shift = 0)
{
    return prepare(made::matrix(count, 10, 1000,
                                [shift](std::size_t s, std::size_t p) {
                                    return double((s * 37) % 101) + double(p) + shift;
                                }),
                   nullptr, {});
}

double threadMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

/// A click on the name of a row, as a person makes it.
void click(Legend& legend, int row, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    const QModelIndex index = legend.model()->index(row, LegendModel::name);
    legend.table()->scrollTo(index);
    QTest::mouseClick(legend.table()->viewport(), Qt::LeftButton, modifiers,
                      legend.table()->visualRect(index).center());
}

int shownCount(const Legend& legend)
{
    int count = 0;
    for (int row = 0; row < legend.model()->rowCount(); ++row) {
        const QModelIndex index = legend.model()->index(row, 0);
        count += index.data(LegendModel::ShownRole).toBool() ? 1 : 0;
    }
    return count;
}

} // namespace

class TestLegend : public QObject {
    Q_OBJECT
private slots:
    void modelIsSound()
    {
        LegendModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setPrepared(hosts(50));
        model.sort(LegendModel::max, Qt::DescendingOrder);
        model.setFilter(u"host1"_s);
        model.setPrepared(hosts(30));
        model.setFilter({});
        model.setPrepared(hosts(30, 5));
        model.sort(LegendModel::name, Qt::AscendingOrder);
        model.setPrepared(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void search_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("rows");
        QTest::newRow("nothing typed") << u""_s << 500;
        QTest::newRow("part of a name") << u"host49"_s << 11;
        QTest::newRow("case does not count") << u"HOST49"_s << 11;
        QTest::newRow("every word must be there") << u"49 host4"_s << 12;
        QTest::newRow("nothing fits") << u"nobody"_s << 0;
    }

    void search()
    {
        QFETCH(QString, words);
        QFETCH(int, rows);
        Legend legend;
        legend.resize(360, 400);
        legend.setPrepared(hosts(500));
        QTest::keyClicks(legend.search(), words);
        QCOMPARE(legend.model()->rowCount(), rows);
    }

    void clickShowsOneAlone()
    {
        Legend legend;
        legend.resize(360, 400);
        legend.setPrepared(hosts(500));
        legend.show();
        QSignalSpy changed(&legend, &Legend::visibilityChanged);
        click(legend, 7);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(shownCount(legend), 1);
        QVERIFY(legend.visibility().shows(legend.model()->hashAt(7)));
        click(legend, 9);
        QCOMPARE(shownCount(legend), 1);
        QVERIFY(legend.visibility().shows(legend.model()->hashAt(9)));
        click(legend, 9);
        QCOMPARE(shownCount(legend), 500); // the second click brings all back
    }

    void controlTogglesOne()
    {
        Legend legend;
        legend.resize(360, 400);
        legend.setPrepared(hosts(500));
        legend.show();
        click(legend, 3, Qt::ControlModifier);
        click(legend, 5, Qt::ControlModifier);
        QCOMPARE(shownCount(legend), 498);
        QVERIFY(!legend.visibility().shows(legend.model()->hashAt(3)));
        click(legend, 3, Qt::ControlModifier);
        QCOMPARE(shownCount(legend), 499);
        click(legend, 0);
        click(legend, 4, Qt::ControlModifier);
        QCOMPARE(shownCount(legend), 2); // one alone, and another beside it
        click(legend, 4, Qt::ControlModifier);
        click(legend, 0, Qt::ControlModifier);
        QCOMPARE(shownCount(legend), 500); // nothing at all is never shown
    }

    void shiftExtends()
    {
        Legend legend;
        legend.resize(360, 400);
        legend.setPrepared(hosts(500));
        legend.show();
        click(legend, 4);
        click(legend, 8, Qt::ShiftModifier);
        QCOMPARE(shownCount(legend), 5);
        click(legend, 2, Qt::ShiftModifier);
        QCOMPARE(shownCount(legend), 7);
    }

    void keyboardDoesTheSame()
    {
        Legend legend;
        legend.resize(360, 400);
        legend.setPrepared(hosts(20));
        legend.show();
        legend.table()->setCurrentIndex(legend.model()->index(2, 0));
        QTest::keyClick(legend.table(), Qt::Key_Return);
        QCOMPARE(shownCount(legend), 1);
        QTest::keyClick(legend.table(), Qt::Key_Down);
        QTest::keyClick(legend.table(), Qt::Key_Space);
        QCOMPARE(shownCount(legend), 2);
        QVERIFY(legend.visibility().shows(legend.model()->hashAt(3)));
    }

    void hoverNamesTheSeries()
    {
        Legend legend;
        legend.resize(360, 400);
        legend.setPrepared(hosts(20));
        legend.show();
        legend.model()->sort(LegendModel::max, Qt::DescendingOrder);
        QSignalSpy hovered(&legend, &Legend::hovered);
        const QModelIndex index = legend.model()->index(2, LegendModel::name);
        QTest::mouseMove(legend.table()->viewport(), legend.table()->visualRect(index).center());
        QTRY_VERIFY(!hovered.isEmpty());
        QCOMPARE(hovered.back().front().toLongLong(), qint64(legend.model()->seriesAt(2)));
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(legend.table()->viewport(), &leave);
        QCOMPARE(hovered.back().front().toLongLong(), qint64(-1));
    }

    void sortsByAnyColumn_data()
    {
        QTest::addColumn<int>("column");
        QTest::newRow("last") << int(LegendModel::last);
        QTest::newRow("min") << int(LegendModel::min);
        QTest::newRow("max") << int(LegendModel::max);
        QTest::newRow("average") << int(LegendModel::average);
    }

    void sortsByAnyColumn()
    {
        QFETCH(int, column);
        LegendModel model;
        model.setPrepared(hosts(100));
        for (const auto order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            model.sort(column, order);
            for (int row = 1; row < model.rowCount(); ++row) {
                const double before
                    = model.index(row - 1, column).data(LegendModel::SortRole).toDouble();
                const double after
                    = model.index(row, column).data(LegendModel::SortRole).toDouble();
                QVERIFY(order == Qt::AscendingOrder ? before <= after : before >= after);
            }
        }
    }

    void refreshKeepsChoiceScrollAndSorting()
    {
        Legend legend;
        legend.resize(360, 300);
        legend.setPrepared(hosts(200));
        legend.show();
        click(legend, 150, Qt::ControlModifier);
        const std::uint64_t hidden = legend.model()->hashAt(150);
        const int scroll = legend.table()->verticalScrollBar()->value();
        QVERIFY(scroll > 0);
        QSignalSpy reset(legend.model(), &QAbstractItemModel::modelReset);
        legend.setPrepared(hosts(200, 1000));
        QCOMPARE(reset.size(), 0);
        QCOMPARE(legend.table()->verticalScrollBar()->value(), scroll);
        QVERIFY(!legend.visibility().shows(hidden));
        QCOMPARE(legend.table()->currentIndex().row(), 150);
    }

    void saysWhatItIs()
    {
        Legend legend;
        legend.resize(360, 300);
        legend.setPrepared(hosts(3));
        QVERIFY(!legend.search()->accessibleName().isEmpty());
        QVERIFY(!legend.table()->accessibleName().isEmpty());
        legend.show();
        click(legend, 0, Qt::ControlModifier);
        QVERIFY(legend.model()
                    ->index(0, 0)
                    .data(Qt::AccessibleTextRole)
                    .toString()
                    .contains(u"hidden"_s));
    }

    void isQuick()
    {
        Legend legend;
        legend.resize(360, 400);
        legend.setPrepared(hosts(500));
        legend.show();
        QVERIFY(QTest::qWaitForWindowExposed(&legend));
        double worst = 0;
        const auto timed = [&worst](auto act) {
            const double before = threadMs();
            act();
            worst = std::max(worst, threadMs() - before);
        };
        for (const char key : {'h', 'o', 's', 't', '4'}) {
            timed([&] { QTest::keyClick(legend.search(), key); });
        }
        legend.search()->clear();
        timed([&] { click(legend, 11); });
        timed([&] { click(legend, 13, Qt::ControlModifier); });
        QVERIFY2(worst <= 50, qPrintable(u"%1 ms"_s.arg(worst)));
    }
};

QTEST_MAIN(TestLegend)
#include "tst_legend.moc"
