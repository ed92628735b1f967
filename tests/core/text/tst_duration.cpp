// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/duration.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;

class TestDuration : public QObject {
    Q_OBJECT
private slots:
    void parses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("milliseconds"); // -1: must be refused
        QTest::newRow("one unit") << "90s"_ba << qint64(90'000);
        QTest::newRow("compound") << "1h30m"_ba << qint64(5'400'000);
        QTest::newRow("ms is not m then s") << "5ms"_ba << qint64(5);
        QTest::newRow("every unit") << "1y1w1d1h1m1s1ms"_ba << qint64(32'230'861'001);
        QTest::newRow("bare zero") << "0"_ba << qint64(0);
        QTest::newRow("zero of a unit") << "0s"_ba << qint64(0);
        QTest::newRow("wrong order") << "30m1h"_ba << qint64(-1);
        QTest::newRow("unit twice") << "1h1h"_ba << qint64(-1);
        QTest::newRow("no unit") << "15"_ba << qint64(-1);
        QTest::newRow("unknown unit") << "15x"_ba << qint64(-1);
        QTest::newRow("fraction") << "1.5h"_ba << qint64(-1);
        QTest::newRow("negative") << "-1h"_ba << qint64(-1);
        QTest::newRow("space") << "1h 30m"_ba << qint64(-1);
        QTest::newRow("empty") << ""_ba << qint64(-1);
        QTest::newRow("beyond 292 years") << "293y"_ba << qint64(-1);
        QTest::newRow("digits that overflow") << "99999999999999999999s"_ba << qint64(-1);
    }

    void parses()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, milliseconds);
        const auto parsed = text::parseDuration({text.constData(), size_t(text.size())});
        QCOMPARE(parsed ? qint64(parsed->count()) : -1, milliseconds);
        if (!parsed) {
            QVERIFY(parsed.error().kind == ErrorKind::invalid && parsed.error().where.has_value());
        }
    }

    void prints_data()
    {
        QTest::addColumn<qint64>("milliseconds");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("zero") << qint64(0) << "0s"_ba;
        QTest::newRow("minutes become hours") << qint64(5'400'000) << "1h30m"_ba;
        QTest::newRow("whole week") << qint64(604'800'000) << "1w"_ba;
        QTest::newRow("8 days are no week and a day") << qint64(691'200'000) << "8d"_ba;
        QTest::newRow("year") << qint64(31'536'000'000) << "1y"_ba;
        QTest::newRow("rest in ms") << qint64(1'001) << "1s1ms"_ba;
        QTest::newRow("negative") << qint64(-60'000) << "-1m"_ba;
    }

    void prints()
    {
        QFETCH(qint64, milliseconds);
        QFETCH(QByteArray, text);
        QCOMPARE(text::formatDuration(std::chrono::milliseconds(milliseconds)), text.toStdString());
    }
};

QTEST_GUILESS_MAIN(TestDuration)
#include "tst_duration.moc"
