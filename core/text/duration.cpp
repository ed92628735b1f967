// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/duration.h"

#include <array>
#include <format>
#include <limits>

namespace watchfire::text {

namespace {

struct Unit {
    std::string_view name;
    std::int64_t ms;
    bool onlyWhole; ///< printed only when it divides what is left
};

constexpr std::array units{
    Unit{"y", std::int64_t{365} * 86'400'000, true},
    Unit{"w", std::int64_t{7} * 86'400'000, true},
    Unit{"d", 86'400'000, false},
    Unit{"h", 3'600'000, false},
    Unit{"m", 60'000, false},
    Unit{"s", 1'000, false},
    Unit{"ms", 1, false},
};

constexpr std::int64_t longestMs = std::numeric_limits<std::int64_t>::max() / 1'000'000;

} // namespace

Result<std::chrono::milliseconds> parseDuration(std::string_view text)
{
    const auto whole = Span{0, static_cast<std::uint32_t>(text.size())};
    if (text.empty()) {
        return fail(ErrorKind::invalid, "empty duration string", whole);
    }
    if (text == "0") {
        return std::chrono::milliseconds(0);
    }
    std::int64_t total = 0;
    std::size_t at = 0;
    std::size_t next = 0; // the largest unit still allowed
    while (at < text.size()) {
        const std::size_t begin = at;
        std::int64_t count = 0;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
            if (count > longestMs) {
                return fail(ErrorKind::invalid, "duration out of range", whole);
            }
            count = count * 10 + (text[at] - '0');
            ++at;
        }
        const std::size_t unitBegin = at;
        while (at < text.size() && text[at] >= 'a' && text[at] <= 'z') {
            ++at;
        }
        const std::string_view name = text.substr(unitBegin, at - unitBegin);
        std::size_t unit = next;
        while (unit < units.size() && units[unit].name != name) {
            ++unit;
        }
        if (unitBegin == begin || unit == units.size()) {
            return fail(ErrorKind::invalid,
                        std::format("not a valid duration string: \"{}\"", text),
                        Span{static_cast<std::uint32_t>(begin),
                             static_cast<std::uint32_t>(std::max(at, begin + 1))});
        }
        if (count > (longestMs - total) / units[unit].ms) {
            return fail(ErrorKind::invalid, "duration out of range", whole);
        }
        total += count * units[unit].ms;
        next = unit + 1;
    }
    return std::chrono::milliseconds(total);
}

std::string formatDuration(std::chrono::milliseconds duration)
{
    std::int64_t left = duration.count();
    if (left == 0) {
        return "0s";
    }
    std::string out;
    if (left < 0) {
        out = "-";
        left = -left;
    }
    for (const Unit& unit : units) {
        if (unit.onlyWhole && left % unit.ms != 0) {
            continue;
        }
        if (const std::int64_t count = left / unit.ms; count > 0) {
            std::format_to(std::back_inserter(out), "{}{}", count, unit.name);
            left -= count * unit.ms;
        }
    }
    return out;
}

} // namespace watchfire::text
