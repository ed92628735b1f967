// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/null_ports.h"
#include "core/discovery/provider.h"
#include "tests/support/fake_fetcher.h"

#include <QByteArrayList>
#include <QObject>
#include <QTest>

using namespace watchfire;

namespace {

struct Rig {
    test::TurnedClock clock;
    test::FakeFetcher fetcher;
    discovery::NullDns dns;
    discovery::NullWatcher watcher;
    InlineExecutor here;
    discovery::ProviderPorts ports{fetcher, dns, watcher, here, here, clock};
};

} // namespace

class TestStaticProvider : public QObject {
    Q_OBJECT
private slots:
    void handsOverTheGroupsOnce()
    {
        config::ScrapeConfig job;
        job.staticConfigs = {{{"a:1", "b:2"}, Labels({{"env", "x"}}), ""}, {{"c:3"}, {}, ""}};
        Rig rig;
        const auto providers = discovery::makeProviders(job, rig.ports);
        QCOMPARE(providers.size(), 1U);
        std::vector<std::vector<config::TargetGroup>> updates;
        providers.front()->start(
            [&](std::vector<config::TargetGroup> groups) { updates.push_back(std::move(groups)); });
        QCOMPARE(updates.size(), 1U);
        QCOMPARE(updates.front().size(), 2U);
        QCOMPARE(updates.front()[0].targets, job.staticConfigs[0].targets);
        QVERIFY2(updates.front()[0].source != updates.front()[1].source,
                 "a group is known by its source");
        const discovery::ProviderStatus status = providers.front()->status();
        QCOMPARE(status.kind, std::string("static"));
        QCOMPARE(status.lastUpdate, rig.clock.at);
        QVERIFY(!providers.front()->nextDue());
    }

    void aJobWithoutTargetsHasNoProvider()
    {
        Rig rig;
        QVERIFY(discovery::makeProviders({}, rig.ports).empty());
    }

    void everyKindHasItsProvider()
    {
        Rig rig;
        config::ScrapeConfig job;
        job.staticConfigs = {{{"a:1"}, {}, ""}};
        job.discoveries
            = {config::FileDiscovery(),   config::HttpDiscovery(),   config::DnsDiscovery(),
               config::DockerDiscovery(), config::ConsulDiscovery(), config::KubernetesDiscovery(),
               config::ForeignDiscovery()};
        QByteArrayList kinds;
        for (const auto& provider : discovery::makeProviders(job, rig.ports)) {
            kinds << QByteArray::fromStdString(provider->status().kind);
        }
        QCOMPARE(kinds.join(' '), "static file http dns docker consul kubernetes");
    }

    void aKindThatThereIsNoneOfHasNoProvider()
    {
        Rig rig;
        config::ScrapeConfig job;
        job.discoveries = {config::ForeignDiscovery{"ec2_sd_configs", 7, {}}};
        QVERIFY(discovery::makeProviders(job, rig.ports).empty());
    }
};

QTEST_GUILESS_MAIN(TestStaticProvider)
#include "tst_static_provider.moc"
