// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/template_time.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <format>
#include <optional>

namespace watchfire::alerting {

namespace {

using namespace std::chrono_literals;

/// What was read so far.
struct Parts {
    int year = 0;
    unsigned month = 1;
    unsigned day = 1;
    std::optional<int> yearDay;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int millisecond = 0;
    std::optional<bool> isAfternoon;
    std::optional<std::chrono::minutes> offset;
};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Takes a number of `least` to `most` digits.
bool takeNumber(std::string_view& text, std::size_t least, std::size_t most, int& out)
{
    std::size_t length = 0;
    int value = 0;
    while (length < most && length < text.size() && isDigit(text[length])) {
        value = value * 10 + (text[length++] - '0');
    }
    if (length < least) {
        return false;
    }
    text.remove_prefix(length);
    out = value;
    return true;
}

bool takeUnsigned(std::string_view& text, std::size_t least, std::size_t most, unsigned& out)
{
    int value = 0;
    if (!takeNumber(text, least, most, value)) {
        return false;
    }
    out = static_cast<unsigned>(value);
    return true;
}

/// Takes one of the names, whatever its case, of which `length` letters count (0: all). Its index.
std::optional<std::size_t> takeName(std::string_view& text, std::span<const std::string_view> names,
                                    std::size_t length = 0)
{
    const auto lower
        = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string_view name = length > 0 ? names[i].substr(0, length) : names[i];
        if (text.size() >= name.size()
            && std::ranges::equal(name, text.substr(0, name.size()), {}, lower, lower)) {
            text.remove_prefix(name.size());
            return i;
        }
    }
    return std::nullopt;
}

constexpr std::array<std::string_view, 12> months{"January",   "February", "March",    "April",
                                                  "May",       "June",     "July",     "August",
                                                  "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> weekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};

bool takeMonth(std::string_view& text, Parts& parts, std::size_t length)
{
    const auto month = takeName(text, months, length);
    parts.month = static_cast<unsigned>(month.value_or(0)) + 1;
    return month.has_value();
}

/// +hh, +hhmm or +hh:mm
bool takeOffset(std::string_view& text, Parts& parts, bool colon, bool minutes)
{
    if (text.empty() || (text.front() != '+' && text.front() != '-')) {
        return false;
    }
    const bool west = text.front() == '-';
    text.remove_prefix(1);
    int hour = 0;
    int minute = 0;
    if (!takeNumber(text, 2, 2, hour)) {
        return false;
    }
    if (minutes) {
        if (colon) {
            if (!text.starts_with(':')) {
                return false;
            }
            text.remove_prefix(1);
        }
        if (!takeNumber(text, 2, 2, minute)) {
            return false;
        }
    }
    const std::chrono::minutes size(hour * 60 + minute);
    parts.offset = west ? -size : size;
    return hour < 24 && minute < 60;
}

bool takeZuluOr(std::string_view& text, Parts& parts, bool colon)
{
    if (text.starts_with('Z')) {
        text.remove_prefix(1);
        parts.offset = 0min;
        return true;
    }
    return takeOffset(text, parts, colon, true);
}

/// Names of zones but UTC and GMT say no moment without a place: Go takes their clock as UTC's.
bool takeZoneName(std::string_view& text, Parts&)
{
    std::size_t length = 0;
    while (length < text.size() && text[length] >= 'A' && text[length] <= 'Z') {
        ++length;
    }
    text.remove_prefix(length);
    return length >= 3 && length <= 5;
}

bool takeHalf(std::string_view& text, Parts& parts)
{
    static constexpr std::array<std::string_view, 2> halves{"AM", "PM"};
    const auto half = takeName(text, halves);
    parts.isAfternoon = half == 1U;
    return half.has_value();
}

/// A fraction that stands there, with or without a place in the layout.
void takeFraction(std::string_view& text, Parts& parts)
{
    if (text.size() < 2 || (text[0] != '.' && text[0] != ',') || !isDigit(text[1])) {
        return;
    }
    text.remove_prefix(1);
    int scale = 100;
    while (!text.empty() && isDigit(text.front())) {
        parts.millisecond += (text.front() - '0') * scale;
        scale /= 10;
        text.remove_prefix(1);
    }
}

bool takeSecond(std::string_view& text, Parts& parts, std::size_t least)
{
    const bool taken = takeNumber(text, least, 2, parts.second);
    takeFraction(text, parts);
    return taken;
}

using Take = bool (*)(std::string_view&, Parts&);
using Text = std::string_view;

struct Token {
    std::string_view text;
    Take take;
};

/// Longer ones stand before what they begin with.
const std::array tokens{
    Token{"January", [](Text& t, Parts& p) { return takeMonth(t, p, 0); }},
    Token{"Jan", [](Text& t, Parts& p) { return takeMonth(t, p, 3); }},
    Token{"Monday", [](Text& t, Parts&) { return takeName(t, weekdays).has_value(); }},
    Token{"Mon", [](Text& t, Parts&) { return takeName(t, weekdays, 3).has_value(); }},
    Token{"MST", &takeZoneName},
    Token{"2006", [](Text& t, Parts& p) { return takeNumber(t, 4, 4, p.year); }},
    Token{"002",
          [](Text& t, Parts& p) {
              int day = 0;
              const bool taken = takeNumber(t, 3, 3, day);
              p.yearDay = day;
              return taken;
          }},
    Token{"01", [](Text& t, Parts& p) { return takeUnsigned(t, 2, 2, p.month); }},
    Token{"02", [](Text& t, Parts& p) { return takeUnsigned(t, 2, 2, p.day); }},
    Token{"03", [](Text& t, Parts& p) { return takeNumber(t, 2, 2, p.hour) && p.hour <= 12; }},
    Token{"04", [](Text& t, Parts& p) { return takeNumber(t, 2, 2, p.minute); }},
    Token{"05", [](Text& t, Parts& p) { return takeSecond(t, p, 2); }},
    Token{"06",
          [](Text& t, Parts& p) {
              const bool taken = takeNumber(t, 2, 2, p.year);
              p.year += p.year >= 69 ? 1900 : 2000;
              return taken;
          }},
    Token{"15", [](Text& t, Parts& p) { return takeNumber(t, 1, 2, p.hour); }},
    Token{"PM", &takeHalf},
    Token{"pm", &takeHalf},
    Token{"-07:00", [](Text& t, Parts& p) { return takeOffset(t, p, true, true); }},
    Token{"-0700", [](Text& t, Parts& p) { return takeOffset(t, p, false, true); }},
    Token{"-07", [](Text& t, Parts& p) { return takeOffset(t, p, false, false); }},
    Token{"Z07:00", [](Text& t, Parts& p) { return takeZuluOr(t, p, true); }},
    Token{"Z0700", [](Text& t, Parts& p) { return takeZuluOr(t, p, false); }},
    Token{"_2",
          [](Text& t, Parts& p) {
              t.remove_prefix(t.starts_with(' ') ? 1 : 0);
              return takeUnsigned(t, 1, 2, p.day);
          }},
    Token{"1", [](Text& t, Parts& p) { return takeUnsigned(t, 1, 2, p.month); }},
    Token{"2", [](Text& t, Parts& p) { return takeUnsigned(t, 1, 2, p.day); }},
    Token{"3", [](Text& t, Parts& p) { return takeNumber(t, 1, 2, p.hour) && p.hour <= 12; }},
    Token{"4", [](Text& t, Parts& p) { return takeNumber(t, 1, 2, p.minute); }},
    Token{"5", [](Text& t, Parts& p) { return takeSecond(t, p, 1); }},
};

/// .000 or .999 in a layout stands for a fraction, which the seconds have taken already.
std::size_t fractionLength(std::string_view layout)
{
    if (layout.size() < 2 || layout[0] != '.' || (layout[1] != '0' && layout[1] != '9')) {
        return 0;
    }
    const std::size_t end = std::min(layout.find_first_not_of(layout[1], 1), layout.size());
    return end < layout.size() && isDigit(layout[end]) ? 0 : end;
}

/// Nothing: the text does not follow the layout.
std::optional<Parts> take(std::string_view layout, std::string_view text)
{
    Parts parts;
    while (!layout.empty()) {
        if (const std::size_t length = fractionLength(layout); length > 0) {
            layout.remove_prefix(length);
            continue;
        }
        const auto* const token = std::ranges::find_if(
            tokens, [layout](const Token& one) { return layout.starts_with(one.text); });
        if (token != tokens.end()) {
            if (!token->take(text, parts)) {
                return std::nullopt;
            }
            layout.remove_prefix(token->text.size());
        } else if (text.starts_with(layout.front())) {
            layout.remove_prefix(1);
            text.remove_prefix(1);
        } else {
            return std::nullopt;
        }
    }
    return text.empty() ? std::optional(parts) : std::nullopt;
}

std::optional<std::chrono::sys_days> dayOf(const Parts& parts)
{
    const std::chrono::year year(parts.year);
    if (parts.yearDay) {
        const int last = year.is_leap() ? 366 : 365;
        return *parts.yearDay >= 1 && *parts.yearDay <= last
            ? std::optional(std::chrono::sys_days(year / 1 / 1)
                            + std::chrono::days(*parts.yearDay - 1))
            : std::nullopt;
    }
    const std::chrono::year_month_day date(year, std::chrono::month(parts.month),
                                           std::chrono::day(parts.day));
    return date.ok() ? std::optional(std::chrono::sys_days(date)) : std::nullopt;
}

} // namespace

Result<TemplateTime> parseTime(std::string_view layout, std::string_view text)
{
    auto parts = take(layout, text);
    if (!parts) {
        return fail(ErrorKind::invalid,
                    std::format("parsing time \"{}\" as \"{}\": it does not follow the layout",
                                text, layout));
    }
    const auto day = dayOf(*parts);
    if (!day || parts->hour > 23 || parts->minute > 59 || parts->second > 59) {
        return fail(ErrorKind::invalid, std::format("parsing time \"{}\": out of range", text));
    }
    if (parts->isAfternoon) {
        parts->hour = parts->hour % 12 + (*parts->isAfternoon ? 12 : 0);
    }
    const std::chrono::minutes offset = parts->offset.value_or(0min);
    TemplateTime out;
    out.at = Timestamp(*day) + std::chrono::hours(parts->hour) + std::chrono::minutes(parts->minute)
        + std::chrono::seconds(parts->second) + std::chrono::milliseconds(parts->millisecond)
        - offset;
    if (offset != 0min) {
        const auto size = std::chrono::abs(offset).count();
        out.zone = std::format("{}{:02}:{:02}", offset < 0min ? '-' : '+', size / 60, size % 60);
    }
    return out;
}

} // namespace watchfire::alerting
