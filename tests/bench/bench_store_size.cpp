// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What series and samples take: memory of those that are written, bytes on disk of those that are
// stored, and what a copy of a store that is written to adds to its file.
// Targets: 350 bytes of anonymous memory a series of 100,000, 300 of a million; of 10,000 series
// with 480 samples each 0.68 B/sample of values and 0.90 of everything.
#include "tests/bench/mix_groups.h"

#include <algorithm>
#include <atomic>
#include <benchmark/benchmark.h>
#include <chrono>
#include <fstream>
#include <thread>

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

/// Groups begin their strips at different times, so that half of all rows are held at any time:
/// the mean of as many rows as a strip has.
void heapOfSeries(benchmark::State& state)
{
    constexpr std::size_t rowsOfStrip = 32;
    constexpr std::int64_t intervalMs = 15'000;
    MovingClock clock(startMs);
    const StoreFolder folder("watchfire-bench-heap");
    const double before = anonymousMemory();
    double sum = 0;
    double most = 0;
    while (state.KeepRunning()) {
        const auto store = folder.open(clock);
        MixGroups groups(*store, std::size_t(state.range(0)) / MixGroups::seriesEach, 128);
        for (std::size_t row = 0; row < 3 * rowsOfStrip; ++row) {
            clock.ms = startMs + std::int64_t(row) * intervalMs;
            groups.commit(clock.ms, row);
            must(store->commitNow());
            if (row >= 2 * rowsOfStrip) {
                const double now = anonymousMemory() - before;
                sum += now;
                most = std::max(most, now);
            }
        }
        const auto series = static_cast<double>(groups.series());
        state.counters["B/series"] = sum / rowsOfStrip / series;
        state.counters["at most"] = most / series;
    }
}
BENCHMARK(heapOfSeries)->Arg(100'000)->Arg(1'000'000)->Iterations(1)->Unit(benchmark::kMillisecond);

void diskOfAWindow(benchmark::State& state)
{
    constexpr std::size_t rows = 480;
    constexpr std::int64_t intervalMs = windowMs / std::int64_t(rows);
    MovingClock clock(startMs);
    const StoreFolder folder("watchfire-bench-disk");
    while (state.KeepRunning()) {
        const auto store = folder.open(clock);
        {
            MixGroups groups(*store, 20, rows);
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
BENCHMARK(diskOfAWindow)->Iterations(1)->Unit(benchmark::kMillisecond);

/// A copy is one read transaction, and the pages that are freed meanwhile are not used again: by
/// how much the file grows while rows come in as quickly as they can, with a copy (1) and without
/// (0), for the time that a copy takes.
void growthUnderASnapshot(benchmark::State& state)
{
    constexpr std::size_t rows = 1'920;
    constexpr std::size_t windows = 3;
    constexpr std::int64_t intervalMs = windowMs / std::int64_t(rows);
    using SteadyClock = std::chrono::steady_clock;
    MovingClock clock(startMs);
    const StoreFolder folder("watchfire-bench-snapshot");
    const StoreFolder copies("watchfire-bench-snapshot-copy");
    while (state.KeepRunning()) {
        const auto store = folder.open(clock);
        MixGroups groups(*store, 20, rows);
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
            if (state.range(0) == 1) {
                must(store->snapshot(copies.path() / "copy"));
            } else {
                std::this_thread::sleep_for(std::chrono::milliseconds(state.range(1)));
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
BENCHMARK(growthUnderASnapshot)
    ->Args({1, 0})
    ->Args({0, 1'000})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
