// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/file_view.h"

#include <algorithm>
#include <fnmatch.h>
#include <format>
#include <iterator>

namespace watchfire::config {

namespace fs = std::filesystem;

namespace {

/// Reads the files of a configuration, one after the other, into one value.
class Loader {
public:
    Loader(const FileView& files, const Checkers& check, FileTexts* seen)
        : m_files(files)
        , m_check(check)
        , m_seen(seen)
    {
    }

    LoadResult load(const Paths& paths)
    {
        Config& config = m_loaded.config;
        if (auto text = read(paths.prometheus, paths.prometheusMustExist)) {
            readPrometheus(std::move(*text), paths.prometheus.string(), config, m_findings);
        } else {
            config.ruleFiles = {"rules/*.yml"};
        }
        const fs::path folder = paths.prometheus.parent_path();
        readScrapeFiles(folder, paths.prometheus.string());
        readRuleFiles(folder);
        if (auto text = read(paths.alertmanager, false)) {
            config.alertmanager
                = readAlertmanager(std::move(*text), paths.alertmanager.string(), m_findings);
            readTemplateFiles(paths.alertmanager.parent_path());
        }
        if (auto text = read(paths.own, false)) {
            readOwn(std::move(*text), paths.own.string(), config, m_findings);
        }
        if (!m_findings.faults.empty()) {
            return std::unexpected(std::move(m_findings.faults));
        }
        m_loaded.warnings = std::move(m_findings.warnings);
        m_loaded.ignored = std::move(m_findings.ignored);
        return std::move(m_loaded);
    }

private:
    std::optional<std::string> read(const fs::path& file, bool mustExist)
    {
        auto text = m_files.read(file);
        if (text) {
            if (m_seen != nullptr) {
                m_seen->insert_or_assign(file, *text);
            }
            return std::move(*text);
        }
        if (text.error().kind != ErrorKind::notFound || mustExist) {
            m_findings.faults.push_back({file.string(), 0, 0, text.error().message});
        }
        return std::nullopt;
    }

    /// The files that patterns find, each once.
    std::vector<fs::path> found(const fs::path& folder, const std::vector<std::string>& patterns)
    {
        std::vector<fs::path> all;
        for (const std::string& pattern : patterns) {
            for (const fs::path& file : m_files.matching(folder, pattern)) {
                if (!std::ranges::contains(all, file)) {
                    all.push_back(file);
                }
            }
        }
        return all;
    }

    void readScrapeFiles(const fs::path& folder, const std::string& main)
    {
        Config& config = m_loaded.config;
        for (const fs::path& file : found(folder, config.scrapeConfigFiles)) {
            if (auto text = read(file, true)) {
                auto jobs
                    = readScrapeConfigs(std::move(*text), file.string(), config.global, m_findings);
                std::ranges::move(jobs, std::back_inserter(config.scrapeConfigs));
            }
        }
        checkJobNames(config.scrapeConfigs, main, m_findings);
    }

    void readRuleFiles(const fs::path& folder)
    {
        Config& config = m_loaded.config;
        for (const fs::path& file : found(folder, config.ruleFiles)) {
            if (auto text = read(file, true)) {
                auto groups = readRules(std::move(*text), file.string(), m_check, m_findings);
                std::ranges::move(groups, std::back_inserter(config.ruleGroups));
            }
        }
    }

    void readTemplateFiles(const fs::path& folder)
    {
        AlertmanagerConfig& config = m_loaded.config.alertmanager;
        for (const fs::path& file : found(folder, config.templates)) {
            if (auto text = read(file, true)) {
                checkTemplates(*text, file.string(), m_findings);
                config.templateFiles.push_back({file.string(), std::move(*text)});
            }
        }
    }

    const FileView& m_files;
    const Checkers& m_check;
    FileTexts* m_seen;
    Loaded m_loaded;
    Findings m_findings;
};

} // namespace

Result<std::string> FileView::read(const fs::path& file) const
{
    if (const auto instead = m_instead.find(file); instead != m_instead.end()) {
        return instead->second;
    }
    return m_disk ? readFile(file)
                  : fail(ErrorKind::notFound, std::format("{} does not exist", file.string()));
}

bool FileView::exists(const fs::path& file) const
{
    std::error_code ignored;
    return m_instead.contains(file) || (m_disk && fs::exists(file, ignored));
}

std::vector<fs::path> FileView::matching(const fs::path& folder, const std::string& pattern) const
{
    std::vector<fs::path> files;
    if (m_disk) {
        files = matchingFiles(folder, pattern);
    }
    const fs::path full = fs::path(pattern).is_absolute() ? fs::path(pattern) : folder / pattern;
    const std::string shape = full.lexically_normal().string();
    for (const auto& [file, text] : m_instead) {
        if (fnmatch(shape.c_str(), file.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0
            && !std::ranges::contains(files, file)) {
            files.push_back(file);
        }
    }
    std::ranges::sort(files);
    return files;
}

LoadResult loadFrom(const Paths& paths, const FileView& files, const Checkers& check,
                    FileTexts* seen)
{
    return Loader(files, check, seen).load(paths);
}

LoadResult load(const Paths& paths, const Checkers& check)
{
    return loadFrom(paths, FileView(), check);
}

} // namespace watchfire::config
