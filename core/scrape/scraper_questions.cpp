// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/scraper_parts.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace watchfire::scrape {

namespace {

/// Discoveries that are asked for somebody who waits.
constexpr std::chrono::milliseconds longestSurvey{10'000};

} // namespace

std::vector<DiscoveryStatus> Scraper::discoveries() const
{
    std::vector<DiscoveryStatus> out;
    for (const auto& [name, job] : m_jobs) {
        std::ranges::move(job->job->discoveries(), std::back_inserter(out));
    }
    return out;
}

std::uint64_t Scraper::revision()
{
    // A discovery that fails tells nobody.
    if (auto now = discoveries(); now != m_discoveries) {
        m_discoveries = std::move(now);
        ++m_revision;
    }
    return m_revision;
}

std::shared_ptr<const TargetList> Scraper::targets()
{
    if (m_list != nullptr && m_listRevision == revision()) {
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
        list->droppedInAll += job->droppedInAll;
        list->faults.insert(list->faults.end(), job->faults.begin(), job->faults.end());
        for (const Labels& labels : *job->dropped) {
            TargetStatus status;
            status.job = name;
            status.discoveredLabels = labels;
            list->dropped.push_back(std::move(status));
        }
    }
    list->discoveries = discoveries();
    m_list = std::move(list);
    m_listRevision = m_revision;
    return m_list;
}

/// Asks the job's discoveries for somebody who waits.
void Scraper::ask(const config::ScrapeConfig& job, discovery::Survey::Done done)
{
    m_surveys.push_back(
        std::make_unique<discovery::Survey>(job, providerPorts(), longestSurvey, std::move(done)));
    m_surveys.back()->start();
}

Ticket Scraper::test(config::ScrapeConfig job, TrialProgress progress, Reply<Trial> reply)
{
    if (job.discoveries.empty()) {
        return tryJob(std::move(job), m_ceilings, m_ports.fetcher, m_ports.workers, m_ports.clock,
                      progress, std::move(reply));
    }
    std::stop_source stop;
    ask(job,
        [this, job, stop = stop.get_token(), progress = std::move(progress),
         reply = std::move(reply)](FoundGroups groups, std::vector<std::string> warnings) mutable {
            if (stop.stop_requested()) {
                return;
            }
            job.staticConfigs = std::move(groups);
            job.discoveries.clear();
            if (job.staticConfigs.empty() && !warnings.empty()) {
                reply(fail(ErrorKind::unavailable, std::move(warnings.front())));
                return;
            }
            tryJob(std::move(job), m_ceilings, m_ports.fetcher, m_ports.workers, m_ports.clock,
                   progress,
                   [reply = std::move(reply),
                    warnings = std::move(warnings)](Result<Trial> trial) mutable {
                       if (trial) {
                           std::ranges::move(warnings, std::back_inserter(trial->warnings));
                       }
                       reply(std::move(trial));
                   })
                .detach();
        });
    return Ticket(std::move(stop));
}

Ticket Scraper::preview(config::ScrapeConfig job, Reply<JobPreview> reply)
{
    if (auto ready = prepareRules(job); !ready) {
        reply(std::unexpected(std::move(ready.error())));
        return {};
    }
    std::stop_source stop;
    ask(job,
        [&workers = m_ports.workers, job, stop = stop.get_token(),
         reply = std::move(reply)](FoundGroups groups, std::vector<std::string> warnings) mutable {
            workers.run([job = std::move(job), stop = std::move(stop), groups = std::move(groups),
                         warnings = std::move(warnings), reply = std::move(reply)]() mutable {
                if (!stop.stop_requested()) {
                    reply(previewTargets(job, groups, std::move(warnings)));
                }
            });
        });
    return Ticket(std::move(stop));
}

Ticket Scraper::inspect(std::uint64_t target, Reply<TargetDetail> reply)
{
    const auto found = m_running.find(target);
    if (found == m_running.end()) {
        reply(fail(ErrorKind::notFound, "there is no such target"));
        return {};
    }
    m_shelf.inspect(target);
    std::stop_source stop;
    m_ports.workers.run([rules = found->second->rules, answer = m_shelf.find(target),
                         log = found->second->log.newestFirst(), stop = stop.get_token(),
                         reply = std::move(reply)]() mutable {
        if (!stop.stop_requested()) {
            reply(inspectionOf(*rules, answer, std::move(log)));
        }
    });
    return Ticket(std::move(stop));
}

} // namespace watchfire::scrape
