// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Closed windows become blocks, and nobody who reads can tell.
#include "tests/core/tsdb/store_opening.h"
#include "tests/core/tsdb/store_reading.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <random>

#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;

namespace {

constexpr std::int64_t windowStartMs = 1'699'977'600'000; // a multiple of eight hours
constexpr std::int64_t windowMs = 28'800'000;

Labels gauge(int n, const std::string& job)
{
    return Labels{{"__name__", "gauge"}, {"job", job}, {"n", std::to_string(n)}};
}

Labels bucket(int n, const std::string& job)
{
    return Labels{
        {"__name__", "latency_bucket"}, {"job", job}, {"le", n == 9 ? "+Inf" : std::to_string(n)}};
}

} // namespace

class TestSealing : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    HandClock m_clock;
    StoreBits m_model;

    OpenOptions options() const { return byHand(*m_dir, m_clock); }

    void add(const Labels& labels, std::int64_t at, double value)
    {
        m_model[labels.toString()].try_emplace(at, std::bit_cast<std::uint64_t>(value));
    }

    /// Rows of a target: gauges of several kinds and the buckets of a histogram.
    bool scrape(Store& store, const std::string& job, std::int64_t fromMs, int rows,
                std::int64_t intervalMs)
    {
        auto writer = store.openGroup(Labels{{"job", job}});
        if (!writer) {
            return false;
        }
        std::mt19937_64 random(std::hash<std::string>{}(job));
        std::vector<double> values;
        for (int n = 0; n < 20; ++n) {
            if (!(*writer)->position(n < 10 ? gauge(n, job) : bucket(n - 10, job))) {
                return false;
            }
        }
        std::array<double, 10> counts{};
        for (int r = 0; r < rows; ++r) {
            const std::int64_t at = fromMs + r * intervalMs;
            values.clear();
            for (int n = 0; n < 10; ++n) {
                double value = double(r * n);
                if (n == 1) {
                    value = double(random() % 1000) / 8;
                } else if (n == 2 && r % 3 != 0) {
                    value = absentValue();
                } else if (n == 3) {
                    value = r % 7 == 0 ? staleMarker() : std::bit_cast<double>(random() >> 2);
                } else if (n == 4 && r > rows / 3) {
                    value = absentValue(); // ends early
                }
                values.push_back(value);
                if (!isAbsent(value)) {
                    add(gauge(n, job), at, value);
                }
            }
            double sum = 0;
            for (int n = 0; n < 10; ++n) {
                counts[size_t(n)] += double(random() % 5);
                sum += counts[size_t(n)];
                values.push_back(sum);
                add(bucket(n, job), at, sum);
            }
            if (!(*writer)->commit({fromUnixMs(at), values, {}, {}, {}, {}})) {
                return false;
            }
            if (r % 100 == 99 && !store.commitNow()) {
                return false;
            }
        }
        return true;
    }

    void forgetBefore(std::int64_t kept)
    {
        for (auto& [series, samples] : m_model) {
            samples.erase(samples.begin(), samples.lower_bound(kept));
        }
        std::erase_if(m_model, [](const auto& series) { return series.second.empty(); });
    }

    /// Everything gets into strips, and time passes until windows settle.
    bool age(Store& store)
    {
        m_clock.time += std::chrono::minutes(20);
        return store.commitNow().has_value();
    }

    QString check(Store& store) const
    {
        return QString::fromStdString(difference(readAll(store), m_model));
    }

    /// What one series reads as, against the model; empty: the same.
    QString checkSeries(storage::GroupReader& reader, std::size_t index)
    {
        storage::Column column;
        const auto times = reader.timeline();
        if (!times || !reader.read(index, column)) {
            return QStringLiteral("series %1 cannot be read").arg(index);
        }
        SeriesBits got;
        for (std::size_t entry = 0; entry < times->size(); ++entry) {
            if (column.isPresent(entry)) {
                got[(*times)[entry]] = std::bit_cast<std::uint64_t>(column.values[entry]);
            }
        }
        const std::string name = reader.labels(index).toString();
        return QString::fromStdString(difference({{name, got}}, {{name, m_model[name]}}));
    }

    /// The same for some ranges that begin and end anywhere.
    QString checkRanges(Store& store, std::int64_t from, std::int64_t to) const
    {
        std::mt19937_64 random(5);
        for (int i = 0; i < 12; ++i) {
            const auto pick
                = [&] { return from + std::int64_t(random() % std::uint64_t(to - from)); };
            const std::int64_t one = pick();
            const std::int64_t other = pick();
            const std::int64_t first = std::min(one, other);
            const std::int64_t last = std::max(one, other);
            StoreBits wanted;
            for (const auto& [series, samples] : m_model) {
                for (const auto& [at, bits] : samples) {
                    if (at >= first && at <= last) {
                        wanted[series][at] = bits;
                    }
                }
            }
            const std::string differs = difference(readAll(store, between(first, last)), wanted);
            if (!differs.empty()) {
                return QStringLiteral("%1 to %2: %3")
                    .arg(first)
                    .arg(last)
                    .arg(QString::fromStdString(differs));
            }
        }
        return {};
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_clock.time = fromUnixMs(windowStartMs + 3 * windowMs);
        m_model.clear();
    }

    void blocksReadAsStripsDid_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<qint64>("intervalMs");
        QTest::newRow("few rows") << 10 << qint64(15'000);
        QTest::newRow("exactly one segment") << 512 << qint64(15'000);
        QTest::newRow("a whole window") << 1'920 << qint64(15'000);
        QTest::newRow("over two windows") << 700 << qint64(60'000);
    }

    void blocksReadAsStripsDid()
    {
        QFETCH(int, rows);
        QFETCH(qint64, intervalMs);
        auto store = openStore(options());
        QVERIFY(store);
        for (const char* const job : {"a", "b", "c"}) {
            QVERIFY(scrape(*store, job, windowStartMs, rows, intervalMs));
        }
        QVERIFY(age(*store));
        QCOMPARE(check(*store), QString());
        const auto before = store->stats();
        QVERIFY(before);
        QVERIFY(store->sealNow());
        const auto after = store->stats();
        QVERIFY(after);
        QCOMPARE(after->sealedWindows, after->windows);
        QVERIFY(after->windows > 0);
        QCOMPARE(after->samples, before->samples);
        if (rows >= 512) {
            QVERIFY(after->chunkBytes < before->chunkBytes);
        }
        const std::int64_t end = windowStartMs + rows * intervalMs;
        QCOMPARE(check(*store), QString());
        QCOMPARE(checkRanges(*store, windowStartMs, end), QString());
        store.reset();
        store = openStore(options());
        QVERIFY(store);
        QCOMPARE(check(*store), QString());
        QCOMPARE(checkRanges(*store, windowStartMs, end), QString());
        store.reset();
        OpenOptions reading = options();
        reading.readOnly = true;
        const auto reader = openStore(reading);
        QVERIFY(reader);
        QCOMPARE(check(*reader), QString());
    }

    void seriesAreReadInAnyOrder()
    {
        auto store = openStore(options());
        QVERIFY(store);
        QVERIFY(scrape(*store, "a", windowStartMs, 1'200, 15'000));
        QVERIFY(age(*store));
        QVERIFY(store->sealNow());
        auto querier = store->querier();
        QVERIFY(querier);
        const Matcher matcher = Matcher::equal("job", "a");
        const auto readers = (*querier)->select({&matcher, 1}, always());
        QVERIFY(readers && readers->size() == 1);
        storage::GroupReader& reader = *readers->front();
        std::mt19937 random(1);
        for (int i = 0; i < 100; ++i) {
            QCOMPARE(checkSeries(reader, random() % reader.size()), QString());
        }
    }

    void lateSamplesAreMergedAndSealedAgain()
    {
        OpenOptions with = options();
        with.pushLateWindow = std::chrono::hours(48);
        auto store = openStore(with);
        QVERIFY(store);
        m_clock.time = fromUnixMs(windowStartMs + 20 * windowMs);
        QVERIFY(scrape(*store, "a", windowStartMs, 1'500, 15'000));
        QVERIFY(age(*store));
        QVERIFY(store->sealNow());
        const auto push = [&](const Labels& labels, std::int64_t at, double value) {
            auto appender = store->appender();
            if (!appender->append(0, labels, {fromUnixMs(at), {}, value, nullptr})) {
                return std::uint64_t{99};
            }
            const auto report = appender->commit();
            return report ? report->stored : 98;
        };
        // Between rows, at a row where the series has nothing, and where it has something.
        QCOMPARE(push(gauge(0, "a"), windowStartMs + 5, 77), std::uint64_t(1));
        add(gauge(0, "a"), windowStartMs + 5, 77);
        QCOMPARE(push(gauge(2, "a"), windowStartMs + 15'000, 78), std::uint64_t(1));
        add(gauge(2, "a"), windowStartMs + 15'000, 78);
        QCOMPARE(push(gauge(0, "a"), windowStartMs + 30'000, 79), std::uint64_t(0));
        // A series of its own in the same window.
        QCOMPARE(push(gauge(0, "new"), windowStartMs + 7, 80), std::uint64_t(1));
        add(gauge(0, "new"), windowStartMs + 7, 80);
        QCOMPARE(check(*store), QString());
        QVERIFY(age(*store));
        QCOMPARE(check(*store), QString());
        const auto young = store->stats();
        QVERIFY(store->sealNow());
        QCOMPARE(check(*store), QString());
        QCOMPARE(checkRanges(*store, windowStartMs, windowStartMs + windowMs), QString());
        QCOMPARE(store->stats()->samples, young->samples);
        store.reset();
        store = openStore(with);
        QVERIFY(store);
        QCOMPARE(check(*store), QString());
        // What is in a block counts when order is judged.
        QCOMPARE(push(gauge(0, "a"), windowStartMs + 45'000, 81), std::uint64_t(0));
        QCOMPARE(push(gauge(0, "a"), windowStartMs + 6, 82), std::uint64_t(1));
    }

    void histogramsAreSealedWhole()
    {
        auto store = openStore(options());
        QVERIFY(store);
        const auto histogramAt = [](int r) {
            Histogram histogram;
            histogram.schema = r < 400 ? 1 : 2;
            histogram.count = r * 6;
            histogram.sum = r * 1.5;
            histogram.positiveSpans = {{0, 2}, {1, 1}};
            histogram.positiveBuckets = {double(r), double(r * 2), double(r * 3)};
            return histogram;
        };
        constexpr int rows = 700;
        {
            auto writer = store->openGroup(Labels{{"job", "demo"}});
            QVERIFY(writer);
            QVERIFY((*writer)->position(gauge(0, "demo")));
            QVERIFY((*writer)->position(gauge(1, "demo")));
            for (int r = 0; r < rows; ++r) {
                const Timestamp at = fromUnixMs(windowStartMs + r * 15'000);
                const Histogram histogram = histogramAt(r);
                const std::array<double, 2> values{double(r), r % 10 == 0 ? 5.0 : absentValue()};
                const std::array<storage::PositionedHistogram, 1> one{{{1, at, &histogram}}};
                QVERIFY((*writer)->commit(
                    {at, values, {}, std::span(one).first(r % 10 == 0 ? 0 : 1), {}, {}}));
            }
        }
        QVERIFY(age(*store));
        QVERIFY(store->sealNow());
        auto querier = store->querier();
        QVERIFY(querier);
        const Matcher matcher = Matcher::equal("n", "1");
        constexpr int from = 505;
        const auto readers = (*querier)->select(
            {&matcher, 1}, between(windowStartMs + from * 15'000, windowStartMs + windowMs));
        QVERIFY(readers && readers->size() == 1);
        storage::Column column;
        QVERIFY((*readers)[0]->read(0, column));
        QCOMPARE(column.values.size(), std::size_t(rows - from));
        auto next = column.histograms.begin();
        for (int r = from; r < rows; ++r) {
            if (r % 10 == 0) {
                QCOMPARE(column.values[size_t(r - from)], 5.0);
                continue;
            }
            QVERIFY(next != column.histograms.end());
            QCOMPARE(next->first, std::uint32_t(r - from));
            QVERIFY(*next->second == histogramAt(r));
            ++next;
        }
    }

    void aQueryGoesOnWhileItsWindowIsSealed()
    {
        OpenOptions with = options();
        with.mapSize = std::uint64_t{4} << 20;
        auto store = openStore(with);
        QVERIFY(store);
        QVERIFY(scrape(*store, "a", windowStartMs, 300, 15'000));
        QVERIFY(age(*store));
        auto querier = store->querier();
        QVERIFY(querier);
        const Matcher matcher = Matcher::equal("job", "a");
        const auto readers = (*querier)->select({&matcher, 1}, always());
        QVERIFY(readers && readers->size() == 1);
        storage::GroupReader& reader = *readers->front();
        QCOMPARE(checkSeries(reader, 0), QString());
        QVERIFY(store->sealNow());
        QCOMPARE(checkSeries(reader, 1), QString()); // in the snapshot from before
        // The map has to grow: readers let go of their snapshots and take new ones.
        for (const char* const key : {"a", "b", "c"}) {
            QVERIFY(store->put("test", key, Bytes(std::size_t{3} << 20, 7)));
        }
        for (std::size_t i = 0; i < reader.size(); ++i) {
            QCOMPARE(checkSeries(reader, i), QString());
        }
    }

    void openWindowsAreLeftAlone()
    {
        auto store = openStore(options());
        QVERIFY(store);
        m_clock.time += std::chrono::hours(4);
        const std::int64_t from = unixMs(m_clock.time) - 3'600'000;
        QVERIFY(scrape(*store, "a", from, 200, 15'000)); // ends before the window does
        m_clock.time += std::chrono::minutes(20);
        QVERIFY(age(*store));
        QVERIFY(store->sealNow());
        const auto stats = store->stats();
        QVERIFY(stats);
        QVERIFY(stats->windows > stats->sealedWindows);
        QCOMPARE(check(*store), QString());
    }

    void windowsAreSealedByThemselves()
    {
        ThreadPool workers(2);
        OpenOptions with = options();
        with.workers = &workers;
        auto store = openStore(with);
        QVERIFY(store);
        for (const char* const job : {"a", "b", "c", "d", "e"}) {
            QVERIFY(scrape(*store, job, windowStartMs, 100, 15'000));
        }
        QVERIFY(age(*store));
        QCOMPARE(store->stats()->sealedWindows, std::uint64_t(0));
        m_clock.time += std::chrono::minutes(11);
        // Each commit makes the storage writer look.
        QTRY_VERIFY(store->commitNow() && store->stats()->sealedWindows == 1);
        QCOMPARE(check(*store), QString());
    }

    void oldWindowsAreDropped()
    {
        OpenOptions with = options();
        with.retention.time = std::chrono::hours(24);
        auto store = openStore(options());
        QVERIFY(store);
        // The first of five windows ends a day and more before the newest sample. How long ago
        // all of it was does not matter.
        m_clock.time = fromUnixMs(windowStartMs + 5'000 * windowMs);
        QVERIFY(scrape(*store, "a", windowStartMs, 200, 600'000));
        QVERIFY(age(*store));
        QCOMPARE(check(*store), QString());
        QVERIFY(store->sealNow());
        store.reset();
        store = openStore(with);
        QVERIFY(store);
        const std::int64_t kept = windowStartMs + windowMs;
        forgetBefore(kept);
        QTRY_VERIFY(store->commitNow() && check(*store).isEmpty());
        QCOMPARE(unixMs(*store->stats()->oldest), kept);
        // Not more than that, and after a restart neither.
        QVERIFY(store->commitNow());
        store.reset();
        store = openStore(with);
        QVERIFY(store);
        QCOMPARE(check(*store), QString());
        // Changed while it runs: nothing is left but the newest window.
        store->setRetention({std::chrono::milliseconds(1), 0});
        QTRY_COMPARE(store->stats()->windows, std::uint64_t(1));
        forgetBefore(windowStartMs + 4 * windowMs);
        QCOMPARE(check(*store), QString());
    }

    void theOldestGoFirstWhenTheFileIsTooLarge()
    {
        auto store = openStore(options());
        QVERIFY(store);
        m_clock.time = fromUnixMs(windowStartMs + 10 * windowMs);
        for (const char* const job : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
            QVERIFY(scrape(*store, job, windowStartMs, 500, 300'000)); // five windows and more
        }
        QVERIFY(age(*store));
        QVERIFY(store->sealNow());
        const auto before = store->stats();
        QVERIFY(before && before->windows == 6);
        store->setRetention({std::chrono::milliseconds(0), before->usedBytes});
        QTRY_VERIFY(store->stats()->usedBytes <= before->usedBytes * 8 / 10);
        for (int i = 0; i < 5; ++i) {
            QVERIFY(store->commitNow()); // the last drop ends between commits
        }
        const auto after = store->stats();
        QVERIFY(after && after->windows > 0 && after->windows < 6);
        QCOMPARE(unixMs(*after->newest), unixMs(*before->newest));
        const std::int64_t kept = windowStartMs + std::int64_t(6 - after->windows) * windowMs;
        forgetBefore(kept);
        QCOMPARE(check(*store), QString());
    }

    void theShareFollowsTheFileSystem()
    {
        OpenOptions with = options();
        std::atomic<std::uint64_t> capacity{std::uint64_t{1} << 40};
        // Enough is free all the while, so that nothing goes for want of room.
        with.space = [&capacity] {
            constexpr std::uintmax_t free = std::uintmax_t{1} << 40;
            return std::filesystem::space_info{capacity, free, free};
        };
        auto store = openStore(with);
        QVERIFY(store);
        m_clock.time = fromUnixMs(windowStartMs + 10 * windowMs);
        for (const char* const job : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
            QVERIFY(scrape(*store, job, windowStartMs, 500, 300'000));
        }
        QVERIFY(age(*store));
        QVERIFY(store->sealNow());
        const auto before = store->stats();
        QVERIFY(before && before->windows == 6);
        store->setRetention({std::chrono::milliseconds(0), 0, 0.5});
        QVERIFY(store->commitNow());
        QVERIFY(store->commitNow());
        QCOMPARE(store->stats()->windows, std::uint64_t(6));
        QCOMPARE(store->stats()->fileBytesLimit, std::uint64_t{1} << 39);
        // The file system gets smaller, and the limit with it.
        capacity = 2 * before->usedBytes;
        QCOMPARE(store->stats()->fileBytesLimit, before->usedBytes);
        m_clock.time += std::chrono::minutes(2);
        QTRY_VERIFY(store->commitNow() && store->stats()->usedBytes <= before->usedBytes * 8 / 10);
        const auto after = store->stats();
        QVERIFY(after->windows > 0 && after->windows < 6);
        // The smaller of both limits counts.
        store->setRetention({std::chrono::milliseconds(0), before->usedBytes / 2, 0.5});
        QCOMPARE(store->stats()->fileBytesLimit, before->usedBytes / 2);
        store.reset();
    }

    void aFailedSealIsTriedAgain()
    {
        OpenOptions with = options();
        std::atomic<bool> full = false; // also for a commit in the background, which may come first
        with.commitFault = [&full] { return full ? ENOSPC : 0; };
        auto store = openStore(with);
        QVERIFY(store);
        QVERIFY(scrape(*store, "a", windowStartMs, 100, 15'000));
        QVERIFY(age(*store));
        full = true;
        QVERIFY(!store->sealNow());
        full = false;
        QCOMPARE(check(*store), QString());
        QVERIFY(store->sealNow());
        QCOMPARE(store->stats()->sealedWindows, std::uint64_t(1));
        QCOMPARE(check(*store), QString());
    }
};

QTEST_GUILESS_MAIN(TestSealing)
#include "tst_sealing.moc"
