// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/service.h"
#include "core/config/export.h"
#include "core/promql/syntax/functions.h"
#include "core/text/duration.h"

#include <array>
#include <filesystem>
#include <format>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <unistd.h>

namespace watchfire::api {

namespace {

/// Clients (Grafana among them) choose features by this number: the release whose API we answer
/// like, with our own behind it.
constexpr std::string_view version = "3.5.3+watchfire." WATCHFIRE_VERSION;

std::string hostName()
{
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data())
                                                          : std::string("localhost");
}

/// "180d or 20GiB or 10%", as Prometheus tells it.
std::string retentionText(const engine::StatusSnapshot& status)
{
    std::string out;
    const auto add
        = [&out](const std::string& limit) { out += (out.empty() ? "" : " or ") + limit; };
    if (status.retention.count() > 0) {
        add(text::formatDuration(status.retention));
    }
    if (status.retentionSize > 0) {
        std::string size = config::formatBytes(status.retentionSize); // "20GB", by 1024
        if (size.size() > 1 && size[size.size() - 2] > '9') {
            size.insert(size.size() - 1, "i");
        }
        add(size);
    }
    if (status.retentionPercentage > 0) {
        add(std::format("{}%", status.retentionPercentage));
    }
    return out;
}

} // namespace

void statusConfig(const ServicePtr& service, const CallPtr& call)
{
    std::string data;
    encoding::JsonWriter json(data);
    json.beginObject();
    json.field("yaml", config::effectiveYaml(service->config.get()->config)).endObject();
    call->succeed(data);
}

void statusFlags(const ServicePtr& service, const CallPtr& call)
{
    std::string data;
    encoding::JsonWriter json(data);
    json.beginObject();
    for (const auto& [name, value] : service->options.flags) {
        json.field(name, value);
    }
    json.endObject();
    call->succeed(data);
}

void statusBuildInfo(const ServicePtr&, const CallPtr& call)
{
    std::string data;
    encoding::JsonWriter json(data);
    json.beginObject().field("version", version).field("revision", WATCHFIRE_VERSION);
    json.field("branch", "watchfire").field("buildUser", "").field("buildDate", "");
    json.field("goVersion", "").endObject();
    call->succeed(data);
}

namespace {

using FeatureMap = std::map<std::string, bool, std::less<>>;

FeatureMap languageFeatures(const promql::Features& known)
{
    return {{"anchored", known.extendedRangeSelectors},
            {"at_modifier", true},
            {"bool", true},
            {"by", true},
            {"duration_expr", known.durationExpressions},
            {"fill", known.fillModifiers},
            {"fill_left", known.fillModifiers},
            {"fill_right", known.fillModifiers},
            {"group_left", true},
            {"group_right", true},
            {"ignoring", true},
            {"negative_offset", true},
            {"offset", true},
            {"on", true},
            {"per_query_lookback_delta", true},
            {"smoothed", known.extendedRangeSelectors},
            {"subqueries", true},
            {"without", true}};
}

FeatureMap operatorFeatures(const promql::Features& known)
{
    FeatureMap all{{"=~", true}, {"!~", true}, {"@", true}};
    for (int op = 0; op <= static_cast<int>(promql::BinaryOp::trimLower); ++op) {
        all.emplace(promql::toText(static_cast<promql::BinaryOp>(op)), true);
    }
    for (const promql::Aggregation& aggregation : promql::allAggregations()) {
        all.emplace(aggregation.name, !aggregation.experimental || known.experimentalFunctions);
    }
    return all;
}

FeatureMap functionFeatures(const promql::Features& known)
{
    FeatureMap all;
    for (const promql::Function& function : promql::allFunctions()) {
        all.emplace(function.name, !function.experimental || known.experimentalFunctions);
    }
    return all;
}

} // namespace

void features(const ServicePtr& service, const CallPtr& call)
{
    const ApiOptions& options = service->options;
    FeatureMap language = languageFeatures(options.features);
    language.emplace("delayed_name_removal", options.delayedNameRemoval);
    const std::map<std::string_view, FeatureMap> all{
        {"api",
         {{"admin", options.adminApi},
          {"exclude_alerts", true},
          {"label_values_match", true},
          {"lifecycle", options.lifecycle},
          {"query_stats", true},
          {"query_warnings", true},
          {"remote_write_receiver", options.remoteWriteReceiver},
          {"time_range_labels", true},
          {"time_range_series", true}}},
        {"prometheus", {{"agent_mode", false}, {"server_mode", true}}},
        {"promql", std::move(language)},
        {"promql_functions", functionFeatures(options.features)},
        {"promql_operators", operatorFeatures(options.features)}};
    std::string data;
    encoding::JsonWriter json(data);
    json.beginObject();
    for (const auto& [category, ofCategory] : all) {
        json.key(category).beginObject();
        for (const auto& [name, isOn] : ofCategory) {
            json.key(name).boolean(isOn);
        }
        json.endObject();
    }
    json.endObject();
    call->succeed(data);
}

void statusRuntimeInfo(const ServicePtr& service, const CallPtr& call)
{
    const auto status = service->status.get();
    const auto config = service->config.get();
    std::error_code ignored;
    std::string data;
    encoding::JsonWriter json(data);
    json.beginObject().field("startTime", formatTime(status->startedAt));
    json.field("CWD", std::filesystem::current_path(ignored).string());
    json.field("hostname", hostName()).field("serverTime", formatTime(service->clock.now()));
    json.key("reloadConfigSuccess").boolean(config->faults.empty());
    json.field("lastConfigTime", formatTime(status->startedAt));
    json.key("corruptionCount").integer(0).key("goroutineCount").integer(0);
    json.key("GOMAXPROCS").unsignedInteger(std::thread::hardware_concurrency());
    json.key("GOMEMLIMIT").integer(0).field("GOGC", "").field("GODEBUG", "");
    json.field("storageRetention", retentionText(*status)).endObject();
    call->succeed(data);
}

void statusWalReplay(const ServicePtr&, const CallPtr& call)
{
    call->succeed(R"({"min":0,"max":0,"current":0})");
}

void ownMetrics(const ServicePtr& service, const CallPtr& call)
{
    call->hold(service->engine.ownMetrics([call](Result<std::string> text) {
        if (!text) {
            call->plain(500, text.error().message + "\n");
            return;
        }
        HttpResponse response;
        response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        response.body = std::move(*text);
        call->answer(std::move(response));
    }));
}

// The texts of these two are what probes of the field compare with.
void healthy(const ServicePtr&, const CallPtr& call)
{
    call->plain(200, call->request.method == "HEAD" ? "" : "Prometheus Server is Healthy.\n");
}

void ready(const ServicePtr&, const CallPtr& call)
{
    call->plain(200, call->request.method == "HEAD" ? "" : "Prometheus Server is Ready.\n");
}

void reload(const ServicePtr& service, const CallPtr& call)
{
    call->hold(service->engine.reload([call](Result<engine::ConfigReport> report) {
        if (report) {
            call->plain(200, "");
        } else {
            call->plain(500, "failed to reload config: " + report.error().message + "\n");
        }
    }));
}

void quit(const ServicePtr& service, const CallPtr& call)
{
    call->plain(200, "Requesting termination... Goodbye!");
    if (service->options.quit) {
        service->options.quit();
    }
}

void root(const ServicePtr&, const CallPtr& call)
{
    HttpResponse response;
    response.status = 302;
    response.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
    response.headers.emplace_back("Location", "/query");
    response.body = "<a href=\"/query\">Found</a>.\n\n";
    call->answer(std::move(response));
}

void notEnabled(const ServicePtr&, const CallPtr& call)
{
    call->plain(403, "Lifecycle API is not enabled.\n");
}

} // namespace watchfire::api
