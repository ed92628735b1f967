// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/unit_test/junit.h"
#include "core/rules/unit_test/line_diff.h"
#include "core/rules/unit_test/run.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using namespace Qt::StringLiterals;
using namespace watchfire;

namespace {

const QByteArray rulesText = R"(
groups:
- name: g
  rules:
  - alert: Down
    expr: up == 0
    for: 2m
    labels: {severity: page}
    annotations: {summary: "{{ $labels.i }} in {{ $externalLabels.region }}"}
  - {record: twice, expr: v * 2}
)";

} // namespace

class TestRuleUnitTests : public QObject {
    Q_OBJECT

    static void write(const QString& file, const QByteArray& text)
    {
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(text);
    }

    static rules::unit_test::FileOutcome run(const QByteArray& tests,
                                             const rules::unit_test::RunOptions& options = {})
    {
        const QTemporaryDir folder;
        write(folder.filePath(u"rules.yml"_s), rulesText);
        write(folder.filePath(u"test.yml"_s), tests);
        return rules::unit_test::runTestFile(folder.filePath(u"test.yml"_s).toStdString(), options);
    }

    static QByteArray told(const rules::unit_test::FileOutcome& outcome)
    {
        std::string out;
        for (const std::string& fault : outcome.faults) {
            out += fault + "\n";
        }
        for (const rules::unit_test::TestOutcome& test : outcome.tests) {
            for (const std::string& failure : test.failures) {
                out += failure + "\n";
            }
        }
        return QByteArray::fromStdString(out);
    }

private slots:
    void judges_data()
    {
        QTest::addColumn<QByteArray>("test"); // one test with `up` down and `v` growing
        QTest::addColumn<QByteArray>("failure"); // a part of what is told; empty: it passes
        const auto row = [](const char* name, const char* test, const char* failure) {
            QTest::newRow(name) << QByteArray(test) << QByteArray(failure);
        };
        row("firing after for",
            "alert_rule_test: [{eval_time: 2m, alertname: Down, exp_alerts: [{exp_labels: "
            "{severity: page, i: a}, exp_annotations: {summary: a in eu}}]}]",
            "");
        row("between two evaluations the earlier counts",
            "alert_rule_test: [{eval_time: 1m59s, alertname: Down, exp_alerts: []}]", "");
        row("too early",
            "alert_rule_test: [{eval_time: 1m, alertname: Down, exp_alerts: [{exp_labels: "
            "{severity: page, i: a}, exp_annotations: {summary: a in eu}}]}]",
            "alertname: Down, time: 1m,\n        exp:[\n            0:\n              "
            "Labels:{alertname=\"Down\", i=\"a\", severity=\"page\"}\n              "
            "Annotations:{summary=\"a in eu\"}\n            ],\n        got:[]");
        row("a recorded value",
            "promql_expr_test: [{expr: twice, eval_time: 3m, exp_samples: [{labels: twice, value: "
            "6}]}]",
            "");
        row("a wrong value",
            "promql_expr_test: [{expr: twice, eval_time: 3m, exp_samples: [{labels: twice, value: "
            "5}]}]",
            "expr: \"twice\", time: 3m,\n        exp: {__name__=\"twice\"} 5E+00\n        got: "
            "{__name__=\"twice\"} 6E+00");
        row("a histogram",
            "promql_expr_test: [{expr: h, eval_time: 1m, exp_samples: [{labels: h, histogram: "
            "'{{count:3 sum:4 buckets:[1 2] counter_reset_hint:not_reset}}'}]}]",
            "");
        row("another histogram",
            "promql_expr_test: [{expr: h, eval_time: 1m, exp_samples: [{labels: h, histogram: "
            "'{{count:3 sum:4 buckets:[1 1 1]}}'}]}]",
            "got: {__name__=\"h\"} {{count:3 sum:4 counter_reset_hint:not_reset buckets:[1 2]}}");
        row("an expression that fails",
            "promql_expr_test: [{expr: 'up[5m]', eval_time: 1m, exp_samples: []}]",
            "rule result is not a vector or scalar");
        row("labels that do not parse",
            "promql_expr_test: [{expr: up, eval_time: 1m, exp_samples: [{labels: 'a{', value: "
            "1}]}]",
            "labels \"a{\"");
        row("without samples of the future",
            "promql_expr_test: [{expr: v offset -10m, eval_time: 1m, exp_samples: []}]", "");
    }

    void judges()
    {
        QFETCH(QByteArray, test);
        QFETCH(QByteArray, failure);
        const auto outcome
            = run("rule_files: [rules.yml]\ntests:\n- name: t\n  external_labels: "
                  "{region: eu}\n  input_series:\n  - {series: 'up{i=\"a\"}', values: "
                  "0x20}\n  - {series: v, values: 0+1x20}\n  - {series: h, values: "
                  "'{{count:3 sum:4 buckets:[1 2]}}x3'}\n  "
                  + test + "\n");
        QCOMPARE(outcome.tests.size(), size_t(1));
        if (failure.isEmpty()) {
            QVERIFY2(outcome.ok(), told(outcome).constData());
        } else {
            QVERIFY2(told(outcome).contains(failure), told(outcome).constData());
            QCOMPARE(outcome.failed(), size_t(1));
        }
    }

    void refusesFiles_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("fault");
        QTest::newRow("unknown key") << "tests:\n- series: []\n"_ba
                                     << "2:3: field series not found in type main.testGroup"_ba;
        QTest::newRow("no alertname") << "tests:\n- alert_rule_test: [{eval_time: 1m}]\n"_ba
                                      << "misses required attribute alertname"_ba;
        QTest::newRow("group twice in the order")
            << "group_eval_order: [a, a]\n"_ba << "group name repeated in evaluation order: a"_ba;
        QTest::newRow("no timestamp") << "tests:\n- start_timestamp: soon\n"_ba
                                      << "cannot parse \"soon\" to a valid timestamp"_ba;
        QTest::newRow("no YAML") << "tests: ["_ba << "test.yml"_ba;
    }

    void refusesFiles()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, fault);
        const auto outcome = run(file);
        QVERIFY2(told(outcome).contains(fault), told(outcome).constData());
        QCOMPARE(outcome.failed(), size_t(1));
    }

    void startsWhenTold_data()
    {
        QTest::addColumn<QByteArray>("start");
        QTest::newRow("seconds") << "1700000000"_ba;
        QTest::newRow("RFC 3339") << "'2023-11-14T22:13:20Z'"_ba;
        QTest::newRow("with a zone") << "'2023-11-14T23:13:20+01:00'"_ba;
    }

    void startsWhenTold()
    {
        QFETCH(QByteArray, start);
        const auto outcome = run("tests:\n- start_timestamp: " + start
                                 + "\n  input_series: [{series: v, values: 1 2}]\n"
                                   "  promql_expr_test: [{expr: timestamp(v), eval_time: 1m, "
                                   "exp_samples: [{value: 1700000060}]}]\n");
        QVERIFY2(outcome.ok(), told(outcome).constData());
    }

    void runsOnlyTestsThatAreWanted()
    {
        rules::unit_test::RunOptions options;
        options.wanted = [](std::string_view name) { return name == "b"; };
        const auto outcome = run("tests: [{name: a}, {name: b}, {}]\n", options);
        QCOMPARE(outcome.tests.size(), size_t(1));
        QCOMPARE(outcome.tests[0].name, std::string("b"));
    }

    void warnsOfPatternsThatMatchNothing()
    {
        const auto outcome = run("rule_files: [gone.yml]\n");
        QVERIFY(outcome.ok());
        QCOMPARE(outcome.warnings.size(), size_t(1));
    }

    void showsDifferencesByLine_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("diff");
        QTest::newRow("same") << "a\nb\n"_ba << "a\nb\n"_ba << " a\n b\n"_ba;
        QTest::newRow("nothing") << ""_ba << ""_ba << ""_ba;
        QTest::newRow("one more") << "a\nc"_ba << "a\nb\nc"_ba << " a\n+b\n c\n"_ba;
        QTest::newRow("one less") << "a\nb\nc"_ba << "a\nc"_ba << " a\n-b\n c\n"_ba;
        QTest::newRow("another") << "a\nb\nc"_ba << "a\nx\nc"_ba << " a\n-b\n+x\n c\n"_ba;
        QTest::newRow("all") << "a"_ba << "b"_ba << "-a\n+b\n"_ba;
        QTest::newRow("moved") << "a\nb"_ba << "b\na"_ba << "-a\n b\n+a\n"_ba;
    }

    void showsDifferencesByLine()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, diff);
        QCOMPARE(QByteArray::fromStdString(
                     rules::unit_test::lineDiff(from.toStdString(), to.toStdString())),
                 diff);
    }

    void failuresShowTheDifference()
    {
        rules::unit_test::RunOptions options;
        options.diff = true;
        const auto outcome
            = run("tests:\n- input_series: [{series: v, values: 1}, {series: w, values: 2}]\n"
                  "  promql_expr_test: [{expr: '{__name__=~\"[vw]\"}', exp_samples: [{labels: v, "
                  "value: 1}, {labels: w, value: 3}]}]\n",
                  options);
        QVERIFY2(told(outcome).endsWith("time: 0s,\n {__name__=\"v\"} 1E+00\n"
                                        "-{__name__=\"w\"} 3E+00\n+{__name__=\"w\"} 2E+00\n\n"),
                 told(outcome).constData());
    }

    void notesWhatItDid()
    {
        rules::unit_test::RunOptions options;
        options.debug = true;
        const auto outcome
            = run("rule_files: [rules.yml]\ntests:\n- name: t\n  external_labels: {region: eu}\n"
                  "  input_series: [{series: 'up{i=\"a\"}', values: 0 0 0 1}]\n"
                  "  alert_rule_test: [{eval_time: 3m, alertname: Down, exp_alerts: []}]\n",
                  options);
        QVERIFY2(outcome.ok(), told(outcome).constData());
        QByteArray notes;
        for (const std::string& note : outcome.tests.at(0).notes) {
            notes += QByteArray::fromStdString(note) + '\n';
        }
        QVERIFY2(notes.startsWith(
                     "0s: {alertname=\"Down\", i=\"a\", severity=\"page\"} is pending, value 0\n"),
                 notes);
        QVERIFY2(notes.contains("2m: {alertname=\"Down\", i=\"a\", severity=\"page\"} fires"),
                 notes);
        QVERIFY2(notes.contains("\nup{i=\"a\"} 0@0s 0@1m 0@2m 1@3m\n"), notes);
        QVERIFY2(notes.contains("alertstate=\"firing\""), notes);
    }

    void passesOverUnknownFields()
    {
        const QByteArray tests = "colour: red\ntests: [{name: t, mood: good}]\n";
        QCOMPARE(run(tests).failed(), size_t(1));
        rules::unit_test::RunOptions options;
        options.ignoresUnknownFields = true;
        const auto outcome = run(tests, options);
        QVERIFY2(outcome.ok(), told(outcome).constData());
        QCOMPARE(outcome.passed(), size_t(1));
    }

    void writesXmlForBuildServers()
    {
        const std::vector<std::pair<std::string, rules::unit_test::FileOutcome>> outcomes{
            {"a.yml",
             run("tests: [{name: good}, {name: 'is <bad>', promql_expr_test: [{expr: "
                 "vector(1), exp_samples: []}]}]\n")},
            {"b.yml", run("tests: [")}};
        const QByteArray xml = QByteArray::fromStdString(rules::unit_test::junitXml(outcomes));
        QXmlStreamReader reader(xml);
        QStringList seen;
        while (!reader.atEnd()) {
            if (reader.readNext() == QXmlStreamReader::StartElement) {
                const auto attributes = reader.attributes();
                seen << reader.name().toString() + u' ' + attributes.value(u"name"_s).toString()
                        + (attributes.hasAttribute(u"tests"_s)
                               ? u" %1 %2 %3"_s.arg(attributes.value(u"tests"_s),
                                                    attributes.value(u"failures"_s),
                                                    attributes.value(u"errors"_s))
                               : QString());
            }
        }
        QVERIFY2(!reader.hasError(), xml);
        QCOMPARE(seen,
                 (QStringList{u"testsuites "_s, u"testsuite a.yml 2 1 0"_s, u"testcase good"_s,
                              u"testcase is <bad>"_s, u"failure "_s, u"testsuite b.yml 1 0 1"_s,
                              u"testcase unknown"_s, u"error "_s}));
    }
};

QTEST_GUILESS_MAIN(TestRuleUnitTests)
#include "tst_rule_unit_tests.moc"
