// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/axes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include <QDateTime>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace watchfire::ui::chart {

namespace {

constexpr double farthest = 1e300; // beyond it the width of a range itself would overflow
constexpr std::size_t hardLimit = 200; // marks; a guard against absurd ranges

// --- time --------------------------------------------------------------------------------

constexpr std::int64_t second = 1000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;

enum class Grid { clock, days, weeks, months, years };

struct TimeStep {
    Grid grid;
    std::int64_t count; ///< milliseconds for Grid::clock, else days, months, years
    std::int64_t approximately; ///< milliseconds
};

TimeStep stepFor(double rangeMs, int most)
{
    static constexpr std::array clockSteps{
        1L,          2L,       5L,         10L,        20L,         50L,         100L,
        200L,        500L,     second,     2 * second, 5 * second,  10 * second, 15 * second,
        30 * second, minute,   2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute,
        hour,        2 * hour, 3 * hour,   6 * hour,   12 * hour};
    const double least = rangeMs / std::max(1, most);
    for (const std::int64_t step : clockSteps) {
        if (double(step) >= least) {
            return {Grid::clock, step, step};
        }
    }
    static constexpr std::array calendarSteps{
        TimeStep{Grid::days, 1, day},           TimeStep{Grid::days, 2, 2 * day},
        TimeStep{Grid::weeks, 1, 7 * day},      TimeStep{Grid::weeks, 2, 14 * day},
        TimeStep{Grid::months, 1, 31 * day},    TimeStep{Grid::months, 2, 62 * day},
        TimeStep{Grid::months, 3, 92 * day},    TimeStep{Grid::months, 6, 184 * day},
        TimeStep{Grid::years, 1, 366 * day},    TimeStep{Grid::years, 2, 731 * day},
        TimeStep{Grid::years, 5, 1827 * day},   TimeStep{Grid::years, 10, 3653 * day},
        TimeStep{Grid::years, 50, 18263 * day}, TimeStep{Grid::years, 200, 73050 * day}};
    for (const TimeStep& step : calendarSteps) {
        if (double(step.approximately) >= least) {
            return step;
        }
    }
    return calendarSteps.back();
}

/// Midnight of that day, or the first moment it has where midnight is skipped.
QDateTime dayStart(const QDate& date, const QTimeZone& zone)
{
    return date.startOfDay(zone);
}

/// Calls `mark` for each moment of the grid from just before `fromMs` until it returns false.
template <class Mark>
void walk(const TimeStep& step, double fromMs, const QTimeZone& zone, Mark mark)
{
    const auto first = QDateTime::fromMSecsSinceEpoch(std::int64_t(std::floor(fromMs)), zone);
    const QDate date = first.date();
    switch (step.grid) {
    case Grid::clock: {
        // Below an hour the grid runs in real time from the zone's own quarter hour; above, it
        // is laid on the clock face of each day anew, so 06:00 stays 06:00 when clocks change.
        if (step.count <= hour) {
            const std::int64_t offset = std::int64_t(first.offsetFromUtc()) * second;
            const std::int64_t local = first.toMSecsSinceEpoch() + offset;
            std::int64_t at = local - ((local % step.count) + step.count) % step.count - offset;
            while (mark(double(at))) {
                at += step.count;
            }
            return;
        }
        for (QDate today = date;; today = today.addDays(1)) {
            std::int64_t before = 0;
            for (std::int64_t clock = 0; clock < day; clock += step.count) {
                const QDateTime moment = clock == 0
                    ? dayStart(today, zone)
                    : QDateTime(today, QTime::fromMSecsSinceStartOfDay(int(clock)), zone);
                const std::int64_t at = moment.toMSecsSinceEpoch();
                // A clock time that the spring change skips falls on the next one: once.
                if (clock > 0 && at <= before) {
                    continue;
                }
                before = at;
                if (!mark(double(at))) {
                    return;
                }
            }
        }
    }
    case Grid::days: {
        QDate at = date.addDays(-(date.toJulianDay() % step.count));
        while (mark(double(dayStart(at, zone).toMSecsSinceEpoch()))) {
            at = at.addDays(step.count);
        }
        return;
    }
    case Grid::weeks: {
        const qint64 monday = date.toJulianDay() - (date.dayOfWeek() - 1);
        QDate at = QDate::fromJulianDay(monday - 7 * ((monday / 7) % step.count));
        while (mark(double(dayStart(at, zone).toMSecsSinceEpoch()))) {
            at = at.addDays(7 * step.count);
        }
        return;
    }
    case Grid::months: {
        const int month = int((date.month() - 1) / step.count * step.count) + 1;
        QDate at(date.year(), month, 1);
        while (mark(double(dayStart(at, zone).toMSecsSinceEpoch()))) {
            at = at.addMonths(int(step.count));
        }
        return;
    }
    case Grid::years: {
        int year = date.year() - int(((date.year() % step.count) + step.count) % step.count);
        while (mark(double(dayStart(QDate(year, 1, 1), zone).toMSecsSinceEpoch()))) {
            year += int(step.count);
        }
        return;
    }
    }
}

QString timeLabel(const TimeStep& step, double atMs, const QTimeZone& zone)
{
    const auto at = QDateTime::fromMSecsSinceEpoch(std::int64_t(atMs), zone);
    const QLocale locale;
    const bool startOfDay
        = at.time().msecsSinceStartOfDay() == 0 || at == at.date().startOfDay(zone);
    switch (step.grid) {
    case Grid::clock:
        if (startOfDay) {
            return locale.toString(at.date(), u"d MMM"_s);
        }
        if (step.count < second) {
            return locale.toString(at.time(), u"HH:mm:ss.zzz"_s);
        }
        return locale.toString(at.time(), step.count < minute ? u"HH:mm:ss"_s : u"HH:mm"_s);
    case Grid::days:
    case Grid::weeks:
        return at.date().dayOfYear() <= (step.grid == Grid::days ? 1 : 0)
            ? locale.toString(at.date(), u"yyyy"_s)
            : locale.toString(at.date(), u"d MMM"_s);
    case Grid::months:
        return locale.toString(at.date(), at.date().month() == 1 ? u"yyyy"_s : u"MMM"_s);
    case Grid::years:
        break;
    }
    return locale.toString(at.date(), u"yyyy"_s);
}

// --- values ------------------------------------------------------------------------------

double decimalStep(double least)
{
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (power * factor >= least * (1 - 1e-9)) {
            return power * factor;
        }
    }
    return power * 10;
}

/// The smallest round step of that unit that is not below `least`.
double roundStep(double least, const Unit& unit)
{
    if (!(least > 0) || !std::isfinite(least)) {
        return 1;
    }
    switch (unit.scale) {
    case Unit::Scale::binary:
        return least < 1 ? decimalStep(least) : std::exp2(std::ceil(std::log2(least) - 1e-9));
    case Unit::Scale::duration: {
        static constexpr std::array<double, 19> steps{1,     2,     5,     10,    15,    30,   60,
                                                      120,   300,   600,   900,   1800,  3600, 7200,
                                                      10800, 21600, 43200, 86400, 172800};
        if (least < 1) {
            return decimalStep(least);
        }
        const auto* const found = std::ranges::find_if(
            steps, [least](double step) { return step >= least * (1 - 1e-9); });
        return found != steps.end() ? *found : decimalStep(least / 86'400) * 86'400;
    }
    case Unit::Scale::si:
    case Unit::Scale::percent:
    case Unit::Scale::ratio:
    case Unit::Scale::plain:
        break;
    }
    return decimalStep(least);
}

Ticks linearTicks(double low, double high, double step, const Unit& unit)
{
    Ticks ticks;
    const double first = std::ceil(low / step - 1e-6);
    const double last = std::floor(high / step + 1e-6);
    for (double index = first; index <= last && ticks.size() < hardLimit; ++index) {
        ticks.push_back({index * step, formatTick(index * step, step, unit)});
    }
    return ticks;
}

/// Marks of a logarithmic axis: decades, thinned when many; with 2 and 5 when few.
Ticks logarithmicTicks(double low, double high, int most, const Unit& unit)
{
    const double first = std::floor(low + 1e-9);
    const double last = std::ceil(high - 1e-9);
    const double decades = last - first;
    const double stride = std::max(1.0, std::ceil(decades / std::max(1, most)));
    const bool fine = decades * 3 <= most;
    Ticks ticks;
    for (double power = first; power <= last && ticks.size() < hardLimit; power += stride) {
        for (const double factor : {1.0, 2.0, 5.0}) {
            const double at = power + std::log10(factor);
            if (at < low - 1e-9 || at > high + 1e-9 || (factor > 1 && !fine)) {
                continue;
            }
            const double value = std::pow(10.0, power) * factor;
            ticks.push_back({at, formatTick(value, value, unit)});
        }
    }
    return ticks;
}

} // namespace

Ticks timeTicks(double fromMs, double toMs, int most, const QTimeZone& zone)
{
    if (!(toMs > fromMs) || !std::isfinite(fromMs) || !std::isfinite(toMs)) {
        return {};
    }
    const TimeStep step = stepFor(toMs - fromMs, most);
    Ticks ticks;
    walk(step, fromMs, zone, [&](double at) {
        if (at > toMs) {
            return false;
        }
        if (at >= fromMs) {
            ticks.push_back({at, timeLabel(step, at, zone)});
        }
        return ticks.size() < hardLimit;
    });
    return ticks;
}

double ValueScale::toAxis(double value) const
{
    return logarithmic ? std::log10(value) : value;
}

double ValueScale::fromAxis(double at) const
{
    return logarithmic ? std::pow(10.0, at) : at;
}

ValueScale fitValues(double low, double high, int most, const Unit& unit, bool withZero)
{
    if (!(low <= high)) {
        low = 0;
        high = unit.scale == Unit::Scale::percent ? 100 : 1;
    }
    const auto tamed = [](double value) {
        return std::abs(value) < 1 / farthest ? 0 : std::clamp(value, -farthest, farthest);
    };
    low = tamed(low);
    high = tamed(high);
    if (withZero) {
        low = std::min(low, 0.0);
        high = std::max(high, 0.0);
    }
    if (high - low <= std::max(std::abs(low), std::abs(high)) * 1e-12) {
        // One value only: it stands in the middle, or on the floor when that is zero.
        const double around = low == 0 ? 1 : std::abs(low) * 0.5;
        high += around;
        low = low > 0 ? std::max(0.0, low - around) : low - (low == 0 ? 0 : around);
    }
    const double step = roundStep((high - low) / std::max(1, most), unit);
    ValueScale scale;
    scale.low = std::floor(low / step + 1e-9) * step;
    scale.high = std::ceil(high / step - 1e-9) * step;
    scale.ticks = linearTicks(scale.low, scale.high, step, unit);
    return scale;
}

ValueScale fitLogarithmic(double low, double high, int most, const Unit& unit)
{
    if (!(low > 0) || !(high >= low)) {
        low = 1;
        high = 10;
    }
    double first = std::log10(std::clamp(low, 1 / farthest, farthest));
    double last = std::log10(std::clamp(high, 1 / farthest, farthest));
    if (last - first < 1) {
        // Less than a decade: whole decades would squeeze the lines into a corner.
        const double margin = std::max(0.02, (last - first) * 0.05);
        first -= margin;
        last += margin;
    } else {
        first = std::floor(first + 1e-9);
        last = std::ceil(last - 1e-9);
    }
    return markValues(first, last, true, most, unit);
}

ValueScale markValues(double low, double high, bool logarithmic, int most, const Unit& unit)
{
    ValueScale scale;
    scale.low = low;
    scale.high = high > low ? high : low + 1;
    scale.logarithmic = logarithmic;
    if (!logarithmic) {
        const double step = roundStep((scale.high - scale.low) / std::max(1, most), unit);
        scale.ticks = linearTicks(scale.low, scale.high, step, unit);
        return scale;
    }
    scale.ticks = logarithmicTicks(scale.low, scale.high, most, unit);
    if (scale.ticks.size() < 2) {
        // Inside one decade: round numbers of the values themselves.
        const double from = std::pow(10.0, scale.low);
        const double to = std::pow(10.0, scale.high);
        scale.ticks = linearTicks(from, to, roundStep((to - from) / std::max(1, most), unit), unit);
        std::erase_if(scale.ticks, [](const Tick& tick) { return tick.at <= 0; });
        for (Tick& tick : scale.ticks) {
            tick.at = std::log10(tick.at);
        }
    }
    return scale;
}

QString formatMoment(double ms, const QTimeZone& zone)
{
    const auto at = QDateTime::fromMSecsSinceEpoch(std::int64_t(std::llround(ms)), zone);
    const QString form
        = at.time().msec() != 0 ? u"ddd d MMM yyyy HH:mm:ss.zzz"_s : u"ddd d MMM yyyy HH:mm:ss"_s;
    return QLocale().toString(at, form);
}

} // namespace watchfire::ui::chart
