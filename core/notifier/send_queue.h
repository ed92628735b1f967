// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/discovery/homing.h"
#include "core/model/alert.h"
#include "core/ports/http.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>

namespace watchfire::notifier {

inline constexpr std::size_t queueCapacity = 10'000; ///< alerts for one Alertmanager
inline constexpr std::size_t batchSize = 256; ///< alerts of one request

/// What became of alerts for one Alertmanager. Source: Prometheus 3, notifier/metric.go.
struct SendCounts {
    std::uint64_t sent = 0;
    std::uint64_t errors = 0; ///< alerts of requests that were not answered with 2xx
    std::uint64_t dropped = 0; ///< those, and what the queue had no room for
    std::size_t queued = 0;
    std::uint64_t requests = 0; ///< answered with 2xx
    std::chrono::milliseconds took{}; ///< those, together
};

/// Alerts on their way to one Alertmanager: a bounded queue, and at most one request under way.
/// Lives on the home thread.
class SendQueue {
public:
    struct Options {
        std::string url;
        HttpClientOptions client;
        std::chrono::milliseconds timeout{};
    };

    SendQueue(HttpFetcher& fetcher, Executor& home, const Clock& clock, Options options);

    void add(std::span<const Alert> alerts);
    const std::string& url() const { return m_options.url; }
    SendCounts counts() const;

private:
    void sendNext();
    void answered(std::size_t alerts, Timestamp begin, const Result<HttpResponse>& response);

    HttpFetcher& m_fetcher;
    const Clock& m_clock;
    Options m_options;
    std::deque<Alert> m_alerts;
    bool m_isUnderWay = false;
    Ticket m_request;
    SendCounts m_counts;
    discovery::Homing m_homing;
};

} // namespace watchfire::notifier
