// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/rules.h"

#include "core/config/files.h"
#include "core/rules/checkers.h"
#include "core/rules/lint.h"
#include "core/rules/unit_test/run.h"

#include <format>
#include <fstream>

#include <QTemporaryDir>

namespace watchfire::ctl {

namespace {

using namespace Qt::StringLiterals;
namespace fs = std::filesystem;

/// What `check rules` says with every lint that needs nothing else; empty: nothing.
std::string complaints(const fs::path& file, bool withLint)
{
    const auto groups = config::loadRuleFile(file, rules::checkers());
    if (!groups) {
        return groups.error().front().toString();
    }
    if (!withLint) {
        return {};
    }
    rules::LintOptions options;
    options.forBelowInterval = true;
    const auto findings = rules::lint(*groups, options);
    if (!findings) {
        return findings.error().message;
    }
    return findings->empty() ? std::string()
                             : findings->front().rule + ": " + findings->front().message;
}

Verdict checkFile(const QJsonObject& testCase, const fs::path& file)
{
    for (const auto& [field, withLint] :
         {std::pair{"expect"_L1, false}, std::pair{"with_lint_all_fatal"_L1, true}}) {
        if (!testCase.contains(field)) {
            continue;
        }
        const bool wanted = testCase[field].toString() == "ok"_L1;
        const std::string complaint = complaints(file, withLint);
        if (complaint.empty() != wanted) {
            return Verdict::fail(std::format(
                "{}: {}", field.data(), complaint.empty() ? "accepted" : "refused: " + complaint));
        }
    }
    return Verdict::pass();
}

Verdict runTests(const QJsonObject& testCase, const fs::path& file)
{
    const rules::unit_test::FileOutcome outcome = rules::unit_test::runTestFile(file);
    if (outcome.ok() == (testCase["expect"_L1].toString() == "pass"_L1)) {
        return Verdict::pass();
    }
    std::string text = outcome.ok() ? "passed" : "failed:";
    for (const std::string& fault : outcome.faults) {
        text += "\n" + fault;
    }
    for (const rules::unit_test::TestOutcome& test : outcome.tests) {
        for (const std::string& failure : test.failures) {
            text += "\n" + failure;
        }
    }
    return Verdict::fail(std::move(text));
}

bool writeFile(const fs::path& file, const QJsonValue& text)
{
    std::ofstream out(file, std::ios::binary);
    out << text.toString().toStdString();
    return out.flush().good();
}

/// A case that holds its files.
Verdict checkTexts(const QJsonObject& testCase)
{
    const QTemporaryDir folder;
    const fs::path at = folder.path().toStdString();
    if (!folder.isValid() || !writeFile(at / "rules.yml", testCase["rules"_L1])) {
        return Verdict::fail("no place for temporary files");
    }
    if (!testCase.contains("test"_L1)) {
        return checkFile(testCase, at / "rules.yml");
    }
    return writeFile(at / "test.yml", testCase["test"_L1]) ? runTests(testCase, at / "test.yml")
                                                           : Verdict::fail("cannot write");
}

Verdict check(const QJsonObject& testCase, const CaseFile& file)
{
    if (const QJsonValue name = testCase["file"_L1]; name.isString()) {
        const fs::path path = file.path.parent_path() / name.toString().toStdString();
        return testCase["kind"_L1].toString() == "test"_L1 ? runTests(testCase, path)
                                                           : checkFile(testCase, path);
    }
    return testCase.contains("rules"_L1) ? checkTexts(testCase)
                                         : Verdict::skip("not a case of rules");
}

} // namespace

ConformanceOutcome runRules(const std::filesystem::path& path)
{
    return runCases(path, check);
}

} // namespace watchfire::ctl
