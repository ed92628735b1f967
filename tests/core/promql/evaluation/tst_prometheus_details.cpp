// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/matching.h"
#include "tests/core/promql/evaluation/evaluated.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;
using namespace Qt::StringLiterals;

namespace {

/// Samples at 0, 15, 30, … s, made up of one line a series.
void loadLines(storage::MemoryStore& store, const QByteArray& lines)
{
    for (const QByteArray& line : lines.split('\n')) {
        load(store, {std::string_view(line.constData(), std::size_t(line.size()))});
    }
}

QueryOptions everything()
{
    QueryOptions options;
    options.features = Features::all();
    return options;
}

} // namespace

/// Where Prometheus' code does something particular that its scripts and its documentation leave
/// open. Results and remarks, or the error, of one query.
class TestPrometheusDetails : public QObject {
    Q_OBJECT
private slots:
    void instant_data()
    {
        QTest::addColumn<QByteArray>("series");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("result"); // of 60 s; an error begins with "! "
        QTest::addColumn<QByteArray>("remarks");

        const QByteArray sides("one{g=\"a\"} 10x4\nmany{g=\"b\",i=\"1\"} 3x4"_ba);
        QTest::newRow("fill_right is for the one side, be it the left")
            << sides << "one + on(g) group_right fill_right(1) many"_ba
            << "{g=\"b\", i=\"1\"} 4\n"_ba << ""_ba;
        QTest::newRow("fill_left is for the many side, be it the right")
            << sides << "one - on(g) group_right fill_left(1) many"_ba << "{g=\"a\"} 9\n"_ba
            << ""_ba;

        const QByteArray hinted(
            "a _x3 {{count:2 sum:2 buckets:[2] counter_reset_hint:reset}}\n"
            "b _x3 {{count:1 sum:1 buckets:[1] counter_reset_hint:not_reset}}\n"
            "c _x3 {{count:1 sum:1 buckets:[1] counter_reset_hint:unknown}}"_ba);
        QTest::newRow("no sum of a counter that was reset and one that was not")
            << hinted << "a + ignoring(__name__) b"_ba << ""_ba
            << "PromQL warning: conflicting counter resets during histogram addition\n"_ba;
        QTest::newRow("no difference either")
            << hinted << "a - ignoring(__name__) b"_ba << ""_ba
            << "PromQL warning: conflicting counter resets during histogram subtraction\n"_ba;
        QTest::newRow("but with one that is unknown")
            << hinted << "a + ignoring(__name__) c"_ba << "{} {count:3, sum:3, (0.5,1]:3}\n"_ba
            << ""_ba;

        // 4 of 8 in (1,2], the last bucket looked at is (2,4], of one.
        QTest::newRow("a quantile among NaN is taken in the last bucket")
            << "h _x3 {{count:8 sum:NaN buckets:[1 4 1]}}"_ba << "histogram_quantile(0.5, h)"_ba
            << "{} 16\n"_ba
            << "PromQL info: input to histogram_quantile has NaN observations, result is skewed "
               "higher for metric name \"\"\n"_ba;

        // Of 4 in (1,2], the zero bucket ends at √2.
        const QByteArray overlapping(
            "h _x3 {{count:8 sum:9 z_bucket:4 z_bucket_w:1.4142135623730951 buckets:[4] "
            "offset:1}}"_ba);
        QTest::newRow("a bucket reaching into the zero bucket begins where that ends")
            << overlapping << "histogram_quantile(0.75, h)"_ba << "{} 1.681792830507429\n"_ba
            << ""_ba;
        QTest::newRow("and so for fractions")
            << overlapping << "histogram_fraction(1.6817928305074292, Inf, h)"_ba << "{} 0.25\n"_ba
            << ""_ba;
        QTest::newRow("but not when it is cut off")
            << overlapping << "round(histogram_count(h </ 1.4142135623730951))"_ba << "{} 6\n"_ba
            << ""_ba;

        const QByteArray flat("h _x3 {{count:3 sum:1 z_bucket:2 buckets:[1]}}"_ba);
        QTest::newRow("what is at zero is not below it")
            << flat << "h </ 0"_ba << "h {count:0, sum:0}\n"_ba << ""_ba;
        QTest::newRow("but it is not above it either")
            << flat << "h >/ 0"_ba << "h {count:3, sum:1, [-0,0]:2, (0.5,1]:1}\n"_ba << ""_ba;
        QTest::newRow("nothing is below no number")
            << flat << "h </ NaN"_ba << "h {count:NaN, sum:NaN}\n"_ba << ""_ba;
    }

    void instant()
    {
        QFETCH(QByteArray, series);
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, result);
        QFETCH(QByteArray, remarks);
        storage::MemoryStore store;
        loadLines(store, series);
        const auto answer = evaluate(query.toStdString(), store, at(60), everything());
        if (!answer) {
            QCOMPARE("! "_ba + QByteArray::fromStdString(answer.error().message), result);
            return;
        }
        QCOMPARE(written(answer->value), result);
        QCOMPARE(remarksOf(*answer), remarks);
    }

    void pairsAreCountedBeyondThoseOfRows()
    {
        const std::vector<std::uint64_t> ones(2'000'000, 1);
        QCOMPARE(extraPairs(ones, ones), std::uint64_t(0));
        const std::vector<std::uint64_t> many{2'000'000, 1'100, 3};
        const std::vector<std::uint64_t> one{1, 1'100, 0};
        QCOMPARE(extraPairs(many, one), std::uint64_t(1'100 * 1'099));
    }
};

QTEST_GUILESS_MAIN(TestPrometheusDetails)
#include "tst_prometheus_details.moc"
