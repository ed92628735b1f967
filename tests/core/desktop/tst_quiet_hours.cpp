// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/quiet_hours.h"

#include <QDateTime>
#include <QTest>
#include <QTimeZone>

using namespace watchfire;
using namespace std::chrono_literals;

class TestQuietHours : public QObject {
    Q_OBJECT
private slots:
    void within_data()
    {
        QTest::addColumn<bool>("isOn");
        QTest::addColumn<int>("from"); // minutes of the day
        QTest::addColumn<int>("to");
        QTest::addColumn<QByteArray>("utc");
        QTest::addColumn<bool>("quiet"); // in Berlin
        const int evening = 22 * 60;
        const int morning = 7 * 60;
        const auto row
            = [](const char* name, bool isOn, int from, int to, const char* utc, bool quiet) {
                  QTest::newRow(name) << isOn << from << to << QByteArray(utc) << quiet;
              };
        row("at night", true, evening, morning, "2026-01-15T02:00:00Z", true);
        row("the first minute", true, evening, morning, "2026-01-15T21:00:00Z", true);
        row("the minute before", true, evening, morning, "2026-01-15T20:59:59Z", false);
        row("the last minute", true, evening, morning, "2026-01-15T05:59:59Z", true);
        row("the end", true, evening, morning, "2026-01-15T06:00:00Z", false);
        row("in summer an hour earlier", true, evening, morning, "2026-07-15T20:00:00Z", true);
        row("switched off", false, evening, morning, "2026-01-15T02:00:00Z", false);
        row("by day", true, 12 * 60, 14 * 60, "2026-01-15T12:30:00Z", true);
        row("by day, over", true, 12 * 60, 14 * 60, "2026-01-15T13:00:00Z", false);
        row("no hours at all", true, evening, evening, "2026-01-15T21:00:00Z", false);
    }
    void within()
    {
        QFETCH(bool, isOn);
        QFETCH(int, from);
        QFETCH(int, to);
        QFETCH(QByteArray, utc);
        QFETCH(bool, quiet);
        const auto at = QDateTime::fromString(QString::fromLatin1(utc), Qt::ISODate);
        QVERIFY(at.isValid());
        const QTimeZone zone("Europe/Berlin");
        if (!zone.isValid()) {
            QSKIP("SKIPPED-LOUDLY: no time zones on this machine");
        }
        QCOMPARE(desktop::isWithin({isOn, std::chrono::minutes(from), std::chrono::minutes(to)},
                                   fromUnixMs(at.toMSecsSinceEpoch()), zone),
                 quiet);
    }
};

QTEST_GUILESS_MAIN(TestQuietHours)
#include "tst_quiet_hours.moc"
