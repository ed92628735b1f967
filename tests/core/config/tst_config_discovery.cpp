// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/export.h"
#include "core/config/import.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::config;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

struct Read {
    std::vector<DiscoveryConfig> discoveries;
    Findings findings;
};

/// A job with that section.
Read read(const QByteArray& section)
{
    Config config;
    Read out;
    readPrometheus("scrape_configs:\n- job_name: j\n  " + section.toStdString() + "\n",
                   "/etc/p/prometheus.yml", config, out.findings);
    if (!config.scrapeConfigs.empty()) {
        out.discoveries = config.scrapeConfigs[0].discoveries;
    }
    return out;
}

template <class Kind> Kind only(const QByteArray& section)
{
    const Read got = read(section);
    for (const Fault& fault : got.findings.faults) {
        qWarning("%s", fault.toString().c_str());
    }
    return got.discoveries.size() == 1 ? std::get<Kind>(got.discoveries[0]) : Kind();
}

} // namespace

/// The sections …_sd_configs.
class TestConfigDiscovery : public QObject {
    Q_OBJECT
private slots:
    void files()
    {
        const auto found
            = only<FileDiscovery>("file_sd_configs: [{files: ['t/*.json', /a.YML]}]"_ba);
        QCOMPARE(found.files, (std::vector<std::string>{"/etc/p/t/*.json", "/a.YML"}));
        QVERIFY(found.refreshInterval == 5min);
    }

    void http()
    {
        const auto found = only<HttpDiscovery>(
            "http_sd_configs: [{url: 'http://h/t', refresh_interval: 10s, bearer_token: b}]"_ba);
        QVERIFY(found.url == "http://h/t" && found.refreshInterval == 10s);
        QCOMPARE(std::get<BearerAuth>(found.client.auth).token.reveal(), "b");
    }

    void dns()
    {
        const auto srv = only<DnsDiscovery>("dns_sd_configs: [{names: [a, b]}]"_ba);
        QVERIFY(srv.type == "SRV" && srv.port == 0 && srv.refreshInterval == 30s);
        const auto a = only<DnsDiscovery>("dns_sd_configs: [{names: [a], type: aaaa, port: 9}]"_ba);
        QVERIFY(a.type == "AAAA" && a.port == 9);
    }

    void docker()
    {
        const auto plain = only<DockerDiscovery>(
            "docker_sd_configs: [{host: 'unix:///var/run/docker.sock'}]"_ba);
        QVERIFY(plain.port == 80 && plain.hostNetworkingHost == "localhost");
        QVERIFY(plain.matchFirstNetwork && plain.refreshInterval == 1min);
        const auto full = only<DockerDiscovery>(
            "docker_sd_configs: [{host: 'tcp://h:1', port: 81, match_first_network: false, "
            "host_networking_host: n, filters: [{name: label, values: [a, b]}]}]"_ba);
        QVERIFY(full.port == 81 && !full.matchFirstNetwork && full.hostNetworkingHost == "n");
        QVERIFY(full.filters == (std::vector<DiscoveryFilter>{{"label", {"a", "b"}}}));
    }

    void consul()
    {
        const auto plain = only<ConsulDiscovery>("consul_sd_configs: [{services: []}]"_ba);
        QVERIFY(plain == ConsulDiscovery());
        const auto full = only<ConsulDiscovery>(
            "consul_sd_configs: [{server: 'c:1', token: t, datacenter: d, namespace: n, "
            "partition: p, path_prefix: /x, tag_separator: ';', scheme: https, allow_stale: false, "
            "services: [s], tags: [t], node_meta: {k: v}, filter: f, health_filter: h, "
            "username: u, password: w}]"_ba);
        QVERIFY(full.server == "c:1" && full.token.reveal() == "t" && full.datacenter == "d");
        QVERIFY(full.nameSpace == "n" && full.partition == "p" && full.pathPrefix == "/x");
        QVERIFY(full.tagSeparator == ";" && full.scheme == "https" && !full.allowStale);
        QVERIFY(full.services.size() == 1 && full.tags.size() == 1 && full.nodeMeta.size() == 1);
        QVERIFY(full.filter == "f" && full.healthFilter == "h");
        QVERIFY((std::get<BasicAuth>(full.client.auth) == BasicAuth{"u", Secret("w"), {}, {}}));
    }

    void kubernetes()
    {
        const auto found = only<KubernetesDiscovery>(
            "kubernetes_sd_configs: [{role: endpointslice, api_server: 'https://k', "
            "namespaces: {names: [a]}, selectors: [{role: pod, label: 'a in (b)', field: 'c=d'}], "
            "attach_metadata: {node: true}, tls_config: {ca_file: ca}}]"_ba);
        QVERIFY(found.role == KubernetesRole::endpointSlice && found.apiServer == "https://k");
        QVERIFY(found.namespaces.size() == 1 && found.selectors.at(0).label == "a in (b)");
        QVERIFY(found.attachNodeMetadata && !found.attachNamespaceMetadata);
        QCOMPARE(found.client.tls.caFile, "/etc/p/ca");
        const auto file = only<KubernetesDiscovery>(
            "kubernetes_sd_configs: [{role: pod, kubeconfig_file: k}]"_ba);
        QCOMPARE(file.kubeconfigFile, "/etc/p/k");
    }

    void foreign()
    {
        const Read got = read("ec2_sd_configs: [{region: r, secret_key: s}, {port: 5}]"_ba);
        QCOMPARE(got.discoveries.size(), 2U);
        const auto& first = std::get<ForeignDiscovery>(got.discoveries[0]);
        QVERIFY(first.section == "ec2_sd_configs" && first.line == 3);
        QCOMPARE(first.text.reveal(), "region: r\nsecret_key: s\n");
        ForeignDiscovery moved = first;
        moved.line = 9;
        QVERIFY(moved == first); // a line above it is no change of the job
        QCOMPARE(got.findings.warnings.size(), 1U); // of the section, not of each entry
    }

    /// Of every mechanism of Prometheus an entry that it accepts, and one with a wrong key.
    void mechanisms_data()
    {
        QTest::addColumn<QByteArray>("section");
        QTest::addColumn<QByteArray>("entry");
        const auto row = [](const char* section, const QByteArray& entry) {
            QTest::newRow(section) << QByteArray(section) + "_sd_configs" << entry;
        };
        row("aws", "{role: rds, region: r, filters: [{name: n, values: [v]}]}"_ba);
        row("azure", "{subscription_id: s, tenant_id: t, client_id: c, client_secret: x}"_ba);
        row("digitalocean", "{role: databases}"_ba);
        row("dockerswarm", "{host: 'tcp://h', role: tasks}"_ba);
        row("ec2", "{}"_ba);
        row("ecs", "{clusters: [c], request_concurrency: 5}"_ba);
        row("elasticache", "{region: r}"_ba);
        row("eureka", "{server: 'http://e'}"_ba);
        row("gce", "{project: p, zone: z}"_ba);
        row("hetzner", "{role: hcloud}"_ba);
        row("ionos", "{datacenter_id: d}"_ba);
        row("kuma", "{server: 'http://k'}"_ba);
        row("lightsail", "{region: r}"_ba);
        row("linode", "{region: r}"_ba);
        row("marathon", "{servers: [s], auth_token: t}"_ba);
        row("msk", "{clusters: [c]}"_ba);
        row("nerve", "{servers: [s], paths: [/p]}"_ba);
        row("nomad", "{region: r}"_ba);
        row("oci", "{region: r, auth: instance_principal}"_ba);
        row("openstack", "{role: loadbalancer, region: r, tls_config: {ca_file: c}}"_ba);
        row("outscale", "{access_key: a, secret_key_file: f}"_ba);
        row("ovhcloud",
            "{application_key: a, application_secret: b, consumer_key: c, service: vps}"_ba);
        row("puppetdb", "{url: 'http://p', query: q}"_ba);
        row("rds", "{clusters: [c], filters: []}"_ba);
        row("scaleway", "{role: instance, project_id: p, access_key: a, secret_key: s}"_ba);
        row("serverset", "{servers: [s], paths: [/p]}"_ba);
        row("stackit", "{project: p}"_ba);
        row("triton", "{account: a, dns_suffix: d, endpoint: e}"_ba);
        row("uyuni", "{server: 'http://u', username: n, password: p}"_ba);
        row("vultr", "{bearer_token: b}"_ba);
    }

    void mechanisms()
    {
        QFETCH(QByteArray, section);
        QFETCH(QByteArray, entry);
        const Read good = read(section + ": [" + entry + "]");
        QVERIFY2(good.findings.faults.empty(),
                 good.findings.faults.empty() ? "" : good.findings.faults[0].toString().c_str());
        QCOMPARE(std::get<ForeignDiscovery>(good.discoveries.at(0)).section, section.toStdString());
        QCOMPARE(good.findings.warnings.size(), 1U);
        const QByteArray more
            = entry == "{}" ? "{nonsense: 1}" : entry.chopped(1) + ", nonsense: 1}";
        QCOMPARE(read(section + ": [" + more + "]").findings.faults.size(), 1U);
        QVERIFY(!read(section + ": [null]").findings.faults.empty());
    }

    void faults_data()
    {
        QTest::addColumn<QByteArray>("section");
        QTest::addColumn<QByteArray>("fault"); // line:column: start of the message
        QTest::newRow("a file of no known kind")
            << "file_sd_configs: [{files: [a.txt]}]"_ba
            << "3:30: path name \"a.txt\" is not valid for file discovery"_ba;
        QTest::newRow("a star in a folder") << "file_sd_configs: [{files: ['*/a.yml']}]"_ba
                                            << "3:30: path name"_ba;
        QTest::newRow("no scheme") << "http_sd_configs: [{url: 'h:1/x'}]"_ba
                                   << "3:27: URL scheme must be 'http' or 'https'"_ba;
        QTest::newRow("a port too far") << "dns_sd_configs: [{names: [a], type: A, port: 70000}]"_ba
                                        << "3:48: 70000 is no port"_ba;
        QTest::newRow("never again")
            << "http_sd_configs: [{url: 'http://h', refresh_interval: 0s}]"_ba
            << "3:57: refresh_interval must be positive"_ba;
        QTest::newRow("no host") << "docker_sd_configs: [{port: 1}]"_ba << "3:23: host missing"_ba;
        QTest::newRow("two logins")
            << "consul_sd_configs: [{username: u, basic_auth: {username: v}}]"_ba
            << "3:23: at most one of consul SD configuration username and password"_ba;
        QTest::newRow("token and bearer") << "consul_sd_configs: [{token: t, bearer_token: b}]"_ba
                                          << "3:23: at most one of consul SD token"_ba;
        QTest::newRow("no such role") << "kubernetes_sd_configs: [{role: pods}]"_ba
                                      << "3:34: unknown Kubernetes SD role \"pods\""_ba;
        QTest::newRow("a wrong type in a section of others")
            << "vultr_sd_configs: [{port: many}]"_ba
            << "3:29: cannot unmarshal !!str `many` into int"_ba;
    }

    void faults()
    {
        QFETCH(QByteArray, section);
        QFETCH(QByteArray, fault);
        const Read got = read(section);
        QVERIFY(!got.findings.faults.empty());
        QByteArray seen = QByteArray::fromStdString(got.findings.faults[0].toString());
        seen.remove(0, qsizetype(sizeof "/etc/p/prometheus.yml"));
        QVERIFY2(seen.startsWith(fault), seen.constData());
    }
};

QTEST_GUILESS_MAIN(TestConfigDiscovery)
#include "tst_config_discovery.moc"
