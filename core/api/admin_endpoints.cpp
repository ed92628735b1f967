// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/service.h"

#include <algorithm>
#include <array>
#include <format>
#include <limits>

namespace watchfire::api {

namespace {

constexpr std::int64_t endOfTime = std::numeric_limits<std::int64_t>::max() / 1'000'000;

/// False: it has been answered.
bool isEnabled(const Service& service, Call& call)
{
    if (!service.options.adminApi) {
        call.failWith(503, "unavailable", "admin APIs disabled");
    }
    return service.options.adminApi;
}

void answerNothing(Call& call)
{
    HttpResponse response;
    response.status = 204;
    call.answer(std::move(response));
}

/// The words that Go's strconv.ParseBool knows.
std::optional<bool> parseBool(std::string_view text)
{
    constexpr std::array<std::string_view, 6> yes{"1", "t", "T", "true", "TRUE", "True"};
    constexpr std::array<std::string_view, 6> no{"0", "f", "F", "false", "FALSE", "False"};
    if (std::ranges::contains(yes, text)) {
        return true;
    }
    return std::ranges::contains(no, text) ? std::optional(false) : std::nullopt;
}

} // namespace

void deleteSeries(const ServicePtr& service, const CallPtr& call)
{
    if (!isEnabled(*service, *call)) {
        return;
    }
    if (call->parameters.all("match[]").empty()) {
        call->refuse("no match[] parameter provided");
        return;
    }
    const auto from = timeParameter(call->parameters, "start", fromUnixMs(-endOfTime));
    const auto to = timeParameter(call->parameters, "end", fromUnixMs(endOfTime));
    if (!from || !to) {
        call->refuse(!from ? from.error() : to.error());
        return;
    }
    auto matchers = matchParameters(call->parameters);
    if (!matchers) {
        call->refuseParameter("match[]", matchers.error().message);
        return;
    }
    engine::SeriesRequest request;
    request.matchers = std::move(*matchers);
    request.range = {*from, *to};
    call->hold(
        service->engine.deleteSamples(std::move(request), [call](Result<std::uint64_t> deleted) {
            if (!deleted) {
                call->failWith(deleted.error());
                return;
            }
            answerNothing(*call);
        }));
}

void cleanTombstones(const ServicePtr& service, const CallPtr& call)
{
    if (!isEnabled(*service, *call)) {
        return;
    }
    call->hold(service->engine.reclaimDeleted([call](Result<void> done) {
        if (!done) {
            call->failWith(done.error());
            return;
        }
        answerNothing(*call);
    }));
}

void snapshot(const ServicePtr& service, const CallPtr& call)
{
    if (!isEnabled(*service, *call)) {
        return;
    }
    // Copies always hold everything; the flag is only checked.
    if (const std::string_view skipHead = call->parameters.get("skip_head");
        !skipHead.empty() && !parseBool(skipHead)) {
        call->refuseParameter("skip_head",
                              std::format("unable to parse boolean: strconv.ParseBool: parsing "
                                          "\"{}\": invalid syntax",
                                          skipHead));
        return;
    }
    call->hold(service->engine.snapshot([call](Result<std::string> name) {
        if (!name) {
            call->failWith(name.error());
            return;
        }
        std::string data;
        encoding::JsonWriter json(data);
        json.beginObject().field("name", *name).endObject();
        call->succeed(data);
    }));
}

} // namespace watchfire::api
