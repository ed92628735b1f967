// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/time_text.h"

#include <QDateTime>
#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace Qt::StringLiterals;

class TestTimeText : public QObject {
    Q_OBJECT

private slots:
    void moments_data()
    {
        const QDateTime now(QDate(2026, 11, 22), QTime(15, 30));
        const qint64 nowMs = now.toMSecsSinceEpoch();
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("ms"); // 0: not understood
        QTest::newRow("now") << u"now"_s << nowMs;
        QTest::newRow("ago") << u"now-6h"_s << nowMs - 6 * 3600'000;
        QTest::newRow("with spaces") << u" now - 90m "_s << nowMs - 90 * 60'000;
        QTest::newRow("ahead") << u"now+1h"_s << nowMs + 3600'000;
        QTest::newRow("today") << u"today"_s
                               << QDate(2026, 11, 22).startOfDay().toMSecsSinceEpoch();
        QTest::newRow("yesterday")
            << u"Yesterday"_s << QDate(2026, 11, 21).startOfDay().toMSecsSinceEpoch();
        QTest::newRow("a time is today's")
            << u"14:05"_s << QDateTime(QDate(2026, 11, 22), QTime(14, 5)).toMSecsSinceEpoch();
        QTest::newRow("a day") << u"2026-11-20"_s
                               << QDate(2026, 11, 20).startOfDay().toMSecsSinceEpoch();
        QTest::newRow("a day and a time")
            << u"2026-11-20 08:15"_s
            << QDateTime(QDate(2026, 11, 20), QTime(8, 15)).toMSecsSinceEpoch();
        QTest::newRow("ISO with a zone") << u"2026-11-20T08:15:00Z"_s << qint64(1795162500000);
        QTest::newRow("empty") << QString() << qint64(0);
        QTest::newRow("half typed") << u"now-"_s << qint64(0);
        QTest::newRow("no sign") << u"now6h"_s << qint64(0);
        QTest::newRow("no such day") << u"2026-02-30"_s << qint64(0);
    }
    void moments()
    {
        QFETCH(QString, text);
        QFETCH(qint64, ms);
        const QDateTime now(QDate(2026, 11, 22), QTime(15, 30));
        const auto got = parseMoment(text, fromUnixMs(now.toMSecsSinceEpoch()));
        QCOMPARE(got ? qint64(unixMs(*got)) : qint64(0), ms);
    }
};

QTEST_GUILESS_MAIN(TestTimeText)
#include "tst_time_text.moc"
