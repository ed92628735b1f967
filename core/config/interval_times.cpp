// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/interval_times.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace watchfire::config {

namespace {

using std::chrono::local_seconds;
using std::chrono::sys_seconds;

/// Null: there is no such zone, or no database.
const std::chrono::time_zone* zoneOf(const std::string& name)
{
    try {
        return name == "Local" ? std::chrono::current_zone()
                               : std::chrono::locate_zone(name.empty() ? "UTC" : name);
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

bool isUtc(const std::string& zone)
{
    return zone.empty() || zone == "UTC";
}

std::optional<local_seconds> localTime(const std::string& zone, Timestamp now)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    if (isUtc(zone)) {
        return local_seconds(seconds.time_since_epoch());
    }
    const std::chrono::time_zone* const at = zoneOf(zone);
    return at == nullptr ? std::nullopt : std::optional(at->to_local(seconds));
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

/// Adds the moments at which clocks show that time: two where they are put back over it, and
/// the change of clocks itself where they skip or repeat it.
void addMoments(const std::chrono::time_zone* zone, local_seconds local, std::set<Timestamp>& out)
{
    if (zone == nullptr) {
        out.insert(sys_seconds(local.time_since_epoch()));
        return;
    }
    const std::chrono::local_info info = zone->get_info(local);
    if (info.result == std::chrono::local_info::unique) {
        out.insert(sys_seconds(local.time_since_epoch()) - info.first.offset);
        return;
    }
    out.insert(info.first.end);
    if (info.result == std::chrono::local_info::ambiguous) {
        out.insert(sys_seconds(local.time_since_epoch()) - info.first.offset);
        out.insert(sys_seconds(local.time_since_epoch()) - info.second.offset);
    }
}

/// Everything in the next days at which the interval may begin or end: midnights, and the ends of
/// its times. It changes at no other moment.
void addCandidates(const TimeIntervalConfig& interval, Timestamp now, int days,
                   std::set<Timestamp>& out)
{
    const auto local = localTime(interval.location, now);
    if (!local) {
        return;
    }
    std::set<int> minutes{0};
    for (const IntervalRange& range : interval.times.value_or(std::vector<IntervalRange>())) {
        minutes.insert({range.from, range.to});
    }
    const std::chrono::time_zone* const zone
        = isUtc(interval.location) ? nullptr : zoneOf(interval.location);
    const auto today = std::chrono::floor<std::chrono::days>(*local);
    for (int day = 0; day <= days; ++day) {
        for (const int minute : minutes) {
            addMoments(zone, today + std::chrono::days(day) + std::chrono::minutes(minute), out);
        }
    }
}

std::optional<Timestamp> nextChangeWithin(const NamedIntervalsConfig& named, Timestamp now,
                                          int days)
{
    std::set<Timestamp> candidates;
    for (const TimeIntervalConfig& interval : named.intervals) {
        addCandidates(interval, now, days, candidates);
    }
    const bool holds = holdsAt(named, now);
    // Of the last day not all zones have told everything.
    const Timestamp horizon = now + std::chrono::days(days - 1);
    for (auto at = candidates.upper_bound(now); at != candidates.end() && *at <= horizon; ++at) {
        if (holdsAt(named, *at) != holds) {
            return *at;
        }
    }
    return std::nullopt;
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

bool holdsAt(const NamedIntervalsConfig& named, Timestamp now)
{
    return std::ranges::any_of(
        named.intervals, [now](const TimeIntervalConfig& each) { return holdsAt(each, now); });
}

std::optional<Timestamp> nextChange(const NamedIntervalsConfig& named, Timestamp now)
{
    // Nearly all change within a week; a year of candidates takes tens of milliseconds.
    if (const auto soon = nextChangeWithin(named, now, 9)) {
        return soon;
    }
    return nextChangeWithin(named, now, 368);
}

} // namespace watchfire::config
