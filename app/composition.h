// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "core/api/api_handler.h"
#include "core/base/clock.h"
#include "core/base/executor.h"
#include "core/net/dns_resolver.h"
#include "core/net/file_watcher.h"
#include "core/net/http_fetcher.h"
#include "core/net/http_server.h"
#include "core/net/mail_sender.h"
#include "core/net/oauth2_fetcher.h"
#include "core/ports/desktop.h"
#include "core/ports/mdns.h"
#include "core/ports/secrets.h"
#include "core/runtime/local_engine.h"

#include <functional>
#include <memory>
#include <string>
#include <watchfire/client/registry.h>

namespace watchfire::app {

/// Builds the engine and what stands around it, and takes it down in the right order. With or
/// without a window, it is the same engine.
class Composition {
public:
    /// Makes the folders, opens the store, starts collecting and, where asked, serving.
    /// `notifier` must outlive it; `quit` is what /-/quit does.
    static Result<std::unique_ptr<Composition>> build(const Options& options, const Paths& paths,
                                                      Notifier& notifier,
                                                      std::function<void()> quit);

    ~Composition();
    Composition(const Composition&) = delete;
    Composition& operator=(const Composition&) = delete;

    runtime::LocalEngine& engine() { return *m_engine; }
    const Clock& clock() const { return m_clock; }
    /// Where the window adds what it measures of itself.
    client::Registry& registry() { return m_registry; }
    /// "http://127.0.0.1:9090", or empty.
    std::string url() const { return m_server ? m_server->url() : std::string(); }

private:
    Composition() = default;

    SystemClock m_clock;
    client::Registry m_registry;
    net::CurlFetcher m_network;
    net::OAuth2Fetcher m_fetcher{m_network, m_clock};
    net::CurlMailSender m_mail;
    net::QtDnsResolver m_dns;
    net::InotifyWatcher m_watcher;
    std::unique_ptr<SecretStore> m_secrets;
    std::unique_ptr<MdnsBrowser> m_announced;
    std::unique_ptr<runtime::LocalEngine> m_engine;
    std::unique_ptr<ThreadPool> m_apiWorkers;
    std::unique_ptr<api::ApiHandler> m_api;
    std::unique_ptr<net::HttpServer> m_server; ///< last: it ends before what it calls
};

} // namespace watchfire::app
