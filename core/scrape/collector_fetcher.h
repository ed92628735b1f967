// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/ports/http.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace watchfire::scrape {

/// Answers requests for "collector:NAME" in the process, on a worker; all others go to the
/// network. So our own collectors are targets like any other: up, relabelling, staleness, Test
/// scrape. From any thread.
class CollectorFetcher final : public HttpFetcher {
public:
    /// Yields the text format. Called on a worker, never twice at once.
    using Collect = std::function<Result<std::string>()>;

    /// Both must outlive it, and the workers' tasks the collectors.
    CollectorFetcher(HttpFetcher& network, Executor& workers);

    void add(std::string name, Collect collect);
    Ticket fetch(HttpRequest request, Reply<HttpResponse> reply) override;

private:
    struct Collector {
        Collect collect;
        std::mutex mutex; ///< a scrape and a test of the same collector may meet
    };

    HttpFetcher& m_network;
    Executor& m_workers;
    std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<Collector>, std::less<>> m_collectors;
};

} // namespace watchfire::scrape
