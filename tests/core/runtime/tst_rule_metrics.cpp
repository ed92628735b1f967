// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/rule_metrics.h"

#include <memory>

#include <QTest>

using namespace watchfire;
using namespace std::chrono_literals;

class TestRuleMetrics : public QObject {
    Q_OBJECT

    static QByteArray told(const std::vector<runtime::RuleGroupFigures>& groups)
    {
        std::vector<client::FamilySnapshot> families;
        runtime::appendRuleMetrics(groups, families);
        QByteArray out;
        for (const client::FamilySnapshot& family : families) {
            for (const auto& sample : family.samples) {
                out += QByteArray::fromStdString(family.name)
                           .replace("watchfire_rule_group_", "")
                           .append(sample.suffix)
                    + "{" + QByteArray::fromStdString(sample.labels.at(0).second) + "} "
                    + QByteArray::number(sample.value) + "\n";
            }
        }
        return out;
    }

private slots:
    void tellsOfEachGroup()
    {
        rules::GroupReport report;
        report.name = "g";
        report.file = "r.yml";
        report.interval = 15s;
        report.lastEvaluation = fromUnixMs(2'500);
        report.duration = 250ms;
        report.rules.resize(2);
        report.counts = {7, 14, 3, 5, 200ms, 1500us};
        QCOMPARE(told({{std::make_shared<const rules::GroupReport>(report), 4}}),
                 "iterations_total{r.yml;g} 11\n"
                 "iterations_missed_total{r.yml;g} 4\n"
                 "rule_evaluations_total{r.yml;g} 14\n"
                 "rule_evaluation_failures_total{r.yml;g} 3\n"
                 "interval_seconds{r.yml;g} 15\n"
                 "rules{r.yml;g} 2\n"
                 "last_evaluation_timestamp_seconds{r.yml;g} 2.5\n"
                 "last_duration_seconds{r.yml;g} 0.25\n"
                 "last_rule_duration_sum_seconds{r.yml;g} 0.2\n"
                 "last_evaluation_samples{r.yml;g} 5\n"
                 "last_restore_duration_seconds{r.yml;g} 0.0015\n");
    }

    void saysNothingWithoutGroups() { QCOMPARE(told({}), QByteArray()); }
};

QTEST_GUILESS_MAIN(TestRuleMetrics)
#include "tst_rule_metrics.moc"
