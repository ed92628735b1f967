// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/custom_bucket_parser.h"
#include "tests/core/exposition/entries.h"

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;

class TestCustomBucketParser : public QObject {
    Q_OBJECT
private slots:
    void converts_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("keep");
        QTest::addColumn<QByteArray>("expected");
        const auto row
            = [](const char* name, const char* body, const char* expected, bool keep = false) {
                  QTest::newRow(name) << QByteArray(body) << keep << QByteArray(expected);
              };
        row("one histogram",
            "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"2\"} 4\n"
            "h_bucket{le=\"+Inf\"} 5\nh_sum 9\nh_count 5\n",
            "TYPE h histogram\n__name__=h {schema -53, count 5, sum 9, +[0: 1 3 1], le 1 2}\n");
        row("kept, before the converted one",
            "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_count 1\n",
            "TYPE h histogram\n__name__=h_bucket le=1.0 1\n__name__=h_count 1\n"
            "__name__=h {schema -53, count 1, sum 0, +[0: 1], le 1}\n",
            true);
        row("labels part histograms",
            "# TYPE h histogram\nh_bucket{a=\"1\",le=\"1\"} 1\nh_count{a=\"1\"} 1\n"
            "h_bucket{le=\"1\",a=\"2\"} 2\nh_count{a=\"2\"} 2\n",
            "TYPE h histogram\n__name__=h a=1 {schema -53, count 1, sum 0, +[0: 1], le 1}\n"
            "__name__=h a=2 {schema -53, count 2, sum 0, +[0: 2], le 1}\n");
        row("the order of labels and buckets does not count",
            "# TYPE h histogram\nh_bucket{a=\"1\",b=\"2\",le=\"2\"} 4\n"
            "h_bucket{b=\"2\",le=\"1\",a=\"1\"} 1\nh_count{b=\"2\",a=\"1\"} 4\n",
            "TYPE h histogram\n"
            "__name__=h a=1 b=2 {schema -53, count 4, sum 0, +[0: 1 3], le 1 2}\n");
        row("another series ends it and is given after it",
            "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nother 7\nh_sum 3\n",
            "TYPE h histogram\n__name__=h {schema -53, count 1, sum 0, +[0: 1], le 1}\n"
            "__name__=other 7\n__name__=h {schema -53, count 0, sum 3}\n");
        row("metadata ends it and is given after it",
            "# TYPE h histogram\nh_count 1\n# HELP h x\n# TYPE g gauge\ng_count 1\n",
            "TYPE h histogram\n__name__=h {schema -53, count 1, sum 0, +[0: 1]}\n"
            "HELP h [x]\nTYPE g gauge\n__name__=g_count 1\n");
        row("a comment without meaning does not end it",
            "# TYPE h histogram\nh_bucket{le=\"1\"} 1\n# text\nh_count 1\n",
            "TYPE h histogram\n__name__=h {schema -53, count 1, sum 0, +[0: 1], le 1}\n");
        row("only what TYPE calls a histogram", "h_bucket{le=\"1\"} 1\n# TYPE g gaugehistogram\n",
            "__name__=h_bucket le=1 1\n! line 2, column 10: \"gaugehistogram\" is not a metric "
            "type <gaugehistogram>\n");
        row("and of that name", "# TYPE h histogram\ng_bucket{le=\"1\"} 1\nh 2\nh_created 3\n",
            "TYPE h histogram\n__name__=g_bucket le=1.0 1\n__name__=h 2\n__name__=h_created 3\n");
        row("buckets without a bound stay",
            "# TYPE h histogram\nh_bucket 1\nh_bucket{le=\"x\"} 1\nh_bucket{le=\"NaN\"} 1\n",
            "TYPE h histogram\n__name__=h_bucket 1\n__name__=h_bucket le=x 1\n"
            "__name__=h_bucket le=NaN 1\n");
        row("what contradicts itself vanishes",
            "# TYPE h histogram\nh_bucket{le=\"1\"} 5\nh_bucket{le=\"2\"} 4\nh_count 5\n"
            "h_count{a=\"1\"} -1\nh_count{a=\"2\"} 1\nh_bucket{a=\"2\",le=\"+Inf\"} 2\n"
            "h_bucket{a=\"3\",le=\"1\"} 3\nh_count{a=\"3\"} 2\nh_count{a=\"4\"} 1\n",
            "TYPE h histogram\n__name__=h a=4 {schema -53, count 1, sum 0, +[0: 1]}\n");
        row("of a bound given twice the first counts",
            "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"1.0\"} 3\nh_count 1\n",
            "TYPE h histogram\n__name__=h {schema -53, count 1, sum 0, +[0: 1], le 1}\n");
        row("few empty buckets stay, many go",
            "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"2\"} 1\nh_bucket{le=\"3\"} 1\n"
            "h_bucket{le=\"4\"} 2\nh_bucket{le=\"5\"} 2\nh_bucket{le=\"6\"} 2\n"
            "h_bucket{le=\"7\"} 2\nh_bucket{le=\"8\"} 3\nh_count 3\n",
            "TYPE h histogram\n__name__=h {schema -53, count 3, sum 0, +[0: 1 0 0 1], +[3: 1], "
            "le 1 2 3 4 5 6 7 8}\n");
        row("of float counts no empty bucket stays",
            "# TYPE h histogram\nh_bucket{le=\"1\"} 0.5\nh_bucket{le=\"2\"} 0.5\n"
            "h_bucket{le=\"3\"} 1\nh_count 1\n",
            "TYPE h histogram\n__name__=h {schema -53, count 1, sum 0, +[0: 0.5], +[1: 0.5], "
            "le 1 2 3}\n");
        row("time", "# TYPE h histogram\nh_bucket{le=\"1\"} 1 17\nh_count 1 18\n",
            "TYPE h histogram\n__name__=h {schema -53, count 1, sum 0, +[0: 1], le 1} @18\n");
        row("faults are told", "# TYPE h histogram\nh_count 1\nh_sum x\n",
            "TYPE h histogram\n! line 3, column 7: \"x\" is not a number <x>\n");
    }

    void converts()
    {
        QFETCH(QByteArray, body);
        QFETCH(bool, keep);
        QFETCH(QByteArray, expected);
        const std::string text = body.toStdString();
        QByteArray told = QByteArray::fromStdString(test::describe(
            exposition::Format::text, text, {.classicToo = keep, .convertClassic = true}));
        QCOMPARE(told, expected);
    }

    void exemplarsAndStartTimesGoWithIt()
    {
        const std::string text = "# TYPE h histogram\n"
                                 "h_bucket{le=\"1.0\"} 1 # {t=\"a\"} 0.5 7\n"
                                 "h_bucket{le=\"+Inf\"} 2 # {t=\"b\"} 2\n"
                                 "h_sum 3\nh_count 2\nh_created 12.5\n# EOF\n";
        QCOMPARE(QByteArray::fromStdString(test::describe(
                     exposition::Format::openMetrics, text,
                     {.classicToo = true, .convertClassic = true, .startTimes = true})),
                 "TYPE h histogram\n__name__=h_bucket le=1.0 1 since 12500\n"
                 "__name__=h_bucket le=+Inf 2 since 12500\n"
                 "__name__=h_sum 3 since 12500\n__name__=h_count 2 since 12500\n"
                 "__name__=h {schema -53, count 2, sum 3, +[0: 1 1], le 1} since 12500 "
                 "# {t=\"a\"} 0.5 @7000 # {t=\"b\"} 2\n"_ba);
    }

    void startTimesAreLookedUp()
    {
        const std::string text = "# TYPE c counter\nc_total{a=\"1\"} 1\nc_total{a=\"2\"} 1\n"
                                 "c_total{a=\"3\"} 1\nc_created{a=\"2\"} 2\nc_created{a=\"1\"} 1\n"
                                 "# TYPE g gauge\ng_created 5\n"
                                 "# TYPE s summary\n# HELP s x\ns{quantile=\"1\"} 1\ns_sum 2\n"
                                 "s_created 3\n# EOF\n";
        QCOMPARE(QByteArray::fromStdString(
                     test::describe(exposition::Format::openMetrics, text, {.startTimes = true})),
                 "TYPE c counter\n__name__=c_total a=1 1 since 1000\n"
                 "__name__=c_total a=2 1 since 2000\n__name__=c_total a=3 1\n"
                 "TYPE g gauge\n__name__=g_created 5\n"
                 "TYPE s summary\nHELP s [x]\n__name__=s quantile=1.0 1 since 3000\n"
                 "__name__=s_sum 2 since 3000\n"_ba);
    }
};

QTEST_GUILESS_MAIN(TestCustomBucketParser)
#include "tst_custom_bucket_parser.moc"
