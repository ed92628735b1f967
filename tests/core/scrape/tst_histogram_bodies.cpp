// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/body_reader.h"
#include "core/scrape/histogram_limits.h"
#include "tests/core/exposition/protobuf_body.h"
#include "tests/core/scrape/reading.h"

#include <format>
#include <random>

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using exposition::Format;
using test::family;
using test::now;
using test::readAfresh;
using test::Reading;
using test::rulesOf;

namespace {

config::ScrapeConfig nativeJob()
{
    config::ScrapeConfig job;
    job.scrapeNativeHistograms = true;
    return job;
}

/// Bodies of one target that changes between scrapes.
class Bodies {
public:
    explicit Bodies(unsigned seed)
        : m_random(seed)
    {
    }

    std::string next()
    {
        std::string out;
        for (int number = 0; number < 10; ++number) {
            if (!chance(20)) {
                out += oneFamily(number, chance(10) ? number + 1 : number);
            }
        }
        return out;
    }

private:
    std::string oneFamily(int number, int type)
    {
        std::string message = test::bytesField(1, std::format("f{}", number));
        if (chance(50)) {
            message += test::bytesField(2, chance(10) ? "other" : "text");
        }
        type = type % 6;
        message += std::string("\x18") + static_cast<char>(type);
        for (int i = 0; i < 4; ++i) {
            if (!chance(15)) {
                message += test::bytesField(4, test::metricBytes(metric(type, i)));
            }
        }
        return test::delimited(message);
    }

    std::string metric(int type, int i)
    {
        const std::string time = chance(5) ? " timestamp_ms: 1600000000500" : "";
        const std::string start
            = chance(20) ? std::format(" start_timestamp {{ seconds: {} }}", m_random() % 100) : "";
        const std::string exemplar = chance(10)
            ? R"( exemplar { label { name: "t" value: "x" } timestamp { seconds: 1 } })"
            : "";
        std::string out = std::format(R"(label {{ name: "a" value: "{}" }})", i);
        switch (type) {
        case 0:
            out += std::format(" counter {{ value: {}{}{} }}", m_random() % 100, exemplar, start);
            break;
        case 1:
            out += std::format(" gauge {{ value: {} }}", m_random() % 100);
            break;
        case 2:
            out += std::format(" summary {{ sample_count: {} quantile {{ quantile: 0.5 }}{} }}",
                               m_random() % 9, start);
            break;
        case 3:
            out += " untyped { value: nan }";
            break;
        default:
            out += std::format(" histogram {{ sample_count: 5 sample_sum: 2{}"
                               " bucket {{ upper_bound: 1 cumulative_count: 2{} }}",
                               start, exemplar);
            if (chance(50)) {
                out += " positive_span { offset: 2 length: 2 } positive_delta: 2 "
                       "positive_delta: 1";
            }
            out += " }";
        }
        return out + time;
    }
    bool chance(unsigned percent) { return m_random() % 100 < percent; }

    std::mt19937 m_random;
};

} // namespace

class TestHistogramBodies : public QObject {
    Q_OBJECT
private slots:
    void memoryChangesNothing_data()
    {
        QTest::addColumn<bool>("classicToo");
        QTest::addColumn<bool>("convert");
        QTest::newRow("native") << false << false;
        QTest::newRow("native and classic") << true << false;
        QTest::newRow("converted") << false << true;
        QTest::newRow("all") << true << true;
    }

    void memoryChangesNothing()
    {
        QFETCH(bool, classicToo);
        QFETCH(bool, convert);
        config::ScrapeConfig job = nativeJob();
        job.alwaysScrapeClassicHistograms = classicToo;
        job.convertClassicHistogramsToNhcb = convert;
        const auto rules = rulesOf(job);
        Bodies bodies(7);
        Reading reading;
        for (int i = 0; i < 300; ++i) {
            std::string body = bodies.next();
            if (i % 5 == 4 && !body.empty()) {
                body.resize(body.size() - 3); // a scrape that fails leaves no trace
            }
            QCOMPARE(reading.read(*rules, body, Format::protobuf),
                     readAfresh(*rules, body, Format::protobuf));
            if (i % 50 == 49) {
                reading.writer.renumber();
                reading.reader.forgetPositions();
            }
        }
    }

    /// A target may answer in another format, and a job may ask for conversion, at any time.
    void formatsTakeTurns()
    {
        config::ScrapeConfig job = nativeJob();
        const auto plain = rulesOf(job);
        job.convertClassicHistogramsToNhcb = true;
        const auto converting = rulesOf(job);
        const std::string text = "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_count 1\n"
                                 "# TYPE g gauge\ng{a=\"x\"} 7\n 5\n";
        const std::string good = text.substr(0, text.size() - 3);
        const std::string proto
            = family("g", 1, {R"(label { name: "a" value: "x" } gauge { value: 8 })"})
            + family("h", 4, {"histogram { sample_count: 1 zero_count: 1 }"});
        std::mt19937 random(3);
        Reading reading;
        for (int i = 0; i < 200; ++i) {
            const auto& rules = random() % 2 == 0 ? plain : converting;
            const auto which = random() % 3;
            const Format format = which == 0 ? Format::protobuf : Format::text;
            const std::string& body = which == 0 ? proto : which == 1 ? good : text;
            QCOMPARE(reading.read(*rules, body, format), readAfresh(*rules, body, format));
        }
    }

    void theSameSeriesAskForNoLabels()
    {
        const auto rules = rulesOf(nativeJob());
        const auto body = [](int value) {
            return family("g", 1, {std::format("gauge {{ value: {} }}", value)})
                + family("h", 4,
                         {std::format("histogram {{ sample_count: {0} zero_count: {0} }}", value)});
        };
        Reading reading;
        reading.read(*rules, body(1), Format::protobuf);
        QCOMPARE(reading.harvest.added, 2U);
        const std::size_t asked = reading.writer.asked;
        const std::string text = reading.read(*rules, body(2), Format::protobuf);
        QVERIFY2(text.contains("g{instance=\"i\", job=\"j\"} 2"), text.c_str());
        QVERIFY2(text.contains("h{instance=\"i\", job=\"j\"} {schema 0, count 2"), text.c_str());
        QCOMPARE(reading.writer.asked, asked);
        QCOMPARE(reading.harvest.added, 0U);
    }

    void duplicatesAndTimes()
    {
        const auto rules = rulesOf(nativeJob());
        const std::string one = "histogram { sample_count: 1 zero_count: 1 }";
        const std::string late = std::format(" timestamp_ms: {}", unixMs(now) + 600'001);
        const std::string body
            = family("h", 4, {one, "histogram { sample_count: 2 zero_count: 2 }"})
            + family("h", 1, {"gauge { value: 5 }"}) + family("i", 4, {one + late})
            + family("j", 4, {one + " timestamp_ms: 1600000000500"});
        Reading reading;
        for (int i = 0; i < 2; ++i) {
            const std::string text = reading.read(*rules, body, Format::protobuf);
            QVERIFY2(text.contains("scraped 5 kept 5 duplicates 2 tooNew 1"), text.c_str());
            QVERIFY2(text.contains("} {schema 0, count 1, sum 0, zero 1 within 0}\n"),
                     text.c_str());
            QVERIFY2(text.contains("within 0}@1600000000500\n"), text.c_str());
            QCOMPARE(reading.draft.histograms.size(), 2U);
            QCOMPARE(reading.draft.tracked.size(), 1U);
        }
    }

    /// Whose end is to be marked: those without a time of their own, and all where the job says so.
    void endsAreTracked()
    {
        config::ScrapeConfig job = nativeJob();
        job.trackTimestampsStaleness = true;
        Reading reading;
        const std::string body = family(
            "h", 4, {"histogram { sample_count: 1 zero_count: 1 } timestamp_ms: 1600000000500"});
        reading.read(*rulesOf(job), body, Format::protobuf);
        QCOMPARE(reading.draft.tracked.size(), 1U);
        job.honorTimestamps = false;
        QVERIFY(reading.read(*rulesOf(job), body, Format::protobuf).contains("within 0}\n"));
        QCOMPARE(reading.draft.tracked.size(), 1U);
    }

    void exemplarsNeedTheirTime()
    {
        const auto rules = rulesOf(nativeJob());
        Reading reading;
        const std::string body = "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 2 # {t=\"a\"} 1 7\n"
                                 "h_count 2 # {t=\"b\"} 1\n# EOF\n";
        config::ScrapeConfig job = nativeJob();
        job.convertClassicHistogramsToNhcb = true;
        const std::string text = reading.read(*rulesOf(job), body, Format::openMetrics);
        QVERIFY2(text.contains("# {t=\"a\"}") && !text.contains("# {t=\"b\"}"), text.c_str());
    }

    void faultsFailTheScrape_data()
    {
        QTest::addColumn<QByteArray>("histogram");
        QTest::addColumn<QByteArray>("names");
        QTest::newRow("counts") << "sample_count: 9 zero_count: 1"_ba
                                << "histogram h: 1 observations are in its buckets"_ba;
        QTest::newRow("schema") << "sample_count: 1 zero_count: 1 schema: 9"_ba
                                << "its schema is 9"_ba;
        QTest::newRow("custom buckets without bounds")
            << "sample_count: 2 schema: -53 positive_span { length: 2 } positive_delta: 1 "
               "positive_delta: 0"_ba
            << "its spans reach to bucket 2"_ba;
        QTest::newRow("spans") << "sample_count: 1 positive_span { length: 2 } positive_delta: 1"_ba
                               << "family \"h\": metric 1 {}"_ba;
    }

    void faultsFailTheScrape()
    {
        QFETCH(QByteArray, histogram);
        QFETCH(QByteArray, names);
        const std::string body = family("h", 4, {"histogram { " + histogram.toStdString() + " }"});
        Reading reading;
        const std::string text = reading.read(*rulesOf(nativeJob()), body, Format::protobuf);
        QVERIFY2(text.starts_with("! ") && text.contains(names.toStdString()), text.c_str());
    }

    /// A histogram that relabelling drops may be as wrong as it likes.
    void faultsOfDroppedOnesDoNot()
    {
        config::ScrapeConfig job = nativeJob();
        RelabelRule rule;
        rule.action = RelabelAction::drop;
        rule.sourceLabels = {"__name__"};
        rule.regexText = "h";
        job.metricRelabel = {rule};
        Reading reading;
        const std::string body = family("h", 4, {"histogram { sample_count: 9 zero_count: 1 }"});
        QCOMPARE(reading.read(*rulesOf(job), body, Format::protobuf),
                 std::string("scraped 1 kept 0 duplicates 0 tooNew 0\n"));
    }

    void bucketsAreLimited_data()
    {
        QTest::addColumn<qulonglong>("limit");
        QTest::addColumn<double>("factor");
        QTest::addColumn<QByteArray>("expected");
        const auto row
            = [](const char* name, qulonglong limit, double factor, const char* expected) {
                  QTest::newRow(name) << limit << factor << QByteArray(expected);
              };
        row("none", 0, 0, "{schema 1, count 10, sum 0, +[1: 1 2 3 4]}");
        row("just fits", 4, 0, "{schema 1, count 10, sum 0, +[1: 1 2 3 4]}");
        row("one step", 3, 0, "{schema 0, count 10, sum 0, +[1: 3 7]}");
        row("two steps", 1, 0, "{schema -1, count 10, sum 0, +[1: 10]}");
        row("factor", 0, 2, "{schema 0, count 10, sum 0, +[1: 3 7]}");
        row("factor of a coarser schema", 0, 1.2, "{schema 1, count 10, sum 0, +[1: 1 2 3 4]}");
    }

    void bucketsAreLimited()
    {
        QFETCH(qulonglong, limit);
        QFETCH(double, factor);
        QFETCH(QByteArray, expected);
        config::ScrapeConfig job = nativeJob();
        job.nativeHistogramBucketLimit = limit;
        job.nativeHistogramMinBucketFactor = factor;
        const std::string body = family("h", 4, {R"(histogram { schema: 1 sample_count: 10
            positive_span { offset: 1 length: 4 } positive_delta: 1 positive_delta: 1
            positive_delta: 1 positive_delta: 1 })"});
        Reading reading;
        const std::string text = reading.read(*rulesOf(job), body, Format::protobuf);
        QVERIFY2(text.contains(expected.toStdString()), text.c_str());
    }

    void tooManyBucketsFailTheScrape()
    {
        config::ScrapeConfig job = nativeJob();
        job.nativeHistogramBucketLimit = 1;
        job.convertClassicHistogramsToNhcb = true;
        Reading reading;
        const std::string text = reading.read(
            *rulesOf(job),
            "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"2\"} 2\nh_count 2\nx 1\n");
        QCOMPARE(text, "! histogram h: native_histogram_bucket_limit exceeded: 2 buckets, limit 1");
        QCOMPARE(reading.harvest.scraped, 2U); // to the end, so that the numbers are right
    }

    /// Known schemas that are too fine to be stored are when the job makes them coarser.
    void aSchemaOfTheFutureIsMadeCoarser()
    {
        config::ScrapeConfig job = nativeJob();
        job.nativeHistogramMinBucketFactor = 2;
        Reading reading;
        const std::string text = reading.read(*rulesOf(job), family("h", 4, {R"(histogram {
            schema: 10 sample_count: 2 positive_span { offset: 1 length: 2 } positive_delta: 1
            positive_delta: 0 })"}),
                                              Format::protobuf);
        QVERIFY2(text.contains("{schema 0, count 2, sum 0, +[1: 2]}"), text.c_str());
    }
};

QTEST_GUILESS_MAIN(TestHistogramBodies)
#include "tst_histogram_bodies.moc"
