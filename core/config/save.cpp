// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/export.h"
#include "core/config/files.h"
#include "core/encoding/yaml_edit.h"

#include <algorithm>
#include <format>
#include <functional>
#include <map>

namespace watchfire::config {

namespace fs = std::filesystem;

namespace {

using encoding::YamlDocument;
using encoding::YamlValue;

constexpr std::size_t keptVersions = 50;

std::string timeText(Timestamp now)
{
    return std::format("{:%Y%m%dT%H%M%S}Z", now); // with milliseconds
}

/// The name of a file within the configuration's folder: "prometheus.yml", "rules/a.yml".
fs::path nameOf(const Paths& paths, const fs::path& file)
{
    const fs::path relative = file.lexically_relative(paths.prometheus.parent_path());
    return relative.empty() || *relative.begin() == ".." ? file.filename() : relative;
}

/// Copies the file as it is into the history, under a name that tells when.
Result<void> keepVersion(const Paths& paths, const fs::path& file, Timestamp now)
{
    std::error_code error;
    if (paths.history.empty() || !fs::exists(file, error)) {
        return {};
    }
    const fs::path name = nameOf(paths, file);
    fs::path kept;
    for (int i = 0; kept.empty() || fs::exists(kept, error); ++i) {
        kept = paths.history / name.parent_path()
            / std::format("{}.{}{}", name.filename().string(), timeText(now),
                          i == 0 ? "" : std::format("-{}", i));
    }
    auto text = readFile(file);
    if (!text) {
        return std::unexpected(text.error());
    }
    if (auto written = writeFileAtomically(kept, *text); !written) {
        return written;
    }
    const auto versions = historyOf(paths, name.string());
    for (std::size_t i = keptVersions; i < versions.size(); ++i) {
        fs::remove(versions[i].file, error);
    }
    return {};
}

/// One file that is to say something else.
struct Change {
    fs::path file;
    YamlValue base; ///< what the file was understood as
    YamlValue wanted;
    std::vector<std::string_view> identities;
    /// Reads a text back into the same form.
    std::function<YamlValue(std::string text, Findings& findings)> reread;
};

/// The whole text anew, with the top-level keys that are not ours left as they were.
std::string rewritten(const YamlDocument& document, const Change& change)
{
    YamlValue whole = YamlValue::mapping();
    if (document.root() != nullptr && document.root()->isMapping()) {
        whole = encoding::toValue(*document.root());
    }
    const auto isIn = [](const YamlValue& value, const std::string& key) {
        return std::ranges::any_of(value.entries,
                                   [&](const auto& entry) { return entry.key == key; });
    };
    std::erase_if(whole.entries, [&](const auto& entry) {
        return isIn(change.base, entry.key) || isIn(change.wanted, entry.key);
    });
    YamlValue out = change.wanted;
    out.entries.insert(out.entries.end(), whole.entries.begin(), whole.entries.end());
    return encoding::emitYaml(out);
}

Error firstFault(const std::vector<Fault>& faults)
{
    return {ErrorKind::invalid, faults.front().toString()};
}

/// The new text of a file.
Result<std::string> newText(const Change& change)
{
    std::string text;
    if (auto current = readFile(change.file)) {
        text = std::move(*current);
    } else if (current.error().kind != ErrorKind::notFound) {
        return std::unexpected(current.error());
    }
    Findings before;
    if (!text.empty() && change.reread(text, before) != change.base) {
        return fail(ErrorKind::conflict,
                    std::format("{} was changed on disk since it was read; reload it first",
                                change.file.string()));
    }
    auto document = YamlDocument::parse(std::move(text));
    if (!document) {
        return std::unexpected(document.error());
    }
    const auto reads = [&](const std::string& candidate) {
        Findings after;
        return change.reread(candidate, after) == change.wanted && after.faults.empty();
    };
    auto merged = encoding::mergeYaml(*document, change.base, change.wanted, change.identities);
    if (merged && reads(*merged)) {
        return merged;
    }
    std::string whole = rewritten(*document, change);
    if (reads(whole)) {
        return whole;
    }
    Findings findings;
    const YamlValue got = change.reread(whole, findings);
    if (!findings.faults.empty()) {
        return std::unexpected(firstFault(findings.faults));
    }
    return fail(ErrorKind::invalid,
                std::format("{} would not read back as it was meant:\n{}", change.file.string(),
                            encoding::emitYaml(got)));
}

Config readMain(std::string text, const fs::path& file, Findings& findings)
{
    Config config;
    readPrometheus(std::move(text), file.string(), config, findings);
    return config;
}

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

std::map<std::string, std::vector<RuleGroupConfig>> byFile(const Config& config)
{
    std::map<std::string, std::vector<RuleGroupConfig>> files;
    for (const RuleGroupConfig& group : config.ruleGroups) {
        files[group.file].push_back(group);
    }
    return files;
}

void addRuleChanges(const Config& old, const Config& wanted, std::vector<Change>& changes)
{
    auto before = byFile(old);
    auto after = byFile(wanted);
    for (const auto& [file, groups] : before) {
        after.try_emplace(file);
    }
    for (const auto& [file, groups] : after) {
        if (groups == before[file]) {
            continue;
        }
        const YamlValue none = YamlValue::mapping();
        changes.push_back({file,
                           before[file].empty() ? none : rulesValue(before[file]),
                           rulesValue(groups),
                           {"name", "alert", "record"},
                           [file](std::string text, Findings& findings) {
                               const auto read = readRules(std::move(text), file, {}, findings);
                               return rulesValue(read);
                           }});
    }
}

/// A file of rules without any says "groups: []", or nothing at all.
bool sameRules(const YamlValue& a, const YamlValue& b)
{
    const auto bare = [](const YamlValue& value) {
        return value.entries.empty()
            || (value.entries.size() == 1 && value.entries[0].value.items.empty());
    };
    return a == b || (bare(a) && bare(b));
}

std::vector<Change> changesOf(const Paths& paths, const Config& old, const Config& wanted)
{
    std::vector<Change> changes;
    addRuleChanges(old, wanted, changes);
    for (Change& change : changes) {
        // Both forms of "no rules" count as one.
        change.reread = [reread = std::move(change.reread), base = change.base,
                         target = change.wanted](std::string text, Findings& findings) {
            YamlValue read = reread(std::move(text), findings);
            return sameRules(read, target) ? target : sameRules(read, base) ? base : read;
        };
    }
    if (old.alertmanager != wanted.alertmanager) {
        std::error_code ignored;
        const bool exists = fs::exists(paths.alertmanager, ignored);
        changes.push_back({paths.alertmanager,
                           exists ? alertmanagerValue(old.alertmanager) : YamlValue::mapping(),
                           alertmanagerValue(wanted.alertmanager),
                           {"name", "receiver"},
                           [&paths](std::string text, Findings& findings) {
                               return alertmanagerValue(readAlertmanager(
                                   std::move(text), paths.alertmanager.string(), findings));
                           }});
    }
    if (ownValue(old) != ownValue(wanted)) {
        changes.push_back({paths.own,
                           ownValue(old),
                           ownValue(wanted),
                           {},
                           [&paths, &wanted](std::string text, Findings& findings) {
                               Config config;
                               config.scrapeConfigs = wanted.scrapeConfigs;
                               for (ScrapeConfig& job : config.scrapeConfigs) {
                                   job.seriesBudget = 0;
                               }
                               readOwn(std::move(text), paths.own.string(), config, findings);
                               return ownValue(config);
                           }});
    }
    if (prometheusValue(old) != prometheusValue(wanted)) {
        changes.push_back({paths.prometheus,
                           prometheusValue(old),
                           prometheusValue(wanted),
                           {"job_name"},
                           [&paths](std::string text, Findings& findings) {
                               return prometheusValue(
                                   readMain(std::move(text), paths.prometheus, findings));
                           }});
    }
    return changes;
}

fs::path goodFolder(const Paths& paths)
{
    return paths.history / "good";
}

} // namespace

std::vector<HistoryEntry> historyOf(const Paths& paths, const std::string& name)
{
    std::vector<HistoryEntry> entries;
    const fs::path wanted = paths.history / name;
    const std::string prefix = wanted.filename().string() + ".";
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(wanted.parent_path(), error)) {
        const std::string file = entry.path().filename().string();
        if (file.starts_with(prefix) && entry.is_regular_file(error)) {
            entries.push_back({entry.path(), file.substr(prefix.size())});
        }
    }
    std::ranges::sort(entries, std::greater<>(), &HistoryEntry::time);
    return entries;
}

Result<Saved> save(const Paths& paths, const Config& old, Config wanted, Timestamp now)
{
    placeGroups(paths, wanted);
    const std::vector<Change> changes = changesOf(paths, old, wanted);
    // All texts first: when one cannot be made, no file changes.
    std::vector<std::string> texts;
    for (const Change& change : changes) {
        auto text = newText(change);
        if (!text) {
            return std::unexpected(text.error());
        }
        texts.push_back(std::move(*text));
    }
    Saved saved;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (auto kept = keepVersion(paths, changes[i].file, now); !kept) {
            return std::unexpected(kept.error());
        }
        if (auto written = writeFileAtomically(changes[i].file, texts[i]); !written) {
            return std::unexpected(written.error());
        }
        saved.written.push_back(changes[i].file);
    }
    auto loaded = load(paths);
    if (!loaded) {
        return std::unexpected(firstFault(loaded.error()));
    }
    saved.config = std::move(loaded->config);
    return saved;
}

Result<void> rememberGood(const Paths& paths, const Config& config)
{
    if (paths.history.empty()) {
        return {};
    }
    std::vector<fs::path> files{paths.prometheus, paths.alertmanager, paths.own};
    for (const auto& [file, groups] : byFile(config)) {
        files.emplace_back(file);
    }
    std::error_code error;
    const fs::path folder = goodFolder(paths);
    fs::remove_all(folder, error);
    for (const fs::path& file : files) {
        auto text = readFile(file);
        if (!text) {
            if (text.error().kind == ErrorKind::notFound) {
                continue;
            }
            return std::unexpected(text.error());
        }
        if (auto written = writeFileAtomically(folder / nameOf(paths, file), *text); !written) {
            return written;
        }
    }
    return {};
}

LoadResult loadLastGood(const Paths& paths, const Checkers& check)
{
    const fs::path folder = goodFolder(paths);
    std::error_code error;
    if (paths.history.empty() || !fs::exists(folder, error)) {
        return std::unexpected(std::vector<Fault>{
            {folder.string(), 0, 0, "there is no configuration known to be good"}});
    }
    Paths good = Paths::ofProfile(folder);
    good.history.clear();
    good.prometheus = folder / nameOf(paths, paths.prometheus);
    good.alertmanager = folder / nameOf(paths, paths.alertmanager);
    good.own = folder / nameOf(paths, paths.own);
    return load(good, check);
}

} // namespace watchfire::config
