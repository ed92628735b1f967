// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/format.h"

#include <limits>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire::ui::chart;

class TestChartFormat : public QObject {
    Q_OBJECT
private slots:
    void value_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<Unit>("unit");
        QTest::addColumn<QString>("text");
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        constexpr double inf = std::numeric_limits<double>::infinity();
        QTest::newRow("zero") << 0.0 << Unit::number() << u"0"_s;
        QTest::newRow("counts have no decimals") << 12.0 << Unit::number() << u"12"_s;
        QTest::newRow("measured digits keep their zero") << 1.8 << Unit::number() << u"1.80"_s;
        QTest::newRow("below one stays a plain number") << 0.2541 << Unit::number() << u"0.254"_s;
        QTest::newRow("thousands") << 12'480.0 << Unit::number() << u"12.5 k"_s;
        QTest::newRow("rounding up changes the prefix")
            << 999'960.0 << Unit::number() << u"1.00 M"_s;
        QTest::newRow("negative, with a true minus") << -1500.0 << Unit::number() << u"−1.50 k"_s;
        QTest::newRow("tiny numbers take an exponent") << 1.2e-7 << Unit::number() << u"1.2e-07"_s;
        QTest::newRow("bytes") << 1'331'439'861.76 << Unit::bytes() << u"1.24 GiB"_s;
        QTest::newRow("whole bytes") << 512.0 << Unit::bytes() << u"512 B"_s;
        QTest::newRow("just below a prefix") << 1023.96 << Unit::bytes() << u"1.00 KiB"_s;
        QTest::newRow("bytes a second") << 83'886'080.0 << Unit::bytesPerSecond() << u"80 MiB/s"_s;
        QTest::newRow("percent") << 42.13 << Unit::percent() << u"42.1 %"_s;
        QTest::newRow("ratio") << 0.972 << Unit::ratio() << u"97.2 %"_s;
        QTest::newRow("microseconds") << 0.0000423 << Unit::seconds() << u"42.3 µs"_s;
        QTest::newRow("milliseconds") << 0.008 << Unit::seconds() << u"8 ms"_s;
        QTest::newRow("seconds") << 12.34 << Unit::seconds() << u"12.3 s"_s;
        QTest::newRow("minutes") << 95.0 << Unit::seconds() << u"1 min 35 s"_s;
        QTest::newRow("rounding up to a whole minute") << 119.7 << Unit::seconds() << u"2 min"_s;
        QTest::newRow("rounding up to the next unit") << 3599.8 << Unit::seconds() << u"1 h"_s;
        QTest::newRow("hours") << 3900.0 << Unit::seconds() << u"1 h 5 min"_s;
        QTest::newRow("days") << 266'400.0 << Unit::seconds() << u"3 d 2 h"_s;
        QTest::newRow("negative duration") << -3900.0 << Unit::seconds() << u"−1 h 5 min"_s;
        QTest::newRow("temperature") << 48.21 << Unit::celsius() << u"48.2 °C"_s;
        QTest::newRow("not a number") << nan << Unit::bytes() << u"NaN"_s;
        QTest::newRow("infinity") << inf << Unit::seconds() << u"+Inf"_s;
        QTest::newRow("minus infinity") << -inf << Unit::number() << u"−Inf"_s;
    }

    void value()
    {
        QFETCH(double, value);
        QFETCH(Unit, unit);
        QFETCH(QString, text);
        QCOMPARE(formatValue(value, unit).replace(QChar(0x202f), u' '), text);
    }

    void unitOf_data()
    {
        QTest::addColumn<QString>("metric");
        QTest::addColumn<Unit>("unit");
        QTest::newRow("bytes") << u"node_memory_free_bytes"_s << Unit::bytes();
        QTest::newRow("a counter of bytes")
            << u"node_network_receive_bytes_total"_s << Unit::bytes();
        QTest::newRow("seconds") << u"scrape_duration_seconds"_s << Unit::seconds();
        QTest::newRow("sum of seconds") << u"request_duration_seconds_sum"_s << Unit::seconds();
        QTest::newRow("ratio") << u"disk_used_ratio"_s << Unit::ratio();
        QTest::newRow("none") << u"node_load1"_s << Unit::number();
        QTest::newRow("only at the end") << u"bytes_seen"_s << Unit::number();
    }

    void unitOf()
    {
        QFETCH(QString, metric);
        QFETCH(Unit, unit);
        QCOMPARE(unitOfMetric(metric), unit);
    }
};

QTEST_GUILESS_MAIN(TestChartFormat)
#include "tst_chart_format.moc"
