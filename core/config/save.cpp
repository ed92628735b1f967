// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/file_changes.h"
#include "core/config/secrets.h"

#include <algorithm>
#include <format>
#include <optional>

namespace watchfire::config {

namespace fs = std::filesystem;

namespace {

/// Gives each group without a file one, and makes sure that a pattern finds it.
void placeGroups(const Paths& paths, Config& config)
{
    const fs::path folder = paths.prometheus.parent_path();
    bool placed = false;
    for (RuleGroupConfig& group : config.ruleGroups) {
        if (group.file.empty()) {
            group.file = (folder / "rules" / "rules.yml").string();
            placed = true;
        } else if (fs::path(group.file).is_relative()) {
            group.file = (folder / group.file).lexically_normal().string();
            placed = true;
        }
    }
    constexpr std::string_view pattern = "rules/*.yml";
    if (placed && std::ranges::find(config.ruleFiles, pattern) == config.ruleFiles.end()) {
        config.ruleFiles.emplace_back(pattern);
    }
}

/// A file and what it is to say.
struct NewFile {
    fs::path file;
    std::string text;
};

Error firstFault(const std::vector<Fault>& faults)
{
    return {ErrorKind::invalid, faults.front().toString()};
}

LoadResult loadWith(const Paths& paths, std::span<const NewFile> files)
{
    FileTexts texts;
    for (const NewFile& each : files) {
        texts.emplace(each.file, each.text);
    }
    return loadFrom(paths, FileView(std::move(texts)), {});
}

/// The order of writing. That of the changes puts first what others refer to; it is turned round
/// where a program killed half-way would leave files that do not read (a job that moves into
/// another file stands in both for a moment) and the other way would not.
void order(const Paths& paths, std::vector<NewFile>& files)
{
    const auto readsHalfWay = [&] {
        for (std::size_t written = 1; written < files.size(); ++written) {
            if (!loadWith(paths, std::span(files).first(written))) {
                return false;
            }
        }
        return true;
    };
    if (!readsHalfWay()) {
        std::ranges::reverse(files);
        if (!readsHalfWay()) {
            std::ranges::reverse(files);
        }
    }
}

/// Replaces files, and puts them back unless told that all is well.
class Replacement {
public:
    Replacement(const Paths& paths, Timestamp now, const WriteFile& write)
        : m_paths(paths)
        , m_now(now)
        , m_write(write)
    {
    }

    Result<void> replace(const NewFile& each)
    {
        Old old{each.file, std::nullopt};
        if (auto text = readFile(each.file)) {
            old.text = std::move(*text);
        } else if (text.error().kind != ErrorKind::notFound) {
            return std::unexpected(text.error());
        }
        if (auto kept = keepVersion(m_paths, each.file, m_now); !kept) {
            return kept;
        }
        if (auto written = m_write(each.file, each.text); !written) {
            return written;
        }
        m_replaced.push_back(std::move(old));
        return {};
    }

    /// Puts back what was replaced. The error that led here, and which files it could not be
    /// done for.
    Error undo(Error why)
    {
        for (const Old& old : m_replaced) {
            std::error_code error;
            const bool back
                = old.text ? m_write(old.file, *old.text).has_value() : fs::remove(old.file, error);
            if (!back) {
                why.message += std::format("; {} could not be put back", old.file.string());
            }
        }
        m_replaced.clear();
        return why;
    }

private:
    struct Old {
        fs::path file;
        std::optional<std::string> text; ///< nothing: there was no such file
    };

    const Paths& m_paths;
    Timestamp m_now;
    const WriteFile& m_write;
    std::vector<Old> m_replaced;
};

/// Jobs by name and groups by file and name that `wanted` has and the files would not yield.
std::optional<Error> missing(const Config& read, const Config& wanted)
{
    for (const ScrapeConfig& job : wanted.scrapeConfigs) {
        if (!std::ranges::contains(read.scrapeConfigs, job.jobName, &ScrapeConfig::jobName)) {
            return Error{ErrorKind::invalid,
                         std::format("no pattern of scrape_config_files finds {}, so job \"{}\" "
                                     "would be lost",
                                     job.file, job.jobName)};
        }
    }
    for (const RuleGroupConfig& group : wanted.ruleGroups) {
        if (!std::ranges::contains(read.ruleGroups, group.file, &RuleGroupConfig::file)) {
            return Error{ErrorKind::invalid,
                         std::format("no pattern of rule_files finds {}, so group \"{}\" would be "
                                     "lost",
                                     group.file, group.name)};
        }
    }
    return std::nullopt;
}

} // namespace

Result<Saved> save(const Paths& paths, const Config& old, Config wanted, Timestamp now,
                   const WriteFile& write)
{
    placeGroups(paths, wanted);
    std::vector<NewFile> files;
    const FileView disk;
    for (const FileChange& change : changesOf(paths, old, wanted)) {
        auto text = newText(change, disk);
        if (!text) {
            return std::unexpected(text.error());
        }
        if (const auto before = disk.read(change.file); !before || *before != *text) {
            files.push_back({change.file, std::move(*text)});
        }
    }
    const auto loaded = loadWith(paths, files);
    if (!loaded) {
        return std::unexpected(firstFault(loaded.error()));
    }
    if (auto lost = missing(loaded->config, wanted)) {
        return std::unexpected(std::move(*lost));
    }
    order(paths, files);
    Saved saved;
    Replacement replacement(paths, now, write);
    for (const NewFile& each : files) {
        if (auto replaced = replacement.replace(each); !replaced) {
            return std::unexpected(replacement.undo(replaced.error()));
        }
        saved.written.push_back(each.file);
    }
    saved.config = withSecretsFrom(loaded->config, wanted);
    return saved;
}

} // namespace watchfire::config
