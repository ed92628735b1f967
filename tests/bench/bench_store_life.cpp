// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a store costs that has lived for long, or has very many series.
// Targets: 30 days of one series in 1 ms; forty days with retention of five in a file of 1.4 times
// what is in it, as large as after twenty; a million series at 8 µs and 100 bytes each.
#include "tests/bench/bench_folder.h"
#include "tests/support/sample_mix.h"

#include <array>
#include <benchmark/benchmark.h>
#include <cmath>
#include <vector>

namespace {

using namespace watchfire;
using namespace watchfire::bench;

constexpr std::int64_t windowMs = 28'800'000;
constexpr std::int64_t startMs = 1'699'977'600'000; // a window begins there
constexpr std::size_t seriesPerGroup = 500;
constexpr std::size_t mixRows = 1'920; // of a window at 15 s

/// One group of the mix, which goes round every `mixRows` rows.
class Group {
public:
    Group(tsdb::Store& store, std::size_t number)
        : m_values(mixRows)
    {
        const std::string instance = "host-" + std::to_string(number);
        m_writer = std::move(*must(store.openGroup(Labels{{"instance", instance}})));
        for (const auto& kind : testing::SampleMix(seriesPerGroup / 100, mixRows).make()) {
            for (const auto& values : kind.series) {
                for (std::size_t row = 0; row < mixRows; ++row) {
                    m_values[row].push_back(values[row]);
                }
            }
        }
        for (std::size_t s = 0; s < seriesPerGroup; ++s) {
            must(m_writer->position(Labels{{"__name__", "metric_" + std::to_string(s / 10)},
                                           {"instance", instance},
                                           {"n", std::to_string(s)}}));
        }
    }
    void commit(std::int64_t atMs, std::size_t row)
    {
        must(m_writer->commit({fromUnixMs(atMs), m_values[row % mixRows], {}, {}, {}, {}}));
    }

private:
    std::unique_ptr<storage::GroupWriter> m_writer;
    std::vector<std::vector<double>> m_values; ///< by row
};

void thirtyDaysOfOneSeries(benchmark::State& state)
{
    constexpr std::int64_t days = 30;
    constexpr std::int64_t intervalMs = 15'000;
    constexpr std::int64_t endMs = startMs + days * 86'400'000;
    MovingClock clock(startMs);
    const StoreFolder folder("watchfire-bench-month");
    const auto store = folder.open(clock);
    {
        Group group(*store, 0);
        std::size_t row = 0;
        for (std::int64_t at = startMs; at < endMs; at += intervalMs, ++row) {
            clock.ms = at;
            group.commit(at, row);
            if (row % 240 == 239) {
                must(store->commitNow());
            }
        }
    }
    clock.ms = endMs + windowMs;
    must(store->commitNow());
    must(store->sealNow());
    const Matcher one = Matcher::equal("n", "47");
    std::size_t samples = 0;
    while (state.KeepRunning()) {
        samples = readSamples(*store, one, startMs, endMs);
    }
    state.counters["samples"] = static_cast<double>(samples);
}
BENCHMARK(thirtyDaysOfOneSeries)->Unit(benchmark::kMillisecond);

void fortyDays(benchmark::State& state)
{
    constexpr std::size_t windows = 120;
    constexpr std::size_t keeps = 15;
    constexpr std::int64_t intervalMs = 60'000;
    MovingClock clock(startMs);
    const StoreFolder folder("watchfire-bench-steady");
    double halfWay = 0;
    while (state.KeepRunning()) {
        const auto store
            = folder.open(clock, {std::chrono::milliseconds(std::int64_t(keeps) * windowMs), 0});
        Group first(*store, 0);
        Group second(*store, 1);
        std::size_t row = 0;
        for (std::size_t window = 0; window < windows; ++window) {
            const std::int64_t beginMs = startMs + static_cast<std::int64_t>(window) * windowMs;
            for (std::int64_t at = beginMs; at < beginMs + windowMs; at += intervalMs, ++row) {
                clock.ms = at;
                first.commit(at, row);
                second.commit(at, row);
                if (row % 20 == 19) {
                    must(store->commitNow());
                }
            }
            if (window == windows / 2) {
                halfWay = static_cast<double>(store->stats()->fileBytes);
            }
        }
        must(store->commitNow());
        const auto stats = must(store->stats());
        state.counters["windows"] = static_cast<double>(stats->windows);
        state.counters["file/used"]
            = static_cast<double>(stats->fileBytes) / static_cast<double>(stats->usedBytes);
        state.counters["file/half way"] = static_cast<double>(stats->fileBytes) / halfWay;
    }
}
BENCHMARK(fortyDays)->Iterations(1)->Unit(benchmark::kMillisecond);

void aMillionSeries(benchmark::State& state)
{
    constexpr std::size_t groups = 2'000;
    MovingClock clock(startMs);
    const StoreFolder folder("watchfire-bench-series");
    const std::vector<double> values(seriesPerGroup, 1);
    while (state.KeepRunning()) {
        const auto store = folder.open(clock);
        for (std::size_t g = 0; g < groups; ++g) {
            const std::string instance = "host-" + std::to_string(g) + ":9100";
            const auto writer = std::move(
                *must(store->openGroup(Labels{{"instance", instance}, {"job", "bench"}})));
            for (std::size_t s = 0; s < seriesPerGroup; ++s) {
                must(writer->position(Labels{{"__name__", "metric_" + std::to_string(s / 10)},
                                             {"instance", instance},
                                             {"job", "bench"},
                                             {"n", std::to_string(s % 10)}}));
            }
            must(writer->commit({fromUnixMs(startMs), values, {}, {}, {}, {}}));
            if (g % 50 == 49) {
                must(store->commitNow());
            }
        }
        must(store->commitNow());
        const auto stats = must(store->stats());
        state.counters["B/series"]
            = static_cast<double>(stats->usedBytes - stats->journalBytes - stats->chunkBytes)
            / static_cast<double>(stats->series);
    }
}
BENCHMARK(aMillionSeries)->Iterations(1)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

} // namespace

BENCHMARK_MAIN();
