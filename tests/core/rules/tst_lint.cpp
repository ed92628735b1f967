// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/import.h"
#include "core/rules/checkers.h"
#include "core/rules/lint.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;
using namespace std::chrono_literals;

class TestLint : public QObject {
    Q_OBJECT
private slots:
    void finds_data()
    {
        QTest::addColumn<QByteArray>("rules"); // of a group with an interval of 1m and label team
        QTest::addColumn<QByteArray>("found"); // kind:rule, separated by blanks
        QTest::newRow("nothing")
            << "- {alert: A, expr: up == 0, for: 5m, labels: {severity: page}}"_ba
            << ""_ba;
        QTest::newRow("duplicate") << "- {record: r, expr: up}\n  - {record: r, expr: up > 0}"_ba
                                   << "duplicate-rules:r"_ba;
        QTest::newRow("other labels are no duplicate")
            << "- {record: r, expr: up}\n  - {record: r, expr: up, labels: {a: b}}"_ba << ""_ba;
        QTest::newRow("the group's labels count")
            << "- {record: r, expr: up}\n  - {record: r, expr: up, labels: {team: core}}"_ba
            << "duplicate-rules:r"_ba;
        QTest::newRow("for below the interval")
            << "- {alert: A, expr: up, for: 30s, labels: {severity: page}}"_ba
            << "for-below-interval:A"_ba;
        QTest::newRow("no for is meant")
            << "- {alert: A, expr: up, labels: {severity: page}}"_ba << ""_ba;
        QTest::newRow("label missing") << "- {alert: A, expr: up}"_ba << "missing-labels:A"_ba;
        QTest::newRow("dead selector")
            << "- {record: r, expr: 'sum(rate(gone[5m])) / sum(up)'}"_ba << "dead-selectors:r"_ba;
        QTest::newRow("made by a rule")
            << "- {record: gone, expr: up}\n  - {record: r, expr: gone}"_ba << ""_ba;
        QTest::newRow("the alerts' own series") << "- {record: r, expr: sum(ALERTS)}"_ba << ""_ba;
        QTest::newRow("in a subquery") << "- {record: r, expr: 'max_over_time(gone[1h:5m])'}"_ba
                                       << "dead-selectors:r"_ba;
    }

    void finds()
    {
        QFETCH(QByteArray, rules);
        QFETCH(QByteArray, found);
        config::Findings findings;
        const auto groups = config::readRules(
            ("groups:\n- name: g\n  interval: 1m\n  labels: {team: core}\n  rules:\n  " + rules)
                .toStdString(),
            "r.yml", rules::checkers(), findings);
        QVERIFY2(findings.faults.empty(),
                 findings.faults.empty() ? "" : findings.faults[0].toString().c_str());
        rules::LintOptions options;
        options.forBelowInterval = true;
        options.requiredLabels = {"severity"};
        options.hasSeries = [](const Matchers& matchers) -> Result<bool> {
            return matchesAll(matchers, Labels{{"__name__", "up"}});
        };
        const auto given = rules::lint(groups, options);
        QVERIFY(given.has_value());
        QByteArrayList texts;
        for (const rules::LintFinding& finding : *given) {
            texts.append(QByteArray::fromStdString(std::string(rules::toText(finding.kind)) + ":"
                                                   + finding.rule));
        }
        QCOMPARE(texts.join(' '), found);
    }

    void aStoreThatFailsIsTold()
    {
        config::RuleGroupConfig group;
        group.rules.emplace_back().record = "r";
        group.rules[0].expr = "up";
        rules::LintOptions options;
        options.hasSeries
            = [](const Matchers&) -> Result<bool> { return fail(ErrorKind::io, "broken"); };
        const auto given = rules::lint(std::vector{group}, options);
        QVERIFY(!given && given.error().kind == ErrorKind::io);
    }
};

QTEST_GUILESS_MAIN(TestLint)
#include "tst_lint.moc"
