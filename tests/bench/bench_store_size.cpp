// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What series and samples take: memory of those that are written, bytes on disk of those that are
// stored, and what a copy of a store that is written to adds to its file. Beside other programs
// that is what peers/bench_peers measures.
// Targets: 350 bytes of anonymous memory a series of 100,000, 300 of a million; of 10,000 series
// with 480 samples each 0.68 B/sample of values and 0.90 of everything.
#include "core/scrape/intake.h"
#include "tests/bench/bench_main.h"
#include "tests/bench/mix_groups.h"

#include <algorithm>
#include <atomic>
#include <benchmark/benchmark.h>
#include <chrono>
#include <format>
#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace watchfire;
using namespace watchfire::bench;

constexpr std::int64_t startMs = 1'699'977'600'000; // a window begins there
constexpr std::int64_t windowMs = 28'800'000;

/// Of this process, in bytes (proc(5), /proc/pid/status).
double anonymousMemory()
{
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        double kilobytes = 0;
        if (word == "RssAnon:" && status >> kilobytes) {
            return kilobytes * 1'024;
        }
    }
    return 0;
}

/// Bytes of anonymous memory that so many series take, from the one before there were any.
class HeapOfSeries {
public:
    explicit HeapOfSeries(std::size_t series)
        : m_series(static_cast<double>(series))
    {
    }
    void note()
    {
        const double now = (anonymousMemory() - m_before) / m_series;
        m_sum += now;
        m_most = std::max(m_most, now);
        ++m_count;
    }
    void report(benchmark::State& state) const
    {
        state.counters["B/series"] = m_sum / m_count;
        state.counters["at most"] = m_most;
    }

private:
    double m_series;
    double m_before = anonymousMemory();
    double m_sum = 0;
    double m_most = 0;
    double m_count = 0;
};

/// Groups begin their strips at different times, so that half of all rows are held at any time:
/// the mean of as many rows as a strip has.
constexpr std::size_t rowsOfStrip = 32;
constexpr std::int64_t usualIntervalMs = 15'000;

void heapOfSeries(benchmark::State& state)
{
    MovingClock clock(startMs);
    const StoreFolder folder("watchfire-bench-heap");
    const auto rows = MixGroups::makeRows(4 * rowsOfStrip);
    while (state.KeepRunning()) {
        HeapOfSeries heap(std::size_t(state.range(0)));
        const auto store = folder.open(clock);
        MixGroups groups(*store, std::size_t(state.range(0)) / MixGroups::seriesEach, rows);
        for (std::size_t row = 0; row < 3 * rowsOfStrip; ++row) {
            clock.ms = startMs + std::int64_t(row) * usualIntervalMs;
            groups.commit(clock.ms, row);
            must(store->commitNow());
            if (row >= 2 * rowsOfStrip) {
                heap.note();
            }
        }
        heap.report(state);
    }
}

/// What a target of the mix answers: fifty families of ten series.
std::vector<std::string> makeBodies()
{
    std::vector<std::string> bodies;
    for (const auto& values : MixGroups::makeRows(4 * rowsOfStrip)) {
        std::string& body = bodies.emplace_back();
        for (std::size_t s = 0; s < values.size(); ++s) {
            if (s % 10 == 0) {
                body += std::format("# HELP bench_service_{0}_total Things of this kind done so "
                                    "far.\n# TYPE bench_service_{0}_total untyped\n",
                                    s / 10);
            }
            body += std::format("bench_service_{}_total{{method=\"get\",path=\"/api/v1/things/{}\","
                                "code=\"200\"}} {}\n",
                                s / 10, s % 10, values[s]);
        }
    }
    return bodies;
}

/// The same of series that are scraped: with what their targets remember of them.
void heapOfScrapedSeries(benchmark::State& state)
{
    MovingClock clock(startMs);
    const StoreFolder folder("watchfire-bench-heap-scraped");
    const auto bodies = makeBodies();
    while (state.KeepRunning()) {
        HeapOfSeries heap(std::size_t(state.range(0)));
        const auto store = folder.open(clock);
        const auto job = std::make_shared<const config::ScrapeConfig>();
        std::vector<std::pair<scrape::Intake, std::shared_ptr<const scrape::IntakeRules>>> targets;
        for (std::size_t t = 0; t < std::size_t(state.range(0)) / MixGroups::seriesEach; ++t) {
            scrape::IntakeRules rules;
            rules.job = job;
            rules.target.labels = Labels{{"instance", std::format("t{}", t)}, {"job", "bench"}};
            targets.emplace_back(*store,
                                 std::make_shared<const scrape::IntakeRules>(std::move(rules)));
        }
        for (std::size_t row = 0; row < 3 * rowsOfStrip; ++row) {
            clock.ms = startMs + std::int64_t(row) * usualIntervalMs;
            for (auto& [intake, rules] : targets) {
                const auto harvest
                    = intake.take(rules, {clock.now(), bodies[row], exposition::Format::text, {}});
                if (!harvest.error.message.empty()) {
                    state.SkipWithError(harvest.error.message);
                    return;
                }
            }
            must(store->commitNow());
            if (row >= 2 * rowsOfStrip) {
                heap.note();
            }
        }
        heap.report(state);
    }
}

/// Of so many groups, in a window that is closed.
void diskOfAWindow(benchmark::State& state)
{
    constexpr std::size_t rows = 480;
    constexpr std::int64_t intervalMs = windowMs / std::int64_t(rows);
    MovingClock clock(startMs);
    const StoreFolder folder("watchfire-bench-disk");
    const auto mix = MixGroups::makeRows(rows);
    while (state.KeepRunning()) {
        const auto store = folder.open(clock);
        {
            MixGroups groups(*store, std::size_t(state.range(0)), mix);
            for (std::size_t row = 0; row < rows; ++row) {
                clock.ms = startMs + std::int64_t(row) * intervalMs;
                groups.commit(clock.ms, row);
                if (row % 4 == 3) {
                    must(store->commitNow());
                }
            }
        }
        clock.ms = startMs + 2 * windowMs;
        must(store->commitNow());
        must(store->sealNow());
        const auto stats = must(store->stats());
        const auto samples = static_cast<double>(stats->samples);
        state.counters["samples"] = samples;
        state.counters["values B/sample"] = static_cast<double>(stats->chunkBytes) / samples;
        state.counters["store B/sample"] = static_cast<double>(stats->usedBytes) / samples;
        state.counters["file B/sample"] = static_cast<double>(stats->fileBytes) / samples;
    }
}

/// A copy is one read transaction, and the pages that are freed meanwhile are not used again: by
/// how much the file of so many groups and windows, with so many rows each, grows while rows come
/// in as quickly as they can, with a copy (1), and without (0) for as long as that took.
void growthUnderASnapshot(benchmark::State& state)
{
    static std::chrono::duration<double, std::milli> copyTook{1'000};
    const bool copies = state.range(0) == 1;
    const auto windows = std::size_t(state.range(2));
    const auto rows = std::size_t(state.range(3));
    const std::int64_t intervalMs = windowMs / state.range(3);
    using SteadyClock = std::chrono::steady_clock;
    MovingClock clock(startMs);
    const StoreFolder folder("watchfire-bench-snapshot");
    const StoreFolder target("watchfire-bench-snapshot-copy");
    const auto mix = MixGroups::makeRows(rows);
    while (state.KeepRunning()) {
        const auto store = folder.open(clock);
        MixGroups groups(*store, std::size_t(state.range(1)), mix);
        std::size_t row = 0;
        const auto write = [&](std::size_t count) {
            for (const std::size_t end = row + count; row < end; ++row) {
                clock.ms = startMs + std::int64_t(row) * intervalMs;
                groups.commit(clock.ms, row);
                if (row % 4 == 3) {
                    must(store->commitNow());
                }
            }
        };
        write(windows * rows);
        must(store->sealNow());
        write(rows / 8); // what the seal freed is in use again
        const std::uint64_t before = store->stats()->fileBytes;
        const std::size_t rowBefore = row;
        const auto begun = SteadyClock::now();
        std::atomic<bool> isDone = false;
        std::jthread copier([&] {
            if (copies) {
                must(store->snapshot(target.path()));
                copyTook = SteadyClock::now() - begun;
            } else {
                std::this_thread::sleep_for(copyTook);
            }
            isDone = true;
        });
        while (!isDone) {
            write(4);
        }
        const std::chrono::duration<double, std::milli> took = SteadyClock::now() - begun;
        constexpr double mebi = 1 << 20;
        state.counters["file MiB"] = static_cast<double>(before) / mebi;
        state.counters["ms"] = took.count();
        state.counters["samples M"]
            = static_cast<double>((row - rowBefore) * groups.series()) / 1'000'000;
        state.counters["grown MiB"]
            = (static_cast<double>(store->stats()->fileBytes) - static_cast<double>(before)) / mebi;
    }
}
void add(bool isSmall)
{
    const auto once = [](const char* name, auto* bench) {
        return benchmark::RegisterBenchmark(name, bench)
            ->Iterations(1)
            ->Unit(benchmark::kMillisecond);
    };
    auto* const heap = once("heapOfSeries", &heapOfSeries);
    auto* const scraped = once("heapOfScrapedSeries", &heapOfScrapedSeries);
    auto* const disk = once("diskOfAWindow", &diskOfAWindow);
    auto* const growth = once("growthUnderASnapshot", &growthUnderASnapshot)
                             ->ArgNames({"copy", "groups", "windows", "rows"});
    if (isSmall) {
        heap->Arg(2'000);
        scraped->Arg(2'000);
        disk->Arg(1);
        growth->Args({1, 1, 1, 240})->Args({0, 1, 1, 240});
    } else {
        heap->Arg(100'000)->Arg(1'000'000);
        scraped->Arg(100'000);
        disk->Arg(20);
        growth->Args({1, 20, 3, 1'920})->Args({0, 20, 3, 1'920});
    }
}

} // namespace

int main(int argc, char** argv)
{
    return runBenches(argc, argv, &add);
}
