// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/tsdb/store_opening.h"
#include "tests/core/tsdb/store_reading.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <filesystem>
#include <functional>
#include <random>
#include <thread>

#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;

namespace {

constexpr std::int64_t startMs = 1'699'999'200'000; // a window begins at 1'699'977'600'000

Labels seriesLabels(int series, const char* job = "demo")
{
    return Labels{{"__name__", "metric_" + std::to_string(series % 7)},
                  {"job", job},
                  {"n", std::to_string(series)}};
}

void add(StoreBits& model, const Labels& labels, std::int64_t at, double value)
{
    model[labels.toString()][at] = std::bit_cast<std::uint64_t>(value);
}

/// Whoever looks at it in another thread first does something else.
struct InterruptedClock final : Clock {
    std::function<void()> interrupt; ///< set while nobody looks
    std::thread::id own = std::this_thread::get_id();
    mutable std::atomic<bool> isBusy{false};
    Timestamp now() const override
    {
        if (std::this_thread::get_id() != own && interrupt && !isBusy.exchange(true)) {
            interrupt();
            isBusy = false;
        }
        return fromUnixMs(startMs);
    }
};

} // namespace

class TestStore : public QObject {
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

    /// Index and groups are committed, the journal is not; the ring holds it all still.
    void aCommitCutShortKeepsPositions()
    {
        constexpr int stable = 100;
        constexpr int passing = 20; // enough of them to be dropped from the layout
        constexpr int rowsBefore = 1'500; // so many that the commit takes several transactions
        constexpr int rowsAfter = 18; // so that the last strip began with other positions
        bool isCutShort = false;
        int commits = 0;
        OpenOptions with = options();
        with.ringBytes = std::uint64_t{8} << 20;
        with.commitFault = [&] { return isCutShort && commits++ > 0 ? EIO : 0; };
        StoreBits model;
        {
            auto store = openStore(with);
            QVERIFY(store);
            auto writer = store->openGroup(Labels{{"job", "demo"}});
            QVERIFY(writer);
            std::mt19937_64 random(5);
            std::vector<Labels> series;
            std::vector<storage::Position> positions;
            std::uint64_t version = 0;
            for (int r = 0; r < rowsBefore + rowsAfter; ++r) {
                const std::int64_t at = startMs + r * 60'000;
                m_clock.time = fromUnixMs(at);
                if (r == 0 || r == rowsBefore || version != (*writer)->layoutVersion()) {
                    version = (*writer)->layoutVersion();
                    series.clear();
                    positions.clear();
                    for (int s = 0; s < stable + passing; ++s) {
                        const bool passes = s >= stable && r >= rowsBefore;
                        series.push_back(seriesLabels(passes ? s + passing : s));
                        const auto position = (*writer)->position(series.back());
                        QVERIFY(position);
                        positions.push_back(*position);
                    }
                }
                std::vector<double> values((*writer)->positions(), absentValue());
                for (std::size_t s = 0; s < series.size(); ++s) {
                    values[positions[s]] = static_cast<double>(random());
                    model[series[s].toString()][at]
                        = std::bit_cast<std::uint64_t>(values[positions[s]]);
                }
                QVERIFY((*writer)->commit({fromUnixMs(at), values, {}, {}, {}, {}}));
            }
            isCutShort = true;
            QVERIFY(!store->commitNow());
            QCOMPARE(commits, 2);
        }
        isCutShort = false;
        auto store = openStore(with);
        QVERIFY(store);
        QCOMPARE(difference(readAll(*store), model), std::string());
    }

    /// The ring is too small for the frames that make them, and a commit stops half way.
    void groupsOfStoredSeriesAreThere_data()
    {
        QTest::addColumn<int>("transactions");
        for (const int transactions : {1, 2}) { // the first makes the store
            QTest::addRow("%d", transactions) << transactions;
        }
    }
    void groupsOfStoredSeriesAreThere()
    {
        QFETCH(int, transactions);
        constexpr int series = 6'000; // so many that a commit takes several transactions
        int left = transactions;
        OpenOptions with = options();
        with.ringBytes = 16 << 10;
        with.commitFault = [&] { return left-- > 0 ? 0 : EIO; };
        const std::vector<double> values(series, 7);
        const auto commitRow = [&](Store& store, std::int64_t at) {
            auto writer = store.openGroup(Labels{{"job", "demo"}});
            for (int s = 0; s < series; ++s) {
                if (const auto placed = (*writer)->position(seriesLabels(s)); !placed) {
                    return placed.error().message;
                }
            }
            const auto stored = (*writer)->commit({fromUnixMs(at), values, {}, {}, {}, {}});
            return stored ? std::string() : stored.error().message;
        };
        {
            auto store = openStore(with);
            QVERIFY(store);
            commitRow(*store, startMs);
            QVERIFY(store->problem());
        }
        with.commitFault = {};
        auto store = openStore(with);
        QVERIFY(store);
        QCOMPARE(commitRow(*store, startMs + 60'000), std::string());
        const StoreBits bits = readAll(*store, between(startMs + 60'000, startMs + 60'000));
        QCOMPARE(bits.size(), std::size_t(series));
    }

    void rowsAreReadAsWritten_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("series");
        QTest::addColumn<qint64>("intervalMs");
        QTest::addColumn<int>("commitEvery"); // 0: never
        QTest::addColumn<bool>("reopens");
        QTest::newRow("head only") << 20 << 50 << qint64(15'000) << 0 << false;
        QTest::newRow("head, after a restart from the ring")
            << 20 << 50 << qint64(15'000) << 0 << true;
        QTest::newRow("journal and ring") << 25 << 50 << qint64(15'000) << 10 << true;
        QTest::newRow("strips and head") << 200 << 50 << qint64(15'000) << 9 << false;
        QTest::newRow("strips, journal and ring") << 203 << 50 << qint64(15'000) << 9 << true;
        QTest::newRow("one series") << 300 << 1 << qint64(15'000) << 7 << true;
        QTest::newRow("64-row strips at 1 s") << 400 << 20 << qint64(1'000) << 50 << true;
        QTest::newRow("over window boundaries") << 150 << 10 << qint64(600'000) << 11 << true;
        QTest::newRow("many series, several extents") << 70 << 700 << qint64(15'000) << 8 << true;
    }

    void rowsAreReadAsWritten()
    {
        QFETCH(int, rows);
        QFETCH(int, series);
        QFETCH(qint64, intervalMs);
        QFETCH(int, commitEvery);
        QFETCH(bool, reopens);
        StoreBits model;
        auto store = openStore(options());
        QVERIFY(store);
        {
            auto writer = store->openGroup(Labels{{"job", "demo"}, {"instance", "a"}});
            QVERIFY(writer);
            std::mt19937_64 random(7);
            std::vector<double> values(size_t(series), absentValue());
            for (int s = 0; s < series; ++s) {
                const auto position = (*writer)->position(seriesLabels(s));
                QVERIFY(position);
                QCOMPARE(*position, storage::Position(s));
            }
            std::uint64_t newSeries = 0;
            for (int r = 0; r < rows; ++r) {
                const std::int64_t at = startMs + r * intervalMs;
                std::uint64_t present = 0;
                for (int s = 0; s < series; ++s) {
                    double value = absentValue();
                    switch (s % 5) {
                    case 0:
                        value = double(r * 10 + s);
                        break;
                    case 1:
                        value = double(random() % 1000) / 8;
                        break;
                    case 2: // NaNs keep their payload
                        value = r % 6 == 5 ? std::bit_cast<double>(0x7FF8'0000'0000'1234ULL)
                            : r % 6 == 4   ? staleMarker()
                                           : double(s);
                        break;
                    case 3:
                        value = r % 3 == 0 ? absentValue() : std::bit_cast<double>(random());
                        break;
                    case 4:
                        value = r % 2 == 0 ? -0.0 : double(INFINITY);
                        break;
                    }
                    if (isHistogramMarker(value) || isAbsent(value)) {
                        value = absentValue();
                    } else {
                        add(model, seriesLabels(s), at, value);
                        ++present;
                    }
                    values[size_t(s)] = value;
                }
                const auto report = (*writer)->commit({fromUnixMs(at), values, {}, {}, {}, {}});
                QVERIFY2(report, report ? "" : report.error().message.c_str());
                QCOMPARE(report->stored, present);
                newSeries += report->newSeries;
                if (commitEvery != 0 && r % commitEvery == commitEvery - 1) {
                    const auto committed = store->commitNow();
                    QVERIFY2(committed, committed ? "" : committed.error().message.c_str());
                }
            }
            QCOMPARE(newSeries, std::uint64_t(series));
        }
        QCOMPARE(difference(readAll(*store), model), std::string());
        if (reopens) {
            store.reset();
            store = openStore(options());
            QVERIFY(store);
            QCOMPARE(difference(readAll(*store), model), std::string());
            QVERIFY(store->commitNow());
            QCOMPARE(difference(readAll(*store), model), std::string());
        }
        const auto stats = store->stats();
        QVERIFY(stats);
        std::uint64_t samples = 0;
        for (const auto& [name, points] : model) {
            samples += points.size();
        }
        QCOMPARE(stats->samples, samples);
        QCOMPARE(stats->series, std::uint64_t(series));
        QCOMPARE(unixMs(*stats->oldest), startMs);
        QCOMPARE(unixMs(*stats->newest), startMs + (rows - 1) * intervalMs);
    }

    /// Samples one by one, in and out of order, over commits and restarts, against the rules
    /// written down plainly.
    void orderIsJudgedPerSeries_data()
    {
        QTest::addColumn<int>("seed");
        QTest::addColumn<qint64>("lateWindowMs");
        QTest::addColumn<qint64>("spanMs"); // how far apart times may be
        for (int seed = 1; seed <= 4; ++seed) {
            QTest::addRow("no late samples taken, seed %d", seed)
                << seed << qint64(0) << qint64(3'600'000);
            QTest::addRow("late within 30 min, seed %d", seed)
                << seed << qint64(1'800'000) << qint64(3'600'000);
            QTest::addRow("late over windows, seed %d", seed)
                << seed << qint64(86'400'000) << qint64(100'000'000);
        }
    }

    void orderIsJudgedPerSeries()
    {
        QFETCH(int, seed);
        QFETCH(qint64, lateWindowMs);
        QFETCH(qint64, spanMs);
        std::mt19937_64 random{std::uint64_t(seed)};
        OpenOptions with = options();
        with.pushLateWindow = std::chrono::milliseconds(lateWindowMs);
        auto store = openStore(with);
        QVERIFY(store);
        StoreBits model;
        std::map<std::string, std::int64_t> newest;
        std::int64_t base = startMs;
        for (int round = 0; round < 60; ++round) {
            auto appender = store->appender();
            storage::CommitReport wanted;
            base += std::int64_t(random() % std::uint64_t(spanMs / 60));
            const int samples = 1 + int(random() % 40);
            // The report counts by the state before the commit, sample by sample in time order.
            std::map<std::string, std::map<std::int64_t, double>> staged;
            for (int i = 0; i < samples; ++i) {
                const int series = int(random() % 12);
                const Labels labels = seriesLabels(series, series % 2 == 0 ? "even" : "odd");
                // A coarse grid, so that moments meet.
                std::int64_t at = base - std::int64_t(random() % std::uint64_t(spanMs / 4));
                at -= at % 15'000;
                const auto value = double(random() % 3);
                const auto ref = appender->append(0, labels, {fromUnixMs(at), {}, value, nullptr});
                QVERIFY(ref);
                auto& moments = staged[labels.toString()];
                if (const auto there = moments.find(at); there != moments.end()) {
                    ++(there->second == value ? wanted.duplicates : wanted.conflicts);
                } else {
                    moments.emplace(at, value);
                }
            }
            for (const auto& [name, moments] : staged) {
                for (const auto& [at, value] : moments) {
                    const auto bits = std::bit_cast<std::uint64_t>(value);
                    auto& series = model[name];
                    const auto last = newest.find(name);
                    if (last == newest.end() || at > last->second) {
                        newest[name] = at;
                        series[at] = bits;
                        ++wanted.stored;
                    } else if (at != last->second && last->second - at >= lateWindowMs) {
                        ++wanted.tooOld;
                    } else if (const auto there = series.find(at); there != series.end()) {
                        ++(there->second == bits ? wanted.duplicates : wanted.conflicts);
                    } else {
                        series[at] = bits;
                        ++wanted.stored;
                    }
                }
            }
            const auto report = appender->commit();
            QVERIFY2(report, report ? "" : report.error().message.c_str());
            QCOMPARE(report->stored, wanted.stored);
            QCOMPARE(report->duplicates, wanted.duplicates);
            QCOMPARE(report->conflicts, wanted.conflicts);
            QCOMPARE(report->tooOld, wanted.tooOld);
            appender.reset();
            const int what = int(random() % 10);
            if (what == 0) {
                QVERIFY(store->commitNow());
            } else if (what == 1) {
                store.reset();
                store = openStore(with);
                QVERIFY(store);
            } else if (what == 2) { // strips and late rows are closed by age
                m_clock.time += std::chrono::minutes(20);
                QVERIFY(store->commitNow());
                m_clock.time += std::chrono::minutes(20);
            }
            if (round % 10 == 9) {
                QCOMPARE(difference(readAll(*store), model), std::string());
            }
        }
        const std::int64_t middle = base - spanMs / 4;
        StoreBits part;
        for (const auto& [name, series] : model) {
            for (const auto& [at, bits] : series) {
                if (at >= middle && at <= base) {
                    part[name][at] = bits;
                }
            }
        }
        QCOMPARE(difference(readAll(*store, between(middle, base)), part), std::string());
    }

    void silentSeriesLoseTheirPlaceAndComeBack()
    {
        auto store = openStore(options());
        QVERIFY(store);
        auto writer = store->openGroup(Labels{{"job", "demo"}});
        QVERIFY(writer);
        constexpr int series = 100;
        std::vector<double> values(series);
        for (int s = 0; s < series; ++s) {
            QVERIFY((*writer)->position(seriesLabels(s)));
        }
        StoreBits model;
        for (int r = 0; r < 300; ++r) {
            const std::int64_t at = startMs + r * 15'000;
            for (int s = 0; s < series; ++s) {
                // Half of them are silent for a hundred rows, and speak again.
                const bool silent = s % 2 == 0 && r >= 80 && r < 180;
                values[size_t(s)] = silent ? absentValue() : double(r + s);
                if (!silent) {
                    add(model, seriesLabels(s), at, double(r + s));
                }
            }
            QVERIFY((*writer)->commit({fromUnixMs(at), values, {}, {}, {}, {}}));
            if (r % 13 == 0) {
                QVERIFY(store->commitNow());
            }
            if (r == 170 || r == 200) { // while renumbered; and again with a new writer
                QCOMPARE(difference(readAll(*store), model), std::string());
                writer->reset();
                store.reset();
                store = openStore(options());
                QVERIFY(store);
                QCOMPARE(difference(readAll(*store), model), std::string());
                writer = store->openGroup(Labels{{"job", "demo"}});
                QVERIFY(writer);
                for (int s = 0; s < series; ++s) {
                    const auto position = (*writer)->position(seriesLabels(s));
                    QVERIFY(position);
                    QCOMPARE(*position, storage::Position(s));
                }
            }
        }
        QCOMPARE(difference(readAll(*store), model), std::string());
        QCOMPARE(store->stats()->series, std::uint64_t(series));
    }

    void aSeriesBelongsToItsFirstGroup()
    {
        auto store = openStore(options());
        QVERIFY(store);
        auto first = store->openGroup(Labels{{"job", "first"}});
        auto second = store->openGroup(Labels{{"job", "second"}});
        QVERIFY(first && second);
        StoreBits model;
        for (int s = 0; s < 10; ++s) {
            QVERIFY((*first)->position(seriesLabels(s)));
        }
        std::vector<double> values(10, 1);
        for (int s = 0; s < 10; ++s) {
            add(model, seriesLabels(s), startMs, 1);
        }
        QVERIFY((*first)->commit({fromUnixMs(startMs), values, {}, {}, {}, {}}));
        // The second group writes five of them and five of its own.
        for (int s = 5; s < 15; ++s) {
            const auto position = (*second)->position(seriesLabels(s));
            QVERIFY(position);
            QCOMPARE(*position, storage::Position(s - 5));
        }
        for (int r = 1; r < 50; ++r) {
            const std::int64_t at = startMs + r * 15'000;
            for (int i = 0; i < 10; ++i) {
                values[size_t(i)] = r * 100 + i;
                add(model, seriesLabels(i + 5), at, r * 100 + i);
            }
            const auto report = (*second)->commit({fromUnixMs(at), values, {}, {}, {}, {}});
            QVERIFY(report);
            QCOMPARE(report->stored, std::uint64_t(10));
        }
        QCOMPARE(difference(readAll(*store), model), std::string());
        first->reset();
        second->reset();
        store.reset();
        store = openStore(options());
        QVERIFY(store);
        QCOMPARE(difference(readAll(*store), model), std::string());
    }

    void linesWithTimestampsOfTheirOwn()
    {
        auto store = openStore(options());
        QVERIFY(store);
        StoreBits model;
        for (int part = 0; part < 2; ++part) {
            auto writer = store->openGroup(Labels{{"job", "demo"}});
            QVERIFY(writer);
            for (int s = 0; s < 6; ++s) {
                QVERIFY((*writer)->position(seriesLabels(s)));
            }
            for (int r = 0; r < 40; ++r) {
                const std::int64_t at = startMs + (part * 40 + r) * 15'000;
                std::vector<double> values(6, absentValue());
                std::vector<storage::PositionedSample> timed;
                for (int s = 0; s < 6; ++s) {
                    if (s < 3) {
                        values[size_t(s)] = r;
                        add(model, seriesLabels(s), at, r);
                    } else { // two share a moment, one has its own
                        const std::int64_t own = at - (s == 5 ? 7'000 : 3'000);
                        timed.push_back({storage::Position(s), fromUnixMs(own), double(r * s)});
                        add(model, seriesLabels(s), own, r * s);
                    }
                }
                const auto report = (*writer)->commit({fromUnixMs(at), values, timed, {}, {}, {}});
                QVERIFY(report);
                QCOMPARE(report->stored, std::uint64_t(6));
                // The same moment again says nothing new.
                const auto again = (*writer)->commit({fromUnixMs(at), {}, timed, {}, {}, {}});
                QVERIFY(again);
                QCOMPARE(again->stored, std::uint64_t(0));
                QCOMPARE(again->duplicates, std::uint64_t(3));
            }
            writer->reset();
            store.reset();
            store = openStore(options());
            QVERIFY(store);
            QCOMPARE(difference(readAll(*store), model), std::string());
        }
        QVERIFY(store->commitNow());
        QCOMPARE(store->stats()->groups, std::uint64_t(3));
    }

    void theClockStepsBack()
    {
        auto store = openStore(options());
        QVERIFY(store);
        auto writer = store->openGroup(Labels{{"job", "demo"}});
        QVERIFY(writer && (*writer)->position(seriesLabels(0)));
        StoreBits model;
        const auto scrape = [&](std::int64_t at, double value) {
            m_clock.time = fromUnixMs(at);
            const std::array<double, 1> values{value};
            const auto report = *(*writer)->commit({fromUnixMs(at), values, {}, {}, {}, {}});
            if (report.stored == 1) {
                add(model, seriesLabels(0), at, value);
            }
            return report;
        };
        for (int i = 0; i < 40; ++i) {
            QCOMPARE(scrape(startMs + i * 15'000, i).stored, std::uint64_t(1));
        }
        // An hour back, forward again by scrapes, and on.
        const std::int64_t back = startMs + 39 * 15'000 - 3'600'000 + 7;
        for (int i = 0; i < 300; ++i) {
            QCOMPARE(scrape(back + i * 15'000, 1'000 + i).stored, std::uint64_t(1));
        }
        QCOMPARE(difference(readAll(*store), model), std::string());
        // Forward by an hour: nothing to be late.
        QCOMPARE(scrape(back + 300 * 15'000 + 3'600'000, 5).stored, std::uint64_t(1));
        writer->reset();
        store.reset();
        store = openStore(options());
        QVERIFY(store);
        QCOMPARE(difference(readAll(*store), model), std::string());
    }

    void scrapeRowsOutOfOrder()
    {
        OpenOptions with = options();
        auto store = openStore(with);
        QVERIFY(store);
        auto writer = store->openGroup(Labels{{"job", "demo"}});
        QVERIFY(writer);
        QVERIFY((*writer)->position(seriesLabels(0)));
        QVERIFY((*writer)->position(seriesLabels(1)));
        const auto commit = [&](std::int64_t at, double a, double b) {
            const std::array<double, 2> values{a, b};
            return *(*writer)->commit({fromUnixMs(at), values, {}, {}, {}, {}});
        };
        QCOMPARE(commit(startMs, 1, absentValue()).stored, std::uint64_t(1));
        QCOMPARE(commit(startMs + 30'000, 2, absentValue()).stored, std::uint64_t(1));
        // The clock stepped back: the second series has nothing there yet, the first has.
        const auto back = commit(startMs + 15'000, 3, 4);
        QCOMPARE(back.stored, std::uint64_t(1));
        QCOMPARE(back.tooOld, std::uint64_t(1));
        // The newest moment again: same, other, and one that fills a gap.
        const auto again = commit(startMs + 30'000, 2, 5);
        QCOMPARE(again.duplicates, std::uint64_t(1));
        QCOMPARE(again.stored, std::uint64_t(1));
        QCOMPARE(commit(startMs + 30'000, 7, absentValue()).conflicts, std::uint64_t(1));
        // All of it is kept count of.
        const auto pusher = store->appender();
        QVERIFY(pusher->append(0, seriesLabels(0), {fromUnixMs(startMs), {}, 1, nullptr}));
        QCOMPARE(pusher->commit()->duplicates, std::uint64_t(1));
        const storage::CommitReport all = store->stats()->outcomes;
        QCOMPARE(all.stored, std::uint64_t(4));
        QCOMPARE(all.duplicates, std::uint64_t(2));
        QCOMPARE(all.conflicts, std::uint64_t(1));
        QCOMPARE(all.tooOld, std::uint64_t(1));
        QCOMPARE(all.newSeries, std::uint64_t(2));
        StoreBits model;
        add(model, seriesLabels(0), startMs, 1);
        add(model, seriesLabels(0), startMs + 30'000, 2);
        add(model, seriesLabels(1), startMs + 15'000, 4);
        add(model, seriesLabels(1), startMs + 30'000, 5);
        QCOMPARE(difference(readAll(*store), model), std::string());
        // With a late window set while running, late rows are taken.
        store->setLateWindows(std::chrono::minutes(30), std::chrono::minutes(1));
        QCOMPARE(commit(startMs + 15'000, 3, absentValue()).stored, std::uint64_t(1));
        add(model, seriesLabels(0), startMs + 15'000, 3);
        QCOMPARE(difference(readAll(*store), model), std::string());
        writer->reset();
        store.reset();
        store = openStore(with);
        QVERIFY(store);
        QCOMPARE(difference(readAll(*store), model), std::string());
    }

    void histogramsComeBackWhole()
    {
        auto store = openStore(options());
        QVERIFY(store);
        const auto histogramAt = [](int r) {
            Histogram histogram;
            histogram.schema = 1;
            histogram.count = r * 6;
            histogram.sum = r * 1.5;
            histogram.positiveSpans = {{0, 2}, {1, 1}};
            histogram.positiveBuckets = {double(r), double(r * 2), double(r * 3)};
            return histogram;
        };
        {
            auto writer = store->openGroup(Labels{{"job", "demo"}});
            QVERIFY(writer);
            QVERIFY((*writer)->position(seriesLabels(0)));
            QVERIFY((*writer)->position(seriesLabels(1)));
            for (int r = 0; r < 80; ++r) {
                const Timestamp at = fromUnixMs(startMs + r * 15'000);
                const Histogram histogram = histogramAt(r);
                const std::array<double, 2> values{double(r), absentValue()};
                const std::array<storage::PositionedHistogram, 1> histograms{{{1, at, &histogram}}};
                const auto report = (*writer)->commit({at, values, {}, histograms, {}, {}});
                QVERIFY(report);
                QCOMPARE(report->stored, std::uint64_t(2));
                if (r == 50) {
                    QVERIFY(store->commitNow());
                }
            }
        }
        for (int pass = 0; pass < 2; ++pass) {
            {
                auto querier = store->querier();
                QVERIFY(querier);
                const Matcher matcher = Matcher::equal("n", "1");
                const auto readers = (*querier)->select({&matcher, 1}, always());
                QVERIFY(readers);
                QCOMPARE(readers->size(), std::size_t(1));
                storage::Column column;
                QVERIFY((*readers)[0]->read(0, column));
                QCOMPARE(column.histograms.size(), std::size_t(80));
                for (int r = 0; r < 80; ++r) {
                    QCOMPARE(column.histograms[size_t(r)].first, std::uint32_t(r));
                    QVERIFY(*column.histograms[size_t(r)].second == histogramAt(r));
                }
            }
            store.reset();
            store = openStore(options());
            QVERIFY(store);
        }
    }

    void aQueryKeepsItsSnapshot()
    {
        auto store = openStore(options());
        QVERIFY(store);
        auto writer = store->openGroup(Labels{{"job", "demo"}});
        QVERIFY(writer);
        QVERIFY((*writer)->position(seriesLabels(0)));
        const auto commit = [&](int r) {
            const std::array<double, 1> values{double(r)};
            return (*writer)
                ->commit({fromUnixMs(startMs + r * 15'000), values, {}, {}, {}, {}})
                .has_value();
        };
        for (int r = 0; r < 40; ++r) {
            QVERIFY(commit(r));
        }
        auto querier = store->querier();
        QVERIFY(querier);
        const Matcher matcher = Matcher::equal("n", "0");
        const auto before = (*querier)->select({&matcher, 1}, always());
        QVERIFY(before);
        // Meanwhile rows come, strips end and are committed.
        for (int r = 40; r < 200; ++r) {
            QVERIFY(commit(r));
            if (r % 30 == 0) {
                QVERIFY(store->commitNow());
            }
        }
        const auto after = (*querier)->select({&matcher, 1}, always());
        QVERIFY(after);
        storage::Column column;
        for (const auto* readers : {&*before, &*after}) {
            QCOMPARE(readers->size(), std::size_t(1));
            QCOMPARE((*readers)[0]->timeline()->size(), std::size_t(40));
            QVERIFY((*readers)[0]->read(0, column));
            QCOMPARE(column.values.size(), std::size_t(40));
            for (int r = 0; r < 40; ++r) {
                QCOMPARE(column.values[size_t(r)], double(r));
            }
        }
        QCOMPARE(readAll(*store).begin()->second.size(), std::size_t(200));
    }

    void labelsAreFoundBeforeAndAfterTheCommit()
    {
        auto store = openStore(options());
        QVERIFY(store);
        auto writer = store->openGroup(Labels{{"job", "demo"}});
        QVERIFY(writer);
        std::vector<double> values;
        for (int s = 0; s < 30; ++s) {
            QVERIFY((*writer)->position(seriesLabels(s)));
            values.push_back(s);
        }
        QVERIFY((*writer)->commit({fromUnixMs(startMs), values, {}, {}, {}, {}}));
        const std::vector<Matcher> some{Matcher::equal("__name__", "metric_3"),
                                        *Matcher::make(MatchType::regex, "n", "1.*")};
        for (const char* when : {"pending", "committed", "reopened"}) {
            auto querier = store->querier();
            QVERIFY(querier);
            const auto names = (*querier)->labelNames({}, always());
            QVERIFY2(names, when);
            QCOMPARE(*names, (std::vector<std::string>{"__name__", "job", "n"}));
            const auto all = (*querier)->labelValues("__name__", {}, always());
            QVERIFY(all);
            QCOMPARE(all->size(), std::size_t(7));
            const auto few = (*querier)->labelValues("n", some, always());
            QVERIFY(few);
            QCOMPARE(*few, (std::vector<std::string>{"10", "17"}));
            const auto series = (*querier)->series(some, always());
            QVERIFY(series);
            QCOMPARE(series->size(), std::size_t(2));
            QCOMPARE((*series)[0].toString(), seriesLabels(10).toString());
            QCOMPARE((*querier)->series(some, between(0, startMs - 1))->size(), std::size_t(0));
            QCOMPARE((*querier)->labelNames(some, always())->size(), std::size_t(3));
            querier->reset();
            if (std::string_view(when) == "pending") {
                QVERIFY(store->commitNow());
            } else {
                writer->reset();
                store.reset();
                store = openStore(options());
                QVERIFY(store);
            }
        }
    }

    void stateIsDurableAndListed()
    {
        auto store = openStore(options());
        QVERIFY(store);
        QVERIFY(store->put("silences", "b", asBytes("two")));
        QVERIFY(store->put("silences", "a", asBytes("one")));
        QVERIFY(store->put("silence", "z", asBytes("another domain")));
        QVERIFY(store->put("silences", "b", asBytes("three")));
        QVERIFY(store->remove("silences", "missing"));
        for (int pass = 0; pass < 2; ++pass) {
            const auto list = store->list("silences");
            QVERIFY(list);
            QCOMPARE(list->size(), std::size_t(2));
            QCOMPARE((*list)[0].first, std::string("a"));
            QCOMPARE(std::string(asText((*list)[1].second)), std::string("three"));
            QCOMPARE(std::string(asText(**store->get("silences", "a"))), std::string("one"));
            QVERIFY(!store->get("silences", "c")->has_value());
            store.reset();
            store = openStore(options());
            QVERIFY(store);
        }
        QVERIFY(store->remove("silences", "a"));
        QCOMPARE(store->list("silences")->size(), std::size_t(1));
        QCOMPARE(int(store->put("", "a", {}).error().kind), int(ErrorKind::invalid));
        QCOMPARE(int(store->put("x", std::string(600, 'k'), {}).error().kind),
                 int(ErrorKind::invalid));
    }

    void metadataOfFamilies()
    {
        auto store = openStore(options());
        QVERIFY(store);
        {
            auto writer = store->openGroup(Labels{{"job", "demo"}});
            QVERIFY(writer);
            QVERIFY((*writer)->position(seriesLabels(0)));
            const std::vector<FamilyMetadata> metadata{
                {"metric_b", {MetricType::gauge, "What b is.", ""}},
                {"metric_a", {MetricType::counter, "What a is.", "seconds"}}};
            const std::array<double, 1> values{1};
            QVERIFY((*writer)->commit({fromUnixMs(startMs), values, {}, {}, {}, metadata}));
            auto appender = store->appender();
            appender->setMetadata("metric_c", {MetricType::summary, "c", ""});
            QVERIFY(appender->commit());
        }
        for (int pass = 0; pass < 3; ++pass) {
            const auto list = store->metadata();
            QVERIFY(list);
            QCOMPARE(list->size(), std::size_t(3));
            QCOMPARE((*list)[0].family, std::string("metric_a"));
            QCOMPARE((*list)[0].metadata.unit, std::string("seconds"));
            QCOMPARE((*list)[2].metadata.help, std::string("c"));
            if (pass == 0) {
                store.reset(); // the second pass reads what the closing wrote
                store = openStore(options());
                QVERIFY(store);
            } else {
                QVERIFY(store->commitNow());
            }
        }
    }

    void aCommitIsAllThatCameBeforeOneMoment()
    {
        // Rows come in while a commit gathers what there is. Without the hand-off ring, as after
        // a power cut, the store is what it was at one moment: no row without what came earlier.
        InterruptedClock clock;
        OpenOptions with = byHand(*m_dir, clock);
        with.aheadLimit = {};
        with.pushLateWindow = std::chrono::hours(1);
        auto store = openStore(with);
        QVERIFY(store);
        std::int64_t row = 0;
        const auto push = [&](int series, std::int64_t at) {
            const auto appender = store->appender();
            return appender->append(0, seriesLabels(series), {fromUnixMs(at), {}, 1, nullptr})
                && appender->commit();
        };
        const auto pushStrip = [&] {
            bool isFine = true;
            for (int i = 0; i < 70; ++i, ++row) { // more than a strip has
                isFine = isFine && push(0, startMs + row * 1'000);
                isFine = isFine && (i != 5 || push(1, startMs + row * 1'000 - 2'500));
            }
            return isFine;
        };
        QVERIFY(push(1, startMs));
        QVERIFY(pushStrip());
        for (int commit = 0; commit < 3; ++commit) {
            clock.interrupt = [&] { QVERIFY(pushStrip()); };
            QVERIFY(store->commitNow());
            clock.interrupt = {};
            const QTemporaryDir copy;
            const std::filesystem::path to = copy.path().toStdString();
            for (const auto& file : std::filesystem::directory_iterator(with.directory)) {
                if (file.path().extension() == ".mdb") {
                    std::filesystem::copy_file(file.path(), to / file.path().filename());
                }
            }
            OpenOptions after = with;
            after.directory = to;
            const auto left = openStore(after);
            QVERIFY(left);
            const StoreBits bits = readBits(*left, {});
            const auto rows = bits.find(seriesLabels(0).toString());
            const auto late = bits.find(seriesLabels(1).toString());
            QVERIFY(rows != bits.end() && late != bits.end());
            QVERIFY(rows->second.size() < std::size_t(row)); // some came too late for it
            for (const auto& [at, value] : rows->second) {
                if ((at - startMs) / 1'000 % 70 == 6) {
                    QVERIFY(late->second.contains(at - 3'500));
                }
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestStore)
#include "tst_store.moc"
