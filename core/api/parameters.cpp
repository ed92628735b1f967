// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/parameters.h"

#include "core/text/duration.h"
#include "core/text/number.h"
#include "core/text/quote.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <format>
#include <limits>
#include <optional>

namespace watchfire::api {

namespace {

/// Takes that many digits off the front.
std::optional<int> takeDigits(std::string_view& text, std::size_t count)
{
    if (text.size() < count
        || text.substr(0, count).find_first_not_of("0123456789") != std::string_view::npos) {
        return std::nullopt;
    }
    int value = 0;
    std::from_chars(text.data(), text.data() + count, value);
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, char c)
{
    if (!text.starts_with(c)) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

std::optional<std::chrono::milliseconds> takeFraction(std::string_view& text)
{
    if (!take(text, '.')) {
        return std::chrono::milliseconds(0);
    }
    int ms = 0;
    int weight = 100;
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
        ms += (text[digits] - '0') * weight;
        weight /= 10;
    }
    if (digits == 0) {
        return std::nullopt;
    }
    text.remove_prefix(digits);
    return std::chrono::milliseconds(ms);
}

/// What local time is ahead of UTC: Z, +01:00, -08:00.
std::optional<std::chrono::minutes> takeOffset(std::string_view& text)
{
    if (take(text, 'Z') || take(text, 'z')) {
        return std::chrono::minutes(0);
    }
    const bool behind = text.starts_with('-');
    if (!take(text, '+') && !take(text, '-')) {
        return std::nullopt;
    }
    const auto hours = takeDigits(text, 2);
    if (!hours || !take(text, ':')) {
        return std::nullopt;
    }
    const auto minutes = takeDigits(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59) {
        return std::nullopt;
    }
    const std::chrono::minutes offset(*hours * 60 + *minutes);
    return behind ? -offset : offset;
}

std::optional<Timestamp> parseRfc3339(std::string_view text)
{
    const auto year = takeDigits(text, 4);
    if (!year || !take(text, '-')) {
        return std::nullopt;
    }
    const auto month = takeDigits(text, 2);
    if (!month || !take(text, '-')) {
        return std::nullopt;
    }
    const auto day = takeDigits(text, 2);
    if (!day || (!take(text, 'T') && !take(text, 't'))) {
        return std::nullopt;
    }
    const auto hour = takeDigits(text, 2);
    if (!hour || !take(text, ':')) {
        return std::nullopt;
    }
    const auto minute = takeDigits(text, 2);
    if (!minute || !take(text, ':')) {
        return std::nullopt;
    }
    const auto second = takeDigits(text, 2);
    if (!second) {
        return std::nullopt;
    }
    const auto fraction = takeFraction(text);
    const auto offset = takeOffset(text);
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!fraction || !offset || !text.empty() || !date.ok() || *hour > 23 || *minute > 59
        || *second > 59) {
        return std::nullopt;
    }
    return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute)
        + std::chrono::seconds(*second) + *fraction - *offset;
}

std::unexpected<Error> bad(std::string_view text, std::string_view what)
{
    return fail(ErrorKind::invalid, std::format("cannot parse \"{}\" to a valid {}", text, what));
}

void appendUtf8(std::string& out, char32_t rune)
{
    const auto byte = [&](char32_t bits) { out += static_cast<char>(bits); };
    if (rune < 0x80) {
        byte(rune);
    } else if (rune < 0x800) {
        byte(0xC0 | (rune >> 6));
        byte(0x80 | (rune & 0x3F));
    } else if (rune < 0x10000) {
        byte(0xE0 | (rune >> 12));
        byte(0x80 | ((rune >> 6) & 0x3F));
        byte(0x80 | (rune & 0x3F));
    } else {
        byte(0xF0 | (rune >> 18));
        byte(0x80 | ((rune >> 12) & 0x3F));
        byte(0x80 | ((rune >> 6) & 0x3F));
        byte(0x80 | (rune & 0x3F));
    }
}

} // namespace

std::string_view Parameters::get(std::string_view name) const
{
    for (const auto& [key, value] : m_pairs) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

std::vector<std::string_view> Parameters::all(std::string_view name) const
{
    std::vector<std::string_view> values;
    for (const auto& [key, value] : m_pairs) {
        if (key == name) {
            values.push_back(value);
        }
    }
    return values;
}

Result<Timestamp> parseTime(std::string_view text)
{
    // The ends of time as clients of Go print them.
    constexpr std::int64_t endOfTime = std::numeric_limits<std::int64_t>::max() / 1'000'000;
    if (text == "-292273086-05-16T16:47:06Z") {
        return fromUnixMs(-endOfTime);
    }
    if (text == "292277025-08-18T07:12:54.999999999Z") {
        return fromUnixMs(endOfTime);
    }
    if (const auto seconds = text::parseFloat(text)) {
        if (!std::isfinite(*seconds) || std::abs(*seconds) > 1e13) {
            return bad(text, "timestamp");
        }
        return fromUnixMs(static_cast<std::int64_t>(std::round(*seconds * 1000)));
    }
    if (const auto at = parseRfc3339(text)) {
        return *at;
    }
    return bad(text, "timestamp");
}

Result<Timestamp> parseDateTime(std::string_view text)
{
    if (text.empty()) {
        return Timestamp{};
    }
    constexpr std::size_t date = 10;
    constexpr std::size_t toTheMinute = 16;
    constexpr std::size_t toTheSecond = 19;
    std::string whole(text);
    if (whole.size() > date && whole[date] == ' ') {
        whole[date] = 'T';
    }
    if (whole.size() == date) {
        whole += "T00:00:00Z";
    } else if (whole.size() == toTheMinute) {
        whole += ":00Z";
    } else if (whole.size() == toTheMinute + 1 && whole.ends_with('Z')) {
        whole.insert(toTheMinute, ":00");
    } else if (whole.size() == toTheSecond) {
        whole += 'Z';
    }
    const auto at = parseRfc3339(whole);
    if (!at) {
        // The words of the reference, which tries several forms and tells of the last.
        return fail(ErrorKind::invalid,
                    std::format("parsing time {0} as \"2006-01-02\": cannot parse {0} as \"2006\"",
                                text::quote(text)));
    }
    return std::max(*at, Timestamp{});
}

Result<std::chrono::milliseconds> parseStep(std::string_view text)
{
    if (const auto seconds = text::parseFloat(text)) {
        if (!std::isfinite(*seconds) || std::abs(*seconds) > 9.2e9) {
            return fail(
                ErrorKind::invalid,
                std::format("cannot parse \"{}\" to a valid duration. It overflows int64", text));
        }
        return std::chrono::milliseconds(static_cast<std::int64_t>(std::round(*seconds * 1000)));
    }
    if (auto duration = text::parseDuration(text)) {
        return duration;
    }
    return bad(text, "duration");
}

Result<std::size_t> parseLimit(std::string_view text)
{
    if (text.empty()) {
        return std::size_t{0};
    }
    // Clients match the words of the reference, whose reader of numbers names itself.
    const auto unread = [text](std::string_view why) {
        return fail(ErrorKind::invalid,
                    std::format("strconv.Atoi: parsing {}: {}", text::quote(text), why));
    };
    std::int64_t value = 0;
    std::string_view digits = text;
    if (digits.starts_with('+') && !digits.starts_with("+-")) {
        digits.remove_prefix(1);
    }
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc::invalid_argument || end != digits.data() + digits.size()) {
        return unread("invalid syntax");
    }
    if (error != std::errc()) {
        return unread("value out of range");
    }
    if (value < 0) {
        return fail(ErrorKind::invalid, "limit must be non-negative");
    }
    return static_cast<std::size_t>(value);
}

Result<Timestamp> timeParameter(const Parameters& parameters, std::string_view name,
                                Timestamp otherwise)
{
    const std::string_view text = parameters.get(name);
    if (text.empty()) {
        return otherwise;
    }
    auto at = parseTime(text);
    if (!at) {
        return fail(ErrorKind::invalid,
                    std::format("invalid parameter \"{}\": invalid time value for '{}': {}", name,
                                name, at.error().message));
    }
    return at;
}

std::string formatDateTime(Timestamp at)
{
    return std::format("{:%FT%T}Z", at); // the type has three digits of a second
}

std::string formatTime(Timestamp at)
{
    if (at == Timestamp{}) {
        return "0001-01-01T00:00:00Z";
    }
    std::string out = std::format("{:%FT%T}", at); // ends in .mmm
    while (out.ends_with('0')) {
        out.pop_back();
    }
    if (out.ends_with('.')) {
        out.pop_back();
    }
    return out + "Z";
}

std::string unescapeName(std::string_view name)
{
    if (!name.starts_with("U__")) {
        return std::string(name);
    }
    std::string out;
    std::string_view rest = name.substr(3);
    while (!rest.empty()) {
        const char c = rest.front();
        rest.remove_prefix(1);
        if (c != '_') {
            out += c;
            continue;
        }
        if (take(rest, '_')) {
            out += '_';
            continue;
        }
        // _2e_: a code point in hexadecimal.
        const std::size_t end = rest.find('_');
        if (end == std::string_view::npos || end == 0 || end > 6) {
            return std::string(name);
        }
        std::uint32_t rune = 0;
        const auto [last, error] = std::from_chars(rest.data(), rest.data() + end, rune, 16);
        const bool surrogate = rune >= 0xD800 && rune <= 0xDFFF;
        if (error != std::errc() || last != rest.data() + end || rune > 0x10FFFF || surrogate) {
            return std::string(name);
        }
        appendUtf8(out, rune);
        rest.remove_prefix(end + 1);
    }
    return out;
}

} // namespace watchfire::api
