// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_edits.h"

#include "ui/models/format.h"

#include <algorithm>

namespace watchfire::ui {

namespace {

ConfigChange remove(const std::string& name)
{
    return [name](config::Config& config) {
        std::erase_if(config.scrapeConfigs, [&](const auto& job) { return job.jobName == name; });
    };
}

ConfigChange insert(const config::ScrapeConfig& job, std::size_t at)
{
    return [job, at](config::Config& config) {
        auto& jobs = config.scrapeConfigs;
        jobs.insert(jobs.begin() + std::ptrdiff_t(std::min(at, jobs.size())), job);
    };
}

ConfigChange replace(const std::string& name, const config::ScrapeConfig& job)
{
    return [name, job](config::Config& config) {
        // A paused job stays paused under its new name.
        std::ranges::replace(config.own.pausedJobs, name, job.jobName);
        for (auto& each : config.scrapeConfigs) {
            if (each.jobName == name) {
                each = job;
                return;
            }
        }
        config.scrapeConfigs.push_back(job);
    };
}

ConfigChange setPaused(const std::string& name, bool paused)
{
    return [name, paused](config::Config& config) {
        auto& jobs = config.own.pausedJobs;
        std::erase(jobs, name);
        if (paused) {
            jobs.push_back(name);
        }
    };
}

} // namespace

void addJob(Edits& edits, const config::ScrapeConfig& job, QObject* context, Edits::Done done)
{
    edits.changeConfig(Edits::tr("Job %1 added").arg(fromUtf8(job.jobName)),
                       insert(job, std::size_t(-1)), remove(job.jobName), context, std::move(done));
}

void changeJob(Edits& edits, const config::ScrapeConfig& from, const config::ScrapeConfig& to,
               QObject* context, Edits::Done done)
{
    edits.changeConfig(Edits::tr("Job %1 changed").arg(fromUtf8(to.jobName)),
                       replace(from.jobName, to), replace(to.jobName, from), context,
                       std::move(done));
}

void removeJob(Edits& edits, const config::Config& config, const std::string& name,
               QObject* context, Edits::Done done)
{
    const auto found
        = std::ranges::find(config.scrapeConfigs, name, &config::ScrapeConfig::jobName);
    if (found == config.scrapeConfigs.end()) {
        return;
    }
    edits.changeConfig(Edits::tr("Job %1 deleted").arg(fromUtf8(name)), remove(name),
                       insert(*found, std::size_t(found - config.scrapeConfigs.begin())), context,
                       std::move(done));
}

void pauseJob(Edits& edits, const std::string& name, bool paused, QObject* context,
              Edits::Done done)
{
    edits.changeConfig(paused ? Edits::tr("Job %1 paused").arg(fromUtf8(name))
                              : Edits::tr("Job %1 resumed").arg(fromUtf8(name)),
                       setPaused(name, paused), setPaused(name, !paused), context, std::move(done));
}

} // namespace watchfire::ui
