// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/peers/own_figures.h"
#include "tests/bench/peers/query_list.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace watchfire::bench {

struct Measured {
    double wallMs = 0; ///< median, at the client
    double cpuMs = 0; ///< of the program, each time; what it does right after counts
    std::uint64_t peakBytes = 0; ///< the most that was resident meanwhile
    Digest digest;
};

/// One query, as each program answered it.
struct QueryRow {
    Query query;
    std::vector<std::optional<Measured>> byProgram; ///< nothing: it refused
};

struct ProgramFigures {
    std::string name;
    double loadSeconds = 0; ///< the sender's work included
    double loadCpuSeconds = 0;
    std::uint64_t residentBefore = 0; ///< before the first query
    std::uint64_t peakInLife = 0;
    std::uint64_t peakOfQueries = 0;
    std::string hungriest; ///< the query of that peak
};

/// Programs that hold the same samples, and what they were asked.
struct QuerySection {
    std::vector<ProgramFigures> programs;
    std::uint64_t samples = 0; ///< in each
    std::vector<QueryRow> rows;
    std::optional<OwnFigures> own; ///< where they were taken
};

struct QueryReport {
    QuerySection dashboards;
    std::optional<QuerySection> many;
    /// Of the same query, the last rows of `many` are of so many series.
    std::vector<std::size_t> sizes;
    std::array<double, 2> loadAverage{}; ///< of the machine, over a minute, before and after
};

/// What Watchfire says otherwise than Prometheus, or does not say; one sentence each.
std::vector<std::string> differences(const QueryReport& report);

void print(const QueryReport& report);
void printJson(const QueryReport& report);

} // namespace watchfire::bench
