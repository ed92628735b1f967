// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/exemplar.h"
#include "core/model/labels.h"
#include "core/model/metadata.h"
#include "core/storage/appender.h"

#include <cstdint>
#include <span>

namespace watchfire::storage {

/// Place of a series in its group's rows.
using Position = std::uint32_t;

/// A sample with a time of its own (an explicit timestamp in an exposition).
struct PositionedSample {
    Position position = 0;
    Timestamp at{};
    double value = 0;
    Timestamp startedAt{}; ///< when its counter started; the epoch: unknown
};
struct PositionedHistogram {
    Position position = 0;
    Timestamp at{};
    const Histogram* histogram = nullptr;
    Timestamp startedAt{}; ///< likewise
};
/// When the counter at a position started.
struct PositionedStart {
    Position position = 0;
    Timestamp startedAt{};
};
struct PositionedExemplar {
    Position position = 0;
    Exemplar exemplar;
};

/// One scrape, or one evaluation of a rule group.
struct Row {
    Timestamp at{};
    /// By position; absentValue() where the scrape had nothing. May be shorter than the layout.
    std::span<const double> values;
    std::span<const PositionedSample> timed;
    std::span<const PositionedHistogram> histograms;
    std::span<const PositionedExemplar> exemplars;
    std::span<const FamilyMetadata> metadata;
    /// Of samples in `values`, each position at most once. Where none is told it is unknown.
    std::span<const PositionedStart> startedAt{};
};

/// The write side of one group: the series that share a target's scrapes. Used by one thread
/// at a time (the scrape's worker).
class GroupWriter {
public:
    virtual ~GroupWriter() = default;
    /// The position of that series, added at the end of the layout when it is new to the
    /// group. Fails with ErrorKind::limit when a series budget refuses it.
    virtual Result<Position> position(const Labels& labels) = 0;
    /// Positions handed out so far.
    virtual std::size_t positions() const = 0;
    /// Changes when positions were renumbered, so that all remembered ones are void. Happens
    /// only inside `commit`.
    virtual std::uint64_t layoutVersion() const = 0;
    /// Makes the whole row visible at once; a query sees all of it or nothing. Once it returns,
    /// a death of the process loses nothing of it. Fails with ErrorKind::io when the store
    /// cannot take it (disk full); nothing of it is stored then.
    virtual Result<CommitReport> commit(const Row& row) = 0;
};

} // namespace watchfire::storage
