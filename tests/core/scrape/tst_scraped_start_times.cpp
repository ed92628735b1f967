// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When counters started, from the target's answer into the store.
#include "core/scrape/scraper.h"
#include "core/storage/memory_store.h"
#include "core/tsdb/store.h"
#include "tests/core/exposition/protobuf_body.h"
#include "tests/core/scrape/rig.h"

#include <format>
#include <memory>

#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using test::family;

namespace {

const std::string url = "http://h:1/metrics";
constexpr const char* openMetrics = "application/openmetrics-text; version=1.0.0";
constexpr const char* protobuf = "application/vnd.google.protobuf; "
                                 "proto=io.prometheus.client.MetricFamily; encoding=delimited";

/// A scraper over a store of either kind.
struct Whole {
    QTemporaryDir folder;
    test::TurnedClock clock;
    test::FakeFetcher fetcher;
    InlineExecutor here;
    test::FakeDns dns;
    test::FakeWatcher watcher;
    std::unique_ptr<storage::Store> store;
    std::unique_ptr<scrape::Scraper> scraper;
    const Timestamp start = clock.at;

    Whole(bool onDisk, bool startTimes)
    {
        if (onDisk) {
            tsdb::OpenOptions options;
            options.directory = folder.path().toStdString();
            options.clock = &clock;
            options.ringBytes = std::uint64_t{1} << 20;
            store = tsdb::Store::open(options).value();
        } else {
            store = std::make_unique<storage::MemoryStore>();
        }
        scrape::Ceilings ceilings;
        ceilings.startTimes = startTimes;
        scraper = std::make_unique<scrape::Scraper>(
            scrape::ScraperPorts{fetcher, here, here, *store, clock, dns, watcher}, ceilings);
        auto job = test::jobOf("j", {"h:1"});
        job.scrapeNativeHistograms = true;
        job.alwaysScrapeClassicHistograms = true;
        scraper->apply({job});
    }

    void scrape(std::chrono::seconds since, const std::string& body, const char* type)
    {
        fetcher.answer(url, body, type);
        clock.at = start + since;
        scraper->scrapeNow(scraper->targets()->targets.at(0).id);
    }
    /// Seconds since 1970 of a moment before or after the start.
    std::int64_t at(std::chrono::seconds since) const { return unixMs(start + since) / 1000; }
    QByteArray samples(const std::string& name) const
    {
        return QByteArray::fromStdString(test::samplesOf(*store, name, start));
    }
};

} // namespace

class TestScrapedStartTimes : public QObject {
    Q_OBJECT

    static void stores()
    {
        QTest::addColumn<bool>("onDisk");
        QTest::newRow("in memory") << false;
        QTest::newRow("on disk") << true;
    }

private slots:
    void ofOpenMetrics_data() { stores(); }
    void ofOpenMetrics()
    {
        QFETCH(bool, onDisk);
        Whole whole(onDisk, true);
        const auto body = [&whole](int value, std::chrono::seconds since) {
            return std::format(
                "# TYPE c counter\nc_total{{a=\"1\"}} {0}\nc_created{{a=\"1\"}} {1}\n"
                "# TYPE h histogram\nh_bucket{{le=\"1\"}} {0}\n"
                "h_bucket{{le=\"+Inf\"}} {0}\nh_sum 1\nh_count {0}\nh_created {2}\n"
                "# TYPE g gauge\ng 4\n# EOF\n",
                value, whole.at(since), whole.at(since - 2s));
        };
        whole.scrape(10s, body(3, -5s), openMetrics);
        whole.scrape(20s, body(4, -5s), openMetrics);
        whole.scrape(30s, body(1, 25s), openMetrics); // it started anew
        QCOMPARE(whole.samples("c_total"), "3~-5@10 4~-5@20 1~25@30"_ba);
        QCOMPARE(whole.samples("h_count"), "3~-7@10 4~-7@20 1~23@30"_ba);
        QCOMPARE(whole.samples("h_sum"), "1~-7@10 1~-7@20 1~23@30"_ba);
        QCOMPARE(whole.samples("g"), "4@10 4@20 4@30"_ba);
        QCOMPARE(whole.samples("c_created"), ""_ba);
        QCOMPARE(whole.samples("h_created"), ""_ba);
        QCOMPARE(whole.samples("up"), "1@10 1@20 1@30"_ba);
    }

    void ofProtobuf_data() { stores(); }
    void ofProtobuf()
    {
        QFETCH(bool, onDisk);
        Whole whole(onDisk, false); // the format has them anyway
        const auto body = [&whole](int value, std::chrono::seconds since) {
            const std::string started
                = std::format("start_timestamp {{ seconds: {} }}", whole.at(since));
            return family("c", 0, {std::format("counter {{ value: {} {} }}", value, started)})
                + family("h", 4,
                         {std::format("histogram {{ sample_count: {0} zero_count: {0} "
                                      "bucket {{ upper_bound: 1 cumulative_count: {0} }} {1} }}",
                                      value, started)})
                + family("g", 1, {"gauge { value: 4 }"});
        };
        whole.scrape(10s, body(3, -5s), protobuf);
        whole.scrape(20s, body(1, 15s), protobuf);
        QCOMPARE(whole.samples("c"), "3~-5@10 1~15@20"_ba);
        QCOMPARE(whole.samples("h"), "h3~-5@10 h1~15@20"_ba);
        QCOMPARE(whole.samples("h_count"), "3~-5@10 1~15@20"_ba);
        QCOMPARE(whole.samples("g"), "4@10 4@20"_ba);
    }

    /// As Prometheus does without st-storage.
    void createdIsASeriesWhereNobodyAskedForTimes()
    {
        Whole whole(false, false);
        whole.scrape(10s, "# TYPE c counter\nc_total 3\nc_created 12.5\n# EOF\n", openMetrics);
        QCOMPARE(whole.samples("c_total"), "3@10"_ba);
        QCOMPARE(whole.samples("c_created"), "12.5@10"_ba);
    }

    /// The limit counts samples, and times of start are none.
    void theyAreNotCounted()
    {
        Whole whole(false, true);
        auto job = test::jobOf("j", {"h:1"});
        job.sampleLimit = 60'000;
        whole.scraper->apply({job});
        std::string body = "# TYPE c counter\n";
        for (int i = 0; i < 50'000; ++i) { // over a megabyte, where lines are counted first
            body += std::format("c_total{{a=\"{0}\"}} 3\nc_created{{a=\"{0}\"}} 12.5\n", i);
        }
        whole.scrape(10s, body + "# EOF\n", openMetrics);
        QCOMPARE(whole.samples("up"), "1@10"_ba);
        QCOMPARE(whole.samples("scrape_samples_scraped"), "50000@10"_ba);
    }
};

QTEST_GUILESS_MAIN(TestScrapedStartTimes)
#include "tst_scraped_start_times.moc"
