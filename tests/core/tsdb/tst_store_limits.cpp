// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a store refuses, and what it does when there is no more room.
#include "tests/core/tsdb/store_opening.h"
#include "tests/core/tsdb/store_reading.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <random>
#include <sys/resource.h>

#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;

namespace {

constexpr std::int64_t startMs = 1'699'999'200'000; // a window begins at 1'699'977'600'000

Labels seriesLabels(int series)
{
    return Labels{{"__name__", "metric_" + std::to_string(series % 7)},
                  {"job", "demo"},
                  {"n", std::to_string(series)}};
}

void add(StoreBits& model, const Labels& labels, std::int64_t at, double value)
{
    model[labels.toString()][at] = std::bit_cast<std::uint64_t>(value);
}

/// No file of this process grows beyond that, as on a full disk.
class FileLimit {
public:
    explicit FileLimit(std::uint64_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        ::rlimit now = m_before;
        now.rlim_cur = std::min<::rlim_t>(bytes, now.rlim_max);
        isSet = ::setrlimit(RLIMIT_FSIZE, &now) == 0;
    }
    ~FileLimit() { ::setrlimit(RLIMIT_FSIZE, &m_before); }
    FileLimit(const FileLimit&) = delete;
    FileLimit& operator=(const FileLimit&) = delete;
    bool isSet = false;

private:
    ::rlimit m_before{};
};

} // namespace

class TestStoreLimits : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    HandClock m_clock;

    OpenOptions options() const { return byHand(*m_dir, m_clock); }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_clock.time = fromUnixMs(startMs + 864'000'000);
    }

    void aLimitRefusesNewSeriesOnly()
    {
        OpenOptions with = options();
        with.seriesLimit = 3;
        auto store = openStore(with);
        QVERIFY(store);
        auto writer = store->openGroup(Labels{{"job", "demo"}});
        QVERIFY(writer);
        for (int s = 0; s < 3; ++s) {
            QVERIFY((*writer)->position(seriesLabels(s)));
        }
        QCOMPARE(int((*writer)->position(seriesLabels(3)).error().kind), int(ErrorKind::limit));
        const std::array<double, 3> values{1, 2, 3};
        QCOMPARE((*writer)->commit({fromUnixMs(startMs), values, {}, {}, {}, {}})->newSeries,
                 std::uint64_t(3));
        QCOMPARE(int((*writer)->position(seriesLabels(4)).error().kind), int(ErrorKind::limit));
        QVERIFY((*writer)->position(seriesLabels(1)));
        store->setSeriesLimit(4);
        QVERIFY((*writer)->position(seriesLabels(4)));
    }

    void oneWriterOfAGroupAtATime()
    {
        auto store = openStore(options());
        QVERIFY(store);
        auto writer = store->openGroup(Labels{{"job", "demo"}});
        QVERIFY(writer);
        QCOMPARE(int(store->openGroup(Labels{{"job", "demo"}}).error().kind),
                 int(ErrorKind::conflict));
        writer->reset();
        QVERIFY(store->openGroup(Labels{{"job", "demo"}}));
    }

    void samplesOfTheFutureAreRefused()
    {
        auto store = openStore(options());
        QVERIFY(store);
        auto writer = store->openGroup(Labels{{"job", "demo"}});
        QVERIFY(writer);
        QVERIFY((*writer)->position(seriesLabels(0)));
        const std::array<double, 1> values{1};
        const Timestamp now = m_clock.now();
        QCOMPARE(
            (*writer)->commit({now + std::chrono::minutes(11), values, {}, {}, {}, {}})->tooNew,
            std::uint64_t(1));
        QCOMPARE((*writer)->commit({now + std::chrono::minutes(9), values, {}, {}, {}, {}})->stored,
                 std::uint64_t(1));
    }

    void aFullDiskKeepsRowsThenRefuses()
    {
        int fault = 0;
        OpenOptions with = options();
        with.commitFault = [&fault] { return fault; };
        with.heldBytesLimit = 64 << 10;
        with.ringBytes = 16 << 10;
        auto store = openStore(with);
        QVERIFY(store);
        auto writer = store->openGroup(Labels{{"job", "demo"}});
        QVERIFY(writer);
        std::vector<double> values(100);
        for (int s = 0; s < 100; ++s) {
            QVERIFY((*writer)->position(seriesLabels(s)));
        }
        StoreBits model;
        int r = 0;
        const auto commit = [&]() -> Result<storage::CommitReport> {
            const std::int64_t at = startMs + r * 15'000;
            for (int s = 0; s < 100; ++s) {
                values[size_t(s)] = r * 1.1 + s;
            }
            auto report = (*writer)->commit({fromUnixMs(at), values, {}, {}, {}, {}});
            if (report) {
                for (int s = 0; s < 100; ++s) {
                    add(model, seriesLabels(s), at, values[size_t(s)]);
                }
                ++r;
            }
            return report;
        };
        for (int i = 0; i < 10; ++i) {
            QVERIFY(commit());
        }
        QVERIFY(store->commitNow());
        QVERIFY(!store->problem());
        fault = ENOSPC;
        for (int i = 0; i < 10; ++i) {
            QVERIFY(commit());
        }
        const auto failed = store->commitNow();
        QVERIFY(!failed);
        QVERIFY2(failed.error().message.starts_with("disk full: cannot write"),
                 failed.error().message.c_str());
        QVERIFY(store->problem());
        // Rows are still taken and read, beyond what the hand-off file holds too …
        while (commit()) {
            QVERIFY(r < 1000);
        }
        // … up to the limit.
        QVERIFY(r > 60);
        QCOMPARE(int(commit().error().kind), int(ErrorKind::io));
        QCOMPARE(difference(readAll(*store), model), std::string());
        QVERIFY(!store->commitNow());
        // Once there is room, all of it is written.
        fault = 0;
        QVERIFY(store->commitNow());
        QVERIFY(!store->problem());
        QVERIFY(commit());
        QCOMPARE(difference(readAll(*store), model), std::string());
        writer->reset();
        store.reset();
        store = openStore(options());
        QVERIFY(store);
        QCOMPARE(difference(readAll(*store), model), std::string());
        QVERIFY(store->commitNow());
    }

    /// The hand-off file cannot hold the first scrape of many series: what was accepted is there
    /// all the same after the process died, which a copy of its files tells.
    void aSmallMapGrowsUnderTheWriter()
    {
        constexpr int series = 1'000;
        OpenOptions with = options();
        with.mapSize = std::uint64_t{1} << 20; // a commit's transaction alone may fill it
        with.ringBytes = std::uint64_t{8} << 20;
        auto store = openStore(with);
        QVERIFY(store);
        auto writer = store->openGroup(Labels{{"job", "demo"}});
        QVERIFY(writer);
        for (int s = 0; s < series; ++s) {
            QVERIFY((*writer)->position(seriesLabels(s)));
        }
        std::mt19937_64 random(11);
        std::vector<double> values(series);
        StoreBits model;
        const auto querier = store->querier(); // a reader does not hold it up
        for (int r = 0; r < 200; ++r) {
            const std::int64_t at = startMs + r * 15'000;
            for (int s = 0; s < series; ++s) {
                values[size_t(s)] = std::bit_cast<double>(random() >> 2);
                add(model, seriesLabels(s), at, values[size_t(s)]);
            }
            QVERIFY((*writer)->commit({fromUnixMs(at), values, {}, {}, {}, {}}));
            if (r % 50 == 49) {
                const auto done = store->commitNow();
                QVERIFY2(done, done ? "" : done.error().message.c_str());
            }
        }
        QVERIFY(!store->problem());
        QVERIFY(store->stats()->fileBytes > std::uint64_t{2} << 20);
        QCOMPARE(store->stats()->failedCommits, std::uint64_t(0));
        QCOMPARE(QString::fromStdString(difference(readAll(*store), model)), QString());
        QVERIFY(store->verify()->damage.empty());
        writer->reset();
    }

    void theClockStepsAnHour_data()
    {
        QTest::addColumn<QList<int>>("steps"); // minutes, each followed by some scrapes
        QTest::newRow("forward") << QList<int>{60};
        QTest::newRow("back") << QList<int>{-60};
        QTest::newRow("forward, and put right") << QList<int>{60, -60};
        QTest::newRow("back, and put right") << QList<int>{-60, 60};
    }
    void theClockStepsAnHour()
    {
        QFETCH(QList<int>, steps);
        auto store = openStore(options());
        QVERIFY(store);
        auto writer = store->openGroup(Labels{{"job", "demo"}});
        QVERIFY(writer);
        StoreBits model;
        int row = 0;
        const auto scrape = [&](int rows) {
            for (int r = 0; r < rows; ++r, ++row) {
                const auto first = (*writer)->position(seriesLabels(0));
                std::vector<double> values((*writer)->positions(), absentValue());
                values[*first] = row;
                // Off the grid, so that moments that come twice are other moments.
                m_clock.time += std::chrono::milliseconds(15'001);
                const auto done = (*writer)->commit({m_clock.now(), values, {}, {}, {}, {}});
                if (!done || done->stored != 1) {
                    return false;
                }
                add(model, seriesLabels(0), unixMs(m_clock.now()), row);
            }
            return true;
        };
        QVERIFY(scrape(40));
        QVERIFY(store->commitNow());
        for (const int step : steps) {
            m_clock.time += std::chrono::minutes(step);
            QVERIFY(scrape(100));
            QVERIFY(store->commitNow());
        }
        QCOMPARE(QString::fromStdString(difference(readAll(*store), model)), QString());
        QVERIFY(!store->problem());
        // And after a start, at the moment the clock says now.
        writer->reset();
        store.reset();
        store = openStore(options());
        QVERIFY(store);
        QCOMPARE(QString::fromStdString(difference(readAll(*store), model)), QString());
    }

    void aFullDiskFreesItself_data()
    {
        QTest::addColumn<bool>("saysSo"); // that little is free; a quota does not
        QTest::addColumn<double>("share"); // of the file system, for the store
        QTest::addColumn<bool>("frees");
        QTest::newRow("little is free") << true << 0.9 << true;
        QTest::newRow("commits fail") << false << 0.9 << true;
        QTest::newRow("nothing may go for want of room") << true << 0.0 << false;
    }
    void aFullDiskFreesItself()
    {
        QFETCH(bool, saysSo);
        QFETCH(double, share);
        QFETCH(bool, frees);
        constexpr std::int64_t begin = startMs - 21'600'000; // of a window
        constexpr int series = 400;
        OpenOptions with = options();
        std::atomic<bool> isFull = false;
        constexpr std::uintmax_t capacity = std::uintmax_t{1} << 40;
        with.space = [&isFull, saysSo] {
            const std::uintmax_t available = isFull && saysSo ? 0 : capacity / 2;
            return std::filesystem::space_info{capacity, available, available};
        };
        with.retention.share = share;
        auto store = openStore(with);
        QVERIFY(store);
        auto writer = store->openGroup(Labels{{"job", "demo"}});
        QVERIFY(writer);
        for (int s = 0; s < series; ++s) {
            QVERIFY((*writer)->position(seriesLabels(s)));
        }
        std::mt19937_64 random(7);
        std::vector<double> values(series);
        std::int64_t at = begin;
        int patience = 1;
        const auto commit = [&] { // each that fails has room made for the next
            for (int tries = 0; tries < patience; ++tries) {
                if (store->commitNow()) {
                    return true;
                }
            }
            return false;
        };
        const auto write = [&](int rows) {
            for (int r = 0; r < rows; ++r, at += 60'000) {
                m_clock.time = fromUnixMs(at);
                for (double& value : values) {
                    value = std::bit_cast<double>(random() >> 2); // takes all its bytes
                }
                if (!(*writer)->commit({fromUnixMs(at), values, {}, {}, {}, {}})) {
                    return false;
                }
                if (r % 100 == 99 && !commit()) {
                    return false;
                }
            }
            return true;
        };
        QVERIFY(write(4 * 480));
        QVERIFY(store->commitNow());
        QVERIFY(store->sealNow());
        QVERIFY(store->compactNow()); // no page of the file is free
        for (int i = 0; i < 5; ++i) { // but for those that commits leave
            QVERIFY(write(4));
            QVERIFY(store->commitNow());
        }
        const auto before = store->stats();
        QVERIFY(before && before->sealedWindows >= 2);
        isFull = true;
        const FileLimit limit(before->fileBytes);
        QVERIFY(limit.isSet);
        if (saysSo && frees) {
            QTRY_VERIFY(store->commitNow() && store->stats()->oldest > before->oldest);
        }
        // Half a window more than the file has room for.
        bool isWritten = write(240);
        if (!frees) {
            QVERIFY(!isWritten || !store->commitNow());
            QVERIFY(store->problem() && store->problem()->message.contains("disk full"));
            QCOMPARE(store->stats()->windows, before->windows);
            return;
        }
        if (!saysSo) {
            QVERIFY(!isWritten); // that is how it comes to be known
            const std::int64_t lost = at;
            patience = 50;
            QVERIFY(commit());
            at = lost + 60'000;
            isWritten = write(240);
        }
        QVERIFY2(isWritten, store->problem() ? store->problem()->message.c_str() : "");
        QVERIFY(commit());
        QVERIFY(!store->problem());
        const auto after = store->stats();
        QVERIFY(after->oldest > before->oldest);
        QVERIFY(after->windows >= 3); // no more went than it took
        QVERIFY(after->fileBytes <= before->fileBytes);
        QVERIFY(store->verify()->damage.empty());
    }

    void whatTheHandOffFileCannotHoldIsCommitted()
    {
        OpenOptions with = options();
        with.ringBytes = 16 << 10;
        const auto store = openStore(with);
        QVERIFY(store);
        auto writer = store->openGroup(Labels{{"job", "demo"}});
        QVERIFY(writer);
        constexpr int count = 2'000;
        std::array<double, count> values{};
        for (int s = 0; s < count; ++s) {
            QVERIFY((*writer)->position(seriesLabels(s)));
        }
        StoreBits model;
        for (int r = 0; r < 20; ++r) {
            const std::int64_t at = startMs + r * 15'000;
            for (int s = 0; s < count; ++s) {
                values[size_t(s)] = r * 1.1 + s;
                add(model, seriesLabels(s), at, values[size_t(s)]);
            }
            QVERIFY((*writer)->commit({fromUnixMs(at), values, {}, {}, {}, {}}));
            const QTemporaryDir copy;
            for (const char* const name : {"/store.mdb", "/handoff"}) {
                std::filesystem::copy_file(m_dir->path().toStdString() + name,
                                           copy.path().toStdString() + name);
            }
            OpenOptions opening = byHand(copy, m_clock);
            opening.readOnly = true;
            const auto left = openStore(opening);
            QVERIFY(left);
            QCOMPARE(difference(readAll(*left), model), std::string());
        }
    }
};

QTEST_GUILESS_MAIN(TestStoreLimits)
#include "tst_store_limits.moc"
