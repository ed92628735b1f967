// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/promql/evaluation/evaluated.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;
using namespace Qt::StringLiterals;

namespace {

using Counts = std::vector<std::uint64_t>;

QByteArray written(const Counts& counts)
{
    QByteArray out;
    for (const std::uint64_t count : counts) {
        out += (out.isEmpty() ? "" : " ") + QByteArray::number(qulonglong(count));
    }
    return out;
}

} // namespace

/// Samples of queries as Prometheus counts them: what its promql/engine.go says of each kind of
/// expression, and for most of these what version 3.5 answers (tests/interop).
class TestSampleCounts : public QObject {
    Q_OBJECT

    storage::MemoryStore m_store;

    QueryOptions options() const
    {
        QueryOptions options;
        options.features = Features::all();
        options.countSamples = true;
        return options;
    }
    /// `steps` of 30 s from the tenth minute; one: at that moment.
    static QueryTimes times(int steps)
    {
        QueryTimes times = at(600);
        if (steps > 1) {
            times.end += std::chrono::seconds(30) * (steps - 1);
            times.step = std::chrono::seconds(30);
        }
        return times;
    }

private slots:
    void initTestCase()
    {
        load(m_store,
             {"m{i=\"1\"} 1x100", "m{i=\"2\"} 1x100", "m{i=\"3\"} 1x100", "n 1x100",
              "gaps 1x38 _x2 stale 1x60", "h {{schema:0 sum:10 count:6 buckets:[1 2 3]}}x100",
              "turns 1x38 {{schema:0 sum:10 count:6 buckets:[1 2 3]}}x60",
              "up{job=\"j\",instance=\"a\"} 1x100",
              "target_info{job=\"j\",instance=\"a\",version=\"1\"} 1x100"});
    }

    void queries_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<int>("steps");
        QTest::addColumn<QByteArray>("total"); // by step
        QTest::addColumn<QByteArray>("read"); // by step
        QTest::addColumn<int>("peak");
        const auto row = [](const char* name, const char* query, int steps, const char* total,
                            const char* read, int peak) {
            QTest::newRow(name) << QByteArray(query) << steps << QByteArray(total)
                                << QByteArray(read) << peak;
        };
        row("a number", "1", 3, "0 0 0", "0 0 0", 3);
        row("a string", "\"text\"", 1, "0", "0", 0);
        row("numbers are added once", "1 + 2", 3, "0 0 0", "0 0 0", 5);
        row("a selector", "m", 1, "3", "3", 3);
        row("a selector at several steps", "m", 3, "3 3 3", "3 3 3", 9);
        row("a selector of nothing", "none", 3, "0 0 0", "0 0 0", 0);
        row("a selector that is fixed", "m @ 600", 3, "3 3 3", "3 0 0", 9);
        row("parentheses", "((m))", 3, "3 3 3", "3 3 3", 9);
        row("a sign", "-m", 3, "3 3 3", "3 3 3", 9);
        row("a sign that does nothing", "+m", 3, "3 3 3", "3 3 3", 9);
        // Both sides, what is gathered of them at a step, and what came of it.
        row("a vector and a number", "m + 1", 1, "3", "3", 3 + 1 + 4 + 3);
        row("the results of earlier steps stay", "m + 1", 3, "3 3 3", "3 3 3", 9 + 3 + 4 + 9);
        row("two vectors", "m + on(i) m", 1, "6", "6", 6 + 6 + 3);
        row("a part of it fixed", "m + on(i) m @ 600", 3, "6 6 6", "6 3 3", 18 + 6 + 9);
        row("a comparison", "m > 1", 1, "3", "3", 3 + 1 + 4);
        row("and", "m and m", 1, "6", "6", 6 + 6 + 3);
        row("or", "m or n", 1, "4", "4", 4 + 4 + 4);
        row("an aggregation", "sum(m)", 3, "3 3 3", "3 3 3", 9);
        row("an aggregation with a parameter", "topk(2, m)", 1, "3", "3", 4);
        row("a parameter that reads", "quantile(scalar(n), m)", 1, "4", "4", 4);
        row("nothing is picked", "topk(0, m)", 1, "3", "3", 4);
        row("counted values", "count_values(\"v\", m)", 1, "3", "3", 3 + 3 + 1);
        row("a function", "abs(m)", 1, "3", "3", 3 + 3 + 3);
        row("a function with numbers", "clamp(m, 0, 1)", 1, "3", "3", 3 + 2 + 5 + 3);
        row("a vector of a number is made once", "vector(1)", 3, "0 0 0", "0 0 0", 3);
        row("the time", "time()", 3, "0 0 0", "0 0 0", 3);
        row("a scalar", "scalar(n)", 1, "1", "1", 1 + 1 + 1);
        row("an absence", "absent(m)", 1, "3", "3", 3 + 3);
        row("labels", "label_replace(m, \"a\", \"b\", \"i\", \"1\")", 1, "3", "3", 3);
        row("times of samples", "timestamp(m)", 3, "3 3 3", "3 3 3", 3 + 9);
        row("times of results", "timestamp(abs(m))", 1, "3", "3", 3 + 3 + 3);
        row("info", "info(up)", 1, "2", "2", 2 + 2 + 1);
        // A window holds four of each series. Results of series before it stay.
        row("windows", "rate(m[1m])", 1, "12", "12", 2 + 4 + 1);
        row("windows at several steps", "rate(m[1m])", 3, "12 12 12", "12 6 6", 6 + 4 + 3);
        row("windows apart", "rate(m[15s])", 3, "3 3 3", "3 3 3", 0 + 1 + 0);
        row("windows elsewhere", "rate(m[1m] offset 5m)", 3, "12 12 12", "12 6 6", 6 + 4 + 3);
        row("fixed windows", "rate(m[1m] @ 600)", 3, "12 12 12", "12 0 0", 3 * 3);
        row("fixed windows of moments", "predict_linear(m[1m] @ 600, 60)", 3, "12 12 12", "12 0 0",
            3 + 6 + 4 + 3);
        row("windows and numbers", "quantile_over_time(0.5, m[1m])", 1, "12", "12", 1 + 2 + 4 + 1);
        row("windows of nothing", "absent_over_time(none[1m])", 3, "0 0 0", "0 0 0", 0);
        row("windows of something", "absent_over_time(n[1m])", 1, "4", "4", 4 + 1);
        row("gaps and markers", "count_over_time(gaps[2m] offset -45s)", 1, "5", "5", 5 + 1);
        row("extended windows", "increase(n[1m] anchored)", 1, "24", "24", 24 + 1);
        row("windows extended on both sides", "increase(n[1m] smoothed)", 3, "44 44 44", "44 2 2",
            44 + 3);
        row("a range vector", "m[1m]", 1, "12", "12", 12);
        // Two steps within the window of one, four within those of three.
        row("a subquery", "max_over_time(m[1m:30s])", 1, "6", "6", 6 + 2 + 2 + 1);
        row("a subquery at several steps", "max_over_time(m[1m:30s])", 3, "6 6 6", "6 3 3",
            12 + 6 + 2 + 3);
        row("a subquery between whose windows is time", "max_over_time(m[15s:5s])", 3, "9 9 9",
            "9 9 9", 45 + 6 + 3 + 3);
        row("a subquery elsewhere", "max_over_time(m[1m:30s] offset 30s)", 3, "6 6 6", "6 3 3",
            12 + 6 + 2 + 3);
        row("a subquery in a subquery", "max_over_time(min_over_time(m[30s:15s])[1m:30s])", 1, "6",
            "12", 12 + 4 + 2 + 2);
        row("a subquery of what is the same", "max_over_time((m @ 600)[1m:30s])", 1, "6", "3",
            6 + 2 + 2 + 1);
        row("a range vector of results", "m[1m:30s]", 1, "6", "6", 6);
        // 13 numbers to a histogram.
        row("histograms", "h", 3, "13 13 13", "13 13 13", 39);
        row("histograms in windows", "last_over_time(h[1m])", 3, "52 52 52", "52 26 26", 52 + 39);
        row("numbers and histograms in windows", "count_over_time(turns[1m])", 1, "28", "28",
            28 + 1);
        row("histograms in vectors", "h * 2", 1, "13", "13", 13 + 1 + 2 + 13);
        row("histograms without their buckets", "histogram_count(h)", 1, "11", "11", 11 + 1 + 1);
        row("a range vector of histograms", "h[1m]", 1, "52", "52", 52);
    }

    void queries()
    {
        QFETCH(QByteArray, query);
        QFETCH(int, steps);
        QFETCH(QByteArray, total);
        QFETCH(QByteArray, read);
        QFETCH(int, peak);
        const auto answer = evaluate(query.toStdString(), m_store, times(steps), options());
        QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
        QVERIFY(answer->statistics.counts.has_value());
        const SampleCounts& counts = *answer->statistics.counts;
        QCOMPARE(written(counts.totalPerStep), total);
        QCOMPARE(written(counts.readPerStep), read);
        QCOMPARE(int(counts.peak), peak);
        std::uint64_t sum = 0;
        for (const std::uint64_t count : counts.totalPerStep) {
            sum += count;
        }
        QCOMPARE(counts.total, sum);
        QCOMPARE(counts.startMs, std::int64_t{600'000});
        QCOMPARE(counts.stepMs, std::int64_t{steps > 1 ? 30'000 : 1});
    }

    void nobodyCountsUnasked()
    {
        const auto answer = evaluate("m", m_store, at(600), {});
        QVERIFY(answer.has_value());
        QVERIFY(!answer->statistics.counts.has_value());
    }

    // Series of one scrape share their windows, series with gaps do not; in batches of several.
    void manySeriesAreCountedInBatches()
    {
        storage::MemoryStore store;
        const auto appender = store.appender();
        constexpr int series = 1'500;
        for (int i = 0; i < series; ++i) {
            for (int row = 0; row < 41; ++row) {
                SampleView sample;
                sample.at = fromUnixMs(row * 15'000);
                if (i % 3 != 0 || row % 2 == 0) {
                    QVERIFY(appender->append(0, Labels{{"__name__", "m"}, {"i", std::to_string(i)}},
                                             sample));
                }
            }
        }
        QVERIFY(appender->commit());
        const auto answer = evaluate("sum(count_over_time(m[1m]))", store, times(1), options());
        QVERIFY(answer && answer->statistics.counts);
        QCOMPARE(answer->statistics.counts->total, std::uint64_t{1'000 * 4 + 500 * 2});
    }

    void failuresTellHowFarTheyCame_data()
    {
        QTest::addColumn<int>("maxSamples");
        QTest::addColumn<int>("timeoutMs");
        QTest::addColumn<bool>("stopped");
        QTest::addColumn<int>("kind");
        QTest::addColumn<qulonglong>("total");
        QTest::newRow("too many samples") << 2 << 60'000 << false << int(ErrorKind::limit) << 3ULL;
        QTest::newRow("no time left") << 1'000 << -1 << false << int(ErrorKind::timeout) << 0ULL;
        QTest::newRow("stopped") << 1'000 << 60'000 << true << int(ErrorKind::cancelled) << 0ULL;
    }

    void failuresTellHowFarTheyCame()
    {
        QFETCH(int, maxSamples);
        QFETCH(int, timeoutMs);
        QFETCH(bool, stopped);
        QFETCH(int, kind);
        QFETCH(qulonglong, total);
        QueryReport report;
        QueryOptions asked = options();
        asked.maxSamples = std::uint64_t(maxSamples);
        asked.timeout = std::chrono::milliseconds(timeoutMs);
        asked.explain = true;
        asked.report = &report;
        std::stop_source stop;
        if (stopped) {
            stop.request_stop();
        }
        const auto answer = evaluate("sum(m)", m_store, times(1), asked, stop.get_token());
        QVERIFY(!answer);
        QCOMPARE(int(answer.error().kind), kind);
        QVERIFY(report.explanation.has_value());
        QCOMPARE(report.explanation->kind, std::string("aggregation sum"));
        QCOMPARE(report.explanation->children.size(), std::size_t{1});
        QVERIFY(report.statistics.counts.has_value());
        QCOMPARE(qulonglong(report.statistics.counts->total), total);
        QVERIFY(report.statistics.evaluate.count() > 0);
    }

    void answersFillTheReportToo()
    {
        QueryReport report;
        QueryOptions asked = options();
        asked.report = &report;
        QVERIFY(evaluate("m", m_store, at(600), asked));
        QVERIFY(report.statistics.counts.has_value());
        QCOMPARE(report.statistics.counts->peak, std::uint64_t{3});
        QVERIFY(!report.explanation.has_value());
    }
};

QTEST_GUILESS_MAIN(TestSampleCounts)
#include "tst_sample_counts.moc"
