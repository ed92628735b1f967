// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/executor.h"
#include "core/engine/engine.h"
#include "core/ports/http.h"
#include "core/promql/syntax/parser.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::api {

struct ApiOptions {
    bool lifecycle = false; ///< /-/reload and /-/quit
    bool remoteWriteReceiver = false; ///< /api/v1/write
    bool adminApi = false; ///< /api/v1/admin
    promql::Features features{}; ///< what the engine's parser accepts, too
    bool delayedNameRemoval = false; ///< whether the engine does it; for /api/v1/features
    bool perStepStatistics = false; ///< promql-per-step-stats: what stats=all adds to a query
    /// The address that answers name, such as "http://prom.example/"; its host may be used in
    /// mutating calls. Empty: none.
    std::string externalUrl{};
    /// Hosts besides loopback names and that of the external address that mutating calls may
    /// be made to.
    std::vector<std::string> allowedHosts{};
    /// A regular expression (anchored) of origins whose pages may read answers. Empty: none.
    std::string corsOrigin{};
    /// What /api/v1/status/flags shows.
    std::vector<std::pair<std::string, std::string>> flags{};
    std::uint64_t maxBody = std::uint64_t{64} << 20; ///< of a write request, decompressed
    std::function<void()> quit{}; ///< asks the program to end; may be empty
};

/// Prometheus' HTTP API and Alertmanager's over an engine, without sockets: a request in, a
/// response out.
///
/// `handle` may be called from any thread and returns at once; work runs on `workers` and on
/// the engine's threads. Answers have Prometheus' JSON shapes, status codes and error types.
/// Mutating calls are refused when their Host is not allowed or a foreign page sent them.
///
/// Source: Prometheus documentation, "HTTP API", "Management API"; recorded answers of 3.5.
/// Alertmanager's OpenAPI description; recorded answers of 0.33.
class ApiHandler final : public HttpHandler {
public:
    /// Engine, clock and workers must outlive the handler and every reply.
    ApiHandler(engine::Engine& engine, const Clock& clock, Executor& workers, ApiOptions options);
    ~ApiHandler() override;
    ApiHandler(const ApiHandler&) = delete;
    ApiHandler& operator=(const ApiHandler&) = delete;

    Ticket handle(HttpRequest request, Reply<HttpResponse> reply) override;

private:
    std::shared_ptr<struct Service> m_service;
    std::vector<Subscription> m_subscriptions;
};

} // namespace watchfire::api
