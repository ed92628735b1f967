// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/promql/evaluation/evaluated.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;
using namespace Qt::StringLiterals;

/// What the conformance scripts do not look at: order, limits, errors, places.
class TestEvaluate : public QObject {
    Q_OBJECT
private slots:
    void results_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("result");
        QTest::newRow("aggregations come in order of appearance")
            << "sum by (g) (m)"_ba << "{g=\"y\"} 40\n{g=\"x\"} 20\n"_ba;
        QTest::newRow("topk comes by value within groups")
            << "topk by (g) (2, m)"_ba
            << "m{g=\"y\", i=\"3\"} 30\nm{g=\"y\", i=\"1\"} 10\nm{g=\"x\", i=\"2\"} 20\n"_ba;
        QTest::newRow("bottomk too")
            << "bottomk(2, m)"_ba << "m{g=\"y\", i=\"1\"} 10\nm{g=\"x\", i=\"2\"} 20\n"_ba;
        QTest::newRow("or puts the left side first")
            << "m{g=\"x\"} or m"_ba
            << "m{g=\"x\", i=\"2\"} 20\nm{g=\"y\", i=\"1\"} 10\nm{g=\"y\", i=\"3\"} 30\n"_ba;
        QTest::newRow("a range vector is sorted")
            << "m{g=\"y\"}[30s]"_ba
            << "m{g=\"y\", i=\"1\"} 10@45 10@60\nm{g=\"y\", i=\"3\"} 30@45 30@60\n"_ba;
        QTest::newRow("a subquery yields its own steps")
            << "m{i=\"1\"}[1m:20s]"_ba << "m{g=\"y\", i=\"1\"} 10@20 10@40 10@60\n"_ba;
        QTest::newRow("a scalar") << "1 + 1"_ba << "2\n"_ba;
        QTest::newRow("infinity is greater than no number")
            << "clamp_min(vector(NaN), Inf)"_ba << "{} +Inf\n"_ba;
        QTest::newRow("a year far away") << "year(vector(1e12))"_ba << "{} 33658\n"_ba;
        QTest::newRow("a month long ago") << "month(vector(-1e13))"_ba << "{} 8\n"_ba;
        QTest::newRow("a weekday long ago") << "day_of_week(vector(-1e17))"_ba << "{} 4\n"_ba;
        QTest::newRow("the year of no time")
            << "year(vector(Inf))"_ba << "{} 2.92277026596e+11\n"_ba;
        QTest::newRow("the minute of no time") << "minute(vector(NaN))"_ba << "{} 30\n"_ba;
        QTest::newRow("a spread beyond doubles, few samples")
            << "stddev_over_time(vector(1.7e308 * (1 - 2 * (time() % 2)))[9s:1s])"_ba
            << "{} NaN\n"_ba;
        QTest::newRow("a spread beyond doubles, many samples")
            << "stddev_over_time(vector(1.7e308 * (1 - 2 * (time() % 2)))[40s:1s])"_ba
            << "{} NaN\n"_ba;
        QTest::newRow("a string") << "(\"text\")"_ba << "text\n"_ba;
        QTest::newRow("the sum of nothing is nothing") << "sum(none)"_ba << ""_ba;
    }

    void results()
    {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, result);
        storage::MemoryStore store;
        load(store,
             {"m{g=\"y\",i=\"1\"} 10x10", "m{g=\"x\",i=\"2\"} 20x10", "m{g=\"y\",i=\"3\"} 30x10"});
        const auto answer = evaluate(query.toStdString(), store, at(60), {});
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
        QCOMPARE(written(answer->value), result);
    }

    void rangeResultsAreSortedAndAbsentIsNotNaN()
    {
        storage::MemoryStore store;
        load(store, {"b 1 _ NaN 4", "a _x2 3 stale"});
        const auto answer = evaluate("{__name__=~\"a|b\"}", store,
                                     {fromUnixMs(0), fromUnixMs(45'000), every}, {});
        QCOMPARE(written(answer->value), "a 3@30\nb 1@0 1@15 NaN@30 4@45\n"_ba);
    }

    void errors_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<bool>("delayed");
        QTest::addColumn<QByteArray>("message"); // empty: it succeeds
        const QByteArray same = "vector cannot contain metrics with the same labelset"_ba;
        QTest::newRow("names dropped at once clash") << "rate({l=\"v\"}[1m])"_ba << false << same;
        QTest::newRow("and at the end, too") << "rate({l=\"v\"}[1m])"_ba << true << same;
        QTest::newRow("but not when they are aggregated away")
            << "sum(rate({l=\"v\"}[1m]))"_ba << true << ""_ba;
        QTest::newRow("a label that makes series equal")
            << "label_replace({l=\"v\"}, \"__name__\", \"x\", \"\", \"\")"_ba << true << same;
        QTest::newRow("many on both sides")
            << "a + on (l) {l=\"v\"}"_ba << false
            << "found duplicate series for the match group {l=\"v\"} on the right hand-side of "
               "the operation: [{__name__=\"b\", l=\"v\"}, {__name__=\"a\", l=\"v\"}];many-to-many "
               "matching not allowed: "
               "matching labels must be unique on one side"_ba;
        QTest::newRow("many to one unsaid")
            << "{l=\"v\"} + on (l) a"_ba << false
            << "multiple matches for labels: many-to-one matching must be explicit "
               "(group_left/group_right)"_ba;
        QTest::newRow("results of a group that are the same")
            << "{l=\"v\"} + on (l) group_left a"_ba << false
            << "multiple matches for labels: grouping labels must ensure unique matches"_ba;
        QTest::newRow("nothing on one side is no error")
            << "none + on (l) {l=\"v\"}"_ba << false << ""_ba;
        QTest::newRow("k is no number")
            << "topk(NaN, a)"_ba << false << "Parameter value is NaN"_ba;
        QTest::newRow("k is too large")
            << "topk(1e30, a)"_ba << false << "Scalar value 1e+30 overflows int64"_ba;
        QTest::newRow("numbers have no buckets to trim")
            << "1 >/ 5m"_ba << false << R"(operator ">/" not allowed for Scalar operations)"_ba;
        QTest::newRow("nor as a part") << "a > (1 </ 2)"_ba << false
                                       << R"(operator "</" not allowed for Scalar operations)"_ba;
        QTest::newRow("a bad pattern") << "label_replace(a, \"x\", \"y\", \"z\", \"(\")"_ba << false
                                       << "invalid regular expression in label_replace(): ("_ba;
    }

    void errors()
    {
        QFETCH(QByteArray, query);
        QFETCH(bool, delayed);
        QFETCH(QByteArray, message);
        storage::MemoryStore store;
        load(store, {"a{l=\"v\"} 1+1x10", "b{l=\"v\"} 1+1x10"});
        QueryOptions options;
        options.delayedNameRemoval = delayed;
        const auto answer = evaluate(query.toStdString(), store, at(60), options);
        QCOMPARE(answer ? ""_ba : QByteArray::fromStdString(answer.error().message), message);
        QVERIFY(answer || answer.error().kind == ErrorKind::invalid);
    }

    void aQueryHoldsNoMoreSamplesThanItMay_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::newRow("a selector") << "m"_ba;
        QTest::newRow("an aggregation of it") << "sum(m)"_ba;
        QTest::newRow("a window") << "sum_over_time(m[1h])"_ba;
        QTest::newRow("a range vector") << "m[1h]"_ba;
    }

    void aQueryHoldsNoMoreSamplesThanItMay()
    {
        QFETCH(QByteArray, query);
        storage::MemoryStore store;
        load(store, {"m{i=\"1\"} 1x100", "m{i=\"2\"} 1x100", "m{i=\"3\"} 1x100"});
        QueryOptions options;
        options.maxSamples = 2;
        const auto answer = evaluate(query.toStdString(), store, at(1500), options);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::limit);
        QCOMPARE(QByteArray::fromStdString(answer.error().message),
                 "query processing would load too many samples into memory in query execution"_ba);
        options.maxSamples = 1000;
        QVERIFY(evaluate(query.toStdString(), store, at(1500), options).has_value());
    }

    // What is kept for a part that stands twice takes room until the second was served.
    void keptRowsCountAsHeld_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<qulonglong>("needed"); // samples
        // Three kept, three handed on.
        QTest::newRow("a part twice") << "sum(m) + count(m)"_ba << 6ULL;
        QTest::newRow("a part thrice") << "sum(m) + count(m) + max(m)"_ba << 6ULL;
        QTest::newRow("what follows when it was served")
            << "sum(n) + (sum(m) + count(m))"_ba << 6ULL;
    }

    void keptRowsCountAsHeld()
    {
        QFETCH(QByteArray, query);
        QFETCH(qulonglong, needed);
        storage::MemoryStore store;
        load(store,
             {"m{i=\"1\"} 1x100", "m{i=\"2\"} 1x100", "m{i=\"3\"} 1x100", "n{i=\"1\"} 1x100",
              "n{i=\"2\"} 1x100", "n{i=\"3\"} 1x100", "n{i=\"4\"} 1x100", "n{i=\"5\"} 1x100"});
        QueryOptions options;
        const auto whole = evaluate(query.toStdString(), store, at(1500), options);
        QVERIFY(whole.has_value());
        QCOMPARE(qulonglong(whole->statistics.peakSamples), needed);
        options.maxSamples = needed;
        QVERIFY(evaluate(query.toStdString(), store, at(1500), options).has_value());
        options.maxSamples = needed - 1;
        const auto refused = evaluate(query.toStdString(), store, at(1500), options);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::limit);
        QCOMPARE(QByteArray::fromStdString(refused.error().message),
                 "query processing would load too many samples into memory in query execution"_ba);
    }

    void seriesThatAllMatchTheSameAreRefused()
    {
        storage::MemoryStore store;
        const auto appender = store.appender();
        for (int i = 0; i < 1'100; ++i) {
            const Labels labels{{"__name__", "m"}, {"i", std::to_string(i)}};
            // Never two at one step, so that it is the number alone that stands in the way.
            SampleView sample;
            sample.at = fromUnixMs(i * 600'000);
            QVERIFY(appender->append(0, labels, sample).has_value());
        }
        QVERIFY(appender->commit().has_value());
        const QueryTimes times{fromUnixMs(0), fromUnixMs(1'100 * 600'000),
                               std::chrono::minutes(10)};
        const auto answer = evaluate("m * on() group_left m", store, times, {});
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::limit);
        QCOMPARE(QByteArray::fromStdString(answer.error().message),
                 "too many series match the same: 1100 on one side and 1100 on the other have "
                 "equal matching labels"_ba);
        QVERIFY(evaluate("m * on(i) group_left m", store, times, {}).has_value());
    }

    void aStoppedQueryEnds()
    {
        storage::MemoryStore store;
        load(store, {"m 1x100"});
        std::stop_source stop;
        stop.request_stop();
        const auto answer = evaluate("sum(m)", store, at(60), {}, stop.get_token());
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::cancelled);
    }

    void aQueryWithoutTimeLeftEnds()
    {
        storage::MemoryStore store;
        load(store, {"m 1x100"});
        QueryOptions options;
        options.timeout = std::chrono::milliseconds(-1);
        const auto answer = evaluate("sum(m)", store, at(60), options);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::timeout);
    }

    void remarksSayWhere()
    {
        storage::MemoryStore store;
        load(store, {"m 1+1x100"});
        const auto answer = evaluate("1 + rate(m[1m])", store, at(60), {});
        QCOMPARE(answer->annotations.size(), 1U);
        QCOMPARE(QByteArray::fromStdString(answer->annotations[0].message),
                 "PromQL info: metric might not be a counter, name does not end in "
                 "_total/_sum/_count/_bucket: \"m\""_ba);
        QCOMPARE(answer->annotations[0].level, AnnotationLevel::info);
        QCOMPARE(answer->annotations[0].where.begin, 9U);
    }

    void aBatchMayEndWithinAGroup()
    {
        // More series than fit one batch, of several groups, against a plain calculation.
        storage::MemoryStore store;
        const auto appender = store.appender();
        double sum = 0;
        for (int i = 0; i < 3000; ++i) {
            const std::string number = std::to_string(i);
            const Labels labels(
                {{"__name__", "m"}, {"i", number}, {"job", i % 7 == 0 ? "a" : "b"}});
            SampleView sample;
            sample.at = fromUnixMs(i % 2 == 0 ? 1000 : 2000);
            sample.value = i;
            QVERIFY(appender->append(0, labels, sample).has_value());
            sum += i;
        }
        QVERIFY(appender->commit().has_value());
        const auto total = evaluate("sum(m)", store, at(3), {});
        QCOMPARE(written(total->value),
                 "{} " + QByteArray::fromStdString(text::formatG(sum)) + '\n');
        const auto all = evaluate("m * 2", store, {fromUnixMs(0), fromUnixMs(200'000), every}, {});
        QCOMPARE(std::get<Matrix>(all->value).size(), 3000U);
        const auto pairs = evaluate("m - m", store, at(3), {});
        QCOMPARE(std::get<Vector>(pairs->value).size(), 3000U);
    }

    void aDeepQueryIsEvaluated()
    {
        storage::MemoryStore store;
        load(store, {"m 1x10"});
        std::string query = "m";
        for (int i = 0; i < 1500; ++i) {
            query += " + 1";
        }
        const auto answer = evaluate(query, store, at(60), {});
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
        QCOMPARE(written(answer->value), "{} 1501\n"_ba);
    }
};

QTEST_GUILESS_MAIN(TestEvaluate)
#include "tst_evaluate.moc"
