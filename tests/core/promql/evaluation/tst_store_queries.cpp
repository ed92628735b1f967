// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/query.h"
#include "core/storage/memory_store.h"
#include "core/tsdb/store.h"
#include "tests/core/tsdb/store_opening.h"

#include <bit>

#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;
using namespace Qt::StringLiterals;

namespace {

constexpr std::int64_t startMs = 1'700'000'000'000;
constexpr int samples = 30; // one each 15 s
constexpr int seriesOfLarge = 1'200; // more than a reader takes

bool isSame(const std::vector<double>& a, const std::vector<double>& b)
{
    return std::ranges::equal(a, b, [](double x, double y) {
        return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
    });
}

Matrix rows(QueryResult result)
{
    if (auto* const vector = std::get_if<Vector>(&result.value)) {
        Matrix matrix;
        for (VectorSample& sample : *vector) {
            matrix.push_back({std::move(sample.labels), {sample.atMs}, {sample.value}, {}, {}});
        }
        std::ranges::sort(matrix, {}, &MatrixSeries::labels);
        return matrix;
    }
    return std::get<Matrix>(std::move(result.value));
}

} // namespace

/// A query gets the same answer whatever store holds its series, and however many threads there
/// are: bit by bit, remarks included.
class TestStoreQueries : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory;
    storage::MemoryStore m_plain;
    std::unique_ptr<tsdb::Store> m_store;

    static void fill(storage::Appender& appender)
    {
        for (int i = 0; i < samples; ++i) {
            const auto add = [&](Labels labels, double value) {
                SampleView sample;
                sample.at = fromUnixMs(startMs + i * 15'000);
                sample.value = value;
                QVERIFY(appender.append(0, labels, sample));
            };
            for (int n = 0; n < seriesOfLarge; ++n) {
                add({{"__name__", "m_total"},
                     {"job", "large"},
                     {"n", std::to_string(n)},
                     {"x", std::to_string(n % 7)}},
                    i * (n % 13) * 0.1 + n);
            }
            for (const char* const instance : {"a", "b", "c"}) {
                for (int n = 0; n < 20; ++n) {
                    for (const char* const name : {"m_total", "g"}) {
                        add({{"__name__", name},
                             {"instance", instance},
                             {"job", "small"},
                             {"n", std::to_string(n)}},
                            (i * n) % 17);
                    }
                }
            }
        }
    }

private slots:
    void initTestCase()
    {
        tsdb::OpenOptions options;
        options.directory = m_directory.path().toStdString();
        m_store = tsdb::openStore(options);
        QVERIFY(m_store != nullptr);
        for (storage::Appender* const appender :
             {m_plain.appender().release(), m_store->appender().release()}) {
            const std::unique_ptr<storage::Appender> own(appender);
            fill(*own);
            QVERIFY(own->commit());
        }
    }

    void answerAlike_data()
    {
        QTest::addColumn<QByteArray>("query");
        for (const char* const query :
             {"m_total",
              "rate(m_total[1m])",
              "sum by (x) (rate(m_total[1m]))",
              "sum(m_total)",
              "avg by (job, instance) (m_total)",
              "count by (__name__) (m_total)",
              "sum by (__name__, x) (m_total)",
              "max by (nowhere) (m_total)",
              "sum without (n) (rate(m_total[1m]))",
              "sum by (x) (m_total * 2)",
              "sum by (job) (-abs(m_total))",
              "quantile by (x) (0.9, increase(m_total[2m]))",
              "stddev by (job) (g > 3)",
              "topk by (job) (2, m_total)",
              "sum by (job) ({__name__=~\"m_total|g\"})",
              "sum(rate(m_total[1m])) / sum(rate(m_total[1m]))",
              "sum by (x) (m_total) - ignoring (job) sum by (x) (m_total)",
              "m_total - m_total",
              "max_over_time(sum by (x) (m_total)[3m:30s])",
              "sum by (x) (last_over_time(m_total[1m]))",
              "histogram_quantile(0.5, rate(m_total[1m]))",
              "rate(g[1m])",
              "count_values by (job) (\"v\", g)",
              "sum by (instance) (g offset 1m)",
              "sum(m_total @ end())",
              "count by () (idelta(m_total[1m] @ end()) != bool time())",
              "absent(m_total{n=\"none\"})"}) {
            QTest::newRow(query) << QByteArray(query);
        }
    }

    void answerAlike()
    {
        QFETCH(QByteArray, query);
        ThreadPool pool(3);
        for (const bool delayed : {false, true}) {
            for (const int stepSeconds : {0, 20}) {
                QueryOptions options;
                options.delayedNameRemoval = delayed;
                options.features.experimentalFunctions = true;
                const Timestamp end = fromUnixMs(startMs + samples * 15'000);
                const QueryTimes times = stepSeconds == 0
                    ? QueryTimes::instant(end)
                    : QueryTimes{end - std::chrono::minutes(6), end,
                                 std::chrono::seconds(stepSeconds)};
                auto wanted = evaluate(query.toStdString(), m_plain, times, options);
                options.workers = &pool;
                options.helpers = 3;
                auto got = evaluate(query.toStdString(), *m_store, times, options);
                if (!wanted || !got) {
                    QCOMPARE(bool(got), bool(wanted));
                    QCOMPARE(got.error().message, wanted.error().message);
                    continue;
                }
                QCOMPARE(got->annotations, wanted->annotations);
                const Matrix ours = rows(std::move(*got));
                const Matrix theirs = rows(std::move(*wanted));
                QCOMPARE(ours.size(), theirs.size());
                for (std::size_t i = 0; i < ours.size(); ++i) {
                    QCOMPARE(ours[i].labels.toString(), theirs[i].labels.toString());
                    QCOMPARE(ours[i].atMs, theirs[i].atMs);
                    QVERIFY(isSame(ours[i].values, theirs[i].values));
                }
            }
        }
    }

    /// Equal parts are read once.
    void equalPartsAreReadOnce()
    {
        const QueryOptions options;
        const QueryTimes times = QueryTimes::instant(fromUnixMs(startMs + samples * 15'000));
        const auto once = evaluate("sum(rate(m_total[1m]))", *m_store, times, options);
        const auto twice
            = evaluate("sum(rate(m_total[1m])) / sum(rate(m_total[1m]))", *m_store, times, options);
        QVERIFY(once && twice);
        QVERIFY(once->statistics.samplesRead > 0);
        QCOMPARE(twice->statistics.samplesRead, once->statistics.samplesRead);
    }
};

QTEST_GUILESS_MAIN(TestStoreQueries)
#include "tst_store_queries.moc"
