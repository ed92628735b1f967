// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Deleted samples are gone for every query from then on, whatever part of the store they were
// in; what is written anew stays; their space is freed.
#include "tests/core/tsdb/store_opening.h"
#include "tests/core/tsdb/store_reading.h"

#include <array>
#include <random>

#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;

namespace {

constexpr std::int64_t startMs = 1'699'977'600'000; // a window begins there
constexpr std::int64_t stepMs = 15'000;
constexpr int seriesCount = 40;

Labels labelsOf(int n)
{
    return Labels{{"__name__", n % 2 == 0 ? "even" : "odd"}, {"n", std::to_string(n)}};
}

Matchers named(const char* name)
{
    return {*Matcher::make(MatchType::equal, "__name__", name)};
}

} // namespace

class TestDeletion : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    HandClock m_clock;
    StoreBits m_model;
    std::unique_ptr<Store> m_store;

    void open() { m_store = openStore(byHand(*m_dir, m_clock)); }
    void reopen()
    {
        m_store.reset();
        open();
    }

    /// Rows of all series, one each 15 s.
    bool write(std::int64_t fromMs, int rows, double base = 0)
    {
        auto writer = m_store->openGroup(Labels{{"job", "a"}});
        std::array<double, seriesCount> values{};
        for (int n = 0; n < seriesCount; ++n) {
            if (!writer || !(*writer)->position(labelsOf(n))) {
                return false;
            }
        }
        for (int r = 0; r < rows; ++r) {
            const std::int64_t at = fromMs + r * stepMs;
            m_clock.time = fromUnixMs(std::max(at, unixMs(m_clock.now())));
            for (int n = 0; n < seriesCount; ++n) {
                values[std::size_t(n)] = base + r * 0.25 + n;
                m_model[labelsOf(n).toString()][at]
                    = std::bit_cast<std::uint64_t>(values[std::size_t(n)]);
            }
            if (!(*writer)->commit({fromUnixMs(at), values, {}, {}, {}, {}})) {
                return false;
            }
        }
        return true;
    }

    /// The same, sample by sample, at any age.
    bool push(int series, std::int64_t atMs, double value)
    {
        m_store->setLateWindows(std::chrono::hours(24 * 365), std::chrono::milliseconds(0));
        const auto appender = m_store->appender();
        if (!appender->append(0, labelsOf(series), {fromUnixMs(atMs), {}, value, nullptr})) {
            return false;
        }
        const auto report = appender->commit();
        m_model[labelsOf(series).toString()][atMs] = std::bit_cast<std::uint64_t>(value);
        return report && report->stored == 1;
    }

    void forget(const char* name, std::int64_t fromMs, std::int64_t toMs)
    {
        for (auto& [series, samples] : m_model) {
            if (series.contains(std::string("\"") + name + "\"")
                || series.starts_with(std::string(name) + "{")) {
                std::erase_if(samples, [&](const auto& sample) {
                    return sample.first >= fromMs && sample.first <= toMs;
                });
            }
        }
        std::erase_if(m_model, [](const auto& series) { return series.second.empty(); });
    }

    QString mismatch() { return QString::fromStdString(difference(readAll(*m_store), m_model)); }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_model.clear();
        m_clock.time = fromUnixMs(startMs);
        open();
        QVERIFY(m_store);
    }
    void cleanup() { m_store.reset(); }

    void whereverTheyAre_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<bool>("isCommitted");
        QTest::addColumn<bool>("isSealed");
        QTest::newRow("in memory") << 20 << false << false;
        QTest::newRow("in memory and strips") << 150 << true << false;
        QTest::newRow("in strips of two windows") << 2'000 << true << false;
        QTest::newRow("in blocks, strips and memory") << 4'500 << true << true;
    }

    void whereverTheyAre()
    {
        QFETCH(int, rows);
        QFETCH(bool, isCommitted);
        QFETCH(bool, isSealed);
        QVERIFY(write(startMs, rows));
        if (isCommitted) {
            QVERIFY(m_store->commitNow());
        }
        if (isSealed) {
            QVERIFY(m_store->sealNow());
            QVERIFY(m_store->stats()->sealedWindows > 0);
        }
        const std::int64_t from = startMs + rows * stepMs / 4;
        const std::int64_t to = startMs + rows * stepMs * 3 / 4;
        const auto deleted = m_store->deleteSamples({named("even")}, between(from, to));
        QVERIFY2(deleted.has_value(), deleted ? "" : deleted.error().message.c_str());
        QCOMPARE(*deleted, std::uint64_t(seriesCount / 2));
        forget("even", from, to);
        QCOMPARE(mismatch(), QString());
        reopen();
        QCOMPARE(mismatch(), QString());
        QVERIFY(m_store->sealNow()); // writes what stays without them
        QCOMPARE(mismatch(), QString());
        QVERIFY(write(startMs + rows * stepMs, 50));
        QCOMPARE(mismatch(), QString());
        reopen();
        QCOMPARE(mismatch(), QString());
        QVERIFY(m_store->verify()->damage.empty());
    }

    void whatIsWrittenAnewStays()
    {
        QVERIFY(write(startMs, 300));
        QVERIFY(m_store->deleteSamples({named("even")}, always()));
        forget("even", startMs, startMs + 300 * stepMs);
        QVERIFY(push(2, startMs + 10 * stepMs, 7.5)); // where one was deleted
        QVERIFY(push(2, startMs + 10 * stepMs + 1, 8.5)); // beside it
        QVERIFY(push(4, startMs + 20 * stepMs, 4 + 20 * 0.25)); // the same value again
        QCOMPARE(mismatch(), QString());
        QVERIFY(write(startMs + 300 * stepMs, 60));
        QVERIFY(m_store->commitNow());
        QCOMPARE(mismatch(), QString());
        QVERIFY(m_store->sealNow());
        QCOMPARE(mismatch(), QString());
        reopen();
        QCOMPARE(mismatch(), QString());
        QVERIFY(m_store->verify()->damage.empty());
    }

    void twiceAndAllOfIt()
    {
        QVERIFY(write(startMs, 2'500));
        QVERIFY(m_store->commitNow());
        QVERIFY(m_store->deleteSamples({named("even")}, between(startMs, startMs + 100 * stepMs)));
        forget("even", startMs, startMs + 100 * stepMs);
        QVERIFY(m_store->deleteSamples({named("even"), named("odd")},
                                       between(startMs + 50 * stepMs, startMs + 200 * stepMs)));
        forget("even", startMs + 50 * stepMs, startMs + 200 * stepMs);
        forget("odd", startMs + 50 * stepMs, startMs + 200 * stepMs);
        QCOMPARE(mismatch(), QString());
        const auto before = m_store->stats();
        QVERIFY(m_store->deleteSamples({named("even"), named("odd")}, always()));
        m_model.clear();
        QCOMPARE(mismatch(), QString());
        QVERIFY(m_store->sealNow());
        QCOMPARE(mismatch(), QString());
        const auto after = m_store->stats();
        QVERIFY(before->samples > 50'000);
        QCOMPARE(after->samples, std::uint64_t(0));
        QCOMPARE(after->chunkBytes, std::uint64_t(0));
        QVERIFY2(after->usedBytes < before->usedBytes, std::to_string(after->usedBytes).c_str());
        QVERIFY(write(startMs + 2'500 * stepMs, 40));
        QCOMPARE(mismatch(), QString());
    }

    void nothingMatches()
    {
        QVERIFY(write(startMs, 40));
        const auto deleted = m_store->deleteSamples({named("other")}, always());
        QVERIFY(deleted);
        QCOMPARE(*deleted, std::uint64_t(0));
        QCOMPARE(mismatch(), QString());
    }

    void atRandom()
    {
        std::mt19937 random(11);
        std::int64_t next = startMs;
        for (int round = 0; round < 20; ++round) {
            const int rows = 20 + int(random() % 400);
            QVERIFY(write(next, rows, round * 1'000.0));
            next += rows * stepMs;
            const std::int64_t from
                = startMs + std::int64_t(random() % std::uint64_t(next - startMs));
            const std::int64_t to = from + std::int64_t(random() % 7'200'000);
            const char* const name = random() % 2 == 0 ? "even" : "odd";
            QVERIFY(m_store->deleteSamples({named(name)}, between(from, to)));
            forget(name, from, to);
            switch (random() % 4) {
            case 0:
                QVERIFY(m_store->sealNow());
                break;
            case 1:
                reopen();
                break;
            case 2:
                QVERIFY(m_store->commitNow());
                break;
            default:
                break;
            }
            const QString wrong = mismatch();
            QVERIFY2(wrong.isEmpty(),
                     qPrintable(QStringLiteral("round %1: %2").arg(round).arg(wrong)));
        }
        QVERIFY(m_store->verify()->damage.empty());
    }
};

QTEST_GUILESS_MAIN(TestDeletion)
#include "tst_deletion.moc"
