// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads of what is not in memory, and the same again when it is. The folder (TMPDIR) must be on a
// disk.
// Targets: 30 days of one series 50 ms cold, 1 ms hot; one hour of 10,000 series, in one segment,
// 60 ms cold, 8 ms hot.
#include "tests/bench/bench_main.h"
#include "tests/bench/mix_groups.h"
#include "tests/bench/page_cache.h"

#include <benchmark/benchmark.h>
#include <chrono>

namespace {

using namespace watchfire;
using namespace watchfire::bench;

constexpr std::int64_t startMs = 1'699'977'600'000; // a window begins there
constexpr std::int64_t windowMs = 28'800'000;
constexpr std::int64_t intervalMs = 15'000;
constexpr std::size_t rowsOfWindow = 1'920;
// Some pages every opening touches, and what the system reads ahead.
constexpr double mostCached = 0.05;

/// Sealed windows of the mix.
void fill(const StoreFolder& folder, MovingClock& clock, std::size_t groups, std::size_t windows)
{
    const auto store = folder.open(clock);
    const auto rows = MixGroups::makeRows(rowsOfWindow);
    {
        MixGroups mix(*store, groups, rows);
        for (std::size_t row = 0; row < windows * rowsOfWindow; ++row) {
            clock.ms = startMs + std::int64_t(row) * intervalMs;
            mix.commit(clock.ms, row);
            if (row % 60 == 59) {
                must(store->commitNow());
            }
        }
    }
    clock.ms = startMs + std::int64_t(windows + 1) * windowMs;
    must(store->commitNow());
    must(store->sealNow());
}

/// One opening for each read: what was mapped stays in memory as long as it is.
void read(benchmark::State& state, const StoreFolder& folder, const MovingClock& clock,
          const Matcher& matcher, std::int64_t fromMs, std::int64_t toMs)
{
    using SteadyClock = std::chrono::steady_clock;
    const std::filesystem::path file = folder.path() / "store.mdb";
    const bool isCold = state.range(0) == 1;
    double cached = 0;
    std::size_t samples = 0;
    while (state.KeepRunning()) {
        dropFromPageCache(file);
        const auto store = folder.open(clock);
        if (isCold) { // what the opening looked at goes as well
            dropFromPageCache(file);
            cached = cachedShare(file);
            if (cached > mostCached) {
                state.SkipWithError("the file stays in memory: is it on a disk?");
                break;
            }
        } else {
            readSamples(*store, matcher, fromMs, toMs);
        }
        const auto begun = SteadyClock::now();
        samples = readSamples(*store, matcher, fromMs, toMs);
        state.SetIterationTime(std::chrono::duration<double>(SteadyClock::now() - begun).count());
    }
    state.counters["samples"] = static_cast<double>(samples);
    state.counters["cached before"] = cached;
    state.counters["file MiB"] = static_cast<double>(std::filesystem::file_size(file)) / (1 << 20);
}

/// `cold` (or hot), and how many windows.
void daysOfOneSeries(benchmark::State& state)
{
    const auto windows = std::size_t(state.range(1));
    static MovingClock clock(startMs);
    static const StoreFolder folder("watchfire-bench-cold-month");
    static const bool isFilled = (fill(folder, clock, 2, windows), true);
    static_cast<void>(isFilled);
    const Matcher one = Matcher::equal("only", "one");
    read(state, folder, clock, one, startMs, startMs + std::int64_t(windows) * windowMs);
}

/// `cold` (or hot), and how many groups.
void oneHourOfAll(benchmark::State& state)
{
    static MovingClock clock(startMs);
    static const StoreFolder folder("watchfire-bench-cold-hour");
    static const bool isFilled = (fill(folder, clock, std::size_t(state.range(1)), 2), true);
    static_cast<void>(isFilled);
    const Matcher all = Matcher::equal("job", "bench");
    read(state, folder, clock, all, startMs + 8'100'000, startMs + 11'700'000);
}

void add(bool isSmall)
{
    const auto coldAndHot
        = [isSmall](const char* name, auto* bench, const char* what, std::int64_t number) {
              benchmark::RegisterBenchmark(name, bench)
                  ->ArgNames({"cold", what})
                  ->Args({1, number})
                  ->Args({0, number})
                  ->Iterations(isSmall ? 1 : 9)
                  ->UseManualTime()
                  ->Unit(benchmark::kMillisecond);
          };
    coldAndHot("daysOfOneSeries", &daysOfOneSeries, "windows", isSmall ? 2 : 90);
    coldAndHot("oneHourOfAll", &oneHourOfAll, "groups", isSmall ? 1 : 20);
}

} // namespace

int main(int argc, char** argv)
{
    return runBenches(argc, argv, &add);
}
