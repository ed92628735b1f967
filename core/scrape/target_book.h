// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/config/config.h"
#include "core/model/labels.h"
#include "core/scrape/body_reader.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace watchfire::scrape {

using RulesPtr = std::shared_ptr<const IntakeRules>;
/// All that one discovery knows. Immutable, so that a worker may read it.
using GroupsPtr = std::shared_ptr<const std::vector<config::TargetGroup>>;

/// What became of a job's targets since last time.
struct TargetChange {
    /// Targets that are new, or whose rules are others than before, with their numbers.
    std::vector<std::pair<std::uint64_t, RulesPtr>> put;
    std::vector<std::uint64_t> gone;
    std::size_t active = 0; ///< in all
    /// Discovered labels of those that relabelling dropped: as many as keep_dropped_targets says.
    std::shared_ptr<const std::vector<Labels>> dropped;
    std::size_t droppedInAll = 0;
    std::vector<Error> faults; ///< of targets that cannot be scraped
};

/// From a job's target groups to its targets, remembering what each came to: of a job with ten
/// thousand targets of which one changed, one is relabelled. One thread at a time.
class TargetBook {
public:
    explicit TargetBook(Ceilings ceilings)
        : m_ceilings(ceilings)
    {
    }

    /// What is different from last time now that the job and its groups are these. Rules of the
    /// job must be prepared. Another `job` object is another configuration: all is made anew.
    TargetChange update(const std::shared_ptr<const config::ScrapeConfig>& job,
                        std::span<const GroupsPtr> groups);

private:
    /// An address and its labels, as 128 bits.
    struct Key {
        std::uint64_t high = 0;
        std::uint64_t low = 0;
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct HashOfKey {
        std::size_t operator()(const Key& key) const { return key.low; }
    };
    struct Outcome {
        std::uint64_t id = 0;
        RulesPtr rules; ///< null: dropped or faulty
        Labels dropped; ///< discovered, where a rule dropped the target
        Error fault; ///< message empty: none
        std::uint64_t seen = 0; ///< the latest update that had it
    };

    static Key keyOf(std::string_view address, const Labels& labels);
    Outcome make(std::string_view address, const Labels& labels) const;

    Ceilings m_ceilings;
    std::shared_ptr<const config::ScrapeConfig> m_job;
    std::uint64_t m_update = 0;
    std::unordered_map<Key, Outcome, HashOfKey> m_outcomes;
    std::unordered_map<std::uint64_t, RulesPtr> m_active;
};

} // namespace watchfire::scrape
