// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/scrape/rig.h"

#include <optional>

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Rig = test::ScraperRig;

namespace {

const std::string sd = "http://sd/targets";

config::ScrapeConfig discoveringJob()
{
    auto job = test::jobOf("j", {"s:1"});
    config::HttpDiscovery entry;
    entry.url = sd;
    job.discoveries = {entry};
    return job;
}

RelabelRule replaceRule(const std::string& from, const std::string& regex, const std::string& to,
                        const std::string& replacement)
{
    RelabelRule rule;
    rule.sourceLabels = {from};
    rule.regexText = regex;
    rule.targetLabel = to;
    rule.replacement = replacement;
    return rule;
}

struct Asked {
    std::optional<Result<scrape::JobPreview>> answer;
    Ticket ticket;
};

void ask(Rig& rig, Asked& asked, const config::ScrapeConfig& job)
{
    asked.ticket = rig.scraper.preview(
        job, [&asked](Result<scrape::JobPreview> answer) { asked.answer = std::move(answer); });
}

} // namespace

class TestJobPreview : public QObject {
    Q_OBJECT
private slots:
    void everyRuleIsShown()
    {
        Rig rig;
        rig.fetcher.answer(sd, R"([{"targets":["a:1","b:1","c:1"],"labels":{"__meta_x":"y"}}])",
                           "application/json");
        auto job = discoveringJob();
        RelabelRule drop = replaceRule("__address__", "b.*", "", "$1");
        drop.action = RelabelAction::drop;
        job.relabel = {replaceRule("__meta_x", "(.+)", "x", "$1"), drop,
                       replaceRule("__address__", "c.*", "__address__", "bad/address")};
        Asked asked;
        ask(rig, asked, job);
        QVERIFY(asked.answer && *asked.answer);
        const scrape::JobPreview& preview = **asked.answer;
        QCOMPARE(preview.total, 4U);
        QVERIFY(preview.warnings.empty());
        QCOMPARE(preview.outcomes.size(), 4U);
        const auto& listed = preview.outcomes[0];
        QCOMPARE(*listed.url, std::string("http://s:1/metrics"));
        QCOMPARE(listed.steps.size(), 3U);
        const auto& kept = preview.outcomes[1];
        QCOMPARE(kept.discovered.get("__meta_x"), std::string_view("y"));
        QCOMPARE(kept.steps.size(), 3U);
        QVERIFY(!kept.steps[0].before.has("x"));
        QCOMPARE(kept.steps[0].after.get("x"), std::string_view("y"));
        QCOMPARE(kept.steps[1].before, kept.steps[0].after);
        QCOMPARE(kept.labels.get("x"), std::string_view("y"));
        QCOMPARE(*kept.url, std::string("http://a:1/metrics"));
        const auto& dropped = preview.outcomes[2];
        QCOMPARE(dropped.steps.size(), 2U);
        QVERIFY(!dropped.steps[1].kept);
        QVERIFY(!dropped.url);
        QVERIFY(dropped.error.empty());
        const auto& faulty = preview.outcomes[3];
        QVERIFY(!faulty.url);
        QCOMPARE(QByteArray::fromStdString(faulty.error),
                 "\"bad/address\" is not a valid hostname"_ba);
        QVERIFY2(rig.scraper.targets()->targets.empty(), "a preview changes nothing");
    }

    void discoveriesThatFailAreNamed()
    {
        Rig rig;
        auto job = discoveringJob();
        job.discoveries.emplace_back(config::ForeignDiscovery{"ec2_sd_configs", 1, {}});
        Asked asked;
        ask(rig, asked, job);
        rig.runUntil(rig.start + 1s);
        QVERIFY(asked.answer && *asked.answer);
        QCOMPARE((*asked.answer)->total, 1U);
        QCOMPARE((*asked.answer)->warnings,
                 (std::vector<std::string>{"Watchfire does not have ec2_sd_configs",
                                           "http (http://sd/targets): connection refused"}));
        QVERIFY2(!rig.scraper.nextDue(), "it is over");
    }

    void nobodyWaitsForLongerThanTenSeconds()
    {
        Rig rig;
        rig.fetcher.holds = true;
        Asked asked;
        ask(rig, asked, discoveringJob());
        rig.runUntil(rig.start + 9900ms);
        QVERIFY(!asked.answer);
        rig.runUntil(rig.start + 10s);
        QVERIFY(asked.answer && *asked.answer);
        QCOMPARE((*asked.answer)->warnings,
                 std::vector<std::string>{"http (http://sd/targets): no answer within 10s"});
        rig.fetcher.release();
    }

    void whoDoesNotWaitIsNotAnswered()
    {
        Rig rig;
        rig.fetcher.holds = true;
        Asked asked;
        ask(rig, asked, discoveringJob());
        asked.ticket.cancel();
        rig.runUntil(rig.start + 1min);
        QVERIFY(!asked.answer);
        QVERIFY(!rig.scraper.nextDue());
    }

    void aWrongRuleIsSaid()
    {
        Rig rig;
        auto job = discoveringJob();
        job.relabel = {replaceRule("a", "(", "b", "$1")};
        Asked asked;
        ask(rig, asked, job);
        QVERIFY(asked.answer && !*asked.answer);
        QVERIFY(rig.fetcher.requests.empty());
    }

    void aThousandAreShown()
    {
        Rig rig;
        std::vector<std::string> addresses;
        for (int i = 0; i < 1'500; ++i) {
            addresses.push_back("h" + std::to_string(i) + ":1");
        }
        Asked asked;
        ask(rig, asked, test::jobOf("j", addresses));
        QVERIFY(asked.answer && *asked.answer);
        QCOMPARE((*asked.answer)->outcomes.size(), 1'000U);
        QCOMPARE((*asked.answer)->total, 1'500U);
    }

    void aTestScrapeUsesWhatIsFound()
    {
        Rig rig;
        rig.fetcher.answer(sd, R"([{"targets":["a:1"]}])", "application/json");
        rig.fetcher.answer("http://a:1/metrics", "x 1\n");
        auto job = discoveringJob();
        job.staticConfigs.clear();
        std::optional<Result<scrape::Trial>> trial;
        const Ticket ticket = rig.scraper.test(
            job, {}, [&trial](Result<scrape::Trial> answer) { trial = std::move(answer); });
        QVERIFY(trial && *trial);
        QVERIFY((*trial)->ok);
        QCOMPARE((*trial)->url, std::string("http://a:1/metrics"));
    }

    void aTestScrapeWithoutAnythingFoundSaysWhy()
    {
        Rig rig;
        auto job = discoveringJob();
        job.staticConfigs.clear();
        std::optional<Result<scrape::Trial>> trial;
        const Ticket ticket = rig.scraper.test(
            job, {}, [&trial](Result<scrape::Trial> answer) { trial = std::move(answer); });
        rig.runUntil(rig.start + 1s);
        QVERIFY(trial && !*trial);
        QCOMPARE(QByteArray::fromStdString(trial->error().message),
                 "http (http://sd/targets): connection refused"_ba);
    }
};

QTEST_GUILESS_MAIN(TestJobPreview)
#include "tst_job_preview.moc"
