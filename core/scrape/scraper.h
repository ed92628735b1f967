// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/executor.h"
#include "core/base/ticket.h"
#include "core/config/config.h"
#include "core/discovery/survey.h"
#include "core/ports/dns.h"
#include "core/ports/http.h"
#include "core/ports/watch.h"
#include "core/scrape/answer_shelf.h"
#include "core/scrape/body_reader.h"
#include "core/scrape/inspection.h"
#include "core/scrape/preview.h"
#include "core/scrape/schedule.h"
#include "core/scrape/status.h"
#include "core/scrape/target_book.h"
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
    /// `done` is called at home when the scrape is over, whatever it came to, and with notFound
    /// where the target is gone.
    bool scrapeNow(std::uint64_t target, Reply<void> done = {});

    std::optional<Timestamp> nextDue() const override;
    void advance(Timestamp now) override;

    /// The targets as they are now; the same object until something changes.
    std::shared_ptr<const TargetList> targets();
    /// Counts what changes in `targets`.
    std::uint64_t revision();
    /// Called on the home thread after each change.
    void onChange(std::function<void()> changed) { m_changed = std::move(changed); }
    const ScrapeCounts& counts() const { return m_counts; }

    /// Tries a job without storing anything, with what its discoveries find now; see tryJob.
    Ticket test(config::ScrapeConfig job, TrialProgress progress, Reply<Trial> reply);
    /// What relabelling makes of what the job's discoveries find now; they are asked once, for at
    /// most ten seconds. Fails when a rule of the job is wrong. The reply comes on a worker or at
    /// once.
    Ticket preview(config::ScrapeConfig job, Reply<JobPreview> reply);
    /// Everything about one target. From now on its answers are kept, until others were looked
    /// at; the first time there may be none. Fails with notFound. The reply comes on a worker or
    /// at once.
    Ticket inspect(std::uint64_t target, Reply<TargetDetail> reply);

private:
    struct JobInForce;
    struct Running;
    using RunningPtr = std::shared_ptr<Running>;
    using FoundGroups = std::vector<config::TargetGroup>;

    discovery::ProviderPorts providerPorts() const;
    void applyJob(std::unique_ptr<JobInForce>& job, const config::ScrapeConfig& config);
    void take(JobInForce& job, const TargetChange& change);
    void put(JobInForce& job, std::uint64_t id, const RulesPtr& rules,
             std::chrono::milliseconds spread);
    void remove(std::uint64_t id);
    Error refusalOf(const std::string& job) const;
    void ask(const config::ScrapeConfig& job, discovery::Survey::Done done);
    std::vector<DiscoveryStatus> discoveries() const;
    void takeTurn(const Schedule::Turn& turn);
    void begin(const RunningPtr& running, Timestamp at);
    void finish(const RunningPtr& running, Timestamp at, std::uint64_t bodyBytes,
                const Harvest& harvest, std::shared_ptr<const KeptAnswer> kept);
    void end(const RunningPtr& running);
    bool isPaused(const Running& running) const;
    void endPaused();
    void changed();

    ScraperPorts m_ports;
    Ceilings m_ceilings;
    Schedule m_schedule;
    std::map<std::string, std::unique_ptr<JobInForce>, std::less<>> m_jobs;
    std::map<std::uint64_t, RunningPtr> m_running;
    bool m_paused = false;
    std::vector<std::string> m_pausedJobs;
    std::vector<Error> m_jobFaults;
    std::vector<std::unique_ptr<discovery::Survey>> m_surveys;
    AnswerShelf m_shelf;
    ScrapeCounts m_counts;
    Timestamp m_latest = Timestamp::min(); ///< advanced to
    std::vector<DiscoveryStatus> m_discoveries; ///< as they were counted last
    std::uint64_t m_revision = 1;
    std::uint64_t m_listRevision = 0;
    std::shared_ptr<const TargetList> m_list;
    std::function<void()> m_changed;
    std::shared_ptr<Scraper*> m_anchor; ///< tasks on their way home find out that we are gone
};

} // namespace watchfire::scrape
