// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/config/config.h"
#include "core/config/import.h"

#include <expected>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::config {

/// Where the files of a configuration lie.
struct Paths {
    std::filesystem::path prometheus;
    std::filesystem::path alertmanager;
    std::filesystem::path own; ///< watchfire.yml
    std::filesystem::path history; ///< folder of replaced files; empty: none are kept
    /// A prometheus.yml that a person named must exist; a profile's need not: without it the
    /// configuration is empty, but for rules/*.yml beside it.
    bool prometheusMustExist = false;

    /// prometheus.yml, alertmanager.yml, watchfire.yml, rules/ and history/ in `folder`.
    static Paths ofProfile(const std::filesystem::path& folder);
};

struct Loaded {
    Config config;
    std::vector<Fault> warnings; ///< kept in the files and not done, or not as they say
    std::vector<Fault> ignored; ///< kept in the files and without a meaning here
};
using LoadResult = std::expected<Loaded, std::vector<Fault>>;

/// Reads all files, rule files and scrape_config_files too. Fails with every fault found.
LoadResult load(const Paths& paths, const Checkers& check = {});

/// One rule file. Fails with every fault found.
std::expected<std::vector<RuleGroupConfig>, std::vector<Fault>>
loadRuleFile(const std::filesystem::path& file, const Checkers& check = {},
             bool ignoresUnknownFields = false);

/// Files that match a pattern, sorted; a relative pattern is seen from `folder`. A star stands
/// for part of a name.
std::vector<std::filesystem::path> matchingFiles(const std::filesystem::path& folder,
                                                 const std::string& pattern);

/// Texts of files.
using FileTexts = std::map<std::filesystem::path, std::string>;
/// The files that this configuration was read from, as they are on disk now; those that are not
/// there are left out.
FileTexts textsOf(const Paths& paths, const Config& config);

struct Saved {
    Config config; ///< as it reads now; rule groups without a file have got one
    std::vector<std::filesystem::path> written;
};
/// Puts a text into a file, whole or not at all.
using WriteFile
    = std::function<Result<void>(const std::filesystem::path& file, std::string_view text)>;

/// Writes beside, syncs, renames. The mode of a file that exists is kept; a new one is for its
/// owner only, since passwords may stand in it. Fails with ErrorKind::io.
Result<void> writeFileAtomically(const std::filesystem::path& file, std::string_view text);

/// Carries the difference between two configurations into the files: only the lines concerned
/// change, comments and key order of the rest survive. A job of scrape_config_files is changed in
/// its own file. Each file is written beside the old one, synced and renamed over it; the old one
/// goes to the history. Secrets that are kept elsewhere are not written.
///
/// All or nothing: the new texts are read as a whole before the first file is touched, and when a
/// file cannot be written those before it get their old text back. Files that others refer to go
/// first, so that what a killed program leaves behind can be read.
///
/// Fails with ErrorKind::conflict when a file on disk no longer says what `old` says (somebody
/// edited it: externalEdit), invalid when `wanted` is no valid configuration (the first fault),
/// io when a file cannot be written. Not safe from several threads at once for the same files.
Result<Saved> save(const Paths& paths, const Config& old, Config wanted, Timestamp now,
                   const WriteFile& write = writeFileAtomically);

/// Keeps a copy of the files as they are, after they were found good.
Result<void> rememberGood(const Paths& paths, const Config& config);
/// What rememberGood kept: for a start with files that do not parse.
LoadResult loadLastGood(const Paths& paths, const Checkers& check = {});

struct HistoryEntry {
    std::filesystem::path file;
    std::string time; ///< 20261122T140042.123Z, when it was replaced
};
/// Earlier versions of a file ("prometheus.yml", "rules/a.yml"), newest first.
std::vector<HistoryEntry> historyOf(const Paths& paths, const std::string& name);

/// Fails with ErrorKind::notFound or io.
Result<std::string> readFile(const std::filesystem::path& file);

} // namespace watchfire::config
