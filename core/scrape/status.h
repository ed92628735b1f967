// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/model/labels.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace watchfire::scrape {

enum class Health { unknown, up, down };

/// Whether a target answered, in the quarters of an hour of the last day.
class Availability {
public:
    static constexpr std::size_t quarters = 96;
    enum class Slot : std::uint8_t { unknown, up, partly, down };

    void note(Timestamp at, bool up);
    /// Oldest first; the last is the one `now` lies in.
    std::array<Slot, quarters> day(Timestamp now) const;

private:
    void advance(std::int64_t slot);

    std::array<Slot, quarters> m_ring{};
    std::int64_t m_latest = 0; ///< number of the quarter since the epoch; 0: none yet
};

/// One target as people see it.
struct TargetStatus {
    std::uint64_t id = 0; ///< stable while the target exists
    std::string job;
    std::string url;
    std::string instance;
    Labels labels; ///< after relabelling
    Labels discoveredLabels;
    Health health = Health::unknown;
    std::string lastError; ///< empty when up
    std::string lastWarning; ///< what the answer had that was not taken; empty: nothing
    Timestamp lastScrape{}; ///< the epoch: never yet
    std::chrono::microseconds lastDuration{};
    std::uint64_t samples = 0; ///< of the last scrape
    std::uint64_t kept = 0; ///< of those, after metric relabelling
    std::uint64_t bodyBytes = 0;
    std::uint64_t missedTurns = 0; ///< at which the scrape before was not over yet
    std::chrono::milliseconds interval{};
    std::chrono::milliseconds timeout{};
    std::chrono::microseconds scrapeOffset{}; ///< of its turns, within the interval
    bool paused = false;
    bool collector = false;
    Availability availability;
};

/// What a discovery of a job is doing.
struct DiscoveryStatus {
    std::string job;
    std::string kind; ///< "file", "http", …
    std::string source; ///< the address or file, for people
    std::size_t targets = 0; ///< found by it
    Timestamp lastUpdate{}; ///< the epoch: never yet
    std::string lastError; ///< empty: the last try was good
    friend bool operator==(const DiscoveryStatus&, const DiscoveryStatus&) = default;
};

/// Every target at one moment. Immutable once handed out.
struct TargetList {
    std::vector<TargetStatus> targets; ///< sorted by job, then instance, then URL
    std::vector<TargetStatus> dropped; ///< by relabelling: job and discovered labels only
    std::size_t droppedInAll = 0; ///< more than the list, where keep_dropped_targets is set
    std::vector<DiscoveryStatus> discoveries; ///< by job
    std::vector<Error> faults; ///< targets and jobs that could not be made
    std::size_t up = 0;
    std::size_t down = 0;
};

/// Since the start.
struct ScrapeCounts {
    std::uint64_t scrapes = 0;
    std::uint64_t failed = 0;
    std::uint64_t missed = 0;
    std::uint64_t samples = 0; ///< in bodies
    std::uint64_t stored = 0;
    std::uint64_t duplicates = 0; ///< in bodies and in the store
    std::uint64_t tooOld = 0;
    std::uint64_t tooNew = 0;
    std::uint64_t bodyBytes = 0;
};

} // namespace watchfire::scrape
