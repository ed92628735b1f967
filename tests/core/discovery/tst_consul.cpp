// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/consul_answers.h"
#include "core/discovery/consul_provider.h"
#include "tests/core/discovery/rig.h"

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const std::string base = "http://localhost:8500";

void answer(test::ProviderRig& rig, const std::string& path, const std::string& body,
            const std::string& index)
{
    rig.fetcher.answer(base + path, body, "application/json");
    if (!index.empty()) {
        rig.fetcher.answers.at(base + path)->headers.emplace_back("X-Consul-Index", index);
    }
}

std::string waiting(const std::string& path, const std::string& index)
{
    return path + "?dc=dc1&stale&index=" + index + "&wait=120000ms";
}

std::string instance(const std::string& service, const std::string& address)
{
    return R"([{"Node":{"Node":"n","Address":")" + address + R"("},"Service":{"ID":"i","Service":")"
        + service + R"(","Port":1},"Checks":[]}])";
}

/// All of the recorded answers.
void serve(test::ProviderRig& rig)
{
    answer(rig, "/v1/agent/self", test::data("consul/agent_self.json"), "");
    answer(rig, "/v1/catalog/services?dc=dc1&stale", test::data("consul/services.json"), "7");
    for (const std::string name : {"web", "db", "consul"}) {
        answer(rig, "/v1/health/service/" + name + "?dc=dc1&stale",
               test::data("consul/health_" + name + ".json"), "7");
    }
}

void run(test::ProviderRig& rig, const config::ConsulDiscovery& config = {})
{
    rig.run(std::make_unique<discovery::ConsulProvider>(config, rig.ports));
}

std::size_t countOf(const test::ProviderRig& rig, std::string_view part)
{
    return std::size_t(std::ranges::count_if(
        rig.fetcher.requests, [&](const HttpRequest& one) { return one.url.contains(part); }));
}

} // namespace

class TestConsul : public QObject {
    Q_OBJECT
private slots:
    void everyServiceIsFound()
    {
        test::ProviderRig rig;
        serve(rig);
        run(rig);
        QCOMPARE(QByteArray::fromStdString(rig.error()), ""_ba);
        QCOMPARE(rig.updates.size(), 1U);
        const QByteArray difference = test::differenceFrom("consul.txt", rig.updates[0]);
        QVERIFY2(difference.isEmpty(), difference.constData());
        QVERIFY2(!rig.fetcher.requests[0].url.contains('?'), "the agent is asked for itself");
        QCOMPARE(rig.fetcher.requests.back().timeout, std::chrono::milliseconds(135s));
    }

    void tagsAndNamesNarrow()
    {
        test::ProviderRig rig;
        serve(rig);
        config::ConsulDiscovery config;
        config.datacenter = "dc1";
        config.services = {"web", "db"};
        config.tags = {"prod", "v1"};
        config.tagSeparator = ";";
        answer(rig, "/v1/health/service/web?dc=dc1&stale&tag=prod&tag=v1", instance("web", "h"),
               "7");
        run(rig, config);
        QCOMPARE(rig.addresses(), "h:1"_ba);
        QCOMPARE(countOf(rig, "/v1/agent/self"), 0U);
        QCOMPARE(countOf(rig, "/v1/health/service/db"), 0U);
        QCOMPARE(rig.updates[0][0].labels.get("__meta_consul_tags"), std::string_view(";;"));
    }

    void servicesThatAreNamedNeedNoCatalogue()
    {
        test::ProviderRig rig;
        serve(rig);
        config::ConsulDiscovery config;
        config.datacenter = "dc1";
        config.services = {"db", "web"};
        run(rig, config);
        QCOMPARE(countOf(rig, "/v1/catalog"), 0U);
        QCOMPARE(rig.updates.size(), 1U);
        QCOMPARE(rig.updates[0].size(), 7U);
    }

    void everythingGoesWithTheQuestion()
    {
        test::ProviderRig rig;
        config::ConsulDiscovery config;
        config.server = "https://c.example.org:8501/";
        config.pathPrefix = "consul";
        config.token = Secret("t0");
        config.datacenter = "dc2";
        config.nameSpace = "team a";
        config.partition = "p";
        config.allowStale = false;
        config.nodeMeta = {{"rack", "r1"}, {"env", "x"}};
        config.filter = "Service == web";
        config.client.auth = BasicAuth{"u", Secret("p"), {}, {}};
        run(rig, config);
        QCOMPARE(rig.fetcher.requests.size(), 1U);
        const HttpRequest& request = rig.fetcher.requests[0];
        QCOMPARE(QByteArray::fromStdString(request.url),
                 "https://c.example.org:8501/consul/v1/catalog/services?dc=dc2&ns=team%20a"
                 "&partition=p&node-meta=rack%3Ar1&node-meta=env%3Ax"
                 "&filter=Service%20%3D%3D%20web"_ba);
        QCOMPARE(header(request.headers, "X-Consul-Token"), std::string_view("t0"));
        QVERIFY(std::holds_alternative<BasicAuth>(request.client.auth));
    }

    void aServerBehindASocket()
    {
        test::ProviderRig rig;
        config::ConsulDiscovery config;
        config.server = "unix:///run/consul.sock";
        run(rig, config);
        QCOMPARE(rig.fetcher.requests.at(0).unixSocket, std::string("/run/consul.sock"));
        QCOMPARE(rig.fetcher.requests[0].url, std::string("http://consul/v1/agent/self"));
    }

    void changesAreHeardByBlockingQuestions()
    {
        test::ProviderRig rig;
        answer(rig, "/v1/health/service/db?dc=dc1&stale", instance("db", "a"), "7");
        config::ConsulDiscovery config;
        config.datacenter = "dc1";
        config.services = {"db"};
        run(rig, config);
        QCOMPARE(rig.addresses(), "a:1"_ba);
        answer(rig, waiting("/v1/health/service/db", "7"), instance("db", "b"), "8");
        answer(rig, waiting("/v1/health/service/db", "8"), instance("db", "c"), "8");
        rig.runUntil(rig.start + 29s);
        QCOMPARE(rig.addresses(), "a:1"_ba);
        rig.runUntil(rig.start + 31s);
        QCOMPARE(rig.addresses(), "b:1"_ba);
        QCOMPARE(rig.updates.size(), 2U);
        rig.runUntil(rig.start + 61s);
        QVERIFY2(rig.updates.size() == 2U, "the same index is no news");
    }

    void anIndexThatGoesBackStartsAnew()
    {
        test::ProviderRig rig;
        answer(rig, "/v1/health/service/db?dc=dc1&stale", instance("db", "a"), "7");
        config::ConsulDiscovery config;
        config.datacenter = "dc1";
        config.services = {"db"};
        run(rig, config);
        answer(rig, waiting("/v1/health/service/db", "7"), instance("db", "b"), "3");
        rig.runUntil(rig.start + 31s);
        QCOMPARE(rig.addresses(), "b:1"_ba);
        rig.runUntil(rig.start + 61s);
        QCOMPARE(rig.fetcher.requests.back().url, base + "/v1/health/service/db?dc=dc1&stale");
    }

    void servicesComeAndGo()
    {
        test::ProviderRig rig;
        serve(rig);
        answer(rig, "/v1/catalog/services?dc=dc1&stale", R"({"db":[]})", "7");
        run(rig);
        QCOMPARE(rig.addresses(), "10.0.0.1:5432"_ba);
        answer(rig, waiting("/v1/catalog/services", "7"), R"({"consul":[]})", "9");
        answer(rig, waiting("/v1/health/service/db", "7"), test::data("consul/health_db.json"),
               "7");
        rig.runUntil(rig.start + 32s);
        QCOMPARE(rig.addresses(), "10.0.0.1:8300"_ba);
        answer(rig, waiting("/v1/catalog/services", "9"), "{}", "10");
        answer(rig, waiting("/v1/health/service/consul", "7"), "[]", "7");
        rig.runUntil(rig.start + 63s);
        QCOMPARE(rig.addresses(), ""_ba);
        QVERIFY(rig.error().empty());
    }

    void failuresKeepWhatIsKnown()
    {
        test::ProviderRig rig;
        serve(rig);
        run(rig);
        const auto before = rig.addresses();
        rig.fetcher.answers.clear();
        rig.runUntil(rig.start + 5min);
        QCOMPARE(rig.updates.size(), 1U);
        QCOMPARE(rig.addresses(), before);
        QCOMPARE(QByteArray::fromStdString(rig.error()), "connection refused"_ba);
        QVERIFY2(rig.fetcher.requests.size() < 100, "it is asked too often");
    }

    void theAgentIsAskedAgain()
    {
        test::ProviderRig rig;
        run(rig);
        QCOMPARE(QByteArray::fromStdString(rig.error()), "connection refused"_ba);
        QVERIFY(rig.updates.empty());
        serve(rig);
        rig.runUntil(rig.start + 15s);
        QCOMPARE(rig.updates.size(), 1U);
        QVERIFY(rig.error().empty());
    }

    void strangeAnswersAreRefused_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("error");
        QTest::newRow("agent") << "/v1/agent/self"_ba << "{}"_ba
                               << "the answer is not that of a Consul agent: it names no "
                                  "datacenter"_ba;
        QTest::newRow("catalogue") << "/v1/catalog/services?dc=dc1&stale"_ba << "[]"_ba
                                   << "the answer is not a catalogue of services"_ba;
        QTest::newRow("service") << "/v1/health/service/web?dc=dc1&stale"_ba << "{}"_ba
                                 << "web: the answer is not a list of a service's instances"_ba;
    }
    void strangeAnswersAreRefused()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, error);
        test::ProviderRig rig;
        serve(rig);
        answer(rig, path.toStdString(), body.toStdString(), "7");
        run(rig);
        QCOMPARE(QByteArray::fromStdString(rig.error()), error);
    }

    void aServiceThatFailsDoesNotKeepTheOthersWaiting()
    {
        test::ProviderRig rig;
        serve(rig);
        rig.fetcher.answers.erase(base + "/v1/health/service/web?dc=dc1&stale");
        run(rig);
        QCOMPARE(rig.addresses(), "10.0.0.1:5432 10.0.0.1:8300"_ba);
        QCOMPARE(QByteArray::fromStdString(rig.error()), "web: connection refused"_ba);
    }

    void anAnswerAfterTheEndIsNobodys()
    {
        test::ProviderRig rig;
        serve(rig);
        rig.fetcher.holds = true;
        run(rig);
        rig.provider.reset();
        rig.fetcher.release();
        QVERIFY(rig.updates.empty());
    }
};

QTEST_GUILESS_MAIN(TestConsul)
#include "tst_consul.moc"
