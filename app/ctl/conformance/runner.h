// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QStringList>

namespace watchfire::ctl {

/// What a run over a folder of conformance data came to.
struct ConformanceOutcome {
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t skipped = 0;
    std::vector<std::string> failures; ///< "file: case: what differs", one for each failed case
    std::vector<std::string> skips; ///< the same for each skipped case

    void add(ConformanceOutcome other);
};

/// What a check says of one case.
struct Verdict {
    enum class Kind { passed, failed, skipped };
    Kind kind = Kind::passed;
    std::string why;

    static Verdict pass() { return {}; }
    static Verdict fail(std::string why) { return {Kind::failed, std::move(why)}; }
    static Verdict skip(std::string why) { return {Kind::skipped, std::move(why)}; }
    /// Passed when there is no difference.
    static Verdict of(std::optional<std::string> difference);
};

/// One file of cases: a JSON object with the list `cases`, or with a list `files` of cases that
/// each name a file beside it.
struct CaseFile {
    std::filesystem::path path;
    QJsonObject root;

    QJsonArray cases() const;
};

/// Every *.json under `path` (a folder, searched to the bottom, or one file) that holds such a
/// list, in order of path; other JSON files are passed over. Fails when the path does not exist,
/// a file cannot be read or is no JSON.
Result<std::vector<CaseFile>> readCaseFiles(const std::filesystem::path& path);

using CaseCheck = std::function<Verdict(const QJsonObject& testCase, const CaseFile& file)>;

/// Runs `check` on every case of every file under `path`. A case with "must": false that fails
/// counts as skipped. No case at all, or a file that does not read, counts as one failure, so
/// that a wrong path is never a success.
ConformanceOutcome runCases(const std::filesystem::path& path, const CaseCheck& check);

/// Places where two trees may differ.
struct Volatile {
    QStringList pointers; ///< JSON pointers, "/data/0/lastError"
    QStringList keys; ///< keys of that name at any depth

    /// The lists `volatile` and `volatile_keys` of a case.
    static Volatile of(const QJsonObject& testCase);
};

/// The first place where the trees differ, as "pointer: expected …, got …"; nothing when they
/// are equal. The order of keys does not count, that of lists does; numbers are equal as
/// doubles.
std::optional<std::string> difference(const QJsonValue& expected, const QJsonValue& actual,
                                      const Volatile& ignored = {});

/// Parses a JSON text of any kind, a bare string or number too. Nothing: no JSON.
std::optional<QJsonValue> parseJson(std::string_view text);

/// The value as compact JSON, for messages.
std::string toText(const QJsonValue& value);

} // namespace watchfire::ctl
