// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/functions/date_parts.h"

#include <chrono>
#include <cmath>

namespace watchfire::promql::dates {

namespace {

using Seconds = std::chrono::sys_seconds;

Seconds timeOf(double seconds)
{
    // The calendar of the standard library ends with the year 32767.
    constexpr double furthest = 9e11;
    const double cut
        = std::isnan(seconds) ? -furthest : std::fmin(std::fmax(seconds, -furthest), furthest);
    return Seconds(std::chrono::seconds(static_cast<long long>(cut)));
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
    return number(static_cast<int>(dateOf(seconds).year()));
}

} // namespace watchfire::promql::dates
