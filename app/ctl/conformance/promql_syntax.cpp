// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/promql_syntax.h"

#include "core/promql/syntax/parser.h"
#include "core/promql/syntax/printer.h"

#include <format>

namespace watchfire::ctl {

namespace {

using namespace Qt::StringLiterals;

Verdict check(const QJsonObject& testCase)
{
    const std::string query = testCase["query"_L1].toString().toStdString();
    const bool accepted = testCase["result"_L1].toString() == "ok"_L1;
    promql::Features features;
    features.experimentalFunctions = true;
    features.durationExpressions = false;
    const auto ast = promql::parse(query, features);
    if (!ast) {
        return accepted ? Verdict::fail("refused: " + promql::describe(ast.error(), query))
                        : Verdict::pass();
    }
    if (!accepted) {
        return Verdict::fail("accepted, expected " + testCase["error"_L1].toString().toStdString());
    }
    if (testCase.contains("formatted"_L1)) {
        const std::string wanted = testCase["formatted"_L1].toString().toStdString();
        const std::string given = promql::format(*ast->root);
        if (given != wanted) {
            return Verdict::fail(std::format("formatted as `{}`, expected `{}`", given, wanted));
        }
    }
    if (testCase.contains("ast"_L1)) {
        const auto tree = parseJson(promql::toJson(*ast->root));
        if (!tree) {
            return Verdict::fail("the tree is no JSON");
        }
        if (auto differs = difference(testCase["ast"_L1], *tree, Volatile::of(testCase))) {
            return Verdict::fail("tree" + *differs);
        }
    }
    return Verdict::pass();
}

} // namespace

ConformanceOutcome runPromqlSyntax(const std::filesystem::path& path)
{
    return runCases(path,
                    [](const QJsonObject& testCase, const CaseFile&) { return check(testCase); });
}

} // namespace watchfire::ctl
