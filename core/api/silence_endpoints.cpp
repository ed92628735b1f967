// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/silence_body.h"

#include <algorithm>
#include <utility>

namespace watchfire::api {

namespace {

enum class SilenceState { active, pending, expired }; ///< in the order of the list

SilenceState stateOf(const engine::SilenceStatus& silence, Timestamp now)
{
    if (silence.endsAt <= now) {
        return SilenceState::expired;
    }
    return now < silence.startsAt ? SilenceState::pending : SilenceState::active;
}

std::string_view toText(SilenceState state)
{
    switch (state) {
    case SilenceState::active:
        return "active";
    case SilenceState::pending:
        return "pending";
    case SilenceState::expired:
        return "expired";
    }
    return "?";
}

/// The active ones that end first, the pending ones that start first, the expired ones that ended
/// last.
/// Source: Alertmanager 0.33, api/v2, SortSilences.
void sortAsListed(std::vector<engine::SilenceStatus>& silences, Timestamp now)
{
    std::ranges::stable_sort(silences,
                             [now](const engine::SilenceStatus& a, const engine::SilenceStatus& b) {
                                 const SilenceState state = stateOf(a, now);
                                 if (state != stateOf(b, now)) {
                                     return state < stateOf(b, now);
                                 }
                                 switch (state) {
                                 case SilenceState::active:
                                     return a.endsAt < b.endsAt;
                                 case SilenceState::pending:
                                     return a.startsAt < b.startsAt;
                                 case SilenceState::expired:
                                     break;
                                 }
                                 return a.endsAt > b.endsAt;
                             });
}

void writeMatcher(encoding::JsonWriter& json, const Matcher& matcher)
{
    const MatchType type = matcher.type();
    json.beginObject();
    json.key("isEqual").boolean(type == MatchType::equal || type == MatchType::regex);
    json.key("isRegex").boolean(type == MatchType::regex || type == MatchType::notRegex);
    json.field("name", matcher.name()).field("value", matcher.value()).endObject();
}

void writeSilence(encoding::JsonWriter& json, const engine::SilenceStatus& silence, Timestamp now)
{
    json.beginObject().field("id", silence.id);
    json.key("status").beginObject().field("state", toText(stateOf(silence, now))).endObject();
    json.field("updatedAt", formatDateTime(silence.updatedAt));
    if (!silence.annotations.empty()) {
        json.key("annotations").beginObject();
        for (const Label& annotation : silence.annotations) {
            json.key(annotation.name).string(annotation.value);
        }
        json.endObject();
    }
    json.field("comment", silence.comment).field("createdBy", silence.createdBy);
    json.field("endsAt", formatDateTime(silence.endsAt)).key("matchers").beginArray();
    for (const Matcher& matcher : silence.matchers) {
        writeMatcher(json, matcher);
    }
    json.endArray().field("startsAt", formatDateTime(silence.startsAt)).endObject();
}

/// Whether each matcher of the filter is one of the silence's.
bool hasAll(const engine::SilenceStatus& silence, const Matchers& filter)
{
    return std::ranges::all_of(filter, [&](const Matcher& wanted) {
        return std::ranges::contains(silence.matchers, wanted);
    });
}

struct SilenceFilter {
    Matchers matchers;
    bool active = true;
    bool pending = true;
    bool expired = true;

    bool takes(const engine::SilenceStatus& silence, Timestamp now) const
    {
        switch (stateOf(silence, now)) {
        case SilenceState::active:
            return active && hasAll(silence, matchers);
        case SilenceState::pending:
            return pending && hasAll(silence, matchers);
        case SilenceState::expired:
            break;
        }
        return expired && hasAll(silence, matchers);
    }
};

void askSilences(const ServicePtr& service, const CallPtr& call,
                 std::move_only_function<void(engine::AlertingState)> then)
{
    engine::AlertingRequest request;
    request.silences = true;
    call->hold(service->engine.inspectAlerting(
        std::move(request),
        [call, then = std::move(then)](Result<engine::AlertingState> state) mutable {
            if (state) {
                then(std::move(*state));
            } else {
                answer(call, state.error());
            }
        }));
}

} // namespace

void silenceList(const ServicePtr& service, const CallPtr& call)
{
    auto matchers = filterOf(call->parameters);
    if (!matchers) {
        answer(call, matchers.error());
        return;
    }
    SilenceFilter filter{std::move(*matchers), flag(call->parameters, "active"),
                         flag(call->parameters, "pending"), flag(call->parameters, "expired")};
    askSilences(service, call, [call, filter = std::move(filter)](engine::AlertingState state) {
        sortAsListed(state.silences, state.at);
        std::string out;
        encoding::JsonWriter json(out);
        json.beginArray();
        for (const engine::SilenceStatus& silence : state.silences) {
            if (filter.takes(silence, state.at)) {
                writeSilence(json, silence, state.at);
            }
        }
        json.endArray();
        answerJson(call, std::move(out));
    });
}

void postSilence(const ServicePtr& service, const CallPtr& call)
{
    const auto json = readBody(call->request, "silence");
    if (!json) {
        answer(call, json.error());
        return;
    }
    auto change = readSilence(*json, service->clock.now());
    if (!change) {
        answer(call, change.error());
        return;
    }
    call->hold(service->engine.changeSilence(
        std::move(*change), [call](const Result<engine::SilenceId>& id) {
            if (!id) {
                answer(call, silenceRefusal(id.error()));
                return;
            }
            std::string out;
            encoding::JsonWriter(out).beginObject().field("silenceID", *id).endObject();
            answerJson(call, std::move(out));
        }));
}

void silenceById(const ServicePtr& service, const CallPtr& call)
{
    if (!isUuid(call->argument)) {
        answer(call, noUuid(call->argument));
        return;
    }
    askSilences(service, call, [call](const engine::AlertingState& state) {
        const auto found
            = std::ranges::find(state.silences, call->argument, &engine::SilenceStatus::id);
        if (found == state.silences.end()) {
            answerJson(call, {}, 404);
            return;
        }
        std::string out;
        encoding::JsonWriter json(out);
        writeSilence(json, *found, state.at);
        answerJson(call, std::move(out));
    });
}

void expireSilence(const ServicePtr& service, const CallPtr& call)
{
    if (!isUuid(call->argument)) {
        answer(call, noUuid(call->argument));
        return;
    }
    engine::SilenceChange change;
    change.id = call->argument;
    change.expire = true;
    call->hold(service->engine.changeSilence(
        std::move(change), [call](const Result<engine::SilenceId>& id) {
            if (id) {
                answerJson(call, {});
            } else if (id.error().kind == ErrorKind::notFound) {
                answerJson(call, {}, 404);
            } else {
                answer(call, id.error());
            }
        }));
}

} // namespace watchfire::api
