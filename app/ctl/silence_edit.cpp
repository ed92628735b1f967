// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/silence_edit.h"

#include "app/ctl/alert_arguments.h"
#include "app/ctl/engine_client.h"
#include "core/api/parameters.h"
#include "core/ports/http.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <format>

namespace watchfire::ctl {

namespace {

using encoding::JsonValue;

JsonValue jsonBool(bool value)
{
    JsonValue out;
    out.data = value;
    return out;
}

JsonValue matcherJson(const Matcher& matcher)
{
    const MatchType type = matcher.type();
    JsonValue out;
    out.data = JsonValue::Object{
        {"name", jsonText(matcher.name())},
        {"value", jsonText(matcher.value())},
        {"isRegex", jsonBool(type == MatchType::regex || type == MatchType::notRegex)},
        {"isEqual", jsonBool(type == MatchType::equal || type == MatchType::regex)}};
    return out;
}

/// The object with that member set.
JsonValue with(const JsonValue& object, std::string_view key, JsonValue value)
{
    JsonValue::Object members = object.members();
    const auto found = std::ranges::find(members, key, &JsonValue::Object::value_type::first);
    if (found == members.end()) {
        members.emplace_back(key, std::move(value));
    } else {
        found->second = std::move(value);
    }
    JsonValue out;
    out.data = std::move(members);
    return out;
}

/// What may be posted of a silence that was read.
JsonValue postable(const JsonValue& silence)
{
    JsonValue::Object members;
    for (const auto& [key, value] : silence.members()) {
        static constexpr std::array<std::string_view, 7> keys{
            "id", "matchers", "startsAt", "endsAt", "createdBy", "comment", "annotations"};
        if (std::ranges::contains(keys, key)) {
            members.emplace_back(key, value);
        }
    }
    JsonValue out;
    out.data = std::move(members);
    return out;
}

/// Its id; nothing: it was refused, which has been told.
std::optional<std::string> post(Context& context, const JsonValue& silence)
{
    const auto made = askAlertmanager(context, "POST", "silences", {}, silence);
    if (!made) {
        complain(context, made.error());
        return std::nullopt;
    }
    return std::string((*made)["silenceID"].asString());
}

void printIds(const Context& context, const std::vector<std::string>& ids)
{
    if (!context.json()) {
        for (const std::string& id : ids) {
            std::puts(id.c_str());
        }
        return;
    }
    std::string out;
    encoding::JsonWriter json(out);
    json.beginArray();
    for (const std::string& id : ids) {
        json.string(id);
    }
    json.endArray();
    std::puts(out.c_str());
}

/// What `options` say of the times of a silence that has these.
Result<std::pair<Timestamp, Timestamp>> timesOf(const SilenceOptions& options, Timestamp starts,
                                                Timestamp ends)
{
    const auto startsAt = timeArgument("--start", options.start, starts);
    if (!startsAt) {
        return std::unexpected(startsAt.error());
    }
    const auto lasts
        = durationArgument("--duration", options.duration, std::chrono::milliseconds(0));
    if (!lasts) {
        return std::unexpected(lasts.error());
    }
    const auto endsAt
        = timeArgument("--end", options.end, options.duration.empty() ? ends : *startsAt + *lasts);
    if (!endsAt) {
        return std::unexpected(endsAt.error());
    }
    return std::pair(*startsAt, *endsAt);
}

} // namespace

void addOne(Context& context, const SilenceOptions& options)
{
    const auto matchers = matcherArguments(options.arguments);
    const auto annotations = pairArguments(options.annotations, false);
    const Timestamp now = SystemClock().now();
    const auto times = timesOf(options, now, now + std::chrono::hours(1));
    for (const Error* const error :
         {matchers ? nullptr : &matchers.error(), annotations ? nullptr : &annotations.error(),
          times ? nullptr : &times.error()}) {
        if (error != nullptr) {
            complain(context, Exit::usage, error->message);
            return;
        }
    }
    if (options.comment.empty()) {
        complain(context, Exit::usage, "a silence needs a comment; give it with --comment");
        return;
    }
    const char* const user = std::getenv("USER"); // NOLINT(concurrency-mt-unsafe): one thread
    JsonValue list;
    list.data = JsonValue::Array();
    for (const Matcher& matcher : *matchers) {
        std::get<JsonValue::Array>(list.data).push_back(matcherJson(matcher));
    }
    JsonValue silence;
    silence.data = JsonValue::Object{{"matchers", std::move(list)},
                                     {"startsAt", jsonText(api::formatDateTime(times->first))},
                                     {"endsAt", jsonText(api::formatDateTime(times->second))},
                                     {"createdBy",
                                      jsonText(!options.author.empty() ? options.author
                                                   : user != nullptr   ? std::string(user)
                                                                       : std::string())},
                                     {"comment", jsonText(options.comment)},
                                     {"annotations", *annotations}};
    if (const auto id = post(context, silence)) {
        printIds(context, {*id});
    }
}

void expireAll(Context& context, const SilenceOptions& options)
{
    for (const std::string& id : options.arguments) {
        const auto expired = askAlertmanager(context, "DELETE", "silence/" + percentEncode(id), {});
        if (!expired) {
            complain(context, expired.error().within(std::format("silence {}", id)));
        }
    }
}

void updateAll(Context& context, const SilenceOptions& options)
{
    std::vector<std::string> ids;
    for (const std::string& id : options.arguments) {
        const auto known = askAlertmanager(context, "GET", "silence/" + percentEncode(id), {});
        if (!known) {
            complain(context, known.error().within(std::format("silence {}", id)));
            continue;
        }
        const auto time = [&](const char* key) {
            return api::parseDateTime((*known)[key].asString()).value_or(Timestamp{});
        };
        const auto times = timesOf(options, time("startsAt"), time("endsAt"));
        if (!times) {
            complain(context, Exit::usage, times.error().message);
            return;
        }
        JsonValue silence = postable(*known);
        silence = with(silence, "startsAt", jsonText(api::formatDateTime(times->first)));
        silence = with(silence, "endsAt", jsonText(api::formatDateTime(times->second)));
        if (!options.comment.empty()) {
            silence = with(silence, "comment", jsonText(options.comment));
        }
        if (auto changed = post(context, silence)) {
            ids.push_back(std::move(*changed));
        }
    }
    printIds(context, ids);
}

void importAll(Context& context, const SilenceOptions& options)
{
    const std::string file = options.arguments.empty() ? "-" : options.arguments.front();
    std::string text;
    if (!readInput(context, file, text)) {
        return;
    }
    const auto silences = encoding::parseJson(text);
    if (!silences || !silences->isArray()) {
        complain(context, Exit::wrong,
                 std::format("{} holds no list of silences{}", file,
                             silences ? "" : ": " + silences.error().message));
        return;
    }
    std::vector<std::string> ids;
    for (const JsonValue& silence : silences->items()) {
        JsonValue wanted = postable(silence);
        if (options.force) {
            wanted = with(wanted, "id", jsonText(""));
        }
        auto made = askAlertmanager(context, "POST", "silences", {}, wanted);
        if (!made && made.error().kind == ErrorKind::notFound) { // not one of this engine's
            made = askAlertmanager(context, "POST", "silences", {},
                                   with(wanted, "id", jsonText("")));
        }
        if (made) {
            ids.emplace_back((*made)["silenceID"].asString());
        } else {
            complain(context,
                     made.error().within(std::format("silence {}", silence["id"].asString())));
        }
    }
    printIds(context, ids);
}

} // namespace watchfire::ctl
