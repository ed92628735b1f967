// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/parser.h"
#include "core/promql/syntax/threshold.h"
#include "ui/pages/rule_test_tab.h"
#include "ui/pages/rule_yaml.h"
#include "ui/pages/starter_rules.h"

#include <set>

#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

config::RuleConfig diskFull()
{
    config::RuleConfig rule;
    rule.alert = "DiskFull";
    rule.expr = "disk_used_ratio{job=\"node\"} > 0.95";
    rule.forDuration = 5min;
    rule.keepFiringFor = 2min;
    rule.labels = {{"severity", "critical"}, {"team", "yes"}};
    rule.annotations = {{"summary", "{{ $labels.instance }}: \"full\""}};
    return rule;
}

} // namespace

class TestRuleYaml : public QObject {
    Q_OBJECT

private slots:
    void roundTrips()
    {
        const auto reading = readRuleYaml(ruleYaml(diskFull()), true);
        QVERIFY2(reading.faults.empty(),
                 reading.faults.empty() ? "" : qPrintable(reading.faults[0].message));
        QVERIFY(reading.rule == diskFull());
    }

    void isReadInEveryFormItIsPastedIn_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("its keys") << "alert: Down\nexpr: up == 0\n"_ba;
        QTest::newRow("an item of a list") << "- alert: Down\n  expr: up == 0\n"_ba;
        QTest::newRow("indented, under a comment")
            << "  # who\n  - alert: Down\n    expr: up == 0"_ba;
        QTest::newRow("a whole file")
            << "groups:\n  - name: g\n    rules:\n      - alert: Down\n        expr: up == 0\n"_ba;
    }
    void isReadInEveryFormItIsPastedIn()
    {
        QFETCH(QByteArray, text);
        const auto reading = readRuleYaml(text.toStdString(), true);
        QVERIFY2(reading.faults.empty(),
                 reading.faults.empty() ? "" : qPrintable(reading.faults[0].message));
        QCOMPARE(reading.rule->alert, std::string("Down"));
        QCOMPARE(reading.rule->expr, std::string("up == 0"));
    }

    void faultsHaveTheirLine_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("line");
        QTest::addColumn<QString>("says");
        QTest::newRow("an unknown key")
            << "alert: Down\nexpr: up == 0\nfro: 5m\n"_ba << 3 << u"fro"_s;
        QTest::newRow("does not parse") << "alert: Down\nexpr: up ==\n"_ba << 2 << u"expression"_s;
        QTest::newRow("no duration") << "alert: Down\nexpr: up\nfor: soon\n"_ba << 3 << u"soon"_s;
        QTest::newRow("no YAML") << "alert: Down\nexpr: [\n"_ba << 3 << QString();
        QTest::newRow("nothing") << "# only this\n"_ba << 1 << u"keys and values"_s;
        QTest::newRow("two rules")
            << "- alert: A\n  expr: up\n- alert: B\n  expr: up\n"_ba << 1 << u"one rule"_s;
        QTest::newRow("records") << "record: a:b\nexpr: up\n"_ba << 1 << u"alert"_s;
        QTest::newRow("no expression") << "alert: Down\n"_ba << 1 << u"expr"_s;
    }
    void faultsHaveTheirLine()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, line);
        QFETCH(QString, says);
        const auto reading = readRuleYaml(text.toStdString(), true);
        QVERIFY(!reading.rule.has_value());
        QVERIFY(!reading.faults.empty());
        const YamlFault& first = reading.faults.front();
        QVERIFY2(first.line == line && first.message.contains(says),
                 qPrintable(u"line %1: %2"_s.arg(first.line).arg(first.message)));
        QVERIFY2(!first.message.contains(u"group \""_s), qPrintable(first.message));
    }

    void commentsSurviveAChange()
    {
        const std::string text = "# who is called\nalert: DiskFull\nexpr: "
                                 "disk_used_ratio{job=\"node\"} > 0.95 # a guess\nfor: 5m\n"
                                 "keep_firing_for: 2m\nlabels:\n  severity: critical\n  team: "
                                 "\"yes\"\nannotations:\n  summary: '{{ $labels.instance }}: "
                                 "\"full\"'\n";
        QVERIFY(readRuleYaml(text, true).rule == diskFull());
        config::RuleConfig changed = diskFull();
        changed.forDuration = 10min;
        changed.labels.emplace_back("zone", "a");
        const std::string now = changedRuleYaml(text, diskFull(), changed);
        QVERIFY2(now.contains("# who is called") && now.contains("# a guess"), now.c_str());
        QVERIFY(readRuleYaml(now, true).rule == changed);
    }

    void testsBeginWithASeriesThatTheRuleReads()
    {
        const std::string text = testSkeleton(diskFull());
        QVERIFY2(text.contains("disk_used_ratio{job=\"node\"}"), text.c_str());
        QVERIFY2(text.contains("values: 1.95x15"), text.c_str());
        QVERIFY2(text.contains("alertname: 'DiskFull'"), text.c_str());
        config::RuleConfig recording;
        recording.record = "job:up:sum";
        recording.expr = "sum by (job) (rate(up[5m]))";
        QVERIFY(testSkeleton(recording).contains("expr: 'job:up:sum'"));
    }

    void starterRulesAreSound()
    {
        std::set<std::string> names;
        for (const StarterRule& starter : starterRules()) {
            const auto ast = promql::parse(starter.rule.expr);
            QVERIFY2(ast.has_value(), starter.rule.expr.c_str());
            QVERIFY2(promql::thresholdOf(*ast).has_value(), starter.rule.expr.c_str());
            QVERIFY2(names.insert(starter.rule.alert).second, starter.rule.alert.c_str());
            QVERIFY(readRuleYaml(ruleYaml(starter.rule), true).rule == starter.rule);
            QVERIFY(!starter.title.isEmpty() && !starter.sense.isEmpty());
        }
        QCOMPARE(names.size(), std::size_t(6));
    }
};

QTEST_GUILESS_MAIN(TestRuleYaml)
#include "tst_rule_yaml.moc"
