// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/axes.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <QDateTime>
#include <QLocale>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire::ui::chart;

namespace {

double moment(const char* text, const QTimeZone& zone = QTimeZone::utc())
{
    QDateTime at = QDateTime::fromString(QString::fromLatin1(text), u"yyyy-MM-dd HH:mm:ss"_s);
    at.setTimeZone(zone);
    return double(at.toMSecsSinceEpoch());
}

QString labelsOf(const Ticks& ticks)
{
    QStringList labels;
    for (const Tick& tick : ticks) {
        labels.append(tick.label);
    }
    return labels.join(u'|').replace(QChar(0x202f), u' ').replace(QChar(0x2212), u'-');
}

} // namespace

class TestChartAxes : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void time_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<int>("most");
        QTest::addColumn<QByteArray>("zone");
        QTest::addColumn<QString>("labels");
        const auto row = [](const char* why, const char* from, const char* to, int most,
                            const char* zone, const char* labels) {
            QTest::newRow(why) << QByteArray(from) << QByteArray(to) << most << QByteArray(zone)
                               << QString::fromLatin1(labels);
        };
        row("an hour", "2026-03-10 10:07:00", "2026-03-10 11:07:00", 6, "UTC",
            "10:10|10:20|10:30|10:40|10:50|11:00");
        row("marks stand on round times whatever the start", "2026-03-10 10:07:13",
            "2026-03-10 10:07:53", 5, "UTC", "10:07:20|10:07:30|10:07:40|10:07:50");
        row("midnight names the day", "2026-03-10 22:00:00", "2026-03-11 02:00:00", 4, "UTC",
            "22:00|23:00|11 Mar|01:00|02:00");
        row("half-hour zones align to their own clock", "2026-03-10 06:00:00",
            "2026-03-10 09:00:00", 3, "Asia/Kolkata", "12:00|13:00|14:00");
        row("days at local midnight", "2026-03-10 00:00:00", "2026-03-14 00:00:00", 4, "UTC",
            "10 Mar|11 Mar|12 Mar|13 Mar|14 Mar");
        row("spring: hours stay round, the skipped one is left out", "2026-03-28 21:00:00",
            "2026-03-29 09:00:00", 6, "Europe/Berlin",
            "22:00|29 Mar|03:00|04:00|06:00|08:00|10:00");
        row("autumn: the hour that comes twice is not marked twice", "2026-10-24 20:00:00",
            "2026-10-25 08:00:00", 6, "Europe/Berlin", "22:00|25 Oct|02:00|04:00|06:00|08:00");
        row("weeks begin on Monday", "2026-03-01 00:00:00", "2026-04-01 00:00:00", 5, "UTC",
            "2 Mar|9 Mar|16 Mar|23 Mar|30 Mar");
        row("months, and new year by its number", "2025-11-15 00:00:00", "2026-04-15 00:00:00", 6,
            "UTC", "Dec|2026|Feb|Mar|Apr");
        row("years", "2020-06-01 00:00:00", "2026-06-01 00:00:00", 6, "UTC",
            "2021|2022|2023|2024|2025|2026");
        row("milliseconds", "2026-03-10 10:07:00", "2026-03-10 10:07:01", 2, "UTC",
            "10:07:00.000|10:07:00.500|10:07:01.000");
    }

    void time()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(int, most);
        QFETCH(QByteArray, zone);
        QFETCH(QString, labels);
        const QTimeZone there(zone);
        if (!there.isValid()) {
            QSKIP("SKIPPED-LOUDLY: no time zone data on this machine");
        }
        const Ticks ticks
            = timeTicks(moment(from.constData()), moment(to.constData()), most, there);
        QCOMPARE(labelsOf(ticks), labels);
    }

    void timeStaysInsideAndBounded_data()
    {
        QTest::addColumn<double>("width");
        QTest::newRow("ten milliseconds") << 10.0;
        QTest::newRow("a second") << 1e3;
        QTest::newRow("ninety seconds") << 9e4;
        QTest::newRow("five hours") << 1.8e7;
        QTest::newRow("forty hours") << 1.44e8;
        QTest::newRow("ninety days") << 7.8e9;
        QTest::newRow("seven years") << 2.2e11;
        QTest::newRow("a hundred years") << 3.1e12;
    }

    void timeStaysInsideAndBounded()
    {
        QFETCH(double, width);
        for (const char* const name : {"UTC", "America/New_York", "Australia/Lord_Howe"}) {
            const double from = moment("2026-10-03 13:37:11");
            const Ticks ticks = timeTicks(from, from + width, 8, QTimeZone(name));
            QVERIFY(!ticks.empty());
            QVERIFY(ticks.size() <= 10); // a calendar unit may be a little shorter than usual
            for (std::size_t i = 0; i < ticks.size(); ++i) {
                QVERIFY(ticks[i].at >= from && ticks[i].at <= from + width);
                QVERIFY(i == 0 || ticks[i].at > ticks[i - 1].at);
            }
        }
    }

    void emptyTimeRange()
    {
        QVERIFY(timeTicks(5, 5, 8, QTimeZone::utc()).empty());
        QVERIFY(
            timeTicks(5, std::numeric_limits<double>::quiet_NaN(), 8, QTimeZone::utc()).empty());
    }

    void values_data()
    {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<int>("most");
        QTest::addColumn<Unit>("unit");
        QTest::addColumn<QString>("labels");
        const auto row = [](const char* why, double low, double high, int most, const Unit& unit,
                            const char* labels) {
            QTest::newRow(why) << low << high << most << unit << QString::fromUtf8(labels);
        };
        row("ones", 0, 4.2, 5, Unit::number(), "0|1|2|3|4|5");
        row("halves keep their digit, whole ones need none", 0.1, 1.9, 4, Unit::number(),
            "0|0.5|1|1.5|2");
        row("below zero", -3, 3, 4, Unit::number(), "-4|-2|0|2|4");
        row("thousands", 0, 23'000, 5, Unit::number(), "0|5 k|10 k|15 k|20 k|25 k");
        row("small rates are no milli-per-second", 0, 0.02, 4, Unit::perSecond(),
            "0 /s|0.005 /s|0.01 /s|0.015 /s|0.02 /s");
        row("bytes by powers of two", 0, 6.1e9, 4, Unit::bytes(), "0 B|2 GiB|4 GiB|6 GiB");
        row("prefix changes within an axis", 0, 1.5e6, 3, Unit::bytes(),
            "0 B|512 KiB|1 MiB|1.5 MiB");
        row("percent", 0, 93, 5, Unit::percent(), "0 %|20 %|40 %|60 %|80 %|100 %");
        row("ratios are shown as percent", 0, 0.42, 5, Unit::ratio(),
            "0 %|10 %|20 %|30 %|40 %|50 %");
        row("fine ratios keep digits", 0.0, 0.004, 4, Unit::ratio(), "0 %|0.1 %|0.2 %|0.3 %|0.4 %");
        row("milliseconds", 0, 0.008, 4, Unit::seconds(), "0 s|2 ms|4 ms|6 ms|8 ms");
        row("durations step by sixties", 0, 170, 6, Unit::seconds(),
            "0 s|30 s|1 min|1 min 30 s|2 min|2 min 30 s|3 min");
        row("hours", 0, 20'000, 4, Unit::seconds(), "0 s|2 h|4 h|6 h");
        row("days", 0, 300'000, 4, Unit::seconds(), "0 s|1 d|2 d|3 d|4 d");
        row("hertz take milli", 0, 0.02, 2, Unit::hertz(), "0 Hz|10 mHz|20 mHz");
        row("one value stands in the middle", 5, 5, 4, Unit::number(), "2|4|6|8");
        row("all zero", 0, 0, 4, Unit::number(), "0|0.5|1");
    }

    void values()
    {
        QFETCH(double, low);
        QFETCH(double, high);
        QFETCH(int, most);
        QFETCH(Unit, unit);
        QFETCH(QString, labels);
        const ValueScale scale = fitValues(low, high, most, unit, false);
        QVERIFY(scale.low <= low + 1e-12);
        QVERIFY(scale.high >= high * (1 - 1e-12));
        QCOMPARE(labelsOf(scale.ticks), labels);
    }

    /// Whatever the data, the axis holds them, is not much larger, and its labels differ.
    void valuesHoldTheirData()
    {
        for (const Unit& unit : {Unit::number(), Unit::bytes(), Unit::percent(), Unit::ratio(),
                                 Unit::seconds(), Unit::hertz(), Unit::plain()}) {
            for (int exponent = -12; exponent <= 15; ++exponent) {
                for (const double factor : {1.0, 1.7, 3.3, 9.99}) {
                    const double high = factor * std::pow(10.0, exponent);
                    for (const double low : {0.0, -high, high * 0.3, high * 0.999}) {
                        const ValueScale scale = fitValues(low, high, 6, unit, false);
                        QVERIFY(scale.low <= low * (low < 0 ? 0.999999 : 1.000001));
                        QVERIFY(scale.high >= high * 0.999999);
                        QVERIFY(scale.high - scale.low <= (high - low) * 3.01);
                        QVERIFY(scale.ticks.size() >= 2 && scale.ticks.size() <= 9);
                        for (std::size_t i = 1; i < scale.ticks.size(); ++i) {
                            QVERIFY2(scale.ticks[i].label != scale.ticks[i - 1].label,
                                     qPrintable(labelsOf(scale.ticks)));
                        }
                    }
                }
            }
        }
    }

    void logarithmic_data()
    {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<QString>("labels");
        QTest::newRow("decades") << 0.5 << 20'000.0 << u"0.1|1|10|100|1 k|10 k|100 k"_s;
        QTest::newRow("few decades show 2 and 5") << 1.0 << 100.0 << u"1|2|5|10|20|50|100"_s;
        QTest::newRow("many decades are thinned") << 1.0 << 1e18 << u"1|1 k|1 M|1 G|1 T|1 P|1 E"_s;
        QTest::newRow("nothing above zero") << -5.0 << 0.0 << u"1|2|5|10"_s;
    }

    void logarithmic()
    {
        QFETCH(double, low);
        QFETCH(double, high);
        QFETCH(QString, labels);
        const ValueScale scale = fitLogarithmic(low, high, 8, Unit::number());
        QVERIFY(scale.logarithmic);
        QCOMPARE(labelsOf(scale.ticks), labels);
        QCOMPARE(scale.fromAxis(scale.toAxis(50)), 50.0);
    }

    void insideOneDecade()
    {
        const ValueScale scale = fitLogarithmic(310, 390, 5, Unit::number());
        QVERIFY(scale.ticks.size() >= 2);
        QVERIFY(scale.low > 2.4 && scale.high < 2.7);
    }
};

QTEST_GUILESS_MAIN(TestChartAxes)
#include "tst_chart_axes.moc"
