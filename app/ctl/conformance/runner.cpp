// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/runner.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <QJsonArray>
#include <QJsonDocument>

namespace watchfire::ctl {

namespace {

using namespace Qt::StringLiterals;

Result<std::string> readFile(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        return fail(ErrorKind::io, "cannot read " + path.string());
    }
    return std::string(std::istreambuf_iterator<char>(in), {});
}

/// What to call a case in a message: its id, else the text it is about.
std::string nameOf(const QJsonObject& testCase, qsizetype index)
{
    for (const auto& key : {"id"_L1, "query"_L1, "input"_L1, "file"_L1}) {
        if (const QJsonValue value = testCase[key]; value.isString()) {
            return value.toString().toStdString();
        }
    }
    return "case " + std::to_string(index);
}

std::optional<std::string> differ(const QJsonValue& expected, const QJsonValue& actual,
                                  const Volatile& ignored, const QString& at)
{
    if (ignored.pointers.contains(at)) {
        return std::nullopt;
    }
    const auto fault = [&](const std::string& got) {
        return at.toStdString() + ": expected " + toText(expected) + ", got " + got;
    };
    if (expected.isObject() && actual.isObject()) {
        const QJsonObject wanted = expected.toObject();
        const QJsonObject given = actual.toObject();
        for (auto field = wanted.begin(); field != wanted.end(); ++field) {
            if (ignored.keys.contains(field.key())) {
                continue;
            }
            const QString place = at + u'/' + field.key();
            if (ignored.pointers.contains(place)) {
                continue;
            }
            if (!given.contains(field.key())) {
                return place.toStdString() + ": missing, expected " + toText(field.value());
            }
            if (auto found = differ(field.value(), given[field.key()], ignored, place)) {
                return found;
            }
        }
        for (auto field = given.begin(); field != given.end(); ++field) {
            const QString place = at + u'/' + field.key();
            if (!wanted.contains(field.key()) && !ignored.keys.contains(field.key())
                && !ignored.pointers.contains(place)) {
                return place.toStdString() + ": not expected, got " + toText(field.value());
            }
        }
        return std::nullopt;
    }
    if (expected.isArray() && actual.isArray()) {
        const QJsonArray wanted = expected.toArray();
        const QJsonArray given = actual.toArray();
        for (qsizetype i = 0; i < std::min(wanted.size(), given.size()); ++i) {
            if (auto found = differ(wanted[i], given[i], ignored, at + u'/' + QString::number(i))) {
                return found;
            }
        }
        if (wanted.size() != given.size()) {
            return at.toStdString() + ": expected " + std::to_string(wanted.size())
                + " elements, got " + std::to_string(given.size()) + ": " + toText(actual);
        }
        return std::nullopt;
    }
    if (expected.isDouble() && actual.isDouble()) {
        return expected.toDouble() == actual.toDouble() ? std::nullopt
                                                        : std::optional(fault(toText(actual)));
    }
    return expected == actual ? std::nullopt : std::optional(fault(toText(actual)));
}

} // namespace

void ConformanceOutcome::add(ConformanceOutcome other)
{
    passed += other.passed;
    failed += other.failed;
    skipped += other.skipped;
    std::ranges::move(other.failures, std::back_inserter(failures));
    std::ranges::move(other.skips, std::back_inserter(skips));
}

Verdict Verdict::of(std::optional<std::string> difference)
{
    return difference ? fail(*std::move(difference)) : pass();
}

QJsonArray CaseFile::cases() const
{
    return root[root.contains("cases"_L1) ? "cases"_L1 : "files"_L1].toArray();
}

Result<std::vector<CaseFile>> readCaseFiles(const std::filesystem::path& path)
{
    namespace fs = std::filesystem;
    std::error_code fault;
    std::vector<fs::path> paths;
    if (fs::is_directory(path, fault)) {
        for (auto entry = fs::recursive_directory_iterator(path, fault);
             !fault && entry != fs::recursive_directory_iterator(); entry.increment(fault)) {
            if (entry->is_regular_file(fault) && entry->path().extension() == ".json") {
                paths.push_back(entry->path());
            }
        }
        if (fault) {
            return fail(ErrorKind::io, "cannot list " + path.string() + ": " + fault.message());
        }
        std::ranges::sort(paths);
    } else if (fs::exists(path, fault)) {
        paths.push_back(path);
    } else {
        return fail(ErrorKind::notFound, path.string() + " does not exist");
    }

    std::vector<CaseFile> files;
    for (const fs::path& one : paths) {
        const auto text = readFile(one);
        if (!text) {
            return std::unexpected(text.error());
        }
        const auto value = parseJson(*text);
        if (!value) {
            return fail(ErrorKind::corrupt, one.string() + " is no JSON");
        }
        const QJsonObject root = value->toObject();
        if (root["cases"_L1].isArray() || root["files"_L1].isArray()) {
            files.push_back({one, root});
        }
    }
    return files;
}

ConformanceOutcome runCases(const std::filesystem::path& path, const CaseCheck& check)
{
    ConformanceOutcome outcome;
    const auto files = readCaseFiles(path);
    if (!files) {
        outcome.failed = 1;
        outcome.failures.push_back(files.error().message);
        return outcome;
    }
    for (const CaseFile& file : *files) {
        const QJsonArray cases = file.cases();
        for (qsizetype i = 0; i < cases.size(); ++i) {
            const QJsonObject testCase = cases[i].toObject();
            Verdict verdict = check(testCase, file);
            if (verdict.kind == Verdict::Kind::failed && !testCase["must"_L1].toBool(true)) {
                verdict.kind = Verdict::Kind::skipped;
            }
            std::string line
                = file.path.filename().string() + ": " + nameOf(testCase, i) + ": " + verdict.why;
            switch (verdict.kind) {
            case Verdict::Kind::passed:
                ++outcome.passed;
                break;
            case Verdict::Kind::failed:
                ++outcome.failed;
                outcome.failures.push_back(std::move(line));
                break;
            case Verdict::Kind::skipped:
                ++outcome.skipped;
                outcome.skips.push_back(std::move(line));
                break;
            }
        }
    }
    if (outcome.passed + outcome.failed + outcome.skipped == 0) {
        outcome.failed = 1;
        outcome.failures.push_back(path.string() + " holds no cases");
    }
    return outcome;
}

Volatile Volatile::of(const QJsonObject& testCase)
{
    Volatile ignored;
    for (const auto& pointer : testCase["volatile"_L1].toArray()) {
        ignored.pointers.append(pointer.toString());
    }
    for (const auto& key : testCase["volatile_keys"_L1].toArray()) {
        ignored.keys.append(key.toString());
    }
    return ignored;
}

std::optional<std::string> difference(const QJsonValue& expected, const QJsonValue& actual,
                                      const Volatile& ignored)
{
    return differ(expected, actual, ignored, {});
}

std::optional<QJsonValue> parseJson(std::string_view text)
{
    // QJsonDocument wants an object or a list at the top.
    QByteArray wrapped("[");
    wrapped.append(text.data(), qsizetype(text.size()));
    wrapped.append(']');
    QJsonParseError fault;
    const QJsonDocument document = QJsonDocument::fromJson(wrapped, &fault);
    if (fault.error != QJsonParseError::NoError || document.array().size() != 1) {
        return std::nullopt;
    }
    return document.array().first();
}

std::string toText(const QJsonValue& value)
{
    const QByteArray wrapped = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return wrapped.mid(1, wrapped.size() - 2).toStdString();
}

} // namespace watchfire::ctl
