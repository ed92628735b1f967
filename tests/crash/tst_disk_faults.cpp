// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/torture/check.h"
#include "app/ctl/torture/torture.h"
#include "core/base/log.h"
#include "core/tsdb/store.h"
#include "tests/crash/check_exit.h"

#include <csignal>
#include <cstdio>
#include <map>
#include <random>
#include <sys/wait.h>

#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using crash::CheckExit;
using torture::Rows;
using torture::WriterOptions;

namespace {

constexpr int damagedCopies = 120;
constexpr std::uint64_t seed = 20261123;

QString beside(const char* name)
{
    return QCoreApplication::applicationDirPath() + QLatin1Char('/') + QLatin1String(name);
}

WriterOptions plainWriter(const QString& directory)
{
    WriterOptions writer;
    writer.directory = directory.toStdString();
    writer.from = Rows(std::size_t(writer.plan.groups) + 1, 0);
    writer.rows = 550; // past a deletion each and the end of a window
    writer.mayLead = 30;
    return writer;
}

/// Flips some bits anywhere in the file, or cuts it off.
void damage(const QString& path, std::mt19937_64& random)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    if (random() % 10 == 0) {
        QVERIFY(file.resize(qint64(random() % std::uint64_t(file.size()))));
        return;
    }
    for (auto bits = 1 + random() % 8; bits > 0; --bits) {
        const auto at = qint64(random() % std::uint64_t(file.size()));
        char byte = 0;
        QVERIFY(file.seek(at) && file.getChar(&byte) && file.seek(at));
        QVERIFY(file.putChar(char(byte ^ char(1U << random() % 8))));
    }
}

} // namespace

class TestDiskFaults : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { setLogLevel(LogLevel::error); }

    void nothingAcceptedIsLost_data()
    {
        QTest::addColumn<QByteArray>("faults");
        QTest::addColumn<bool>("goesOn"); // unaided, once the disk does
        QTest::newRow("full now and then") << "enospc,1,40,2"_ba << true;
        QTest::newRow("full at once, and once") << "enospc,2,1,1"_ba << true;
        QTest::newRow("writes fail, for good") << "eio,3,60,1000000"_ba << false;
        QTest::newRow("one write fails") << "eio,4,100,1"_ba << false;
        QTest::newRow("a sync fails") << "sync,5,20,1"_ba << false;
        QTest::newRow("a write is cut short") << "short,6,100,1"_ba << false;
    }
    void nothingAcceptedIsLost()
    {
        QFETCH(QByteArray, faults);
        QFETCH(bool, goesOn);
        const QTemporaryDir dir;
        WriterOptions writer = plainWriter(dir.filePath(QStringLiteral("store")));
        {
            // The faults are about a store in use, not about making one.
            tsdb::OpenOptions open;
            open.directory = writer.directory;
            open.ringBytes = std::uint64_t{2} << 20;
            const auto made = tsdb::Store::open(open);
            QVERIFY2(made, made ? "" : made.error().message.c_str());
        }
        writer.bearsFaults = true;
        writer.durableEvery = 40;
        writer.end = goesOn ? WriterOptions::End::closes : WriterOptions::End::waits;
        auto process = torture::WriterProcess::start(
            {beside("crash_child").toStdString()}, writer,
            {"LD_PRELOAD=" + beside("libdisk_shim.so").toStdString(),
             "WF_DISK_FAULTS=" + faults.toStdString()});
        QVERIFY2(process, process ? "" : process.error().message.c_str());
        Rows accepted(writer.from.size(), -1);
        const int status = process->await(std::chrono::seconds(goesOn ? 100 : 4), accepted);
        if (goesOn) {
            QVERIFY2(WIFEXITED(status) && WEXITSTATUS(status) == 0, "it did not go on");
            QCOMPARE(accepted, Rows(accepted.size(), writer.rows - 1));
        } else {
            QVERIFY2(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "it ended by itself");
        }
        tsdb::OpenOptions open;
        open.directory = writer.directory;
        open.commitsByTime = false;
        const auto store = tsdb::Store::open(open);
        QVERIFY2(store, store ? "" : store.error().message.c_str());
        const auto found = torture::check(**store, writer.plan, writer.from, accepted);
        QVERIFY2(found.isFine(), found.faults.empty() ? "" : found.faults.front().c_str());
        QVERIFY(found.samples > 0);
        const auto verified = (*store)->verify();
        QVERIFY2(verified && verified->damage.empty(), "something is damaged");
    }

    /// Every check runs in a process of its own, which may not end by a signal. Nothing may be
    /// shown that was not written, and nothing be missing without a word.
    void damageIsNeverShownAsData()
    {
        const QTemporaryDir dir;
        WriterOptions writer = plainWriter(dir.filePath(QStringLiteral("store")));
        writer.end = WriterOptions::End::closes;
        auto process = torture::WriterProcess::start({beside("crash_child").toStdString()}, writer);
        QVERIFY2(process, process ? "" : process.error().message.c_str());
        Rows accepted(writer.from.size(), -1);
        const int status = process->await(std::chrono::minutes(1), accepted);
        QVERIFY2(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the writer failed");

        std::mt19937_64 random(seed);
        std::map<QString, int> seen;
        for (int copy = 0; copy < damagedCopies; ++copy) {
            const QTemporaryDir folder;
            for (const char* const name : {"store.mdb", "handoff"}) {
                QVERIFY(QFile::copy(dir.filePath(QStringLiteral("store/") + QLatin1String(name)),
                                    folder.filePath(QLatin1String(name))));
            }
            damage(folder.filePath(QStringLiteral("store.mdb")), random);
            QStringList words{QStringLiteral("check"), folder.path(),
                              copy % 2 == 0 ? QStringLiteral("rw") : QStringLiteral("ro")};
            for (const std::int64_t row : accepted) {
                words << QString::number(row);
            }
            QProcess child;
            child.start(beside("crash_child"), words);
            if (!child.waitForFinished(60'000)) {
                qWarning("copy %d: %s", copy, qPrintable(child.errorString()));
            }
            QCOMPARE(child.state(), QProcess::NotRunning);
            if (child.exitStatus() == QProcess::CrashExit) {
                qWarning("copy %d: ended by a signal", copy);
                ++seen[QStringLiteral("ended by a signal")];
                continue;
            }
            const auto exit = CheckExit(child.exitCode());
            const QByteArray said = child.readAllStandardOutput();
            if (exit == CheckExit::wrong || exit == CheckExit::silentLoss) {
                qWarning("copy %d: %s", copy, said.left(1'000).constData());
            }
            ++seen[exit == CheckExit::fine             ? QStringLiteral("unharmed")
                       : exit == CheckExit::told       ? QStringLiteral("told")
                       : exit == CheckExit::refused    ? QStringLiteral("refused")
                       : exit == CheckExit::silentLoss ? QStringLiteral("missing without a word")
                                                       : QStringLiteral("wrong")];
        }
        for (const auto& [what, count] : seen) {
            qInfo("%s: %d of %d", qPrintable(what), count, damagedCopies);
        }
        QCOMPARE(seen[QStringLiteral("wrong")], 0);
        QCOMPARE(seen[QStringLiteral("missing without a word")], 0);
        QCOMPARE(seen[QStringLiteral("ended by a signal")], 0);
        QVERIFY(seen[QStringLiteral("told")] > 0);
    }
};

QTEST_GUILESS_MAIN(TestDiskFaults)
#include "tst_disk_faults.moc"
