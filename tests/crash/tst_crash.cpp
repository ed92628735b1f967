// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/torture/torture.h"

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;

class TestCrash : public QObject {
    Q_OBJECT

private slots:
    void acknowledgedRowsSurviveKills()
    {
        const QTemporaryDir dir;
        QVERIFY(dir.isValid());
        torture::TortureOptions options;
        options.directory = dir.path().toStdString();
        options.program = {(QCoreApplication::applicationDirPath() + QStringLiteral("/crash_child"))
                               .toStdString()};
        options.kills = 50;
        options.writing = std::chrono::seconds(10);
        options.seed = 20261122;
        options.say = [](const std::string& text) { qInfo("%s", text.c_str()); };
        const auto report = torture::torture(options);
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        qInfo("%s", report->closingLine().c_str());
        QVERIFY2(report->isFine(), report->faults.empty() ? "" : report->faults.front().c_str());
        QCOMPARE(report->kills, options.kills);
        QVERIFY(report->rows > 50);
        QVERIFY(report->exemplars > 50);
        QVERIFY2(report->recoveries.back() < std::chrono::seconds(2), "reopening takes too long");
    }
};

QTEST_GUILESS_MAIN(TestCrash)
#include "tst_crash.moc"
