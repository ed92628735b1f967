// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scrape/scraper.h"
#include "core/storage/memory_store.h"
#include "tests/core/scrape/fakes.h"
#include "tests/support/fake_dns.h"
#include "tests/support/fake_watcher.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <QByteArray>

namespace watchfire::test {

/// A scraper among fakes; all runs at once on one thread.
struct ScraperRig {
    TurnedClock clock;
    FakeFetcher fetcher;
    InlineExecutor here;
    storage::MemoryStore store;
    FakeDns dns;
    FakeWatcher watcher;
    scrape::Scraper scraper{{fetcher, here, here, store, clock, dns, watcher}};
    const Timestamp start = clock.at;

    scrape::TargetStatus status(std::size_t i = 0) { return scraper.targets()->targets.at(i); }
    /// One scrape of the first target, a whole number of seconds after the start.
    void scrapeAt(std::chrono::seconds since)
    {
        clock.at = start + since;
        scraper.scrapeNow(status().id);
    }
    QByteArray samples(const std::string& name)
    {
        return QByteArray::fromStdString(samplesOf(store, name, start));
    }
    /// As an engine's loop does.
    void runUntil(Timestamp end)
    {
        while (const auto due = scraper.nextDue()) {
            if (*due > end) {
                break;
            }
            clock.at = std::max(clock.at, *due);
            scraper.advance(clock.at);
        }
        clock.at = end;
    }
    /// Instances of all targets, with blanks between.
    QByteArray instances()
    {
        QByteArray out;
        for (const scrape::TargetStatus& target : scraper.targets()->targets) {
            out += (out.isEmpty() ? "" : " ") + QByteArray::fromStdString(target.instance);
        }
        return out;
    }
};

inline config::ScrapeConfig jobOf(const std::string& name, std::vector<std::string> targets,
                                  std::chrono::milliseconds interval = std::chrono::seconds(10))
{
    config::ScrapeConfig job;
    job.jobName = name;
    job.scrapeInterval = interval;
    job.scrapeTimeout = std::min<std::chrono::milliseconds>(std::chrono::seconds(5), interval);
    if (!targets.empty()) {
        job.staticConfigs = {{std::move(targets), {}, ""}};
    }
    return job;
}

} // namespace watchfire::test
