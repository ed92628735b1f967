// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/scrape/scraper_parts.h"
#include "core/scrape/target.h"
#include "core/text/quote.h"

#include <algorithm>
#include <format>
#include <set>
#include <utility>

namespace watchfire::scrape {

using std::chrono::milliseconds;

namespace {

/// A few new targets get their first turn within this.
constexpr milliseconds shortestStart{500};
/// Of more, no second gets more than a tenth; of very many, there is no waiting for long.
constexpr milliseconds startEach{60};
constexpr milliseconds longestStart{15'000};
constexpr milliseconds hurriedEach{2};

milliseconds startWindow(std::size_t count)
{
    const auto targets = static_cast<std::int64_t>(count);
    return std::max(
        {shortestStart, std::min(longestStart, startEach * targets), hurriedEach * targets});
}

} // namespace

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
        applyJob(m_jobs[config.jobName], config);
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

discovery::ProviderPorts Scraper::providerPorts() const
{
    return {m_ports.fetcher, m_ports.dns,     m_ports.watcher,
            m_ports.home,    m_ports.workers, m_ports.clock};
}

void Scraper::applyJob(std::unique_ptr<JobInForce>& job, const config::ScrapeConfig& config)
{
    if (job == nullptr) {
        job = std::make_unique<JobInForce>();
        job->dropped = std::make_shared<const std::vector<Labels>>();
        job->job = std::make_unique<Job>(
            providerPorts(), m_ceilings,
            [this, &of = *job](const TargetChange& change) { take(of, change); });
    }
    if (job->config != nullptr && *job->config == config) {
        return;
    }
    auto prepared = std::make_shared<config::ScrapeConfig>(config);
    if (auto ready = prepareRules(*prepared); !ready) {
        m_jobFaults.push_back(ready.error());
        log(LogLevel::error, "scrape", "{}", ready.error().message);
        return;
    }
    job->config = prepared;
    job->job->configure(std::move(prepared));
}

/// Makes the running targets of a job those that it says it has.
void Scraper::take(JobInForce& job, const TargetChange& change)
{
    for (const Error& fault : change.faults) {
        if (!std::ranges::contains(job.faults, fault.message, &Error::message)) {
            log(LogLevel::warning, "scrape", "{}", fault.message);
        }
    }
    job.faults = change.faults;
    job.dropped = change.dropped;
    job.droppedInAll = change.droppedInAll;
    const std::uint64_t limit = job.config->targetLimit;
    job.refusal = {};
    if (limit != 0 && change.active > limit) {
        job.refusal = {ErrorKind::limit,
                       std::format("target_limit exceeded: the job has {} targets, limit {}",
                                   change.active, limit)};
    }
    for (const std::uint64_t id : change.gone) {
        job.targets.erase(id);
        remove(id);
    }
    const milliseconds spread = startWindow(change.active);
    for (const auto& [id, rules] : change.put) {
        put(job, id, rules, spread);
    }
    changed();
}

void Scraper::put(JobInForce& job, std::uint64_t id, const RulesPtr& rules, milliseconds spread)
{
    const Target& target = rules->target;
    job.targets.insert(id);
    RunningPtr& running = m_running[id];
    const bool isNew = running == nullptr;
    if (isNew) {
        running = std::make_shared<Running>(id, m_ports.store);
    }
    if (isNew || running->status.interval != target.interval) {
        const auto within = std::min(spread, target.interval).count();
        const Timestamp now = m_ports.clock.now();
        const Timestamp first = isNew ? now + milliseconds(id % static_cast<std::uint64_t>(within))
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
    status.scrapeOffset = Schedule::offsetOf(id, target.interval);
    status.collector = target.isCollector();
    running->rules = rules;
}

Error Scraper::refusalOf(const std::string& job) const
{
    const auto found = m_jobs.find(job);
    return found == m_jobs.end() ? Error() : found->second->refusal;
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
    m_shelf.remove(id);
    for (Reply<void>& done : std::exchange(running->waiting, {})) {
        done(fail(ErrorKind::notFound, "the target is gone"));
    }
    end(running);
}

} // namespace watchfire::scrape
