// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace watchfire {

/// Wall-clock time of samples and events, in milliseconds since the Unix epoch.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

constexpr Timestamp fromUnixMs(std::int64_t ms)
{
    return Timestamp(std::chrono::milliseconds(ms));
}
constexpr std::int64_t unixMs(Timestamp at)
{
    return at.time_since_epoch().count();
}

/// Both ends inclusive.
struct TimeRange {
    Timestamp from;
    Timestamp to;
    friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

/// Where the time comes from; tests turn a clock of their own by hand.
struct Clock {
    virtual ~Clock() = default;
    virtual Timestamp now() const = 0;
};

/// The time of the machine.
struct SystemClock final : Clock {
    Timestamp now() const override
    {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
};

/// An engine whose work is due at moments. It never sleeps and never reads a clock: its
/// owner asks when it is next due and advances it to a given moment.
struct Clockwork {
    virtual ~Clockwork() = default;
    /// Nothing: not due until something else happens.
    virtual std::optional<Timestamp> nextDue() const = 0;
    /// Does all that is due up to and at `now`. `now` may be earlier than last time when the
    /// machine's clock was set back.
    virtual void advance(Timestamp now) = 0;
};

} // namespace watchfire
