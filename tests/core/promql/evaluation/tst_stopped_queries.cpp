// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/query.h"
#include "core/storage/memory_store.h"

#include <chrono>
#include <future>
#include <thread>

#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;
using namespace Qt::StringLiterals;

/// Queries of seconds and minutes, stopped on the way by another thread. How soon they end is
/// measured, with a limit that only a loop which does not look breaks.
class TestStoppedQueries : public QObject {
    Q_OBJECT

    static constexpr int longSamples = 20'000;
    static constexpr int wide = 3'000;
    storage::MemoryStore m_store;

private slots:
    void initTestCase()
    {
        const auto appender = m_store.appender();
        const auto append = [&](const Labels& labels, std::int64_t atMs, double value) {
            SampleView sample;
            sample.at = fromUnixMs(atMs);
            sample.value = value;
            QVERIFY(appender->append(0, labels, sample).has_value());
        };
        for (int i = 0; i < longSamples; ++i) {
            append(Labels{{"__name__", "long"}}, i * std::int64_t{15'000}, i);
        }
        for (int series = 0; series < wide; ++series) {
            const std::string number = std::to_string(series);
            const std::string instance = std::to_string(series / 10);
            const Labels buckets{{"__name__", "wide"},
                                 {"instance", instance},
                                 {"job", "j"},
                                 {"le", series % 10 == 9 ? "+Inf" : std::to_string(series % 10)}};
            for (int minute = 0; minute < 30; ++minute) {
                append(buckets, minute * std::int64_t{60'000}, series % 10 + minute);
            }
            append(Labels{{"__name__", "target_info"},
                          {"instance", instance},
                          {"job", "j"},
                          {"data", number}},
                   0, 1);
        }
        QVERIFY(appender->commit().has_value());
    }

    void queries_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<int>("seconds"); // from the epoch, in steps of one
        QTest::newRow("long windows") << "deriv(long[1d])"_ba << 300'000;
        QTest::newRow("long windows of a subquery") << "deriv(long[1d:15s])"_ba << 300'000;
        QTest::newRow("large groups") << "quantile(0.5, wide)"_ba << 1'800;
        QTest::newRow("histograms of many buckets")
            << "histogram_quantiles(wide, \"q\", .1, .2, .3, .4, .5, .6, .7, .8, .9, 1)"_ba
            << 1'800;
        QTest::newRow("pairs") << "wide{instance=~\"1.\"} * on() group_left wide{le=\"1\"} * "
                                  "on() group_left wide{instance=~\"2.\"}"_ba
                               << 600;
        QTest::newRow("info") << "info(wide)"_ba << 1'800;
    }

    void queries()
    {
        QFETCH(QByteArray, query);
        QFETCH(int, seconds);
        using Clock = std::chrono::steady_clock;
        QueryOptions options;
        options.features = Features::all();
        options.maxSamples = 1'000'000'000;
        const QueryTimes times{fromUnixMs(0), fromUnixMs(seconds * std::int64_t{1'000}),
                               std::chrono::seconds(1)};
        std::stop_source stop;
        auto ended = std::async(std::launch::async, [&] {
            return evaluate(query.toStdString(), m_store, times, options, stop.get_token());
        });
        // Long enough to be within the loops that matter, with some luck; wherever it is, the
        // query has to end.
        ended.wait_for(std::chrono::milliseconds(200));
        const auto asked = Clock::now();
        stop.request_stop();
        const auto answer = ended.get();
        const auto took = Clock::now() - asked;
        QVERIFY2(!answer, "it ended before it was stopped");
        QVERIFY2(answer.error().kind == ErrorKind::cancelled, answer.error().message.c_str());
        const auto tookMs = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
        qInfo("%lld ms", static_cast<long long>(tookMs));
        QVERIFY2(tookMs < 1'000, qPrintable(QString::number(tookMs)));
    }
};

QTEST_GUILESS_MAIN(TestStoppedQueries)
#include "tst_stopped_queries.moc"
