// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace watchfire::scrape {

/// Says when each target's turn is. A target's turns lie on a grid of its interval, shifted by
/// its number, so that targets spread evenly over the interval and keep their place through
/// restarts and reloads. Turns that pass while nobody advances (a suspend, a clock set forward)
/// are not made up for: a target that missed more than an interval starts again within two
/// seconds, not all of them at once. A clock set back moves the next turn along.
///
/// Numbers should be hashes. Used by one thread.
class Schedule final : public Clockwork {
public:
    using Id = std::uint64_t;
    struct Turn {
        Id id = 0;
        Timestamp due{};
    };
    using Handler = std::function<void(const Turn&)>;

    explicit Schedule(Handler handler);

    /// The first turn is at `first`, the next on the grid. Adding again replaces.
    void add(Id id, std::chrono::milliseconds interval, Timestamp first);
    void remove(Id id);
    bool contains(Id id) const { return m_entries.contains(id); }

    std::optional<Timestamp> nextDue() const override;
    /// Calls the handler once for each target whose turn has come, in order of time. The
    /// handler may change the schedule.
    void advance(Timestamp now) override;

    /// Where its turns lie on the grid.
    static std::chrono::milliseconds offsetOf(Id id, std::chrono::milliseconds interval);
    /// The first turn after `at`.
    static Timestamp turnAfter(Id id, std::chrono::milliseconds interval, Timestamp at);

private:
    struct Entry {
        std::chrono::milliseconds interval{};
        Timestamp due{};
    };
    void move(Id id, Entry& entry, Timestamp due);

    Handler m_handler;
    std::unordered_map<Id, Entry> m_entries;
    std::set<std::pair<Timestamp, Id>> m_order;
    Timestamp m_latest = Timestamp::min();
};

} // namespace watchfire::scrape
