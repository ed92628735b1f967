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
constexpr int triesOfSaving = 3;

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
    if (!m_templates || next.alertmanager.templateFiles != m_config.alertmanager.templateFiles) {
        m_templates = alerting::templatesOf(next.alertmanager);
    }
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
    m_hasUnknownAlerts = m_config.own.unknownAlerts;
    makeExpandText();
    m_rules->apply(m_config.ruleGroups,
                   {m_config.global.evaluationInterval, m_config.global.ruleQueryOffset}, now);
    m_dispatcher->apply(m_config.alertmanager, m_options.externalUrl, now);
    m_sender->apply(config::alertingOf(m_config, m_options.files.shown),
                    m_config.global.externalLabels);
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
        *loaded = withSecrets(*std::move(loaded), patience);
    }
    return loaded;
}

LoadedConfig LocalEngine::Core::withSecrets(LoadedConfig loaded, std::chrono::milliseconds patience)
{
    auto filled = m_secrets.fill(std::move(loaded.config), patience,
                                 [this] { mailbox.run([this] { lookAtFiles(); }); });
    loaded.config = std::move(filled.config);
    std::ranges::move(filled.warnings, std::back_inserter(loaded.warnings));
    return loaded;
}

void LocalEngine::Core::lookAtFiles()
{
    m_chores->run([this] {
        auto loaded = loadFiles(secretsPatience);
        mailbox.run([this, loaded = std::move(loaded)]() mutable {
            if (loaded && m_faults.empty() && loaded->config == m_config) {
                return; // we wrote it ourselves
            }
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

Ticket LocalEngine::Core::applyConfig(config::Edit edit, Reply<engine::ConfigReport> reply)
{
    mailbox.run([this, edit = std::move(edit), reply = std::move(reply)]() mutable {
        const auto faults = check(edit.wanted);
        if (!faults.empty()) {
            reply(fail(ErrorKind::invalid, faults.front().toString()));
            return;
        }
        m_chores->run([this, edit = std::move(edit), reply = std::move(reply)]() mutable {
            auto saved = saveEdit(edit);
            mailbox.run([this, saved = std::move(saved), reply = std::move(reply)]() mutable {
                edited(std::move(saved), std::move(reply));
            });
        });
    });
    return {};
}

void LocalEngine::Core::edited(Result<LoadedConfig> saved, ConfigReply reply)
{
    if (!saved) {
        if (saved.error().kind == ErrorKind::conflict) {
            // So that whoever chooses has the newest before them.
            lookAtFiles();
        }
        reply(std::unexpected(saved.error().within("saving the configuration")));
        return;
    }
    m_faults.clear();
    m_keepsEverything = false;
    enforce(saved->config);
    publishConfig();
    reply(engine::ConfigReport{std::move(saved->warnings)});
}

config::ExternalEdit LocalEngine::Core::compare(const config::Edit& edit) const
{
    if (m_options.files.compare) {
        return m_options.files.compare(edit);
    }
    config::ExternalEdit out;
    out.onDisk = edit.seen;
    out.merged = edit.wanted;
    return out;
}

Result<LoadedConfig> LocalEngine::Core::saveEdit(const config::Edit& edit)
{
    using Kind = config::ExternalEdit::Kind;
    for (int tries = 1;; ++tries) {
        const config::ExternalEdit found = compare(edit);
        if (found.kind == Kind::bad) {
            return fail(ErrorKind::invalid,
                        std::format("the files on disk cannot be read, and nothing was saved: {}",
                                    found.faults.front().toString()));
        }
        if (found.kind == Kind::conflict) {
            return fail(ErrorKind::conflict,
                        std::format("{}\nSave again to have yours in the file.",
                                    config::describe(found.conflicts)));
        }
        if (const auto faults = check(found.merged); !faults.empty()) {
            return fail(ErrorKind::invalid, faults.front().toString());
        }
        auto saved = saveWithSecrets(found.onDisk, found.merged);
        if (saved) {
            if (found.isChanged) {
                log(LogLevel::info, "config", "saved together with what was edited from outside");
            }
            LoadedConfig out{*std::move(saved), {}};
            return found.isChanged ? withSecrets(std::move(out), secretsPatience) : std::move(out);
        }
        // Somebody wrote in the very moment between.
        if (saved.error().kind != ErrorKind::conflict || tries == triesOfSaving) {
            return std::unexpected(std::move(saved.error()));
        }
    }
}

/// New secrets go into their store before a file refers to them, and others out of it after none
/// does; when the files cannot be written, the store gets back what it had.
Result<config::Config> LocalEngine::Core::saveWithSecrets(const config::Config& before,
                                                          const config::Config& after)
{
    auto changes = config::secretChanges(before, after);
    const auto gone = std::ranges::stable_partition(
        changes, [](const auto& change) { return !change.second.empty(); });
    const std::vector<std::pair<std::string, Secret>> forgotten(gone.begin(), gone.end());
    changes.erase(gone.begin(), gone.end());
    auto saved = m_secrets.store(changes, secretsPatience).and_then([&] {
        return m_options.files.save(before, after);
    });
    const auto outcome = m_secrets.store(saved ? forgotten : config::secretChanges(after, before),
                                         secretsPatience);
    if (!outcome) {
        log(LogLevel::warning, "config", "secrets: {}", outcome.error().message);
    }
    return saved;
}

} // namespace watchfire::runtime
