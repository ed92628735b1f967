// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/silence_answers.h"

#include "core/api/silence_body.h"

#include <utility>

namespace watchfire::ctl {

namespace {

SilenceAnswer refused(api::Refusal refusal)
{
    return {refusal.status, std::move(refusal.json), {}};
}

} // namespace

SilenceAnswer postSilence(alerting::Silences& silences, std::string_view body, Timestamp now)
{
    const auto json = api::parseBody(body, "silence");
    if (!json) {
        return refused(json.error());
    }
    auto change = api::readSilence(*json, now);
    if (!change) {
        return refused(std::move(change.error()));
    }
    alerting::Silence silence;
    silence.id = std::move(change->id);
    silence.matchers = std::move(change->matchers);
    silence.startsAt = change->startsAt;
    silence.endsAt = change->endsAt;
    silence.createdBy = std::move(change->createdBy);
    silence.comment = std::move(change->comment);
    silence.annotations = std::move(change->annotations);
    auto id = silences.set(std::move(silence), now);
    return id ? SilenceAnswer{200, {}, std::move(*id)} : refused(api::silenceRefusal(id.error()));
}

SilenceAnswer deleteSilence(alerting::Silences& silences, const std::string& id, Timestamp now)
{
    if (const SilenceAnswer found = findSilence(silences, id); found.status != 200) {
        return found;
    }
    const auto expired = silences.expire(id, now);
    return expired ? SilenceAnswer{200, {}, id} : refused(api::silenceRefusal(expired.error()));
}

SilenceAnswer findSilence(const alerting::Silences& silences, const std::string& id)
{
    if (!api::isUuid(id)) {
        return refused(api::noUuid(id));
    }
    return {silences.all().contains(id) ? 200 : 404, {}, id};
}

} // namespace watchfire::ctl
