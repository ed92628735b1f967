// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/relabel_model.h"
#include "ui/models/scrape_log_model.h"

#include <memory>

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

using Tester = QAbstractItemModelTester;
constexpr auto strict = Tester::FailureReportingMode::QtTest;

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

QStringList lines(const QAbstractItemModel& model, const QModelIndex& parent = {})
{
    QStringList all;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        QStringList cells;
        for (int column = 0; column < model.columnCount(parent); ++column) {
            cells << model.index(row, column, parent).data().toString();
        }
        all << cells.join(u'|');
    }
    return all;
}

engine::TargetDetail::Event scrapeEvent(int second, const std::string& error = {})
{
    return {fromUnixMs(1'795'000'000'000) + std::chrono::seconds(second), 8ms, 12, error};
}

} // namespace

class TestRelabelModel : public QObject {
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

    void differencesAreByName()
    {
        const auto diff = diffLabels(Labels{{"a", "1"}, {"b", "2"}, {"d", "4"}},
                                     Labels{{"b", "3"}, {"c", "5"}, {"d", "4"}});
        QCOMPARE(diff.size(), std::size_t(4));
        const std::array changes{LabelChange::removed, LabelChange::changed, LabelChange::added,
                                 LabelChange::unchanged};
        const std::array<const char*, 4> names{"a", "b", "c", "d"};
        for (std::size_t i = 0; i < diff.size(); ++i) {
            QCOMPARE(diff[i].change, changes[i]);
            QCOMPARE(diff[i].name, QString::fromLatin1(names[i]));
        }
        QCOMPARE(diff[1].before, u"2"_s);
        QCOMPARE(diff[1].after, u"3"_s);
    }

    void stepsShowWhatEachRuleDid()
    {
        engine::RelabelOutcome outcome;
        outcome.discovered = Labels{{"__address__", "db1:9100"}, {"job", "node"}};
        const Labels withRole = outcome.discovered.with("role", "db");
        outcome.steps = {{outcome.discovered, outcome.discovered, true},
                         {outcome.discovered, withRole, true}};
        outcome.labels = Labels{{"instance", "db1:9100"}, {"job", "node"}, {"role", "db"}};
        outcome.url = "http://db1:9100/metrics";
        RelabelStepsModel model;
        const Tester tester(&model, strict);
        const std::vector rules{rule(RelabelAction::drop, {"env"}, "test", "", "$1")};
        model.setOutcome(outcome, rules);
        QCOMPARE(
            lines(model),
            (QStringList{u"Discovered|Labels: 2||"_s, u"1. drop: env =~ test|Unchanged||"_s,
                         u"Rule 2|1 added||"_s, u"Result|Labels: 3||http://db1:9100/metrics"_s}));
        QCOMPARE(lines(model, model.index(2, 0)), QStringList{u"role|Added||db"_s});
        QCOMPARE(lines(model, model.index(1, 0)), QStringList());
        QCOMPARE(model.index(2, RelabelStepsModel::change).data(changeRole).toInt(),
                 int(LabelChange::added));
    }

    void aRuleThatDropsIsTheLast()
    {
        engine::RelabelOutcome outcome;
        outcome.discovered = Labels{{"env", "test"}};
        outcome.steps = {{outcome.discovered, outcome.discovered, false}};
        RelabelStepsModel model;
        const Tester tester(&model, strict);
        model.setOutcome(outcome, {});
        QCOMPARE(lines(model),
                 (QStringList{u"Discovered|Labels: 1||"_s, u"Rule 1|Dropped||"_s,
                              u"Result|Dropped||Rule 1 dropped it"_s}));
        outcome.steps.clear();
        outcome.error = "no address";
        model.setOutcome(outcome, {});
        QCOMPARE(lines(model).last(), u"Result|Unusable||no address"_s);
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    void seriesSayWhatBecomesOfThem()
    {
        engine::RelabelOutcome kept;
        kept.discovered = kept.labels = Labels{{"__name__", "up"}};
        engine::RelabelOutcome changed = kept;
        changed.labels = Labels{{"__name__", "is_up"}};
        engine::RelabelOutcome dropped = kept;
        dropped.steps = {{dropped.discovered, dropped.discovered, false}};
        RelabelOutcomesModel model;
        const Tester tester(&model, strict);
        model.setOutcomes({kept, changed, dropped});
        QCOMPARE(lines(model),
                 (QStringList{u"Unchanged|up|"_s, u"Changed|up|is_up"_s, u"Dropped|up|"_s}));
        QVERIFY(model.at(2) != nullptr && model.at(3) == nullptr);
    }

    void aLaterLogOnlyAddsOnTop()
    {
        ScrapeLogModel model;
        const Tester tester(&model, strict);
        model.setEvents({scrapeEvent(30), scrapeEvent(15, "timeout"), scrapeEvent(0)});
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        const QPersistentModelIndex second(model.index(1, ScrapeLogModel::result));
        QCOMPARE(second.data().toString(), u"Failed"_s);
        // Two more; the oldest has left the record.
        model.setEvents(
            {scrapeEvent(60), scrapeEvent(45), scrapeEvent(30), scrapeEvent(15, "timeout")});
        QCOMPARE(reset.size(), 0);
        QCOMPARE(inserted.size(), 1);
        QCOMPARE(second.row(), 3);
        QCOMPARE(second.data().toString(), u"Failed"_s);
        QCOMPARE(model.rowCount(), 4);
        // Another target's.
        model.setEvents({scrapeEvent(1000)});
        QCOMPARE(model.rowCount(), 1);
        model.setEvents({});
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_GUILESS_MAIN(TestRelabelModel)
#include "tst_relabel_model.moc"
