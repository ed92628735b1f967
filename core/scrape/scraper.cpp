// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/scraper.h"

#include "core/base/log.h"
#include "core/discovery/provider.h"
#include "core/scrape/intake.h"
#include "core/scrape/request.h"
#include "core/scrape/target.h"
#include "core/text/quote.h"

#include <algorithm>
#include <format>
#include <set>
#include <tuple>
#include <utility>

namespace watchfire::scrape {

using std::chrono::milliseconds;

namespace {

/// New targets get their first turn within this, or two milliseconds each if that is longer.
constexpr milliseconds shortestStart{500};
/// A turn taken at most this late counts as taken in time, so that the samples lie on the grid.
constexpr milliseconds mostLate{10};

std::uint64_t idOf(std::string_view job, const Target& target)
{
    return Labels({{"job", job}, {"target", std::to_string(target.hash())}}).hash();
}

Timestamp sampleTime(const Schedule::Turn& turn, milliseconds interval, Timestamp now)
{
    const bool inTime = now - turn.due <= std::min(mostLate, interval / 100);
    return inTime ? turn.due : now;
}

std::string warningOf(const Harvest& harvest)
{
    std::string out;
    const auto add = [&out](std::uint64_t count, std::string_view what) {
        if (count > 0) {
            out += std::format("{}{} {} {}", out.empty() ? "" : "; ", count,
                               count == 1 ? "sample" : "samples", what);
        }
    };
    const storage::CommitReport& commit = harvest.commit;
    add(harvest.duplicates, "of series that the same answer has already: the first one counts");
    add(commit.conflicts, "with another value than is stored for that moment: the first one stays");
    add(commit.tooOld, "out of order, older than what is stored of their series: dropped");
    add(harvest.tooNew + commit.tooNew, "more than ten minutes ahead of the clock: dropped");
    add(commit.refused,
        "of new series beyond the series budget of the job: dropped, the series "
        "there are go on");
    return out;
}

} // namespace

/// A job in force and the targets it has.
struct Scraper::Job {
    std::shared_ptr<const config::ScrapeConfig> config;
    std::vector<std::unique_ptr<discovery::Provider>> providers;
    std::vector<std::vector<config::TargetGroup>> groups; ///< by provider
    std::set<std::uint64_t> targets;
    std::vector<Labels> dropped;
    std::vector<Error> faults;
};

/// A target being scraped. `intake` belongs to the worker while `inFlight`, all else to home.
struct Scraper::Running {
    Running(std::uint64_t number, storage::Store& store)
        : id(number)
        , intake(store)
    {
    }

    std::uint64_t id;
    Intake intake;
    std::shared_ptr<const IntakeRules> rules;
    Error refusal; ///< message not empty: not to be scraped, and why
    bool inFlight = false;
    bool endWhenDone = false; ///< mark all series stale as soon as the worker is through
    Timestamp lastRow{};
    Ticket ticket;
    TargetStatus status;
};

Scraper::Scraper(ScraperPorts ports, Ceilings ceilings)
    : m_ports(ports)
    , m_ceilings(ceilings)
    , m_schedule([this](const Schedule::Turn& turn) { takeTurn(turn); })
    , m_anchor(std::make_shared<Scraper*>(this))
{
}

Scraper::~Scraper()
{
    m_anchor.reset();
    for (auto& [id, running] : m_running) {
        running->ticket.cancel();
    }
}

void Scraper::apply(const std::vector<config::ScrapeConfig>& jobs)
{
    m_jobFaults.clear();
    std::set<std::string_view> names;
    for (const config::ScrapeConfig& config : jobs) {
        if (!names.insert(config.jobName).second) {
            m_jobFaults.push_back({ErrorKind::invalid,
                                   std::format("two jobs are named {}; the first one counts",
                                               text::quote(config.jobName))});
            continue;
        }
        std::unique_ptr<Job>& job = m_jobs[config.jobName];
        if (job == nullptr) {
            job = std::make_unique<Job>();
        }
        applyJob(*job, config);
    }
    std::erase_if(m_jobs, [&](const auto& item) {
        if (names.contains(item.first)) {
            return false;
        }
        for (const std::uint64_t id : item.second->targets) {
            remove(id);
        }
        return true;
    });
    changed();
}

void Scraper::applyJob(Job& job, const config::ScrapeConfig& config)
{
    if (job.config != nullptr && *job.config == config) {
        return;
    }
    auto prepared = std::make_shared<config::ScrapeConfig>(config);
    if (auto ready = prepareRules(*prepared); !ready) {
        m_jobFaults.push_back(ready.error());
        log(LogLevel::error, "scrape", "{}", ready.error().message);
        return;
    }
    const bool sameTargets
        = job.config != nullptr && job.config->staticConfigs == config.staticConfigs;
    job.config = std::move(prepared);
    if (sameTargets) {
        sync(job);
        return;
    }
    job.providers = discovery::makeProviders(*job.config,
                                             {m_ports.fetcher, m_ports.dns, m_ports.watcher,
                                              m_ports.home, m_ports.workers, m_ports.clock});
    job.groups.assign(job.providers.size(), {});
    for (std::size_t i = 0; i < job.providers.size(); ++i) {
        job.providers[i]->start([this, &job, i](std::vector<config::TargetGroup> groups) {
            job.groups[i] = std::move(groups);
            sync(job);
            changed();
        });
    }
    if (job.providers.empty()) {
        sync(job);
    }
}

/// Makes the running targets of a job those that its groups and rules yield.
void Scraper::sync(Job& job)
{
    std::vector<config::TargetGroup> groups;
    for (const auto& some : job.groups) {
        groups.insert(groups.end(), some.begin(), some.end());
    }
    Targets made = makeTargets(*job.config, groups);
    for (const Error& fault : made.faults) {
        log(LogLevel::warning, "scrape", "{}", fault.message);
    }
    job.dropped = std::move(made.dropped);
    job.faults = std::move(made.faults);
    Error refusal;
    const std::uint64_t limit = job.config->targetLimit;
    if (limit != 0 && made.active.size() > limit) {
        refusal = {ErrorKind::limit,
                   std::format("target_limit exceeded: the job has {} targets, limit {}",
                               made.active.size(), limit)};
    }

    const Timestamp now = m_ports.clock.now();
    const milliseconds start
        = std::max(shortestStart, milliseconds(2 * static_cast<std::int64_t>(made.active.size())));
    std::set<std::uint64_t> before = std::exchange(job.targets, {});
    for (Target& target : made.active) {
        const std::uint64_t id = idOf(job.config->jobName, target);
        job.targets.insert(id);
        before.erase(id);
        RunningPtr& running = m_running[id];
        const bool isNew = running == nullptr;
        if (isNew) {
            running = std::make_shared<Running>(id, m_ports.store);
        }
        if (isNew || running->status.interval != target.interval) {
            const milliseconds spread = std::min(start, target.interval);
            const Timestamp first = isNew
                ? now + milliseconds(id % static_cast<std::uint64_t>(spread.count()))
                : Schedule::turnAfter(id, target.interval, now);
            m_schedule.add(id, target.interval, first);
        }
        TargetStatus& status = running->status;
        status.id = id;
        status.job = job.config->jobName;
        status.url = target.url;
        status.instance = target.labels.get("instance");
        status.labels = target.labels;
        status.discoveredLabels = target.discovered;
        status.interval = target.interval;
        status.timeout = target.timeout;
        status.collector = target.isCollector();
        running->refusal = refusal;
        running->rules = std::make_shared<const IntakeRules>(
            IntakeRules{job.config, std::move(target), m_ceilings});
    }
    for (const std::uint64_t id : before) {
        remove(id);
    }
}

void Scraper::remove(std::uint64_t id)
{
    const auto found = m_running.find(id);
    if (found == m_running.end()) {
        return;
    }
    const RunningPtr running = found->second;
    m_running.erase(found);
    m_schedule.remove(id);
    end(running);
}

bool Scraper::isPaused(const Running& running) const
{
    return m_paused || std::ranges::contains(m_pausedJobs, running.status.job);
}

void Scraper::setPaused(bool paused)
{
    if (m_paused != paused) {
        m_paused = paused;
        endPaused();
        changed();
    }
}

void Scraper::setPausedJobs(std::vector<std::string> jobs)
{
    if (m_pausedJobs != jobs) {
        m_pausedJobs = std::move(jobs);
        endPaused();
        changed();
    }
}

void Scraper::endPaused()
{
    for (const auto& [id, running] : m_running) {
        if (isPaused(*running)) {
            end(running);
            running->status.health = Health::unknown;
        }
    }
}

bool Scraper::scrapeNow(std::uint64_t target)
{
    const auto found = m_running.find(target);
    if (found == m_running.end()) {
        return false;
    }
    if (!found->second->inFlight) {
        begin(found->second, m_ports.clock.now());
    }
    return true;
}

std::optional<Timestamp> Scraper::nextDue() const
{
    return m_paused ? std::nullopt : m_schedule.nextDue();
}

void Scraper::advance(Timestamp now)
{
    if (!m_paused) {
        m_schedule.advance(now);
    }
}

void Scraper::takeTurn(const Schedule::Turn& turn)
{
    const auto found = m_running.find(turn.id);
    if (found == m_running.end() || isPaused(*found->second)) {
        return;
    }
    const RunningPtr running = found->second;
    if (running->inFlight) {
        ++running->status.missed;
        ++m_counts.missed;
        changed();
        return;
    }
    begin(running, sampleTime(turn, running->status.interval, m_ports.clock.now()));
}

void Scraper::begin(const RunningPtr& running, Timestamp at)
{
    running->inFlight = true;
    // Two rows of one moment would be a conflict.
    at = std::max(at, running->lastRow == Timestamp{} ? at : running->lastRow + milliseconds(1));
    if (at > m_ports.clock.now() + std::chrono::seconds(1)) {
        at = m_ports.clock.now(); // the clock was set back: late samples, not future ones
    }
    running->lastRow = at;
    const auto goHome = [&home = m_ports.home, anchor = std::weak_ptr(m_anchor), running,
                         at](Harvest harvest, std::uint64_t bodyBytes) {
        home.run([anchor, running, at, bodyBytes, harvest = std::move(harvest)] {
            if (const auto self = anchor.lock()) {
                (*self)->finish(running, at, bodyBytes, harvest);
            }
        });
    };
    const auto rules = running->rules;
    if (!running->refusal.message.empty()) {
        m_ports.workers.run([running, rules, at, error = running->refusal, goHome] {
            goHome(running->intake.takeFailure(rules, at, {}, error), 0);
        });
        return;
    }
    const Timestamp started = m_ports.clock.now();
    const Clock& clock = m_ports.clock;
    auto reply = [running, rules, at, started, &clock, goHome,
                  &workers = m_ports.workers](Result<HttpResponse> response) mutable {
        workers.run([running, rules, at, started, &clock, goHome,
                     response = std::move(response)]() mutable {
            const milliseconds waited = std::max(milliseconds(0), clock.now() - started);
            if (!response) {
                goHome(running->intake.takeFailure(rules, at, waited,
                                                   asScrapeError(response.error(), *rules)),
                       0);
                return;
            }
            const auto took
                = response->timings.total.count() != 0 ? response->timings.total : waited;
            const auto format = readableAs(*response, *rules);
            if (!format) {
                goHome(running->intake.takeFailure(rules, at, took, format.error()), 0);
                return;
            }
            goHome(running->intake.take(rules, {at, response->body, *format, took}),
                   response->body.size());
        });
    };
    // An answer may come before `fetch` returns; its ticket stands for nothing then.
    Ticket ticket = m_ports.fetcher.fetch(makeRequest(*rules), std::move(reply));
    running->ticket = std::move(ticket);
}

void Scraper::finish(const RunningPtr& running, Timestamp at, std::uint64_t bodyBytes,
                     const Harvest& harvest)
{
    running->inFlight = false;
    running->ticket.detach();
    ++m_counts.scrapes;
    m_counts.failed += harvest.up ? 0 : 1;
    m_counts.samples += harvest.scraped;
    m_counts.stored += harvest.commit.stored;
    m_counts.duplicates += harvest.duplicates + harvest.commit.duplicates;
    m_counts.tooOld += harvest.commit.tooOld;
    m_counts.tooNew += harvest.tooNew + harvest.commit.tooNew;
    m_counts.bodyBytes += bodyBytes;
    TargetStatus& status = running->status;
    if (!harvest.up && status.health != Health::down) {
        log(LogLevel::warning, "scrape", "{}: {}", status.url, harvest.error.message);
    }
    status.health = harvest.up ? Health::up : Health::down;
    status.lastError = harvest.error.message;
    status.lastWarning = warningOf(harvest);
    status.lastScrape = at;
    status.lastDuration = harvest.took;
    status.samples = harvest.scraped;
    status.kept = harvest.kept;
    status.bodyBytes = bodyBytes;
    status.availability.note(at, harvest.up);
    if (running->endWhenDone || isPaused(*running)) {
        end(running);
        status.health = Health::unknown;
    }
    changed();
}

/// Marks the target's series stale, now or when its scrape is over.
void Scraper::end(const RunningPtr& running)
{
    if (running->inFlight) {
        running->endWhenDone = true;
        return;
    }
    running->endWhenDone = false;
    if (running->lastRow == Timestamp{}) {
        return;
    }
    const Timestamp at = std::max(m_ports.clock.now(), running->lastRow + milliseconds(1));
    running->lastRow = at;
    running->inFlight = true;
    m_ports.workers.run([running, at, &home = m_ports.home, anchor = std::weak_ptr(m_anchor)] {
        running->intake.end(at);
        home.run([running, anchor] {
            if (anchor.lock()) {
                running->inFlight = false;
            }
        });
    });
}

void Scraper::changed()
{
    ++m_revision;
    if (m_changed) {
        m_changed();
    }
}

std::shared_ptr<const TargetList> Scraper::targets()
{
    if (m_list != nullptr && m_listRevision == m_revision) {
        return m_list;
    }
    auto list = std::make_shared<TargetList>();
    for (const auto& [id, running] : m_running) {
        TargetStatus status = running->status;
        status.paused = isPaused(*running);
        list->up += status.health == Health::up ? 1 : 0;
        list->down += status.health == Health::down ? 1 : 0;
        list->targets.push_back(std::move(status));
    }
    std::ranges::sort(list->targets, {}, [](const TargetStatus& status) {
        return std::tie(status.job, status.instance, status.url);
    });
    list->faults = m_jobFaults;
    for (const auto& [name, job] : m_jobs) {
        list->droppedInAll += job->dropped.size();
        list->faults.insert(list->faults.end(), job->faults.begin(), job->faults.end());
        std::size_t shown = 0;
        const std::uint64_t most = job->config != nullptr ? job->config->keepDroppedTargets : 0;
        for (const Labels& labels : job->dropped) {
            if (most != 0 && shown++ == most) {
                break;
            }
            TargetStatus status;
            status.job = name;
            status.discoveredLabels = labels;
            list->dropped.push_back(std::move(status));
        }
    }
    m_list = std::move(list);
    m_listRevision = m_revision;
    return m_list;
}

Ticket Scraper::test(config::ScrapeConfig job, Reply<Trial> reply)
{
    return tryJob(std::move(job), m_ceilings, m_ports.fetcher, m_ports.workers, m_ports.clock,
                  std::move(reply));
}

} // namespace watchfire::scrape
