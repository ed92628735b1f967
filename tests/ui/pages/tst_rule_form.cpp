// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rule_form.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestRuleForm : public QObject {
    Q_OBJECT

private slots:
    void faults_data()
    {
        QTest::addColumn<bool>("alerting");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("expr");
        QTest::addColumn<QString>("hold");
        QTest::addColumn<QString>("wrong");
        QTest::newRow("an alert") << true << u"Down"_s << u"up == 0"_s << u"1m"_s << QString();
        QTest::newRow("at once") << true << u"Down"_s << u"up == 0"_s << QString() << QString();
        QTest::newRow("alert names are free text")
            << true << u"Disk is full"_s << u"up == 0"_s << QString() << QString();
        QTest::newRow("no name") << true << QString() << u"up"_s << QString() << u"name"_s;
        QTest::newRow("recorded names are metric names")
            << false << u"job up"_s << u"up"_s << QString() << u"name"_s;
        QTest::newRow("a recording")
            << false << u"job:up:sum"_s << u"sum(up)"_s << QString() << QString();
        QTest::newRow("no expression") << true << u"Down"_s << u" "_s << QString() << u"expr"_s;
        QTest::newRow("does not parse")
            << true << u"Down"_s << u"up == "_s << QString() << u"expr"_s;
        QTest::newRow("a range vector is nothing to alert on")
            << true << u"Down"_s << u"up[5m]"_s << QString() << u"expr"_s;
        QTest::newRow("for is no duration")
            << true << u"Down"_s << u"up"_s << u"soon"_s << u"hold"_s;
    }
    void faults()
    {
        QFETCH(bool, alerting);
        QFETCH(QString, name);
        QFETCH(QString, expr);
        QFETCH(QString, hold);
        QFETCH(QString, wrong);
        RuleForm form;
        form.alerting = alerting;
        form.name = name;
        form.expr = expr;
        form.hold = hold;
        form.group = u"hosts"_s;
        const RuleFaults got = check(form);
        QCOMPARE(!got.name.isEmpty(), wrong == "name"_L1);
        QCOMPARE(!got.expr.isEmpty(), wrong == "expr"_L1);
        QCOMPARE(!got.hold.isEmpty(), wrong == "hold"_L1);
        QVERIFY(got.group.isEmpty());
    }

    void roundTripKeepsOtherLabels()
    {
        config::RuleConfig rule;
        rule.alert = "Down";
        rule.expr = "up == 0";
        rule.forDuration = 5min;
        rule.keepFiringFor = 1min;
        rule.labels = {{"team", "ops"}, {"severity", "critical"}};
        rule.annotations = {{"runbook", "https://x"}, {"summary", "s"}, {"description", "d"}};
        QCOMPARE(toRule(RuleForm::of(rule, "hosts"), rule), rule);
    }

    void emptySeverityRemovesTheLabel()
    {
        config::RuleConfig rule;
        rule.alert = "Down";
        rule.expr = "up == 0";
        rule.labels = {{"severity", "critical"}};
        RuleForm form = RuleForm::of(rule, "hosts");
        form.severity.clear();
        QVERIFY(toRule(form, rule).labels.empty());
    }

    void labelsStayInTheirOrderAndNewOnesComeLast()
    {
        config::RuleConfig rule;
        rule.alert = "Down";
        rule.expr = "up == 0\n"; // as a block of a file has it
        rule.labels = {{"team", "ops"}, {"severity", "critical"}};
        RuleForm form = RuleForm::of(rule, "hosts");
        QCOMPARE(form.labels, (NamedTexts{{u"team"_s, u"ops"_s}}));
        form.labels = {{u"zone"_s, u"a"_s}, {u"team"_s, u"net"_s}, {u" "_s, u""_s}};
        form.severity = u"info"_s;
        const config::RuleConfig changed = toRule(form, rule);
        QCOMPARE(changed.expr, rule.expr);
        const std::vector<std::pair<std::string, std::string>> expected{
            {"team", "net"}, {"severity", "info"}, {"zone", "a"}};
        QCOMPARE(changed.labels, expected);
    }

    void labelsThatCannotBeAreNamed_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("fine");
        QTest::newRow("any") << u"team"_s << true;
        QTest::newRow("any letters, as UTF-8 names are") << u"größe"_s << true;
        QTest::newRow("no name") << QString() << false;
        QTest::newRow("the name of a series") << u"__name__"_s << false;
        QTest::newRow("has a field of its own") << u"severity"_s << false;
        QTest::newRow("is made of the rule's name") << u"alertname"_s << false;
        QTest::newRow("twice") << u"other"_s << false;
    }
    void labelsThatCannotBeAreNamed()
    {
        QFETCH(QString, name);
        QFETCH(bool, fine);
        RuleForm form;
        form.name = u"Down"_s;
        form.expr = u"up == 0"_s;
        form.group = u"hosts"_s;
        form.labels = {{u"other"_s, u"x"_s}, {name, u"y"_s}};
        QCOMPARE(check(form).labels.isEmpty(), fine);
        QCOMPARE(check(form).none(), fine);
    }

    void groupsAreFoundOrMadeInOurOwnFile()
    {
        config::Config config;
        QCOMPARE(groupFor("alerts", config), (RuleGroupKey{"alerts", "rules/watchfire.yml"}));
        config::RuleGroupConfig hosts;
        hosts.name = "hosts";
        hosts.file = "rules/hosts.yml";
        config.ruleGroups = {hosts};
        QCOMPARE(groupFor("hosts", config), (RuleGroupKey{"hosts", "rules/hosts.yml"}));
        QCOMPARE(groupFor("new", config), (RuleGroupKey{"new", "rules/watchfire.yml"}));
    }
};

QTEST_GUILESS_MAIN(TestRuleForm)
#include "tst_rule_form.moc"
