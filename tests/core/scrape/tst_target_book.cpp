// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/target.h"
#include "core/scrape/target_book.h"

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace std::chrono_literals;

namespace {

using Groups = std::vector<config::TargetGroup>;

std::shared_ptr<const config::ScrapeConfig> jobWith(const std::string& dropped = "none")
{
    auto job = std::make_shared<config::ScrapeConfig>();
    job->jobName = "j";
    job->scrapeInterval = 10s;
    job->scrapeTimeout = 5s;
    RelabelRule rule;
    rule.action = RelabelAction::drop;
    rule.sourceLabels = {"__address__"};
    rule.regexText = dropped;
    job->relabel = {rule};
    [&job] { QVERIFY(scrape::prepareRules(*job)); }();
    return job;
}

std::vector<scrape::GroupsPtr> groupsOf(Groups groups)
{
    return {std::make_shared<const Groups>(std::move(groups))};
}

} // namespace

class TestTargetBook : public QObject {
    Q_OBJECT
private slots:
    void onlyWhatChangedIsMade()
    {
        const auto job = jobWith();
        scrape::TargetBook book(scrape::Ceilings{});
        auto change = book.update(job, groupsOf({{{"a:1", "b:1"}, Labels({{"x", "1"}}), "s"}}));
        QCOMPARE(change.put.size(), 2U);
        QCOMPARE(change.active, 2U);
        change = book.update(job, groupsOf({{{"a:1", "b:1"}, Labels({{"x", "1"}}), "other"}}));
        QVERIFY(change.put.empty());
        QVERIFY(change.gone.empty());
        change = book.update(job,
                             groupsOf({{{"b:1"}, Labels({{"x", "1"}}), "s"}, {{"c:1"}, {}, "t"}}));
        QCOMPARE(change.put.size(), 1U);
        QCOMPARE(change.put[0].second->target.url, std::string("http://c:1/metrics"));
        QCOMPARE(change.gone.size(), 1U);
        QCOMPARE(change.active, 2U);
    }

    void otherLabelsAreAnotherTarget()
    {
        const auto job = jobWith();
        scrape::TargetBook book(scrape::Ceilings{});
        book.update(job, groupsOf({{{"a:1"}, Labels({{"x", "1"}}), "s"}}));
        const auto change = book.update(job, groupsOf({{{"a:1"}, Labels({{"x", "2"}}), "s"}}));
        QCOMPARE(change.put.size(), 1U);
        QCOMPARE(change.gone.size(), 1U);
    }

    // Labels that relabelling leaves behind do not make another target, but people see them.
    void otherDiscoveredLabelsReplaceTheRules()
    {
        const auto job = jobWith();
        scrape::TargetBook book(scrape::Ceilings{});
        const auto first
            = book.update(job, groupsOf({{{"a:1"}, Labels({{"__meta_x", "1"}}), "s"}}));
        const auto change
            = book.update(job, groupsOf({{{"a:1"}, Labels({{"__meta_x", "2"}}), "s"}}));
        QVERIFY(change.gone.empty());
        QCOMPARE(change.put.size(), 1U);
        QCOMPARE(change.put[0].first, first.put[0].first);
        QCOMPARE(change.put[0].second->target.discovered.get("__meta_x"), std::string_view("2"));
    }

    void anotherConfigurationReplacesAll()
    {
        scrape::TargetBook book(scrape::Ceilings{});
        const auto groups = groupsOf({{{"a:1", "b:1"}, {}, "s"}});
        const auto first = book.update(jobWith(), groups);
        const auto job = jobWith("b.*");
        const auto change = book.update(job, groups);
        QCOMPARE(change.put.size(), 1U);
        QCOMPARE(change.put[0].second->job, job);
        QCOMPARE(change.gone.size(), 1U);
        QCOMPARE(change.droppedInAll, 1U);
        QCOMPARE(change.dropped->at(0).get("__address__"), std::string_view("b:1"));
    }

    void faultsAreToldEachTime()
    {
        const auto job = jobWith();
        scrape::TargetBook book(scrape::Ceilings{});
        const auto groups = groupsOf({{{"a/b", "c:1"}, {}, "s"}});
        for (int i = 0; i < 2; ++i) {
            const auto change = book.update(job, groups);
            QCOMPARE(change.faults.size(), 1U);
            QCOMPARE(change.faults[0].message,
                     std::string("job \"j\", target a/b: \"a/b\" is not a valid hostname"));
            QCOMPARE(change.active, 1U);
        }
    }

    void theSameTwiceIsOnce()
    {
        const auto job = jobWith("drop.*");
        scrape::TargetBook book(scrape::Ceilings{});
        const auto change = book.update(
            job, groupsOf({{{"a:1", "a:1", "drop:1"}, {}, "s"}, {{"a:1", "drop:1"}, {}, "t"}}));
        QCOMPARE(change.active, 1U);
        QCOMPARE(change.droppedInAll, 1U);
    }
};

QTEST_GUILESS_MAIN(TestTargetBook)
#include "tst_target_book.moc"
