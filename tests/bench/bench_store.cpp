// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The store over the synthetic mix, without sockets: what a sample costs to write and to keep,
// what a start and reads cost. One fill, measured as it goes; six hours at 15 s.
// Targets: write 120 ns/sample; sealed store 0.90 B/sample; one series 1 ms, one segment of all
// series 8 ms; ready 150 ms.
#include "tests/bench/bench_folder.h"
#include "tests/support/sample_mix.h"

#include <benchmark/benchmark.h>

namespace {

using namespace watchfire;
using namespace watchfire::bench;
using namespace watchfire::tsdb;

constexpr std::size_t groups = 24;
constexpr std::size_t seriesPerGroup = 500;
constexpr std::size_t rows = 1'440;
constexpr std::int64_t intervalMs = 15'000;
constexpr std::int64_t startMs = 1'699'977'600'000; // a window begins there

StoreFolder& folder()
{
    static StoreFolder made("watchfire-bench-store");
    return made;
}

MovingClock& benchClock()
{
    static MovingClock made(startMs);
    return made;
}

std::unique_ptr<Store> open()
{
    return folder().open(benchClock());
}

// Where the mix of five times a hundred series has its histograms.
constexpr std::size_t firstBucket = 290;
constexpr std::size_t endBucket = 410;
constexpr std::size_t bucketsEach = 12;

Labels labelsOf(std::size_t group, std::size_t series)
{
    if (series >= firstBucket && series < endBucket) {
        const std::size_t at = series - firstBucket;
        return Labels{{"__name__", "latency_bucket"},
                      {"instance", "host-" + std::to_string(group) + ":9100"},
                      {"job", "bench"},
                      {"le", std::to_string(at % bucketsEach)},
                      {"n", std::to_string(at / bucketsEach)}};
    }
    return Labels{{"__name__", "metric_" + std::to_string(series / 10)},
                  {"instance", "host-" + std::to_string(group) + ":9100"},
                  {"job", "bench"},
                  {"n", std::to_string(series % 10)}};
}

double perSample(std::uint64_t bytes)
{
    return static_cast<double>(bytes) / static_cast<double>(groups * seriesPerGroup * rows);
}

/// Rows of the mix, made before anything is measured: every group has the same.
const std::vector<std::vector<double>>& mixRows()
{
    static const auto made = [] {
        std::vector<std::vector<double>> all(rows);
        const auto mix = testing::SampleMix(5, rows).make();
        for (const auto& kind : mix) {
            for (const auto& values : kind.series) {
                for (std::size_t r = 0; r < rows && all[r].size() < seriesPerGroup; ++r) {
                    all[r].push_back(values[r]);
                }
            }
        }
        return all;
    }();
    return made;
}

void write(benchmark::State& state)
{
    const auto& all = mixRows();
    auto store = open();
    std::vector<std::unique_ptr<storage::GroupWriter>> writers;
    for (std::size_t g = 0; g < groups; ++g) {
        auto writer = store->openGroup(Labels{{"instance", std::to_string(g)}});
        for (std::size_t s = 0; s < all[0].size(); ++s) {
            must((*writer)->position(labelsOf(g, s)));
        }
        writers.push_back(std::move(*writer));
    }
    for (auto _ : state) {
        for (std::size_t r = 0; r < rows; ++r) {
            const std::int64_t at = startMs + static_cast<std::int64_t>(r) * intervalMs;
            benchClock().ms = at;
            for (auto& writer : writers) {
                must(writer->commit({fromUnixMs(at), all[r], {}, {}, {}, {}}));
            }
            if (r % 4 == 3) {
                must(store->commitNow());
            }
        }
    }
    const double samples = static_cast<double>(groups * all[0].size() * rows);
    state.counters["each"]
        = benchmark::Counter(samples, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.counters["B/sample"] = perSample(store->stats()->usedBytes);
}
BENCHMARK(write)->Iterations(1)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void seal(benchmark::State& state)
{
    auto store = open();
    benchClock().ms = startMs + 28'800'000 + 3'600'000;
    must(store->commitNow());
    for (auto _ : state) {
        must(store->sealNow());
    }
    const auto stats = store->stats();
    state.counters["each"]
        = benchmark::Counter(static_cast<double>(groups * mixRows()[0].size() * rows),
                             benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.counters["chunks B/sample"] = perSample(stats->chunkBytes);
    state.counters["store B/sample"] = perSample(stats->usedBytes);
    state.counters["file B/sample"] = perSample(stats->fileBytes);
}
BENCHMARK(seal)->Iterations(1)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void start(benchmark::State& state)
{
    const Matcher one = Matcher::equal("instance", "host-3:9100");
    for (auto _ : state) {
        auto store = open();
        benchmark::DoNotOptimize(readSamples(*store, one, startMs, startMs + 60'000));
        state.PauseTiming();
        store.reset();
        state.ResumeTiming();
    }
}
BENCHMARK(start)->Unit(benchmark::kMillisecond);

void oneSeries(benchmark::State& state)
{
    auto store = open();
    const Matcher name = Matcher::equal("__name__", "metric_7");
    std::size_t samples = 0;
    for (auto _ : state) {
        samples = readSamples(*store, name, startMs, startMs + 28'800'000);
    }
    // The metric has ten series in each group.
    state.counters["each"] = benchmark::Counter(static_cast<double>(groups * 10),
                                                benchmark::Counter::kIsIterationInvariantRate
                                                    | benchmark::Counter::kInvert);
    state.counters["samples"] = static_cast<double>(samples);
}
BENCHMARK(oneSeries)->Unit(benchmark::kMillisecond);

void oneHourOfAll(benchmark::State& state)
{
    auto store = open();
    const Matcher all = Matcher::equal("job", "bench");
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            readSamples(*store, all, startMs + 8'100'000, startMs + 11'700'000));
    }
}
BENCHMARK(oneHourOfAll)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
