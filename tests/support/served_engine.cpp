// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/served_engine.h"

#include "core/config/import.h"

#include <future>
#include <utility>

namespace watchfire::tests {

std::string ServedEngine::start(config::Config config, api::ApiOptions apiOptions)
{
    stop();
    m_dir = std::make_unique<QTemporaryDir>();
    m_registry = std::make_unique<client::Registry>();
    config.own.hostCollector = false;
    config.own.selfCollector = false;
    runtime::EngineOptions options;
    options.store.directory = m_dir->path().toStdString() + "/store";
    options.store.ringBytes = std::uint64_t{1} << 20;
    options.registry = m_registry.get();
    options.scrapeItself = false;
    options.files.shown = "prometheus.yml";
    options.files.load = [config] { return runtime::LoadedConfig{config, {}}; };
    options.files.loadLastGood = options.files.load;
    auto started = runtime::LocalEngine::start(
        std::move(options), {m_fetcher, m_dns, m_watcher, m_notifier, m_clock, nullptr, {}});
    if (!started) {
        return started.error().message;
    }
    m_engine = std::move(*started);
    m_workers = std::make_unique<ThreadPool>(2, "api");
    m_api
        = std::make_unique<api::ApiHandler>(*m_engine, m_clock, *m_workers, std::move(apiOptions));
    auto server = net::HttpServer::listen("127.0.0.1:0", *m_api);
    if (!server) {
        return server.error().message;
    }
    m_server = std::move(*server);
    // The API knows the configuration once it was published.
    std::promise<void> known;
    auto isKnown = known.get_future();
    bool told = false;
    const Subscription watching = m_engine->watchConfig([&](const auto& snapshot) {
        if (!told && snapshot->config == config) {
            told = true;
            known.set_value();
        }
    });
    return isKnown.wait_for(std::chrono::seconds(20)) == std::future_status::ready
        ? std::string()
        : "no configuration came";
}

std::string ServedEngine::startWith(std::string_view alertmanagerYaml)
{
    config::Config config;
    config::Findings findings;
    config.alertmanager
        = config::readAlertmanager(std::string(alertmanagerYaml), "alertmanager.yml", findings);
    return findings.faults.empty() ? start(std::move(config)) : findings.faults.front().toString();
}

void ServedEngine::stop()
{
    m_server.reset();
    m_api.reset();
    m_workers.reset();
    m_engine.reset();
}

Result<HttpResponse> ServedEngine::ask(std::string method, const std::string& path,
                                       std::string body, std::string contentType)
{
    HttpRequest request;
    request.method = std::move(method);
    request.url = url() + path;
    if (!body.empty()) {
        request.headers = {{"Content-Type", std::move(contentType)}};
    }
    request.body = std::move(body);
    std::promise<Result<HttpResponse>> promise;
    auto future = promise.get_future();
    const Ticket ticket
        = m_fetcher.fetch(std::move(request), [&promise](Result<HttpResponse> answer) {
              promise.set_value(std::move(answer));
          });
    return future.get();
}

} // namespace watchfire::tests
