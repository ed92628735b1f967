// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/check.h"

#include <format>

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;

class TestCheckOpenMetrics : public QObject {
    Q_OBJECT

    /// "" accepted without advice, "! fault", or the advice.
    static QByteArray judge(const std::string& body)
    {
        const auto problems = exposition::checkOpenMetrics(body);
        if (!problems) {
            return QByteArray::fromStdString("! " + problems.error().message);
        }
        std::string out;
        for (const exposition::MetricProblem& problem : *problems) {
            out += std::format("{} {}\n", problem.metric, problem.text);
        }
        return QByteArray::fromStdString(out);
    }

private slots:
    void accepts_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("nothing") << ""_ba;
        QTest::newRow("every type") << R"(# HELP c_seconds x
# TYPE c_seconds counter
# UNIT c_seconds seconds
c_seconds_total{a="1"} 1 # {trace="t"} 0.5 1.5
c_seconds_created{a="1"} 12.5
# HELP g x
# TYPE g gauge
g -1 5
g NaN 6
# HELP h x
# TYPE h histogram
h_bucket{le="-1"} 0
h_bucket{le="+Inf"} 2 # {} 7
# HELP hs x
# TYPE hs histogram
hs_bucket{le="1"} 1
hs_bucket{le="+Inf"} 2
hs_sum 3
hs_count 2
hs_created 0
# HELP gh x
# TYPE gh gaugehistogram
gh_bucket{le="-1"} 1
gh_bucket{le="+Inf"} 2
gh_gsum -3
gh_gcount 2
# HELP s x
# TYPE s summary
s{quantile="0"} NaN
s{quantile="1"} 2
s_sum 3
s_count 2
# HELP i x
# TYPE i info
i_info{v="1"} 1
# HELP st x
# TYPE st stateset
st{st="a"} 1
st{st="b"} 0
)"_ba;
        QTest::newRow("histogram of two moments") << R"(# HELP h x
# TYPE h histogram
h_bucket{le="+Inf"} 2 1
h_count 2 1
h_sum 2 1
h_bucket{le="+Inf"} 1 2
)"_ba;
        QTest::newRow("names in quotes")
            << "# HELP \"a.b\" x\n# TYPE \"a.b\" counter\n{\"a.b_total\",\"c d\"=\"1\"} 1\n"_ba;
    }

    void accepts()
    {
        QFETCH(QByteArray, body);
        QCOMPARE(judge((body + "# EOF\n").toStdString()), ""_ba);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, const char* body, const char* message) {
            QTest::newRow(name) << QByteArray(body) << QByteArray(message);
        };
        row("no end", "", "");
        row("interleaved families", "a 1\nb 1\na 2\n",
            "line 4, column 1: the name a is that of two");
        row("names of samples clash", "# TYPE a_count gauge\na_count 1\n# TYPE a summary\n",
            "the name a_count is that of two");
        row("unit in the middle", "# TYPE a_seconds_x gauge\n# UNIT a_seconds_x seconds\n",
            "line 2, column 1: unit \"seconds\" is not the end");
        row("unit of an info", "# TYPE a_s info\n# UNIT a_s s\n", "which has no unit");
        row("interleaved metrics", "# TYPE a gauge\na{b=\"1\"} 1\na{b=\"2\"} 1\na{b=\"1\"} 1\n",
            "line 4, column 1: samples of one metric of a do not stand together");
        row("times fall", "a 1 2\na 1 1\n",
            "line 2, column 1: the times of one metric must not fall");
        row("times of some", "a 1 2\na 1\n", "must all have a time, or none");
        row("bounds fall", "# TYPE h histogram\nh_bucket{le=\"2\"} 1\nh_bucket{le=\"1\"} 1\n",
            "bounds of buckets");
        row("a bound twice", "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"1.0\"} 1\n",
            "must rise");
        row("counts fall", "# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"2\"} 1\n",
            "must not fall");
        row("no bucket +Inf", "# TYPE h histogram\nh_bucket{le=\"1\"} 2\n", "no bucket +Inf");
        row("count without sum", "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 2\nh_count 2\n",
            "one of count and sum");
        row("sum over negative buckets",
            "# TYPE h histogram\nh_bucket{le=\"-1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 2\nh_count "
            "2\n",
            "so its sum is no counter");
        row("state without its label", "# TYPE s stateset\ns{a=\"b\"} 1\n", "needs the label s");
        row("quantile above 1", "# TYPE s summary\ns{quantile=\"1.1\"} 1\n", "from 0 to 1");
        row("created is no time", "# TYPE c counter\nc_created NaN\n", "must be a time");
        row("exemplar of a gauge", "# TYPE g gauge\ng 1 # {} 1\n", "may have exemplars");
        row("exemplar with an endless time", "# TYPE c counter\nc_total 1 # {} 1 Inf\n",
            "column 18: a time must be finite");
        row("comma behind the last label", "a{b=\"1\",} 1\n", "the name of a label expected");
        row("name in quotes without braces", "\"a\" 1\n", "must stand in braces");
        row("no name", "{a=\"b\"} 1\n", "the sample has no name");
        row("two names", "a{\"b\"} 1\n", "is set already");
        row("open quote", "a{b=\"1} 1\n", "no closing quote");
        row("open quote behind a backslash", "a{b=\"1\\\n", "no closing quote");
    }

    void refuses()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, message);
        const QByteArray told
            = body.isEmpty() ? judge("") : judge((body + "# EOF\n").toStdString());
        QVERIFY2(told.startsWith("! ") && told.contains(message), told.constData());
    }

    void advises()
    {
        QCOMPARE(judge("# TYPE aB_ms gauge\naB_ms{ c=\"1\" } 1\n# EOF"),
                 " Prometheus does not read blanks inside braces\n"
                 "aB_ms metric names should be written in 'snake_case' not 'camelCase'\n"
                 "aB_ms metric names should not contain abbreviated units\n"
                 "aB_ms no help text\n"_ba);
    }
};

QTEST_GUILESS_MAIN(TestCheckOpenMetrics)
#include "tst_check_openmetrics.moc"
