// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/docker_answers.h"
#include "core/discovery/docker_provider.h"
#include "tests/core/discovery/rig.h"

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

config::DockerDiscovery configOf(const std::string& host)
{
    config::DockerDiscovery config;
    config.host = host;
    config.port = 81;
    return config;
}

void serve(test::ProviderRig& rig, const std::string& base, const std::string& prefix = "/v1.44")
{
    rig.fetcher.answer(base + "/_ping", "OK");
    if (!prefix.empty()) {
        rig.fetcher.answers.at(base + "/_ping")
            ->headers.emplace_back("Api-Version", prefix.substr(2));
    }
    rig.fetcher.answer(base + prefix + "/containers/json", test::data("docker/containers.json"));
    rig.fetcher.answer(base + prefix + "/networks", test::data("docker/networks.json"));
}

} // namespace

class TestDocker : public QObject {
    Q_OBJECT
private slots:
    // Expected: what Prometheus 3.5 makes of the same answers, and what its later versions add:
    // labels of the image, and the address of a container that has but an IPv6 one.
    void labels_data()
    {
        QTest::addColumn<bool>("firstNetwork");
        QTest::addColumn<QByteArray>("hostNetworkingHost");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("defaults") << true << "localhost"_ba << "docker"_ba;
        QTest::newRow("all networks") << false << "me.example.org"_ba << "docker_all"_ba;
    }
    void labels()
    {
        QFETCH(bool, firstNetwork);
        QFETCH(QByteArray, hostNetworkingHost);
        QFETCH(QByteArray, expected);
        auto config = configOf("http://d");
        config.matchFirstNetwork = firstNetwork;
        config.hostNetworkingHost = hostNetworkingHost.toStdString();
        const auto groups = discovery::groupsOfContainers(
            config, test::data("docker/containers.json"), test::data("docker/networks.json"));
        QVERIFY2(groups, groups ? "" : groups.error().message.c_str());
        const QByteArray difference
            = test::differenceFrom(expected.toStdString() + ".txt", *groups);
        QVERIFY2(difference.isEmpty(), difference.constData());
    }

    void circlesOfNetworksEnd()
    {
        const auto groups = discovery::groupsOfContainers(
            configOf("http://d"),
            R"([{"Id":"a","Names":["/a"],"HostConfig":{"NetworkMode":"container:b"}},
                {"Id":"b","Names":["/b"],"HostConfig":{"NetworkMode":"container:a"}}])",
            "[]");
        QVERIFY(groups);
        QVERIFY(groups->empty());
    }

    void strangeAnswersAreRefused_data()
    {
        QTest::addColumn<QByteArray>("containers");
        QTest::addColumn<QByteArray>("networks");
        QTest::addColumn<QByteArray>("error");
        QTest::newRow("no list") << "{}"_ba << "[]"_ba << "the list of containers is not a list"_ba;
        QTest::newRow("no list of networks")
            << "[]"_ba << "7"_ba << "the list of networks is not a list"_ba;
        QTest::newRow("no JSON") << "<html>"_ba << "[]"_ba << "the list of containers: "_ba;
    }
    void strangeAnswersAreRefused()
    {
        QFETCH(QByteArray, containers);
        QFETCH(QByteArray, networks);
        QFETCH(QByteArray, error);
        const auto groups = discovery::groupsOfContainers(
            configOf("http://d"), containers.toStdString(), networks.toStdString());
        QVERIFY(!groups);
        QVERIFY2(groups.error().message.starts_with(error.toStdString()),
                 groups.error().message.c_str());
    }

    void hosts_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<QByteArray>("base");
        QTest::addColumn<QByteArray>("socket");
        QTest::addColumn<bool>("usesClient");
        QTest::newRow("socket") << "unix:///var/run/docker.sock"_ba << "http://docker"_ba
                                << "/var/run/docker.sock"_ba << false;
        QTest::newRow("tcp") << "tcp://engine:2375"_ba << "http://engine:2375"_ba << ""_ba << false;
        QTest::newRow("http") << "http://engine:2375/"_ba << "http://engine:2375"_ba << ""_ba
                              << true;
        QTest::newRow("https") << "https://engine/base"_ba << "https://engine/base"_ba << ""_ba
                               << true;
    }
    void hosts()
    {
        QFETCH(QByteArray, host);
        QFETCH(QByteArray, base);
        QFETCH(QByteArray, socket);
        QFETCH(bool, usesClient);
        test::ProviderRig rig;
        serve(rig, base.toStdString());
        auto config = configOf(host.toStdString());
        config.client.auth = BearerAuth{"Bearer", Secret("t"), ""};
        rig.run(std::make_unique<discovery::DockerProvider>(config, rig.ports));
        QCOMPARE(QByteArray::fromStdString(rig.error()), ""_ba);
        QCOMPARE(rig.updates.size(), 1U);
        QCOMPARE(rig.updates[0].size(), 8U);
        QCOMPARE(rig.fetcher.requests.size(), 3U);
        for (const HttpRequest& request : rig.fetcher.requests) {
            QCOMPARE(QByteArray::fromStdString(request.unixSocket), socket);
            QCOMPARE(std::holds_alternative<BearerAuth>(request.client.auth), usesClient);
            QCOMPARE(request.timeout, std::chrono::milliseconds(1min));
        }
    }

    void anEngineThatDoesNotTellItsVersion()
    {
        test::ProviderRig rig;
        serve(rig, "http://e", "");
        rig.run(std::make_unique<discovery::DockerProvider>(configOf("http://e"), rig.ports));
        QCOMPARE(rig.updates.size(), 1U);
    }

    void filtersGoWithTheQuestion()
    {
        const std::string filters
            = discovery::dockerFilters({{"name", {"a"}}, {"label", {"x=\"1\""}}, {"name", {"b"}}});
        QCOMPARE(QByteArray::fromStdString(filters),
                 "{\"label\":[\"x=\\\"1\\\"\"],\"name\":[\"a\",\"b\"]}"_ba);
        test::ProviderRig rig;
        serve(rig, "http://e");
        const std::string url
            = "http://e/v1.44/containers/json?filters=%7B%22name%22%3A%5B%22a%22%5D%7D";
        rig.fetcher.answer(url, "[]");
        auto config = configOf("http://e");
        config.filters = {{"name", {"a"}}};
        rig.run(std::make_unique<discovery::DockerProvider>(config, rig.ports));
        QCOMPARE(rig.fetcher.requests.at(1).url, url);
        QCOMPARE(rig.updates.size(), 1U);
        QVERIFY(rig.updates[0].empty());
    }

    void failuresKeepWhatIsKnown_data()
    {
        QTest::addColumn<QByteArray>("path"); // that fails
        QTest::addColumn<int>("status"); // 0: no answer
        QTest::addColumn<QByteArray>("error");
        QTest::newRow("down") << "/_ping"_ba << 0 << "connection refused"_ba;
        QTest::newRow("containers")
            << "/v1.44/containers/json"_ba << 500
            << "listing containers: server returned HTTP status 500: boom"_ba;
        QTest::newRow("networks") << "/v1.44/networks"_ba << 400
                                  << "listing networks: server returned HTTP status 400: boom"_ba;
    }
    void failuresKeepWhatIsKnown()
    {
        QFETCH(QByteArray, path);
        QFETCH(int, status);
        QFETCH(QByteArray, error);
        test::ProviderRig rig;
        serve(rig, "http://e");
        rig.run(std::make_unique<discovery::DockerProvider>(configOf("http://e"), rig.ports));
        const std::string url = "http://e" + path.toStdString();
        const auto good = rig.fetcher.answers.at(url);
        if (status == 0) {
            rig.fetcher.answers.erase(url);
        } else {
            rig.fetcher.answer(url, R"({"message":"boom"})", "application/json", status);
        }
        rig.runUntil(rig.start + 61s);
        QCOMPARE(rig.updates.size(), 1U);
        QCOMPARE(QByteArray::fromStdString(rig.error()), error);
        QCOMPARE(rig.provider->status().lastUpdate, rig.start);
        rig.fetcher.answers.insert_or_assign(url, good);
        rig.runUntil(rig.start + 121s);
        QCOMPARE(rig.updates.size(), 2U);
        QVERIFY(rig.error().empty());
    }

    void aHostOfAnotherKindIsRefused()
    {
        test::ProviderRig rig;
        rig.run(std::make_unique<discovery::DockerProvider>(configOf("npipe:////./pipe/docker"),
                                                            rig.ports));
        QVERIFY(QByteArray::fromStdString(rig.error()).contains("must begin with unix://"));
        QVERIFY(rig.fetcher.requests.empty());
    }
};

QTEST_GUILESS_MAIN(TestDocker)
#include "tst_docker.moc"
