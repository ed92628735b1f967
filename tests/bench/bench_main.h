// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <benchmark/benchmark.h>
#include <cstring>
#include <functional>
#include <span>

namespace watchfire::bench {

/// A program's main function. `add` registers its benches: in full, or with the flag --small with
/// so little that a debug build is through in seconds, whose figures say nothing.
inline int runBenches(int argc, char** argv, const std::function<void(bool isSmall)>& add)
{
    const std::span words(argv, static_cast<std::size_t>(argc));
    const auto rest = std::ranges::remove_if(
        words, [](const char* word) { return std::strcmp(word, "--small") == 0; });
    add(!rest.empty());
    argc -= static_cast<int>(rest.size());
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 1;
    }
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}

} // namespace watchfire::bench
