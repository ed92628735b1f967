// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/value_parts.h"

#include <format>

namespace watchfire::config {

using encoding::YamlValue;

namespace {

std::string clockText(int minutes)
{
    return std::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

YamlValue timesValue(const std::vector<IntervalRange>& times)
{
    YamlValue out = YamlValue::sequence();
    for (const IntervalRange& range : times) {
        out.items.push_back(
            YamlValue::mapping({{"start_time", YamlValue::string(clockText(range.from))},
                                {"end_time", YamlValue::string(clockText(range.to))}}));
    }
    return out;
}

std::string_view weekdayName(int day)
{
    static constexpr std::string_view names[]
        = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
    return names[static_cast<std::size_t>(day) % std::size(names)];
}

YamlValue rangesValue(const std::vector<IntervalRange>& ranges, bool weekdays)
{
    const auto text = [weekdays](int value) {
        return weekdays ? std::string(weekdayName(value)) : std::to_string(value);
    };
    YamlValue out = YamlValue::sequence();
    for (const IntervalRange& range : ranges) {
        out.items.push_back(YamlValue::string(
            range.from == range.to ? text(range.from)
                                   : std::format("{}:{}", text(range.from), text(range.to))));
    }
    return out;
}

YamlValue intervalValue(const TimeIntervalConfig& interval)
{
    YamlValue out = YamlValue::mapping();
    if (interval.times) {
        out.set("times", timesValue(*interval.times));
    }
    const auto set
        = [&](const char* key, const TimeIntervalConfig::Ranges& ranges, bool weekdays = false) {
              if (ranges) {
                  out.set(key, rangesValue(*ranges, weekdays));
              }
          };
    set("weekdays", interval.weekdays, true);
    set("days_of_month", interval.daysOfMonth);
    set("months", interval.months);
    set("years", interval.years);
    if (!interval.location.empty()) {
        out.set("location", YamlValue::string(interval.location));
    }
    return out;
}

} // namespace

YamlValue timeIntervalsValue(const std::vector<NamedIntervalsConfig>& intervals)
{
    YamlValue out = YamlValue::sequence();
    for (const NamedIntervalsConfig& named : intervals) {
        YamlValue list = YamlValue::sequence();
        for (const TimeIntervalConfig& interval : named.intervals) {
            list.items.push_back(intervalValue(interval));
        }
        out.items.push_back(YamlValue::mapping(
            {{"name", YamlValue::string(named.name)}, {"time_intervals", std::move(list)}}));
    }
    return out;
}

} // namespace watchfire::config
