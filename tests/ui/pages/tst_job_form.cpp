// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_form.h"

#include <algorithm>

#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

JobForm goodForm()
{
    JobForm form;
    form.name = u"node"_s;
    form.sources.front().groups.front().targets = u"localhost:9100"_s;
    return form;
}

config::GlobalConfig global()
{
    config::GlobalConfig settings;
    settings.scrapeInterval = 1min;
    settings.scrapeTimeout = 10s;
    settings.sampleLimit = 5000;
    return settings;
}

} // namespace

class TestJobForm : public QObject {
    Q_OBJECT

private slots:
    void faults_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("wrong"); // the field with the fault; empty: none
        QTest::newRow("all well") << u"name"_s << u"node"_s << QString();
        QTest::newRow("no name") << u"name"_s << u"  "_s << u"name"_s;
        QTest::newRow("name taken") << u"name"_s << u"haproxy"_s << u"name"_s;
        QTest::newRow("interval in words") << u"interval"_s << u"fast"_s << u"interval"_s;
        QTest::newRow("interval of zero") << u"interval"_s << u"0s"_s << u"interval"_s;
        QTest::newRow("timeout over the interval") << u"timeout"_s << u"2m"_s << u"timeout"_s;
        QTest::newRow("short interval brings its own timeout")
            << u"interval"_s << u"5s"_s << QString();
        QTest::newRow("path without slash") << u"path"_s << u"metrics"_s << u"path"_s;
        QTest::newRow("parameter without value")
            << u"parameters"_s << u"module"_s << u"parameters"_s;
        QTest::newRow("limit in words") << u"sampleLimit"_s << u"few"_s << u"sampleLimit"_s;
        QTest::newRow("limit with a comma") << u"sampleLimit"_s << u"50,000"_s << QString();
        QTest::newRow("size in words") << u"bodySizeLimit"_s << u"big"_s << u"bodySizeLimit"_s;
        QTest::newRow("size beyond counting")
            << u"bodySizeLimit"_s << u"18446744073709551615"_s << u"bodySizeLimit"_s;
    }
    void faults()
    {
        QFETCH(QString, field);
        QFETCH(QString, value);
        QFETCH(QString, wrong);
        JobForm form = goodForm();
        if (field == "name"_L1) {
            form.name = value;
        } else if (field == "interval"_L1) {
            form.interval = value;
        } else if (field == "timeout"_L1) {
            form.timeout = value;
        } else if (field == "path"_L1) {
            form.path = value;
        } else if (field == "parameters"_L1) {
            form.parameters = value;
        } else {
            form.limits[field] = value;
        }
        const JobFaults got = check(form, {}, global(), {u"haproxy"_s});
        QCOMPARE(got.none(), wrong.isEmpty());
        QCOMPARE(got.field(wrong).isEmpty(), wrong.isEmpty());
        QCOMPARE(got.fields.size(), std::size_t(wrong.isEmpty() ? 0 : 1));
    }

    void faultsOfEachSourceAndRuleStandBesideIt()
    {
        JobForm form = goodForm();
        SourceForm http;
        http.kind = SourceKind::http;
        form.sources.push_back(http);
        form.relabel.resize(2);
        form.relabel[0].target = u"a"_s;
        form.metricRelabel.resize(1);
        const JobFaults got = check(form, {}, global(), {});
        QVERIFY(!got.none() && got.fields.empty());
        QVERIFY(got.sources[0].empty());
        QVERIFY(got.sources[1].contains(u"http.url"_s));
        QVERIFY(got.relabel[0].empty());
        QVERIFY(got.relabel[1].contains(RelabelColumn::target));
        QVERIFY(got.metricRelabel[0].contains(RelabelColumn::target));
    }

    void emptyTimesAndLimitsAreTheGlobalOnes()
    {
        const auto job = toJob(goodForm(), {}, global());
        QCOMPARE(job.scrapeInterval, std::chrono::milliseconds(1min));
        QCOMPARE(job.scrapeTimeout, std::chrono::milliseconds(10s));
        JobForm quick = goodForm();
        quick.interval = u"5s"_s;
        QCOMPARE(toJob(quick, {}, global()).scrapeTimeout, std::chrono::milliseconds(5s));
        config::ScrapeConfig limited = job;
        limited.sampleLimit = 7;
        JobForm form = JobForm::of(limited);
        form.limits[u"sampleLimit"_s].clear();
        QCOMPARE(toJob(form, limited, global()).sampleLimit, std::uint64_t(5000));
    }

    void roundTripKeepsWhatTheFormDoesNotKnow()
    {
        config::ScrapeConfig job;
        job.jobName = "node";
        job.scrapeInterval = 15s;
        job.scrapeTimeout = 7s;
        job.params = {{"match[]", {"a&b", "{c=\"d\"}"}}, {"empty", {}}};
        job.honorLabels = true;
        job.trackTimestampsStaleness = true;
        job.sampleLimit = 1000;
        job.bodySizeLimit = 10'000'000;
        job.seriesBudget = 70'000;
        job.bodyCeiling = 100;
        job.nativeHistogramMinBucketFactor = 1.1;
        job.keptSecrets = {"basic_auth.password"};
        job.scrapeProtocols = {"PrometheusProto"};
        job.nameValidationScheme = "legacy";
        job.escapingScheme = "dots";
        job.file = "/etc/jobs.yml";
        job.scheme = "https";
        job.staticConfigs = {{{"a:1"}, Labels{{"env", "prod"}}, "node/0"},
                             {{"b:2"}, Labels{{"env", "test"}}, "node/1"}};
        job.discoveries = {config::HttpDiscovery{"https://x/t", 30s, {}},
                           config::ForeignDiscovery{"ec2_sd_configs", 3, {}}};
        job.client.auth = BasicAuth{"kim", Secret("hush"), {}, {}};
        job.client.tls.skipVerify = true;
        RelabelRule rule;
        rule.targetLabel = "env";
        QVERIFY(rule.prepare());
        job.relabel = {rule};
        job.metricRelabel = {rule, rule};
        QCOMPARE(toJob(JobForm::of(job), job, global()), job);
        QVERIFY(check(JobForm::of(job), job, global(), {}).none());
    }

    void whatIsTypedIsKeptElsewhere()
    {
        config::ScrapeConfig job;
        job.jobName = "node";
        job.client.auth = BasicAuth{"kim", Secret("hush"), {}, {}};
        // What stands in the file stays there, until it is typed anew.
        JobForm form = JobForm::of(job);
        QVERIFY(toJob(form, job, global()).keptSecrets.empty());
        form.client.password.typed = u"new"_s;
        const config::ScrapeConfig typed = toJob(form, job, global());
        QCOMPARE(typed.keptSecrets, std::vector<std::string>{"basic_auth.password"});
        QCOMPARE(std::get<BasicAuth>(typed.client.auth).password.reveal(), "new");
        QCOMPARE(toJob(JobForm::of(typed), typed, global()), typed);
        // Another kind has another secret, and a file is no secret.
        form = JobForm::of(typed);
        form.client.auth = ClientForm::Auth::bearer;
        form.client.token.typed = u"t"_s;
        QCOMPARE(toJob(form, typed, global()).keptSecrets,
                 std::vector<std::string>{"authorization.credentials"});
        form.client.token = {.isFile = true, .typed = u"t"_s, .file = u"/run/token"_s};
        QVERIFY(toJob(form, typed, global()).keptSecrets.empty());
    }

    void secretsOfHeadersAndSourcesAreKeptElsewhere()
    {
        config::ScrapeConfig job;
        job.jobName = "node";
        job.client.headers = {{"X-Old", {}, {Secret("file")}, {}}};
        job.discoveries
            = {config::HttpDiscovery{"https://u:pw@x/t", 30s, {}}, config::ConsulDiscovery()};
        JobForm form = JobForm::of(job);
        form.client.headers.push_back({u"X-New"_s, HeaderForm::Kind::value, u"shown"_s, -1});
        form.client.headers.push_back({u"X-New"_s, HeaderForm::Kind::secret, u"typed"_s, -1});
        const auto source = [&form](SourceKind kind) -> SourceForm& {
            return *std::ranges::find(form.sources, kind, &SourceForm::kind);
        };
        source(SourceKind::http).client.auth = ClientForm::Auth::basic;
        source(SourceKind::http).client.user = u"kim"_s;
        source(SourceKind::http).client.password.typed = u"hush"_s;
        source(SourceKind::consul).values[u"consul.token"_s] = u"t"_s;
        const config::ScrapeConfig typed = toJob(form, job, global());
        QCOMPARE(
            typed.keptSecrets,
            (std::vector<std::string>{"http_headers.X-New.secrets.0",
                                      "http_sd_configs[https://u:xxxxx@x/t].basic_auth.password",
                                      "consul_sd_configs[localhost:8500].token"}));
        QCOMPARE(toJob(JobForm::of(typed), typed, global()), typed);
    }

    void everyFieldArrives()
    {
        JobForm form = goodForm();
        form.scheme = u"https"_s;
        form.path = u" /stats "_s;
        form.parameters = u"module=tcp"_s;
        form.fallback = u"PrometheusText0.0.4"_s;
        form.compression = false;
        form.honorLabels = true;
        form.honorTimestamps = false;
        form.trackStaleness = true;
        form.client.skipVerify = true;
        form.limits = {{u"bodySizeLimit"_s, u"10"_s},
                       {u"bodyCeiling"_s, u"2"_s},
                       {u"sampleCeiling"_s, u"9"_s},
                       {u"bucketLimit"_s, u"160"_s},
                       {u"seriesBudget"_s, u"70 000"_s}};
        form.units = {{u"bodySizeLimit"_s, u"KB"_s}, {u"bodyCeiling"_s, u"GB"_s}};
        form.nativeHistograms = true;
        form.extraMetrics = true;
        form.metricRelabel.resize(1);
        form.metricRelabel[0].action = u"drop"_s;
        form.metricRelabel[0].sources = u"__name__"_s;
        const auto job = toJob(form, {}, global());
        QCOMPARE(job.scheme, std::string("https"));
        QCOMPARE(job.metricsPath, std::string("/stats"));
        QCOMPARE(job.params.front().second.front(), std::string("tcp"));
        QCOMPARE(job.fallbackScrapeProtocol, std::string("PrometheusText0.0.4"));
        QVERIFY(!job.enableCompression && job.honorLabels && !job.honorTimestamps);
        QVERIFY(job.trackTimestampsStaleness && job.client.tls.skipVerify);
        QCOMPARE(job.bodySizeLimit, std::uint64_t(10) * 1024);
        QCOMPARE(job.bodyCeiling, std::uint64_t(2) << 30);
        QCOMPARE(job.sampleCeiling, std::uint64_t(9));
        QCOMPARE(job.nativeHistogramBucketLimit, std::uint64_t(160));
        QVERIFY(job.scrapeNativeHistograms && job.extraScrapeMetrics);
        QCOMPARE(job.seriesBudget, std::uint64_t(70'000));
        QCOMPARE(job.metricRelabel.front().action, RelabelAction::drop);
        QCOMPARE(job.staticConfigs.front().targets, (std::vector<std::string>{"localhost:9100"}));
    }

    void aFreeNameCountsOn()
    {
        QCOMPARE(freeName(u"node"_s, {u"node"_s}), u"node-2"_s);
        QCOMPARE(freeName(u"node-2"_s, {u"node"_s, u"node-2"_s}), u"node-3"_s);
    }
};

QTEST_GUILESS_MAIN(TestJobForm)
#include "tst_job_form.moc"
