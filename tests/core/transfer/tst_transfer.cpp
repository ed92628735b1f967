// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/memory_store.h"
#include "core/transfer/dump.h"
#include "core/transfer/import.h"
#include "tests/core/tsdb/store_opening.h"
#include "tests/core/tsdb/store_reading.h"
#include "tests/support/qt_test.h"

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <random>

using namespace watchfire;
using namespace watchfire::transfer;
using namespace Qt::StringLiterals;

namespace {

DumpOptions everything()
{
    DumpOptions options;
    options.range = tsdb::always();
    return options;
}

std::string openMetricsOf(storage::Store& store, DumpReport& report,
                          const DumpOptions& options = everything())
{
    std::string text;
    const auto querier = store.querier();
    const auto metadata = store.metadata();
    const auto done = dumpOpenMetrics(
        **querier, *metadata, options,
        [&text](std::string_view piece) {
            text += piece;
            return true;
        },
        report);
    return done ? text : "error: " + done.error().message;
}

std::string linesOf(storage::Store& store)
{
    std::string text;
    DumpReport report;
    const auto querier = store.querier();
    const auto done = dumpSamples(
        **querier, everything(),
        [&text](std::string_view piece) {
            text += piece;
            return true;
        },
        report);
    return done ? text : "error: " + done.error().message;
}

/// Empty: it went well.
std::string imported(std::string_view text, storage::Appender& to, ImportReport& report,
                     const ImportOptions& options = {})
{
    const auto done = importOpenMetrics(text, to, options, report);
    return done ? std::string() : done.error().message;
}

const char* const shop = "# TYPE requests counter\n"
                         "# HELP requests Asked \\\"politely\\\".\n"
                         "requests_total{path=\"/\"} 1 1700000000.123\n"
                         "requests_total{path=\"/\"} 2 1700000015.123\n"
                         "# TYPE queue_bytes gauge\n"
                         "# UNIT queue_bytes bytes\n"
                         "queue_bytes 0.1 -1.5\n"
                         "queue_bytes NaN 0\n"
                         "queue_bytes -Inf 1700000000\n"
                         "# EOF\n";

} // namespace

class TestTransfer : public QObject {
    Q_OBJECT
private slots:
    void textComesIn()
    {
        storage::MemoryStore store;
        ImportReport report;
        QCOMPARE(imported(shop, *store.appender(), report), std::string());
        QCOMPARE(report.commit.stored, 5U);
        QCOMPARE(linesOf(store),
                 std::string("{__name__=\"queue_bytes\"} 0.1 -1500\n"
                             "{__name__=\"queue_bytes\"} NaN 0\n"
                             "{__name__=\"queue_bytes\"} -Inf 1700000000000\n"
                             "{__name__=\"requests_total\", path=\"/\"} 1 1700000000123\n"
                             "{__name__=\"requests_total\", path=\"/\"} 2 1700000015123\n"));
        const auto metadata = store.metadata();
        QCOMPARE(metadata->size(), 2U);
        QCOMPARE((*metadata)[0].metadata.unit, std::string("bytes"));
        QCOMPARE((*metadata)[1].metadata.type, MetricType::counter);
    }

    void faults_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("a line that is none") << "a 1 1\nb b b\n# EOF\n"_ba << "line 2"_ba;
        QTest::newRow("no time") << "a 1 1\nb 2\n# EOF\n"_ba
                                 << "line 2: the sample has no timestamp"_ba;
        QTest::newRow("cut off") << "a 1 1\nb 2 2\n"_ba << "# EOF"_ba;
        QTest::newRow("goes on after its end") << "# EOF\na 1 1\n"_ba << "after # EOF"_ba;
        QTest::newRow("empty") << ""_ba << "# EOF"_ba;
    }
    void faults()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, message);
        storage::MemoryStore store;
        ImportReport report;
        const std::string said
            = imported({text.constData(), std::size_t(text.size())}, *store.appender(), report);
        QVERIFY2(said.contains(message.toStdString()), said.c_str());
        QCOMPARE(linesOf(store), std::string()); // nothing of it is stored
        QCOMPARE(report.commit.stored, 0U);
    }

    void rangeAndSelection()
    {
        storage::MemoryStore store;
        ImportReport report;
        ImportOptions options;
        options.range = {fromUnixMs(1'700'000'000'123), fromUnixMs(1'700'000'015'122)};
        options.selections.push_back({Matcher::equal("path", "/")});
        QCOMPARE(imported(shop, *store.appender(), report, options), std::string());
        QCOMPARE(linesOf(store),
                 std::string("{__name__=\"requests_total\", path=\"/\"} 1 1700000000123\n"));
    }

    void secondTimeAreDuplicates()
    {
        storage::MemoryStore store;
        ImportReport first;
        ImportReport second;
        QCOMPARE(imported(shop, *store.appender(), first), std::string());
        QCOMPARE(imported(shop, *store.appender(), second), std::string());
        QCOMPARE(second.commit.stored, 0U);
        QCOMPARE(second.commit.duplicates, 5U);
    }

    void familiesAreGrouped()
    {
        storage::MemoryStore store;
        const auto appender = store.appender();
        const auto put = [&](const Labels& labels, double value) {
            QVERIFY(appender->append(0, labels, {fromUnixMs(1500), {}, value, nullptr}));
        };
        put({{"__name__", "seconds_bucket"}, {"le", "+Inf"}}, 3);
        put({{"__name__", "seconds_count"}}, 3);
        put({{"__name__", "seconds_extra"}}, 7);
        put({{"__name__", "plain_total"}, {"a", "x\"\\\ny"}}, 1e6);
        put({{"__name__", "odd name"}, {"ü", "1"}}, 0.5);
        put({{"__name__", "lone"}}, 4); // said to be a counter, without _total
        appender->setMetadata("seconds", {MetricType::histogram, "Time.", "seconds"});
        appender->setMetadata("plain_total", {MetricType::counter, "", ""});
        appender->setMetadata("lone", {MetricType::counter, "", ""});
        QVERIFY(appender->commit());
        DumpReport report;
        QCOMPARE(openMetricsOf(store, report),
                 std::string("# TYPE lone unknown\n"
                             "lone 4 1.5\n"
                             "# TYPE \"odd name\" unknown\n"
                             "{\"odd name\",\"ü\"=\"1\"} 0.5 1.5\n"
                             "# TYPE plain counter\n"
                             "plain_total{a=\"x\\\"\\\\\\ny\"} 1e+06 1.5\n"
                             "# TYPE seconds histogram\n"
                             "# HELP seconds Time.\n"
                             "seconds_bucket{le=\"+Inf\"} 3 1.5\n"
                             "seconds_count 3 1.5\n"
                             "# TYPE seconds_extra unknown\n"
                             "seconds_extra 7 1.5\n"
                             "# EOF\n"));
    }

    void whatCannotBeSaidIsCounted()
    {
        storage::MemoryStore store;
        const auto appender = store.appender();
        Histogram histogram;
        histogram.count = 2;
        histogram.sum = 3;
        histogram.positiveSpans = {{0, 1}};
        histogram.positiveBuckets = {2};
        const Labels labels{{"__name__", "a"}};
        QVERIFY(appender->append(0, labels, {fromUnixMs(1000), {}, 0, &histogram}));
        QVERIFY(appender->append(0, labels, {fromUnixMs(2000), {}, staleMarker(), nullptr}));
        QVERIFY(appender->append(0, {{"b", "nameless"}}, {fromUnixMs(2000), {}, 1, nullptr}));
        QVERIFY(appender->commit());
        DumpReport report;
        QCOMPARE(openMetricsOf(store, report), std::string("# EOF\n"));
        QCOMPARE(report.histogramsLeftOut, 1U);
        QCOMPARE(report.staleLeftOut, 1U);
        QCOMPARE(report.namelessSeries, 1U);
        QVERIFY(linesOf(store).contains("{__name__=\"a\"} {count:2, sum:3, (0.5,1]:2} 1000\n"));
    }

    /// What a dump says, an import brings back, bit by bit.
    void dumpComesBack_data()
    {
        QTest::addColumn<unsigned>("seed");
        QTest::addColumn<unsigned>("batch");
        for (unsigned seed = 1; seed <= 12; ++seed) {
            QTest::addRow("seed %u", seed) << seed << (seed % 3 == 0 ? 50U : 1U << 20);
        }
    }
    void dumpComesBack()
    {
        QFETCH(unsigned, seed);
        QFETCH(unsigned, batch);
        std::mt19937_64 random(seed);
        storage::MemoryStore store;
        const auto appender = store.appender();
        for (int series = 0; series < 20; ++series) {
            const Labels labels{{"__name__", "m" + std::to_string(series % 7) + "_total"},
                                {"job", "j" + std::to_string(series % 3)},
                                {"n", std::to_string(series)}};
            std::int64_t at = std::int64_t(random() % 4'000'000'000'000) - 1'000'000'000'000;
            for (int i = 0; i < 60; ++i) {
                at += std::int64_t(random() % 40'000) + 1;
                double value = std::bit_cast<double>(random());
                value = std::isnan(value) ? normalNaN() : value;
                QVERIFY(appender->append(0, labels, {fromUnixMs(at), {}, value, nullptr}));
            }
        }
        QVERIFY(appender->commit());
        DumpReport report;
        const std::string text = openMetricsOf(store, report);
        QCOMPARE(report.samples, 1200U);
        storage::MemoryStore again;
        ImportReport in;
        ImportOptions options;
        options.batch = batch;
        QCOMPARE(imported(text, *again.appender(), in, options), std::string());
        QCOMPARE(in.commit.stored, 1200U);
        QCOMPARE(tsdb::difference(tsdb::readAll(again), tsdb::readAll(store)), std::string());
    }

    /// History behind newer samples: stored, readable, there after opening again and sealing.
    void historyBehindNewerSamples()
    {
        QTemporaryDir folder;
        tsdb::HandClock clock;
        const std::int64_t now = unixMs(clock.now());
        const Labels a{{"__name__", "a"}, {"job", "x"}};
        const Labels b{{"__name__", "b"}, {"job", "x"}};
        auto store = tsdb::openStore(tsdb::byHand(folder, clock));
        QVERIFY(store != nullptr);
        {
            const auto live = store->appender();
            QVERIFY(live->append(0, a, {fromUnixMs(now), {}, 1, nullptr}));
            QVERIFY(live->append(0, b, {fromUnixMs(now), {}, 2, nullptr}));
            QVERIFY(live->commit());
            QVERIFY(live->append(0, a, {fromUnixMs(now - 86'400'000), {}, 5, nullptr}));
            const auto refused = live->commit();
            QVERIFY(refused);
            QCOMPARE(refused->tooOld, 1U); // pushed data keep to the late window
        }
        std::string text;
        constexpr int days = 3;
        for (const char* name : {"a", "b"}) {
            for (std::int64_t at = now - days * 86'400'000LL; at < now; at += 300'000) {
                text += std::string(name) + "{job=\"x\"} " + std::to_string(at % 977) + ' '
                    + std::to_string(at / 1000) + '\n';
            }
        }
        text += "# EOF\n";
        ImportReport report;
        ImportOptions options;
        options.batch = 500;
        QCOMPARE(imported(text, *store->importer(), report, options), std::string());
        QCOMPARE(report.commit.stored, std::uint64_t(days * 288 * 2));
        QCOMPARE(report.commit.tooOld, 0U);
        const auto all = tsdb::readAll(*store);
        QCOMPARE(all.size(), 2U);
        QCOMPARE(all.begin()->second.size(), std::size_t(days * 288 + 1));

        store.reset();
        store = tsdb::openStore(tsdb::byHand(folder, clock));
        QVERIFY(store != nullptr);
        QCOMPARE(tsdb::difference(tsdb::readAll(*store), all), std::string());

        clock.time += std::chrono::hours(24);
        QVERIFY(store->commitNow());
        QVERIFY(store->sealNow());
        QCOMPARE(tsdb::difference(tsdb::readAll(*store), all), std::string());
        const auto windows = store->windows();
        QVERIFY(windows);
        QVERIFY(windows->size() >= days * 3);
        for (const tsdb::WindowStats& window : *windows) {
            QVERIFY2(window.isSealed,
                     qPrintable(QString::number(now - unixMs(window.range.to)) + u" before now, "_s
                                + QString::number(window.samples) + u" samples"_s));
        }

        // Once more over what is sealed by now: nothing is new.
        ImportReport again;
        QCOMPARE(imported(text, *store->importer(), again, options), std::string());
        QCOMPARE(again.commit.stored, 0U);
        QCOMPARE(again.commit.duplicates, report.commit.stored);
        QCOMPARE(tsdb::difference(tsdb::readAll(*store), all), std::string());
    }

    /// A measurement, not a check: WATCHFIRE_IMPORT_SAMPLES=5000000 tst_transfer speed
    void speed_data()
    {
        QTest::addColumn<bool>("behind");
        QTest::newRow("fresh series") << false;
        QTest::newRow("behind newer samples") << true;
    }
    void speed()
    {
        QFETCH(bool, behind);
        const char* const wanted = std::getenv("WATCHFIRE_IMPORT_SAMPLES");
        if (wanted == nullptr) {
            QSKIP("a measurement, no test: set WATCHFIRE_IMPORT_SAMPLES to take it");
        }
        QTemporaryDir folder;
        tsdb::HandClock clock;
        const std::int64_t now = unixMs(clock.now());
        tsdb::OpenOptions open;
        open.directory = folder.path().toStdString();
        open.clock = &clock;
        const auto store = tsdb::openStore(open);
        QVERIFY(store != nullptr);
        constexpr int series = 2000;
        const std::int64_t steps = std::atoll(wanted) / series;
        const auto labelsOf = [](int n) {
            return Labels{{"__name__", "m" + std::to_string(n % 100)},
                          {"job", "j"},
                          {"instance", "i" + std::to_string(n / 100)}};
        };
        if (behind) {
            const auto live = store->appender();
            for (int n = 0; n < series; ++n) {
                QVERIFY(live->append(0, labelsOf(n), {fromUnixMs(now), {}, 1, nullptr}));
            }
            QVERIFY(live->commit());
        }
        const auto appender = store->importer();
        std::vector<storage::SeriesRef> refs(series);
        std::vector<Labels> labels;
        for (int n = 0; n < series; ++n) {
            labels.push_back(labelsOf(n));
        }
        // Processor time: a busy machine does not lengthen it.
        const auto cpuTime = [] {
            return std::chrono::nanoseconds(
                std::int64_t(double(std::clock()) * 1e9 / CLOCKS_PER_SEC));
        };
        const auto begin = cpuTime();
        storage::CommitReport report;
        constexpr std::int64_t slice = 500; // a million samples
        for (std::int64_t from = 0; from < steps; from += slice) {
            for (int n = 0; n < series; ++n) {
                for (std::int64_t i = from; i < std::min(from + slice, steps); ++i) {
                    const auto ref = appender->append(refs[n], labels[n],
                                                      {fromUnixMs(now - (steps - i) * 15'000),
                                                       {},
                                                       double(i * (n % 50)),
                                                       nullptr});
                    QVERIFY(ref);
                    refs[n] = *ref;
                }
            }
            const auto done = appender->commit();
            QVERIFY(done);
            report += *done;
        }
        const auto stored = cpuTime();
        QVERIFY(store->commitNow());
        QVERIFY(store->sealNow());
        const auto sealed = cpuTime();
        const auto ns = [&](auto from, auto to) {
            return double((to - from).count()) / double(report.stored);
        };
        QFile status(u"/proc/self/status"_s);
        QVERIFY(status.open(QIODevice::ReadOnly));
        QByteArray peak;
        for (const QByteArray& line : status.readAll().split('\n')) {
            peak = line.startsWith("VmHWM") ? line : peak;
        }
        qInfo("%llu stored: %.0f ns a sample, sealing %.0f ns a sample, %s",
              static_cast<unsigned long long>(report.stored), ns(begin, stored), ns(stored, sealed),
              peak.constData());
        QCOMPARE(report.stored, std::uint64_t(steps * series));
    }
};

QTEST_GUILESS_MAIN(TestTransfer)
#include "tst_transfer.moc"
