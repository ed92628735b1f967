// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/parser.h"
#include "tests/core/exposition/entries.h"

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;

class TestOpenMetricsParser : public QObject {
    Q_OBJECT
private slots:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("the least there is") << "# EOF\n"_ba << ""_ba;
        QTest::newRow("the last newline may be missing") << "a 1\n# EOF"_ba
                                                         << "__name__=a 1\n"_ba;
        QTest::newRow("times are seconds")
            << "a 1 1700000000.123456\nb 1 -5\n# EOF\n"_ba
            << "__name__=a 1 @1700000000123\n__name__=b 1 @-5000\n"_ba;
        QTest::newRow("exemplar")
            << "a_total 5 # {trace_id=\"x\"} 0.5 1700000000.5\n# EOF\n"_ba
            << "__name__=a_total 5 # {trace_id=\"x\"} 0.5 @1700000000500\n"_ba;
        QTest::newRow("exemplar after a time stamp, without its own")
            << "a_total 5 123 # {} 1\n# EOF\n"_ba << "__name__=a_total 5 @123000 # {} 1\n"_ba;
        QTest::newRow("a hash inside a label is none")
            << "a{x=\"} 1 # {\"} 1\n# EOF\n"_ba << "__name__=a x=} 1 # { 1\n"_ba;
        QTest::newRow("types the text format lacks")
            << "# TYPE a stateset\n# TYPE b info\n# TYPE c gaugehistogram\n# TYPE d unknown\n# EOF\n"_ba
            << "TYPE a stateset\nTYPE b info\nTYPE c gaugehistogram\nTYPE d unknown\n"_ba;
        QTest::newRow("unit") << "# UNIT a_seconds seconds\n# EOF\n"_ba
                              << "UNIT a_seconds [seconds]\n"_ba;
    }

    void reads()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, expected);
        QCOMPARE(QByteArray::fromStdString(
                     test::describe(exposition::Format::openMetrics, body.toStdString())),
                 expected);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("names");
        QTest::newRow("no EOF") << "a 1\n"_ba << "does not end with # EOF"_ba;
        QTest::newRow("text after EOF") << "# EOF\na 1\n"_ba << "after # EOF"_ba;
        QTest::newRow("blank line") << "\n# EOF\n"_ba << "metric name or # expected"_ba;
        QTest::newRow("two spaces") << "a  1\n# EOF\n"_ba << "value expected"_ba;
        QTest::newRow("free comment") << "# hello\n# EOF\n"_ba << "knows no comments"_ba;
        QTest::newRow("time stamp infinite") << "a 1 +Inf\n# EOF\n"_ba << "no time stamp"_ba;
        QTest::newRow("time stamp beyond milliseconds of 64 bits")
            << "a 1 12345678901234567890\n# EOF\n"_ba << "no time stamp"_ba;
        QTest::newRow("untyped is a word of the other format")
            << "# TYPE a untyped\n# EOF\n"_ba << "not a metric type"_ba;
        QTest::newRow("unit that is no suffix") << "# UNIT a seconds\n# EOF\n"_ba
                                                << "not a suffix"_ba;
        QTest::newRow("exemplar without value") << "a 1 # {x=\"1\"}\n# EOF\n"_ba
                                                << "value of the exemplar expected"_ba;
        QTest::newRow("missing comma") << "a{x=\"1\"y=\"2\"} 1\n# EOF\n"_ba << ", or }"_ba;
    }

    void refuses()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, names);
        const auto text = QByteArray::fromStdString(
            test::describe(exposition::Format::openMetrics, body.toStdString()));
        QVERIFY2(text.contains("! line"), text.constData());
        QVERIFY2(text.contains(names), text.constData());
    }
};

QTEST_GUILESS_MAIN(TestOpenMetricsParser)
#include "tst_openmetrics_parser.moc"
