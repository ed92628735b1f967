// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/client.h"
#include "core/config/import.h"
#include "core/config/scrape.h"
#include "core/config/shape.h"

#include <algorithm>
#include <format>
#include <map>

namespace watchfire::config {

using encoding::YamlNode;

namespace {

/// The parts of `storage` that Watchfire does not act on, as they stand there.
void keepForeignStorage(const YamlNode& node, Config& into)
{
    encoding::YamlValue kept = encoding::toValue(node);
    std::erase_if(kept.entries, [](encoding::YamlMember& section) {
        if (section.key == "tsdb") {
            std::erase_if(section.value.entries, [](const encoding::YamlMember& member) {
                return member.key == "out_of_order_time_window" || member.key == "retention";
            });
        } else if (section.key == "exemplars") {
            std::erase_if(section.value.entries, [](const encoding::YamlMember& member) {
                return member.key == "max_exemplars";
            });
        }
        return section.value.entries.empty();
    });
    if (!kept.entries.empty()) {
        into.foreign.push_back({"storage", Secret(encoding::emitYaml(kept))});
    }
}

void readTsdb(Reading& reading, const YamlNode& node, Config& into)
{
    Fields own(reading, node, "config.plain");
    own.duration("out_of_order_time_window", into.outOfOrderWindow);
    readRetention(own, into.retention);
    double threshold = 0;
    if (const YamlNode* const at = own.number("stale_series_compaction_threshold", threshold)) {
        reading.ignore(*at, "stale_series_compaction_threshold is of another store's design");
    }
    if (const YamlNode* const at = own.take("chunk_encoding")) {
        Fields encoding(reading, *at, "config.ChunkEncodingConfig");
        std::string floats;
        const YamlNode* const named = encoding.text("floats", floats);
        encoding.finish();
        if (!floats.empty() && floats != "xor" && floats != "xor2") {
            reading.fault(*named,
                          std::format("'storage.tsdb.chunk_encoding.floats' must be 'xor' or "
                                      "'xor2', or the field must be omitted entirely, got \"{}\"",
                                      floats));
        }
        reading.ignore(*at, "chunk_encoding is of another store's design");
    }
    own.finish();
}

void readStorage(Reading& reading, const YamlNode& node, Config& into)
{
    Fields fields(reading, node, "config.plain");
    if (const YamlNode* const tsdb = fields.take("tsdb")) {
        readTsdb(reading, *tsdb, into);
    }
    if (const YamlNode* const exemplars = fields.take("exemplars")) {
        Fields own(reading, *exemplars, "config.ExemplarsConfig");
        std::int64_t most = 0;
        if (own.integer("max_exemplars", most) != nullptr) {
            into.maxExemplars = static_cast<std::uint64_t>(std::max<std::int64_t>(most, 0));
        }
        own.finish();
    }
    fields.finish();
    keepForeignStorage(node, into);
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

/// Checks a section that Watchfire does not act on, and keeps it.
template <class Read>
void readForeign(Fields& fields, std::string_view name, Config& into, Read read)
{
    if (const YamlNode* const node = fields.take(name)) {
        read(fields.reading(), *node);
        into.foreign.push_back(
            {std::string(name), Secret(encoding::emitYaml(encoding::toValue(*node)))});
    }
}

} // namespace

void readPrometheus(std::string text, const std::string& file, Config& into, Findings& findings,
                    const ReadOptions& options)
{
    Reading reading(file, findings, options.filesMustExist);
    const auto document = readDocument(reading, std::move(text));
    if (!document || document->root() == nullptr || document->root()->isNull()) {
        return;
    }
    Fields fields(reading, *document->root(), "config.plain");
    refuseInAgent(fields, options.mode);
    if (const YamlNode* const node = fields.take("global")) {
        readGlobal(reading, *node, into.global);
        into.plainGlobal = into.global == GlobalConfig();
    }
    readPatterns(fields, "rule_files", "rule", into.ruleFiles);
    readPatterns(fields, "scrape_config_files", "scrape config", into.scrapeConfigFiles);
    readScrapeList(fields, into.global, into.scrapeConfigs);
    readForeign(fields, "alerting", into, readAlerting);
    readForeign(fields, "otlp", into,
                [&](Reading& here, const YamlNode& node) { readOtlp(here, node, into.global); });
    readForeign(fields, "remote_read", into, readRemoteRead);
    readForeign(fields, "remote_write", into, readRemoteWrite);
    readForeign(fields, "runtime", into, readRuntime);
    if (const YamlNode* const node = fields.take("storage")) {
        readStorage(reading, *node, into);
    }
    readForeign(fields, "tracing", into, readTracing);
    fields.finish();
}

std::vector<ScrapeConfig> readScrapeConfigs(std::string text, const std::string& file,
                                            const GlobalConfig& global, Findings& findings,
                                            const ReadOptions& options)
{
    std::vector<ScrapeConfig> jobs;
    Reading reading(file, findings, options.filesMustExist);
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
    std::map<std::string_view, const ScrapeConfig*> seen;
    for (const ScrapeConfig& job : jobs) {
        const auto [first, isNew] = seen.emplace(job.jobName, &job);
        if (!isNew && first->second->file != job.file) {
            const auto named
                = [&](const ScrapeConfig& of) { return of.file.empty() ? file : of.file; };
            Reading(named(job), findings)
                .fault(std::format("found multiple scrape configs with job name \"{}\", first "
                                   "found in {}",
                                   job.jobName, named(*first->second)));
        }
    }
}

} // namespace watchfire::config
