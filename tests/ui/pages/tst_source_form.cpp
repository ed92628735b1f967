// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/source_form.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// A job with two of some kinds, and values that no field would let one write.
config::ScrapeConfig richJob()
{
    config::ScrapeConfig job;
    job.jobName = "rich";
    job.staticConfigs = {{{"a:1", "a:1"}, Labels{{"env", "prod"}}, "0"}, {{}, {}, "1"}};
    config::DockerDiscovery docker;
    docker.host = "unix:///var/run/docker.sock";
    docker.filters = {{"label", {"a", "b"}}, {"name", {"x,y"}}};
    docker.client.tls.caFile = "/etc/ca.pem";
    config::ConsulDiscovery consul;
    consul.token = Secret("hush");
    consul.tagSeparator = " ";
    consul.nodeMeta = {{"rack", "b2"}};
    consul.client.auth = BasicAuth{"kim", Secret("pw"), {}, {}};
    config::KubernetesDiscovery kubernetes;
    kubernetes.role = config::KubernetesRole::endpointSlice;
    kubernetes.selectors = {{"pod", "app in (a, b)", "spec.nodeName=n1"}, {"service", "x", ""}};
    kubernetes.attachNodeMetadata = true;
    job.discoveries = {config::FileDiscovery{{"/a/*.json", "/b.yml"}, 2min},
                       config::HttpDiscovery{"https://one/t", 30s, {}},
                       config::HttpDiscovery{"https://two/t", 30s, {}},
                       config::DnsDiscovery{{"a.example.org"}, "A", 9100, 1min},
                       docker,
                       consul,
                       kubernetes,
                       config::ForeignDiscovery{"ec2_sd_configs", 12, {}}};
    return job;
}

config::ScrapeConfig put(const std::vector<SourceForm>& sources, const config::ScrapeConfig& base)
{
    config::ScrapeConfig job = base;
    putSources(sources, base, job);
    return job;
}

} // namespace

Q_DECLARE_METATYPE(watchfire::ui::SourceKind)

class TestSourceForm : public QObject {
    Q_OBJECT

private slots:
    void addresses_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("good");
        QTest::newRow("host and port") << u"web1:9100"_s << true;
        QTest::newRow("host alone: the scheme's port") << u"web1.example.org"_s << true;
        QTest::newRow("IPv4") << u"10.0.0.7:80"_s << true;
        QTest::newRow("IPv6 in brackets") << u"[::1]:9100"_s << true;
        QTest::newRow("one of our own collectors") << u"collector:node"_s << true;
        QTest::newRow("IPv6 without brackets is ambiguous") << u"::1:9100"_s << false;
        QTest::newRow("a scheme is chosen elsewhere") << u"http://web1:9100"_s << false;
        QTest::newRow("a path is written elsewhere") << u"web1:9100/metrics"_s << false;
        QTest::newRow("port zero") << u"web1:0"_s << false;
        QTest::newRow("port too large") << u"web1:65536"_s << false;
        QTest::newRow("port is no number") << u"web1:http"_s << false;
        QTest::newRow("colon without port") << u"web1:"_s << false;
    }
    void addresses()
    {
        QFETCH(QString, address);
        QFETCH(bool, good);
        QCOMPARE(targetFault(address).isEmpty(), good);
    }

    void rulesMayMakeAddressesOfUrls()
    {
        QVERIFY(targetFault(u"https://example.org/health"_s, true).isEmpty());
    }

    void roundTripChangesNothing()
    {
        const config::ScrapeConfig job = richJob();
        const auto sources = sourcesOf(job);
        QCOMPARE(sources.size(), std::size_t(9));
        QCOMPARE(put(sources, job), job);
        for (const SourceForm& source : sources) {
            const FieldFaults faults = checkSource(source, job, false);
            QVERIFY2(faults.empty(),
                     qPrintable(faults.empty() ? QString() : faults.begin()->second));
        }
    }

    void oneChangedSourceLeavesTheOthers()
    {
        const config::ScrapeConfig job = richJob();
        auto sources = sourcesOf(job);
        sources[3].values[u"http.url"_s] = u"https://three/t"_s;
        config::ScrapeConfig wanted = job;
        std::get<config::HttpDiscovery>(wanted.discoveries[2]).url = "https://three/t";
        QCOMPARE(put(sources, job), wanted);
    }

    void emptyFieldsMeanTheDefault()
    {
        config::ScrapeConfig job = richJob();
        auto sources = sourcesOf(job);
        for (auto& [name, value] : sources[6].values) {
            value.clear();
        }
        config::ConsulDiscovery wanted;
        wanted.token = Secret("hush"); // not shown, so not taken away
        wanted.client = std::get<config::ConsulDiscovery>(job.discoveries[5]).client;
        QCOMPARE(std::get<config::ConsulDiscovery>(put(sources, job).discoveries[5]), wanted);
    }

    void anotherKindStartsAfresh()
    {
        const config::ScrapeConfig job = richJob();
        SourceForm source = sourcesOf(job)[5];
        source.kind = SourceKind::kubernetes;
        const auto made = std::get<config::KubernetesDiscovery>(discoveryOf(source, job));
        QCOMPARE(made.role, config::KubernetesRole::node);
        // What was typed for the kind before comes back with it.
        source.kind = SourceKind::docker;
        QCOMPARE(discoveryOf(source, job), job.discoveries[4]);
    }

    void groupsKeepTheirLabels()
    {
        const config::ScrapeConfig job = richJob();
        auto sources = sourcesOf(job);
        sources[0].groups[1].targets = u"b:2, c:3"_s;
        sources[0].groups[1].labels = {{u" rack "_s, u"b2"_s}};
        sources[0].groups.push_back({});
        sources[0].groups.push_back({u"d:4"_s, {}, -1});
        const auto groups = put(sources, job).staticConfigs;
        QCOMPARE(groups.size(), std::size_t(3));
        QCOMPARE(groups[0], job.staticConfigs[0]);
        QCOMPARE(groups[1].targets, (std::vector<std::string>{"b:2", "c:3"}));
        QCOMPARE(groups[1].labels, (Labels{{"rack", "b2"}}));
        QCOMPARE(groups[2].targets, (std::vector<std::string>{"d:4"}));
    }

    void faults_data()
    {
        QTest::addColumn<SourceKind>("kind");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<bool>("good");
        using enum SourceKind;
        const auto row
            = [](const char* name, SourceKind kind, const QString& field, const QString& value,
                 bool good) { QTest::newRow(name) << kind << field << value << good; };
        row("files", file, u"file.files"_s, u"/a/*.json, /b.yml"_s, true);
        row("no file", file, u"file.files"_s, {}, false);
        row("file by half a path", file, u"file.files"_s, u"targets.json"_s, false);
        row("star in a folder's name", file, u"file.files"_s, u"/a/*/b.json"_s, false);
        row("file of another format", file, u"file.files"_s, u"/a.toml"_s, false);
        row("interval in words", file, u"file.refresh"_s, u"often"_s, false);
        row("address", http, u"http.url"_s, u"http://inventory/t"_s, true);
        row("no address", http, u"http.url"_s, {}, false);
        row("SRV brings its port", dns, u"dns.names"_s, u"_m._tcp.example.org"_s, true);
        row("other records do not", dns, u"dns.type"_s, u"A"_s, false);
        row("no name", dns, u"dns.names"_s, {}, false);
        row("port beyond 16 bits", dns, u"dns.port"_s, u"70000"_s, false);
        row("socket", docker, u"docker.host"_s, u"unix:///var/run/docker.sock"_s, true);
        row("host without scheme", docker, u"docker.host"_s, u"localhost:2375"_s, false);
        row("filter without value", docker, u"docker.filters"_s, u"label"_s, false);
        row("any consul", consul, u"consul.server"_s, {}, true);
        row("metadata without value", consul, u"consul.nodeMeta"_s, u"rack"_s, false);
        row("the cluster it runs in", kubernetes, u"kubernetes.role"_s, u"pod"_s, true);
        row("kubeconfig by half a path", kubernetes, u"kubernetes.kubeconfig"_s, u"c"_s, false);
        row("API server without scheme", kubernetes, u"kubernetes.apiServer"_s, u"k8s"_s, false);
        row("selector of the role", kubernetes, u"kubernetes.selectors"_s, u"node label a=b"_s,
            true);
        row("selector of another role", kubernetes, u"kubernetes.selectors"_s, u"pod label a=b"_s,
            false);
        row("selector without selector", kubernetes, u"kubernetes.selectors"_s, u"node"_s, false);
    }
    void faults()
    {
        QFETCH(SourceKind, kind);
        QFETCH(QString, field);
        QFETCH(QString, value);
        QFETCH(bool, good);
        SourceForm source;
        source.kind = kind;
        source.values = {{u"file.files"_s, u"/a.json"_s},
                         {u"http.url"_s, u"https://a/"_s},
                         {u"dns.names"_s, u"a"_s},
                         {u"docker.host"_s, u"tcp://a:1"_s}};
        source.values[field] = value;
        const FieldFaults got = checkSource(source, {}, false);
        QCOMPARE(got.empty(), good);
        if (!good) {
            QCOMPARE(got.begin()->first, field == "dns.type"_L1 ? u"dns.port"_s : field);
        }
    }

    void labelsAreChecked()
    {
        SourceForm source;
        source.groups[0].targets = u"a:1"_s;
        const auto fault = [&](const QString& name, const QString& value) {
            source.groups[0].labels = {{u"env"_s, u"prod"_s}, {name, value}};
            const FieldFaults faults = checkSource(source, {}, false);
            return faults.contains(u"labels"_s);
        };
        QVERIFY(!fault(u"rack"_s, u"b2"_s));
        QVERIFY(fault(u"env"_s, u"test"_s));
        QVERIFY(fault(u" "_s, u"x"_s));
        QVERIFY(fault(u"rack"_s, {}));
    }
};

QTEST_GUILESS_MAIN(TestSourceForm)
#include "tst_source_form.moc"
