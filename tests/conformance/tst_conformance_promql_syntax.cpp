// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/promql_syntax.h"
#include "core/promql/syntax/parser.h"
#include "core/promql/syntax/printer.h"
#include "tests/conformance/conformance.h"

#include <fstream>
#include <string>
#include <vector>

#include <QJsonArray>
#include <QObject>
#include <QTest>

using namespace watchfire;

namespace {

struct ScriptQuery {
    std::string place; ///< file:line
    std::string text;
    bool mustFail = false; ///< while parsing or while evaluating
};

std::string trimmed(const std::string& line)
{
    const std::size_t begin = line.find_first_not_of(" \t\r");
    return begin == std::string::npos
        ? std::string()
        : line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
}

/// Takes `count` words off the front.
std::string withoutWords(std::string text, int count)
{
    for (; count > 0; --count) {
        const std::size_t space = text.find_first_of(" \t");
        text = space == std::string::npos ? std::string() : trimmed(text.substr(space));
    }
    return text;
}

/// The queries of one script: behind "eval instant at T" and "eval range from A to B step S".
std::vector<ScriptQuery> queriesOf(const std::filesystem::path& script)
{
    std::vector<ScriptQuery> out;
    std::ifstream in(script);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        const std::string text = trimmed(line);
        if (text.starts_with("eval")) {
            const bool range = withoutWords(text, 1).starts_with("range");
            out.push_back({script.filename().string() + ":" + std::to_string(number),
                           withoutWords(text, range ? 8 : 4), text.starts_with("eval_fail")});
        } else if (text.starts_with("expect fail") && !out.empty()) {
            out.back().mustFail = true;
        }
    }
    return out;
}

/// The tree with the matchers of each selector in order of their texts, as they are printed.
QJsonValue withSortedMatchers(const QJsonValue& tree)
{
    if (tree.isArray()) {
        QJsonArray out;
        for (const auto& element : tree.toArray()) {
            out.append(withSortedMatchers(element));
        }
        return out;
    }
    QJsonObject out = tree.toObject();
    for (auto field = out.begin(); field != out.end(); ++field) {
        if (field.key() == u"matchers") {
            QStringList matchers;
            for (const auto& matcher : field->toArray()) {
                matchers.append(QString::fromStdString(ctl::toText(matcher)));
            }
            matchers.sort();
            *field = QJsonArray::fromStringList(matchers);
        } else if (field->isArray() || field->isObject()) {
            *field = withSortedMatchers(*field);
        }
    }
    return out;
}

QJsonValue treeOf(const promql::Ast& ast)
{
    return withSortedMatchers(ctl::parseJson(promql::toJson(*ast.root)).value_or(QJsonValue()));
}

} // namespace

class TestConformancePromqlSyntax : public QObject {
    Q_OBJECT
private slots:
    void recordedQueries()
    {
        WF_CONFORMANCE_FOLDER(folder, "promql-syntax");
        test::verifyOutcome(ctl::runPromqlSyntax(*folder));
    }

    /// Every query of the scripts parses, and its canonical text reads as the same tree.
    void scriptQueries()
    {
        WF_CONFORMANCE_FOLDER(folder, "promqltest");
        std::string faults;
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
            if (entry.path().extension() != ".test") {
                continue;
            }
            for (const ScriptQuery& query : queriesOf(entry.path())) {
                ++count;
                const auto ast = promql::parse(query.text, promql::Features::all());
                if (!ast) {
                    if (!query.mustFail) {
                        faults += "\n  " + query.place + ": " + query.text + ": "
                            + promql::describe(ast.error(), query.text);
                    }
                    continue;
                }
                const std::string printed = promql::print(*ast->root);
                const auto again = promql::parse(printed, promql::Features::all());
                if (!again || treeOf(*again) != treeOf(*ast)
                    || promql::print(*again->root) != printed) {
                    faults += "\n  " + query.place + ": " + query.text + ": printed as " + printed;
                }
            }
        }
        QVERIFY2(faults.empty(), faults.c_str());
        QVERIFY2(count > 500, "the scripts were not found or not understood");
    }
};

QTEST_GUILESS_MAIN(TestConformancePromqlSyntax)
#include "tst_conformance_promql_syntax.moc"
