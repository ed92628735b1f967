// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/promql/syntax/parser.h"
#include "core/runtime/core.h"
#include "core/scrape/target.h"

#include <algorithm>
#include <format>
#include <iterator>
#include <utility>

namespace watchfire::runtime {

namespace {

constexpr auto eagerInterval = std::chrono::seconds(1);
/// For a secret store that may ask its user to unlock it.
constexpr auto secretsPatience = std::chrono::seconds(10);

} // namespace

std::vector<config::ScrapeConfig> LocalEngine::Core::jobsOf(const config::Config& from) const
{
    std::vector<config::ScrapeConfig> jobs;
    for (const Collector& collector : m_options.collectors) {
        const bool wanted
            = collector.name == "host" ? from.own.hostCollector : from.own.selfCollector;
        const bool taken = std::ranges::contains(from.scrapeConfigs, collector.name,
                                                 &config::ScrapeConfig::jobName);
        if (!wanted || taken) {
            continue;
        }
        config::ScrapeConfig job;
        job.jobName = collector.name;
        job.scrapeInterval = m_eager
            ? std::min<config::Duration>(eagerInterval, from.own.collectorInterval)
            : from.own.collectorInterval;
        job.scrapeTimeout = job.scrapeInterval;
        config::TargetGroup group;
        group.targets = {"collector:" + collector.name};
        group.labels = Labels{{"instance", m_options.hostName}};
        job.staticConfigs = {std::move(group)};
        jobs.push_back(std::move(job));
    }
    for (const config::ScrapeConfig& job : from.scrapeConfigs) {
        config::ScrapeConfig& made = jobs.emplace_back(job);
        if (made.bodyCeiling == 0) {
            made.bodyCeiling = from.own.bodyCeiling;
        }
        if (made.sampleCeiling == 0) {
            made.sampleCeiling = from.own.sampleCeiling;
        }
    }
    return jobs;
}

std::vector<config::Fault> LocalEngine::Core::check(const config::Config& tested) const
{
    std::vector<config::Fault> faults;
    for (config::ScrapeConfig job : tested.scrapeConfigs) {
        if (auto prepared = scrape::prepareRules(job); !prepared) {
            faults.push_back(
                {m_options.files.shown, 0, 0,
                 std::format("job \"{}\": {}", job.jobName, prepared.error().message)});
        }
    }
    for (const config::RuleGroupConfig& group : tested.ruleGroups) {
        for (const config::RuleConfig& rule : group.rules) {
            if (auto parsed = promql::parse(rule.expr, m_options.query.features); !parsed) {
                faults.push_back(
                    {group.file, 0, 0,
                     std::format("group \"{}\", rule \"{}\": {}", group.name, rule.name(),
                                 promql::describe(parsed.error(), rule.expr))});
            }
        }
    }
    return faults;
}

/// What the configuration says of the store, unless the command line says it.
void LocalEngine::Core::enforceStorage()
{
    m_retention = m_options.store.retention;
    for (const config::RetentionConfig* const level :
         {&m_config.retention, &m_config.own.retention, &m_options.retention}) {
        m_retention.time = level->time.value_or(m_retention.time);
        if (level->size || level->percentage) {
            m_retention.bytes = level->size.value_or(0);
            m_retention.share = level->percentage.value_or(0) / 100;
        }
    }
    if (m_keepsEverything) {
        m_retention = {};
    }
    m_store->setRetention(m_retention);
    m_store->setExemplarLimit(m_keepsEverything
                                  ? tsdb::OpenOptions::anyExemplars
                                  : m_config.maxExemplars.value_or(m_options.store.exemplarLimit));
    const auto late = m_options.lateWindow ? m_options.lateWindow : m_config.outOfOrderWindow;
    m_store->setLateWindows(late.value_or(m_options.store.pushLateWindow),
                            late.value_or(m_options.store.scrapeLateWindow));
}

void LocalEngine::Core::enforce(const config::Config& next)
{
    const Timestamp now = m_clock.now();
    m_config = next;
    enforceStorage();
    m_scraper->setPausedJobs(m_config.own.pausedJobs);
    std::map<std::string, std::uint64_t, std::less<>> budgets;
    for (const config::ScrapeConfig& job : m_config.scrapeConfigs) {
        if (job.seriesBudget > 0) {
            budgets.emplace(job.jobName, job.seriesBudget);
        }
    }
    m_store->setSeriesBudgets(std::move(budgets));
    m_scraper->apply(jobsOf(m_config));
    m_subqueryStep = m_config.global.evaluationInterval;
    m_rules->apply(m_config.ruleGroups, m_config.global.evaluationInterval, now);
    m_dispatcher->apply(m_config.alertmanager, m_options.externalUrl, now);
    watchFiles();
    ++m_silenceChanges;
    m_nextPublish = {};
    m_nextStatus = {};
}

void LocalEngine::Core::publishConfig()
{
    config.publish(std::make_shared<engine::ConfigSnapshot>(
        engine::ConfigSnapshot{m_config, m_options.files.shown, m_faults}));
}

LocalEngine::Core::Loading LocalEngine::Core::loadFiles(std::chrono::milliseconds patience)
{
    auto loaded = m_options.files.load();
    if (loaded) {
        auto filled = m_secrets.fill(std::move(loaded->config), patience,
                                     [this] { mailbox.run([this] { lookAtFiles(); }); });
        loaded->config = std::move(filled.config);
        std::ranges::move(filled.warnings, std::back_inserter(loaded->warnings));
    }
    return loaded;
}

void LocalEngine::Core::lookAtFiles()
{
    m_chores->run([this, known = m_config, wasGood = m_faults.empty()] {
        auto loaded = loadFiles(secretsPatience);
        if (loaded && wasGood && loaded->config == known) {
            return; // we wrote it ourselves
        }
        mailbox.run([this, loaded = std::move(loaded)]() mutable {
            log(LogLevel::info, "config", "the files were changed from outside");
            reloaded(std::move(loaded), [](const Result<engine::ConfigReport>&) { });
        });
    });
}

/// Follows the files that the configuration in force is made of.
void LocalEngine::Core::watchFiles()
{
    if (!m_options.files.watched) {
        return;
    }
    auto files = m_options.files.watched(m_config);
    if (files != m_watchedFiles) {
        m_watchedFiles = files;
        m_edits = m_ports.watcher.watch(std::move(files),
                                        [this] { mailbox.run([this] { lookAtFiles(); }); });
    }
}

void LocalEngine::Core::reloaded(Loading loaded, ConfigReply reply)
{
    std::vector<config::Fault> faults = loaded ? check(loaded->config) : std::move(loaded.error());
    if (!faults.empty()) {
        for (const config::Fault& fault : faults) {
            log(LogLevel::error, "config", "{}", fault.toString());
        }
        m_faults = std::move(faults);
        const std::string first = m_faults.front().toString();
        if (!config.newest()) {
            // The very first one: go on with the last that was good, else with the defaults.
            auto good = m_options.files.loadLastGood();
            const bool isGood = good && check(good->config).empty();
            // What cannot be read may keep more than the defaults do.
            m_keepsEverything = !isGood;
            enforce(isGood ? good->config : m_config);
        }
        publishConfig();
        reply(fail(ErrorKind::invalid, first));
        return;
    }
    for (const config::Fault& warning : loaded->warnings) {
        log(LogLevel::warning, "config", "{}", warning.toString());
    }
    m_faults.clear();
    m_keepsEverything = false;
    enforce(loaded->config);
    publishConfig();
    reply(engine::ConfigReport{std::move(loaded->warnings)});
}

Ticket LocalEngine::Core::reload(Reply<engine::ConfigReport> reply)
{
    m_chores->run([this, reply = std::move(reply)]() mutable {
        auto loaded = loadFiles(secretsPatience);
        mailbox.run([this, loaded = std::move(loaded), reply = std::move(reply)]() mutable {
            reloaded(std::move(loaded), std::move(reply));
        });
    });
    return {};
}

Ticket LocalEngine::Core::applyConfig(config::Config next, Reply<engine::ConfigReport> reply)
{
    mailbox.run([this, next = std::move(next), reply = std::move(reply)]() mutable {
        const auto faults = check(next);
        if (!faults.empty()) {
            reply(fail(ErrorKind::invalid, faults.front().toString()));
            return;
        }
        m_chores->run(
            [this, before = m_config, next = std::move(next), reply = std::move(reply)]() mutable {
                auto saved = m_secrets.store(config::secretChanges(before, next), secretsPatience)
                                 .and_then([&] { return m_options.files.save(before, next); });
                mailbox.run([this, saved = std::move(saved), next = std::move(next),
                             reply = std::move(reply)]() mutable {
                    if (!saved) {
                        reply(std::unexpected(saved.error().within("saving the configuration")));
                        return;
                    }
                    m_faults.clear();
                    m_keepsEverything = false;
                    enforce(next);
                    publishConfig();
                    reply(engine::ConfigReport{});
                });
            });
    });
    return {};
}

} // namespace watchfire::runtime
