// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/query_step.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;
using namespace watchfire::ui;

class TestQueryStep : public QObject {
    Q_OBJECT

private slots:
    void steps_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<int>("columns");
        QTest::addColumn<qint64>("step");
        QTest::newRow("never under a second") << qint64(60) << 1000 << qint64(1);
        QTest::newRow("round up to a round step") << qint64(900) << 300 << qint64(5);
        QTest::newRow("exactly") << qint64(900) << 900 << qint64(1);
        QTest::newRow("a day") << qint64(86'400) << 1000 << qint64(120);
        QTest::newRow("years go by days") << qint64(86'400) * 3650 << 1000 << qint64(86'400) * 4;
        QTest::newRow("a chart not laid out yet") << qint64(900) << 0 << qint64(900);
    }
    void steps()
    {
        QFETCH(qint64, seconds);
        QFETCH(int, columns);
        QFETCH(qint64, step);
        const TimeRange range{fromUnixMs(0), fromUnixMs(seconds * 1000)};
        QCOMPARE(qint64(stepFor(range, columns).count()), step * 1000);
    }

    void refreshKeepsTheGrid()
    {
        const auto at = [](std::int64_t ms) {
            return rangeQuery("up", {fromUnixMs(ms - 900'000), fromUnixMs(ms)}, 300);
        };
        const auto first = at(1'700'000'003'217);
        const auto later = at(1'700'000'004'902);
        QCOMPARE(first.step, later.step);
        QCOMPARE(unixMs(first.start) % first.step.count(), 0);
        QCOMPARE(unixMs(later.start) % first.step.count(), 0);
    }

    void windowsOfCounters_data()
    {
        QTest::addColumn<int>("step");
        QTest::addColumn<QByteArray>("expr");
        QTest::newRow("the last two scrapes") << 1 << "irate(c[1m])"_ba;
        QTest::newRow("points about as close as scrapes") << 10 << "irate(c[1m])"_ba;
        QTest::newRow("several scrapes to a point") << 15 << "rate(c[1m])"_ba;
        QTest::newRow("nothing falls between points") << 300 << "rate(c[5m])"_ba;
    }
    void windowsOfCounters()
    {
        QFETCH(int, step);
        QFETCH(QByteArray, expr);
        QCOMPARE(QByteArray::fromStdString(counterRate("c", std::chrono::seconds(step))), expr);
    }
};

QTEST_GUILESS_MAIN(TestQueryStep)
#include "tst_query_step.moc"
