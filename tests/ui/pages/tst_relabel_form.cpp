// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/relabel_form.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace Qt::StringLiterals;

namespace {

RelabelRule rule(RelabelAction action, std::vector<std::string> sources, const std::string& regex,
                 const std::string& target, std::uint64_t modulus = 0)
{
    RelabelRule made;
    made.action = action;
    made.sourceLabels = std::move(sources);
    made.regexText = regex;
    made.targetLabel = target;
    made.modulus = modulus;
    made.givenRegex = regex != "(.*)";
    return made;
}

} // namespace

class TestRelabelForm : public QObject {
    Q_OBJECT

private slots:
    void roundTripChangesNothing()
    {
        std::vector<RelabelRule> rules{
            rule(RelabelAction::replace, {"__address__"}, "(.*):.*", "host"),
            rule(RelabelAction::keep, {"env", "rack"}, "prod;.*", ""),
            rule(RelabelAction::hashMod, {"__address__"}, "(.*)", "shard", 4),
            rule(RelabelAction::labelMap, {}, "__meta_(.+)", ""),
            rule(RelabelAction::labelDrop, {}, "tmp_.*", ""),
            rule(RelabelAction::keepEqual, {"a"}, "(.*)", "b"),
            rule(RelabelAction::uppercase, {"a"}, "(.*)", "b"),
        };
        // What the action has no use for stays while nobody touches the row.
        rules[1].replacement = "unused";
        for (RelabelRule& each : rules) {
            QVERIFY(each.prepare());
        }
        const auto rows = relabelRows(rules);
        QCOMPARE(toRules(rows, rules), rules);
        for (const RelabelForm& row : rows) {
            QVERIFY(checkRow(row).empty());
            QCOMPARE(RelabelForm::ofCells(row.cells(), row.kept), row);
        }
        // Made without the rules they came from they do the same.
        const auto anew = toRules(rows, {});
        for (std::size_t i = 0; i < rules.size(); ++i) {
            RelabelRule wanted = rules[i];
            wanted.replacement = i == 1 ? "$1" : wanted.replacement;
            QCOMPARE(anew[i], wanted);
            QVERIFY(anew[i].regex.has_value());
        }
    }

    void cellsThatTheActionHasNoUseForDoNotCount()
    {
        RelabelForm row;
        row.action = u"labeldrop"_s;
        row.sources = u"a, b"_s;
        row.target = u"c"_s;
        row.modulus = u"x"_s;
        row.regex = u"tmp_.*"_s;
        QVERIFY(checkRow(row).empty());
        const auto made = toRules({row}, {});
        QVERIFY(made.front().sourceLabels.empty() && made.front().targetLabel.empty());
    }

    void faults_data()
    {
        QTest::addColumn<QStringList>("cells");
        QTest::addColumn<int>("column"); // -1: none
        const auto row = [](const char* name, QStringList cells, int column) {
            QTest::newRow(name) << cells << column;
        };
        const auto at = [](RelabelColumn column) { return int(column); };
        row("good", {u"replace"_s, u"a"_s, u";"_s, u"(.+)"_s, u"$1"_s, u"b"_s, {}}, -1);
        row("an empty replacement removes", {u"replace"_s, {}, u";"_s, u".*"_s, {}, u"b"_s, {}},
            -1);
        row("bracket left open", {u"replace"_s, u"a"_s, u";"_s, u"(.+"_s, u"$1"_s, u"b"_s, {}},
            at(RelabelColumn::regex));
        row("nowhere to write", {u"replace"_s, u"a"_s, u";"_s, u".*"_s, u"$1"_s, {}, {}},
            at(RelabelColumn::target));
        row("nothing to compare with",
            {u"keepequal"_s, u"a"_s, u";"_s, u"(.*)"_s, u"$1"_s, u" "_s, {}},
            at(RelabelColumn::target));
        row("modulus of zero", {u"hashmod"_s, u"a"_s, u";"_s, u".*"_s, u"$1"_s, u"b"_s, u"0"_s},
            at(RelabelColumn::modulus));
        row("no such action", {u"explode"_s, u"a"_s, u";"_s, u".*"_s, u"$1"_s, u"b"_s, {}},
            at(RelabelColumn::action));
        row("map to no name", {u"labelmap"_s, {}, u";"_s, u".*"_s, {}, {}, {}},
            at(RelabelColumn::replacement));
    }
    void faults()
    {
        QFETCH(QStringList, cells);
        QFETCH(int, column);
        const RelabelForm row = RelabelForm::ofCells(cells, -1);
        const CellFaults got = checkRow(row);
        QCOMPARE(got.empty() ? -1 : int(got.begin()->first), column);
        QCOMPARE(toRules({row}, {}).empty(), column >= 0);
    }

    void theRegexFaultIsTheEnginesOwn()
    {
        RelabelForm row;
        row.target = u"b"_s;
        row.regex = u"(.+"_s;
        QCOMPARE(checkRow(row).at(RelabelColumn::regex),
                 QString::fromStdString(text::Regex::compile("(.+").error().message));
    }
};

QTEST_GUILESS_MAIN(TestRelabelForm)
#include "tst_relabel_form.moc"
