// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/silence_body.h"

#include <cctype>
#include <format>

namespace watchfire::api {

namespace {

using encoding::JsonValue;

constexpr std::string_view body = "silence";

/// The member as a text; an absent one and null are nothing.
OrRefusal<std::optional<std::string>> textMember(const JsonValue& object, std::string_view key,
                                                 std::string_view where)
{
    const JsonValue& value = object[key];
    if (value.isNull()) {
        return std::nullopt;
    }
    if (!value.isString()) {
        return wrongType(body, value, std::format("Silence.{}{}", where, key), "string");
    }
    return std::string(value.asString());
}

OrRefusal<std::optional<bool>> boolMember(const JsonValue& object, std::string_view key,
                                          std::string_view where)
{
    const JsonValue& value = object[key];
    if (value.isNull()) {
        return std::nullopt;
    }
    if (!value.isBool()) {
        return wrongType(body, value, std::format("Silence.{}{}", where, key), "bool");
    }
    return value.asBool();
}

OrRefusal<std::optional<Timestamp>> timeMember(const JsonValue& object, std::string_view key)
{
    const JsonValue& value = object[key];
    if (value.isNull()) {
        return std::nullopt;
    }
    if (!value.isString()) {
        return wrongType(body, value, {}, "string");
    }
    auto at = parseDateTime(value.asString());
    if (!at) {
        return unreadable(body, at.error().message);
    }
    return *at;
}

std::unexpected<Refusal> required(std::string_view what)
{
    return refusedAs(602, std::format("{} in body is required", what));
}

struct MatcherBody {
    std::optional<std::string> name;
    std::optional<std::string> value;
    std::optional<bool> isRegex;
    bool isEqual = true;
};

OrRefusal<MatcherBody> readMatcher(const JsonValue& value, std::size_t index)
{
    const std::string where = std::format("matchers.{}.", index);
    if (!value.isObject() && !value.isNull()) {
        return wrongType(body, value, std::format("Silence.matchers.{}", index), "models.Matcher");
    }
    auto name = textMember(value, "name", where);
    auto pattern = textMember(value, "value", where);
    auto isRegex = boolMember(value, "isRegex", where);
    auto isEqual = boolMember(value, "isEqual", where);
    if (!name) {
        return std::unexpected(std::move(name.error()));
    }
    if (!pattern) {
        return std::unexpected(std::move(pattern.error()));
    }
    if (!isRegex) {
        return std::unexpected(std::move(isRegex.error()));
    }
    if (!isEqual) {
        return std::unexpected(std::move(isEqual.error()));
    }
    return MatcherBody{std::move(*name), std::move(*pattern), *isRegex, isEqual->value_or(true)};
}

OrRefusal<std::vector<MatcherBody>> readMatchers(const JsonValue& value)
{
    std::vector<MatcherBody> matchers;
    if (!value.isArray()) {
        return wrongType(body, value, "Silence.matchers", "models.Matchers");
    }
    for (std::size_t i = 0; i < value.items().size(); ++i) {
        auto matcher = readMatcher(value.items()[i], i);
        if (!matcher) {
            return std::unexpected(std::move(matcher.error()));
        }
        matchers.push_back(std::move(*matcher));
    }
    return matchers;
}

OrRefusal<Labels> readAnnotations(const JsonValue& value)
{
    if (!value.isObject() && !value.isNull()) {
        return wrongType(body, value, "Silence.annotations", "models.LabelSet");
    }
    LabelsBuilder annotations;
    for (const auto& [name, text] : value.members()) {
        if (!text.isString()) {
            return wrongType(body, text, "Silence.annotations." + name, "string");
        }
        annotations.set(name, text.asString());
    }
    return annotations.build();
}

OrRefusal<Matchers> matchersOf(std::vector<MatcherBody> bodies)
{
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        const MatcherBody& matcher = bodies[i];
        for (const auto& [key, given] : {std::pair("isRegex", matcher.isRegex.has_value()),
                                         std::pair("name", matcher.name.has_value()),
                                         std::pair("value", matcher.value.has_value())}) {
            if (!given) {
                return required(std::format("matchers.{}.{}", i, key));
            }
        }
    }
    Matchers out;
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        MatcherBody& matcher = bodies[i];
        if (!isValidName(*matcher.name)) {
            return refusedWith(400,
                               std::format("invalid silence: invalid label matcher {}: invalid "
                                           "label name \"{}\"",
                                           i, *matcher.name));
        }
        const MatchType type = *matcher.isRegex
            ? (matcher.isEqual ? MatchType::regex : MatchType::notRegex)
            : (matcher.isEqual ? MatchType::equal : MatchType::notEqual);
        const std::string pattern = *matcher.value;
        auto made = Matcher::make(type, std::move(*matcher.name), std::move(*matcher.value));
        if (!made) {
            return refusedWith(400,
                               std::format("invalid silence: invalid label matcher {}: invalid "
                                           "regular expression \"{}\": {}",
                                           i, pattern, made.error().message));
        }
        out.push_back(std::move(*made));
    }
    return out;
}

/// What must be there and is not, the first in the order of the names.
std::optional<Refusal> lacking(const JsonValue& object)
{
    for (const char* const key : {"comment", "createdBy", "endsAt", "matchers", "startsAt"}) {
        if (object[key].isNull()) {
            return required(key).error();
        }
    }
    if (object["matchers"].items().empty()) {
        return refusedAs(612, "matchers in body should have at least 1 items").error();
    }
    return std::nullopt;
}

std::optional<Refusal> wrongTimes(const engine::SilenceChange& change, Timestamp now)
{
    if (change.startsAt >= change.endsAt) {
        return refusedWith(400, "Failed to create silence: start time must be before end time")
            .error();
    }
    if (change.endsAt < now) {
        return refusedWith(400, "Failed to create silence: end time can't be in the past").error();
    }
    return std::nullopt;
}

/// One of several that may have been refused: moves what was read, or keeps the first refusal.
template <class T, class Into>
void take(OrRefusal<T> read, Into& into, std::optional<Refusal>& refusal)
{
    if (read) {
        into = std::move(*read);
    } else if (!refusal) {
        refusal = std::move(read.error());
    }
}

} // namespace

OrRefusal<engine::SilenceChange> readSilence(const encoding::JsonValue& object, Timestamp now)
{
    if (!object.isObject() && !object.isNull()) {
        return wrongType(body, object, {}, "models.PostableSilence");
    }
    // What has the wrong type goes before what is missing.
    std::optional<Refusal> refusal;
    std::optional<std::string> id;
    std::optional<std::string> createdBy;
    std::optional<std::string> comment;
    std::optional<Timestamp> startsAt;
    std::optional<Timestamp> endsAt;
    std::vector<MatcherBody> matchers;
    engine::SilenceChange change;
    take(textMember(object, "id", {}), id, refusal);
    take(textMember(object, "comment", {}), comment, refusal);
    take(textMember(object, "createdBy", {}), createdBy, refusal);
    take(timeMember(object, "startsAt"), startsAt, refusal);
    take(timeMember(object, "endsAt"), endsAt, refusal);
    take(readAnnotations(object["annotations"]), change.annotations, refusal);
    if (!object["matchers"].isNull()) {
        take(readMatchers(object["matchers"]), matchers, refusal);
    }
    if (!refusal) {
        refusal = lacking(object);
    }
    if (refusal) {
        return std::unexpected(std::move(*refusal));
    }
    change.id = id.value_or("");
    change.createdBy = std::move(*createdBy);
    change.comment = std::move(*comment);
    change.startsAt = *startsAt;
    change.endsAt = *endsAt;
    auto made = matchersOf(std::move(matchers));
    // A matcher without a name or with a bad pattern is told after the times.
    if (!made && made.error().status == 422) {
        return std::unexpected(std::move(made.error()));
    }
    if (auto wrong = wrongTimes(change, now)) {
        return std::unexpected(std::move(*wrong));
    }
    if (!made) {
        return std::unexpected(std::move(made.error()));
    }
    change.matchers = std::move(*made);
    return change;
}

Refusal silenceRefusal(const Error& error)
{
    switch (error.kind) {
    case ErrorKind::notFound:
        return refusedWith(404, "silence not found").error();
    case ErrorKind::invalid:
        return refusedWith(400, "invalid silence: " + error.message).error();
    default:
        return refusedWith(500, error.message).error();
    }
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

Refusal noUuid(std::string_view text)
{
    return refusedAs(601, std::format("silenceID in path must be of type uuid: \"{}\"", text))
        .error();
}

} // namespace watchfire::api
