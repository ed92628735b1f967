// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/encode_result.h"
#include "core/api/service.h"
#include "core/text/duration.h"

#include <algorithm>
#include <map>
#include <set>

namespace watchfire::api {

namespace {

std::string_view toText(engine::Health health)
{
    switch (health) {
    case engine::Health::up:
        return "up";
    case engine::Health::down:
        return "down";
    case engine::Health::unknown:
        break;
    }
    return "unknown";
}

/// The address as others see it: a loopback host becomes that of the external address.
std::string globalUrl(const std::string& url, const std::string& externalHost)
{
    const std::size_t scheme = url.find("://");
    if (externalHost.empty() || scheme == std::string::npos) {
        return url;
    }
    const std::size_t begin = scheme + 3;
    const std::size_t end = std::min(url.find_first_of("/?", begin), url.size());
    const std::string_view authority = std::string_view(url).substr(begin, end - begin);
    for (const std::string_view local : {"localhost", "127.0.0.1", "0.0.0.0", "[::1]", "[::]"}) {
        if (authority.starts_with(local)
            && (authority.size() == local.size() || authority[local.size()] == ':')) {
            return url.substr(0, begin) + externalHost + url.substr(begin + local.size());
        }
    }
    return url;
}

/// Pools by name: every job of the configuration, and every job that has targets.
std::set<std::string> poolNames(const Service& service, const engine::TargetsSnapshot& targets)
{
    std::set<std::string> names;
    for (const config::ScrapeConfig& job : service.config.get()->config.scrapeConfigs) {
        names.insert(job.jobName);
    }
    for (const engine::TargetStatus& target : targets.targets) {
        names.insert(target.job);
    }
    for (const engine::TargetStatus& target : targets.dropped) {
        names.insert(target.job);
    }
    return names;
}

/// Targets of the wanted pool, by pool.
std::vector<const engine::TargetStatus*> select(const std::vector<engine::TargetStatus>& all,
                                                std::string_view pool)
{
    std::vector<const engine::TargetStatus*> chosen;
    for (const engine::TargetStatus& target : all) {
        if (pool.empty() || target.job == pool) {
            chosen.push_back(&target);
        }
    }
    std::ranges::stable_sort(chosen, {}, &engine::TargetStatus::job);
    return chosen;
}

void writeActive(std::string& out, const engine::TargetStatus& target, const Service& service)
{
    encoding::JsonWriter json(out);
    json.beginObject();
    json.key("discoveredLabels");
    appendLabels(json.value(), target.discoveredLabels);
    out += ",\"labels\":";
    appendLabels(out, target.labels);
    json.key("scrapePool").string(target.job);
    json.field("scrapeUrl", target.url);
    json.field("globalUrl", globalUrl(target.url, service.externalHost));
    json.field("lastError", target.lastError);
    json.field("lastScrape", formatTime(target.lastScrape));
    json.key("lastScrapeDuration")
        .number(std::chrono::duration<double>(target.lastDuration).count());
    json.field("health", toText(target.health));
    json.field("scrapeInterval", text::formatDuration(target.interval));
    json.field("scrapeTimeout", text::formatDuration(target.timeout));
    json.endObject();
}

void writeDropped(std::string& out, const engine::TargetStatus& target)
{
    out += "{\"discoveredLabels\":";
    appendLabels(out, target.discoveredLabels);
    out += ",\"scrapePool\":";
    encoding::appendJsonString(out, target.job);
    out += '}';
}

} // namespace

void targetList(const ServicePtr& service, const CallPtr& call)
{
    const auto snapshot = service->targets.get();
    std::string state(call->parameters.get("state"));
    std::ranges::transform(state, state.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const std::string_view pool = call->parameters.get("scrapePool");
    const bool showAll = state.empty() || state == "any";
    std::string data = "{\"activeTargets\":[";
    if (showAll || state == "active") {
        const char* comma = "";
        for (const engine::TargetStatus* const target : select(snapshot->targets, pool)) {
            data += std::exchange(comma, ",");
            writeActive(data, *target, *service);
        }
    }
    data += "],\"droppedTargets\":[";
    if (showAll || state == "dropped") {
        const char* comma = "";
        for (const engine::TargetStatus* const target : select(snapshot->dropped, pool)) {
            data += std::exchange(comma, ",");
            writeDropped(data, *target);
        }
        std::map<std::string, std::uint64_t> counts;
        for (const std::string& name : poolNames(*service, *snapshot)) {
            counts[name] = 0;
        }
        for (const engine::TargetStatus& target : snapshot->dropped) {
            ++counts[target.job];
        }
        data += "],\"droppedTargetCounts\":";
        encoding::JsonWriter json(data);
        json.beginObject();
        for (const auto& [name, count] : counts) {
            json.key(name).unsignedInteger(count);
        }
        json.endObject();
    } else {
        data += "],\"droppedTargetCounts\":null";
    }
    data += '}';
    call->succeed(data);
}

void scrapePools(const ServicePtr& service, const CallPtr& call)
{
    std::string data;
    encoding::JsonWriter json(data);
    json.beginObject().key("scrapePools").beginArray();
    for (const std::string& name : poolNames(*service, *service->targets.get())) {
        json.string(name);
    }
    json.endArray().endObject();
    call->succeed(data);
}

void targetMetadata(const ServicePtr&, const CallPtr& call)
{
    if (const std::string_view text = call->parameters.get("match_target"); !text.empty()) {
        if (const auto matchers = promql::parseSelector(text); !matchers) {
            call->refuseParameter("match_target", promql::describe(matchers.error(), text));
            return;
        }
    }
    if (const auto limit = parseLimit(call->parameters.get("limit")); !limit) {
        call->refuse("limit must be a number");
        return;
    }
    // The engine keeps metadata by family, not by target.
    call->succeed("[]");
}

void alertmanagers(const ServicePtr& service, const CallPtr& call)
{
    const auto status = service->status.get();
    std::string data;
    encoding::JsonWriter json(data);
    const auto write = [&json](std::string_view name, const std::vector<std::string>& urls) {
        json.key(name).beginArray();
        for (const std::string& url : urls) {
            json.beginObject().field("url", url).endObject();
        }
        json.endArray();
    };
    json.beginObject();
    write("activeAlertmanagers", status->alertmanagers);
    write("droppedAlertmanagers", status->droppedAlertmanagers);
    json.endObject();
    call->succeed(data);
}

} // namespace watchfire::api
