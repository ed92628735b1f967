// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/file_changes.h"

#include "core/config/export.h"
#include "core/config/secrets.h"
#include "core/config/value_parts.h"

#include <algorithm>
#include <map>
#include <set>

namespace watchfire::config {

namespace fs = std::filesystem;

namespace {

using encoding::YamlValue;

std::map<std::string, std::vector<RuleGroupConfig>> groupsByFile(const Config& config)
{
    std::map<std::string, std::vector<RuleGroupConfig>> files;
    for (const RuleGroupConfig& group : config.ruleGroups) {
        files[group.file].push_back(group);
    }
    return files;
}

/// A file of rules without any says "groups: []", or nothing at all.
bool sameRules(const YamlValue& a, const YamlValue& b)
{
    const auto bare = [](const YamlValue& value) {
        return value.entries.empty()
            || (value.entries.size() == 1 && value.entries[0].value.items.empty());
    };
    return a == b || (bare(a) && bare(b));
}

void addRuleChanges(const Config& old, const Config& wanted, std::vector<FileChange>& changes)
{
    auto before = groupsByFile(old);
    auto after = groupsByFile(wanted);
    for (const auto& [file, groups] : before) {
        after.try_emplace(file);
    }
    for (const auto& [file, groups] : after) {
        if (groups == before[file]) {
            continue;
        }
        const YamlValue base
            = before[file].empty() ? YamlValue::mapping() : rulesValue(before[file]);
        const YamlValue target = rulesValue(groups);
        const auto reading = [file](const YamlValue& expected) {
            return [file, expected](std::string text, Findings& findings) {
                YamlValue read = rulesValue(readRules(std::move(text), file, {}, findings));
                return sameRules(read, expected) ? expected : read;
            };
        };
        changes.push_back(
            {file, base, target, {"name", "alert", "record"}, reading(base), reading(target)});
    }
}

/// One of scrape_config_files with these jobs. Empty: without any.
YamlValue jobsValue(const std::vector<ScrapeConfig>& jobs, const std::string& file,
                    const GlobalConfig& global)
{
    YamlValue list = YamlValue::sequence();
    for (const ScrapeConfig& job : jobs) {
        if (job.file == file) {
            list.items.push_back(scrapeValue(job, global));
        }
    }
    return list.items.empty() ? YamlValue::mapping()
                              : YamlValue::mapping({{"scrape_configs", std::move(list)}});
}

/// The jobs of a file as it says them, knowing which of their secrets lie elsewhere.
std::vector<ScrapeConfig> withKeptOf(std::vector<ScrapeConfig> jobs, const Config& config)
{
    for (ScrapeConfig& job : jobs) {
        const auto known
            = std::ranges::find(config.scrapeConfigs, job.jobName, &ScrapeConfig::jobName);
        if (known != config.scrapeConfigs.end()) {
            job.keptSecrets = known->keptSecrets;
        }
    }
    return jobs;
}

void addScrapeFileChanges(const Config& old, const Config& wanted, std::vector<FileChange>& changes)
{
    std::set<std::string> files;
    for (const Config* const config : {&old, &wanted}) {
        for (const ScrapeConfig& job : config->scrapeConfigs) {
            if (!job.file.empty()) {
                files.insert(job.file);
            }
        }
    }
    for (const std::string& file : files) {
        YamlValue base = jobsValue(old.scrapeConfigs, file, old.global);
        YamlValue target = jobsValue(wanted.scrapeConfigs, file, wanted.global);
        if (base == target && old.global == wanted.global) {
            continue;
        }
        const auto reading = [file](const Config& config) {
            return [file, &config](std::string text, Findings& findings) {
                const auto jobs = readScrapeConfigs(std::move(text), file, config.global, findings);
                return jobsValue(withKeptOf(jobs, config), file, config.global);
            };
        };
        changes.push_back({file,
                           std::move(base),
                           std::move(target),
                           {"job_name"},
                           reading(old),
                           reading(wanted)});
    }
}

YamlValue readOwnValue(const Paths& paths, const Config& around, std::string text,
                       Findings& findings)
{
    Config config;
    config.scrapeConfigs = withoutSecrets(around).scrapeConfigs;
    for (ScrapeConfig& job : config.scrapeConfigs) {
        job.seriesBudget = 0;
        job.bodyCeiling = 0;
        job.sampleCeiling = 0;
        job.keptSecrets.clear();
    }
    readOwn(std::move(text), paths.own.string(), config, findings);
    return ownValue(config);
}

YamlValue readMainValue(const Paths& paths, const Config& around, std::string text,
                        Findings& findings)
{
    Config config;
    readPrometheus(std::move(text), paths.prometheus.string(), config, findings);
    config.scrapeConfigs = withKeptOf(std::move(config.scrapeConfigs), around);
    return prometheusValue(config);
}

} // namespace

std::vector<FileChange> changesOf(const Paths& paths, const Config& old, const Config& wanted)
{
    std::vector<FileChange> changes;
    addRuleChanges(old, wanted, changes);
    addScrapeFileChanges(old, wanted, changes);
    if (alertmanagerValue(old.alertmanager) != alertmanagerValue(wanted.alertmanager)) {
        std::error_code ignored;
        const bool exists = fs::exists(paths.alertmanager, ignored);
        const auto reading = [&paths](std::string text, Findings& findings) {
            return alertmanagerValue(
                readAlertmanager(std::move(text), paths.alertmanager.string(), findings));
        };
        changes.push_back({paths.alertmanager,
                           exists ? alertmanagerValue(old.alertmanager) : YamlValue::mapping(),
                           alertmanagerValue(wanted.alertmanager),
                           {"name", "receiver"},
                           reading,
                           reading});
    }
    const auto add = [&](const fs::path& file, YamlValue base, YamlValue target,
                         std::vector<std::string_view> identities, auto read) {
        if (base == target) {
            return;
        }
        const auto reading = [&paths, read](const Config& around) {
            return [&paths, &around, read](std::string text, Findings& findings) {
                return read(paths, around, std::move(text), findings);
            };
        };
        changes.push_back({file, std::move(base), std::move(target), std::move(identities),
                           reading(old), reading(wanted)});
    };
    add(paths.own, ownValue(old), ownValue(wanted), {}, readOwnValue);
    add(paths.prometheus, prometheusValue(old), prometheusValue(wanted), {"job_name"},
        readMainValue);
    return changes;
}

} // namespace watchfire::config
