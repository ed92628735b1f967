// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/template_times.h"

#include <array>
#include <cstdlib>
#include <format>

namespace watchfire::text {

namespace {

using Milliseconds = std::chrono::milliseconds;
using Moment = std::chrono::sys_time<Milliseconds>;

constexpr std::array months{"January", "February", "March",     "April",   "May",      "June",
                            "July",    "August",   "September", "October", "November", "December"};
constexpr std::array weekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                              "Thursday", "Friday", "Saturday"};

/// A moment in its parts, in UTC.
struct Parts {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    unsigned weekday = 0;
    int yearDay = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int millisecond = 0;
};

Parts partsOf(Moment at)
{
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss<Milliseconds> time(at - day);
    Parts out;
    out.year = static_cast<int>(date.year());
    out.month = static_cast<unsigned>(date.month());
    out.day = static_cast<unsigned>(date.day());
    out.weekday = std::chrono::weekday(day).c_encoding();
    out.yearDay = static_cast<int>(
        (day - std::chrono::sys_days(date.year() / std::chrono::January / 1)).count() + 1);
    out.hour = static_cast<int>(time.hours().count());
    out.minute = static_cast<int>(time.minutes().count());
    out.second = static_cast<int>(time.seconds().count());
    out.millisecond = static_cast<int>(time.subseconds().count());
    return out;
}

int twelveHour(int hour)
{
    return hour % 12 == 0 ? 12 : hour % 12;
}

/// One element of a layout and what it stands for.
struct Element {
    std::string_view pattern;
    std::string (*print)(const Parts& parts);
};

/// In the order in which they are tried: longer ones before those that begin them.
constexpr std::array elements{
    Element{"January", [](const Parts& p) { return std::string(months[p.month - 1]); }},
    Element{"Jan", [](const Parts& p) { return std::string(months[p.month - 1], 3); }},
    Element{"Monday", [](const Parts& p) { return std::string(weekdays[p.weekday]); }},
    Element{"Mon", [](const Parts& p) { return std::string(weekdays[p.weekday], 3); }},
    Element{"MST", [](const Parts&) { return std::string("UTC"); }},
    Element{"2006", [](const Parts& p) { return std::format("{:04}", p.year); }},
    Element{"-07:00:00", [](const Parts&) { return std::string("+00:00:00"); }},
    Element{"-07:00", [](const Parts&) { return std::string("+00:00"); }},
    Element{"-0700", [](const Parts&) { return std::string("+0000"); }},
    Element{"-07", [](const Parts&) { return std::string("+00"); }},
    Element{"Z07:00", [](const Parts&) { return std::string("Z"); }},
    Element{"Z0700", [](const Parts&) { return std::string("Z"); }},
    Element{"002", [](const Parts& p) { return std::format("{:03}", p.yearDay); }},
    Element{"01", [](const Parts& p) { return std::format("{:02}", p.month); }},
    Element{"02", [](const Parts& p) { return std::format("{:02}", p.day); }},
    Element{"03", [](const Parts& p) { return std::format("{:02}", twelveHour(p.hour)); }},
    Element{"04", [](const Parts& p) { return std::format("{:02}", p.minute); }},
    Element{"05", [](const Parts& p) { return std::format("{:02}", p.second); }},
    Element{"06", [](const Parts& p) { return std::format("{:02}", p.year % 100); }},
    Element{"15", [](const Parts& p) { return std::format("{:02}", p.hour); }},
    Element{"PM", [](const Parts& p) { return std::string(p.hour < 12 ? "AM" : "PM"); }},
    Element{"pm", [](const Parts& p) { return std::string(p.hour < 12 ? "am" : "pm"); }},
    Element{"_2", [](const Parts& p) { return std::format("{:2}", p.day); }},
    Element{"1", [](const Parts& p) { return std::to_string(p.month); }},
    Element{"2", [](const Parts& p) { return std::to_string(p.day); }},
    Element{"3", [](const Parts& p) { return std::to_string(twelveHour(p.hour)); }},
    Element{"4", [](const Parts& p) { return std::to_string(p.minute); }},
    Element{"5", [](const Parts& p) { return std::to_string(p.second); }},
};

/// ".000" and ".999" (any number of digits, comma too): parts of a second, the latter without
/// zeros at the end. The length of what was taken; 0: nothing of that kind.
std::size_t printFraction(std::string& out, std::string_view layout, const Parts& parts)
{
    if (layout.size() < 2 || (layout[0] != '.' && layout[0] != ',')
        || (layout[1] != '0' && layout[1] != '9')) {
        return 0;
    }
    const char digit = layout[1];
    std::size_t length = 1;
    while (length < layout.size() && layout[length] == digit) {
        ++length;
    }
    if (length < layout.size() && layout[length] >= '0' && layout[length] <= '9') {
        return 0;
    }
    std::string digits = std::format("{:03}000000", parts.millisecond);
    digits.resize(std::min<std::size_t>(length - 1, 9));
    if (digit == '9') {
        digits.resize(digits.find_last_not_of('0') + 1);
    }
    if (!digits.empty()) {
        out += layout[0] + digits;
    }
    return length;
}

TemplateValue number(std::int64_t value)
{
    return TemplateValue(value);
}

/// A map that answers the named methods.
TemplateValue withMethods(
    std::vector<std::string> methods,
    std::function<Result<TemplateValue>(std::string_view, std::span<const TemplateValue>)> method)
{
    TemplateValue::Map map;
    map.methods = std::move(methods);
    map.method = std::move(method);
    return TemplateValue(std::move(map));
}

std::string defaultText(Moment at)
{
    return formatGoTime(at, "2006-01-02 15:04:05.999999999 -0700 MST");
}

} // namespace

std::string formatGoTime(Moment at, std::string_view layout)
{
    const Parts parts = partsOf(at);
    std::string out;
    while (!layout.empty()) {
        if (const std::size_t taken = printFraction(out, layout, parts); taken > 0) {
            layout.remove_prefix(taken);
            continue;
        }
        bool matched = false;
        for (const Element& element : elements) {
            if (layout.starts_with(element.pattern)) {
                out += element.print(parts);
                layout.remove_prefix(element.pattern.size());
                matched = true;
                break;
            }
        }
        if (!matched) {
            out += layout.front();
            layout.remove_prefix(1);
        }
    }
    return out;
}

std::string formatGoDuration(std::chrono::nanoseconds duration)
{
    const std::int64_t all = duration.count();
    if (all == 0) {
        return "0s";
    }
    const std::string sign = all < 0 ? "-" : "";
    const std::uint64_t size
        = all < 0 ? 0 - static_cast<std::uint64_t>(all) : static_cast<std::uint64_t>(all);
    const auto fraction = [](std::uint64_t value, std::uint64_t unit) {
        std::string digits = std::to_string(unit + value % unit).substr(1);
        digits.resize(digits.find_last_not_of('0') + 1);
        return std::to_string(value / unit) + (digits.empty() ? "" : "." + digits);
    };
    if (size < 1'000) {
        return sign + std::to_string(size) + "ns";
    }
    if (size < 1'000'000) {
        return sign + fraction(size, 1'000) + "\xC2\xB5s";
    }
    if (size < 1'000'000'000) {
        return sign + fraction(size, 1'000'000) + "ms";
    }
    constexpr std::uint64_t minute = 60'000'000'000;
    const std::uint64_t minutes = size / minute;
    std::string out = sign;
    if (minutes >= 60) {
        out += std::to_string(minutes / 60) + "h";
    }
    if (minutes > 0) {
        out += std::to_string(minutes % 60) + "m";
    }
    return out + fraction(size % minute, 1'000'000'000) + "s";
}

TemplateValue timeValue(Moment at)
{
    return withMethods(
        {"Format", "Unix", "UnixMilli", "Year", "Month", "Day", "Hour", "Minute", "Second",
         "Weekday", "YearDay", "UTC", "String"},
        [at](std::string_view name,
             std::span<const TemplateValue> arguments) -> Result<TemplateValue> {
            const Parts parts = partsOf(at);
            if (name == "Format") {
                const auto* const layout = arguments.empty() ? nullptr : arguments[0].asText();
                if (layout == nullptr) {
                    return fail(ErrorKind::invalid, "Format needs a layout");
                }
                return TemplateValue(formatGoTime(at, *layout));
            }
            if (name == "Unix") {
                return number(
                    std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
            }
            if (name == "UnixMilli") {
                return number(at.time_since_epoch().count());
            }
            if (name == "Year" || name == "Day" || name == "Hour" || name == "Minute"
                || name == "Second" || name == "YearDay") {
                return number(name == "Year"         ? parts.year
                                  : name == "Day"    ? static_cast<int>(parts.day)
                                  : name == "Hour"   ? parts.hour
                                  : name == "Minute" ? parts.minute
                                  : name == "Second" ? parts.second
                                                     : parts.yearDay);
            }
            if (name == "Month") {
                return TemplateValue(months[parts.month - 1]);
            }
            if (name == "Weekday") {
                return TemplateValue(weekdays[parts.weekday]);
            }
            return name == "UTC" ? timeValue(at) : TemplateValue(defaultText(at));
        });
}

TemplateValue durationValue(std::chrono::nanoseconds duration)
{
    return withMethods(
        {"Hours", "Minutes", "Seconds", "Milliseconds", "String"},
        [duration](std::string_view name, std::span<const TemplateValue>) -> Result<TemplateValue> {
            const double seconds = std::chrono::duration<double>(duration).count();
            if (name == "Milliseconds") {
                return number(
                    std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
            }
            if (name == "String") {
                return TemplateValue(formatGoDuration(duration));
            }
            return TemplateValue(name == "Hours"         ? seconds / 3'600
                                     : name == "Minutes" ? seconds / 60
                                                         : seconds);
        });
}

} // namespace watchfire::text
