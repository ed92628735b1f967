// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Another process reads the store and takes its time, as `watchfirectl tsdb dump | less` does.
#include "core/tsdb/store.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;

namespace {

constexpr int series = 20;
constexpr int rows = 50;
constexpr std::size_t stateBytes = 256 * 1024;

} // namespace

class TestSlowReader : public QObject {
    Q_OBJECT

    /// Writes the same few pages anew, and again. How much larger the file gets by that.
    static std::int64_t growth(tsdb::Store& store)
    {
        const Bytes value(stateBytes, 7);
        const auto before = store.stats()->fileBytes;
        for (int i = 0; i < 40; ++i) {
            if (!store.put("test", "large", value)) {
                return -1;
            }
        }
        return std::int64_t(store.stats()->fileBytes - before);
    }

private slots:
    void doesNotHoldPagesBack_data()
    {
        QTest::addColumn<int>("ageMs"); // of its transactions
        QTest::addColumn<bool>("holds");
        QTest::newRow("its transactions end") << 100 << false;
        QTest::newRow("were they to live, the file would grow") << 3'600'000 << true;
    }
    void doesNotHoldPagesBack()
    {
        QFETCH(int, ageMs);
        QFETCH(bool, holds);
        const QTemporaryDir folder;
        tsdb::OpenOptions options;
        options.directory = folder.path().toStdString();
        options.commitsByTime = false;
        options.ringBytes = std::uint64_t{1} << 20;
        const auto store = tsdb::Store::open(options);
        QVERIFY2(store, store ? "" : store.error().message.c_str());
        const auto history = (*store)->importer();
        for (int n = 0; n < series; ++n) {
            for (int r = 0; r < rows; ++r) {
                const Labels labels{{"__name__", "metric"}, {"n", std::to_string(n)}};
                QVERIFY(history->append(
                    0, labels, {fromUnixMs(1'700'000'000'000 + r * 1'000), {}, double(r), {}}));
            }
        }
        QVERIFY(history->commit());
        QVERIFY((*store)->commitNow());
        QVERIFY(growth(**store) >= 0);
        QCOMPARE(growth(**store), std::int64_t(0)); // alone, it has all the pages it needs

        QProcess reader;
        reader.start(QCoreApplication::applicationDirPath() + u"/crash_child"_s,
                     {u"read"_s, folder.path(), QString::number(ageMs)});
        QVERIFY(reader.waitForStarted());
        while (!reader.canReadLine()) {
            QVERIFY2(reader.waitForReadyRead(20'000), "it does not read");
        }
        QCOMPARE(reader.readLine(), "reading\n"_ba);
        // Nobody reads its output or gives it input: it stands.
        QElapsedTimer since;
        since.start();
        std::int64_t grown = 0;
        int rounds = 0;
        do {
            grown = growth(**store);
            ++rounds;
        } while (holds ? rounds < 5 && grown > 0 : grown > 0 && !since.hasExpired(20'000));
        if (holds) {
            QVERIFY2(grown >= std::int64_t(20 * stateBytes), "nothing was held back: no test");
        } else {
            QCOMPARE(grown, std::int64_t(0));
            QCOMPARE(growth(**store), std::int64_t(0)); // and it stays so
        }
        QCOMPARE(reader.state(), QProcess::Running);
        reader.closeWriteChannel();
        QVERIFY(reader.waitForFinished(20'000));
        QCOMPARE(reader.readAllStandardOutput(), QByteArray::number(series * rows) + " samples\n");
        QCOMPARE(reader.exitCode(), 0);
    }
};

QTEST_GUILESS_MAIN(TestSlowReader)
#include "tst_slow_reader.moc"
