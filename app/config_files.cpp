// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/config_files.h"

#include "core/base/log.h"
#include "core/config/external_edit.h"
#include "core/config/files.h"
#include "core/config/import_report.h"
#include "core/promql/syntax/parser.h"
#include "core/rules/checkers.h"

#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::app {

namespace {

/// The files, and the folders in which a new one could match a pattern.
std::vector<std::string> watchedBy(const config::Paths& where, const config::Config& config)
{
    std::set<std::string> out{where.prometheus.string(), where.alertmanager.string(),
                              where.own.string()};
    const std::filesystem::path folder = where.prometheus.parent_path();
    for (const auto* const patterns : {&config.ruleFiles, &config.scrapeConfigFiles}) {
        for (const std::string& pattern : *patterns) {
            out.insert((folder / pattern).parent_path().lexically_normal().string());
            for (const auto& file : config::matchingFiles(folder, pattern)) {
                out.insert(file.string());
            }
        }
    }
    for (const std::string& pattern : config.alertmanager.templates) {
        const std::filesystem::path beside = where.alertmanager.parent_path();
        out.insert((beside / pattern).parent_path().lexically_normal().string());
        for (const auto& file : config::matchingFiles(beside, pattern)) {
            out.insert(file.string());
        }
    }
    return {out.begin(), out.end()};
}

} // namespace

runtime::ConfigFiles configFiles(const Options& options, const Paths& paths,
                                 const promql::Features& features)
{
    config::Paths where = config::Paths::ofProfile(paths.config);
    if (!options.configFile.empty()) {
        where.prometheus = std::filesystem::absolute(options.configFile);
        where.prometheusMustExist = true;
    }
    if (!options.alertmanagerFile.empty()) {
        where.alertmanager = std::filesystem::absolute(options.alertmanagerFile);
    }
    runtime::ConfigFiles files;
    files.shown = where.prometheus.string();
    files.load = [where, check = rules::checkers(features)] {
        return config::load(where, check).transform([&where](config::Loaded&& loaded) {
            if (auto kept = config::rememberGood(where, loaded.config); !kept) {
                log(LogLevel::warning, "config", "{}", kept.error().message);
            }
            return runtime::LoadedConfig{std::move(loaded.config), std::move(loaded.warnings)};
        });
    };
    files.loadLastGood = [where, check = rules::checkers(features)] {
        return config::loadLastGood(where, check).transform([](config::Loaded&& loaded) {
            return runtime::LoadedConfig{std::move(loaded.config), std::move(loaded.warnings)};
        });
    };
    files.inspectImport = [check = rules::checkers(features)](const std::string& file) {
        return config::readForImport(file, check);
    };
    files.compare = [where, check = rules::checkers(features)](const config::Edit& edit) {
        return config::externalEdit(where, edit, check);
    };
    files.save = [where](const config::Config& before, const config::Config& after) {
        return config::save(where, before, after, SystemClock().now())
            .transform([](config::Saved&& saved) { return std::move(saved.config); });
    };
    // With a window, a person edits; without one, a program that says so with SIGHUP.
    if (!options.headless || options.isEnabled("auto-reload-config")) {
        files.watched = [where](const config::Config& config) { return watchedBy(where, config); };
    }
    return files;
}

} // namespace watchfire::app
