// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/quiet_form.h"

#include "ui/models/format.h"

#include <algorithm>
#include <vector>

#include <QCoreApplication>
#include <QLocale>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

using config::IntervalRange;
using config::TimeIntervalConfig;
using Days = std::array<bool, 7>;

constexpr int dayMinutes = 1440;
constexpr Days everyDay{true, true, true, true, true, true, true};

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::QuietForm)
};

QString clockWords(int minutes)
{
    return u"%1:%2"_s.arg(minutes / 60, 2, 10, QChar(u'0')).arg(minutes % 60, 2, 10, QChar(u'0'));
}

/// Unset: every day.
TimeIntervalConfig::Ranges rangesOf(const Days& days)
{
    if (days == everyDay) {
        return std::nullopt;
    }
    std::vector<IntervalRange> ranges;
    for (int day = 0; day < 7; ++day) {
        if (!days[std::size_t(day)]) {
            continue;
        }
        if (!ranges.empty() && ranges.back().to == day - 1) {
            ranges.back().to = day;
        } else {
            ranges.push_back({day, day});
        }
    }
    return ranges;
}

Days daysOf(const TimeIntervalConfig::Ranges& ranges)
{
    if (!ranges) {
        return everyDay;
    }
    Days days{};
    for (int day = 0; day < 7; ++day) {
        days[std::size_t(day)] = std::ranges::any_of(*ranges, [day](const IntervalRange& range) {
            return range.from <= day && day <= range.to;
        });
    }
    return days;
}

Days dayAfter(const Days& days)
{
    Days out{};
    for (std::size_t day = 0; day < 7; ++day) {
        out[(day + 1) % 7] = days[day];
    }
    return out;
}

TimeIntervalConfig entry(std::vector<IntervalRange> times, const Days& days,
                         const std::string& zone)
{
    TimeIntervalConfig out;
    out.times = std::move(times);
    out.weekdays = rangesOf(days);
    out.location = zone;
    return out;
}

/// "Mon–Fri", "Sat, Sun", "every day"; the week begins on Monday.
QString daysText(const Days& days)
{
    if (days == everyDay) {
        return Words::tr("Every day");
    }
    const auto isOn = [&](int day) { return days[std::size_t(day % 7)]; };
    const auto word = [](int day) { return QLocale().dayName(day, QLocale::ShortFormat); };
    QStringList parts;
    for (int day = 1; day <= 7; ++day) {
        if (!isOn(day)) {
            continue;
        }
        int last = day;
        while (last < 7 && isOn(last + 1)) {
            ++last;
        }
        parts << (last == day           ? word(day)
                      : last == day + 1 ? word(day) + u", "_s + word(last)
                                        : word(day) + u'–' + word(last));
        day = last;
    }
    return parts.join(u", "_s);
}

QString rangesText(const QString& what, const TimeIntervalConfig::Ranges& ranges)
{
    QStringList parts;
    for (const IntervalRange& range : *ranges) {
        parts << (range.from == range.to ? QString::number(range.from)
                                         : u"%1…%2"_s.arg(range.from).arg(range.to));
    }
    return what.arg(parts.join(u", "_s));
}

QString entryText(const TimeIntervalConfig& interval)
{
    QStringList parts{daysText(daysOf(interval.weekdays))};
    if (interval.daysOfMonth) {
        parts << rangesText(Words::tr("days %1 of the month"), interval.daysOfMonth);
    }
    if (interval.months) {
        parts << rangesText(Words::tr("months %1"), interval.months);
    }
    if (interval.years) {
        parts << rangesText(Words::tr("years %1"), interval.years);
    }
    if (interval.times) {
        QStringList times;
        for (const IntervalRange& range : *interval.times) {
            times << clockWords(range.from) + u'–' + clockWords(range.to);
        }
        parts << times.join(u", "_s);
    }
    parts << (interval.location.empty() ? u"UTC"_s : fromUtf8(interval.location));
    return parts.join(u", "_s);
}

bool isSame(std::vector<TimeIntervalConfig> one, const std::vector<TimeIntervalConfig>& other)
{
    for (TimeIntervalConfig& each : one) {
        each.location = each.location == "UTC" ? "" : each.location;
    }
    return std::ranges::equal(one, other, {}, {}, [](TimeIntervalConfig each) {
        each.location = each.location == "UTC" ? "" : each.location;
        return each;
    });
}

} // namespace

std::optional<int> readClock(const QString& text)
{
    const QStringList parts = text.trimmed().split(u':');
    bool isHour = false;
    bool isMinute = false;
    const int hour = parts.value(0).toInt(&isHour);
    const int minute = parts.value(1).toInt(&isMinute);
    const bool isGood = parts.size() == 2 && isHour && isMinute && parts[1].size() == 2 && hour >= 0
        && minute >= 0 && minute < 60 && hour * 60 + minute <= dayMinutes;
    return isGood ? std::optional(hour * 60 + minute) : std::nullopt;
}

config::NamedIntervalsConfig toIntervals(const QuietForm& form)
{
    config::NamedIntervalsConfig named;
    named.name = form.name.trimmed().toStdString();
    const std::string zone = form.zone.trimmed().toStdString();
    const int from = readClock(form.from).value_or(0);
    const int read = readClock(form.to).value_or(0);
    const int to = read == 0 ? dayMinutes : read;
    if (from == 0 && to == dayMinutes) {
        TimeIntervalConfig whole = entry({}, form.days, zone);
        whole.times.reset();
        named.intervals = {whole};
    } else if (from < to) {
        named.intervals = {entry({{from, to}}, form.days, zone)};
    } else if (form.days == everyDay) {
        named.intervals = {entry({{from, dayMinutes}, {0, to}}, form.days, zone)};
    } else {
        named.intervals = {entry({{from, dayMinutes}}, form.days, zone),
                           entry({{0, to}}, dayAfter(form.days), zone)};
    }
    return named;
}

std::optional<QuietForm> quietFormOf(const config::NamedIntervalsConfig& named)
{
    if (named.intervals.empty()) {
        return std::nullopt;
    }
    const TimeIntervalConfig& first = named.intervals.front();
    const TimeIntervalConfig& last = named.intervals.back();
    QuietForm form;
    form.name = fromUtf8(named.name);
    form.zone = first.location.empty() ? u"UTC"_s : fromUtf8(first.location);
    form.days = daysOf(first.weekdays);
    form.from = u"00:00"_s;
    form.to = u"24:00"_s;
    if (first.times && last.times && !first.times->empty() && !last.times->empty()) {
        form.from = clockWords(first.times->front().from);
        form.to = clockWords(last.times->back().to);
    }
    // What the fields cannot say does not come out of them again.
    return isSame(toIntervals(form).intervals, named.intervals) ? std::optional(form)
                                                                : std::nullopt;
}

FieldFaults checkQuiet(const QuietForm& form, const QStringList& taken)
{
    FieldFaults faults;
    const QString name = form.name.trimmed();
    if (name.isEmpty()) {
        faults[u"name"_s] = Words::tr("Quiet hours need a name, such as night.");
    } else if (taken.contains(name)) {
        faults[u"name"_s] = Words::tr("Another time interval has this name.");
    }
    if (std::ranges::none_of(form.days, std::identity())) {
        faults[u"days"_s] = Words::tr("Choose at least one day.");
    }
    const auto from = readClock(form.from);
    const auto to = readClock(form.to);
    if (!from || *from == dayMinutes) {
        faults[u"from"_s] = Words::tr("Write a time such as 22:00.");
    }
    if (!to) {
        faults[u"to"_s] = Words::tr("Write a time such as 07:00.");
    } else if (from == to && *to != 0) {
        faults[u"to"_s] = Words::tr("Nothing lies between; a whole day is 00:00 to 24:00.");
    }
    const QByteArray zone = form.zone.trimmed().toUtf8();
    if (zone != "Local" && zone != "UTC" && !QTimeZone::isTimeZoneIdAvailable(zone)) {
        faults[u"zone"_s] = Words::tr("There is no such time zone; write one such as "
                                      "Europe/Berlin, or UTC.");
    }
    return faults;
}

QString whenText(const QuietForm& form)
{
    return u"%1 %2–%3, %4"_s.arg(daysText(form.days), clockWords(readClock(form.from).value_or(0)),
                                 clockWords(readClock(form.to).value_or(0)), form.zone.trimmed());
}

QString whenText(const config::NamedIntervalsConfig& named)
{
    if (const auto form = quietFormOf(named)) {
        return whenText(*form);
    }
    QStringList parts;
    for (const TimeIntervalConfig& interval : named.intervals) {
        parts << entryText(interval);
    }
    return parts.isEmpty() ? Words::tr("never") : parts.join(u"; "_s);
}

} // namespace watchfire::ui
