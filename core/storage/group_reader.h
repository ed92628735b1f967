// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/histogram.h"
#include "core/model/labels.h"
#include "core/storage/appender.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::storage {

/// One series' samples over its group's timeline.
struct Column {
    /// One value per entry of the timeline; meaningless where absent. Staleness markers are in.
    std::vector<double> values;
    /// One bit per entry, least significant first; empty: every entry is present.
    std::vector<std::uint64_t> present;
    /// Sorted by entry: those that hold a histogram (present, value meaningless).
    std::vector<std::pair<std::uint32_t, std::shared_ptr<const Histogram>>> histograms;
    /// Parallel to values where start times are known, else empty; ms since the epoch, 0 unknown.
    std::vector<std::int64_t> startedAtMs;
    bool mayHoldStale = true; ///< false: no staleness marker among the values

    bool isPresent(std::size_t entry) const
    {
        return present.empty() || (present[entry / 64] >> (entry % 64) & 1) != 0;
    }
    void clear()
    {
        values.clear();
        present.clear();
        histograms.clear();
        startedAtMs.clear();
        mayHoldStale = true;
    }
};

/// The selected series of one group: they share a timeline. Readers are independent of each
/// other and each may be used by one thread at a time.
class GroupReader {
public:
    virtual ~GroupReader() = default;
    virtual std::size_t size() const = 0;
    virtual SeriesRef ref(std::size_t index) const = 0;
    virtual const Labels& labels(std::size_t index) = 0;
    /// By index: of each series only the labels of these names (sorted), equal sets being one
    /// object that lives as long as the reader. Nothing: it cannot tell more quickly than
    /// `labels`, or some series may differ in __type__ or __unit__ alone.
    virtual Result<std::optional<std::vector<const Labels*>>>
    project(const std::vector<std::string>& /*names*/)
    {
        return std::nullopt;
    }
    /// Why labels could not be read: they are given as none then, and what is made of them must
    /// not be used. Nothing: all that were asked for could be.
    virtual std::optional<Error> labelFailure() const { return {}; }
    /// What is damaged and therefore missing from what was read, in words; nothing: nothing is.
    virtual const std::optional<std::string>& leftOut() const
    {
        static const std::optional<std::string> nothing;
        return nothing;
    }
    /// Every moment, ascending, in the selection's range at which the group has a row: ms since
    /// the epoch. Valid until the reader goes.
    virtual Result<std::span<const std::int64_t>> timeline() = 0;
    /// Fills `out` (its memory is reused) for the series at `index`.
    virtual Result<void> read(std::size_t index, Column& out) = 0;
};

} // namespace watchfire::storage
