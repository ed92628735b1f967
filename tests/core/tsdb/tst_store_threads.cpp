// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/executor.h"
#include "core/tsdb/epoch.h"
#include "core/tsdb/store.h"
#include "tests/core/tsdb/store_reading.h"

#include <atomic>
#include <set>
#include <thread>

#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;

namespace {

constexpr std::int64_t startMs = 1'699'999'200'000;
constexpr int stableSeries = 20;
constexpr int churnSeries = 8;
constexpr int churnRows = 40;
constexpr int groups = 2;
constexpr int rows = 500;
constexpr int pushedSeries = 20;

Labels labelsOf(int group, int row, int series)
{
    return Labels{{"__name__", "threads"},
                  {"group", std::to_string(group)},
                  {"n",
                   series < stableSeries
                       ? std::to_string(series)
                       : std::to_string(row / churnRows) + "_" + std::to_string(series)}};
}

/// Writes rows whose cells all say the row's number.
void scrape(Store& store, int group, std::atomic<bool>& failed)
{
    auto writer = store.openGroup(Labels{{"group", std::to_string(group)}});
    std::vector<double> values;
    for (int row = 0; row < rows && writer; ++row) {
        std::vector<storage::Position> positions;
        for (int series = 0; series < stableSeries + churnSeries; ++series) {
            positions.push_back((*writer)->position(labelsOf(group, row, series)).value_or(0));
        }
        values.assign((*writer)->positions(), absentValue());
        for (const storage::Position position : positions) {
            values[position] = row;
        }
        const auto report
            = (*writer)->commit({fromUnixMs(startMs + row * 1'000), values, {}, {}, {}, {}});
        if (!report || report->stored != stableSeries + churnSeries) {
            failed = true;
        }
    }
}

/// Each half of a row's series comes with a commit of its own; now and then a sample is late.
void push(Store& store, std::atomic<bool>& failed)
{
    for (int row = 0; row < rows; ++row) {
        for (int half = 0; half < 2; ++half) {
            const auto appender = store.appender();
            const auto add = [&](int series, int atRow) {
                const Labels labels{
                    {"__name__", "threads"}, {"group", "pushed"}, {"n", std::to_string(series)}};
                if (!appender->append(
                        0, labels,
                        {fromUnixMs(startMs + atRow * 1'000), {}, double(atRow), nullptr})) {
                    failed = true;
                }
            };
            for (int series = half; series < pushedSeries; series += 2) {
                add(series, row);
            }
            if (half == 0 && row % 2 == 0) {
                add(pushedSeries, row);
            }
            if (half == 1 && row >= 60 && row % 2 == 1) {
                add(pushedSeries, row - 60);
            }
            const auto report = appender->commit();
            if (!report || report->tooOld + report->conflicts + report->duplicates > 0) {
                failed = true;
            }
        }
    }
}

/// Looks at one group twice in one query; says what is wrong, or nothing.
std::string look(Store& store, const std::string& group, std::size_t& rowsSeen)
{
    auto querier = store.querier();
    if (!querier) {
        return querier.error().message;
    }
    const Matcher matcher = Matcher::equal("group", group);
    const auto first = (*querier)->select({&matcher, 1}, always());
    const auto second = (*querier)->select({&matcher, 1}, always());
    if (!first || !second) {
        return "cannot select";
    }
    if (first->empty()) {
        return rowsSeen > 0 ? "the group vanished" : "";
    }
    if (second->empty()) {
        return "the second look finds nothing";
    }
    const auto timeline = (*first)[0]->timeline();
    const auto again = (*second)[0]->timeline();
    if (!timeline || !again) {
        return "no timeline";
    }
    if (!std::ranges::equal(*timeline, *again)) {
        return "one query sees two timelines";
    }
    if (timeline->size() < rowsSeen) {
        return "rows vanished";
    }
    rowsSeen = timeline->size();
    const bool isPushed = group == "pushed";
    std::vector<int> cells(timeline->size());
    std::vector<int> odd(timeline->size());
    storage::Column column;
    for (std::size_t i = 0; i < (*first)[0]->size(); ++i) {
        const std::string_view number = (*first)[0]->labels(i).get("n");
        if (!(*first)[0]->read(i, column)) {
            return "cannot read";
        }
        for (std::size_t entry = 0; entry < timeline->size(); ++entry) {
            if (!column.isPresent(entry)) {
                continue;
            }
            const auto row = ((*timeline)[entry] - startMs) / 1'000;
            if (column.values[entry] != double(row)) {
                return "a cell of another row";
            }
            if (!isPushed) {
                ++cells[entry];
            } else if (number != std::to_string(pushedSeries)) {
                ++(std::stoi(std::string(number)) % 2 == 0 ? cells : odd)[entry];
            }
        }
    }
    for (std::size_t entry = 0; entry < timeline->size(); ++entry) {
        if ((*timeline)[entry] != startMs + std::int64_t(entry) * 1'000) {
            return "a row is missing";
        }
        const int wanted = isPushed ? pushedSeries / 2 : stableSeries + churnSeries;
        if (cells[entry] != wanted || (isPushed && odd[entry] != 0 && odd[entry] != wanted)) {
            return "a torn row: " + std::to_string(cells[entry]) + " and "
                + std::to_string(odd[entry]) + " cells of " + std::to_string(wanted);
        }
    }
    return {};
}

struct Counted final : Retirable {
    explicit Counted(std::atomic<int>& counter)
        : freed(counter)
    {
    }
    ~Counted() override { ++freed; }
    std::atomic<int>& freed;
};

} // namespace

class TestStoreThreads : public QObject {
    Q_OBJECT

private slots:
    void pinsHoldWhatTheyMaySee()
    {
        Epochs epochs;
        std::atomic<int> freed{0};
        auto early = epochs.pin();
        QVERIFY(early);
        epochs.retire(std::make_unique<Counted>(freed));
        auto late = epochs.pin();
        QVERIFY(late);
        epochs.retire(std::make_unique<Counted>(freed));
        epochs.reclaim();
        QCOMPARE(freed.load(), 0);
        *early = {};
        epochs.reclaim();
        QCOMPARE(freed.load(), 1); // the later reader came after the first was replaced
        QCOMPARE(epochs.waiting(), std::size_t(1));
        *late = {};
        epochs.reclaim();
        QCOMPARE(freed.load(), 2);
        std::vector<Epochs::Pin> pins;
        for (std::size_t i = 0; i < Epochs::maxPins; ++i) {
            pins.push_back(std::move(*epochs.pin()));
        }
        QCOMPARE(int(epochs.pin().error().kind), int(ErrorKind::limit));
    }

    void readersSeeWholeRowsWhileWritersWrite()
    {
        const QTemporaryDir dir;
        ThreadPool workers(2);
        OpenOptions options;
        options.directory = dir.path().toStdString();
        options.commitInterval = std::chrono::milliseconds(200);
        options.ringBytes = std::uint64_t{1} << 16;
        options.workers = &workers;
        auto opened = Store::open(options);
        QVERIFY(opened);
        Store& store = **opened;
        std::atomic<bool> failed{false};
        std::atomic<int> writing{groups + 1};
        std::atomic<int> looks{0};
        std::vector<std::string> faults(3);
        {
            std::vector<std::jthread> threads;
            for (int group = 0; group < groups; ++group) {
                threads.emplace_back([&, group] {
                    scrape(store, group, failed);
                    --writing;
                });
            }
            threads.emplace_back([&] {
                push(store, failed);
                --writing;
            });
            for (std::size_t reader = 0; reader < 2; ++reader) {
                threads.emplace_back([&, reader] {
                    std::map<std::string, std::size_t> seen;
                    while (writing > 0 && faults[reader].empty()) {
                        for (const char* group : {"0", "1", "pushed"}) {
                            const std::string fault = look(store, group, seen[group]);
                            if (!fault.empty()) {
                                faults[reader] = std::string(group) + ": " + fault;
                            }
                            ++looks;
                        }
                    }
                });
            }
            threads.emplace_back([&] { // and somebody else asks for commits and labels
                while (writing > 0) {
                    if (!store.commitNow() || !store.stats()) {
                        failed = true;
                    }
                    auto querier = store.querier();
                    const Matcher matcher = Matcher::equal("__name__", "threads");
                    if (!querier || !(*querier)->series({&matcher, 1}, always())) {
                        failed = true;
                    }
                }
            });
        }
        for (const std::string& fault : faults) {
            QCOMPARE(fault, std::string());
        }
        QVERIFY(!failed);
        QVERIFY(looks > 0);
        std::size_t seen = 0;
        for (const char* group : {"0", "1", "pushed"}) {
            seen = 0;
            QCOMPARE(look(store, group, seen), std::string());
            QCOMPARE(seen, std::size_t(rows));
        }
    }
};

QTEST_GUILESS_MAIN(TestStoreThreads)
#include "tst_store_threads.moc"
