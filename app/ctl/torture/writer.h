// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/torture/plan.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace watchfire::torture {

/// What the writer puts into its pipe; 8 bytes, never cut in two.
struct Acknowledged {
    enum class What : std::uint16_t {
        row, ///< that row's commit has returned: it survives the death of the process
        durable, ///< and so does that row survive power loss, with all before it
        longestCommit, ///< `row` is how many microseconds it took; at the end, of no group
    };
    std::uint16_t group = 0;
    What what = What::row;
    std::uint32_t row = 0;
};

struct WriterOptions {
    enum class End : std::uint8_t {
        waits, ///< for the kill
        closes, ///< as a program that is told to end
        breaksOff, ///< as one that dies
    };
    std::filesystem::path directory;
    int pipe = -1;
    Plan plan;
    Rows from; ///< the row each group goes on with
    std::chrono::milliseconds commitInterval{200};
    std::int64_t rows = 4'000; ///< of each group
    /// Every so many rows a group has everything made durable; 0: time alone sees to it.
    std::int64_t durableEvery = 0;
    std::int64_t sealEvery = 150; ///< rows
    std::int64_t compactEvery = 1'100; ///< rows
    /// Rows one group may be ahead of the slowest.
    std::int64_t mayLead = 200;
    /// Goes on where the disk refuses something, and tries the row again.
    bool bearsFaults = false;
    End end = End::waits;
};

/// The command line of a writer, without the program; `write` reads it again.
std::vector<std::string> wordsOf(const WriterOptions& options);

/// The process that is killed. Returns what it is to exit with: 0, or 1 after a message on
/// stderr, where the store broke its word; 2 for words that are none.
int write(std::span<const char* const> words);

} // namespace watchfire::torture
