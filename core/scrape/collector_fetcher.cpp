// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/collector_fetcher.h"

#include "core/exposition/negotiate.h"
#include "core/scrape/target.h"

#include <chrono>
#include <format>
#include <utility>

namespace watchfire::scrape {

CollectorFetcher::CollectorFetcher(HttpFetcher& network, Executor& workers)
    : m_network(network)
    , m_workers(workers)
{
}

void CollectorFetcher::add(std::string name, Collect collect)
{
    auto collector = std::make_shared<Collector>();
    collector->collect = std::move(collect);
    const std::scoped_lock lock(m_mutex);
    m_collectors[std::move(name)] = std::move(collector);
}

Ticket CollectorFetcher::fetch(HttpRequest request, Reply<HttpResponse> reply)
{
    if (!request.url.starts_with(collectorPrefix)) {
        return m_network.fetch(std::move(request), std::move(reply));
    }
    const std::string name = request.url.substr(collectorPrefix.size());
    std::shared_ptr<Collector> collector;
    {
        const std::scoped_lock lock(m_mutex);
        if (const auto found = m_collectors.find(name); found != m_collectors.end()) {
            collector = found->second;
        }
    }
    if (collector == nullptr) {
        reply(fail(ErrorKind::notFound, std::format("there is no collector \"{}\"", name)));
        return {};
    }
    std::stop_source stop;
    m_workers.run([collector, stopped = stop.get_token(), reply = std::move(reply)]() mutable {
        if (stopped.stop_requested()) {
            return;
        }
        const auto start = std::chrono::steady_clock::now();
        Result<std::string> text;
        {
            const std::scoped_lock lock(collector->mutex);
            text = collector->collect();
        }
        if (!text) {
            reply(std::unexpected(text.error()));
            return;
        }
        HttpResponse response;
        response.headers.emplace_back("Content-Type",
                                      exposition::contentTypeOf(exposition::Format::text));
        response.body = *std::move(text);
        response.timings.total = std::chrono::duration_cast<std::chrono::microseconds>(
            std::chrono::steady_clock::now() - start);
        response.timings.firstByte = response.timings.total;
        reply(std::move(response));
    });
    return Ticket(std::move(stop));
}

} // namespace watchfire::scrape
