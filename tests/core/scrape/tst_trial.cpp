// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/trial.h"
#include "tests/core/exposition/protobuf_body.h"
#include "tests/core/scrape/fakes.h"

#include <optional>

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

config::ScrapeConfig jobOf(std::vector<std::string> targets)
{
    config::ScrapeConfig job;
    job.jobName = "j";
    job.scrapeInterval = 10s;
    job.scrapeTimeout = 5s;
    job.staticConfigs = {{std::move(targets), {}, ""}};
    return job;
}

Result<scrape::Trial> tried(const config::ScrapeConfig& job, test::FakeFetcher& fetcher)
{
    InlineExecutor here;
    const test::TurnedClock clock;
    std::optional<Result<scrape::Trial>> out;
    const Ticket ticket
        = scrape::tryJob(job, {}, fetcher, here, clock, {},
                         [&](Result<scrape::Trial> trial) { out = std::move(trial); });
    return out ? *std::move(out) : fail(ErrorKind::internal, "no reply");
}

constexpr const char* url = "http://h:1/metrics";

} // namespace

class TestTrial : public QObject {
    Q_OBJECT
private slots:
    void reportsWhatWouldBeStored()
    {
        test::FakeFetcher fetcher;
        fetcher.answer(url,
                       "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\nb 1\nb 2\n");
        const auto trial = tried(jobOf({"h:1"}), fetcher);
        QVERIFY(trial.has_value());
        QVERIFY(trial->ok);
        QCOMPARE(trial->url, std::string(url));
        QCOMPARE(trial->status, 200);
        QCOMPARE(trial->format, std::string("text"));
        QCOMPARE(trial->samples, 4U);
        QCOMPARE(trial->metrics, 2U);
        QCOMPARE(trial->warnings.size(), 1U);
        QVERIFY(QByteArray::fromStdString(trial->warnings.front()).contains("such as b"));
        QVERIFY(trial->bodyStart.starts_with("# TYPE h"));
    }

    void showsProtobufAsText()
    {
        test::FakeFetcher fetcher;
        fetcher.answer(url,
                       test::family("g", 1,
                                    {R"(label { name: "a" value: "b" } gauge { value: 7 })"},
                                    "Some help")
                           + test::family("h", 4, {"histogram { sample_count: 2 zero_count: 2 }"}),
                       "application/vnd.google.protobuf");
        config::ScrapeConfig job = jobOf({"h:1"});
        job.scrapeNativeHistograms = true;
        const auto trial = tried(job, fetcher);
        QVERIFY(trial.has_value());
        QVERIFY2(trial->ok, trial->error.c_str());
        QCOMPARE(trial->format, std::string("protobuf"));
        QCOMPARE(trial->samples, 2U);
        QCOMPARE(trial->metrics, 2U);
        QCOMPARE(trial->bodyStart,
                 std::string("# HELP g Some help\n# TYPE g gauge\ng{a=\"b\"} 7\n"
                             "# HELP h \n# TYPE h histogram\nh {schema 0, count 2, sum 0}\n"));
        fetcher.answer(url, "\x07", "application/vnd.google.protobuf");
        const auto bad = tried(job, fetcher);
        QVERIFY(bad.has_value());
        QVERIFY(!bad->ok);
        QCOMPARE(bad->errorLine, 0U);
        QVERIFY(QByteArray::fromStdString(bad->error).contains("byte 0"));
    }

    void showsTheBadLine()
    {
        test::FakeFetcher fetcher;
        fetcher.answer(url, "a 1\nb{x=\"1} 2\nc 3\n");
        const auto trial = tried(jobOf({"h:1"}), fetcher);
        QVERIFY(trial.has_value());
        QVERIFY(!trial->ok);
        QCOMPARE(trial->errorLine, 2U);
        QCOMPARE(trial->badLine, std::string("b{x=\"1} 2"));
        QVERIFY(QByteArray::fromStdString(trial->error).contains("no closing quote"));
    }

    void recognisesWebPages()
    {
        test::FakeFetcher fetcher;
        fetcher.answer(url, "<!DOCTYPE html><html></html>");
        const auto trial = tried(jobOf({"h:1"}), fetcher);
        QVERIFY(QByteArray::fromStdString(trial->error).contains("is the path right?"));
    }

    void saysWhyNobodyAnswers()
    {
        test::FakeFetcher fetcher;
        const auto trial = tried(jobOf({"h:1"}), fetcher);
        QVERIFY(trial.has_value());
        QCOMPARE(trial->error, std::string("connection refused"));
        QCOMPARE(trial->status, 0);
    }

    void aJobWithoutTargetsCannotBeTried()
    {
        test::FakeFetcher fetcher;
        QVERIFY(!tried(jobOf({}), fetcher));
        QVERIFY(!tried(jobOf({"bad/address"}), fetcher));
        auto dropping = jobOf({"h:1"});
        RelabelRule rule;
        rule.action = RelabelAction::drop;
        dropping.relabel = {rule};
        const auto trial = tried(dropping, fetcher);
        QVERIFY(!trial);
        QVERIFY(QByteArray::fromStdString(trial.error().message).contains("drops every target"));
    }
};

QTEST_GUILESS_MAIN(TestTrial)
#include "tst_trial.moc"
