// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/check.h"

#include "core/config/files.h"

namespace watchfire::config {

namespace {

/// The text of a file; a fault where it cannot be read.
std::optional<std::string> textOf(const std::filesystem::path& file, CheckReport& report)
{
    auto text = readFile(file);
    if (!text) {
        report.findings.faults.push_back({file.string(), 0, 0, text.error().message});
        return std::nullopt;
    }
    return std::move(*text);
}

/// The same for the file that was named.
std::optional<std::string> namedText(const std::filesystem::path& file, CheckReport& report)
{
    auto text = textOf(file, report);
    report.readable = text.has_value();
    return text;
}

void addRules(std::optional<std::string> text, const std::filesystem::path& file,
              const Checkers& check, CheckReport& report)
{
    if (!text) {
        return;
    }
    ++report.ruleFiles;
    for (const RuleGroupConfig& group :
         readRules(std::move(*text), file.string(), check, report.findings)) {
        report.rules += group.rules.size();
    }
}

} // namespace

CheckReport checkConfig(const std::filesystem::path& file, const Checkers& check, bool syntaxOnly,
                        Mode mode)
{
    CheckReport report;
    auto text = namedText(file, report);
    if (!text) {
        return report;
    }
    Config config;
    const ReadOptions options{mode, !syntaxOnly};
    readPrometheus(std::move(*text), file.string(), config, report.findings, options);
    const std::filesystem::path folder = file.parent_path();
    for (const std::string& pattern : config.scrapeConfigFiles) {
        for (const auto& found : matchingFiles(folder, pattern)) {
            if (auto jobs = textOf(found, report)) {
                for (ScrapeConfig& job :
                     readScrapeConfigs(std::move(*jobs), found.string(), config.global,
                                       report.findings, options)) {
                    config.scrapeConfigs.push_back(std::move(job));
                }
            }
        }
    }
    checkJobNames(config.scrapeConfigs, file.string(), report.findings);
    report.jobs = config.scrapeConfigs.size();
    if (!syntaxOnly) {
        for (const std::string& pattern : config.ruleFiles) {
            for (const auto& found : matchingFiles(folder, pattern)) {
                addRules(textOf(found, report), found, check, report);
            }
        }
    }
    return report;
}

CheckReport checkRules(const std::filesystem::path& file, const Checkers& check)
{
    CheckReport report;
    addRules(namedText(file, report), file, check, report);
    return report;
}

CheckReport checkAlertmanager(const std::filesystem::path& file)
{
    CheckReport report;
    if (auto text = namedText(file, report)) {
        readAlertmanager(std::move(*text), file.string(), report.findings);
    }
    return report;
}

} // namespace watchfire::config
