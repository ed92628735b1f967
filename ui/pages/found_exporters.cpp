// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/found_exporters.h"

#include "ui/models/format.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <QCoreApplication>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr std::size_t namedAtMost = 3;
/// Jobs of the collectors that are built in; a configuration does not list them.
constexpr std::array<std::string_view, 2> ownJobs{"host", "watchfire"};

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::FoundExporters)
};

bool isSameProgram(const config::ScrapeConfig& job, const engine::FoundExporter& found)
{
    return job.scheme == found.scheme && job.metricsPath == found.metricsPath;
}

} // namespace

QString foundText(const engine::FoundExporter& found)
{
    const auto colon = found.address.rfind(':');
    const QString where = fromUtf8(found.how == "loopback" && colon != std::string::npos
                                       ? std::string_view(found.address).substr(colon)
                                       : std::string_view(found.address));
    return found.series == 0
        ? u"%1 %2"_s.arg(fromUtf8(found.name), where)
        : Words::tr("%1 %2 (%3 series)").arg(fromUtf8(found.name), where, countText(found.series));
}

QString foundText(std::span<const engine::FoundExporter> found)
{
    QStringList parts;
    for (const engine::FoundExporter& each : found.first(std::min(found.size(), namedAtMost))) {
        parts << foundText(each);
    }
    const QString named = parts.join(u", "_s);
    return found.size() > namedAtMost
        ? Words::tr("%1 and %2 more").arg(named).arg(found.size() - namedAtMost)
        : named;
}

QString foundKey(const engine::FoundExporter& found)
{
    return fromUtf8(found.scheme + "://" + found.address + found.metricsPath);
}

std::string freeJobName(const std::string& wished, const std::vector<config::ScrapeConfig>& jobs)
{
    const auto isTaken = [&](const std::string& name) {
        return std::ranges::contains(ownJobs, name)
            || std::ranges::contains(jobs, name, &config::ScrapeConfig::jobName);
    };
    std::string name = wished;
    for (int number = 2; isTaken(name); ++number) {
        name = wished + '-' + std::to_string(number);
    }
    return name;
}

std::vector<config::ScrapeConfig> jobsFor(std::span<const engine::FoundExporter> found,
                                          const config::Config& config)
{
    struct Made {
        std::string wished;
        config::ScrapeConfig job;
    };
    std::vector<Made> made;
    std::vector<config::ScrapeConfig> taken = config.scrapeConfigs;
    for (const engine::FoundExporter& each : found) {
        const std::string wished = each.jobName.empty() ? each.name : each.jobName;
        const auto same = std::ranges::find_if(made, [&](const Made& other) {
            return other.wished == wished && isSameProgram(other.job, each);
        });
        if (same != made.end()) {
            same->job.staticConfigs.front().targets.push_back(each.address);
            continue;
        }
        config::ScrapeConfig job;
        job.jobName = freeJobName(wished, taken);
        job.scheme = each.scheme;
        job.metricsPath = each.metricsPath;
        job.scrapeInterval = config.global.scrapeInterval;
        job.scrapeTimeout = std::min(config.global.scrapeInterval, config.global.scrapeTimeout);
        job.staticConfigs.push_back({{each.address}, {}, {}});
        taken.push_back(job);
        made.push_back({wished, std::move(job)});
    }
    std::vector<config::ScrapeConfig> jobs;
    for (Made& each : made) {
        jobs.push_back(std::move(each.job));
    }
    return jobs;
}

void addFound(Edits& edits, const config::Config& config,
              std::span<const engine::FoundExporter> found, QObject* context, Edits::Done done)
{
    const auto jobs = jobsFor(found, config);
    QStringList names;
    for (const config::ScrapeConfig& job : jobs) {
        names << fromUtf8(job.jobName);
    }
    edits.changeConfig(
        jobs.size() == 1 ? Edits::tr("Job %1 added").arg(names.front())
                         : Edits::tr("Jobs added: %1").arg(names.join(u", "_s)),
        [jobs](config::Config& to) {
            to.scrapeConfigs.insert(to.scrapeConfigs.end(), jobs.begin(), jobs.end());
        },
        [jobs](config::Config& to) {
            std::erase_if(to.scrapeConfigs, [&](const config::ScrapeConfig& job) {
                return std::ranges::contains(jobs, job.jobName, &config::ScrapeConfig::jobName);
            });
        },
        context, std::move(done));
}

} // namespace watchfire::ui
