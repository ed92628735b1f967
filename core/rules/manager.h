// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/executor.h"
#include "core/rules/group.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace watchfire::rules {

/// Keeps the groups of the configuration and evaluates each when it is due, on the workers.
/// Due moments of a group lie on a grid of its interval, shifted by a hash of its name and file,
/// so that a restart continues the same grid. A turn that comes while the last one still runs
/// is missed and counted.
///
/// All calls on the owner's thread; `owner` brings the end of an evaluation back to it.
class Manager final : public Clockwork {
public:
    Manager(Surroundings surroundings, Executor& workers, Executor& owner);
    ~Manager() override;
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;

    /// Of groups that have none of their own.
    struct Defaults {
        std::chrono::milliseconds interval{};
        std::chrono::milliseconds queryOffset{};
    };
    /// Unchanged groups go on; changed ones keep the state of their unchanged rules. Groups of the
    /// first configuration restore the `for` states of before the start. The series of a group
    /// that is gone end two of its intervals later, unless another makes them by then.
    void apply(const std::vector<config::RuleGroupConfig>& groups, const Defaults& defaults,
               Timestamp now);

    std::optional<Timestamp> nextDue() const override;
    void advance(Timestamp now) override;

    struct Picture {
        std::shared_ptr<const GroupReport> report;
        Timestamp nextDue{};
        std::uint64_t missed = 0;
    };
    /// In the order of the configuration.
    std::vector<Picture> pictures() const;
    /// Grows by one with every evaluation that ended.
    std::uint64_t evaluations() const { return m_evaluations; }

private:
    struct Slot {
        std::shared_ptr<Group> group;
        std::shared_ptr<Group> replacement; ///< put in place when the running evaluation ends
        bool running = false;
        Timestamp nextDue{};
        Timestamp lastDue{};
        std::uint64_t missed = 0;
    };
    using SlotPtr = std::shared_ptr<Slot>;
    /// A group that was taken out of the configuration.
    struct Leaving {
        SlotPtr slot;
        Timestamp leftAt{};
        Timestamp endsAt{};
    };

    SlotPtr slotFor(const config::RuleGroupConfig& config, const GroupOptions& options,
                    std::vector<SlotPtr>& before, Timestamp now);
    SlotPtr returning(const config::RuleGroupConfig& config);
    void endLeaving(Timestamp now);

    void start(const SlotPtr& slot, Timestamp at);
    void ended(const SlotPtr& slot);

    Surroundings m_surroundings;
    Executor& m_workers;
    Executor& m_owner;
    std::vector<SlotPtr> m_slots;
    std::vector<Leaving> m_leaving;
    bool m_isConfigured = false;
    std::uint64_t m_evaluations = 0;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

/// The first moment after `now` on the grid of that group.
Timestamp nextTurn(const config::RuleGroupConfig& group, std::chrono::milliseconds interval,
                   Timestamp now);

} // namespace watchfire::rules
