// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/memory_store.h"

#include <array>

#include <QTest>

using namespace watchfire;
using namespace watchfire::storage;

namespace {

constexpr TimeRange everything{fromUnixMs(0), fromUnixMs(1'000'000)};

SampleView at(std::int64_t ms, double value)
{
    return {.at = fromUnixMs(ms), .startedAt = {}, .value = value, .histogram = nullptr};
}

Matchers named(std::string name)
{
    return {Matcher::equal("__name__", std::move(name))};
}

/// Every float sample of the group's series, as (ms, value).
std::vector<std::pair<std::int64_t, double>> read(GroupReader& reader, std::size_t index)
{
    Column column;
    const auto timeline = reader.timeline();
    if (!timeline || !reader.read(index, column)) {
        return {};
    }
    std::vector<std::pair<std::int64_t, double>> samples;
    for (std::size_t i = 0; i < timeline->size(); ++i) {
        if (column.isPresent(i)) {
            samples.emplace_back((*timeline)[i], column.values[i]);
        }
    }
    return samples;
}

} // namespace

class TestMemoryStore : public QObject {
    Q_OBJECT
private slots:
    void seriesOfOneTargetShareATimeline()
    {
        MemoryStore store;
        const auto appender = store.appender();
        const Labels a({{"__name__", "m"}, {"job", "j"}, {"l", "a"}});
        const Labels b({{"__name__", "m"}, {"job", "j"}, {"l", "b"}});
        QVERIFY(appender->append(0, a, at(1000, 1)).has_value());
        QVERIFY(appender->append(0, b, at(2000, 2)).has_value());
        QVERIFY(appender->append(0, a, at(3000, 3)).has_value());
        QCOMPARE(appender->commit()->stored, 3U);

        const auto querier = *store.querier();
        const auto readers = *querier->select(named("m"), everything);
        QCOMPARE(readers.size(), 1U);
        QCOMPARE(readers[0]->size(), 2U);
        QCOMPARE(readers[0]->timeline()->size(), 3U);
        QCOMPARE(read(*readers[0], 0),
                 (std::vector<std::pair<std::int64_t, double>>{{1000, 1}, {3000, 3}}));
        QCOMPARE(read(*readers[0], 1), (std::vector<std::pair<std::int64_t, double>>{{2000, 2}}));
    }

    void startTimesComeBack()
    {
        MemoryStore store;
        const auto writer = *store.openGroup(Labels({{"job", "j"}}));
        for (const char* const name : {"a", "b", "c", "d"}) {
            QVERIFY(writer->position(Labels({{"__name__", name}})));
        }
        const std::array values{1.0, 2.0};
        const Histogram histogram;
        const std::array timed{PositionedSample{2, fromUnixMs(900), 3, fromUnixMs(70)}};
        const std::array histograms{
            PositionedHistogram{3, fromUnixMs(1000), &histogram, fromUnixMs(80)}};
        const std::array starts{PositionedStart{1, fromUnixMs(50)}};
        QVERIFY(writer->commit({fromUnixMs(1000), values, timed, histograms, {}, {}, starts}));
        const auto querier = *store.querier();
        const auto startOf = [&](const char* name) {
            const auto readers = *querier->select(named(name), everything);
            Column column;
            return readers.front()->read(0, column) && !column.startedAtMs.empty()
                ? column.startedAtMs.front()
                : 0;
        };
        QCOMPARE(startOf("a"), 0);
        QCOMPARE(startOf("b"), 50);
        QCOMPARE(startOf("c"), 70);
        QCOMPARE(startOf("d"), 80);
    }

    void uncommittedSamplesAreNotSeen()
    {
        MemoryStore store;
        {
            const auto appender = store.appender();
            QVERIFY(appender->append(0, Labels({{"__name__", "m"}}), at(1000, 1)).has_value());
        }
        QVERIFY((*store.querier())->select(named("m"), everything)->empty());
    }

    void aQuerierSeesWhatWasCommittedBeforeIt()
    {
        MemoryStore store;
        const auto appender = store.appender();
        const auto ref = *appender->append(0, Labels({{"__name__", "m"}}), at(1000, 1));
        QVERIFY(appender->commit().has_value());
        const auto before = *store.querier();
        QVERIFY(appender->append(ref, Labels({{"__name__", "m"}}), at(2000, 2)).has_value());
        QVERIFY(appender->commit().has_value());

        const auto seen = *before->select(named("m"), everything);
        QCOMPARE(read(*seen[0], 0).size(), 1U);
        const auto now = *(*store.querier())->select(named("m"), everything);
        QCOMPARE(read(*now[0], 0).size(), 2U);
    }

    void theFirstOfTwoSamplesAtOneMomentStays()
    {
        MemoryStore store;
        const auto appender = store.appender();
        const Labels labels({{"__name__", "m"}});
        QVERIFY(appender->append(0, labels, at(1000, 1)).has_value());
        QVERIFY(appender->append(0, labels, at(1000, 1)).has_value());
        QVERIFY(appender->append(0, labels, at(1000, 2)).has_value());
        const CommitReport report = *appender->commit();
        QCOMPARE(report.stored, 1U);
        QCOMPARE(report.duplicates, 1U);
        QCOMPARE(report.conflicts, 1U);
    }

    void aRowIsStoredByPosition()
    {
        MemoryStore store;
        const auto writer = *store.openGroup(Labels({{"job", "j"}}));
        QVERIFY(!store.openGroup(Labels({{"job", "j"}})).has_value());
        const Position first = *writer->position(Labels({{"__name__", "a"}}));
        const Position second = *writer->position(Labels({{"__name__", "b"}}));
        QCOMPARE(*writer->position(Labels({{"__name__", "a"}})), first);
        QCOMPARE(second, first + 1);
        Histogram histogram;
        histogram.count = 3;
        const std::vector<double> values{absentValue(), 7};
        const std::vector<PositionedHistogram> histograms{{first, fromUnixMs(5000), &histogram}};
        Row row;
        row.at = fromUnixMs(5000);
        row.values = values;
        row.histograms = histograms;
        QCOMPARE(writer->commit(row)->stored, 2U);

        const auto readers = *(*store.querier())->select(named("a"), everything);
        Column column;
        QVERIFY(readers[0]->read(0, column).has_value());
        QCOMPARE(column.histograms.size(), 1U);
        QCOMPARE(column.histograms[0].second->count, 3.0);
    }

    void labelsAreListedSortedAndOnce()
    {
        MemoryStore store;
        const auto appender = store.appender();
        for (const char* const value : {"z", "a", "z"}) {
            const Labels labels({{"__name__", "m"}, {"l", value}});
            QVERIFY(appender->append(0, labels, at(1000, 1)).has_value());
        }
        QVERIFY(appender->commit().has_value());
        const auto querier = *store.querier();
        QCOMPARE(*querier->labelNames({}, everything), (std::vector<std::string>{"__name__", "l"}));
        QCOMPARE(*querier->labelValues("l", {}, everything), (std::vector<std::string>{"a", "z"}));
        QVERIFY(querier->labelValues("l", {}, {fromUnixMs(2000), fromUnixMs(3000)})->empty());
    }
};

QTEST_GUILESS_MAIN(TestMemoryStore)
#include "tst_memory_store.moc"
