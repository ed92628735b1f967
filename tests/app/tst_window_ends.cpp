// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program/child.h"
#include "tests/support/qt_test.h"

#include <csignal>

#include <QCoreApplication>
#include <QTemporaryDir>

using namespace watchfire::tests;
using namespace Qt::StringLiterals;

/// A window that goes on collecting when it is closed must not keep the program from ending.
class TestWindowEnds : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    bool start(Child& child, const QStringList& flags)
    {
        return child.start(QCoreApplication::applicationDirPath() + u"/watchfire"_s,
                           QStringList{u"--profile"_s, m_dir.filePath(u"profile"_s),
                                       u"--no-first-run"_s, u"--listen"_s, u"127.0.0.1:0"_s}
                               + flags);
    }

private slots:
    void afterItsTime()
    {
        Child child;
        QVERIFY(start(child, {u"--for"_s, u"1"_s}));
        QCOMPARE(child.exitCode(60'000), std::optional(0));
    }

    void whenItIsTold_data()
    {
        QTest::addColumn<int>("number");
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGINT") << SIGINT;
    }

    void whenItIsTold()
    {
        QFETCH(int, number);
        Child child;
        QVERIFY(start(child, {}));
        QVERIFY2(!child.waitFor(u"listening on (\\S+)"_s, 60'000).isEmpty(), child.output());
        child.signal(number);
        QCOMPARE(child.exitCode(60'000), std::optional(0));
    }

    void afterItsPicture()
    {
        Child child;
        QVERIFY(start(child,
                      {u"--screenshot"_s, m_dir.filePath(u"window.png"_s), u"--after"_s, u"1"_s,
                       u"--quit"_s}));
        QCOMPARE(child.exitCode(60'000), std::optional(0));
        QVERIFY(QFileInfo(m_dir.filePath(u"window.png"_s)).size() > 1'000);
    }
};

QTEST_GUILESS_MAIN(TestWindowEnds)
#include "tst_window_ends.moc"
