// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/format.h"

#include <limits>

#include <QLocale>
#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// Units stand behind a no-break space.
QString plain(QString text)
{
    return text.replace(QChar(0x00a0), u' ');
}

} // namespace

class TestUiFormat : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void values_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("zero") << 0.0 << u"0"_s;
        QTest::newRow("whole numbers keep all digits") << 1234567.0 << u"1,234,567"_s;
        QTest::newRow("fraction without trailing zeros") << 0.5 << u"0.5"_s;
        QTest::newRow("about six digits") << 3.14159265 << u"3.14159"_s;
        QTest::newRow("large fraction") << 12345.678 << u"12,345.7"_s;
        QTest::newRow("tiny") << 0.0000123 << u"1.230e-05"_s;
        QTest::newRow("negative") << -2.5 << u"-2.5"_s;
        QTest::newRow("infinity") << std::numeric_limits<double>::infinity() << u"+Inf"_s;
        QTest::newRow("not a number") << std::numeric_limits<double>::quiet_NaN() << u"NaN"_s;
    }
    void values()
    {
        QFETCH(double, value);
        QFETCH(QString, text);
        QCOMPARE(valueText(value), text);
    }

    void bytes()
    {
        QCOMPARE(plain(bytesText(0)), u"0 B"_s);
        QCOMPARE(plain(bytesText(1023)), u"1,023 B"_s);
        QCOMPARE(plain(bytesText(1536)), u"1.5 KiB"_s);
        QCOMPARE(plain(bytesText(1.2 * 1024 * 1024 * 1024)), u"1.2 GiB"_s);
    }

    void durations()
    {
        QCOMPARE(plain(durationText(350us)), u"350 µs"_s);
        QCOMPARE(plain(durationText(8ms)), u"8 ms"_s);
        QCOMPARE(plain(durationText(1240ms)), u"1.24 s"_s);
        QCOMPARE(plain(durationText(12'500us)), u"12.5 ms"_s);
        QCOMPARE(plain(durationText(100ms)), u"100 ms"_s);
    }

    void spans_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("seconds") << qint64(42) << u"42 s"_s;
        QTest::newRow("a few minutes keep their seconds") << qint64(130) << u"2 min 10 s"_s;
        QTest::newRow("more minutes do not") << qint64(14 * 60 + 20) << u"14 min"_s;
        QTest::newRow("hours") << qint64(2 * 3600 + 5 * 60) << u"2 h 5 min"_s;
        QTest::newRow("a whole hour") << qint64(3600) << u"1 h"_s;
        QTest::newRow("days") << qint64(3 * 86400 + 4 * 3600) << u"3 d 4 h"_s;
        QTest::newRow("negative is nothing") << qint64(-5) << u"0 s"_s;
    }
    void spans()
    {
        QFETCH(qint64, seconds);
        QFETCH(QString, text);
        QCOMPARE(plain(spanText(std::chrono::seconds(seconds))), text);
    }

    void ages()
    {
        const Timestamp now = fromUnixMs(1'700'000'000'000);
        QCOMPARE(agoText({}, now), u"never"_s);
        QCOMPARE(plain(agoText(now - 4s, now)), u"4 s ago"_s);
        QCOMPARE(plain(agoText(now - 200ms, now)), u"just now"_s);
        QCOMPARE(plain(agoText(now - 130s, now)), u"2 min ago"_s);
        QVERIFY2(agoText(now + 3s, now) == u"just now"_s, "clocks may differ a little");
    }

    void labels()
    {
        const Labels set{{"job", "node"}, {"mode", "a\"b"}, {"instance", "x"}};
        constexpr std::array<std::string_view, 1> without{"job"};
        QCOMPARE(labelsText(set, without), u"instance=\"x\", mode=\"a\"b\""_s);
    }
};

QTEST_GUILESS_MAIN(TestUiFormat)
#include "tst_ui_format.moc"
