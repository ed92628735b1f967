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

        // It grows by ten in 15 s and comes from one: 1.5 s before, there was nothing to count.
        // Source: promql/functions.go, extrapolatedRate, since version 3.6.
        const QByteArray young(
            "h _x3 {{count:1 sum:2 buckets:[1]}} {{count:11 sum:12 buckets:[11]}}"_ba);
        QTest::newRow("a histogram's increase begins where its count is none")
            << young << "increase(h[1m])"_ba << "{} {count:11, sum:11, (0.5,1]:11}\n"_ba << ""_ba;
        QTest::newRow("of whatever it is")
            << young << "increase((h)[1m:15s])"_ba << "{} {count:11, sum:11, (0.5,1]:11}\n"_ba
            << ""_ba;
        QTest::newRow("a gauge may have been less than nothing")
            << young << "delta(h[1m])"_ba << "{} {count:15, sum:15, (0.5,1]:15}\n"_ba
            << "PromQL warning: this native histogram metric is not a gauge: \"h\"\n"_ba;
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

        const QByteArray gauge("m 10 20 30 40 50 60\nold 1 2"_ba);
        QTest::newRow("an anchored range as it is")
            << gauge << "m[40s] anchored"_ba << "m 20@20 30@30 40@45 50@60\n"_ba << ""_ba;
        QTest::newRow("a smoothed one, with samples beyond its end")
            << gauge << "m[40s] smoothed offset 10s"_ba
            << "m 16.666666666666668@10 20@15 30@30 40@45 43.333333333333336@50\n"_ba << ""_ba;
        QTest::newRow("samples at the edges are there once")
            << gauge << "m[30s] smoothed"_ba << "m 30@30 40@45 50@60\n"_ba << ""_ba;
        QTest::newRow("nothing after the start, nothing at all")
            << gauge << "old[40s] anchored"_ba << ""_ba << ""_ba;
        QTest::newRow("no anchored range of histograms")
            << flat << "h[40s] anchored"_ba
            << "! anchored modifier is not supported with histograms"_ba << ""_ba;
        QTest::newRow("nor a smoothed one")
            << flat << "h[40s] smoothed"_ba
            << "! smoothed modifier is not supported with histograms"_ba << ""_ba;

        const QByteArray mixed("m_total {{count:1 sum:1 buckets:[1]}} _ 1 2 3 4"_ba);
        QTest::newRow("a histogram among what an anchor is looked for in")
            << mixed << "rate(m_total[20s] anchored)"_ba << ""_ba
            << "PromQL warning: encountered a mix of histograms and floats for metric name "
               "\"m_total\"\n"_ba;
        QTest::newRow("does not matter for changes")
            << mixed << "changes(m_total[20s] anchored)"_ba << "{} 2\n"_ba << ""_ba;

        QTest::newRow("factors do not matter where there is nothing to smooth")
            << "m 1x4"_ba << "double_exponential_smoothing(nothing[5m], 2, 0.5)"_ba << ""_ba
            << ""_ba;
        QTest::newRow("but where there is")
            << "m 1x4"_ba << "double_exponential_smoothing(m[5m], 2, 0.5)"_ba
            << "! invalid smoothing factor. Expected: 0 < sf < 1, got: 2.000000"_ba << ""_ba;

        const QByteArray bounds(
            "h{i=\"1\"} _x3 {{schema:-53 count:3 sum:3 custom_values:[1 2] buckets:[1 1 1]}}\n"
            "h{i=\"2\"} _x3 {{schema:-53 count:3 sum:3 custom_values:[2 3] buckets:[1 1 1]}}"_ba);
        QTest::newRow("bounds are reconciled") << bounds << "histogram_quantile(1, sum(h))"_ba
                                               << "{} 2\n"_ba
                                               << "PromQL info: mismatched custom buckets were "
                                                  "reconciled during aggregation\n"_ba;
        QTest::newRow("but not for a count, which has none")
            << bounds << "histogram_count(sum(h))"_ba << "{} 6\n"_ba << ""_ba;
        QTest::newRow("between samples they are, twice")
            << "h _x3 {{schema:-53 count:2 custom_values:[1 2] buckets:[1 1]}} {{schema:-53 "
               "count:4 "
               "custom_values:[2 3] buckets:[4]}}"_ba
            << "histogram_fraction(0, 2, h smoothed offset 5s)"_ba << "{} 1\n"_ba
            << "PromQL info: mismatched custom buckets were reconciled during subtraction\n"
               "PromQL info: mismatched custom buckets were reconciled during addition\n"_ba;

        QTest::newRow("an instant has no edges") << "m 1x4"_ba << "m anchored"_ba << "m 1\n"_ba
                                                 << ""_ba;
        QTest::newRow("a quantile label of zero has no sign")
            << "h _x3 {{count:2 sum:2 buckets:[2] offset:1}}"_ba
            << "histogram_quantiles(h, \"q\", -0, 1)"_ba << "{q=\"0.0\"} 1\n{q=\"1.0\"} 2\n"_ba
            << ""_ba;
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

    void overTime_data()
    {
        QTest::addColumn<QByteArray>("series");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("result"); // of 0…60 s every 15 s; an error begins with "! "
        QTest::newRow("a quantile label is of its step")
            << "h {{count:2 sum:2 buckets:[2] offset:1}}x4"_ba
            << "histogram_quantiles(h, \"q\", (time() > bool 30))"_ba
            << "{q=\"0.0\"} 1@0 1@15 1@30\n{q=\"1.0\"} 2@45 2@60\n"_ba;
        QTest::newRow("no number of series to pick, later on")
            << "m 1x4"_ba << "topk(scalar(0 * (vector(time()) < 45)), m)"_ba
            << "! Parameter value is NaN"_ba;
        QTest::newRow("a factor out of bounds where there is nothing yet")
            << "m _x2 1 2 3"_ba
            << "double_exponential_smoothing(m[40s], scalar(vector(0.5) + (2 - time() / 22.5) "
               "* (vector(time()) < bool 20)), 0.5)"_ba
            << "{} 2@45 3@60\n"_ba;
    }

    void overTime()
    {
        QFETCH(QByteArray, series);
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, result);
        storage::MemoryStore store;
        loadLines(store, series);
        const auto answer = evaluate(query.toStdString(), store,
                                     {fromUnixMs(0), fromUnixMs(60'000), every}, everything());
        QCOMPARE(answer ? written(answer->value)
                        : "! "_ba + QByteArray::fromStdString(answer.error().message),
                 result);
    }

    void ofOneTextTheLastPlaceStays_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("place");
        QTest::newRow("the right side after the left")
            << "rate(m[1m]) + rate(m[30s])"_ba << "m[30s]"_ba;
        QTest::newRow("whichever is read first")
            << "rate(m[1m]) + on() group_right rate(m[30s])"_ba << "m[30s]"_ba;
    }

    void ofOneTextTheLastPlaceStays()
    {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, place);
        storage::MemoryStore store;
        load(store, {"m 1+1x10"});
        const auto answer = evaluate(query.toStdString(), store, at(60), everything());
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
        QCOMPARE(answer->annotations.size(), 1U);
        const Span where = answer->annotations[0].where;
        QCOMPARE(query.mid(where.begin, where.end - where.begin), place);
    }

    void sortingARangeIsRemarkedOn_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<int>("endS");
        QTest::addColumn<bool>("remarked");
        QTest::newRow("several steps") << "sort(m)"_ba << 30 << true;
        QTest::newRow("one step, but to a later moment") << "sort(m)"_ba << 10 << true;
        QTest::newRow("one moment") << "sort(m)"_ba << 0 << false;
        QTest::newRow("the same at every step") << "sort(m @ 0)"_ba << 30 << false;
        QTest::newRow("the same at the one step") << "sort(m @ 0)"_ba << 10 << false;
    }

    void sortingARangeIsRemarkedOn()
    {
        QFETCH(QByteArray, query);
        QFETCH(int, endS);
        QFETCH(bool, remarked);
        storage::MemoryStore store;
        load(store, {"m 1x4"});
        const auto answer = evaluate(query.toStdString(), store,
                                     {fromUnixMs(0), fromUnixMs(endS * 1'000), every}, {});
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
        QCOMPARE(answer->annotations.size(), remarked ? 1U : 0U);
    }

    void countersTellWhenTheyStarted_data()
    {
        QTest::addColumn<QByteArray>("starts"); // of the samples at 0, 15, 30, 45, 60 s
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("result");
        QTest::addColumn<QByteArray>("remarks");
        QTest::newRow("a reset after the anchor")
            << "-10 -10 20 20 20"_ba << "resets(m_total[40s] anchored)"_ba << "{} 1\n"_ba << ""_ba;
        QTest::newRow("not within the window itself")
            << "-10 -10 20 20 20"_ba << "resets(m_total[40s])"_ba << "{} 0\n"_ba << ""_ba;
        QTest::newRow("a start before the sample before")
            << "-10 -5 -5 20 20"_ba << "sum(increase(m_total[1m] offset 15s))"_ba << "{} 4\n"_ba
            << "PromQL warning: sample has start time that overlaps with previous sample timestamp "
               "for metric \"m_total\"\n"_ba;
    }

    void countersTellWhenTheyStarted()
    {
        QFETCH(QByteArray, starts);
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, result);
        QFETCH(QByteArray, remarks);
        storage::MemoryStore store;
        const auto appender = store.appender();
        int number = 0;
        for (const QByteArray& start : starts.split(' ')) {
            SampleView sample;
            sample.at = fromUnixMs(number * 15'000);
            sample.startedAt = fromUnixMs(start.toInt() * 1'000);
            sample.value = ++number;
            QVERIFY(appender->append(0, Labels{{"__name__", "m_total"}}, sample).has_value());
        }
        QVERIFY(appender->commit().has_value());
        QueryOptions options = everything();
        options.useStartTimestamps = true;
        const auto answer = evaluate(query.toStdString(), store, at(60), options);
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
        QCOMPARE(written(answer->value), result);
        QCOMPARE(remarksOf(*answer), remarks);
    }

    void overlapsAreCounted()
    {
        storage::MemoryStore store;
        const auto appender = store.appender();
        for (const auto& [atS, startS] : {std::pair(0, -10), {15, -5}, {30, -5}}) {
            SampleView sample;
            sample.at = fromUnixMs(atS * 1'000);
            sample.startedAt = fromUnixMs(startS * 1'000);
            QVERIFY(appender->append(0, Labels{{"__name__", "m_total"}}, sample).has_value());
        }
        QVERIFY(appender->commit().has_value());
        QueryOptions options = everything();
        options.useStartTimestamps = true;
        // The windows that end at 15, 30 and 45 s hold the two samples that overlap.
        const auto answer = evaluate("rate(m_total[1m])", store,
                                     {fromUnixMs(0), fromUnixMs(45'000), every}, options);
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
        QCOMPARE(answer->annotations.size(), 1U);
        QCOMPARE(answer->annotations[0].occurrences, std::uint64_t(3));
    }

    /// One histogram a line, at 0, 15, … s; with what is in front its start, in seconds.
    static void loadStarted(storage::MemoryStore& store,
                            std::initializer_list<std::pair<int, std::string_view>> histograms)
    {
        const auto appender = store.appender();
        std::int64_t atMs = 0;
        for (const auto& [startS, text] : histograms) {
            const auto histogram = parseHistogram(text);
            QVERIFY(histogram.has_value());
            SampleView sample;
            sample.at = fromUnixMs(atMs);
            sample.startedAt = fromUnixMs(startS * 1'000);
            sample.histogram = &*histogram;
            QVERIFY(appender->append(0, Labels{{"__name__", "h"}}, sample).has_value());
            atMs += 15'000;
        }
        QVERIFY(appender->commit().has_value());
    }

    void aLoneHistogramKeepsItsHint()
    {
        storage::MemoryStore store;
        loadStarted(store, {{-5, "count:2 sum:4 buckets:[2] counter_reset_hint:not_reset"}});
        QueryOptions options = everything();
        options.useStartTimestamps = true;
        const auto answer = evaluate("increase(h[10s])", store, at(0), options);
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
        const auto& vector = std::get<Vector>(answer->value);
        QCOMPARE(vector.size(), 1U);
        QVERIFY(vector[0].histogram != nullptr);
        QVERIFY(vector[0].histogram->resetHint == CounterReset::notReset);
        QCOMPARE(vector[0].histogram->count, 2.0);
    }

    void whatTheFirstHistogramHeldMustBeAddable()
    {
        storage::MemoryStore store;
        loadStarted(store,
                    {{-5, "schema:-53 count:2 sum:4 custom_values:[1] buckets:[1 1]"},
                     {10, "count:2 sum:4 buckets:[2]"},
                     {10, "count:3 sum:5 buckets:[3]"}});
        QueryOptions options = everything();
        options.useStartTimestamps = true;
        const auto answer = evaluate("increase(h[1m])", store, at(30), options);
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
        QCOMPARE(written(answer->value), ""_ba);
        QCOMPARE(remarksOf(*answer),
                 "PromQL warning: vector contains a mix of histograms with exponential and custom "
                 "buckets schemas for metric name \"h\"\n"_ba);
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
