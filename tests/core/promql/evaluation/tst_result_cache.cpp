// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/result_cache.h"
#include "core/storage/memory_store.h"

#include <algorithm>
#include <bit>
#include <random>

#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;
using namespace Qt::StringLiterals;

namespace {

constexpr std::int64_t startMs = 1'700'000'040'000; // a multiple of a minute
constexpr int samples = 600; // one each 15 s

/// A store that says what a test wants it to say of its history.
class Told final : public storage::Queryable {
public:
    explicit Told(storage::MemoryStore& store)
        : m_store(store)
    {
    }
    Result<std::unique_ptr<storage::Querier>> querier() override { return m_store.querier(); }
    std::optional<storage::History> history() const override { return said; }

    std::optional<storage::History> said = storage::History{1, fromUnixMs(startMs)};

private:
    storage::MemoryStore& m_store;
};

QString drawn(const QueryResult& result)
{
    QString out;
    for (const MatrixSeries& series : std::get<Matrix>(result.value)) {
        out += QString::fromStdString(series.labels.toString());
        for (std::size_t i = 0; i < series.atMs.size(); ++i) {
            out += u" %1:%2"_s.arg(series.atMs[i] - startMs)
                       .arg(std::bit_cast<quint64>(series.values[i]), 0, 16);
        }
        out += u'\n';
    }
    return out;
}

} // namespace

class TestResultCache : public QObject {
    Q_OBJECT

    storage::MemoryStore m_store;

    void add(const Labels& labels, int from, int to)
    {
        const auto appender = m_store.appender();
        for (int i = from; i < to; ++i) {
            SampleView sample;
            sample.at = fromUnixMs(startMs + std::int64_t{i} * 15'000);
            sample.value = i % 50 * 1.5;
            QVERIFY(appender->append(0, labels, sample));
        }
        QVERIFY(appender->commit());
    }

    static QueryTimes minutes(int from, int to, int step = 1)
    {
        return {fromUnixMs(startMs) + std::chrono::minutes(from),
                fromUnixMs(startMs) + std::chrono::minutes(to), std::chrono::minutes(step)};
    }

private slots:
    void initTestCase()
    {
        add({{"__name__", "m_total"}, {"n", "always"}}, 0, samples);
        add({{"__name__", "m_total"}, {"n", "early"}}, 0, 100);
        add({{"__name__", "m_total"}, {"n", "late"}}, 300, samples);
        add({{"__name__", "gauge"}, {"n", "now and then"}}, 50, 90);
        add({{"__name__", "gauge"}, {"n", "now and then"}}, 400, 410);
    }

    void answersAsWithout_data()
    {
        QTest::addColumn<QByteArray>("query");
        for (const char* const query :
             {"m_total", "sum(rate(m_total[2m]))", "rate(gauge[5m])", "topk(1, m_total)",
              "max_over_time(m_total[10m:1m])", "m_total offset 5m", "time()", "vector(time())",
              "absent(gauge)", "count_values(\"v\", gauge)", "m_total{n=\"early\"} or gauge",
              "m_total offset -5m", "m_total @ 1700000400", "m_total @ end()",
              "sum_over_time(m_total[step() * 3])", "sum_over_time(m_total[range() / 4])",
              "limitk(2, m_total)"}) {
            QTest::newRow(query) << QByteArray(query);
        }
    }

    /// Ranges that move, grow, shrink and jump, as people look around in a graph.
    void answersAsWithout()
    {
        QFETCH(QByteArray, query);
        Told store(m_store);
        ResultCache cache(std::size_t{1} << 20);
        QueryOptions options;
        options.features.experimentalFunctions = true;
        std::mt19937 random(99);
        for (int round = 0; round < 60; ++round) {
            const int from = static_cast<int>(random() % 120);
            QueryTimes times
                = minutes(from, from + static_cast<int>(random() % 60), random() % 8 == 0 ? 2 : 1);
            times.end += std::chrono::seconds(random() % 50); // behind the last step
            store.said->settledUntil
                = fromUnixMs(startMs) + std::chrono::seconds(random() % 12'000);
            const auto wanted = evaluate(query.toStdString(), m_store, times, options);
            const auto got = cache.evaluate(query.toStdString(), store, times, options);
            QVERIFY(wanted && got);
            QCOMPARE(drawn(*got), drawn(*wanted));
            // What is kept may also have remarks on steps outside the range.
            for (const Annotation& remark : wanted->annotations) {
                QVERIFY(std::ranges::contains(got->annotations, remark));
            }
        }
    }

    void computesNewStepsOnly()
    {
        Told store(m_store);
        store.said->settledUntil = fromUnixMs(startMs) + std::chrono::minutes(95);
        ResultCache cache(std::size_t{1} << 20);
        const QueryOptions options;
        const auto first = cache.evaluate("sum(m_total)", store, minutes(0, 100), options);
        const auto again = cache.evaluate("sum(m_total)", store, minutes(1, 101), options);
        QVERIFY(first && again);
        QVERIFY(first->statistics.samplesRead > 150);
        // Those after minute 95, of two series.
        QCOMPARE(again->statistics.samplesRead, std::uint64_t{12});
    }

    // What a query is about does not depend on what was asked before.
    void countsSamplesOfTheWhole()
    {
        Told store(m_store);
        store.said->settledUntil = fromUnixMs(startMs) + std::chrono::minutes(200);
        ResultCache cache(std::size_t{1} << 20);
        QueryOptions options;
        QVERIFY(cache.evaluate("sum(m_total)", store, minutes(0, 100), options));
        options.countSamples = true;
        for (int again = 0; again < 2; ++again) {
            const auto result = cache.evaluate("sum(m_total)", store, minutes(0, 100), options);
            const auto wanted = evaluate("sum(m_total)", m_store, minutes(0, 100), options);
            QVERIFY(result && wanted);
            QVERIFY(result->statistics.counts && wanted->statistics.counts);
            QVERIFY(wanted->statistics.counts->total > 150);
            QCOMPARE(result->statistics.counts->total, wanted->statistics.counts->total);
            QCOMPARE(result->statistics.counts->peak, wanted->statistics.counts->peak);
        }
    }

    void forgetsWhatChanged()
    {
        Told store(m_store);
        store.said->settledUntil = fromUnixMs(startMs) + std::chrono::minutes(200);
        ResultCache cache(std::size_t{1} << 20);
        const QueryOptions options;
        const auto count = [&] {
            const auto result
                = cache.evaluate("count({n=\"new\"})", store, minutes(0, 100), options);
            return result ? std::get<Matrix>(result->value).size() : std::size_t{99};
        };
        QCOMPARE(count(), std::size_t{0});
        add({{"__name__", "old"}, {"n", "new"}}, 0, 10);
        QCOMPARE(count(), std::size_t{0}); // nobody said so
        ++store.said->epoch;
        QCOMPARE(count(), std::size_t{1});
    }

    void keepsToItsSize()
    {
        Told store(m_store);
        store.said->settledUntil = fromUnixMs(startMs) + std::chrono::minutes(200);
        ResultCache cache(20'000);
        const QueryOptions options;
        for (int i = 0; i < 50; ++i) {
            const std::string query = "sum(m_total) + " + std::to_string(i);
            QVERIFY(cache.evaluate(query, store, minutes(0, 100), options));
            QVERIFY(cache.bytes() <= 20'000);
        }
        QVERIFY(cache.bytes() > 10'000);
        // The last is there, the first is not.
        const auto last = cache.evaluate("sum(m_total) + 49", store, minutes(0, 100), options);
        const auto first = cache.evaluate("sum(m_total) + 0", store, minutes(0, 100), options);
        QVERIFY(last && first);
        QCOMPARE(last->statistics.samplesRead, std::uint64_t{0});
        QVERIFY(first->statistics.samplesRead > 0);
    }

    void failsAsWithout()
    {
        Told store(m_store);
        ResultCache cache(1'000);
        const auto failed = cache.evaluate("sum(", store, minutes(0, 100), {});
        const auto wanted = evaluate("sum(", m_store, minutes(0, 100), {});
        QVERIFY(!failed && !wanted);
        QCOMPARE(failed.error().message, wanted.error().message);
    }
};

QTEST_GUILESS_MAIN(TestResultCache)
#include "tst_result_cache.moc"
