// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/diff_tree.h"
#include "ui/pages/relabel_diff.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace Qt::StringLiterals;

namespace {

RelabelRule rule(RelabelAction action, std::vector<std::string> sources, const std::string& regex,
                 const std::string& target, const std::string& replacement)
{
    RelabelRule made;
    made.action = action;
    made.sourceLabels = std::move(sources);
    made.regexText = regex;
    made.targetLabel = target;
    made.replacement = replacement;
    made.modulus = 8;
    return made;
}

/// What a view of the rows reads: "What|name|before|after".
QStringList lines(const std::vector<DiffRow>& rows)
{
    QStringList all;
    for (const DiffRow& row : rows) {
        all << QStringList{diffWord(row.state), row.name, row.before, row.after}.join(u'|');
    }
    return all;
}

} // namespace

class TestRelabelDiff : public QObject {
    Q_OBJECT

private slots:
    void rulesAreOneLine_data()
    {
        QTest::addColumn<RelabelAction>("action");
        QTest::addColumn<QString>("text");
        QTest::newRow("replace") << RelabelAction::replace << u"replace: a, b =~ r(.*) → t = $1"_s;
        QTest::newRow("keep") << RelabelAction::keep << u"keep: a, b =~ r(.*)"_s;
        QTest::newRow("keepequal") << RelabelAction::keepEqual << u"keepequal: a, b = t"_s;
        QTest::newRow("hashmod") << RelabelAction::hashMod << u"hashmod: a, b mod 8 → t"_s;
        QTest::newRow("labelmap") << RelabelAction::labelMap << u"labelmap: r(.*) → $1"_s;
        QTest::newRow("labeldrop") << RelabelAction::labelDrop << u"labeldrop: r(.*)"_s;
        QTest::newRow("lowercase") << RelabelAction::lowercase << u"lowercase: a, b → t"_s;
    }
    void rulesAreOneLine()
    {
        QFETCH(RelabelAction, action);
        QFETCH(QString, text);
        QCOMPARE(ruleText(rule(action, {"a", "b"}, "r(.*)", "t", "$1")), text);
    }

    void aRuleWithoutSourcesSetsALabel()
    {
        QCOMPARE(ruleText(rule(RelabelAction::replace, {}, "(.*)", "env", "prod")),
                 u"replace: env = prod"_s);
    }

    void changesAreByName()
    {
        const auto changes = labelChanges(Labels{{"a", "1"}, {"b", "2"}, {"d", "4"}},
                                          Labels{{"b", "3"}, {"c", "5"}, {"d", "4"}});
        QCOMPARE(lines(changes),
                 (QStringList{u"Removed|a|1|"_s, u"Changed|b|2|3"_s, u"Added|c||5"_s}));
    }

    void theWayShowsWhatEachRuleDid()
    {
        engine::RelabelOutcome outcome;
        outcome.discovered = Labels{{"__address__", "db1:9100"}, {"job", "node"}};
        const Labels withRole = outcome.discovered.with("role", "db");
        outcome.steps = {{outcome.discovered, outcome.discovered, true},
                         {outcome.discovered, withRole, true}};
        outcome.labels = Labels{{"instance", "db1:9100"}, {"job", "node"}, {"role", "db"}};
        outcome.url = "http://db1:9100/metrics";
        const auto rows = wayRows(outcome, {rule(RelabelAction::drop, {"env"}, "test", "", "$1")});
        QCOMPARE(lines(rows),
                 (QStringList{u"Discovered|db1:9100||"_s, u"Unchanged|1 · drop: env =~ test||"_s,
                              u"Changed|2||"_s, u"Result|db1:9100||http://db1:9100/metrics"_s}));
        QCOMPARE(lines(rows[0].children),
                 (QStringList{u"|__address__||db1:9100"_s, u"|job||node"_s}));
        QCOMPARE(lines(rows[1].children), QStringList());
        QCOMPARE(lines(rows[2].children), QStringList{u"Added|role||db"_s});
        QCOMPARE(rows[3].children.size(), std::size_t(3));
    }

    void aRuleThatDropsEndsTheWay()
    {
        engine::RelabelOutcome outcome;
        outcome.discovered = Labels{{"__address__", "a:1"}, {"env", "test"}};
        outcome.steps = {{outcome.discovered, outcome.discovered, false}};
        const std::vector rules{rule(RelabelAction::drop, {"env"}, "test", "", "$1"),
                                rule(RelabelAction::labelDrop, {}, "x", "", "$1")};
        QCOMPARE(lines(wayRows(outcome, rules)),
                 (QStringList{u"Discovered|a:1||"_s, u"Dropped|1 · drop: env =~ test||"_s,
                              u"Not reached|2 · labeldrop: x||"_s, u"Dropped|a:1||by rule 1"_s}));
        outcome.steps.clear();
        outcome.error = "no address";
        QCOMPARE(lines(wayRows(outcome, {})).last(), u"Fault|a:1||no address"_s);
    }

    void outcomesAreCounted()
    {
        engine::RelabelOutcome kept;
        kept.discovered = kept.labels = Labels{{"__name__", "up"}};
        engine::RelabelOutcome changed = kept;
        changed.steps = {{kept.discovered, Labels{{"__name__", "is_up"}}, true}};
        engine::RelabelOutcome dropped = kept;
        dropped.steps = {{dropped.discovered, dropped.discovered, false}};
        const std::vector rows{outcomeRow(kept), outcomeRow(changed), outcomeRow(dropped)};
        QCOMPARE(lines(rows),
                 (QStringList{u"Unchanged|up||up"_s, u"Changed|up||is_up"_s,
                              u"Dropped|up||by rule 1"_s}));
        const DiffCounts counts = countOutcomes(rows);
        QCOMPARE(counts.unchanged, std::size_t(1));
        QCOMPARE(counts.changed, std::size_t(1));
        QCOMPARE(counts.dropped, std::size_t(1));
    }

    void theModelIsATreeOfTwoLevels()
    {
        DiffModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        engine::RelabelOutcome outcome;
        outcome.discovered = Labels{{"__address__", "a:1"}};
        model.setRows(wayRows(outcome, {}));
        QCOMPARE(model.rowCount(), 2);
        const QModelIndex found = model.index(0, 0);
        QCOMPARE(model.rowCount(found), 1);
        QVERIFY(!found.data(Qt::DecorationRole).isNull());
        QVERIFY2(model.index(0, 0, found).data(Qt::DecorationRole).isNull(), "it has no word");
        model.setRows({});
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_MAIN(TestRelabelDiff)
#include "tst_relabel_diff.moc"
