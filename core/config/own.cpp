// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/import.h"
#include "core/config/reader.h"

#include <algorithm>
#include <format>

namespace watchfire::config {

using encoding::YamlNode;

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
    fields.texts("paused_jobs", own.pausedJobs);
    if (const YamlNode* const node = fields.text("color_scheme", own.colorScheme); node != nullptr
        && own.colorScheme != "system" && own.colorScheme != "light" && own.colorScheme != "dark") {
        reading.fault(
            *node,
            std::format("color_scheme must be system, light or dark, not {}", own.colorScheme));
    }
    fields.entries("jobs", [&](const YamlNode& name, const YamlNode& value) {
        std::uint64_t budget = 0;
        Fields job(reading, value, "jobs");
        job.count("series_budget", budget);
        job.finish();
        const auto known = std::ranges::find(into.scrapeConfigs, name.text, &ScrapeConfig::jobName);
        if (known == into.scrapeConfigs.end()) {
            reading.warn(name, std::format("there is no job \"{}\"", name.text));
        } else {
            known->seriesBudget = budget;
        }
    });
    fields.finish();
}

} // namespace watchfire::config
