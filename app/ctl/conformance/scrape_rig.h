// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/executor.h"
#include "core/config/config.h"
#include "core/discovery/null_ports.h"
#include "core/ports/http.h"
#include "core/scrape/scraper.h"
#include "core/storage/memory_store.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <QJsonArray>
#include <QJsonObject>

namespace watchfire::ctl {

/// One job with the one target TARGET, scraped by the real scraper into memory under a clock of
/// its own, with recorded responses for a network.
class ScrapeRig {
public:
    explicit ScrapeRig(config::ScrapeConfig job);
    ~ScrapeRig();

    static config::ScrapeConfig job(const std::string& name);

    /// What the next scrapes get.
    void respond(Result<HttpResponse> response) { m_fetcher.response = std::move(response); }
    /// One scrape, one interval after the one before.
    void scrape();

    Timestamp now() const { return m_clock.at; }
    const HttpRequest& request() const { return m_fetcher.request; }
    scrape::TargetStatus status();

    /// Every series but the scrape's own: {labels, samples: [{value, timestamp_ms}]}, sorted;
    /// the time of the last scrape is left out; native histograms as `histogram`.
    QJsonArray series();
    QJsonObject reported(); ///< the scrape's own series: name → value
    QJsonObject metadata();
    QJsonArray exemplars();
    /// What an instant query sees now: {labels, value}, sorted; `up`, but no scrape_*.
    QJsonArray visible();

private:
    struct TurnedClock final : Clock {
        Timestamp at{};
        Timestamp now() const override { return at; }
    };
    struct RecordedFetcher final : HttpFetcher {
        Result<HttpResponse> response;
        HttpRequest request;
        Ticket fetch(HttpRequest asked, Reply<HttpResponse> reply) override;
    };
    class RecordingStore;
    struct Sample {
        std::int64_t atMs = 0;
        double value = 0;
        std::shared_ptr<const Histogram> histogram;
    };
    struct Series {
        Labels labels;
        std::vector<Sample> samples;
    };

    std::vector<Series> read();

    TurnedClock m_clock;
    RecordedFetcher m_fetcher;
    InlineExecutor m_here;
    discovery::NullDns m_dns;
    discovery::NullWatcher m_watcher;
    std::unique_ptr<RecordingStore> m_store;
    std::unique_ptr<scrape::Scraper> m_scraper;
    std::chrono::milliseconds m_interval{};
};

/// Sorts a list of objects by the texts of their labels, so that lists without order compare.
QJsonArray sortedByLabels(const QJsonArray& list);

} // namespace watchfire::ctl
