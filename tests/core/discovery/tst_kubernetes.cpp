// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/kubernetes/kubernetes_provider.h"
#include "tests/core/discovery/rig.h"

#include <QObject>
#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using config::KubernetesRole;

namespace {

const std::string server = "https://k:6443";

config::KubernetesDiscovery configOf(KubernetesRole role)
{
    config::KubernetesDiscovery config;
    config.role = role;
    config.apiServer = server + "/";
    return config;
}

std::string listUrl(const std::string& path)
{
    return server + path + "?limit=500";
}

std::string watchUrl(const std::string& path, const std::string& version)
{
    return server + path
        + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=5&resourceVersion=" + version;
}

std::string nodeEvent(const std::string& type, const std::string& name, const std::string& version)
{
    return "{\"type\":\"" + type + "\",\"object\":{\"metadata\":{\"name\":\"" + name
        + "\",\"resourceVersion\":\"" + version
        + "\"},\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"10.1.1.1\"}],"
          "\"daemonEndpoints\":{\"kubeletEndpoint\":{\"Port\":1}}}}}\n";
}

void answer(test::ProviderRig& rig, const std::string& url, const std::string& body,
            int status = 200)
{
    rig.fetcher.answer(url, body, "application/json", status);
}

void serve(test::ProviderRig& rig, const std::string& path, const std::string& file)
{
    answer(rig, listUrl(path), test::data("kubernetes/" + file + ".json"));
    answer(rig, watchUrl(path, "1000"), "");
}

void run(test::ProviderRig& rig, const config::KubernetesDiscovery& config,
         const discovery::KubeEnvironment& environment = {})
{
    rig.run(std::make_unique<discovery::KubernetesProvider>(config, rig.ports, environment));
}

std::size_t countOf(const test::ProviderRig& rig, std::string_view part)
{
    return std::size_t(std::ranges::count_if(
        rig.fetcher.requests, [&](const HttpRequest& one) { return one.url.contains(part); }));
}

} // namespace

class TestKubernetes : public QObject {
    Q_OBJECT
private slots:
    void listsThenWatches()
    {
        test::ProviderRig rig;
        serve(rig, "/api/v1/nodes", "nodes");
        run(rig, configOf(KubernetesRole::node));
        QCOMPARE(rig.updates.size(), 1U);
        QCOMPARE(rig.addresses(), "10.0.0.11:10250 b.example.org:10255"_ba);
        QCOMPARE(rig.provider->status().lastUpdate, rig.start);

        answer(rig, watchUrl("/api/v1/nodes", "1000"), nodeEvent("ADDED", "new", "1001"));
        answer(rig, watchUrl("/api/v1/nodes", "1001"), "");
        rig.runUntil(rig.start + 1s);
        QCOMPARE(rig.addresses(), "10.0.0.11:10250 10.1.1.1:1 b.example.org:10255"_ba);
        answer(rig, watchUrl("/api/v1/nodes", "1001"), nodeEvent("DELETED", "node-a", "1002"));
        answer(rig, watchUrl("/api/v1/nodes", "1002"), "");
        rig.runUntil(rig.start + 6s);
        QCOMPARE(rig.addresses(), "10.1.1.1:1 b.example.org:10255"_ba);
        QCOMPARE(countOf(rig, "limit="), 1U);
    }

    void aWatchThatEndsAtOnceIsNotAskedAllTheTime()
    {
        test::ProviderRig rig;
        serve(rig, "/api/v1/nodes", "nodes");
        run(rig, configOf(KubernetesRole::node));
        rig.runUntil(rig.start + 60s);
        QVERIFY(countOf(rig, "watch=") >= 12);
        QVERIFY2(countOf(rig, "watch=") <= 14, "more than one in five seconds");
        QCOMPARE(rig.updates.size(), 1U);
    }

    void changesThatDoNotMatterAreNoUpdate()
    {
        test::ProviderRig rig;
        serve(rig, "/api/v1/nodes", "nodes");
        run(rig, configOf(KubernetesRole::node));
        std::string event = nodeEvent("MODIFIED", "without-address", "1001");
        event.replace(event.find("InternalIP"), 10, "NoSuchType");
        answer(rig, watchUrl("/api/v1/nodes", "1000"), event);
        answer(rig, watchUrl("/api/v1/nodes", "1001"), "");
        rig.runUntil(rig.start + 10s);
        QCOMPARE(countOf(rig, "resourceVersion=1001"), 2U);
        QCOMPARE(rig.updates.size(), 1U);
    }

    void pagesArePutTogether()
    {
        test::ProviderRig rig;
        serve(rig, "/api/v1/pods", "pods_1");
        answer(rig, listUrl("/api/v1/pods") + "&continue=page-2",
               test::data("kubernetes/pods_2.json"));
        run(rig, configOf(KubernetesRole::pod));
        QVERIFY(rig.updates.empty());
        rig.runUntil(rig.start);
        QCOMPARE(rig.updates.size(), 1U);
        QCOMPARE(rig.addresses(),
                 "10.244.1.5 10.244.1.5:7000 10.244.1.5:8080 10.244.1.5:9100 10.244.9.9 "
                 "[2001:db8::10]:5432"_ba);
    }

    void endpointsWaitForServicesAndPods()
    {
        test::ProviderRig rig;
        serve(rig, "/api/v1/endpoints", "endpoints");
        serve(rig, "/api/v1/services", "services");
        serve(rig, "/api/v1/pods", "pods_2");
        rig.fetcher.answers.erase(listUrl("/api/v1/pods"));
        run(rig, configOf(KubernetesRole::endpoints));
        QVERIFY2(rig.updates.empty(), "targets without the labels of their pods");
        QCOMPARE(QByteArray::fromStdString(rig.error()), "/api/v1/pods: connection refused"_ba);
        serve(rig, "/api/v1/pods", "pods_2");
        rig.runUntil(rig.start + 2s);
        QCOMPARE(rig.updates.size(), 1U);
        QVERIFY(rig.error().empty());
    }

    void selectorsAndNamespacesGoWithTheQuestion()
    {
        test::ProviderRig rig;
        auto config = configOf(KubernetesRole::pod);
        config.namespaces = {"shop", "b", "shop"};
        config.selectors = {{"pod", "app in (a,b)", "spec.nodeName=x"}, {"node", "z=1", ""}};
        config.attachNodeMetadata = true;
        config.attachNamespaceMetadata = true;
        run(rig, config);
        QCOMPARE(rig.fetcher.requests.size(), 4U);
        QCOMPARE(rig.fetcher.requests[0].url,
                 server + "/api/v1/namespaces/b/pods?limit=500&labelSelector="
                     + "app%20in%20%28a%2Cb%29&fieldSelector=spec.nodeName%3Dx");
        QVERIFY(rig.fetcher.requests[1].url.starts_with(server + "/api/v1/namespaces/shop/pods?"));
        QCOMPARE(rig.fetcher.requests[2].url,
                 server + "/api/v1/nodes?limit=500&labelSelector=z%3D1");
        QCOMPARE(rig.fetcher.requests[3].url, server + "/api/v1/namespaces?limit=500");
    }

    void aVersionThatIsGoneIsListedAgain_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("by status") << 410 << "{\"message\":\"Expired\"}"_ba;
        QTest::newRow("by event") << 200 << "{\"type\":\"ERROR\",\"object\":{\"code\":410}}\n"_ba;
    }
    void aVersionThatIsGoneIsListedAgain()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        test::ProviderRig rig;
        serve(rig, "/api/v1/nodes", "nodes");
        run(rig, configOf(KubernetesRole::node));
        answer(rig, watchUrl("/api/v1/nodes", "1000"), body.toStdString(), status);
        answer(rig, listUrl("/api/v1/nodes"),
               R"({"metadata":{"resourceVersion":"2000"},"items":[]})");
        answer(rig, watchUrl("/api/v1/nodes", "2000"), "");
        rig.runUntil(rig.start + 30s);
        QCOMPARE(rig.updates.size(), 2U);
        QVERIFY2(rig.updates[1].empty(), "what is not listed any more is gone");
        QVERIFY(rig.error().empty());
        QVERIFY(countOf(rig, "resourceVersion=2000") > 2);
    }

    void failuresKeepWhatIsKnownAndWaitLonger()
    {
        test::ProviderRig rig;
        serve(rig, "/api/v1/nodes", "nodes");
        run(rig, configOf(KubernetesRole::node));
        rig.fetcher.answers.clear();
        rig.runUntil(rig.start + 10min);
        QCOMPARE(rig.updates.size(), 1U);
        QVERIFY(QByteArray::fromStdString(rig.error()).contains("connection refused"));
        QVERIFY2(rig.fetcher.requests.size() < 30, "it is asked too often");
        QVERIFY2(rig.fetcher.requests.size() > 15, "it is asked too seldom");
        serve(rig, "/api/v1/nodes", "nodes");
        rig.runUntil(rig.clock.at + 1min);
        QVERIFY(rig.error().empty());
    }

    void whatTheServerSaysIsShown()
    {
        test::ProviderRig rig;
        answer(rig, listUrl("/api/v1/nodes"), R"({"kind":"Status","message":"nodes is forbidden"})",
               403);
        run(rig, configOf(KubernetesRole::node));
        QCOMPARE(QByteArray::fromStdString(rig.error()),
                 "/api/v1/nodes: server returned HTTP status 403: nodes is forbidden"_ba);
    }

    void theServiceAccountOfThePodIsUsed()
    {
        const QTemporaryDir folder;
        QFile name(folder.filePath(u"namespace"_s));
        QVERIFY(name.open(QIODevice::WriteOnly));
        name.write("mine");
        name.close();
        test::ProviderRig rig;
        config::KubernetesDiscovery config;
        config.role = KubernetesRole::pod;
        config.ownNamespace = true;
        discovery::KubeEnvironment environment;
        environment.host = "fd00::1";
        environment.port = "443";
        environment.accountFolder = folder.path().toStdString();
        run(rig, config, environment);
        QCOMPARE(rig.fetcher.requests.size(), 1U);
        const HttpRequest& request = rig.fetcher.requests.front();
        QCOMPARE(request.url,
                 std::string("https://[fd00::1]:443/api/v1/namespaces/mine/pods?limit=500"));
        QCOMPARE(std::get<BearerAuth>(request.client.auth).tokenFile,
                 environment.accountFolder + "/token");
        QCOMPARE(request.client.tls.caFile, environment.accountFolder + "/ca.crt");
    }

    void outsideOfAClusterThatIsSaid()
    {
        test::ProviderRig rig;
        run(rig, {});
        QVERIFY(QByteArray::fromStdString(rig.error()).contains("not a pod of a cluster"));
        QVERIFY(rig.fetcher.requests.empty());
        QVERIFY(rig.provider->nextDue());
    }

    void aNewTokenInTheKubeconfigIsTakenUp()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"config"_s);
        const auto write = [&path](const QByteArray& token) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write("current-context: c\n"
                       "contexts: [{name: c, context: {cluster: k, user: u}}]\n"
                       "clusters: [{name: k, cluster: {server: 'https://k:6443'}}]\n"
                       "users: [{name: u, user: {token: "
                       + token + "}}]\n");
        };
        write("old");
        test::ProviderRig rig;
        config::KubernetesDiscovery config;
        config.role = KubernetesRole::node;
        config.kubeconfigFile = path.toStdString();
        answer(rig, listUrl("/api/v1/nodes"), R"({"message":"Unauthorized"})", 401);
        run(rig, config);
        const auto tokenOf = [&rig] {
            return std::get<BearerAuth>(rig.fetcher.requests.back().client.auth).token.reveal();
        };
        QCOMPARE(tokenOf(), std::string("old"));
        write("new");
        rig.runUntil(rig.start + 2s);
        rig.runUntil(rig.start + 10s);
        QCOMPARE(tokenOf(), std::string("new"));
    }

    void anAnswerAfterTheEndIsNobodys()
    {
        test::ProviderRig rig;
        serve(rig, "/api/v1/nodes", "nodes");
        rig.fetcher.holds = true;
        run(rig, configOf(KubernetesRole::node));
        rig.provider.reset();
        rig.fetcher.release();
        QVERIFY(rig.updates.empty());
    }
};

QTEST_GUILESS_MAIN(TestKubernetes)
#include "tst_kubernetes.moc"
