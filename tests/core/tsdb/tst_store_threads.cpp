// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/executor.h"
#include "core/tsdb/epoch.h"
#include "core/tsdb/store.h"
#include "tests/core/tsdb/store_reading.h"

#include <array>
#include <atomic>
#include <barrier>
#include <bit>
#include <filesystem>
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

constexpr std::int64_t keptStartMs = 1'699'977'600'000; // a window begins there
constexpr std::int64_t keptStepMs = 60'000;
constexpr int keptRows = 1'600; // three windows and more, of which retention keeps one and a bit
constexpr int keptSeries = 12;
constexpr int keptTogether = 40; ///< groups are no more rows apart

Labels keptLabels(int group, int series)
{
    return Labels{
        {"__name__", "kept"}, {"group", std::to_string(group)}, {"n", std::to_string(series)}};
}

std::int64_t keptTime(int row)
{
    return keptStartMs + row * keptStepMs;
}

/// A long history in no time; each cell says the row's number. `done` is the last row stored.
void scrapeHistory(Store& store, int group, HandClock& clock, std::barrier<>& together,
                   std::atomic<int>& done, std::atomic<bool>& failed)
{
    auto writer = store.openGroup(Labels{{"group", std::to_string(group)}});
    std::vector<double> values;
    for (int row = 0; row < keptRows; ++row) {
        if (row % keptTogether == 0) {
            together.arrive_and_wait();
        }
        if (group == 0) {
            clock.time = fromUnixMs(keptTime(row));
        }
        std::vector<storage::Position> positions;
        for (int series = 0; series < keptSeries; ++series) {
            positions.push_back((*writer)->position(keptLabels(group, series)).value_or(0));
        }
        values.assign((*writer)->positions(), absentValue());
        for (const storage::Position position : positions) {
            values[position] = row;
        }
        const auto report = (*writer)->commit({fromUnixMs(keptTime(row)), values, {}, {}, {}, {}});
        if (!report || report->stored != keptSeries) {
            failed = true;
        }
        done = row;
    }
}

/// What a query sees of a history while parts of it go; says what is wrong, or nothing.
std::string lookAtHistory(Store& store, int group)
{
    auto querier = store.querier();
    if (!querier) {
        return querier.error().message;
    }
    const Matcher matcher = Matcher::equal("group", std::to_string(group));
    const auto groupsThere = (*querier)->select({&matcher, 1}, always());
    if (!groupsThere) {
        return groupsThere.error().message;
    }
    for (const auto& reader : *groupsThere) {
        const auto timeline = reader->timeline();
        if (!timeline) {
            return timeline.error().message;
        }
        // What is younger than retention and sealing is whole.
        const std::size_t young = std::min<std::size_t>(timeline->size(), 300);
        for (std::size_t i = timeline->size() - young; i + 1 < timeline->size(); ++i) {
            if ((*timeline)[i + 1] - (*timeline)[i] != keptStepMs) {
                return "a row is missing";
            }
        }
        storage::Column column;
        for (std::size_t i = 0; i < reader->size(); ++i) {
            if (auto read = reader->read(i, column); !read) {
                return read.error().message;
            }
            for (std::size_t entry = 0; entry < timeline->size(); ++entry) {
                if (column.isPresent(entry)
                    && column.values[entry]
                        != double(((*timeline)[entry] - keptStartMs) / keptStepMs)) {
                    return "a cell of another row";
                }
            }
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

    /// Retention, seals, snapshots, deletions and compactions beside writers and readers.
    void houseIsKeptWhileOthersWrite()
    {
        const QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        ThreadPool workers(2);
        HandClock clock;
        clock.time = fromUnixMs(keptStartMs);
        OpenOptions options;
        options.directory = folder / "store";
        options.commitInterval = std::chrono::milliseconds(200);
        options.ringBytes = std::uint64_t{1} << 18;
        options.workers = &workers;
        options.clock = &clock;
        options.aheadLimit = {};
        options.retention.time = std::chrono::hours(8);
        auto opened = Store::open(options);
        QVERIFY(opened);
        Store& store = **opened;
        std::atomic<bool> failed{false};
        std::atomic<int> writing{groups};
        std::array<std::atomic<int>, groups> done{};
        std::ranges::fill(done, -1);
        std::barrier<> together(groups);
        std::string fault;
        std::string houseFault;
        int deletedTo = -1;
        int snapshots = 0;
        const auto removeDoomed = [&] {
            const int to = done[0];
            const auto removed
                = store.deleteSamples({{Matcher::equal("group", "0"), Matcher::equal("n", "0")}},
                                      {fromUnixMs(keptStartMs), fromUnixMs(keptTime(to))});
            deletedTo = removed ? to : deletedTo;
            return removed.has_value();
        };
        {
            std::vector<std::jthread> threads;
            for (int group = 0; group < groups; ++group) {
                threads.emplace_back([&, group] {
                    scrapeHistory(store, group, clock, together, done[std::size_t(group)], failed);
                    --writing;
                });
            }
            threads.emplace_back([&] {
                for (int group = 0; writing > 0 && fault.empty(); group = (group + 1) % groups) {
                    fault = lookAtHistory(store, group);
                }
            });
            threads.emplace_back([&] {
                while (writing > 0 && houseFault.empty()) {
                    const std::filesystem::path copy
                        = folder / ("snapshot" + std::to_string(snapshots));
                    if (auto sealed = store.sealNow(); !sealed) {
                        houseFault = "seal: " + sealed.error().message;
                    } else if (auto taken = store.snapshot(copy); !taken) {
                        houseFault = "snapshot: " + taken.error().message;
                    } else if (done[0] >= 0 && !removeDoomed()) {
                        houseFault = "it does not delete";
                    } else if (snapshots % 4 == 3 && !store.compactNow()) {
                        houseFault = "it does not compact";
                    }
                    // Shorter and longer again: both are taken up at once.
                    store.setRetention({std::chrono::hours(snapshots % 2 == 0 ? 9 : 8), 0, 0});
                    if (snapshots > 0) {
                        std::filesystem::remove_all(folder
                                                    / ("snapshot" + std::to_string(snapshots - 1)));
                    }
                    ++snapshots;
                }
            });
        }
        QCOMPARE(fault, std::string());
        QCOMPARE(houseFault, std::string());
        QVERIFY(!failed && snapshots > 0);
        QVERIFY(removeDoomed());
        QCOMPARE(deletedTo, keptRows - 1);
        QVERIFY(store.commitNow());
        QVERIFY(store.sealNow());
        // Of windows of 480 rows, those that begin less than nine hours before the end are whole.
        const StoreBits bits = readAll(store);
        for (int group = 0; group < groups; ++group) {
            for (int series = 0; series < keptSeries; ++series) {
                const auto there = bits.find(keptLabels(group, series).toString());
                if (group == 0 && series == 0) {
                    QVERIFY(there == bits.end());
                    continue;
                }
                QVERIFY(there != bits.end());
                for (int row = keptRows - 540; row < keptRows; ++row) {
                    const auto sample = there->second.find(keptTime(row));
                    QVERIFY(sample != there->second.end());
                    QCOMPARE(std::bit_cast<double>(sample->second), double(row));
                }
            }
        }
        QVERIFY(store.stats()->windows < 4); // retention did drop some
        QVERIFY(store.verify()->damage.empty());
        OpenOptions copy;
        copy.directory = folder / ("snapshot" + std::to_string(snapshots - 1));
        copy.readOnly = true;
        const auto snapshot = Store::open(copy);
        QVERIFY2(snapshot, snapshot ? "" : snapshot.error().message.c_str());
        QVERIFY((*snapshot)->verify()->damage.empty());
        QCOMPARE(lookAtHistory(**snapshot, 1), std::string());
    }
};

QTEST_GUILESS_MAIN(TestStoreThreads)
#include "tst_store_threads.moc"
