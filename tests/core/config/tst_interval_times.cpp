// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/interval_times.h"

#include <chrono>
#include <string>

#include <QTest>

using namespace watchfire;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

using config::IntervalRange;
using config::NamedIntervalsConfig;
using config::TimeIntervalConfig;

Timestamp utc(int year, unsigned month, unsigned day, std::chrono::minutes time)
{
    return std::chrono::sys_days(std::chrono::year(year) / int(month) / int(day)) + time;
}

TimeIntervalConfig during(std::vector<IntervalRange> times, const std::string& zone = {},
                          TimeIntervalConfig::Ranges weekdays = std::nullopt)
{
    TimeIntervalConfig out;
    out.times = std::move(times);
    out.location = zone;
    out.weekdays = std::move(weekdays);
    return out;
}

} // namespace

/// When time intervals next begin or end. That they hold is tst_time_intervals' matter.
class TestIntervalTimes : public QObject {
    Q_OBJECT

private slots:
    void changesNext_data()
    {
        QTest::addColumn<NamedIntervalsConfig>("named");
        QTest::addColumn<qint64>("now");
        QTest::addColumn<qint64>("next"); // 0: within no year
        const auto row = [](const char* name, std::vector<TimeIntervalConfig> intervals,
                            Timestamp now, std::optional<Timestamp> next) {
            QTest::newRow(name) << NamedIntervalsConfig{"n", std::move(intervals)}
                                << qint64(unixMs(now))
                                << (next ? qint64(unixMs(*next)) : qint64(0));
        };
        const auto night = during({{22 * 60, 1440}, {0, 7 * 60}});
        row("begins today", {night}, utc(2026, 11, 30, 21h), utc(2026, 11, 30, 22h));
        row("over midnight it does not change", {night}, utc(2026, 11, 30, 23h),
            utc(2026, 12, 1, 7h));
        row("the moment itself is past", {night}, utc(2026, 11, 30, 22h), utc(2026, 12, 1, 7h));
        row("as clocks show it in winter",
            {during({{22 * 60, 1440}, {0, 7 * 60}}, "Europe/Berlin")}, utc(2026, 11, 30, 20h),
            utc(2026, 11, 30, 21h));
        row("and in summer", {during({{22 * 60, 1440}, {0, 7 * 60}}, "Europe/Berlin")},
            utc(2026, 7, 1, 18h), utc(2026, 7, 1, 20h));
        // On 2026-03-29 clocks in Berlin go from 02:00 to 03:00, at 01:00 UTC.
        row("an end that clocks skip", {during({{60, 150}}, "Europe/Berlin")},
            utc(2026, 3, 29, 30min), utc(2026, 3, 29, 1h));
        // On 2026-10-25 they go from 03:00 back to 02:00, at 01:00 UTC.
        row("an hour that comes twice ends", {during({{120, 150}}, "Europe/Berlin")},
            utc(2026, 10, 25, 10min), utc(2026, 10, 25, 30min));
        row("and begins again", {during({{120, 150}}, "Europe/Berlin")}, utc(2026, 10, 25, 30min),
            utc(2026, 10, 25, 1h));
        // 2026-11-30 is a Monday.
        row("at the weekend", {during({{0, 1440}}, {}, std::vector{IntervalRange{6, 6}})},
            utc(2026, 11, 30, 12h), utc(2026, 12, 5, 0h));
        TimeIntervalConfig january;
        january.months = std::vector{IntervalRange{1, 1}};
        row("far away", {january}, utc(2026, 2, 1, 0h), utc(2027, 1, 1, 0h));
        row("always", {TimeIntervalConfig()}, utc(2026, 2, 1, 0h), std::nullopt);
        row("never", {}, utc(2026, 2, 1, 0h), std::nullopt);
        row("in two zones, the first of both",
            {during({{0, 60}}, "Pacific/Auckland"), during({{0, 60}}, "America/Los_Angeles")},
            utc(2026, 11, 30, 8h + 30min), utc(2026, 11, 30, 9h));
    }
    void changesNext()
    {
        QFETCH(NamedIntervalsConfig, named);
        QFETCH(qint64, now);
        QFETCH(qint64, next);
        const auto found = config::nextChange(named, fromUnixMs(now));
        QCOMPARE(found ? qint64(unixMs(*found)) : qint64(0), next);
        if (found) {
            QVERIFY(config::holdsAt(named, *found) != config::holdsAt(named, fromUnixMs(now)));
            QCOMPARE(config::holdsAt(named, *found - 1s), config::holdsAt(named, fromUnixMs(now)));
        }
    }
};

QTEST_GUILESS_MAIN(TestIntervalTimes)
#include "tst_interval_times.moc"
