// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a store refuses, and what it does when there is no more room.
#include "tests/core/tsdb/store_opening.h"
#include "tests/core/tsdb/store_reading.h"

#include <array>
#include <cerrno>
#include <filesystem>

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
