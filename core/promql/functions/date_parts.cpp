// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/functions/date_parts.h"

#include <chrono>
#include <cstdint>

namespace watchfire::promql::dates {

namespace {

using Seconds = std::chrono::sys_seconds;

constexpr std::int64_t eraYears = 400; // the calendar repeats itself, weekdays included
constexpr std::int64_t eraSeconds = 146'097LL * 86'400;

/// A moment of the calendar without end: whole eras, and a time in the one that begins with 1970.
struct Moment {
    std::int64_t era = 0;
    Seconds within{};
};

Moment momentOf(double seconds)
{
    constexpr double limit = 9223372036854775808.0; // 2^63
    if (!(seconds > -limit && seconds < limit)) {
        // What Prometheus' clock makes of a number that is no time: the second 2^63.
        constexpr auto last = std::uint64_t{1} << 63;
        return {static_cast<std::int64_t>(last / eraSeconds),
                Seconds(std::chrono::seconds(last % eraSeconds))};
    }
    const auto whole = static_cast<std::int64_t>(seconds);
    const std::int64_t left = whole % eraSeconds;
    const bool isBefore = left < 0;
    return {whole / eraSeconds - (isBefore ? 1 : 0),
            Seconds(std::chrono::seconds(isBefore ? left + eraSeconds : left))};
}

Seconds timeOf(double seconds)
{
    return momentOf(seconds).within;
}

std::chrono::year_month_day dateOf(double seconds)
{
    return std::chrono::floor<std::chrono::days>(timeOf(seconds));
}

std::chrono::seconds sinceMidnight(double seconds)
{
    const Seconds at = timeOf(seconds);
    return at - std::chrono::floor<std::chrono::days>(at);
}

double number(auto value)
{
    return static_cast<double>(value);
}

} // namespace

double dayOfMonth(double seconds)
{
    return number(static_cast<unsigned>(dateOf(seconds).day()));
}

double dayOfWeek(double seconds)
{
    const std::chrono::weekday day(std::chrono::floor<std::chrono::days>(timeOf(seconds)));
    return number(day.c_encoding());
}

double dayOfYear(double seconds)
{
    const std::chrono::year_month_day date = dateOf(seconds);
    const std::chrono::sys_days first = date.year() / std::chrono::January / 1;
    return number((std::chrono::sys_days(date) - first).count() + 1);
}

double daysInMonth(double seconds)
{
    const std::chrono::year_month_day date = dateOf(seconds);
    const std::chrono::year_month_day_last last(date.year(),
                                                std::chrono::month_day_last(date.month()));
    return number(static_cast<unsigned>(last.day()));
}

double hour(double seconds)
{
    return number(std::chrono::floor<std::chrono::hours>(sinceMidnight(seconds)).count());
}

double minute(double seconds)
{
    const std::chrono::seconds day = sinceMidnight(seconds);
    return number((std::chrono::floor<std::chrono::minutes>(day)
                   - std::chrono::floor<std::chrono::hours>(day))
                      .count());
}

double month(double seconds)
{
    return number(static_cast<unsigned>(dateOf(seconds).month()));
}

double year(double seconds)
{
    return number(static_cast<int>(dateOf(seconds).year()) + momentOf(seconds).era * eraYears);
}

} // namespace watchfire::promql::dates
