// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Series whose last samples went leave the index; those that come back, or still have samples
// anywhere, do not notice.
#include "tests/core/tsdb/store_opening.h"
#include "tests/core/tsdb/store_reading.h"

#include <array>
#include <random>
#include <thread>

#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;

namespace {

constexpr std::int64_t startMs = 1'699'977'600'000; // a window begins there
constexpr std::int64_t windowMs = 28'800'000;
constexpr std::int64_t stepMs = 300'000;

Labels labelsOf(const std::string& pod, int n)
{
    return Labels{{"__name__", "metric"}, {"n", std::to_string(n)}, {"pod", pod}};
}

} // namespace

class TestDeadSeries : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    HandClock m_clock;
    std::unique_ptr<Store> m_store;

    void open()
    {
        OpenOptions options = byHand(*m_dir, m_clock);
        options.retention.time = std::chrono::hours(24);
        m_store = openStore(options);
    }
    void reopen()
    {
        m_store.reset();
        open();
    }

    static constexpr std::size_t perPod = 30;

    /// Rows of one pod's series from a target of that job, from a moment on.
    bool write(storage::GroupWriter& writer, const std::string& pod, std::int64_t fromMs,
               std::int64_t toMs)
    {
        std::vector<storage::Position> positions;
        const auto lookUp = [&] {
            positions.clear();
            for (std::size_t n = 0; n < perPod; ++n) {
                const auto position = writer.position(labelsOf(pod, int(n)));
                if (!position) {
                    return false;
                }
                positions.push_back(*position);
            }
            return true;
        };
        std::uint64_t version = 0;
        for (std::int64_t at = fromMs; at < toMs; at += stepMs) {
            m_clock.time = fromUnixMs(at);
            if (version != writer.layoutVersion()) {
                version = writer.layoutVersion();
                if (!lookUp()) {
                    return false;
                }
            }
            std::vector<double> values(writer.positions(), absentValue());
            for (std::size_t n = 0; n < perPod; ++n) {
                values[positions[n]] = double(at / 1'000 + std::int64_t(n));
            }
            const auto done = writer.commit({fromUnixMs(at), values, {}, {}, {}, {}});
            if (!done || done->stored != perPod) {
                return false;
            }
        }
        return true;
    }

    /// Seals, drops and removes what is due.
    bool settle()
    {
        for (int i = 0; i < 50; ++i) {
            m_clock.time += std::chrono::minutes(2);
            if (!m_store->commitNow() || !m_store->sealNow()) {
                return false;
            }
        }
        return true;
    }

    std::uint64_t series() { return m_store->stats()->series; }
    std::vector<std::string> pods()
    {
        const auto querier = m_store->querier();
        return (*querier)->labelValues("pod", {}, always()).value();
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_clock.time = fromUnixMs(startMs);
        open();
        QVERIFY(m_store);
    }
    void cleanup() { m_store.reset(); }

    void theirTargetIsGone()
    {
        {
            const auto writer = m_store->openGroup(Labels{{"job", "old"}});
            QVERIFY(write(**writer, "old", startMs, startMs + windowMs));
        }
        const auto writer = m_store->openGroup(Labels{{"job", "new"}});
        QVERIFY(write(**writer, "new", startMs + windowMs, startMs + 6 * windowMs));
        QVERIFY(settle());
        QCOMPARE(series(), std::uint64_t(perPod));
        QCOMPARE(pods(), std::vector<std::string>{"new"});
        QCOMPARE(m_store->stats()->groups, std::uint64_t(1));
        QVERIFY(m_store->verify()->damage.empty());
        QCOMPARE(readAll(*m_store).size(), perPod);
    }

    void theyChangeInOneTarget()
    {
        const auto writer = m_store->openGroup(Labels{{"job", "a"}});
        for (int pod = 0; pod < 8; ++pod) {
            QVERIFY(write(**writer, "pod" + std::to_string(pod), startMs + pod * windowMs,
                          startMs + (pod + 1) * windowMs));
            QVERIFY(m_store->commitNow());
        }
        QVERIFY(settle());
        // Windows of 24 hours before the newest sample, and the one they reach into.
        QVERIFY2(series() <= 5 * perPod, std::to_string(series()).c_str());
        QVERIFY2(series() >= 3 * perPod, std::to_string(series()).c_str());
        const std::vector<std::string> left = pods();
        QVERIFY(!std::ranges::contains(left, std::string("pod0")));
        QVERIFY(std::ranges::contains(left, std::string("pod7")));
        QVERIFY(m_store->verify()->damage.empty());
    }

    void oneThatComesBackIsWritten()
    {
        auto writer = m_store->openGroup(Labels{{"job", "a"}});
        QVERIFY(write(**writer, "early", startMs, startMs + windowMs));
        QVERIFY(write(**writer, "late", startMs + windowMs, startMs + 6 * windowMs));
        QVERIFY(settle());
        QCOMPARE(pods(), std::vector<std::string>{"late"});
        // The same writer, which knew it by its number: at most one scrape notices.
        const std::int64_t from = startMs + 6 * windowMs + windowMs / 2;
        static_cast<void>(write(**writer, "early", from, from + stepMs));
        QVERIFY(write(**writer, "early", from + stepMs, from + 10 * stepMs));
        QVERIFY(settle());
        const std::vector<std::string> both{"early", "late"};
        QCOMPARE(pods(), both);
        const StoreBits bits = readAll(*m_store);
        const SeriesBits& again = bits.at(labelsOf("early", 3).toString());
        QVERIFY2(again.size() >= 9, std::to_string(again.size()).c_str());
        writer->reset();
        reopen();
        QCOMPARE(pods(), both);
        QCOMPARE(QString::fromStdString(difference(readAll(*m_store), bits)), QString());
        QVERIFY(m_store->verify()->damage.empty());
    }

    void afterADeletion()
    {
        {
            const auto writer = m_store->openGroup(Labels{{"job", "a"}});
            QVERIFY(write(**writer, "x", startMs, startMs + windowMs));
        }
        reopen(); // no group is being written
        QVERIFY(m_store->deleteSamples({{*Matcher::make(MatchType::equal, "pod", "x")}}, always()));
        QVERIFY(m_store->sealNow());
        m_clock.time += std::chrono::hours(2);
        QVERIFY(settle());
        QCOMPARE(series(), std::uint64_t(0));
        QCOMPARE(pods(), std::vector<std::string>{});
        const auto writer = m_store->openGroup(Labels{{"job", "a"}});
        QVERIFY(write(**writer, "x", startMs + windowMs, startMs + windowMs + 10 * stepMs));
        QCOMPARE(readAll(*m_store).size(), perPod);
    }

    void budgetsOfJobs()
    {
        m_store->setSeriesBudgets({{"a", 40}});
        const auto push = [&](const std::string& job, int n) {
            const auto appender = m_store->appender();
            const Labels labels{{"__name__", "metric"}, {"job", job}, {"n", std::to_string(n)}};
            const auto ref = appender->append(0, labels, {m_clock.now(), {}, double(n), nullptr});
            return ref ? appender->commit() && true : ref.error().kind != ErrorKind::limit;
        };
        for (int n = 0; n < 40; ++n) {
            QVERIFY(push("a", n));
            if (n == 20) {
                QVERIFY(m_store->commitNow());
            }
        }
        QVERIFY(!push("a", 40)); // new ones are refused
        QVERIFY(push("b", 40)); // other jobs are not concerned
        m_clock.time += std::chrono::minutes(1);
        for (int n = 0; n < 40; ++n) {
            QVERIFY(push("a", n)); // those there are are kept
        }
        m_store->setSeriesBudgets({{"a", 41}});
        QVERIFY(push("a", 41));
        QVERIFY(!push("a", 42));
        reopen();
        m_store->setSeriesBudgets({{"a", 41}});
        QVERIFY(!push("a", 43)); // counted anew
        QCOMPARE(series(), std::uint64_t(42));
    }

    void churnIsCountedByWindow()
    {
        {
            const auto writer = m_store->openGroup(Labels{{"job", "a"}});
            for (int window = 0; window < 3; ++window) {
                // Each window has a pod of its own, and one that is there from the second on.
                const std::int64_t from = startMs + window * windowMs;
                QVERIFY(write(**writer, "own" + std::to_string(window), from, from + 5 * stepMs));
                if (window > 0) {
                    QVERIFY(write(**writer, "stays", from + 5 * stepMs, from + 9 * stepMs));
                }
            }
            QVERIFY(write(**writer, "open", startMs + 3 * windowMs + 2 * 3'600'000,
                          startMs + 3 * windowMs + 3 * 3'600'000));
        }
        QVERIFY(m_store->commitNow());
        QVERIFY(m_store->sealNow());
        QCOMPARE(m_store->stats()->sealedWindows, std::uint64_t(3));
        const auto range = [](int window) {
            const std::int64_t from = startMs + window * windowMs;
            return TimeRange{fromUnixMs(from), fromUnixMs(from + 8 * stepMs)};
        };
        using Churn = CardinalityReport::Churn;
        const auto report = m_store->cardinality(10);
        QVERIFY(report);
        QVERIFY((report->churn
                 == std::vector<Churn>{{range(2), 2 * perPod, perPod, perPod},
                                       {range(1), 2 * perPod, 2 * perPod, perPod}}));
        QCOMPARE(m_store->cardinality(1)->churn.size(), std::size_t(1));
    }

    void whatThereIsIsCounted()
    {
        const auto writer = m_store->openGroup(Labels{{"job", "a"}});
        QVERIFY(write(**writer, "x", startMs, startMs + 3 * stepMs));
        QVERIFY(write(**writer, "longer", startMs + 3 * stepMs, startMs + 5 * stepMs));
        const auto report = m_store->cardinality(2);
        QVERIFY(report);
        QCOMPARE(report->series, std::uint64_t(2 * perPod));
        QCOMPARE(report->newSeries, std::uint64_t(2 * perPod));
        QCOMPARE(report->labelPairs, std::uint64_t(1 + 2 + perPod));
        QCOMPARE(report->metrics.size(), std::size_t(1));
        QCOMPARE(report->metrics.front().name, std::string("metric"));
        QCOMPARE(report->metrics.front().series, std::uint64_t(2 * perPod));
        using Counts = std::vector<CardinalityReport::Count>;
        QCOMPARE(report->valuesByLabel, (Counts{{"n", perPod}, {"pod", 2}}));
        QCOMPARE(report->bytesByLabel, (Counts{{"__name__", 360}, {"pod", 210}}));
        QCOMPARE(report->seriesByPair,
                 (Counts{{"__name__=metric", 2 * perPod}, {"pod=longer", perPod}}));
    }

    /// Appenders and writers beside the removal: nothing that was acknowledged is lost.
    void whileOthersWrite()
    {
        constexpr int rounds = 60;
        std::atomic<bool> stops = false;
        std::atomic<std::int64_t> now = startMs;
        StoreBits pushed; // the pusher's until it has ended
        std::atomic<int> refused = 0;
        std::jthread pusher([&] {
            std::mt19937 random(5);
            for (double value = 1; !stops; ++value) {
                const auto appender = m_store->appender();
                const std::int64_t at = now;
                const Labels labels = labelsOf("p" + std::to_string(random() % 20), 0);
                const bool isTaken
                    = appender->append(0, labels, {fromUnixMs(at), {}, value, nullptr}).has_value();
                const auto report = appender->commit();
                if (!isTaken || !report || report->stored + report->conflicts != 1) {
                    ++refused;
                } else if (report->stored == 1) {
                    pushed[labels.toString()].emplace(at, std::bit_cast<std::uint64_t>(value));
                }
            }
        });
        const auto writer = m_store->openGroup(Labels{{"job", "a"}});
        for (int round = 0; round < rounds; ++round) {
            const std::int64_t from = startMs + round * (windowMs / 2);
            QVERIFY(write(**writer, "w" + std::to_string(round % 7), from, from + 20 * stepMs));
            now = unixMs(m_clock.now());
            QVERIFY(m_store->commitNow());
            QVERIFY(m_store->sealNow());
        }
        stops = true;
        pusher.join();
        QVERIFY(m_store->commitNow());
        const StoreBits bits = readAll(*m_store);
        for (const auto& [series, samples] : bits) {
            QVERIFY2(!series.starts_with("error") && series != "{}", series.c_str());
        }
        QVERIFY(m_store->verify()->damage.empty());
        // Of what was pushed only windows that retention dropped are missing, and nothing is there
        // that was not.
        QCOMPARE(refused.load(), 0);
        const std::int64_t kept = unixMs(m_clock.now()) - 24 * 3'600'000;
        std::size_t compared = 0;
        for (const auto& [series, samples] : pushed) {
            const auto found = bits.find(series);
            for (const auto& [at, value] : samples) {
                const bool isThere = found != bits.end() && found->second.contains(at);
                QVERIFY2(isThere || at < kept, series.c_str());
                compared += isThere ? 1 : 0;
                QVERIFY(!isThere || found->second.at(at) == value);
            }
        }
        QVERIFY(compared > 0);
        for (const auto& [series, samples] : bits) {
            if (series.contains("pod=\"p")) {
                QVERIFY2(pushed.contains(series), series.c_str());
                for (const auto& [at, value] : samples) {
                    QVERIFY2(pushed.at(series).contains(at), series.c_str());
                }
            }
        }
        const std::string newest = labelsOf("w" + std::to_string((rounds - 1) % 7), 0).toString();
        QCOMPARE(bits.at(newest).count(startMs + (rounds - 1) * (windowMs / 2) + 19 * stepMs),
                 std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestDeadSeries)
#include "tst_dead_series.moc"
