// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/service.h"
#include "core/config/export.h"
#include "core/text/duration.h"

#include <array>
#include <filesystem>
#include <format>
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
