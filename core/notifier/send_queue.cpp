// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/notifier/send_queue.h"

#include "core/base/log.h"
#include "core/notifier/alert_body.h"

#include <algorithm>
#include <format>
#include <utility>
#include <vector>

namespace watchfire::notifier {

SendQueue::SendQueue(HttpFetcher& fetcher, Executor& home, const Clock& clock, Options options)
    : m_fetcher(fetcher)
    , m_clock(clock)
    , m_options(std::move(options))
    , m_homing(home)
{
}

void SendQueue::add(std::span<const Alert> alerts)
{
    std::size_t dropped = 0;
    if (alerts.size() > queueCapacity) {
        dropped = alerts.size() - queueCapacity;
        alerts = alerts.subspan(dropped);
    }
    m_alerts.insert(m_alerts.end(), alerts.begin(), alerts.end());
    if (m_alerts.size() > queueCapacity) {
        // The oldest go: what they say is said again, or no longer true.
        const std::size_t over = m_alerts.size() - queueCapacity;
        m_alerts.erase(m_alerts.begin(), m_alerts.begin() + static_cast<std::ptrdiff_t>(over));
        dropped += over;
    }
    if (dropped > 0) {
        m_counts.dropped += dropped;
        log(LogLevel::warning, "alerting", "the queue for {} is full: {} alerts are dropped",
            m_options.url, dropped);
    }
    sendNext();
}

SendCounts SendQueue::counts() const
{
    SendCounts out = m_counts;
    out.queued = m_alerts.size();
    return out;
}

void SendQueue::sendNext()
{
    if (m_isUnderWay || m_alerts.empty()) {
        return;
    }
    const std::size_t size = std::min(m_alerts.size(), batchSize);
    const auto end = m_alerts.begin() + static_cast<std::ptrdiff_t>(size);
    const std::vector<Alert> batch(m_alerts.begin(), end);
    m_alerts.erase(m_alerts.begin(), end);
    HttpRequest request;
    request.method = "POST";
    request.url = m_options.url;
    request.headers = {{"Content-Type", "application/json"}};
    request.body = alertBody(batch);
    request.client = m_options.client;
    request.timeout = m_options.timeout;
    request.maxBody = std::uint64_t{1} << 20;
    m_isUnderWay = true;
    Ticket ticket = m_fetcher.fetch(
        std::move(request),
        m_homing.once([this, size, begin = m_clock.now()](Result<HttpResponse>&& response) {
            answered(size, begin, response);
        }));
    if (m_isUnderWay) { // else the answer has come already
        m_request = std::move(ticket);
    } else {
        ticket.detach();
    }
}

void SendQueue::answered(std::size_t alerts, Timestamp begin, const Result<HttpResponse>& response)
{
    m_request.detach();
    m_isUnderWay = false;
    if (response && response->status / 100 == 2) {
        m_counts.sent += alerts;
        ++m_counts.requests;
        m_counts.took += m_clock.now() - begin;
    } else {
        m_counts.errors += alerts;
        m_counts.dropped += alerts;
        log(LogLevel::warning, "alerting", "sending {} alerts to {}: {}", alerts, m_options.url,
            response
                ? std::format("it answered {}: {}", response->status, response->body.substr(0, 200))
                : response.error().message);
    }
    sendNext();
}

} // namespace watchfire::notifier
