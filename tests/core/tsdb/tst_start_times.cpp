// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/salvage/salvage.h"
#include "tests/core/tsdb/store_opening.h"
#include "tests/core/tsdb/store_reading.h"

#include <array>
#include <cerrno>
#include <functional>
#include <random>

#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;

namespace {

constexpr std::int64_t startMs = 1'699'977'600'000; // a window begins
constexpr std::int64_t stepMs = 60'000; // and has 480 rows
constexpr std::int64_t windowRows = 480;

Labels labelsOf(const char* name, int number)
{
    return Labels{{"__name__", name}, {"n", std::to_string(number)}};
}

/// Start times by series and moment; 0 where none is known. Staleness markers have none.
using Starts = std::map<std::string, std::map<std::int64_t, std::int64_t>>;

Starts readStarts(storage::Queryable& store, TimeRange range = always())
{
    Starts all;
    auto querier = store.querier();
    const Matcher named = *Matcher::make(MatchType::notEqual, "__name__", "");
    auto readers = querier ? (*querier)->select({&named, 1}, range)
                           : Result<storage::GroupReaders>(std::unexpected(querier.error()));
    if (!readers) {
        all["error: " + readers.error().message] = {};
        return all;
    }
    storage::Column column;
    for (const auto& reader : *readers) {
        const auto timeline = reader->timeline();
        for (std::size_t i = 0; timeline && i < reader->size(); ++i) {
            if (!reader->read(i, column)) {
                continue;
            }
            for (std::size_t entry = 0; entry < timeline->size(); ++entry) {
                if (column.isPresent(entry) && !isStaleMarker(column.values[entry])) {
                    all[reader->labels(i).toString()][(*timeline)[entry]]
                        = column.startedAtMs.empty() ? 0 : column.startedAtMs.at(entry);
                }
            }
        }
    }
    return all;
}

std::string difference(const Starts& got, const Starts& wanted)
{
    for (const auto& [series, samples] : wanted) {
        const auto there = got.find(series);
        for (const auto& [at, start] : samples) {
            if (there == got.end() || !there->second.contains(at)) {
                return series + " lacks " + std::to_string(at);
            }
            if (there->second.at(at) != start) {
                return series + " at row " + std::to_string((at - startMs) / stepMs)
                    + " started at " + std::to_string(there->second.at(at)) + ", not "
                    + std::to_string(start);
            }
        }
        if (there->second.size() != samples.size()) {
            return series + " has " + std::to_string(there->second.size()) + " samples, not "
                + std::to_string(samples.size());
        }
    }
    for (const auto& [series, samples] : got) {
        if (!wanted.contains(series)) {
            return "stray " + series;
        }
    }
    return {};
}

/// Of a series in a row: a mix of what never starts, starts once, starts again, and is not told
/// for a while.
std::int64_t startOf(int series, std::int64_t row)
{
    const std::int64_t first = startMs - 1'000 * (series + 1);
    switch (series % 5) {
    case 0:
        return 0;
    case 1:
        return first;
    case 2:
        return first + row / 90 * 90 * stepMs;
    case 3:
        return row / 40 % 3 == 1 ? 0 : first;
    default:
        return first + row * 7; // another one each time
    }
}

} // namespace

class TestStartTimes : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    HandClock m_clock;
    Starts m_model;

    OpenOptions options() const { return byHand(*m_dir, m_clock); }

    void note(const Labels& labels, std::int64_t atMs, std::int64_t started)
    {
        m_model[labels.toString()].try_emplace(atMs, started);
    }

    /// A row of a target: 60 series, some of which are silent at times, a histogram, and a line
    /// with a timestamp of its own.
    bool scrape(storage::GroupWriter& writer, std::int64_t row)
    {
        constexpr int series = 60;
        const std::int64_t atMs = startMs + row * stepMs;
        std::vector<double> values;
        std::vector<storage::PositionedStart> starts;
        const auto place = [&](const Labels& labels) {
            const auto position = writer.position(labels);
            if (position && values.size() <= *position) {
                values.resize(*position + 1, absentValue());
            }
            return position.value_or(0);
        };
        for (int s = 0; s < series; ++s) {
            const bool isSilent = s >= 30 && row / 70 % 2 == 1;
            const bool isStale = s >= 30 && row % 140 == 70;
            if (isSilent && !isStale) {
                continue;
            }
            const Labels labels = labelsOf("scraped", s);
            const auto position = place(labels);
            values[position] = isStale ? staleMarker() : double(row * s);
            if (!isStale) {
                note(labels, atMs, startOf(s, row));
                starts.push_back({position, fromUnixMs(startOf(s, row))});
            }
        }
        Histogram histogram;
        histogram.count = double(row);
        const Labels whole = labelsOf("histogram", 0);
        const std::array histograms{storage::PositionedHistogram{
            place(whole), fromUnixMs(atMs), &histogram, fromUnixMs(startOf(2, row))}};
        note(whole, atMs, startOf(2, row));
        const Labels own = labelsOf("timed", 0);
        const std::array timed{storage::PositionedSample{place(own), fromUnixMs(atMs - 7), 1,
                                                         fromUnixMs(startOf(2, row))}};
        note(own, atMs - 7, startOf(2, row));
        std::ranges::reverse(starts); // in any order
        m_clock.time = fromUnixMs(atMs);
        return writer.commit({fromUnixMs(atMs), values, timed, histograms, {}, {}, starts})
            .has_value();
    }

    /// Few of many pushed series, a late one among them, and one of the target's.
    bool push(Store& store, std::int64_t row)
    {
        const auto appender = store.appender();
        const auto add = [&](const Labels& labels, std::int64_t atMs, std::int64_t started) {
            note(labels, atMs, started);
            return appender
                ->append(0, labels, {fromUnixMs(atMs), fromUnixMs(started), double(row), nullptr})
                .has_value();
        };
        const std::int64_t atMs = startMs + row * stepMs;
        for (int s = 0; s < 4; ++s) { // all of them every time: dense
            if (!add(labelsOf("dense", s), atMs, startOf(s, row))) {
                return false;
            }
        }
        const int few = int(row % 25);
        bool done = add(labelsOf("sparse", few).with("job", "other"), atMs, startOf(few, row))
            && add(labelsOf("sparse", few + 25).with("job", "other"), atMs, startOf(few, row));
        if (row > 12) { // late, in a row of its own or into one that is there
            done = done
                && add(labelsOf("late", few % 3), atMs - 10 * stepMs - few % 2, startOf(few, row));
        }
        return done && add(labelsOf("scraped", 0), atMs + 3, startOf(4, row)) && appender->commit();
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_clock.time = fromUnixMs(startMs);
        m_model.clear();
    }

    void theyComeBack()
    {
        bool isDying = false;
        OpenOptions with = options();
        with.commitFault = [&] { return isDying ? EIO : 0; };
        auto store = openStore(with);
        QVERIFY(store);
        auto writer = store->openGroup(Labels{{"job", "demo"}});
        QVERIFY(writer);
        for (std::int64_t row = 0; row < windowRows + 60; ++row) {
            QVERIFY(scrape(**writer, row));
            QVERIFY(push(*store, row));
            if (row % 9 == 0) {
                QVERIFY(store->commitNow());
            }
            if (row % 107 == 50) {
                QCOMPARE(difference(readStarts(*store), m_model), std::string());
                // Every other time the process dies with what was not committed.
                isDying = row % 2 == 0;
                writer->reset();
                store.reset();
                isDying = false;
                store = openStore(with);
                QVERIFY(store);
                QCOMPARE(difference(readStarts(*store), m_model), std::string());
                writer = store->openGroup(Labels{{"job", "demo"}});
                QVERIFY(writer);
            }
        }
        QVERIFY(store->commitNow());
        m_clock.time = fromUnixMs(startMs + 2 * windowRows * stepMs);
        QVERIFY(store->sealNow());
        QVERIFY(store->windows()->front().isSealed);
        QCOMPARE(difference(readStarts(*store), m_model), std::string());
        // What comes later is merged with what is sealed: by query, and then in the blocks.
        {
            const auto history = store->importer();
            for (int n = 0; n < 5; ++n) {
                const Labels labels = labelsOf("scraped", n);
                const std::int64_t atMs = startMs + (100 + n) * stepMs + 11;
                note(labels, atMs, 4'000 + n);
                QVERIFY(history->append(0, labels,
                                        {fromUnixMs(atMs), fromUnixMs(4'000 + n), 1, nullptr}));
            }
            QVERIFY(history->commit());
        }
        QCOMPARE(difference(readStarts(*store), m_model), std::string());
        QVERIFY(store->commitNow());
        m_clock.time = fromUnixMs(startMs + 3 * windowRows * stepMs);
        QVERIFY(store->sealNow());
        QCOMPARE(difference(readStarts(*store), m_model), std::string());
        // In a range that cuts segments and strips.
        const TimeRange range = between(startMs + 77 * stepMs, startMs + 501 * stepMs);
        Starts part;
        for (const auto& [series, samples] : m_model) {
            for (const auto& [at, start] : samples) {
                if (fromUnixMs(at) >= range.from && fromUnixMs(at) <= range.to) {
                    part[series][at] = start;
                }
            }
        }
        QCOMPARE(difference(readStarts(*store, range), part), std::string());
        // What is left after a deletion.
        const TimeRange gone = between(startMs, startMs + 99 * stepMs);
        QVERIFY(store->deleteSamples({{Matcher::equal("__name__", "scraped")}}, gone));
        QVERIFY(store->sealNow());
        for (auto& [series, samples] : m_model) {
            if (series.contains("scraped")) {
                std::erase_if(samples,
                              [&](const auto& one) { return fromUnixMs(one.first) <= gone.to; });
            }
        }
        QCOMPARE(difference(readStarts(*store), m_model), std::string());
        QVERIFY(store->verify()->damage.empty());

        // And what is read of the file when it is damaged.
        writer->reset();
        store.reset();
        const QTemporaryDir second;
        OpenOptions other = byHand(second, m_clock);
        const auto brought = openStore(other);
        QVERIFY(brought);
        QVERIFY(salvage(with.directory / "store.mdb", *brought));
        const Starts salvaged = readStarts(*brought);
        const auto& wanted = m_model[labelsOf("dense", 2).toString()];
        QVERIFY(wanted.size() > windowRows);
        for (const auto& [at, start] : wanted) {
            QCOMPARE(salvaged.at(labelsOf("dense", 2).toString()).at(at), start);
        }
    }

    /// Bytes a sample of a sealed window, where none, all or the counters of a target tell when
    /// they started.
    void whatTheyCost_data()
    {
        QTest::addColumn<int>("every"); // so many series tell; 0: none
        QTest::addColumn<double>("most"); // bytes a sample more than without
        QTest::newRow("none") << 0 << 0.0;
        QTest::newRow("all") << 1 << 0.03;
        QTest::newRow("one of four") << 4 << 0.01;
    }
    void whatTheyCost()
    {
        QFETCH(int, every);
        QFETCH(double, most);
        constexpr int series = 64;
        const auto bytesOf = [&](int tells) {
            init();
            const auto store = openStore(options());
            const auto writer = store->openGroup(Labels{{"job", "demo"}});
            std::vector<storage::PositionedStart> starts;
            for (int s = 0; s < series; ++s) { // buckets of a histogram, chained in blocks
                const auto position = (*writer)->position(
                    Labels{{"__name__", "b"}, {"le", std::to_string(100 + s)}});
                if (tells != 0 && s % tells == 0) {
                    starts.push_back({*position, fromUnixMs(startMs - 1'234'567)});
                }
            }
            std::mt19937_64 random(7);
            std::vector<double> values(series);
            for (int row = 0; row < windowRows; ++row) {
                double sum = 0;
                for (double& value : values) {
                    sum += double(random() % 5);
                    value += sum;
                }
                m_clock.time = fromUnixMs(startMs + row * stepMs);
                if (!(*writer)->commit({m_clock.now(), values, {}, {}, {}, {}, starts})) {
                    return -1.0;
                }
            }
            m_clock.time = fromUnixMs(startMs + 2 * windowRows * stepMs);
            if (!store->commitNow() || !store->sealNow()) {
                return -1.0;
            }
            const WindowStats window = store->windows()->front();
            return window.isSealed ? double(window.bytes) / double(window.samples) : -1.0;
        };
        const double plain = bytesOf(0);
        const double told = bytesOf(every);
        QVERIFY(plain > 0 && told > 0);
        QVERIFY2(told - plain <= most, qPrintable(QString::number(told - plain)));
        QVERIFY(every == 0 || told > plain);
    }
};

QTEST_GUILESS_MAIN(TestStartTimes)
#include "tst_start_times.moc"
