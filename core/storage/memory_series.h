// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/exemplar.h"
#include "core/model/histogram.h"
#include "core/model/labels.h"
#include "core/model/sample.h"
#include "core/storage/appender.h"
#include "core/storage/group_reader.h"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

namespace watchfire::storage::memory {

/// A stored sample and the commit that brought it.
struct StoredSample {
    std::int64_t atMs = 0;
    std::int64_t startedAtMs = 0; ///< 0: unknown
    double value = 0;
    std::shared_ptr<const Histogram> histogram;
    std::uint64_t commit = 0;
};

/// One series with its samples, ascending in time.
struct Series {
    SeriesRef ref = 0;
    Labels labels;
    std::vector<StoredSample> samples;
    std::vector<Exemplar> exemplars;

    /// Puts the sample in its place and counts in `report` what became of it.
    void insert(const StoredSample& sample, CommitReport& report);
};

/// Reads copies of the series' samples that `commit` or an earlier one brought and that lie in
/// the range.
std::unique_ptr<GroupReader> makeReader(std::span<const Series* const> series, std::int64_t fromMs,
                                        std::int64_t toMs, std::uint64_t commit);

} // namespace watchfire::storage::memory
