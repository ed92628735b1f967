// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/api_handler.h"
#include "core/base/clock.h"
#include "core/base/executor.h"
#include "core/config/config.h"
#include "core/discovery/null_ports.h"
#include "core/net/http_fetcher.h"
#include "core/net/http_server.h"
#include "core/runtime/local_engine.h"

#include <memory>
#include <string>
#include <string_view>
#include <watchfire/client/registry.h>

#include <QTemporaryDir>

namespace watchfire::tests {

/// A whole engine with its API on a free port of the loopback, in this process. It scrapes
/// nothing but what the configuration says, and tells nobody but its receivers.
class ServedEngine {
public:
    /// Its problem; empty: it serves.
    std::string start(config::Config config, api::ApiOptions options = {});
    /// The same with an alertmanager.yml.
    std::string startWith(std::string_view alertmanagerYaml);
    void stop();
    ~ServedEngine() { stop(); }

    engine::Engine& engine() { return *m_engine; }
    /// "http://127.0.0.1:40123"
    const std::string& url() const { return m_server->url(); }

    /// Asks over HTTP and waits. A body is announced as JSON unless `contentType` says otherwise.
    Result<HttpResponse> ask(std::string method, const std::string& path, std::string body = {},
                             std::string contentType = "application/json");

private:
    struct NoNotifier final : Notifier {
        void show(const Notification&) override { }
        void withdraw(std::string_view) override { }
    };

    std::unique_ptr<QTemporaryDir> m_dir;
    SystemClock m_clock;
    net::CurlFetcher m_fetcher;
    NoNotifier m_notifier;
    discovery::NullDns m_dns;
    discovery::NullWatcher m_watcher;
    std::unique_ptr<client::Registry> m_registry;
    std::unique_ptr<runtime::LocalEngine> m_engine;
    std::unique_ptr<ThreadPool> m_workers;
    std::unique_ptr<api::ApiHandler> m_api;
    std::unique_ptr<net::HttpServer> m_server;
};

} // namespace watchfire::tests
