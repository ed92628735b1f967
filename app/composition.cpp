// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition.h"

#include "app/config_files.h"
#include "core/desktop/avahi_browser.h"
#include "core/desktop/secret_stores.h"
#include "core/exporters/node/host_collector.h"
#include "core/promql/syntax/parser.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <format>
#include <limits>
#include <sys/utsname.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace watchfire::app {

namespace {

Result<void> makeFolders(const Paths& paths)
{
    for (const auto& folder : {paths.config, paths.data, paths.state, paths.cache}) {
        std::error_code error;
        std::filesystem::create_directories(folder, error);
        if (error) {
            return fail(
                ErrorKind::io,
                std::format("cannot make the folder {}: {}", folder.string(), error.message()));
        }
        if (access(folder.c_str(), R_OK | W_OK | X_OK) != 0) {
            return fail(
                ErrorKind::io,
                std::format("cannot use the folder {}: {}", folder.string(), std::strerror(errno)));
        }
    }
    return {};
}

promql::Features featuresOf(const Options& options)
{
    promql::Features features;
    features.experimentalFunctions = options.isEnabled("promql-experimental-functions");
    features.extendedRangeSelectors = options.isEnabled("promql-extended-range-selectors");
    features.fillModifiers = options.isEnabled("promql-binop-fill-modifiers");
    return features;
}

std::string hostName()
{
    utsname name{};
    return uname(&name) == 0 ? name.nodename : "localhost";
}

std::vector<std::pair<std::string, std::string>> shownFlags(const Options& options,
                                                            const Paths& paths)
{
    std::string enabled;
    for (const std::string& name : options.enabled) {
        enabled += (enabled.empty() ? "" : ",") + name;
    }
    return {{"config.file",
             options.configFile.empty() ? (paths.config / "prometheus.yml").string()
                                        : options.configFile.string()},
            {"storage.tsdb.path", paths.data.string()},
            {"web.listen-address", options.listen},
            {"enable-feature", enabled}};
}

discovery::LocalFinder::Browse browseWith(MdnsBrowser& browser)
{
    return [&browser](Reply<std::vector<discovery::AnnouncedService>> reply) {
        return browser.browse(
            "_prometheus-http._tcp",
            [reply = std::move(reply)](Result<std::vector<MdnsService>> services) mutable {
                reply(std::move(services).transform([](std::vector<MdnsService>&& found) {
                    std::vector<discovery::AnnouncedService> out;
                    for (MdnsService& service : found) {
                        const auto path = std::ranges::find(
                            service.texts, "path", &decltype(service.texts)::value_type::first);
                        out.push_back({std::move(service.name), std::move(service.host),
                                       std::move(service.addresses), service.port,
                                       path == service.texts.end() ? std::string() : path->second});
                    }
                    return out;
                }));
            });
    };
}

/// The desktop's keyring where there is one, else a file of the profile.
std::unique_ptr<SecretStore> secretStore(const Options& options, const Paths& paths)
{
    // Profiles do not see each other's.
    QString service = QStringLiteral("Watchfire");
    if (!options.profile.empty()) {
        service
            += u' ' + QString::fromStdString(std::filesystem::absolute(options.profile).string());
    }
    return desktop::openSecrets(QDBusConnection::sessionBus(), std::move(service),
                                paths.state / "secrets.json");
}

} // namespace

Result<std::unique_ptr<Composition>> Composition::build(const Options& options, const Paths& paths,
                                                        Notifier& notifier,
                                                        std::function<void()> quit)
{
    if (auto made = makeFolders(paths); !made) {
        return std::unexpected(std::move(made.error()));
    }
    auto out = std::unique_ptr<Composition>(new Composition());

    runtime::EngineOptions engine;
    engine.store.directory = paths.data;
    engine.store.commitInterval = options.commitInterval;
    engine.store.retention = {std::chrono::days(180), std::uint64_t{20} << 30, 0.1};
    engine.lateWindow = options.lateWindow;
    engine.retention.time = options.retention;
    engine.retention.size = options.retentionSize;
    engine.query.lookback = options.queryLookback;
    engine.query.timeout = options.queryTimeout;
    engine.query.maxSamples = options.queryMaxSamples;
    engine.query.features = featuresOf(options);
    engine.query.delayedNameRemoval = options.isEnabled("promql-delayed-name-removal");
    engine.query.useStartTimestamps = options.isEnabled("use-start-timestamps");
    engine.startTimes = options.isEnabled("st-storage");
    engine.concurrentQueries = options.queryConcurrency;
    engine.ruleConcurrency
        = options.isEnabled("concurrent-rule-eval") ? options.ruleConcurrency : 0;
    constexpr std::uint64_t any = std::numeric_limits<std::uint64_t>::max();
    engine.query.maxBytes = options.queryMaxMemory == 0 ? any : options.queryMaxMemory;
    if (options.queryTotalMemory) {
        engine.queryMemory = *options.queryTotalMemory == 0 ? any : *options.queryTotalMemory;
    }
    engine.files = configFiles(options, paths, featuresOf(options));
    engine.externalUrl = options.externalUrl;
    engine.hostName = hostName();
    if (!options.noFirstRun) {
        auto host = std::make_shared<exporters::node::HostCollector>();
        engine.collectors.push_back({"host", [host] { return host->collect(); }});
    }
    engine.registry = &out->m_registry;
    engine.scrapeItself = !options.noFirstRun;

    engine.findExporters = !options.noFirstRun;

    out->m_secrets = secretStore(options, paths);
    out->m_announced = std::make_unique<desktop::AvahiBrowser>(QDBusConnection::systemBus());
    auto started = runtime::LocalEngine::start(std::move(engine),
                                               {out->m_fetcher, out->m_dns, out->m_watcher,
                                                notifier, out->m_clock, out->m_secrets.get(),
                                                browseWith(*out->m_announced), &out->m_mail});
    if (!started) {
        return std::unexpected(std::move(started.error()));
    }
    out->m_engine = std::move(*started);
    if (options.listen.empty()) {
        return out;
    }
    out->m_apiWorkers = std::make_unique<ThreadPool>(2, "api");
    api::ApiOptions api;
    api.lifecycle = options.isEnabled("lifecycle");
    api.adminApi = options.isEnabled("admin-api");
    api.remoteWriteReceiver = options.isEnabled("remote-write-receiver");
    api.features = featuresOf(options);
    api.delayedNameRemoval = options.isEnabled("promql-delayed-name-removal");
    api.perStepStatistics = options.isEnabled("promql-per-step-stats");
    api.externalUrl = options.externalUrl;
    api.flags = shownFlags(options, paths);
    api.quit = std::move(quit);
    out->m_api = std::make_unique<api::ApiHandler>(*out->m_engine, out->m_clock, *out->m_apiWorkers,
                                                   std::move(api));
    auto server = net::HttpServer::listen(options.listen, *out->m_api);
    if (!server) {
        return std::unexpected(std::move(server.error()));
    }
    out->m_server = std::move(*server);
    out->m_engine->setListening(out->m_server->url());
    return out;
}

Composition::~Composition()
{
    // Nobody asks any more, then nobody answers.
    m_server.reset();
    m_api.reset();
    m_apiWorkers.reset();
    m_engine.reset();
}

} // namespace watchfire::app
