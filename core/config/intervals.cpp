// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/alertmanager_parts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <format>
#include <functional>

namespace watchfire::config {

using encoding::YamlNode;

namespace {

std::string lower(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

/// A decimal with or without a sign, as Go's strconv.Atoi reads it.
std::optional<int> integer(std::string_view text)
{
    if (text.starts_with('+') && !text.starts_with("+-")) {
        text.remove_prefix(1);
    }
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                    : std::nullopt;
}

template <std::size_t N>
std::optional<int> indexOf(const std::array<std::string_view, N>& names, std::string_view text)
{
    const auto found = std::ranges::find(names, lower(text));
    return found == names.end() ? std::nullopt
                                : std::optional(static_cast<int>(found - names.begin()));
}

constexpr std::array<std::string_view, 7> weekdays{"sunday",   "monday", "tuesday", "wednesday",
                                                   "thursday", "friday", "saturday"};
constexpr std::array<std::string_view, 12> months{"january",   "february", "march",    "april",
                                                  "may",       "june",     "july",     "august",
                                                  "september", "october",  "november", "december"};

/// Minutes of "08:00"; 24:00 is the end of the day.
std::optional<int> clock(std::string_view text)
{
    if (text.size() != 5 || text[2] != ':') {
        return std::nullopt;
    }
    const auto hours = integer(text.substr(0, 2));
    const auto minutes = integer(text.substr(3));
    if (!hours || !minutes || text.find_first_not_of("0123456789:") != std::string_view::npos
        || *minutes > 59 || *hours > 24 || (*hours == 24 && *minutes != 0)) {
        return std::nullopt;
    }
    return *hours * 60 + *minutes;
}

/// What is wrong with the name of a zone; empty: nothing.
std::string zoneFault(const std::string& name)
{
    if (name.empty() || name == "Local" || name == "UTC") {
        return {};
    }
    try {
        static_cast<void>(std::chrono::locate_zone(name));
        return {};
    } catch (const std::runtime_error&) {
        // Without the system's files the library knows UTC and little else.
        const bool anyThere = std::ranges::any_of(
            std::chrono::get_tzdb().zones,
            [](const std::chrono::time_zone& zone) { return zone.name().contains('/'); });
        return std::format("unknown time zone {}{}", name,
                           anyThere ? "" : " (no time zone database here; install tzdata)");
    }
}

/// Ranges "a:b" or single "a": `read` turns a part into a number, `check` judges both ends.
TimeIntervalConfig::Ranges
readRanges(Fields& fields, std::string_view key,
           const std::function<std::optional<int>(std::string_view)>& read,
           const std::function<std::string(int, int)>& check)
{
    Reading& reading = fields.reading();
    std::vector<std::string> texts;
    const YamlNode* const node = fields.texts(key, texts);
    if (node == nullptr) {
        return std::nullopt;
    }
    std::vector<IntervalRange> out;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const YamlNode& at = *node->items[i].node;
        const std::string_view text = texts[i];
        const std::size_t colon = text.find(':');
        const auto from = read(text.substr(0, colon));
        const auto to = colon == std::string_view::npos ? from : read(text.substr(colon + 1));
        if (!from || !to) {
            reading.fault(at, std::format("{} is not valid in {}", text, key));
            continue;
        }
        if (std::string message = check(*from, *to); !message.empty()) {
            reading.fault(at, std::move(message));
        }
        out.push_back({*from, *to});
    }
    return out;
}

std::string ascending(int from, int to, std::string_view what)
{
    return from > to ? std::format("start {0} cannot be before end {0}", what) : std::string();
}

std::string checkDays(int from, int to)
{
    const auto valid = [](int day) { return day != 0 && day >= -31 && day <= 31; };
    if (!valid(from) || !valid(to)) {
        return std::format("{} is not a valid day of the month: out of range",
                           valid(from) ? to : from);
    }
    if (from < 0 && to > 0) {
        return "end day must be negative if start day is negative";
    }
    // From the end of the month is taken as of the shortest.
    const int first = from < 0 ? 28 + from : from;
    const int last = to < 0 ? 28 + to : to;
    return first > last ? std::format("end day {} is always before start day {}", to, from)
                        : std::string();
}

TimeIntervalConfig::Ranges readTimes(Fields& fields)
{
    Reading& reading = fields.reading();
    TimeIntervalConfig::Ranges out;
    if (fields.take("times") != nullptr) {
        out.emplace();
    }
    fields.list("times", "empty time range", [&](const YamlNode& node) {
        Fields own(reading, node, "timeinterval.yamlTimeRange");
        std::string start;
        std::string end;
        own.text("start_time", start);
        own.text("end_time", end);
        own.finish();
        if (start.empty() || end.empty()) {
            reading.fault(node, "both start and end times must be provided");
            return;
        }
        const auto from = clock(start);
        const auto to = clock(end);
        if (!from || !to) {
            reading.fault(
                node,
                std::format("couldn't parse timestamp {}, invalid format", from ? end : start));
        } else if (*from >= *to) {
            reading.fault(node, "start time cannot be equal or greater than end time");
        } else {
            out->push_back({*from, *to});
        }
    });
    return out;
}

TimeIntervalConfig readInterval(Reading& reading, const YamlNode& node)
{
    Fields fields(reading, node, "timeinterval.TimeInterval");
    TimeIntervalConfig out;
    out.times = readTimes(fields);
    out.weekdays = readRanges(
        fields, "weekdays", [](std::string_view text) { return indexOf(weekdays, text); },
        [](int from, int to) { return ascending(from, to, "day"); });
    out.daysOfMonth = readRanges(fields, "days_of_month", integer, checkDays);
    out.months = readRanges(
        fields, "months",
        [](std::string_view text) {
            const auto number = integer(text);
            return number ? number : indexOf(months, text).transform([](int i) { return i + 1; });
        },
        [](int from, int to) { return ascending(from, to, "month"); });
    out.years = readRanges(fields, "years", integer,
                           [](int from, int to) { return ascending(from, to, "year"); });
    if (const YamlNode* const at = fields.text("location", out.location); at != nullptr) {
        if (std::string fault = zoneFault(out.location); !fault.empty()) {
            reading.fault(*at, std::move(fault));
        }
    }
    fields.finish();
    return out;
}

} // namespace

std::vector<NamedIntervalsConfig> readTimeIntervals(Fields& fields)
{
    Reading& reading = fields.reading();
    std::vector<NamedIntervalsConfig> out;
    for (const char* const key : {"mute_time_intervals", "time_intervals"}) {
        fields.list(key, "empty time interval", [&](const YamlNode& node) {
            Fields own(reading, node, "config.TimeInterval");
            NamedIntervalsConfig named;
            own.text("name", named.name);
            own.list("time_intervals", "empty time interval", [&](const YamlNode& interval) {
                named.intervals.push_back(readInterval(reading, interval));
            });
            own.finish();
            if (named.name.empty()) {
                reading.fault(node, "missing name in time interval");
            } else if (std::ranges::contains(out, named.name, &NamedIntervalsConfig::name)) {
                reading.fault(node, std::format("time interval \"{}\" is not unique", named.name));
            } else {
                out.push_back(std::move(named));
            }
        });
    }
    return out;
}

} // namespace watchfire::config
