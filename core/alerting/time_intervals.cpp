// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/time_intervals.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>

namespace watchfire::alerting {

namespace {

using config::IntervalRange;
using config::TimeIntervalConfig;

std::optional<std::chrono::local_seconds> localTime(const std::string& zone, Timestamp now)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    if (zone.empty() || zone == "UTC") {
        return std::chrono::local_seconds(seconds.time_since_epoch());
    }
    try {
        const std::chrono::time_zone* const at
            = zone == "Local" ? std::chrono::current_zone() : std::chrono::locate_zone(zone);
        return at->to_local(seconds);
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
}

/// A field that is not there holds; one that is needs a range with the value inside.
bool within(const TimeIntervalConfig::Ranges& ranges, int value)
{
    return !ranges || std::ranges::any_of(*ranges, [value](const IntervalRange& range) {
        return range.from <= value && value <= range.to;
    });
}

bool withinTimes(const TimeIntervalConfig::Ranges& times, int minute)
{
    return !times || std::ranges::any_of(*times, [minute](const IntervalRange& range) {
        return range.from <= minute && minute < range.to;
    });
}

bool withinDays(const TimeIntervalConfig::Ranges& days, const std::chrono::year_month_day& date)
{
    if (!days) {
        return true;
    }
    const auto number = [](std::chrono::day day) { return static_cast<int>(unsigned{day}); };
    const int last = number((date.year() / date.month() / std::chrono::last).day());
    const int today = number(date.day());
    return std::ranges::any_of(*days, [last, today](const IntervalRange& range) {
        const int from = range.from < 0 ? last + range.from + 1 : range.from;
        const int to = range.to < 0 ? last + range.to + 1 : range.to;
        // A range that begins behind the month's end does not hold on its last day instead.
        return from <= last && from <= today && today <= to;
    });
}

} // namespace

bool holdsAt(const TimeIntervalConfig& interval, Timestamp now)
{
    const auto local = localTime(interval.location, now);
    if (!local) {
        return false;
    }
    const auto day = std::chrono::floor<std::chrono::days>(*local);
    const std::chrono::year_month_day date(day);
    const auto minute = std::chrono::duration_cast<std::chrono::minutes>(*local - day).count();
    return withinTimes(interval.times, static_cast<int>(minute))
        && within(interval.weekdays, static_cast<int>(std::chrono::weekday(day).c_encoding()))
        && withinDays(interval.daysOfMonth, date)
        && within(interval.months, static_cast<int>(unsigned{date.month()}))
        && within(interval.years, int{date.year()});
}

std::vector<std::string> holdingAt(std::span<const std::string> names,
                                   std::span<const config::NamedIntervalsConfig> intervals,
                                   Timestamp now)
{
    std::vector<std::string> holding;
    for (const std::string& name : names) {
        const auto found = std::ranges::find(intervals, name, &config::NamedIntervalsConfig::name);
        if (found != intervals.end()
            && std::ranges::any_of(found->intervals, [now](const TimeIntervalConfig& interval) {
                   return holdsAt(interval, now);
               })) {
            holding.push_back(name);
        }
    }
    return holding;
}

} // namespace watchfire::alerting
