// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/query.h"
#include "core/storage/memory_store.h"
#include "tests/support/program/stopwatch.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <future>
#include <optional>
#include <string>
#include <thread>

#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;
using namespace Qt::StringLiterals;

/// Queries of seconds and minutes, stopped on the way by another thread. They end within 20 ms;
/// where other programs have the processors, within a second, which only a loop that does not look
/// breaks.
class TestStoppedQueries : public QObject {
    Q_OBJECT

    static constexpr int longSamples = 20'000;
    static constexpr int wide = 3'000;
#ifdef NDEBUG
    static constexpr qint64 promisedMs = 20;
#else
    static constexpr qint64 promisedMs = 60; // not optimised
#endif
    storage::MemoryStore m_store;

    /// How long the query goes on, in ms, when it is stopped so long after it began; nothing, and
    /// the test has failed: it ended in another way.
    std::optional<qint64> stoppedAfter(std::chrono::milliseconds some, const std::string& query,
                                       const QueryTimes& times)
    {
        QueryOptions options;
        options.features = Features::all();
        options.maxSamples = 1'000'000'000;
        std::stop_source stop;
        auto ended = std::async(std::launch::async, [&] {
            return evaluate(query, m_store, times, options, stop.get_token());
        });
        ended.wait_for(some);
        const tests::Stopwatch watch;
        stop.request_stop();
        const auto answer = ended.get();
        const qint64 took = watch.clockMs();
        if (answer || answer.error().kind != ErrorKind::cancelled) {
            QTest::qFail(answer ? "it ended before it was stopped" : answer.error().message.c_str(),
                         __FILE__, __LINE__);
            return std::nullopt;
        }
        return took;
    }

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
                               << 1'800;
        QTest::newRow("info") << "info(wide)"_ba << 1'800;
    }

    void queries()
    {
        QFETCH(QByteArray, query);
        QFETCH(int, seconds);
        const QueryTimes times{fromUnixMs(0), fromUnixMs(seconds * std::int64_t{1'000}),
                               std::chrono::seconds(1)};
        const tests::Stopwatch watch;
        std::array<qint64, 5> took{};
        for (std::size_t i = 0; i < took.size(); ++i) {
            // Long enough to be within the loops that matter, with some luck, and each time
            // elsewhere in them; wherever it is, the query has to end.
            const auto some = std::chrono::milliseconds(150 + 23 * i);
            const auto one = stoppedAfter(some, query.toStdString(), times);
            if (!one) {
                return;
            }
            took[i] = *one;
        }
        const bool isCrowded = watch.isCrowded(watch.thisProcessCpuMs());
        std::ranges::sort(took);
        qInfo("%lld to %lld ms%s", took.front(), took.back(), isCrowded ? "; crowded" : "");
        QVERIFY2(took.back() < 1'000, qPrintable(QString::number(took.back())));
        // A scheduler may be late once.
        const qint64 usual = took[took.size() - 2];
        QVERIFY2(isCrowded || usual <= promisedMs, qPrintable(QString::number(usual)));
    }
};

QTEST_GUILESS_MAIN(TestStoppedQueries)
#include "tst_stopped_queries.moc"
