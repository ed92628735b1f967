// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/job.h"
#include "tests/core/scrape/rig.h"

#include <map>

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Rig = test::ScraperRig;

namespace {

const std::string sd = "http://sd/targets";

config::HttpDiscovery httpOf(const std::string& url, std::chrono::milliseconds refresh = 1min)
{
    config::HttpDiscovery entry;
    entry.url = url;
    entry.refreshInterval = refresh;
    return entry;
}

config::ScrapeConfig discoveringJob(std::vector<config::DiscoveryConfig> entries)
{
    auto job = test::jobOf("j", {});
    job.discoveries = std::move(entries);
    return job;
}

void list(Rig& rig, const std::vector<std::string>& targets, const std::string& url = sd)
{
    std::string body = "[{\"targets\":[";
    for (std::size_t i = 0; i < targets.size(); ++i) {
        body += (i == 0 ? "\"" : ",\"") + targets[i] + '"';
    }
    rig.fetcher.answer(url, body + "]}]", "application/json");
}

std::size_t countOf(const Rig& rig, const std::string& url)
{
    return std::size_t(std::ranges::count(rig.fetcher.requests, url, &HttpRequest::url));
}

RelabelRule ruleOf(RelabelAction action, const std::string& from, const std::string& regex)
{
    RelabelRule rule;
    rule.action = action;
    rule.sourceLabels = {from};
    rule.regexText = regex;
    rule.givenRegex = true;
    return rule;
}

} // namespace

class TestScrapeDiscovery : public QObject {
    Q_OBJECT
private slots:
    void targetsComeAndGo()
    {
        Rig rig;
        list(rig, {"a:1", "b:1"});
        rig.fetcher.answer("http://a:1/metrics", "x 1\n");
        rig.scraper.apply({discoveringJob({httpOf(sd)})});
        QCOMPARE(rig.instances(), "a:1 b:1"_ba);
        rig.runUntil(rig.start + 30s);
        QVERIFY(rig.status().health == scrape::Health::up);
        const std::uint64_t scrapes = countOf(rig, "http://b:1/metrics");
        QVERIFY(scrapes > 0);
        list(rig, {"b:1", "c:1"});
        rig.runUntil(rig.start + 1min);
        QCOMPARE(rig.instances(), "b:1 c:1"_ba);
        QVERIFY2(rig.samples("x").endsWith("stale@60"), "what is gone is to be marked");
        rig.runUntil(rig.start + 90s);
        QVERIFY2(countOf(rig, "http://b:1/metrics") > scrapes, "what stays is disturbed");
    }

    void aFailureKeepsTargetsAndIsShown()
    {
        Rig rig;
        list(rig, {"a:1"});
        rig.scraper.apply({discoveringJob({httpOf(sd)})});
        auto shown = rig.scraper.targets()->discoveries;
        QCOMPARE(shown.size(), 1U);
        QCOMPARE(shown[0].job, std::string("j"));
        QCOMPARE(shown[0].kind, std::string("http"));
        QCOMPARE(shown[0].source, sd);
        QCOMPARE(shown[0].targets, 1U);
        QCOMPARE(shown[0].lastUpdate, rig.start);
        QVERIFY(shown[0].lastError.empty());
        const std::uint64_t revision = rig.scraper.revision();
        QCOMPARE(rig.scraper.revision(), revision);
        rig.fetcher.answer(sd, "", "text/html", 500);
        rig.runUntil(rig.start + 1min);
        QVERIFY2(rig.scraper.revision() != revision, "nobody is told");
        shown = rig.scraper.targets()->discoveries;
        QCOMPARE(QByteArray::fromStdString(shown[0].lastError),
                 "server returned HTTP status 500"_ba);
        QCOMPARE(shown[0].targets, 1U);
        QCOMPARE(rig.instances(), "a:1"_ba);
    }

    void aReloadKeepsDiscoveriesThatStay()
    {
        Rig rig;
        list(rig, {"a:1"});
        list(rig, {"z:1"}, "http://other/");
        auto job = discoveringJob({httpOf(sd)});
        rig.scraper.apply({job});
        QCOMPARE(countOf(rig, sd), 1U);
        job.scrapeTimeout = 2s;
        job.metricRelabel = {ruleOf(RelabelAction::drop, "__name__", "x")};
        rig.scraper.apply({job});
        QCOMPARE(rig.status().timeout, std::chrono::milliseconds(2s));
        job.relabel = {ruleOf(RelabelAction::keep, "__address__", "b.*")};
        rig.scraper.apply({job});
        QCOMPARE(rig.instances(), ""_ba);
        QCOMPARE(rig.scraper.targets()->droppedInAll, 1U);
        job.relabel.clear();
        job.discoveries.emplace_back(httpOf("http://other/"));
        rig.scraper.apply({job});
        QCOMPARE(rig.instances(), "a:1 z:1"_ba);
        QCOMPARE(countOf(rig, sd), 1U);
        job.discoveries.erase(job.discoveries.begin());
        job.staticConfigs = {{{"s:1"}, {}, ""}};
        rig.scraper.apply({job});
        QCOMPARE(rig.instances(), "s:1 z:1"_ba);
        QCOMPARE(countOf(rig, "http://other/"), 1U);
        rig.runUntil(rig.start + 5min);
        QCOMPARE(countOf(rig, sd), 1U);
        QVERIFY(countOf(rig, "http://other/") > 2);
    }

    // A new address of the same service must not end all its series.
    void targetsOfAReplacedDiscoveryStayUntilTheNewOneKnows()
    {
        Rig rig;
        list(rig, {"a:1"});
        rig.scraper.apply({discoveringJob({httpOf(sd)})});
        const std::uint64_t id = rig.status().id;
        rig.fetcher.holds = true;
        list(rig, {"a:1", "b:1"}, "http://moved/");
        rig.scraper.apply({discoveringJob({httpOf("http://moved/")})});
        QCOMPARE(rig.instances(), "a:1"_ba);
        rig.fetcher.holds = false;
        rig.fetcher.release();
        QCOMPARE(rig.instances(), "a:1 b:1"_ba);
        QCOMPARE(rig.status().id, id);
    }

    void targetsOfAReplacedDiscoveryDoNotStayForEver()
    {
        Rig rig;
        list(rig, {"a:1"});
        rig.scraper.apply({discoveringJob({httpOf(sd)})});
        rig.scraper.apply({discoveringJob({httpOf("http://nowhere/")})});
        QCOMPARE(rig.instances(), "a:1"_ba);
        rig.runUntil(rig.start + 9s);
        QCOMPARE(rig.instances(), "a:1"_ba);
        rig.runUntil(rig.start + 10s);
        QCOMPARE(rig.instances(), ""_ba);
    }

    void oneTargetOfTwoDiscoveriesIsOne()
    {
        Rig rig;
        list(rig, {"a:1"});
        list(rig, {"a:1"}, "http://other/");
        auto job = discoveringJob({httpOf(sd), httpOf("http://other/")});
        job.staticConfigs = {{{"a:1"}, {}, ""}};
        rig.scraper.apply({job});
        QCOMPARE(rig.instances(), "a:1"_ba);
        // Gone from one of them it is still there.
        list(rig, {});
        rig.runUntil(rig.start + 1min);
        QCOMPARE(rig.instances(), "a:1"_ba);
    }

    void droppedTargetsAreShownUpToTheLimit()
    {
        Rig rig;
        list(rig, {"a:1", "b:1", "c:1", "d:1"});
        auto job = discoveringJob({httpOf(sd)});
        job.relabel = {ruleOf(RelabelAction::drop, "__address__", "[bcd].*")};
        job.keepDroppedTargets = 2;
        rig.scraper.apply({job});
        QCOMPARE(rig.scraper.targets()->dropped.size(), 2U);
        QCOMPARE(rig.scraper.targets()->droppedInAll, 3U);
        job.keepDroppedTargets = 0;
        rig.scraper.apply({job});
        QCOMPARE(rig.scraper.targets()->dropped.size(), 3U);
    }

    void theTargetLimitHoldsForWhatIsFound()
    {
        Rig rig;
        list(rig, {"a:1"});
        auto job = discoveringJob({httpOf(sd)});
        job.targetLimit = 1;
        rig.scraper.apply({job});
        rig.runUntil(rig.start + 10s);
        QCOMPARE(rig.status().lastError, std::string("connection refused"));
        list(rig, {"a:1", "b:1"});
        rig.runUntil(rig.start + 80s);
        QVERIFY(rig.status().lastError.contains("target_limit exceeded"));
        list(rig, {"a:1"});
        rig.runUntil(rig.start + 140s);
        QCOMPARE(rig.status().lastError, std::string("connection refused"));
    }

    void aKindThatThereIsNoneOfIsNamed()
    {
        Rig rig;
        rig.scraper.apply({discoveringJob({config::ForeignDiscovery{"ec2_sd_configs", 7, {}}})});
        const auto shown = rig.scraper.targets()->discoveries;
        QCOMPARE(shown.size(), 1U);
        QCOMPARE(shown[0].kind, std::string("ec2"));
        QCOMPARE(shown[0].lastError, std::string("Watchfire does not have ec2_sd_configs"));
    }

    void discoveryGoesOnWhileScrapingIsPaused()
    {
        Rig rig;
        list(rig, {"a:1"});
        rig.scraper.apply({discoveringJob({httpOf(sd)})});
        rig.scraper.setPaused(true);
        list(rig, {"b:1"});
        rig.runUntil(rig.start + 1min);
        QCOMPARE(rig.instances(), "b:1"_ba);
        QCOMPARE(countOf(rig, "http://b:1/metrics"), 0U);
    }

    void aJobThatGoesTakesItsDiscoveriesWithIt()
    {
        Rig rig;
        list(rig, {"a:1"});
        rig.scraper.apply({discoveringJob({httpOf(sd)})});
        rig.fetcher.holds = true;
        rig.runUntil(rig.start + 61s);
        rig.scraper.apply({});
        rig.fetcher.release();
        QCOMPARE(rig.instances(), ""_ba);
        QVERIFY(!rig.scraper.nextDue());
    }

    // What many targets came to is worked out elsewhere and taken over a part at a time.
    void manyTargetsDoNotKeepTheHomeThread()
    {
        constexpr std::size_t many = 1'700;
        test::TurnedClock clock;
        test::FakeFetcher fetcher;
        test::FakeDns dns;
        test::FakeWatcher watcher;
        test::HeldExecutor home;
        test::HeldExecutor workers;
        storage::MemoryStore store;
        scrape::Scraper scraper({fetcher, home, workers, store, clock, dns, watcher});
        std::vector<std::string> addresses;
        for (std::size_t i = 0; i < many; ++i) {
            addresses.push_back("h" + std::to_string(i) + ":1");
        }
        scraper.apply({test::jobOf("j", addresses)});
        QCOMPARE(scraper.targets()->targets.size(), 0U);
        QCOMPARE(workers.tasks.size(), 1U);
        workers.drain();
        std::size_t before = 0;
        std::size_t parts = 0;
        while (!home.tasks.empty()) {
            Task task = std::move(home.tasks.front());
            home.tasks.pop_front();
            task();
            const std::size_t now = scraper.targets()->targets.size();
            QVERIFY2(now - before <= 500, "too many at once");
            before = now;
            ++parts;
        }
        QCOMPARE(before, many);
        QCOMPARE(parts, 4U);
        // What changes meanwhile is not lost, and comes after.
        addresses.resize(many - 1);
        addresses.emplace_back("new:1");
        scraper.apply({test::jobOf("j", addresses)});
        addresses.emplace_back("newer:1");
        scraper.apply({test::jobOf("j", addresses)});
        while (!workers.tasks.empty() || !home.tasks.empty()) {
            workers.drain();
            home.drain();
        }
        QCOMPARE(scraper.targets()->targets.size(), many + 1);
    }

    void changesAreHandedOverInOrder()
    {
        test::TurnedClock clock;
        test::FakeFetcher fetcher;
        test::FakeDns dns;
        test::FakeWatcher watcher;
        test::HeldExecutor home;
        InlineExecutor workers;
        std::map<std::uint64_t, std::string> known;
        scrape::Job job({fetcher, dns, watcher, home, workers, clock}, {},
                        [&known](const scrape::TargetChange& change) {
                            for (const std::uint64_t id : change.gone) {
                                known.erase(id);
                            }
                            for (const auto& [id, rules] : change.put) {
                                known[id] = rules->target.url;
                            }
                        });
        const auto configure = [&job](std::size_t first, std::size_t count) {
            auto config = std::make_shared<config::ScrapeConfig>(test::jobOf("j", {}));
            config->staticConfigs.emplace_back();
            for (std::size_t i = first; i < first + count; ++i) {
                config->staticConfigs[0].targets.push_back("h" + std::to_string(i) + ":1");
            }
            job.configure(std::move(config));
        };
        configure(0, 1'200);
        home.tasks.front()(); // the worker's answer: the first part
        home.tasks.pop_front();
        QCOMPARE(known.size(), 500U);
        configure(1'000, 100); // few enough to be made at once, while parts are on their way
        home.drain();
        QCOMPARE(known.size(), 100U);
        QVERIFY(std::ranges::all_of(
            known, [](const auto& item) { return item.second.starts_with("http://h10"); }));
    }
};

QTEST_GUILESS_MAIN(TestScrapeDiscovery)
#include "tst_scrape_discovery.moc"
