// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/time_intervals.h"
#include "core/config/import.h"

#include <sstream>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;

namespace {

Timestamp utc(const QByteArray& text)
{
    std::istringstream in(text.toStdString());
    std::chrono::sys_seconds at;
    in >> std::chrono::parse("%F %T", at);
    return at;
}

/// The interval `i` out of a configuration.
std::vector<config::NamedIntervalsConfig> read(const QByteArray& interval)
{
    config::Findings findings;
    const auto config = config::readAlertmanager(("route: {receiver: r}\nreceivers: [{name: r}]\n"
                                                  "time_intervals: [{name: i, time_intervals: "_ba
                                                  + interval + "}]\n"_ba)
                                                     .toStdString(),
                                                 "f", findings);
    return findings.faults.empty() ? config.timeIntervals
                                   : std::vector<config::NamedIntervalsConfig>();
}

} // namespace

class TestTimeIntervals : public QObject {
    Q_OBJECT
private slots:
    void holds_data()
    {
        QTest::addColumn<QByteArray>("interval");
        QTest::addColumn<QByteArray>("now"); // UTC
        QTest::addColumn<bool>("expected");
        const auto nine
            = "[{times: [{start_time: '09:00', end_time: '10:00'}], location: Europe/Berlin}]"_ba;
        QTest::newRow("winter: 9 o'clock is 8 UTC") << nine << "2026-01-15 08:00:00"_ba << true;
        QTest::newRow("winter: not 7 UTC") << nine << "2026-01-15 07:00:00"_ba << false;
        QTest::newRow("summer: 9 o'clock is 7 UTC") << nine << "2026-07-15 07:00:00"_ba << true;
        QTest::newRow("summer: not 8 UTC") << nine << "2026-07-15 08:00:00"_ba << false;
        QTest::newRow("its end is outside") << nine << "2026-01-15 09:00:00"_ba << false;
        QTest::newRow("its last second is inside") << nine << "2026-01-15 08:59:59"_ba << true;
        // Clocks go from 02:00 to 03:00 at 01:00 UTC, and from 03:00 back at 01:00 UTC.
        const auto two
            = "[{times: [{start_time: '02:00', end_time: '03:00'}], location: Europe/Berlin}]"_ba;
        QTest::newRow("before the hour that is skipped")
            << two << "2026-03-29 00:59:59"_ba << false;
        QTest::newRow("the skipped hour holds never") << two << "2026-03-29 01:00:00"_ba << false;
        QTest::newRow("the repeated hour holds") << two << "2026-10-25 00:30:00"_ba << true;
        QTest::newRow("and holds again") << two << "2026-10-25 01:30:00"_ba << true;
        QTest::newRow("and is over then") << two << "2026-10-25 02:00:00"_ba << false;
        QTest::newRow("a weekday is the zone's")
            << "[{weekdays: [monday], location: Pacific/Kiritimati}]"_ba << "2026-11-22 13:48:00"_ba
            << true;
        QTest::newRow("the last day of February")
            << "[{days_of_month: ['-1']}]"_ba << "2028-02-29 12:00:00"_ba << true;
        QTest::newRow("not the day before")
            << "[{days_of_month: ['-1']}]"_ba << "2028-02-28 12:00:00"_ba << false;
        QTest::newRow("the 31st is not the 30th of a short month")
            << "[{days_of_month: ['31']}]"_ba << "2026-11-30 12:00:00"_ba << false;
        QTest::newRow("a range over the end of a short month")
            << "[{days_of_month: ['28:31']}]"_ba << "2026-11-30 12:00:00"_ba << true;
        QTest::newRow("months by name and number")
            << "[{months: ['january:march', '12']}]"_ba << "2026-12-01 00:00:00"_ba << true;
        QTest::newRow("years") << "[{years: ['2020:2025']}]"_ba << "2026-12-01 00:00:00"_ba
                               << false;
        QTest::newRow("without fields always") << "[{}]"_ba << "2026-12-01 00:00:00"_ba << true;
        QTest::newRow("without intervals never") << "[]"_ba << "2026-12-01 00:00:00"_ba << false;
        QTest::newRow("one of two") << "[{years: ['2025']}, {months: ['12']}]"_ba
                                    << "2026-12-01 00:00:00"_ba << true;
    }

    void holds()
    {
        QFETCH(QByteArray, interval);
        QFETCH(QByteArray, now);
        QFETCH(bool, expected);
        const auto intervals = read(interval);
        QCOMPARE(intervals.size(), std::size_t(1));
        const std::vector<std::string> names{"i", "unknown"};
        const auto holding = alerting::holdingAt(names, intervals, utc(now));
        QCOMPARE(holding, expected ? std::vector<std::string>{"i"} : std::vector<std::string>());
    }

    void aZoneThatIsGoneMutesNothing()
    {
        config::TimeIntervalConfig interval;
        interval.location = "Nowhere/Land";
        QVERIFY(!alerting::holdsAt(interval, utc("2026-12-01 00:00:00"_ba)));
        QVERIFY(read("[{location: Nowhere/Land}]"_ba).empty());
    }
};

QTEST_GUILESS_MAIN(TestTimeIntervals)
#include "tst_time_intervals.moc"
