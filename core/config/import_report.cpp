// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/import_report.h"

#include "core/config/files.h"
#include "core/encoding/yaml.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace watchfire::config {

namespace {

enum class Kind { prometheus, alertmanager, rules };

/// A text that does not parse counts as a prometheus.yml, whose reader says why.
Kind kindOf(const std::string& text)
{
    const auto document = encoding::YamlDocument::parse(text);
    if (!document || document->root() == nullptr) {
        return Kind::prometheus;
    }
    const encoding::YamlNode& root = *document->root();
    if (root.find("route") != nullptr || root.find("receivers") != nullptr) {
        return Kind::alertmanager;
    }
    return root.find("groups") != nullptr ? Kind::rules : Kind::prometheus;
}

void sortByPlace(std::vector<Fault>& faults)
{
    std::ranges::stable_sort(faults, {}, [](const Fault& fault) {
        return std::tie(fault.file, fault.line, fault.column);
    });
}

void take(Findings findings, ImportReport& report)
{
    report.faults = std::move(findings.faults);
    report.losses = std::move(findings.warnings);
    std::ranges::move(findings.ignored, std::back_inserter(report.losses));
}

void readPrometheusWithRest(const std::filesystem::path& file, const Checkers& check,
                            ImportReport& report)
{
    Paths paths = Paths::ofProfile(file.parent_path());
    paths.prometheus = file;
    paths.prometheusMustExist = true;
    auto loaded = load(paths, check);
    if (!loaded) {
        report.faults = std::move(loaded.error());
        return;
    }
    report.config = std::move(loaded->config);
    take({{}, std::move(loaded->warnings), std::move(loaded->ignored)}, report);
}

void readTemplateFiles(const std::filesystem::path& main, AlertmanagerConfig& config,
                       Findings& findings)
{
    for (const std::string& pattern : config.templates) {
        for (const auto& file : matchingFiles(main.parent_path(), pattern)) {
            if (auto text = readFile(file)) {
                checkTemplates(*text, file.string(), findings);
                config.templateFiles.push_back({file.string(), std::move(*text)});
            } else {
                findings.faults.push_back({file.string(), 0, 0, text.error().message});
            }
        }
    }
}

} // namespace

ImportReport readForImport(const std::filesystem::path& file, const Checkers& check)
{
    ImportReport report;
    auto text = readFile(file);
    if (!text) {
        report.faults.push_back({file.string(), 0, 0, text.error().message});
        return report;
    }
    Findings findings;
    switch (kindOf(*text)) {
    case Kind::prometheus:
        readPrometheusWithRest(file, check, report);
        break;
    case Kind::alertmanager:
        report.config.alertmanager = readAlertmanager(std::move(*text), file.string(), findings);
        readTemplateFiles(file, report.config.alertmanager, findings);
        take(std::move(findings), report);
        break;
    case Kind::rules:
        report.config.ruleGroups = readRules(std::move(*text), file.string(), check, findings);
        take(std::move(findings), report);
        break;
    }
    sortByPlace(report.faults);
    sortByPlace(report.losses);
    return report;
}

} // namespace watchfire::config
