// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/export.h"

#include "core/config/secrets.h"
#include "core/config/shape.h"
#include "core/config/value_parts.h"

#include <algorithm>
#include <array>

namespace watchfire::config {

namespace {

using encoding::YamlValue;

/// Puts `more` into `out`, mappings into mappings.
void mergeInto(YamlValue& out, YamlValue more)
{
    for (encoding::YamlMember& member : more.entries) {
        const auto known = std::ranges::find(out.entries, member.key, &encoding::YamlMember::key);
        if (known == out.entries.end()) {
            out.entries.push_back(std::move(member));
        } else {
            mergeInto(known->value, std::move(member.value));
        }
    }
}

YamlValue tsdbValue(const Config& config)
{
    YamlValue tsdb = YamlValue::mapping();
    Keys(tsdb, Style::file).duration("out_of_order_time_window", config.outOfOrderWindow);
    if (YamlValue kept = retentionValue(config.retention); !kept.entries.empty()) {
        tsdb.set("retention", std::move(kept));
    }
    return tsdb;
}

YamlValue whole(const Config& config, Style style)
{
    YamlValue out = YamlValue::mapping();
    YamlValue global = globalValue(config, style);
    if (!global.entries.empty() || config.plainGlobal) {
        out.set("global", std::move(global));
    }
    Keys keys(out, style);
    keys.texts("rule_files", config.ruleFiles);
    keys.texts("scrape_config_files", config.scrapeConfigFiles);
    YamlValue storage = YamlValue::mapping();
    if (YamlValue tsdb = tsdbValue(config); !tsdb.entries.empty()) {
        storage.set("tsdb", std::move(tsdb));
    }
    if (config.maxExemplars) {
        storage.set("exemplars",
                    YamlValue::mapping({{"max_exemplars", numberValue(*config.maxExemplars)}}));
    }
    if (!storage.entries.empty()) {
        out.set("storage", std::move(storage));
    }
    YamlValue jobs = YamlValue::sequence();
    for (const ScrapeConfig& job : config.scrapeConfigs) {
        if (job.file.empty()) {
            jobs.items.push_back(jobValue(job, config.global, style));
        }
    }
    if (!jobs.items.empty()) {
        out.set("scrape_configs", std::move(jobs));
    }
    for (const ForeignSection& section : config.foreign) {
        mergeInto(out,
                  YamlValue::mapping(
                      {{section.name, foreignSectionValue(section, config.global, style)}}));
    }
    return out;
}

/// What Prometheus shows of sections that are in no file.
void addDefaultSections(YamlValue& out)
{
    if (findKey(out, "runtime") == nullptr) {
        out.set("runtime", YamlValue::mapping({{"gogc", numberValue(75)}}));
    }
    if (findKey(out, "otlp") == nullptr) {
        out.set("otlp",
                YamlValue::mapping(
                    {{"translation_strategy", textValue("UnderscoreEscapingWithSuffixes")}}));
    }
}

YamlValue rule(const RuleConfig& config)
{
    YamlValue out = YamlValue::mapping();
    out.set(config.isAlerting() ? "alert" : "record", textValue(config.name()));
    out.set("expr", textValue(config.expr));
    if (config.forDuration != Duration(0)) {
        out.set("for", durationValue(config.forDuration));
    }
    if (config.keepFiringFor != Duration(0)) {
        out.set("keep_firing_for", durationValue(config.keepFiringFor));
    }
    if (!config.labels.empty()) {
        out.set("labels", pairsValue(config.labels));
    }
    if (!config.annotations.empty()) {
        out.set("annotations", pairsValue(config.annotations));
    }
    return out;
}

void writeCeilings(YamlValue& out, std::uint64_t body, std::uint64_t samples)
{
    if (body != 0) {
        out.set("body_size_ceiling", YamlValue::plain(formatBytes(body)));
    }
    if (samples != 0) {
        out.set("sample_ceiling", numberValue(samples));
    }
}

/// What watchfire.yml says of a job.
YamlValue ownJobValue(const ScrapeConfig& job)
{
    YamlValue out = YamlValue::mapping();
    if (job.seriesBudget != 0) {
        out.set("series_budget", numberValue(job.seriesBudget));
    }
    writeCeilings(out, job.bodyCeiling, job.sampleCeiling);
    return out;
}

} // namespace

YamlValue prometheusValue(const Config& config)
{
    return whole(config, Style::file);
}

YamlValue scrapeValue(const ScrapeConfig& job, const GlobalConfig& global)
{
    return jobValue(job, global, Style::file);
}

YamlValue rulesValue(std::span<const RuleGroupConfig> groups)
{
    YamlValue list = YamlValue::sequence();
    for (const RuleGroupConfig& group : groups) {
        YamlValue entry = YamlValue::mapping({{"name", textValue(group.name)}});
        if (group.interval != Duration(0)) {
            entry.set("interval", durationValue(group.interval));
        }
        if (group.queryOffset) {
            entry.set("query_offset", durationValue(*group.queryOffset));
        }
        if (group.limit != 0) {
            entry.set("limit", numberValue(group.limit));
        }
        if (!group.labels.empty()) {
            entry.set("labels", pairsValue(group.labels));
        }
        YamlValue rules = YamlValue::sequence();
        for (const RuleConfig& config : group.rules) {
            rules.items.push_back(rule(config));
        }
        entry.set("rules", std::move(rules));
        list.items.push_back(std::move(entry));
    }
    return YamlValue::mapping({{"groups", std::move(list)}});
}

YamlValue ownValue(const Config& config)
{
    const OwnConfig& own = config.own;
    const OwnConfig defaults;
    YamlValue out = YamlValue::mapping();
    YamlValue collectors = YamlValue::mapping();
    if (own.hostCollector != defaults.hostCollector) {
        collectors.set("host", YamlValue::boolean(own.hostCollector));
    }
    if (own.selfCollector != defaults.selfCollector) {
        collectors.set("self", YamlValue::boolean(own.selfCollector));
    }
    if (own.collectorInterval != defaults.collectorInterval) {
        collectors.set("interval", durationValue(own.collectorInterval));
    }
    if (!collectors.entries.empty()) {
        out.set("collectors", std::move(collectors));
    }
    if (YamlValue kept = retentionValue(own.retention); !kept.entries.empty()) {
        out.set("retention", std::move(kept));
    }
    if (own.unknownAlerts != defaults.unknownAlerts) {
        out.set("rules",
                YamlValue::mapping({{"unknown_state", YamlValue::boolean(own.unknownAlerts)}}));
    }
    if (!own.pausedJobs.empty()) {
        out.set("paused_jobs", textsValue(own.pausedJobs));
    }
    YamlValue jobs = YamlValue::mapping();
    YamlValue secrets = YamlValue::sequence();
    for (const ScrapeConfig& job : config.scrapeConfigs) {
        if (YamlValue value = ownJobValue(job); !value.entries.empty()) {
            jobs.set(job.jobName, std::move(value));
        }
        for (const std::string& field : job.keptSecrets) {
            if (secretOf(job, field) == nullptr) {
                continue; // its kind of authentication is another by now
            }
            secrets.items.push_back(
                YamlValue::mapping({{"job", textValue(job.jobName)}, {"field", textValue(field)}}));
        }
    }
    if (!jobs.entries.empty()) {
        out.set("jobs", std::move(jobs));
    }
    if (!secrets.items.empty()) {
        out.set("secrets", std::move(secrets));
    }
    writeCeilings(out, own.bodyCeiling, own.sampleCeiling);
    if (own.colorScheme != defaults.colorScheme) {
        out.set("color_scheme", textValue(own.colorScheme));
    }
    return out;
}

std::string effectiveYaml(const Config& config)
{
    YamlValue out = whole(config, Style::effective);
    addDefaultSections(out);
    return encoding::emitYaml(out);
}

std::string formatBytes(std::uint64_t bytes)
{
    static constexpr std::array<std::string_view, 6> units{"B", "KB", "MB", "GB", "TB", "PB"};
    if (bytes == 0) {
        return "0";
    }
    std::size_t unit = 0;
    while (unit + 1 < units.size() && bytes % 1024 == 0) {
        bytes /= 1024;
        ++unit;
    }
    return std::to_string(bytes) + std::string(units[unit]);
}

} // namespace watchfire::config
