// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/template_time.h"

#include <array>
#include <chrono>
#include <cmath>
#include <format>
#include <stdexcept>
#include <utility>

namespace watchfire::alerting {

namespace {

using text::TemplateValue;
using Arguments = std::span<const TemplateValue>;
using namespace std::chrono_literals;

constexpr auto timeType = "time.Time";
constexpr auto durationType = "time.Duration";
constexpr auto defaultLayout = "2006-01-02 15:04:05.999999999 -0700 MST";

/// Everything a layout may ask for.
struct Fields {
    std::chrono::year_month_day date;
    std::chrono::weekday weekday;
    std::chrono::hh_mm_ss<std::chrono::milliseconds> clock;
    int yearDay = 1;
    std::chrono::minutes offset{};
    std::string abbreviation;
};

std::string offsetText(std::chrono::minutes offset, bool colon, bool minutes)
{
    const auto total = std::abs(offset.count());
    std::string out = std::format("{}{:02}", offset < 0min ? '-' : '+', total / 60);
    if (minutes) {
        out += std::format("{}{:02}", colon ? ":" : "", total % 60);
    }
    return out;
}

/// Of "+02:00".
std::chrono::minutes offsetOf(std::string_view zone)
{
    const auto digits
        = [zone](std::size_t at) { return (zone[at] - '0') * 10 + (zone[at + 1] - '0'); };
    const std::chrono::minutes size(digits(1) * 60 + digits(4));
    return zone.front() == '-' ? -size : size;
}

Result<Fields> fieldsOf(const TemplateTime& time)
{
    Fields out;
    out.abbreviation = "UTC";
    if (time.zone.starts_with('+') || time.zone.starts_with('-')) {
        out.offset = offsetOf(time.zone);
        out.abbreviation = offsetText(out.offset, false, true);
    } else if (!time.zone.empty() && time.zone != "UTC" && time.at != Timestamp{}) {
        try {
            const auto* const zone = time.zone == "Local" ? std::chrono::current_zone()
                                                          : std::chrono::locate_zone(time.zone);
            const auto info = zone->get_info(time.at);
            out.offset = std::chrono::floor<std::chrono::minutes>(info.offset);
            out.abbreviation = info.abbrev;
        } catch (const std::runtime_error&) {
            return fail(ErrorKind::invalid, std::format("unknown time zone {}", time.zone));
        }
    }
    Timestamp at = time.at;
    if (at == Timestamp{}) {
        at = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
    }
    const auto local
        = std::chrono::local_time<std::chrono::milliseconds>(at.time_since_epoch()) + out.offset;
    const auto day = std::chrono::floor<std::chrono::days>(local);
    out.date = std::chrono::year_month_day(day);
    out.weekday = std::chrono::weekday(day);
    out.clock = std::chrono::hh_mm_ss<std::chrono::milliseconds>(local - day);
    const std::chrono::local_days first(out.date.year() / 1 / 1);
    out.yearDay = static_cast<int>((day - first).count()) + 1;
    return out;
}

constexpr std::array<std::string_view, 12> months{"January",   "February", "March",    "April",
                                                  "May",       "June",     "July",     "August",
                                                  "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> weekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};

std::string_view monthName(const Fields& fields)
{
    return months[unsigned{fields.date.month()} - 1];
}

std::string_view weekdayName(const Fields& fields)
{
    return weekdays[fields.weekday.c_encoding()];
}

int number(unsigned value)
{
    return static_cast<int>(value);
}

int hour12(const Fields& fields)
{
    const auto hour = static_cast<int>(fields.clock.hours().count() % 12);
    return hour == 0 ? 12 : hour;
}

using Write = std::string (*)(const Fields&);

struct Token {
    std::string_view text;
    Write write;
};

/// Longer ones stand before what they begin with.
const std::array tokens{
    Token{"January", [](const Fields& f) { return std::string(monthName(f)); }},
    Token{"Jan", [](const Fields& f) { return std::string(monthName(f).substr(0, 3)); }},
    Token{"Monday", [](const Fields& f) { return std::string(weekdayName(f)); }},
    Token{"Mon", [](const Fields& f) { return std::string(weekdayName(f).substr(0, 3)); }},
    Token{"MST", [](const Fields& f) { return f.abbreviation; }},
    Token{"2006", [](const Fields& f) { return std::format("{:04}", int{f.date.year()}); }},
    Token{"002", [](const Fields& f) { return std::format("{:03}", f.yearDay); }},
    Token{"01", [](const Fields& f) { return std::format("{:02}", unsigned{f.date.month()}); }},
    Token{"02", [](const Fields& f) { return std::format("{:02}", unsigned{f.date.day()}); }},
    Token{"03", [](const Fields& f) { return std::format("{:02}", hour12(f)); }},
    Token{"04", [](const Fields& f) { return std::format("{:02}", f.clock.minutes().count()); }},
    Token{"05", [](const Fields& f) { return std::format("{:02}", f.clock.seconds().count()); }},
    Token{"06", [](const Fields& f) { return std::format("{:02}", int{f.date.year()} % 100); }},
    Token{"15", [](const Fields& f) { return std::format("{:02}", f.clock.hours().count()); }},
    Token{"PM", [](const Fields& f) { return std::string(f.clock.hours() < 12h ? "AM" : "PM"); }},
    Token{"pm", [](const Fields& f) { return std::string(f.clock.hours() < 12h ? "am" : "pm"); }},
    Token{"-07:00", [](const Fields& f) { return offsetText(f.offset, true, true); }},
    Token{"-0700", [](const Fields& f) { return offsetText(f.offset, false, true); }},
    Token{"-07", [](const Fields& f) { return offsetText(f.offset, false, false); }},
    Token{"Z07:00",
          [](const Fields& f) {
              return f.offset == 0min ? std::string("Z") : offsetText(f.offset, true, true);
          }},
    Token{"Z0700",
          [](const Fields& f) {
              return f.offset == 0min ? std::string("Z") : offsetText(f.offset, false, true);
          }},
    Token{"_2", [](const Fields& f) { return std::format("{:2}", unsigned{f.date.day()}); }},
    Token{"1", [](const Fields& f) { return std::to_string(number(unsigned{f.date.month()})); }},
    Token{"2", [](const Fields& f) { return std::to_string(number(unsigned{f.date.day()})); }},
    Token{"3", [](const Fields& f) { return std::to_string(hour12(f)); }},
    Token{"4", [](const Fields& f) { return std::to_string(f.clock.minutes().count()); }},
    Token{"5", [](const Fields& f) { return std::to_string(f.clock.seconds().count()); }},
};

/// .000 or .999 at the beginning of `layout`: how long it is; 0: none.
std::size_t fractionLength(std::string_view layout)
{
    if (layout.size() < 2 || layout[0] != '.' || (layout[1] != '0' && layout[1] != '9')) {
        return 0;
    }
    const std::size_t end = layout.find_first_not_of(layout[1], 1);
    const std::size_t length = end == std::string_view::npos ? layout.size() : end;
    // Followed by another digit it is no fraction.
    return length < layout.size() && layout[length] >= '0' && layout[length] <= '9' ? 0 : length;
}

std::string fraction(const Fields& fields, std::string_view pattern)
{
    std::string digits = std::format("{:03}000000", fields.clock.subseconds().count());
    digits.resize(std::min<std::size_t>(digits.size(), pattern.size() - 1));
    if (pattern[1] == '9') {
        digits.erase(digits.find_last_not_of('0') + 1);
    }
    return digits.empty() ? std::string() : "." + digits;
}

std::string format(const Fields& fields, std::string_view layout)
{
    std::string out;
    while (!layout.empty()) {
        if (const std::size_t length = fractionLength(layout); length > 0) {
            out += fraction(fields, layout.substr(0, length));
            layout.remove_prefix(length);
            continue;
        }
        const auto* const token = std::ranges::find_if(
            tokens, [layout](const Token& one) { return layout.starts_with(one.text); });
        if (token != tokens.end()) {
            out += token->write(fields);
            layout.remove_prefix(token->text.size());
        } else {
            out += layout.front();
            layout.remove_prefix(1);
        }
    }
    return out;
}

std::unexpected<Error> lacks(std::string_view method, std::string_view what)
{
    return fail(ErrorKind::invalid, std::format("{} needs {}", method, what));
}

Result<TemplateValue> compared(const TemplateTime& time, std::string_view name, Arguments arguments)
{
    const auto other = arguments.empty() ? std::nullopt : asTime(arguments[0]);
    if (!other) {
        return lacks(name, "a time");
    }
    if (name == "Sub") {
        return durationValue(time.at - other->at);
    }
    return TemplateValue(name == "Before"      ? time.at < other->at
                             : name == "After" ? time.at > other->at
                                               : time.at == other->at);
}

Result<TemplateValue> callTime(const TemplateTime& time, std::string_view name, Arguments arguments)
{
    if (name == "Sub" || name == "Before" || name == "After" || name == "Equal") {
        return compared(time, name, arguments);
    }
    if (name == "Format") {
        if (arguments.empty() || arguments[0].asText() == nullptr) {
            return lacks(name, "a layout");
        }
        return formatTime(time, *arguments[0].asText()).transform([](std::string&& out) {
            return TemplateValue(std::move(out));
        });
    }
    if (name == "Add") {
        const auto duration = arguments.empty() ? std::nullopt : asDuration(arguments[0]);
        return duration ? Result<TemplateValue>(timeValue({time.at + *duration, time.zone}))
                        : lacks(name, "a duration");
    }
    if (name == "UTC") {
        return timeValue({time.at, {}});
    }
    if (name == "IsZero") {
        return TemplateValue(time.at == Timestamp{});
    }
    if (name == "Unix") {
        return TemplateValue(static_cast<std::int64_t>(
            std::chrono::floor<std::chrono::seconds>(time.at).time_since_epoch().count()));
    }
    const auto fields = fieldsOf(time);
    if (!fields) {
        return std::unexpected(fields.error());
    }
    if (name == "Month") {
        return TemplateValue(std::string(monthName(*fields)));
    }
    if (name == "Weekday") {
        return TemplateValue(std::string(weekdayName(*fields)));
    }
    const std::int64_t value = name == "Year" ? int{fields->date.year()}
        : name == "Day"                       ? number(unsigned{fields->date.day()})
        : name == "Hour"                      ? fields->clock.hours().count()
        : name == "Minute"                    ? fields->clock.minutes().count()
        : name == "Second"                    ? fields->clock.seconds().count()
                                              : fields->yearDay;
    return TemplateValue(value);
}

} // namespace

Result<std::string> formatTime(const TemplateTime& time, std::string_view layout)
{
    return fieldsOf(time).transform(
        [layout](const Fields& fields) { return format(fields, layout); });
}

std::string toRfc3339(Timestamp at)
{
    return formatTime({at, {}}, "2006-01-02T15:04:05.999999999Z07:00").value_or("");
}

std::string formatDuration(std::chrono::milliseconds duration)
{
    if (duration == 0ms) {
        return "0s";
    }
    std::string out = duration < 0ms ? "-" : "";
    const auto length = std::chrono::abs(duration);
    if (length < 1s) {
        return out + std::format("{}ms", length.count());
    }
    const std::chrono::hh_mm_ss parts(length);
    if (length >= 1h) {
        out += std::format("{}h", parts.hours().count());
    }
    if (length >= 1min) {
        out += std::format("{}m", parts.minutes().count());
    }
    std::string fractional = std::format(".{:03}", parts.subseconds().count());
    fractional.erase(fractional.find_last_not_of('0') + 1);
    return out + std::format("{}{}s", parts.seconds().count(), fractional == "." ? "" : fractional);
}

TemplateValue timeValue(TemplateTime time)
{
    TemplateValue::Typed out;
    out.type = timeType;
    out.text = formatTime(time, defaultLayout).value_or("");
    out.methods
        = {"Format", "Sub",   "Add", "Before", "After",  "Equal",  "IsZero",  "Unix",   "UTC",
           "Year",   "Month", "Day", "Hour",   "Minute", "Second", "Weekday", "YearDay"};
    out.payload = std::make_shared<const TemplateTime>(time);
    out.method = [time = std::move(time)](std::string_view name, Arguments arguments) {
        return callTime(time, name, arguments);
    };
    return {std::move(out)};
}

TemplateValue durationValue(std::chrono::milliseconds duration)
{
    TemplateValue::Typed out;
    out.base = TemplateValue(static_cast<std::int64_t>(duration.count() * 1'000'000));
    out.type = durationType;
    out.text = formatDuration(duration);
    out.methods = {"Hours", "Minutes", "Seconds", "Milliseconds"};
    out.payload = std::make_shared<const std::chrono::milliseconds>(duration);
    out.method = [duration](std::string_view name, Arguments) -> Result<TemplateValue> {
        if (name == "Milliseconds") {
            return TemplateValue(static_cast<std::int64_t>(duration.count()));
        }
        const double seconds = std::chrono::duration<double>(duration).count();
        return TemplateValue(name == "Hours"         ? seconds / 3600
                                 : name == "Minutes" ? seconds / 60
                                                     : seconds);
    };
    return {std::move(out)};
}

std::optional<TemplateTime> asTime(const TemplateValue& value)
{
    const auto* const typed = value.asTyped();
    return typed != nullptr && typed->type == timeType
        ? std::optional(*static_cast<const TemplateTime*>(typed->payload.get()))
        : std::nullopt;
}

std::optional<std::chrono::milliseconds> asDuration(const TemplateValue& value)
{
    const auto* const typed = value.asTyped();
    return typed != nullptr && typed->type == durationType
        ? std::optional(*static_cast<const std::chrono::milliseconds*>(typed->payload.get()))
        : std::nullopt;
}

} // namespace watchfire::alerting
