// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/torture/plan.h"
#include "app/ctl/torture/writer.h"
#include "core/base/result.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace watchfire::torture {

struct TortureOptions {
    /// Empty or not there; what is left of the store stays.
    std::filesystem::path directory;
    /// A program and its first words; those of `wordsOf` follow, for `write`.
    std::vector<std::string> program;
    int kills = 50;
    std::chrono::milliseconds writing{10'000}; ///< in all, about
    std::uint64_t seed = 1;
    Plan plan;
    /// Told what happens, a line at a time.
    std::function<void(const std::string&)> say;
};

struct TortureReport {
    int kills = 0;
    std::uint64_t rows = 0; ///< that a commit accepted
    std::uint64_t samples = 0; ///< compared
    std::uint64_t exemplars = 0; ///< likewise
    std::uint64_t lost = 0;
    std::uint64_t halfVisible = 0;
    std::uint64_t wrong = 0;
    std::uint64_t damaged = 0; ///< entries, as verification finds them
    std::uint64_t leakedPages = 0; ///< at most, after any kill
    std::uint64_t fileBytes = 0; ///< at the end
    std::vector<std::chrono::microseconds> recoveries; ///< sorted: from opening to ready
    std::vector<std::string> faults; ///< the first few, in words

    bool isFine() const
    {
        return lost == 0 && halfVisible == 0 && wrong == 0 && damaged == 0 && leakedPages == 0;
    }
    /// "50 kills, 0 lost, 0 half visible, …"
    std::string closingLine() const;
};

/// Kills a writer again and again and compares what it leaves with what it was told to write.
/// Fails when it cannot: the writer does not start or ends by itself, the folder is in use, or
/// the store does not open.
Result<TortureReport> torture(const TortureOptions& options);

/// A running writer and what it has reported.
class WriterProcess {
public:
    /// The pipe is added to the options. `environment`: more variables, NAME=VALUE.
    static Result<WriterProcess> start(std::vector<std::string> program, WriterOptions options,
                                       const std::vector<std::string>& environment = {});
    WriterProcess(WriterProcess&& other) noexcept;
    WriterProcess& operator=(WriterProcess&&) = delete;
    ~WriterProcess(); ///< kills it

    /// Reads reports until it ends, which it is made to after that time. Raises `acknowledged`.
    /// Returns its status as waitpid gives it.
    int await(std::chrono::milliseconds killAfter, Rows& acknowledged);

private:
    WriterProcess(int child, int pipe)
        : m_child(child)
        , m_pipe(pipe)
    {
    }
    int m_child = -1;
    int m_pipe = -1;
};

} // namespace watchfire::torture
