// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/collector_fetcher.h"
#include "core/tsdb/store.h"
#include "tests/core/scrape/rig.h"

#include <map>

#include <QObject>
#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using test::jobOf;
using Rig = test::ScraperRig;

namespace {

constexpr const char* url = "http://h:1/metrics";

} // namespace

class TestScraper : public QObject {
    Q_OBJECT
private slots:
    void aTargetComesUp()
    {
        Rig rig;
        rig.fetcher.answer(url, "a 1\nb 2\n");
        rig.scraper.apply({jobOf("j", {"h:1"})});
        QCOMPARE(rig.status().health, scrape::Health::unknown);
        rig.runUntil(rig.start + 25s);
        QVERIFY(rig.fetcher.requests.size() >= 3);
        QCOMPARE(rig.status().health, scrape::Health::up);
        QCOMPARE(rig.status().samples, 2U);
        QCOMPARE(rig.status().instance, std::string("h:1"));
        QVERIFY(rig.status().lastError.empty());
        QCOMPARE(rig.scraper.targets()->up, 1U);
        QCOMPARE(rig.scraper.counts().samples, 2 * rig.scraper.counts().scrapes);
        const std::size_t values = size_t(rig.samples("up").count('@'));
        QCOMPARE(values, rig.fetcher.requests.size());
        QCOMPARE(rig.samples("scrape_samples_scraped").count("2@"), qsizetype(values));
    }

    void theFirstScrapeComesSoon()
    {
        Rig rig;
        rig.scraper.apply({jobOf("j", {"h:1"}, 1h)});
        QVERIFY(*rig.scraper.nextDue() <= rig.start + 500ms);
    }

    void whatVanishesIsMarked()
    {
        Rig rig;
        rig.scraper.apply({jobOf("j", {"h:1"})});
        rig.fetcher.answer(url, "a 1\nb 2\n");
        rig.scrapeAt(10s);
        rig.fetcher.answer(url, "a 3\n");
        rig.scrapeAt(20s);
        rig.scrapeAt(30s);
        rig.fetcher.answer(url, "a 4\nb 5\n");
        rig.scrapeAt(40s);
        QCOMPARE(rig.samples("a"), "1@10 3@20 3@30 4@40"_ba);
        QCOMPARE(rig.samples("b"), "2@10 stale@20 5@40"_ba);
    }

    void whatIsNotTakenIsSaid_data()
    {
        QTest::addColumn<QByteArray>("first");
        QTest::addColumn<QByteArray>("second");
        QTest::addColumn<QByteArray>("warning"); // of the second answer
        QTest::addColumn<QByteArray>("kept"); // of series a
        const QByteArray at = "1700000005000";
        QTest::newRow("all is taken") << "a 1\n"_ba << "a 2\n"_ba << ""_ba << "1@10 2@20"_ba;
        QTest::newRow("the same once more") << QByteArray("a 1 " + at + "\n")
                                            << QByteArray("a 1 " + at + "\n") << ""_ba << "1@5"_ba;
        QTest::newRow("another value for a moment")
            << QByteArray("a 1 " + at + "\n") << QByteArray("a 2 " + at + "\n")
            << "1 sample with another value than is stored for that moment: the first one stays"_ba
            << "1@5"_ba;
        QTest::newRow("out of order")
            << QByteArray("a 1 " + at + "\n") << "a 2 1700000004000\n"_ba
            << "1 sample out of order, older than what is stored of their series: dropped"_ba
            << "1@5"_ba;
        QTest::newRow("ahead of the clock")
            << "a 1\n"_ba << "a 2\nb 3 1800000000000\n"_ba
            << "1 sample more than ten minutes ahead of the clock: dropped"_ba << "1@10 2@20"_ba;
        // Five series tell of the scrape itself.
        QTest::newRow("over the budget, which keeps what is there")
            << "a 1\nb 1\nc 1\n"_ba << "d 9\na 2\nb 2\nc 2\ne 9\n"_ba
            << "2 samples of new series beyond the series budget of the job: dropped, the series "
               "there are go on"_ba
            << "1@10 2@20"_ba;
    }
    void whatIsNotTakenIsSaid()
    {
        QFETCH(QByteArray, first);
        QFETCH(QByteArray, second);
        QFETCH(QByteArray, warning);
        QFETCH(QByteArray, kept);
        const QTemporaryDir folder;
        test::TurnedClock clock;
        tsdb::OpenOptions options;
        options.directory = folder.path().toStdString();
        options.clock = &clock;
        options.ringBytes = std::uint64_t{1} << 20;
        const auto store = tsdb::Store::open(options);
        QVERIFY2(store, store ? "" : store.error().message.c_str());
        (*store)->setSeriesBudgets({{"j", 8}});
        test::FakeFetcher fetcher;
        InlineExecutor here;
        test::FakeDns dns;
        test::FakeWatcher watcher;
        scrape::Scraper scraper({fetcher, here, here, **store, clock, dns, watcher});
        scraper.apply({jobOf("j", {"h:1"})});
        const Timestamp start = clock.at;
        const auto scrapeAt = [&](std::chrono::seconds since, const QByteArray& body) {
            fetcher.answer(url, body.toStdString());
            clock.at = start + since;
            scraper.scrapeNow(scraper.targets()->targets.at(0).id);
        };
        scrapeAt(10s, first);
        QCOMPARE(scraper.targets()->targets[0].lastWarning, std::string());
        scrapeAt(20s, second);
        const scrape::TargetStatus status = scraper.targets()->targets[0];
        QCOMPARE(status.health, scrape::Health::up);
        QCOMPARE(QByteArray::fromStdString(status.lastWarning), warning);
        QCOMPARE(QByteArray::fromStdString(test::samplesOf(**store, "a", start)), kept);
        QCOMPARE(test::samplesOf(**store, "e", start), std::string());
    }

    void failures_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<int>("code"); // 0: no answer
        QTest::addColumn<QByteArray>("error");
        QTest::newRow("unreachable") << ""_ba << ""_ba << 0 << "connection refused"_ba;
        QTest::newRow("status 500") << "a 9\n"_ba << "text/plain"_ba << 500
                                    << "server returned HTTP status 500 Internal Server Error"_ba;
        QTest::newRow("web page")
            << "<html>"_ba << "text/html"_ba << 200
            << "the answer is a web page (text/html), not metrics; is the path right?"_ba;
        QTest::newRow("bad line") << "a 9\nb {{\n"_ba << "text/plain"_ba << 200
                                  << "line 2, column 4: label name expected, not \"{\""_ba;
    }

    void failures()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, type);
        QFETCH(int, code);
        QFETCH(QByteArray, error);
        Rig rig;
        rig.scraper.apply({jobOf("j", {"h:1"})});
        rig.fetcher.answer(url, "a 1\n");
        rig.scrapeAt(10s);
        rig.fetcher.answers.clear();
        if (code != 0) {
            rig.fetcher.answer(url, body.toStdString(), type.toStdString(), code);
        }
        rig.scrapeAt(20s);
        QCOMPARE(rig.status().health, scrape::Health::down);
        QCOMPARE(QByteArray::fromStdString(rig.status().lastError), error);
        QCOMPARE(rig.samples("a"), "1@10 stale@20"_ba);
        QCOMPARE(rig.samples("up"), "1@10 0@20"_ba);
        rig.fetcher.answer(url, "a 2\n");
        rig.scrapeAt(30s);
        QCOMPARE(rig.samples("a"), "1@10 stale@20 2@30"_ba);
        QCOMPARE(rig.samples("scrape_series_added"), "1@10 0@20 0@30"_ba);
    }

    void timesOfTheirOwnAreNotEnded()
    {
        Rig rig;
        rig.scraper.apply({jobOf("j", {"h:1"})});
        rig.fetcher.answer(url, "a 1 " + std::to_string(unixMs(rig.start + 5s)) + "\nb 1\n");
        rig.scrapeAt(10s);
        rig.fetcher.answer(url, "b 1\n");
        rig.scrapeAt(20s);
        QCOMPARE(rig.samples("a"), "1@5"_ba);
    }

    void timesOfTheirOwnAreEndedWhereAsked()
    {
        Rig rig;
        auto job = jobOf("j", {"h:1"});
        job.trackTimestampsStaleness = true;
        rig.scraper.apply({job});
        rig.fetcher.answer(url, "a 1 " + std::to_string(unixMs(rig.start + 5s)) + "\nb 1\n");
        rig.scrapeAt(10s);
        rig.fetcher.answer(url, "b 1\n");
        rig.scrapeAt(20s);
        QCOMPARE(rig.samples("a"), "1@5 stale@20"_ba);
    }

    void aRemovedTargetIsEnded()
    {
        Rig rig;
        rig.scraper.apply({jobOf("j", {"h:1"}), jobOf("k", {"h:2"})});
        rig.fetcher.answer(url, "a 1\n");
        rig.scrapeAt(10s);
        rig.clock.at = rig.start + 12s;
        rig.scraper.apply({jobOf("k", {"h:2"})});
        QCOMPARE(rig.samples("a"), "1@10 stale@12"_ba);
        QCOMPARE(rig.samples("up"), "1@10 stale@12"_ba);
        QCOMPARE(rig.scraper.targets()->targets.size(), 1U);
        // Back again: the group is free and the series goes on.
        rig.scraper.apply({jobOf("j", {"h:1"}), jobOf("k", {"h:2"})});
        rig.scrapeAt(20s);
        QCOMPARE(rig.samples("a"), "1@10 stale@12 1@20"_ba);
    }

    void aReloadDisturbsOnlyWhatDiffers()
    {
        Rig rig;
        auto job = jobOf("j", {"h:1"});
        rig.fetcher.answer(url, "a 1\nb 1\n");
        rig.scraper.apply({job});
        rig.scrapeAt(10s);
        const std::uint64_t id = rig.status().id;
        const auto due = rig.scraper.nextDue();
        rig.scraper.apply({job});
        QCOMPARE(rig.scraper.nextDue(), due);
        RelabelRule rule;
        rule.action = RelabelAction::drop;
        rule.sourceLabels = {"__name__"};
        rule.regexText = "b";
        job.metricRelabel = {rule};
        job.scrapeTimeout = 3s;
        rig.scraper.apply({job});
        QCOMPARE(rig.status().id, id);
        QCOMPARE(rig.status().timeout, std::chrono::milliseconds(3s));
        QCOMPARE(rig.status().health, scrape::Health::up);
        rig.scrapeAt(20s);
        QCOMPARE(rig.samples("a"), "1@10 1@20"_ba);
        QCOMPARE(rig.samples("b"), "1@10 stale@20"_ba);
    }

    void aWrongJobIsListedAndTheOldOneStays()
    {
        Rig rig;
        auto job = jobOf("j", {"h:1"});
        rig.scraper.apply({job});
        RelabelRule rule;
        rule.regexText = "(";
        rule.targetLabel = "x";
        job.metricRelabel = {rule};
        rig.scraper.apply({job, jobOf("k", {"bad/address"})});
        const auto list = rig.scraper.targets();
        QCOMPARE(list->faults.size(), 2U);
        QCOMPARE(list->targets.size(), 1U);
    }

    void droppedTargetsAreListed()
    {
        Rig rig;
        auto job = jobOf("j", {"h:1", "h:2", "h:3"});
        RelabelRule rule;
        rule.action = RelabelAction::keep;
        rule.sourceLabels = {"__address__"};
        rule.regexText = "h:1";
        job.relabel = {rule};
        job.keepDroppedTargets = 1;
        rig.scraper.apply({job});
        const auto list = rig.scraper.targets();
        QCOMPARE(list->targets.size(), 1U);
        QCOMPARE(list->dropped.size(), 1U);
        QCOMPARE(list->droppedInAll, 2U);
        QCOMPARE(list->dropped.front().discoveredLabels.get("__address__"),
                 std::string_view("h:2"));
    }

    void atMostOneScrapeIsUnderWay()
    {
        Rig rig;
        rig.fetcher.answer(url, "a 1\n");
        rig.fetcher.holds = true;
        rig.scraper.apply({jobOf("j", {"h:1"}, 1s)});
        rig.runUntil(rig.start + 5s);
        QCOMPARE(rig.fetcher.requests.size(), 1U);
        QVERIFY(rig.status().missedTurns >= 3);
        rig.fetcher.release();
        QCOMPARE(rig.status().health, scrape::Health::up);
        rig.runUntil(rig.start + 7s);
        QCOMPARE(rig.fetcher.requests.size(), 2U);
    }

    void pausingEndsSeriesAndResumingStartsThemAgain()
    {
        Rig rig;
        rig.fetcher.answer(url, "a 1\n");
        rig.scraper.apply({jobOf("j", {"h:1"})});
        rig.scrapeAt(10s);
        rig.clock.at = rig.start + 11s;
        rig.scraper.setPaused(true);
        QVERIFY(!rig.scraper.nextDue());
        QVERIFY(rig.status().paused);
        QCOMPARE(rig.status().health, scrape::Health::unknown);
        QCOMPARE(rig.samples("a"), "1@10 stale@11"_ba);
        const std::size_t requests = rig.fetcher.requests.size();
        rig.clock.at = rig.start + 1h;
        rig.scraper.advance(rig.clock.at);
        QCOMPARE(rig.fetcher.requests.size(), requests);
        rig.scraper.setPaused(false);
        rig.runUntil(rig.clock.at + 2s);
        QCOMPARE(rig.fetcher.requests.size(), requests + 1);
        QCOMPARE(rig.status().health, scrape::Health::up);
    }

    void pausedJobsRest()
    {
        Rig rig;
        rig.scraper.apply({jobOf("j", {"h:1"}), jobOf("k", {"h:2"})});
        rig.scraper.setPausedJobs({"j"});
        rig.runUntil(rig.start + 30s);
        for (const HttpRequest& request : rig.fetcher.requests) {
            QCOMPARE(request.url, std::string("http://h:2/metrics"));
        }
        QVERIFY(!rig.fetcher.requests.empty());
    }

    void aTargetRemovedWhileFetchedIsEndedAfterwards()
    {
        Rig rig;
        rig.fetcher.answer(url, "a 1\n");
        rig.scraper.apply({jobOf("j", {"h:1"})});
        rig.fetcher.holds = true;
        rig.scrapeAt(10s);
        rig.scraper.apply({});
        QCOMPARE(rig.scraper.targets()->targets.size(), 0U);
        rig.clock.at = rig.start + 11s;
        rig.fetcher.release();
        QCOMPARE(rig.samples("a"), "1@10 stale@11"_ba);
    }

    void answersAfterTheEndAreNobodys()
    {
        test::TurnedClock clock;
        test::FakeFetcher fetcher;
        InlineExecutor workers;
        test::HeldExecutor home;
        storage::MemoryStore store;
        test::FakeDns dns;
        test::FakeWatcher watcher;
        fetcher.answer(url, "a 1\n");
        fetcher.holds = true;
        {
            scrape::Scraper scraper({fetcher, home, workers, store, clock, dns, watcher});
            scraper.apply({jobOf("j", {"h:1"})});
            scraper.scrapeNow(scraper.targets()->targets.front().id);
        }
        fetcher.release();
        home.drain();
    }

    void tooManyTargetsAreAllRefused()
    {
        Rig rig;
        auto job = jobOf("j", {"h:1", "h:2"});
        job.targetLimit = 1;
        rig.fetcher.answer(url, "a 1\n");
        rig.scraper.apply({job});
        rig.scrapeAt(10s);
        QVERIFY(rig.fetcher.requests.empty());
        QCOMPARE(rig.status().health, scrape::Health::down);
        QVERIFY(QByteArray::fromStdString(rig.status().lastError).contains("target_limit"));
        QCOMPARE(rig.samples("up"), "0@10"_ba);
    }

    void twoTargetsOfTheSameLabelsBothWork()
    {
        Rig rig;
        auto job = jobOf("j", {});
        job.staticConfigs = {{{"h:1", "h:2"}, Labels({{"instance", "same"}}), ""}};
        rig.fetcher.answer(url, "a 1\n");
        rig.fetcher.answer("http://h:2/metrics", "b 1\n");
        rig.scraper.apply({job});
        rig.runUntil(rig.start + 20s);
        QCOMPARE(rig.scraper.targets()->up, 2U);
        QVERIFY(!rig.samples("a").isEmpty());
        QVERIFY(!rig.samples("b").isEmpty());
    }

    void repeatedScrapesOfOneMomentDoNotClash()
    {
        Rig rig;
        rig.fetcher.answer(url, "a 1\n");
        rig.scraper.apply({jobOf("j", {"h:1"})});
        rig.scrapeAt(10s);
        rig.fetcher.answer(url, "a 2\n");
        rig.scrapeAt(10s);
        QCOMPARE(rig.samples("a"), "1@10 2@10.001"_ba);
    }

    void collectorsAreTargetsLikeAnyOther()
    {
        test::TurnedClock clock;
        test::FakeFetcher network;
        InlineExecutor here;
        storage::MemoryStore store;
        scrape::CollectorFetcher fetcher(network, here);
        Result<std::string> answer = "own 5\n";
        fetcher.add("host", [&] { return answer; });
        test::FakeDns dns;
        test::FakeWatcher watcher;
        scrape::Scraper scraper({fetcher, here, here, store, clock, dns, watcher});
        auto job = jobOf("host", {});
        job.staticConfigs = {{{"collector:host"}, Labels({{"instance", "box"}}), ""}};
        scraper.apply({job, jobOf("none", {"collector:none"})});
        for (const scrape::TargetStatus& status : scraper.targets()->targets) {
            scraper.scrapeNow(status.id);
        }
        const auto list = scraper.targets();
        QVERIFY(network.requests.empty());
        QCOMPARE(list->targets[0].url, std::string("collector:host"));
        QVERIFY(list->targets[0].collector);
        QCOMPARE(list->targets[0].health, scrape::Health::up);
        QCOMPARE(list->targets[1].health, scrape::Health::down);
        QCOMPARE(QByteArray::fromStdString(list->targets[1].lastError),
                 "there is no collector \"none\""_ba);
        answer = fail(ErrorKind::io, "no /proc here");
        clock.at += 10s;
        scraper.scrapeNow(list->targets[0].id);
        QCOMPARE(scraper.targets()->targets[0].lastError, std::string("no /proc here"));
    }

    // No second of a minute may have more than 15 % of the scrapes, the first minute included.
    void manyTargetsSpreadFromTheStart()
    {
        Rig rig;
        std::vector<std::string> addresses;
        for (int i = 0; i < 200; ++i) {
            addresses.push_back("host-" + std::to_string(i) + ":9100");
        }
        rig.scraper.apply({jobOf("j", addresses, 1min)});
        for (int minute = 0; minute < 3; ++minute) {
            std::map<std::int64_t, std::size_t> perSecond;
            std::size_t all = 0;
            for (int second = 0; second < 60; ++second) {
                const std::size_t before = rig.fetcher.requests.size();
                rig.runUntil(rig.start + minute * 1min + (second + 1) * 1s - 1ms);
                perSecond[second] = rig.fetcher.requests.size() - before;
                all += perSecond[second];
            }
            QVERIFY(all >= 200);
            for (const auto& [second, count] : perSecond) {
                QVERIFY2(count * 100 <= all * 15,
                         qPrintable(QString("second %1 of minute %2 has %3 of %4 scrapes"_L1)
                                        .arg(second)
                                        .arg(minute)
                                        .arg(count)
                                        .arg(all)));
            }
        }
    }

    void turnsLieAtTheOffsetThatIsShown()
    {
        Rig rig;
        rig.fetcher.answer(url, "a 1\n");
        rig.scraper.apply({jobOf("j", {"h:1"}, 10s)});
        rig.runUntil(rig.start + 35s);
        const scrape::TargetStatus status = rig.status();
        QVERIFY(status.scrapeOffset >= 0us && status.scrapeOffset < 10s);
        QCOMPARE(std::chrono::milliseconds(unixMs(status.lastScrape)) % 10'000ms,
                 std::chrono::duration_cast<std::chrono::milliseconds>(status.scrapeOffset));
    }

    void missedTurnsAreCountedAndNotMadeUpFor()
    {
        Rig rig;
        rig.fetcher.answer(url, "a 1\n");
        rig.scraper.apply({jobOf("j", {"h:1"}, 1s)});
        rig.runUntil(rig.start + 2s);
        const std::size_t requests = rig.fetcher.requests.size();
        rig.fetcher.holds = true;
        rig.runUntil(rig.start + 3s); // begins one that does not end
        rig.runUntil(rig.start + 8s);
        QCOMPARE(rig.status().missedTurns, 5U);
        QCOMPARE(rig.scraper.counts().missed, 5U);
        rig.fetcher.holds = false;
        rig.fetcher.release();
        QCOMPARE(rig.fetcher.requests.size(), requests + 1);
        rig.runUntil(rig.start + 10s);
        QCOMPARE(rig.fetcher.requests.size(), requests + 3);
        QCOMPARE(rig.status().missedTurns, 5U);
    }

    void aSuspendIsNoMissedTurn()
    {
        Rig rig;
        rig.fetcher.answer(url, "a 1\n");
        rig.scraper.apply({jobOf("j", {"h:1"}, 10s)});
        rig.runUntil(rig.start + 20s);
        const std::size_t requests = rig.fetcher.requests.size();
        rig.clock.at += 8h;
        rig.scraper.advance(rig.clock.at);
        rig.runUntil(rig.clock.at + 2s);
        QCOMPARE(rig.fetcher.requests.size(), requests + 1);
        QCOMPARE(rig.status().missedTurns, 0U);
    }

    // The engine advances what is due: a clock set back must not put that off.
    void aClockSetBackIsNoticed()
    {
        Rig rig;
        rig.fetcher.answer(url, "a 1\n");
        rig.scraper.apply({jobOf("j", {"h:1"}, 10s)});
        rig.runUntil(rig.start + 20s);
        const std::size_t requests = rig.fetcher.requests.size();
        rig.clock.at -= 2h;
        QVERIFY(*rig.scraper.nextDue() <= rig.clock.at);
        rig.runUntil(rig.clock.at + 30s);
        QVERIFY(rig.fetcher.requests.size() >= requests + 2);
    }

    void whoWaitsForAScrapeIsToldItsEnd()
    {
        Rig rig;
        rig.fetcher.answer(url, "a 1\n");
        rig.fetcher.holds = true;
        rig.scraper.apply({jobOf("j", {"h:1"})});
        const std::uint64_t id = rig.status().id;
        std::vector<bool> ends;
        const auto wait = [&] {
            return rig.scraper.scrapeNow(
                id, [&ends](const Result<void>& end) { ends.push_back(end.has_value()); });
        };
        QVERIFY(wait());
        QVERIFY(wait());
        QVERIFY(ends.empty());
        rig.fetcher.release();
        QCOMPARE(ends, (std::vector<bool>{true, true}));
        QCOMPARE(rig.fetcher.requests.size(), 1U);
        ends.clear();
        QVERIFY(wait());
        rig.scraper.apply({});
        QCOMPARE(ends, std::vector<bool>{false});
        QVERIFY(!wait());
        QCOMPARE(ends.size(), 2U);
    }

    // A paused target's series are being ended, on a worker, when somebody asks for a scrape.
    void whoAsksWhileATargetIsEndedIsNotForgotten()
    {
        test::TurnedClock clock;
        test::FakeFetcher fetcher;
        InlineExecutor home;
        test::HeldExecutor workers;
        storage::MemoryStore store;
        test::FakeDns dns;
        test::FakeWatcher watcher;
        fetcher.answer(url, "a 1\n");
        scrape::Scraper scraper({fetcher, home, workers, store, clock, dns, watcher});
        scraper.apply({jobOf("j", {"h:1"})});
        const std::uint64_t id = scraper.targets()->targets.front().id;
        scraper.scrapeNow(id);
        workers.drain();
        scraper.setPausedJobs({"j"});
        bool isTold = false;
        scraper.scrapeNow(id, [&isTold](const Result<void>&) { isTold = true; });
        QVERIFY(!isTold);
        workers.drain();
        QVERIFY(isTold);
        QCOMPARE(fetcher.requests.size(), 2U);
    }

    void availabilityOfTheDay()
    {
        using Slot = scrape::Availability::Slot;
        scrape::Availability availability;
        const Timestamp start = fromUnixMs(1'700'000'100'000); // begins a quarter of an hour
        availability.note(start, true);
        availability.note(start + 15min, true);
        availability.note(start + 16min, false);
        availability.note(start + 45min, false);
        auto day = availability.day(start + 46min);
        QCOMPARE(day[92], Slot::up);
        QCOMPARE(day[93], Slot::partly);
        QCOMPARE(day[94], Slot::unknown);
        QCOMPARE(day[95], Slot::down);
        availability.note(start + 48h, true);
        day = availability.day(start + 48h);
        QCOMPARE(day[95], Slot::up);
        QCOMPARE(day[94], Slot::unknown);
        QCOMPARE(std::ranges::count(day, Slot::unknown), 95);
    }
};

QTEST_GUILESS_MAIN(TestScraper)
#include "tst_scraper.moc"
