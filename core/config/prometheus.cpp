// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/client.h"
#include "core/config/import.h"
#include "core/config/scrape.h"

#include <algorithm>
#include <format>
#include <map>

namespace watchfire::config {

using encoding::YamlNode;

namespace {

void readStorage(Reading& reading, const YamlNode& node, Config& into)
{
    Fields fields(reading, node, "config.plain");
    if (const YamlNode* const tsdb = fields.take("tsdb")) {
        Fields own(reading, *tsdb, "config.plain");
        own.duration("out_of_order_time_window", into.outOfOrderWindow);
        readRetention(own, into.retention);
        own.unsupported({"stale_series_compaction_threshold"});
        own.finish();
    }
    if (const YamlNode* const exemplars = fields.take("exemplars")) {
        Fields own(reading, *exemplars, "config.ExemplarsConfig");
        double most = 0;
        if (own.number("max_exemplars", most) != nullptr) {
            into.maxExemplars = static_cast<std::uint64_t>(std::clamp(most, 0.0, 1e18));
        }
        own.finish();
    }
    fields.finish();
}

void readRuntime(Reading& reading, const YamlNode& node)
{
    // A setting of Go's garbage collector: nothing here to set.
    Fields fields(reading, node, "config.plain");
    std::uint64_t percent = 0;
    fields.count("gogc", percent);
    fields.finish();
}

/// Patterns of files: a star may stand in the last part of a path only.
void readPatterns(Fields& fields, std::string_view key, std::string_view what,
                  std::vector<std::string>& out)
{
    const YamlNode* const node = fields.texts(key, out);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const std::size_t star = out[i].find('*');
        if (star != std::string::npos
            && out[i].find_first_of("/*", star + 1) != std::string::npos) {
            fields.reading().fault(*node->items[i].node,
                                   std::format("invalid {} file path \"{}\"", what, out[i]));
        }
    }
}

void refuseInAgent(Fields& fields, Mode mode)
{
    if (mode != Mode::agent) {
        return;
    }
    for (const char* const key : {"alerting", "rule_files", "remote_read"}) {
        if (const YamlNode* const node = fields.take(key)) {
            fields.reading().fault(*node,
                                   std::format("field {} is not allowed in agent mode", key));
        }
    }
}

} // namespace

void readPrometheus(std::string text, const std::string& file, Config& into, Findings& findings,
                    Mode mode)
{
    Reading reading(file, findings);
    const auto document = readDocument(reading, std::move(text));
    if (!document || document->root() == nullptr || document->root()->isNull()) {
        return;
    }
    Fields fields(reading, *document->root(), "config.plain");
    refuseInAgent(fields, mode);
    if (const YamlNode* const node = fields.take("global")) {
        readGlobal(reading, *node, into.global);
    }
    readPatterns(fields, "rule_files", "rule", into.ruleFiles);
    readPatterns(fields, "scrape_config_files", "scrape config", into.scrapeConfigFiles);
    readScrapeList(fields, into.global, into.scrapeConfigs);
    checkJobNames(into.scrapeConfigs, file, findings);
    if (const YamlNode* const node = fields.take("alerting")) {
        readAlerting(reading, *node);
    }
    readRemoteWrite(fields);
    readRemoteRead(fields);
    if (const YamlNode* const node = fields.take("tracing")) {
        readTracing(reading, *node);
    }
    if (const YamlNode* const node = fields.take("otlp")) {
        readOtlp(reading, *node, into.global);
    }
    if (const YamlNode* const node = fields.take("storage")) {
        readStorage(reading, *node, into);
    }
    if (const YamlNode* const node = fields.take("runtime")) {
        readRuntime(reading, *node);
    }
    fields.finish();
}

std::vector<ScrapeConfig> readScrapeConfigs(std::string text, const std::string& file,
                                            const GlobalConfig& global, Findings& findings)
{
    std::vector<ScrapeConfig> jobs;
    Reading reading(file, findings);
    const auto document = readDocument(reading, std::move(text));
    if (!document || document->root() == nullptr || document->root()->isNull()) {
        return jobs;
    }
    Fields fields(reading, *document->root(), "config.ScrapeConfigs");
    readScrapeList(fields, global, jobs);
    fields.finish();
    for (ScrapeConfig& job : jobs) {
        job.file = file;
    }
    return jobs;
}

void checkJobNames(const std::vector<ScrapeConfig>& jobs, const std::string& file,
                   Findings& findings)
{
    std::map<std::string_view, int> seen;
    for (const ScrapeConfig& job : jobs) {
        if (++seen[job.jobName] == 2) {
            Reading(file, findings)
                .fault(
                    std::format("found multiple scrape configs with job name \"{}\"", job.jobName));
        }
    }
}

} // namespace watchfire::config
