// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/model/exemplar.h"
#include "core/model/matcher.h"
#include "core/storage/group_reader.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::storage {

using GroupReaders = std::vector<std::unique_ptr<GroupReader>>;

/// One snapshot of the store: what was committed when it was made. Used by one thread, but the
/// GroupReaders it hands out may each go to another. It must outlive them.
class Querier {
public:
    virtual ~Querier() = default;
    /// Series that match all matchers and may have samples in the range (both ends inclusive),
    /// by group. No samples are read yet. At least one matcher should not match "".
    virtual Result<GroupReaders> select(std::span<const Matcher> matchers, TimeRange range) = 0;
    /// Label sets of the series that match, sorted. Nothing is decoded.
    virtual Result<std::vector<Labels>> series(std::span<const Matcher> matchers, TimeRange range)
        = 0;
    /// Sorted, each once. Without matchers: of every series in range.
    virtual Result<std::vector<std::string>> labelNames(std::span<const Matcher> matchers,
                                                        TimeRange range)
        = 0;
    virtual Result<std::vector<std::string>>
    labelValues(std::string_view name, std::span<const Matcher> matchers, TimeRange range) = 0;
};

/// What somebody who keeps answers must know of what they were made from.
struct History {
    std::uint64_t epoch = 0; ///< grows whenever something changes that was settled
    Timestamp settledUntil{}; ///< samples up to then are all there, as a rule
};

/// Opens snapshots; from any thread.
class Queryable {
public:
    virtual ~Queryable() = default;
    virtual Result<std::unique_ptr<Querier>> querier() = 0;
    /// Nothing: anything may change at any time.
    virtual std::optional<History> history() const { return std::nullopt; }
};

} // namespace watchfire::storage
