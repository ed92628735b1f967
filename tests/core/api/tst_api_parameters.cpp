// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/parameters.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::api;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 refused = std::numeric_limits<qint64>::min();

std::string_view view(const QByteArray& bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

} // namespace

class TestApiParameters : public QObject {
    Q_OBJECT
private slots:
    void times_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("ms");
        QTest::newRow("seconds") << "1700001800"_ba << qint64(1'700'001'800'000);
        QTest::newRow("fraction") << "1700001800.123"_ba << qint64(1'700'001'800'123);
        QTest::newRow("rounded to the millisecond") << "1.0006"_ba << qint64(1'001);
        QTest::newRow("before the epoch") << "-5.5"_ba << qint64(-5'500);
        QTest::newRow("exponent") << "1.7e9"_ba << qint64(1'700'000'000'000);
        QTest::newRow("UTC") << "2023-11-14T22:13:20Z"_ba << qint64(1'700'000'000'000);
        QTest::newRow("fraction and offset")
            << "2023-11-14T23:43:20.5+01:00"_ba << qint64(1'700'001'800'500);
        QTest::newRow("west of Greenwich")
            << "2023-11-14T14:13:20-08:00"_ba << qint64(1'700'000'000'000);
        QTest::newRow("nanoseconds are cut")
            << "2023-11-14T22:13:20.123456789Z"_ba << qint64(1'700'000'000'123);
        QTest::newRow("leap day") << "2024-02-29T00:00:00Z"_ba << qint64(1'709'164'800'000);
        QTest::newRow("no such day") << "2023-02-29T00:00:00Z"_ba << refused;
        QTest::newRow("no zone") << "2023-11-14T22:13:20"_ba << refused;
        QTest::newRow("date only") << "2023-11-14"_ba << refused;
        QTest::newRow("a word") << "yesterday"_ba << refused;
        QTest::newRow("empty") << ""_ba << refused;
        QTest::newRow("not a number") << "NaN"_ba << refused;
        QTest::newRow("infinite") << "Inf"_ba << refused;
        QTest::newRow("beyond all time") << "1e300"_ba << refused;
        QTest::newRow("something behind it") << "2023-11-14T22:13:20Zx"_ba << refused;
    }

    void times()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, ms);
        const auto at = parseTime(view(text));
        QCOMPARE(at ? qint64(unixMs(*at)) : refused, ms);
    }

    void steps_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("ms");
        QTest::newRow("seconds") << "60"_ba << qint64(60'000);
        QTest::newRow("fraction") << "2.5"_ba << qint64(2'500);
        QTest::newRow("duration") << "1h30m"_ba << qint64(5'400'000);
        QTest::newRow("a word") << "soon"_ba << refused;
        QTest::newRow("empty") << ""_ba << refused;
        QTest::newRow("overflow") << "1e10"_ba << refused;
    }

    void steps()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, ms);
        const auto step = parseStep(view(text));
        QCOMPARE(step ? qint64(step->count()) : refused, ms);
    }

    void limits_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("count");
        QTest::newRow("absent") << ""_ba << qint64(0);
        QTest::newRow("number") << "12"_ba << qint64(12);
        QTest::newRow("zero is none") << "0"_ba << qint64(0);
        QTest::newRow("negative") << "-1"_ba << refused;
        QTest::newRow("a word") << "x"_ba << refused;
        QTest::newRow("fraction") << "1.5"_ba << refused;
    }

    void limits()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, count);
        const auto limit = parseLimit(view(text));
        QCOMPARE(limit ? qint64(*limit) : refused, count);
    }

    void names_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("plain") << "job"_ba << "job"_ba;
        QTest::newRow("dots") << "U__label_2e_with_2e_dots"_ba << "label.with.dots"_ba;
        QTest::newRow("underscore doubled") << "U__a__b"_ba << "a_b"_ba;
        QTest::newRow("beyond ASCII") << "U___fc_"_ba << "ü"_ba;
        QTest::newRow("four bytes") << "U___1f525_"_ba << "🔥"_ba;
        QTest::newRow("not closed stays") << "U__a_2e"_ba << "U__a_2e"_ba;
        QTest::newRow("no digits stays") << "U__a_xy_"_ba << "U__a_xy_"_ba;
        QTest::newRow("surrogate stays") << "U__a_d800_"_ba << "U__a_d800_"_ba;
        QTest::newRow("underscore at the end stays") << "U__a_"_ba << "U__a_"_ba;
    }

    void names()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, name);
        QCOMPARE(QByteArray::fromStdString(unescapeName(view(text))), name);
    }

    void printsTimes()
    {
        QCOMPARE(formatTime(fromUnixMs(1'700'000'000'000)), "2023-11-14T22:13:20Z");
        QCOMPARE(formatTime(fromUnixMs(1'700'000'000'120)), "2023-11-14T22:13:20.12Z");
        QCOMPARE(formatTime({}), "0001-01-01T00:00:00Z");
    }
};

QTEST_GUILESS_MAIN(TestApiParameters)
#include "tst_api_parameters.moc"
