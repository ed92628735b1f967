// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/model/matcher.h"
#include "core/storage/appender.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <string_view>
#include <vector>

namespace watchfire::transfer {

inline constexpr std::int64_t beginningOfTime = std::numeric_limits<std::int64_t>::min() / 1024;
inline constexpr std::int64_t endOfTime = std::numeric_limits<std::int64_t>::max() / 1024;

/// What is taken, and how.
struct ImportOptions {
    /// Both ends inclusive.
    TimeRange range{fromUnixMs(beginningOfTime), fromUnixMs(endOfTime)};
    /// Series that one of them matches; none: every series.
    std::vector<Matchers> selections;
    /// Samples between two commits, about; what an import holds in memory follows from it.
    std::size_t batch = std::size_t{1} << 20;
    /// Told now and then how much is done, 0…1.
    std::function<void(double done)> progress;
};

/// What an import did. Right up to the moment of a failure too.
struct ImportReport {
    storage::CommitReport commit; ///< of what was handed over: stored, duplicates, conflicts …
    std::uint64_t samples = 0; ///< handed over, histograms included
    std::uint64_t histograms = 0;
    std::uint64_t exemplars = 0;
    std::uint64_t refusedSeries = 0; ///< their labels cannot be stored
    std::uint64_t blocks = 0;
    std::uint64_t overlappingBlocks = 0; ///< begin before an earlier one ends: the earlier wins
};

/// OpenMetrics text in which every sample has a timestamp; the text must outlive the call. It is
/// read as a whole before anything is stored, so a fault in it leaves the store as it was:
/// ErrorKind::invalid, "line 3, column 7: …". Then once for every slice of time of about `batch`
/// samples, so that rows come out dense however the text is ordered.
///
/// Times are cut to milliseconds. Type, help and unit of families, and exemplars, go along.
/// Source: OpenMetrics 1.0; Prometheus, "promtool tsdb create-blocks-from openmetrics".
Result<void> importOpenMetrics(std::string_view text, storage::Appender& to,
                               const ImportOptions& options, ImportReport& report);

/// The blocks that `promblocks::findBlocks` sees in the folder, oldest first, each group of
/// series (job and instance) for itself in slices of time. A block is opened, and with it its
/// index checked, before anything of it is stored; chunks are checked as they come.
Result<void> importBlocks(const std::filesystem::path& folder, storage::Appender& to,
                          const ImportOptions& options, ImportReport& report);

} // namespace watchfire::transfer
