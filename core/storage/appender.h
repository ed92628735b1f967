// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/exemplar.h"
#include "core/model/labels.h"
#include "core/model/metadata.h"
#include "core/model/sample.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace watchfire::storage {

/// The store's number of a series; 0 is none.
using SeriesRef = std::uint32_t;

/// What a commit did with its samples.
struct CommitReport {
    std::uint64_t stored = 0;
    std::uint64_t duplicates = 0; ///< same time, same value: nothing to do
    std::uint64_t conflicts = 0; ///< same time, other value: the first won
    std::uint64_t tooOld = 0; ///< older than the late-data window
    std::uint64_t tooNew = 0; ///< too far in the future
    std::uint64_t refused = 0; ///< over a series budget
    std::uint64_t newSeries = 0;

    CommitReport& operator+=(const CommitReport& other)
    {
        stored += other.stored;
        duplicates += other.duplicates;
        conflicts += other.conflicts;
        tooOld += other.tooOld;
        tooNew += other.tooNew;
        refused += other.refused;
        newSeries += other.newSeries;
        return *this;
    }
};

/// Takes samples one by one: remote write, push, imports. Used by one thread; dropped
/// uncommitted, nothing of it is stored. Scrapes and rules use a GroupWriter instead.
class Appender {
public:
    virtual ~Appender() = default;
    /// `hint` is what an earlier call returned for these labels, or 0. Fails with
    /// ErrorKind::invalid for a label set that cannot be stored. A sample out of order or in
    /// conflict is counted in the report and is no failure.
    virtual Result<SeriesRef> append(SeriesRef hint, const Labels& labels, const SampleView& sample)
        = 0;
    /// The number of a series that is there, be it by samples that are not committed yet; 0: there
    /// is none.
    virtual Result<SeriesRef> find(const Labels& labels) = 0;
    virtual Result<void> appendExemplars(SeriesRef series, std::span<const Exemplar> exemplars) = 0;
    virtual void setMetadata(std::string_view family, const Metadata& metadata) = 0;
    /// Makes all of it visible. Once it returns, a death of the process loses nothing of it.
    virtual Result<CommitReport> commit() = 0;
};

} // namespace watchfire::storage
