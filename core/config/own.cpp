// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/import.h"
#include "core/config/reader.h"
#include "core/config/secrets.h"

#include <algorithm>
#include <format>

namespace watchfire::config {

using encoding::YamlNode;

namespace {

void readCeilings(Fields& fields, std::uint64_t& body, std::uint64_t& samples)
{
    fields.bytes("body_size_ceiling", body);
    fields.count("sample_ceiling", samples);
}

ScrapeConfig* findJob(Fields& fields, Config& into, const YamlNode& at, std::string_view name)
{
    const auto known = std::ranges::find(into.scrapeConfigs, name, &ScrapeConfig::jobName);
    if (known == into.scrapeConfigs.end()) {
        fields.reading().warn(at, std::format("there is no job \"{}\"", name));
        return nullptr;
    }
    return &*known;
}

void readJobs(Fields& fields, Config& into)
{
    fields.entries("jobs", [&](const YamlNode& name, const YamlNode& value) {
        ScrapeConfig read;
        Fields own(fields.reading(), value, "jobs");
        own.count("series_budget", read.seriesBudget);
        readCeilings(own, read.bodyCeiling, read.sampleCeiling);
        own.finish();
        if (ScrapeConfig* const job = findJob(fields, into, name, name.text)) {
            job->seriesBudget = read.seriesBudget;
            job->bodyCeiling = read.bodyCeiling;
            job->sampleCeiling = read.sampleCeiling;
        }
    });
}

void readKeptSecrets(Fields& fields, Config& into)
{
    Reading& reading = fields.reading();
    fields.list("secrets", "empty secret", [&](const YamlNode& node) {
        Fields own(reading, node, "secrets");
        std::string name;
        std::string field;
        own.text("job", name);
        const YamlNode* const at = own.text("field", field);
        own.finish();
        if (!canBeKept(field)) {
            reading.fault(at == nullptr ? node : *at,
                          std::format("field must be {}, or SECTION[ADDRESS].FIELD of a "
                                      "discovery, not \"{}\"",
                                      describeFields(), field));
            return;
        }
        ScrapeConfig* const job = findJob(fields, into, node, name);
        if (job == nullptr || std::ranges::contains(job->keptSecrets, field)) {
            return;
        }
        const Secret* const place = secretOf(*job, field);
        if (place == nullptr) {
            reading.warn(node,
                         std::format("job \"{}\" has no place for its {}: the kind of "
                                     "authentication, the headers or the sources are others",
                                     name, field));
            return;
        }
        if (!place->empty()) {
            reading.warn(node,
                         std::format("the {} of job \"{}\" stands in its file, too, and that one "
                                     "is used; take it out there",
                                     field, name));
        }
        job->keptSecrets.push_back(field);
    });
}

} // namespace

void readOwn(std::string text, const std::string& file, Config& into, Findings& findings)
{
    Reading reading(file, findings);
    const auto document = readDocument(reading, std::move(text));
    if (!document || document->root() == nullptr || document->root()->isNull()) {
        return;
    }
    Fields fields(reading, *document->root(), "watchfire.yml");
    OwnConfig& own = into.own;
    if (const YamlNode* const node = fields.take("collectors")) {
        Fields collectors(reading, *node, "collectors");
        collectors.boolean("host", own.hostCollector);
        collectors.boolean("self", own.selfCollector);
        const YamlNode* const interval = collectors.duration("interval", own.collectorInterval);
        collectors.finish();
        if (own.collectorInterval <= Duration(0)) {
            reading.fault(*interval, "the interval of collectors must be positive");
        }
    }
    readRetention(fields, own.retention);
    if (const YamlNode* const node = fields.take("rules")) {
        Fields rules(reading, *node, "rules");
        rules.boolean("unknown_state", own.unknownAlerts);
        rules.finish();
    }
    fields.texts("paused_jobs", own.pausedJobs);
    if (const YamlNode* const node = fields.text("color_scheme", own.colorScheme); node != nullptr
        && own.colorScheme != "system" && own.colorScheme != "light" && own.colorScheme != "dark") {
        reading.fault(
            *node,
            std::format("color_scheme must be system, light or dark, not {}", own.colorScheme));
    }
    readCeilings(fields, own.bodyCeiling, own.sampleCeiling);
    readJobs(fields, into);
    readKeptSecrets(fields, into);
    fields.finish();
}

} // namespace watchfire::config
