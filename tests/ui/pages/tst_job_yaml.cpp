// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_yaml.h"

#include <algorithm>

#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

config::ScrapeConfig job()
{
    config::ScrapeConfig made;
    made.jobName = "node";
    made.scrapeInterval = 15s;
    made.scrapeTimeout = 10s;
    made.seriesBudget = 70'000;
    made.bodyCeiling = 1000;
    made.sampleCeiling = 9;
    made.keptSecrets = {"basic_auth.password"};
    made.file = "/etc/jobs.yml";
    made.client.auth = BasicAuth{"kim", Secret("hush"), {}, {}};
    made.client.headers = {{"X-Key", {}, {Secret("one"), Secret("two")}, {}}};
    made.staticConfigs = {{{"a:1", "b:2"}, Labels{{"env", "prod"}}, "0"}};
    RelabelRule rule;
    rule.sourceLabels = {"__address__"};
    rule.targetLabel = "host";
    rule.regexText = "(.*):.*";
    rule.givenRegex = true;
    [[maybe_unused]] const auto prepared = rule.prepare();
    made.relabel = {rule};
    return made;
}

YamlReading read(const std::string& text)
{
    return readJobYaml(text, job(), {}, "/etc/prometheus.yml");
}

} // namespace

class TestJobYaml : public QObject {
    Q_OBJECT

private slots:
    void readsBackWhatItWrote()
    {
        const std::string text = jobYaml(job(), {});
        QVERIFY2(text.find("hush") == std::string::npos, "secrets are hidden");
        QVERIFY2(text.find("two") == std::string::npos, "all of them");
        const YamlReading back = read(text);
        QVERIFY2(back.job, back.faults.empty() ? "" : qPrintable(back.faults.front().message));
        QCOMPARE(*back.job, job());
    }

    void aTypedSecretIsTheNewOne()
    {
        std::string text = jobYaml(job(), {});
        text.replace(text.find("<secret>"), 8, "louder");
        const YamlReading back = read(text);
        QVERIFY(back.job);
        QCOMPARE(std::get<BasicAuth>(back.job->client.auth).password.reveal(),
                 std::string("louder"));
        QCOMPARE(back.job->client.headers, job().client.headers);
        QVERIFY2(back.job->keptSecrets.empty(), "it stands in the file");
    }

    void aHiddenSecretThatIsNotThereIsAFault()
    {
        const YamlReading back = read("job_name: a\nauthorization:\n  credentials: <secret>\n");
        QVERIFY(!back.job);
        QCOMPARE(back.faults.front().line, 3);
    }

    void oneJobInAnyForm_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("keys alone") << "job_name: a\nscheme: https\n"_ba;
        QTest::newRow("without a newline at the end") << "job_name: a\nscheme: https"_ba;
        QTest::newRow("with comments") << "# ours\n\njob_name: a # name\nscheme: https\n# end\n"_ba;
        QTest::newRow("item of a list") << "- job_name: a\n  scheme: https\n"_ba;
        QTest::newRow("list set in") << "  - job_name: a\n    scheme: https\n"_ba;
        QTest::newRow("as in the file")
            << "scrape_configs:\n  - job_name: a\n    scheme: https\n"_ba;
        QTest::newRow("in braces") << "{job_name: a, scheme: https}"_ba;
    }
    void oneJobInAnyForm()
    {
        QFETCH(QByteArray, text);
        const YamlReading back = read(text.toStdString());
        QVERIFY2(back.job, back.faults.empty() ? "" : qPrintable(back.faults.front().message));
        QCOMPARE(back.job->jobName, std::string("a"));
        QCOMPARE(back.job->scheme, std::string("https"));
        QCOMPARE(back.job->seriesBudget, std::uint64_t(70'000));
        QCOMPARE(back.job->file, std::string("/etc/jobs.yml"));
    }

    void faultsNameTheirLine_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("line");
        QTest::addColumn<QString>("part"); // of the message
        QTest::newRow("unknown key") << "job_name: a\nspeed: 3\n"_ba << 2 << u"speed"_s;
        QTest::newRow("unknown key of a list's item")
            << "# x\n- job_name: a\n  speed: 3\n"_ba << 3 << u"speed"_s;
        QTest::newRow("not YAML") << "job_name: a\nlabels: [a\n"_ba << 3 << QString();
        QTest::newRow("broken regex")
            << "job_name: a\nrelabel_configs:\n- regex: (a\n  target_label: b\n"_ba << 3
            << QString();
        QTest::newRow("two jobs") << "- job_name: a\n- job_name: b\n"_ba << 1 << u"one job"_s;
        QTest::newRow("nothing") << "# later\n"_ba << 1 << u"job_name"_s;
        QTest::newRow("a word") << "node"_ba << 1 << u"job_name"_s;
    }
    void faultsNameTheirLine()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, line);
        QFETCH(QString, part);
        const YamlReading back = read(text.toStdString());
        QVERIFY(!back.job);
        QCOMPARE(back.faults.front().line, line);
        QVERIFY2(back.faults.front().message.contains(part),
                 qPrintable(back.faults.front().message));
    }

    void relativePathsAreSeenFromTheFile()
    {
        const YamlReading back = read("job_name: a\ntls_config:\n  ca_file: ca.pem\n");
        QVERIFY(back.job);
        QCOMPARE(back.job->client.tls.caFile, std::string("/etc/ca.pem"));
    }

    void commentsOutliveAChangeByTheForm()
    {
        const std::string text = "# ours\njob_name: node\n"
                                 "scrape_interval: 15s # as the others\n"
                                 "static_configs:\n- targets: [a:1]\n";
        const auto from = readJobYaml(text, {}, {}, {});
        QVERIFY(from.job);
        config::ScrapeConfig to = *from.job;
        to.scheme = "https";
        to.scrapeInterval = 30s;
        const std::string changed = changedYaml(text, *from.job, to, {});
        QVERIFY2(changed.find("# ours") != std::string::npos, changed.c_str());
        const auto back = readJobYaml(changed, {}, {}, {});
        QVERIFY(back.job);
        QCOMPARE(*back.job, to);
    }

    void discoveriesThatAreNotDoneHereAreKeptAndNotShown()
    {
        config::ScrapeConfig base = job();
        base.discoveries
            = {config::HttpDiscovery{"https://inventory/", 30s, {}},
               config::ForeignDiscovery{"ec2_sd_configs", 3, Secret("access_key: hush\n")}};
        const std::string text = jobYaml(base, {});
        QVERIFY2(text.find("access_key") == std::string::npos, "a secret may stand in it");
        const YamlReading back = readJobYaml(text, base, {}, {});
        QVERIFY(back.job);
        QCOMPARE(*back.job, base);
    }

    void discoveriesAndTheirSecretsReadBack()
    {
        config::ScrapeConfig base = job();
        config::ConsulDiscovery consul;
        consul.token = Secret("one");
        config::HttpDiscovery first{"https://a/", 30s, {}};
        first.client.auth = BasicAuth{"kim", Secret("three"), {}, {}};
        config::HttpDiscovery second{"https://b/", 30s, {}};
        second.client.auth = BearerAuth{"Bearer", Secret("two"), {}};
        base.discoveries = {first, second, consul};
        const std::string text = jobYaml(base, {});
        for (const char* const secret : {"one", "two", "three"}) {
            QVERIFY2(text.find(std::string(": ") + secret) == std::string::npos, secret);
        }
        const YamlReading back = readJobYaml(text, base, {}, {});
        QVERIFY2(back.job, back.faults.empty() ? "" : qPrintable(back.faults.front().message));
        // A file is read kind by kind.
        config::ScrapeConfig got = back.job.value_or(config::ScrapeConfig());
        for (config::ScrapeConfig* const each : {&got, &base}) {
            std::ranges::stable_sort(each->discoveries, {}, &config::DiscoveryConfig::index);
        }
        QCOMPARE(got, base);
    }
};

QTEST_GUILESS_MAIN(TestJobYaml)
#include "tst_job_yaml.moc"
