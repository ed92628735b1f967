// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/executor.h"
#include "core/base/ticket.h"
#include "core/config/config.h"
#include "core/ports/dns.h"
#include "core/ports/http.h"
#include "core/ports/watch.h"
#include "core/scrape/body_reader.h"
#include "core/scrape/schedule.h"
#include "core/scrape/status.h"
#include "core/scrape/trial.h"
#include "core/storage/store.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace watchfire::scrape {

/// What scraping needs of the rest. All must outlive the Scraper, and the store and the clock
/// every task given to `workers`.
struct ScraperPorts {
    HttpFetcher& fetcher;
    Executor& home; ///< the thread the Scraper lives on
    Executor& workers;
    storage::Store& store;
    const Clock& clock; ///< read from any thread
    DnsResolver& dns;
    FileWatcher& watcher;
};

/// Scrapes the targets of all jobs: each at its turns, at most one scrape of it under way.
/// Fetching is the fetcher's, reading and storing the workers'; what happens here is deciding.
///
/// Lives on one thread (`home`), the destructor too. Ending the program leaves series as they
/// are; removing a target or pausing marks its series stale.
class Scraper final : public Clockwork {
public:
    explicit Scraper(ScraperPorts ports, Ceilings ceilings = {});
    ~Scraper() override;
    Scraper(const Scraper&) = delete;
    Scraper& operator=(const Scraper&) = delete;

    /// Puts these jobs in force. Targets that stay as they are go on undisturbed, with all they
    /// remember; jobs and targets that cannot be made are listed as faults.
    void apply(const std::vector<config::ScrapeConfig>& jobs);

    /// Stops and resumes all scraping, or that of some jobs.
    void setPaused(bool paused);
    void setPausedJobs(std::vector<std::string> jobs);
    bool isPaused() const { return m_paused; }
    /// Scrapes the target now, unless it is being scraped. False: there is none of that number.
    bool scrapeNow(std::uint64_t target);

    std::optional<Timestamp> nextDue() const override;
    void advance(Timestamp now) override;

    /// The targets as they are now; the same object until something changes.
    std::shared_ptr<const TargetList> targets();
    /// Counts what changes in `targets`.
    std::uint64_t revision() const { return m_revision; }
    /// Called on the home thread after each change.
    void onChange(std::function<void()> changed) { m_changed = std::move(changed); }
    const ScrapeCounts& counts() const { return m_counts; }

    /// Tries a job without storing anything; see tryJob.
    Ticket test(config::ScrapeConfig job, Reply<Trial> reply);

private:
    struct Job;
    struct Running;
    using RunningPtr = std::shared_ptr<Running>;

    void applyJob(Job& job, const config::ScrapeConfig& config);
    void sync(Job& job);
    void remove(std::uint64_t id);
    void takeTurn(const Schedule::Turn& turn);
    void begin(const RunningPtr& running, Timestamp at);
    void finish(const RunningPtr& running, Timestamp at, std::uint64_t bodyBytes,
                const Harvest& harvest);
    void end(const RunningPtr& running);
    bool isPaused(const Running& running) const;
    void endPaused();
    void changed();

    ScraperPorts m_ports;
    Ceilings m_ceilings;
    Schedule m_schedule;
    std::map<std::string, std::unique_ptr<Job>, std::less<>> m_jobs;
    std::map<std::uint64_t, RunningPtr> m_running;
    bool m_paused = false;
    std::vector<std::string> m_pausedJobs;
    std::vector<Error> m_jobFaults;
    ScrapeCounts m_counts;
    std::uint64_t m_revision = 1;
    std::uint64_t m_listRevision = 0;
    std::shared_ptr<const TargetList> m_list;
    std::function<void()> m_changed;
    std::shared_ptr<Scraper*> m_anchor; ///< tasks on their way home find out that we are gone
};

} // namespace watchfire::scrape
