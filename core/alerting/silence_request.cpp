// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/silence_request.h"

#include "core/encoding/json.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <expected>
#include <format>
#include <utility>

namespace watchfire::alerting {

namespace {

using encoding::JsonValue;

constexpr int badRequest = 400;
constexpr int notFound = 404;
constexpr int unprocessable = 422;

template <class T> using Read = std::expected<T, SilenceAnswer>;

std::unexpected<SilenceAnswer> refuse(int status, std::string message)
{
    return std::unexpected(SilenceAnswer{status, std::move(message), {}});
}

std::optional<int> digits(std::string_view text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && text.front() != '-' ? std::optional(value) : std::nullopt;
}

/// Z, +01:00: the offset from UTC.
std::optional<std::chrono::minutes> zoneOffset(std::string_view text)
{
    if (text == "Z" || text == "z") {
        return std::chrono::minutes(0);
    }
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') {
        return std::nullopt;
    }
    const auto hours = digits(text.substr(1, 2));
    const auto minutes = digits(text.substr(4));
    if (!hours || !minutes || *hours > 23 || *minutes > 59) {
        return std::nullopt;
    }
    const std::chrono::minutes offset(*hours * 60 + *minutes);
    return text[0] == '-' ? -offset : offset;
}

Read<Matcher> readMatcher(const JsonValue& value, std::size_t index)
{
    for (const char* const key : {"name", "value", "isRegex"}) {
        if (value[key].isNull()) {
            return refuse(unprocessable,
                          std::format("matchers.{}.{} in body is required", index, key));
        }
    }
    const bool regex = value["isRegex"].asBool();
    const bool equal = value["isEqual"].asBool(true);
    const std::string name(value["name"].asString());
    if (!isValidName(name)) {
        return refuse(badRequest, std::format("invalid silence: invalid label name \"{}\"", name));
    }
    const MatchType type = regex ? (equal ? MatchType::regex : MatchType::notRegex)
                                 : (equal ? MatchType::equal : MatchType::notEqual);
    auto matcher = Matcher::make(type, name, std::string(value["value"].asString()));
    if (!matcher) {
        return refuse(badRequest, "invalid silence: " + matcher.error().message);
    }
    return std::move(*matcher);
}

Read<Silence> readSilence(const JsonValue& body)
{
    for (const char* const key : {"matchers", "startsAt", "endsAt", "createdBy", "comment"}) {
        if (body[key].isNull()) {
            return refuse(unprocessable, std::format("{} in body is required", key));
        }
    }
    const auto& matchers = body["matchers"].items();
    if (matchers.empty()) {
        return refuse(unprocessable, "matchers in body should have at least 1 items");
    }
    Silence silence;
    for (std::size_t i = 0; i < matchers.size(); ++i) {
        auto matcher = readMatcher(matchers[i], i);
        if (!matcher) {
            return std::unexpected(std::move(matcher.error()));
        }
        silence.matchers.push_back(std::move(*matcher));
    }
    const auto starts = parseRfc3339(body["startsAt"].asString());
    const auto ends = parseRfc3339(body["endsAt"].asString());
    if (!starts || !ends) {
        return refuse(
            badRequest,
            std::format("{} in body must be of type date-time", starts ? "endsAt" : "startsAt"));
    }
    silence.id = body["id"].asString();
    silence.startsAt = *starts;
    silence.endsAt = *ends;
    silence.createdBy = body["createdBy"].asString();
    silence.comment = body["comment"].asString();
    return silence;
}

SilenceAnswer refused(const Error& error)
{
    return {error.kind == ErrorKind::notFound ? notFound : badRequest, error.message, {}};
}

bool isUuid(std::string_view text)
{
    if (text.size() != 36) {
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const auto c = static_cast<unsigned char>(text[i]);
        if (dash ? c != '-' : std::isxdigit(c) == 0) {
            return false;
        }
    }
    return true;
}

} // namespace

std::optional<Timestamp> parseRfc3339(std::string_view text)
{
    constexpr std::string_view shape = "0000-00-00T00:00:00";
    if (text.size() <= shape.size()) {
        return std::nullopt;
    }
    std::array<int, 6> parts{};
    constexpr std::array<std::pair<std::size_t, std::size_t>, 6> places{
        {{0, 4}, {5, 2}, {8, 2}, {11, 2}, {14, 2}, {17, 2}}};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto value = digits(text.substr(places[i].first, places[i].second));
        if (!value) {
            return std::nullopt;
        }
        parts[i] = *value;
    }
    const bool separated = text[4] == '-' && text[7] == '-' && (text[10] == 'T' || text[10] == 't')
        && text[13] == ':' && text[16] == ':';
    const std::chrono::year_month_day date{std::chrono::year(parts[0]),
                                           std::chrono::month(static_cast<unsigned>(parts[1])),
                                           std::chrono::day(static_cast<unsigned>(parts[2]))};
    if (!separated || !date.ok() || parts[3] > 23 || parts[4] > 59 || parts[5] > 59) {
        return std::nullopt;
    }
    text.remove_prefix(shape.size());
    int milliseconds = 0;
    if (text.front() == '.') {
        std::size_t end = 1;
        for (int unit = 100; end < text.size() && text[end] >= '0' && text[end] <= '9'; ++end) {
            milliseconds += (text[end] - '0') * unit;
            unit /= 10;
        }
        if (end == 1) {
            return std::nullopt;
        }
        text.remove_prefix(end);
    }
    const auto offset = zoneOffset(text);
    if (!offset) {
        return std::nullopt;
    }
    return Timestamp(std::chrono::sys_days(date)) + std::chrono::hours(parts[3])
        + std::chrono::minutes(parts[4]) + std::chrono::seconds(parts[5])
        + std::chrono::milliseconds(milliseconds) - *offset;
}

SilenceAnswer postSilence(Silences& silences, std::string_view body, Timestamp now)
{
    const auto json = encoding::parseJson(body);
    if (!json || !json->isObject()) {
        return {badRequest, json ? "the body is no object" : json.error().message, {}};
    }
    auto silence = readSilence(*json);
    if (!silence) {
        return std::move(silence.error());
    }
    auto id = silences.set(std::move(*silence), now);
    return id ? SilenceAnswer{200, {}, std::move(*id)} : refused(id.error());
}

SilenceAnswer deleteSilence(Silences& silences, const std::string& id, Timestamp now)
{
    if (const SilenceAnswer found = findSilence(silences, id); found.status != 200) {
        return found;
    }
    const auto expired = silences.expire(id, now);
    return expired ? SilenceAnswer{200, {}, id} : refused(expired.error());
}

SilenceAnswer findSilence(const Silences& silences, const std::string& id)
{
    if (!isUuid(id)) {
        return {
            unprocessable, std::format("silenceID in path must be of type uuid: \"{}\"", id), {}};
    }
    return silences.all().contains(id) ? SilenceAnswer{200, {}, id}
                                       : SilenceAnswer{notFound, {}, {}};
}

} // namespace watchfire::alerting
