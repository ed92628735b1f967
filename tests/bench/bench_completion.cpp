// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a key costs while 100,000 names are completed: ranking all of them and keeping the best
// 200. Target: at most 17 ms, whatever was typed.
#include "ui/editor/name_index.h"

#include <array>
#include <benchmark/benchmark.h>
#include <format>
#include <string>
#include <vector>

namespace {

using watchfire::ui::editor::NameIndex;

std::vector<std::string> makeNames(std::size_t count)
{
    constexpr std::array subsystems{"node",    "process",   "go",      "http", "kube",
                                    "haproxy", "container", "storage", "grpc", "alertmanager"};
    constexpr std::array things{"cpu",      "memory",     "disk", "network", "request",
                                "response", "filesystem", "gc",   "fd",      "queue"};
    constexpr std::array ends{"seconds_total", "bytes",        "total",  "count", "ratio",
                              "info",          "errors_total", "bucket", "usage", "seconds"};
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i) {
        names.push_back(std::format("{}_{}_{}_{}", subsystems[i % 10], things[i / 10 % 10],
                                    i / 1000, ends[i / 100 % 10]));
    }
    return names;
}

/// Typed: a letter that nearly all have, a word, letters only, nothing that fits.
constexpr std::array typed{"s", "no", "cpu", "seconds", "nodecpu", "ncs99", "zzzz"};

void rankNames(benchmark::State& state)
{
    static const NameIndex index(makeNames(100'000));
    const std::vector<std::string> recent{"node_cpu_0_bytes", "http_request_3_total"};
    const char* const query = typed[static_cast<std::size_t>(state.range(0))];
    std::size_t matching = 0;
    for (auto _ : state) {
        const auto ranking = index.rank({.typed = query, .recent = recent});
        matching = ranking.matching;
        benchmark::DoNotOptimize(ranking.best.data());
    }
    state.SetLabel(query);
    state.counters["matching"] = static_cast<double>(matching);
}

/// On a worker, whenever the names come in.
void indexNames(benchmark::State& state)
{
    const auto names = makeNames(100'000);
    for (auto _ : state) {
        const NameIndex index(names);
        benchmark::DoNotOptimize(index.names().data());
    }
}

BENCHMARK(rankNames)->DenseRange(0, int(typed.size()) - 1)->Unit(benchmark::kMillisecond);
BENCHMARK(indexNames)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
