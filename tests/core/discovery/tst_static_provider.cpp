// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/provider.h"

#include <QObject>
#include <QTest>

using namespace watchfire;

class TestStaticProvider : public QObject {
    Q_OBJECT
private slots:
    void handsOverTheGroupsOnce()
    {
        config::ScrapeConfig job;
        job.staticConfigs = {{{"a:1", "b:2"}, Labels({{"env", "x"}}), ""}, {{"c:3"}, {}, ""}};
        const auto providers = discovery::makeProviders(job);
        QCOMPARE(providers.size(), 1U);
        std::vector<std::vector<config::TargetGroup>> updates;
        providers.front()->start(
            [&](std::vector<config::TargetGroup> groups) { updates.push_back(std::move(groups)); });
        QCOMPARE(updates.size(), 1U);
        QCOMPARE(updates.front().size(), 2U);
        QCOMPARE(updates.front()[0].targets, job.staticConfigs[0].targets);
        QVERIFY2(updates.front()[0].source != updates.front()[1].source,
                 "a group is known by its source");
    }

    void aJobWithoutTargetsHasNoProvider() { QVERIFY(discovery::makeProviders({}).empty()); }
};

QTEST_GUILESS_MAIN(TestStaticProvider)
#include "tst_static_provider.moc"
