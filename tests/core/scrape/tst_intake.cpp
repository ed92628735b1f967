// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/intake.h"
#include "core/storage/memory_store.h"
#include "core/tsdb/store.h"
#include "tests/core/exposition/protobuf_body.h"
#include "tests/core/scrape/fakes.h"

#include <algorithm>
#include <format>
#include <unordered_map>

#include <QObject>
#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using exposition::Format;
using test::family;

namespace {

/// One target with a store of either kind.
struct Rig {
    QTemporaryDir folder;
    test::TurnedClock clock;
    std::unique_ptr<storage::Store> store;
    std::unique_ptr<scrape::Intake> intake;
    config::ScrapeConfig job;
    const Timestamp start = clock.at;

    explicit Rig(bool onDisk)
    {
        job.jobName = "j";
        job.scrapeNativeHistograms = true;
        if (onDisk) {
            tsdb::OpenOptions options;
            options.directory = folder.path().toStdString();
            options.clock = &clock;
            options.ringBytes = std::uint64_t{1} << 20;
            if (auto opened = tsdb::Store::open(options)) {
                store = *std::move(opened);
            }
        } else {
            store = std::make_unique<storage::MemoryStore>();
        }
        intake = std::make_unique<scrape::Intake>(*store);
    }

    std::shared_ptr<const scrape::IntakeRules> rules() const
    {
        auto rules = std::make_shared<scrape::IntakeRules>();
        rules->job = std::make_shared<const config::ScrapeConfig>(job);
        rules->target.labels = Labels({{"instance", "i"}, {"job", "j"}});
        rules->target.timeout = 2500ms;
        return rules;
    }
    scrape::Harvest take(std::chrono::seconds since, std::string_view body,
                         Format format = Format::protobuf)
    {
        clock.at = start + since;
        return intake->take(rules(), {clock.at, body, format, {}});
    }
    QByteArray samples(const std::string& name)
    {
        return QByteArray::fromStdString(test::samplesOf(*store, name, start));
    }
};

std::string histogram(int count, const std::string& more = "")
{
    return family(
        "h", 4,
        {std::format("histogram {{ sample_count: {0} zero_count: {0} {1} }}", count, more)});
}

} // namespace

class TestIntake : public QObject {
    Q_OBJECT

    static void stores()
    {
        QTest::addColumn<bool>("onDisk");
        QTest::newRow("in memory") << false;
        QTest::newRow("on disk") << true;
    }

private slots:
    void histogramsAreStoredAndEnd_data() { stores(); }
    void histogramsAreStoredAndEnd()
    {
        QFETCH(bool, onDisk);
        Rig rig(onDisk);
        const std::string gauge = family("g", 1, {"gauge { value: 4 }"});
        QVERIFY(rig.take(10s, histogram(1) + gauge).up);
        QVERIFY(rig.take(20s, histogram(2) + gauge).up);
        QVERIFY(rig.take(30s, gauge).up);
        QVERIFY(rig.take(40s, histogram(3)).up);
        QVERIFY(!rig.take(50s, histogram(3) + "x").up);
        QVERIFY(rig.take(60s, histogram(5)).up);
        rig.intake->end(rig.start + 70s);
        QCOMPARE(rig.samples("h"), "h1@10 h2@20 stale@30 h3@40 stale@50 h5@60 stale@70"_ba);
        QCOMPARE(rig.samples("g"), "4@10 4@20 4@30 stale@40"_ba);
        QCOMPARE(rig.samples("up"), "1@10 1@20 1@30 1@40 0@50 1@60 stale@70"_ba);
        QCOMPARE(rig.samples("scrape_samples_scraped"),
                 "2@10 2@20 1@30 1@40 1@50 1@60 stale@70"_ba);
    }

    void aSeriesMayChangeItsKind_data() { stores(); }
    void aSeriesMayChangeItsKind()
    {
        QFETCH(bool, onDisk);
        Rig rig(onDisk);
        rig.take(10s, histogram(1));
        rig.take(20s, "h 7\n", Format::text);
        rig.take(30s, histogram(2));
        QCOMPARE(rig.samples("h"), "h1@10 7@20 h2@30"_ba);
    }

    void timesOfTheirOwn_data() { stores(); }
    void timesOfTheirOwn()
    {
        QFETCH(bool, onDisk);
        Rig rig(onDisk);
        const auto body = [&](std::chrono::seconds since) {
            return family("h", 4,
                          {std::format("histogram {{ sample_count: 1 zero_count: 1 }} "
                                       "timestamp_ms: {}",
                                       unixMs(rig.start + since))});
        };
        rig.take(10s, body(9s));
        rig.take(20s, body(19s));
        rig.take(30s, ""); // not ended: nobody knows when it ends
        QCOMPARE(rig.samples("h"), "h1@9 h1@19"_ba);
    }

    void exponentialHistogramsSurviveTheStore()
    {
        Rig rig(true);
        rig.take(10s, family("h", 4, {R"(histogram { schema: 3 sample_count: 7 sample_sum: 2.5
            zero_threshold: 0.01 zero_count: 1 positive_span { offset: -2 length: 2 }
            positive_delta: 1 positive_delta: 2 negative_span { offset: 5 length: 1 }
            negative_delta: 2 })"}));
        QCOMPARE(rig.samples("h"), "h7@10"_ba);
    }

    /// A store that keeps them gets them with the row.
    void startTimesAreTold()
    {
        Rig rig(false);
        const std::string since
            = std::format("start_timestamp {{ seconds: {} }}", unixMs(rig.start) / 1000 - 5);
        rig.take(10s,
                 histogram(1, since)
                     + family("c", 0, {std::format("counter {{ value: 3 {} }}", since)}));
        QCOMPARE(rig.samples("h"), "h1~-5@10"_ba);
        QCOMPARE(rig.samples("c"), "3~-5@10"_ba);
    }

    void extraMetrics_data() { stores(); }
    void extraMetrics()
    {
        QFETCH(bool, onDisk);
        Rig rig(onDisk);
        rig.job.sampleLimit = 9;
        rig.take(10s, "a 1\n", Format::text);
        QCOMPARE(rig.samples("scrape_timeout_seconds"), ""_ba);
        rig.job.extraScrapeMetrics = true;
        rig.take(20s, "a 1\n", Format::text);
        rig.take(30s, "a 1 x\n", Format::text); // its size is known though it cannot be read
        rig.clock.at = rig.start + 40s;
        rig.intake->takeFailure(rig.rules(), rig.clock.at, {}, {ErrorKind::timeout, "late"});
        rig.clock.at = rig.start + 50s;
        rig.intake->takeFailure(rig.rules(), rig.clock.at, {}, {ErrorKind::limit, "large"},
                                scrape::Intake::bodyTooLarge);
        rig.job.extraScrapeMetrics = false;
        rig.take(60s, "a 1\n", Format::text);
        rig.take(70s, "a 1\n", Format::text);
        QCOMPARE(rig.samples("scrape_timeout_seconds"), "2.5@20 2.5@30 2.5@40 2.5@50 stale@60"_ba);
        QCOMPARE(rig.samples("scrape_sample_limit"), "9@20 9@30 9@40 9@50 stale@60"_ba);
        QCOMPARE(rig.samples("scrape_body_size_bytes"), "4@20 6@30 0@40 -1@50 stale@60"_ba);
        QCOMPARE(rig.samples("up"), "1@10 1@20 0@30 0@40 0@50 1@60 1@70"_ba);
    }

    /// A target that never answers with the same series, nor well, is not remembered.
    void strangersAreForgotten()
    {
        struct Counting final : storage::GroupWriter {
            std::unordered_map<Labels, storage::Position> known;
            std::size_t& most;
            explicit Counting(std::size_t& count)
                : most(count)
            {
            }
            Result<storage::Position> position(const Labels& labels) override
            {
                const auto next = static_cast<storage::Position>(known.size());
                const auto position = known.try_emplace(labels, next).first->second;
                most = std::max(most, known.size());
                return position;
            }
            std::size_t positions() const override { return known.size(); }
            std::uint64_t layoutVersion() const override { return 1; }
            Result<storage::CommitReport> commit(const storage::Row& row) override
            {
                return row.values.size() <= known.size()
                    ? Result<storage::CommitReport>()
                    : fail(ErrorKind::invalid, "beyond the layout");
            }
        };
        struct Groups final : storage::Store {
            std::size_t most = 0;
            Result<std::unique_ptr<storage::Querier>> querier() override { return nullptr; }
            std::unique_ptr<storage::Appender> appender() override { return nullptr; }
            Result<std::vector<FamilyMetadata>> metadata() override { return {}; }
            Result<std::unique_ptr<storage::GroupWriter>> openGroup(const Labels&) override
            {
                return std::make_unique<Counting>(most);
            }
        };
        Groups store;
        Rig rig(false);
        rig.intake = std::make_unique<scrape::Intake>(store);
        for (int scrape = 0; scrape < 100; ++scrape) {
            std::string body;
            for (int i = 0; i < 500; ++i) {
                body += std::format("a{{scrape=\"{}\",i=\"{}\"}} 1\n", scrape, i);
            }
            QVERIFY(!rig.take(std::chrono::seconds(scrape), body + "bad", Format::text).up);
        }
        QVERIFY2(store.most < 2000, std::to_string(store.most).c_str());
        QVERIFY(rig.take(1000s, "a 1\n", Format::text).up);
    }

    /// A great many series in one answer: the limit holds, in what is asked of the store too.
    void aHundredThousandSeries()
    {
        Rig rig(false);
        std::string body;
        for (int i = 0; i < 100'000; ++i) {
            body += std::format("a{{i=\"{}\"}} 1\n", i);
        }
        rig.job.sampleLimit = 1000;
        const scrape::Harvest harvest = rig.take(10s, body, Format::text);
        QVERIFY(!harvest.up);
        QCOMPARE(harvest.error.kind, ErrorKind::limit);
        QCOMPARE(harvest.scraped, 100'000U);
        QCOMPARE(harvest.kept, 100'000U);
        QCOMPARE(rig.samples("up"), "0@10"_ba);
        QCOMPARE(rig.samples("scrape_samples_scraped"), "100000@10"_ba);
        const auto querier = rig.store->querier();
        QVERIFY(querier.has_value());
        const auto series = (*querier)->labelValues("i", {}, {Timestamp::min(), Timestamp::max()});
        QVERIFY(series.has_value());
        QVERIFY(series->empty());
    }

    /// Of series that a body has twice only one is stored, so it counts once.
    void duplicatesAreNoSamples()
    {
        Rig rig(false);
        rig.job.sampleLimit = 2;
        QVERIFY(rig.take(10s, "a 1\nb 1\na 2\n", Format::text).up);
        QVERIFY(!rig.take(20s, "a 1\nb 1\nc 2\n", Format::text).up);
    }
};

QTEST_GUILESS_MAIN(TestIntake)
#include "tst_intake.moc"
