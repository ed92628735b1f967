// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/kubernetes/answers.h"
#include "core/discovery/kubernetes/targets.h"
#include "tests/core/discovery/rig.h"

#include <set>

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using config::KubernetesRole;
using discovery::KubeResource;

namespace {

void load(discovery::KubeStore& store, KubeResource resource, const std::string& file)
{
    auto answer = discovery::readKubeList(resource, test::data("kubernetes/" + file + ".json"));
    QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
    for (discovery::KubeChange& change : answer->changes) {
        store.put(std::move(change.object));
    }
}

discovery::KubeStore cluster()
{
    discovery::KubeStore store;
    load(store, KubeResource::pods, "pods_1");
    load(store, KubeResource::pods, "pods_2");
    load(store, KubeResource::nodes, "nodes");
    load(store, KubeResource::services, "services");
    load(store, KubeResource::endpoints, "endpoints");
    load(store, KubeResource::endpointSlices, "endpointslices");
    load(store, KubeResource::ingresses, "ingresses");
    load(store, KubeResource::namespaces, "namespaces");
    return store;
}

} // namespace

class TestKubernetesTargets : public QObject {
    Q_OBJECT
private slots:
    // Expected: what Prometheus 3.5 makes of the same objects, and what its later versions do
    // otherwise: nodes have their conditions, pods on nodes that are not known are left out when
    // node metadata is attached, and so is the second slice of a service with two address
    // families.
    void labels_data()
    {
        QTest::addColumn<int>("role");
        QTest::addColumn<bool>("attachNode");
        QTest::addColumn<bool>("attachNamespace");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](KubernetesRole role, bool node, bool nameSpace, const char* file) {
            QTest::newRow(file) << int(role) << node << nameSpace << QByteArray(file);
        };
        row(KubernetesRole::node, false, false, "kubernetes_node");
        row(KubernetesRole::pod, false, false, "kubernetes_pod");
        row(KubernetesRole::service, false, false, "kubernetes_service");
        row(KubernetesRole::endpoints, false, false, "kubernetes_endpoints");
        row(KubernetesRole::endpointSlice, false, false, "kubernetes_endpointslice");
        row(KubernetesRole::ingress, false, false, "kubernetes_ingress");
        row(KubernetesRole::pod, true, false, "kubernetes_pod_attached");
        row(KubernetesRole::endpoints, true, false, "kubernetes_endpoints_attached");
        row(KubernetesRole::endpointSlice, true, false, "kubernetes_endpointslice_attached");
    }
    void labels()
    {
        QFETCH(int, role);
        QFETCH(bool, attachNode);
        QFETCH(bool, attachNamespace);
        QFETCH(QByteArray, expected);
        config::KubernetesDiscovery config;
        config.role = static_cast<KubernetesRole>(role);
        config.attachNodeMetadata = attachNode;
        config.attachNamespaceMetadata = attachNamespace;
        const QByteArray difference = test::differenceFrom(
            expected.toStdString() + ".txt", discovery::groupsOfCluster(config, cluster()));
        QVERIFY2(difference.isEmpty(), difference.constData());
    }

    // Since Prometheus 3.6.
    void namespacesAreAttached_data()
    {
        QTest::addColumn<int>("role");
        QTest::newRow("pod") << int(KubernetesRole::pod);
        QTest::newRow("service") << int(KubernetesRole::service);
        QTest::newRow("endpoints") << int(KubernetesRole::endpoints);
        QTest::newRow("endpointslice") << int(KubernetesRole::endpointSlice);
        QTest::newRow("ingress") << int(KubernetesRole::ingress);
    }
    void namespacesAreAttached()
    {
        QFETCH(int, role);
        config::KubernetesDiscovery config;
        config.role = static_cast<KubernetesRole>(role);
        config.attachNamespaceMetadata = true;
        std::size_t seen = 0;
        for (const config::TargetGroup& group : discovery::groupsOfCluster(config, cluster())) {
            if (group.labels.get("__meta_kubernetes_namespace") == "shop") {
                ++seen;
                QCOMPARE(group.labels.get("__meta_kubernetes_namespace_label_team"),
                         std::string_view("checkout"));
                QCOMPARE(group.labels.get("__meta_kubernetes_namespace_labelpresent_team"),
                         std::string_view("true"));
                QCOMPARE(group.labels.get(
                             "__meta_kubernetes_namespace_annotation_owner_example_org_mail"),
                         std::string_view("x@example.org"));
            } else {
                QVERIFY(!group.labels.has("__meta_kubernetes_namespace_labelpresent_team"));
            }
        }
        QVERIFY(seen > 0);
    }

    void whatIsNotAskedForIsNotAttached()
    {
        config::KubernetesDiscovery config;
        config.role = KubernetesRole::pod;
        for (const config::TargetGroup& group : discovery::groupsOfCluster(config, cluster())) {
            QVERIFY(!group.labels.has("__meta_kubernetes_node_name"));
            QVERIFY(!group.labels.has("__meta_kubernetes_namespace_labelpresent_team"));
        }
    }

    void sourcesAreUnique()
    {
        config::KubernetesDiscovery config;
        config.role = KubernetesRole::pod;
        std::set<std::string> sources;
        const auto groups = discovery::groupsOfCluster(config, cluster());
        for (const config::TargetGroup& group : groups) {
            sources.insert(group.source);
        }
        QCOMPARE(sources.size(), groups.size());
    }

    void paths_data()
    {
        QTest::addColumn<int>("resource");
        QTest::addColumn<QByteArray>("nameSpace");
        QTest::addColumn<QByteArray>("path");
        const auto row
            = [](const char* name, KubeResource resource, const char* nameSpace, const char* path) {
                  QTest::newRow(name) << int(resource) << QByteArray(nameSpace) << QByteArray(path);
              };
        row("all pods", KubeResource::pods, "", "/api/v1/pods");
        row("pods", KubeResource::pods, "shop", "/api/v1/namespaces/shop/pods");
        row("nodes", KubeResource::nodes, "", "/api/v1/nodes");
        row("services", KubeResource::services, "a", "/api/v1/namespaces/a/services");
        row("endpoints", KubeResource::endpoints, "a", "/api/v1/namespaces/a/endpoints");
        row("slices", KubeResource::endpointSlices, "", "/apis/discovery.k8s.io/v1/endpointslices");
        row("ingresses", KubeResource::ingresses, "a",
            "/apis/networking.k8s.io/v1/namespaces/a/ingresses");
        row("namespaces", KubeResource::namespaces, "", "/api/v1/namespaces");
    }
    void paths()
    {
        QFETCH(int, resource);
        QFETCH(QByteArray, nameSpace);
        QFETCH(QByteArray, path);
        QCOMPARE(QByteArray::fromStdString(discovery::pathOf(static_cast<KubeResource>(resource),
                                                             nameSpace.toStdString())),
                 path);
    }

    void aListTellsWhereToGoOn()
    {
        const auto first
            = discovery::readKubeList(KubeResource::pods, test::data("kubernetes/pods_1.json"));
        QVERIFY(first);
        QCOMPARE(first->next, std::string("page-2"));
        QCOMPARE(first->changes.size(), 2U);
        const auto last
            = discovery::readKubeList(KubeResource::pods, test::data("kubernetes/pods_2.json"));
        QVERIFY(last);
        QVERIFY(last->next.empty());
        QCOMPARE(last->resourceVersion, std::string("1000"));
    }

    void watches_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("changes"); // + or - and the name
        QTest::addColumn<QByteArray>("version");
        QTest::addColumn<bool>("expired");
        QTest::addColumn<QByteArray>("error"); // the start of it
        const auto event = [](const char* type, const char* name, const char* version) {
            return "{\"type\":\"" + QByteArray(type)
                + "\",\"object\":{\"kind\":\"Node\",\"metadata\":{\"name\":\"" + name
                + "\",\"resourceVersion\":\"" + version + "\"}}}\n";
        };
        QTest::newRow("nothing happened") << ""_ba << ""_ba << ""_ba << false << ""_ba;
        QTest::newRow("all kinds") << event("ADDED", "a", "11") + event("MODIFIED", "b", "12")
                + "\n" + event("DELETED", "c", "13") + event("BOOKMARK", "", "20")
                                   << "+a +b -c"_ba << "20"_ba << false << ""_ba;
        QTest::newRow("cut off in the last event")
            << event("ADDED", "a", "11") + event("ADDED", "b", "12").chopped(9) << "+a"_ba
            << "11"_ba << false << ""_ba;
        QTest::newRow("no watch in its middle")
            << QByteArray("<html>\n" + event("ADDED", "a", "11")) << ""_ba << ""_ba << false
            << "the answer of the API server is not a watch"_ba;
        QTest::newRow("too old a version")
            << "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,"
               "\"message\":\"too old resource version\"}}\n"_ba
            << ""_ba << ""_ba << true << ""_ba;
        QTest::newRow("another error")
            << "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":500,"
               "\"message\":\"etcd is ill\"}}\n"_ba
            << ""_ba << ""_ba << false << "the watch ended: etcd is ill"_ba;
    }
    void watches()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, changes);
        QFETCH(QByteArray, version);
        QFETCH(bool, expired);
        QFETCH(QByteArray, error);
        const auto answer = discovery::readKubeWatch(KubeResource::nodes, body.toStdString());
        if (!error.isEmpty()) {
            QVERIFY(!answer);
            QCOMPARE(QByteArray::fromStdString(answer.error().message), error);
            return;
        }
        QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
        QByteArray heard;
        for (const discovery::KubeChange& change : answer->changes) {
            heard += heard.isEmpty() ? "" : " ";
            heard += change.isDeleted ? '-' : '+';
            heard += QByteArray::fromStdString(
                std::get<discovery::KubeNode>(change.object).meta.name);
        }
        QCOMPARE(heard, changes);
        QCOMPARE(QByteArray::fromStdString(answer->resourceVersion), version);
        QCOMPARE(answer->isExpired, expired);
    }
};

QTEST_GUILESS_MAIN(TestKubernetesTargets)
#include "tst_kubernetes_targets.moc"
