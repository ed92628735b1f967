// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/check.h"

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;

class TestCheckMetrics : public QObject {
    Q_OBJECT
private slots:
    void finds_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("expected"); // a problem a line
        QTest::newRow("a good family") << "# HELP a_total x\n# TYPE a_total counter\na_total 1\n"_ba
                                       << ""_ba;
        QTest::newRow("counter without total")
            << "# HELP a x\n# TYPE a counter\na 1\n"_ba
            << "a counter metrics should have \"_total\" suffix\n"_ba;
        QTest::newRow("total that is no counter")
            << "# HELP a_total x\n# TYPE a_total gauge\na_total 1\n"_ba
            << "a_total non-counter metrics should not have \"_total\" suffix\n"_ba;
        QTest::newRow("units with a prefix")
            << "# HELP a_milliseconds x\na_milliseconds 1\n"_ba
            << "a_milliseconds use base unit \"seconds\" instead of \"milliseconds\"\n"_ba;
        QTest::newRow("abbreviated unit")
            << "# HELP a_ms x\na_ms 1\n"_ba
            << "a_ms metric names should not contain abbreviated units\n"_ba;
        QTest::newRow("camel case, name and label; said once")
            << "# HELP aB x\naB{cD=\"1\"} 1\naB{cD=\"2\"} 1\n"_ba
            << "aB label names should be written in 'snake_case' not 'camelCase'\n"
               "aB metric names should be written in 'snake_case' not 'camelCase'\n"_ba;
        QTest::newRow("buckets of one histogram are one metric")
            << "# HELP a x\n# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n"_ba
            << ""_ba;
        QTest::newRow("a metric twice") << "# HELP a x\na{b=\"1\"} 1\na{b=\"1\"} 2\n"_ba
                                        << "a metric not unique\n"_ba;
    }

    void finds()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, expected);
        const std::string text = body.toStdString();
        const auto problems = exposition::checkMetrics(text);
        QVERIFY2(problems.has_value(), problems ? "" : problems.error().message.c_str());
        QByteArray actual;
        for (const exposition::MetricProblem& problem : *problems) {
            actual += QByteArray::fromStdString(problem.metric + " " + problem.text + "\n");
        }
        QCOMPARE(actual, expected);
    }

    // What the scraper lets pass.
    void refuses_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("names");
        QTest::newRow("no newline at the end") << "a 1"_ba << "no newline"_ba;
        QTest::newRow("TYPE after samples") << "a 1\n# TYPE a gauge\n"_ba
                                            << "line 2, column 10: metric a has a TYPE already"_ba;
        QTest::newRow("second HELP") << "# HELP a x\n# HELP a y\n"_ba << "second HELP"_ba;
        QTest::newRow("unknown escape") << "a{b=\"\\t\"} 1\n"_ba << "no such escape"_ba;
        QTest::newRow("newline inside a label") << "a{b=\"\n\"} 1\n"_ba << "closing quote"_ba;
        QTest::newRow("missing comma") << "a{b=\"1\" c=\"2\"} 1\n"_ba << "comma or }"_ba;
        QTest::newRow("le that is no number")
            << "# TYPE a histogram\na_bucket{le=\"x\"} 1\n"_ba << "must be a number"_ba;
        QTest::newRow("quoted name") << "{\"a.b\"} 1\n"_ba << "must begin here"_ba;
        QTest::newRow("blank after the value") << "a 1 \n"_ba << "not a time stamp"_ba;
    }

    void refuses()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, names);
        const std::string text = body.toStdString();
        const auto problems = exposition::checkMetrics(text);
        QVERIFY(!problems);
        QVERIFY2(QByteArray::fromStdString(problems.error().message).contains(names),
                 problems.error().message.c_str());
        QVERIFY(problems.error().where->end <= text.size() + 1);
    }
};

QTEST_GUILESS_MAIN(TestCheckMetrics)
#include "tst_check_metrics.moc"
