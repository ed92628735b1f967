// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/diff.h"
#include "core/config/export.h"
#include "core/config/import.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::config;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

std::string bytesOf(const QByteArray& bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

Config readGood(const char* yaml)
{
    Config config;
    Findings findings;
    readPrometheus(yaml, "/etc/p/prometheus.yml", config, findings);
    for (const Fault& fault : findings.faults) {
        qWarning("%s", fault.toString().c_str());
    }
    return config;
}

} // namespace

class TestConfigRead : public QObject {
    Q_OBJECT
private slots:
    void everythingAJobMaySay()
    {
        const Config config = readGood(
            "global:\n"
            "  scrape_interval: 30s\n"
            "  scrape_timeout: 20s\n"
            "  evaluation_interval: 2m\n"
            "  external_labels: {site: \"a$$b\"}\n"
            "  sample_limit: 100\n"
            "  body_size_limit: 10MB\n"
            "rule_files: [\"rules/*.yml\"]\n"
            "scrape_configs:\n"
            "- job_name: one\n"
            "  scrape_interval: 15s\n"
            "  honor_labels: true\n"
            "  honor_timestamps: false\n"
            "  metrics_path: /m\n"
            "  scheme: https\n"
            "  params: {module: [a, b]}\n"
            "  scrape_protocols: [PrometheusText0.0.4]\n"
            "  fallback_scrape_protocol: PrometheusText1.0.0\n"
            "  basic_auth: {username: u, password_file: secret/pw}\n"
            "  tls_config: {ca_file: ca.pem, insecure_skip_verify: true, server_name: s}\n"
            "  http_headers: {X-A: {values: [v, w]}}\n"
            "  label_limit: 7\n"
            "  relabel_configs:\n"
            "  - {source_labels: [a, b], regex: \"x.*\", target_label: c, replacement: \"$1\"}\n"
            "  metric_relabel_configs:\n"
            "  - {action: LabelDrop, regex: tmp_.*}\n"
            "  static_configs:\n"
            "  - targets: [\"h:1\", \"[::1]:2\"]\n"
            "    labels: {env: e, n: 1}\n"
            "- job_name: two\n"
            "  authorization: {credentials: t}\n");
        QCOMPARE(config.scrapeConfigs.size(), 2U);
        const ScrapeConfig& one = config.scrapeConfigs[0];
        QVERIFY(one.scrapeInterval == 15s && one.scrapeTimeout == 15s); // cut to the interval
        QVERIFY(one.honorLabels && !one.honorTimestamps);
        QCOMPARE(one.metricsPath, "/m");
        QVERIFY(one.params == (decltype(one.params){{"module", {"a", "b"}}}));
        const auto& basic = std::get<BasicAuth>(one.client.auth);
        QCOMPARE(basic.user, "u");
        QCOMPARE(basic.passwordFile, "/etc/p/secret/pw");
        QCOMPARE(one.client.tls.caFile, "/etc/p/ca.pem");
        QVERIFY(one.client.tls.skipVerify);
        QVERIFY(resolveHeaders(one.client.headers).value()
                == (HttpHeaders{{"X-A", "v"}, {"X-A", "w"}}));
        QCOMPARE(one.sampleLimit, 100U);
        QCOMPARE(one.bodySizeLimit, 10U << 20);
        QCOMPARE(one.labelLimit, 7U);
        QCOMPARE(one.relabel.size(), 1U);
        QVERIFY(one.relabel[0].regex.has_value());
        QVERIFY(one.metricRelabel.at(0).action == RelabelAction::labelDrop);
        QCOMPARE(one.staticConfigs.at(0).targets.size(), 2U);
        QCOMPARE(one.staticConfigs[0].labels.get("n"), "1");
        const ScrapeConfig& two = config.scrapeConfigs[1];
        QVERIFY(two.scrapeInterval == 30s && two.scrapeTimeout == 20s);
        QCOMPARE(std::get<BearerAuth>(two.client.auth).token.reveal(), "t");
        QCOMPARE(config.global.externalLabels.get("site"), "a$b");
        QVERIFY(config.global.evaluationInterval == 2min);
        QCOMPARE(config.ruleFiles, std::vector<std::string>{"rules/*.yml"});
    }

    void defaults()
    {
        const Config config = readGood("scrape_configs: [{job_name: j}]\n");
        QVERIFY(config.global.scrapeInterval == 1min && config.global.scrapeTimeout == 10s);
        QVERIFY(config.scrapeConfigs.at(0).scrapeInterval == 1min);
        QVERIFY(config.scrapeConfigs[0].scrapeTimeout == 10s);
        QCOMPARE(config.scrapeConfigs[0].metricsPath, "/metrics");
        QVERIFY(readGood("") == Config());
        QVERIFY(readGood("# nothing\n") == Config());
    }

    void anchorsAndMergeKeys()
    {
        const Config config = readGood("scrape_configs:\n"
                                       "- &base\n"
                                       "  job_name: a\n"
                                       "  scrape_interval: 10s\n"
                                       "  static_configs: &targets [{targets: ['h:1']}]\n"
                                       "- <<: *base\n"
                                       "  job_name: b\n"
                                       "- job_name: c\n"
                                       "  static_configs: *targets\n");
        QCOMPARE(config.scrapeConfigs.size(), 3U);
        QCOMPARE(config.scrapeConfigs[1].jobName, "b");
        QVERIFY(config.scrapeConfigs[1].scrapeInterval == 10s);
        QVERIFY(config.scrapeConfigs[2].staticConfigs == config.scrapeConfigs[0].staticConfigs);
    }

    void faults_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QByteArray>("fault"); // of the first: line:column: start of the message
        QTest::newRow("unknown key")
            << "scrape_configs:\n- job_name: j\n  scrape_intervall: 1s\n"_ba
            << "3:3: field scrape_intervall not found in type config.ScrapeConfig"_ba;
        QTest::newRow("key twice") << "global:\n  scrape_interval: 1s\n  scrape_interval: 2s\n"_ba
                                   << "3:3: field scrape_interval already set"_ba;
        QTest::newRow("not YAML") << "global:\n\tscrape_interval: 1s\n"_ba << "2:"_ba;
        QTest::newRow("a list") << "- a\n"_ba << "1:1: cannot unmarshal !!seq"_ba;
        QTest::newRow("duration") << "global: {scrape_interval: 1.5m}\n"_ba << "1:27: "_ba;
        QTest::newRow("job twice") << "scrape_configs: [{job_name: j}, {job_name: j}]\n"_ba
                                   << "1:44: found multiple scrape configs with job name \"j\""_ba;
        QTest::newRow("timeout above interval")
            << "scrape_configs:\n- job_name: j\n  scrape_interval: 5s\n  scrape_timeout: 6s\n"_ba
            << "4:19: scrape timeout greater than scrape interval"_ba;
        QTest::newRow("target with scheme")
            << "scrape_configs:\n- job_name: j\n  static_configs: [{targets: ['http://h']}]\n"_ba
            << "3:31: \"http://h\" is not a valid hostname"_ba;
        QTest::newRow("null rule")
            << "scrape_configs:\n- job_name: j\n  relabel_configs:\n    -\n"_ba
            << "4:5: empty or null target relabeling rule in scrape config"_ba;
        QTest::newRow("bad regex")
            << "scrape_configs:\n- job_name: j\n  relabel_configs: [{regex: '('}]\n"_ba
            << "3:21: "_ba;
        QTest::newRow("a name that legacy validation does not know")
            << "scrape_configs:\n- job_name: j\n  metric_name_validation_scheme: legacy\n"
               "  relabel_configs: [{target_label: 'a${1}'}, {target_label: a.b}]\n"_ba
            << "4:46: \"a.b\" is invalid 'target_label' for replace action"_ba;
        QTest::newRow("wrong type") << "global: {sample_limit: many}\n"_ba
                                    << "1:24: cannot unmarshal !!str `many` into uint"_ba;
        QTest::newRow("two kinds of credentials")
            << "scrape_configs:\n- job_name: j\n  basic_auth: {username: u}\n  authorization: "
               "{credentials: x}\n"_ba
            << "2:3: at most one of basic_auth, oauth2 & authorization must be configured"_ba;
        QTest::newRow("pattern of a folder") << "rule_files: ['my/*/rule']\n"_ba
                                             << "1:14: invalid rule file path"_ba;
        QTest::newRow("size without a unit")
            << "scrape_configs: [{job_name: j, body_size_limit: 100}]\n"_ba
            << "1:49: units: unknown unit"_ba;
        QTest::newRow("more than the whole disk")
            << "storage: {tsdb: {retention: {percentage: 101}}}\n"_ba
            << "1:42: the percentage of retention must lie between 0 and 100, and is 101"_ba;
    }

    void faults()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QByteArray, fault);
        Config config;
        Findings findings;
        readPrometheus(bytesOf(yaml), "f", config, findings);
        QVERIFY(!findings.faults.empty());
        const Fault& first = findings.faults.front();
        QCOMPARE(first.file, "f");
        const QByteArray seen = QByteArray::number(first.line) + ":"
            + QByteArray::number(first.column) + ": " + QByteArray::fromStdString(first.message);
        QVERIFY2(seen.startsWith(fault), seen.constData());
    }

    void allFaultsAreFound()
    {
        Config config;
        Findings findings;
        readPrometheus("global: {x: 1, scrape_interval: soon}\nscrape_configs: [{job_name: ''}]\n",
                       "f", config, findings);
        QCOMPARE(findings.faults.size(), 3U);
    }

    void whatIsNotDoneIsWarnedAbout_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QByteArray>("warning"); // empty: none
        QTest::newRow("a mechanism of others")
            << "scrape_configs:\n- job_name: j\n  ec2_sd_configs: [{region: eu}]\n"_ba
            << "f:3:19: Watchfire does not discover targets by ec2_sd_configs: run a bridge of "
               "that mechanism that serves them as JSON and name its address in http_sd_configs"_ba;
        QTest::newRow("one of ours")
            << "scrape_configs:\n- job_name: j\n  dns_sd_configs: [{names: [a]}]\n"
               "  proxy_url: http://p\n  oauth2: {client_id: c, token_url: 'http://t'}\n"
               "  native_histogram_bucket_limit: 5\n  extra_scrape_metrics: true\n"_ba
            << ""_ba;
        QTest::newRow("other stores") << "remote_write: [{url: 'http://r/w'}]\n"_ba
                                      << "f:1:15: remote_write is not done yet"_ba;
        QTest::newRow("another Alertmanager")
            << "alerting: {alertmanagers: [{static_configs: [{targets: ['a:1']}]}]}\n"_ba << ""_ba;
        QTest::newRow("found by a mechanism of others")
            << "alerting: {alertmanagers: [{ec2_sd_configs: [{region: eu}]}]}\n"_ba
            << "f:1:45: Watchfire does not discover targets by ec2_sd_configs"_ba;
        QTest::newRow("requests that are signed")
            << "alerting: {alertmanagers: [{sigv4: {region: eu}}]}\n"_ba
            << "f:1:36: sigv4 is not done yet"_ba;
        QTest::newRow("a secret manager")
            << "scrape_configs: [{job_name: j, basic_auth: {password_ref: x}}]\n"_ba
            << "f:1:59: password_ref is not followed: there is no secret manager"_ba;
        QTest::newRow("signed statements for tokens")
            << "scrape_configs: [{job_name: j, oauth2: {client_id: c, token_url: 'http://t', "
               "grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer'}}]\n"_ba
            << "f:1:90: grant_type jwt-bearer is not supported"_ba;
        QTest::newRow("a proxy of no scheme")
            << "scrape_configs: [{job_name: j, proxy_url: 'localhost:3128'}]\n"_ba
            << "f:1:43: \"localhost:3128\" names no proxy that can be used"_ba;
        QTest::newRow("a log of its own") << "global: {query_log_file: q.log}\n"_ba
                                          << "f:1:26: query_log_file is not done yet"_ba;
    }

    void whatIsNotDoneIsWarnedAbout()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QByteArray, warning);
        Config config;
        Findings findings;
        readPrometheus(bytesOf(yaml), "f", config, findings);
        QVERIFY(findings.faults.empty());
        QCOMPARE(findings.warnings.size(), warning.isEmpty() ? 0U : 1U);
        if (!warning.isEmpty()) {
            const QByteArray seen = QByteArray::fromStdString(findings.warnings[0].toString());
            QVERIFY2(seen.startsWith(warning), seen.constData());
        }
    }

    void whatHasNoMeaningHereIsPassedOver()
    {
        Config config;
        Findings findings;
        readPrometheus("runtime: {gogc: 50}\ntracing: {endpoint: e}\n"
                       "storage: {tsdb: {chunk_encoding: {floats: xor2}}}\n",
                       "f", config, findings);
        QVERIFY(findings.faults.empty() && findings.warnings.empty());
        QCOMPARE(findings.ignored.size(), 3U);
        QCOMPARE(findings.ignored[0].toString(),
                 "f:1:10: runtime sets Go's garbage collector; Watchfire has none");
    }

    /// What a job has from `global` follows it; what it says itself stays.
    void jobsFollowGlobal()
    {
        Config config = readGood("global: {scrape_interval: 1m, sample_limit: 5}\n"
                                 "scrape_configs:\n"
                                 "- job_name: a\n"
                                 "- job_name: b\n"
                                 "  scrape_interval: 20s\n"
                                 "  sample_limit: 7\n"
                                 "  metric_name_validation_scheme: utf8\n");
        GlobalConfig after = config.global;
        after.scrapeInterval = 5s;
        after.scrapeTimeout = 4s;
        after.sampleLimit = 6;
        after.extraScrapeMetrics = true;
        after.nameValidationScheme = "legacy";
        const ScrapeConfig a = inheriting(config.scrapeConfigs[0], config.global, after);
        QVERIFY(a.scrapeInterval == 5s && a.scrapeTimeout == 4s && a.sampleLimit == 6);
        QVERIFY(a.extraScrapeMetrics);
        QVERIFY(a.nameValidationScheme == "legacy" && a.escapingScheme == "underscores");
        const ScrapeConfig b = inheriting(config.scrapeConfigs[1], config.global, after);
        QVERIFY(b.scrapeInterval == 20s && b.scrapeTimeout == 4s && b.sampleLimit == 7);
        config.global = after;
        config.scrapeConfigs = {a};
        QVERIFY(scrapeValue(a, after).entries.size() == 1); // the name alone
    }

    void schemes_data()
    {
        QTest::addColumn<QByteArray>("global");
        QTest::addColumn<QByteArray>("job");
        QTest::addColumn<QByteArray>("result"); // validation/escaping; "-": refused
        QTest::newRow("nothing said") << ""_ba << ""_ba << "/"_ba;
        QTest::newRow("the job's own validation brings its escaping")
            << "metric_name_escaping_scheme: allow-utf-8"_ba
            << "metric_name_validation_scheme: legacy"_ba << "legacy/underscores"_ba;
        QTest::newRow("from global") << "metric_name_validation_scheme: legacy"_ba << ""_ba
                                     << "legacy/underscores"_ba;
        QTest::newRow("back to utf8") << "metric_name_validation_scheme: legacy"_ba
                                      << "metric_name_validation_scheme: utf8"_ba << "/"_ba;
        QTest::newRow("another escaping")
            << "metric_name_validation_scheme: legacy, metric_name_escaping_scheme: dots"_ba
            << ""_ba << "legacy/dots"_ba;
        QTest::newRow("at odds") << "metric_name_validation_scheme: legacy"_ba
                                 << "metric_name_escaping_scheme: allow-utf-8"_ba << "-"_ba;
    }

    void schemes()
    {
        QFETCH(QByteArray, global);
        QFETCH(QByteArray, job);
        QFETCH(QByteArray, result);
        Config config;
        Findings findings;
        readPrometheus("global: {" + bytesOf(global) + "}\nscrape_configs:\n- job_name: j\n  "
                           + bytesOf(job) + "\n",
                       "f", config, findings);
        if (result == "-") {
            QVERIFY(!findings.faults.empty());
            return;
        }
        const ScrapeConfig& read = config.scrapeConfigs.at(0);
        QCOMPARE(read.nameValidationScheme + "/" + read.escapingScheme, result.toStdString());
        Config again;
        readPrometheus(encoding::emitYaml(prometheusValue(config)), "f", again, findings);
        QVERIFY(again == config);
    }

    void rules()
    {
        Findings findings;
        const auto groups = readRules("groups:\n"
                                      "- name: g\n"
                                      "  interval: 30s\n"
                                      "  limit: 5\n"
                                      "  query_offset: 1m\n"
                                      "  labels: {team: t}\n"
                                      "  rules:\n"
                                      "  - {record: \"a:b\", expr: sum(x), labels: {l: v}}\n"
                                      "  - alert: Down\n"
                                      "    expr: |\n"
                                      "      up == 0\n"
                                      "    for: 5m\n"
                                      "    keep_firing_for: 1m\n"
                                      "    annotations: {summary: \"it is down\"}\n",
                                      "r.yml", {}, findings);
        QVERIFY(findings.faults.empty());
        QCOMPARE(groups.size(), 1U);
        const RuleGroupConfig& group = groups[0];
        QCOMPARE(group.file, "r.yml");
        QVERIFY(group.interval == 30s && group.queryOffset == 1min && group.limit == 5);
        QCOMPARE(group.rules.size(), 2U);
        QCOMPARE(group.rules[0].record, "a:b");
        QVERIFY(group.rules[1].isAlerting() && group.rules[1].forDuration == 5min);
        QCOMPARE(group.rules[1].expr, "up == 0\n");
    }

    void ruleFaults_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QByteArray>("fault");
        QTest::newRow("no name") << "groups: [{rules: []}]\n"_ba
                                 << "r.yml:1:10: Groupname must not be empty"_ba;
        QTest::newRow("name twice") << "groups: [{name: g}, {name: g}]\n"_ba
                                    << "r.yml:1:21: groupname: \"g\" is repeated"_ba;
        QTest::newRow("both kinds")
            << "groups: [{name: g, rules: [{record: a, alert: b, expr: x}]}]\n"_ba
            << "r.yml:1:28: group \"g\", rule 1, \"b\": only one of 'record' and 'alert'"_ba;
        QTest::newRow("no expression") << "groups: [{name: g, rules: [{record: a}]}]\n"_ba
                                       << "r.yml:1:28: group \"g\", rule 1, \"a\": field 'expr'"_ba;
        QTest::newRow("expression that does not parse")
            << "groups:\n- name: g\n  rules:\n  - record: a\n    expr: bad expr\n"_ba
            << "r.yml:5:15: group \"g\", rule 1, \"a\": could not parse expression: no"_ba;
        QTest::newRow("template that does not parse")
            << "groups: [{name: g, rules: [{alert: a, expr: x, annotations: {s: '{{'}}]}]\n"_ba
            << "r.yml:1:28: group \"g\", rule 1, \"a\": annotation \"s\": open"_ba;
        QTest::newRow("annotation of a recording rule")
            << "groups: [{name: g, rules: [{record: a, expr: x, annotations: {s: t}}]}]\n"_ba
            << "r.yml:1:62: group \"g\", rule 1, \"a\": invalid field 'annotations'"_ba;
    }

    void ruleFaults()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QByteArray, fault);
        Checkers check;
        check.expression = [](std::string_view expr) -> Result<void> {
            if (expr.starts_with("bad")) {
                return fail(ErrorKind::invalid, "no", Span{4, 8});
            }
            return {};
        };
        check.templateText = [](std::string_view text) -> Result<void> {
            return text.contains("{{") ? fail(ErrorKind::invalid, "open") : Result<void>();
        };
        Findings findings;
        readRules(bytesOf(yaml), "r.yml", check, findings);
        QCOMPARE(findings.faults.size(), 1U);
        const QByteArray seen = QByteArray::fromStdString(findings.faults[0].toString());
        QVERIFY2(seen.startsWith(fault), seen.constData());
    }

    void own()
    {
        Config config = readGood("scrape_configs: [{job_name: j}]\n");
        Findings findings;
        readOwn("collectors: {host: false, interval: 10s}\npaused_jobs: [j]\n"
                "jobs: {j: {series_budget: 5, body_size_ceiling: 1GB, sample_ceiling: 9}, "
                "gone: {series_budget: 1}}\n"
                "sample_ceiling: 7\ncolor_scheme: dark\n"
                "retention: {time: 30d, percentage: 12.5}\nrules: {unknown_state: true}\n",
                "w", config, findings);
        QVERIFY(findings.faults.empty());
        QCOMPARE(findings.warnings.size(), 1U); // there is no job "gone"
        QVERIFY(!config.own.hostCollector && config.own.selfCollector);
        QVERIFY(config.own.collectorInterval == 10s);
        QCOMPARE(config.scrapeConfigs[0].seriesBudget, 5U);
        QCOMPARE(config.scrapeConfigs[0].bodyCeiling, 1U << 30);
        QCOMPARE(config.scrapeConfigs[0].sampleCeiling, 9U);
        QCOMPARE(config.own.sampleCeiling, 7U);
        QCOMPARE(config.own.colorScheme, "dark");
        QVERIFY(config.own.unknownAlerts);
        QVERIFY((config.own.retention == RetentionConfig{24h * 30, std::nullopt, 12.5}));
        const std::string written = encoding::emitYaml(ownValue(config));
        Config again;
        again.scrapeConfigs = config.scrapeConfigs;
        readOwn(written, "w", again, findings);
        QVERIFY2(again.own == config.own, written.c_str());
        Findings bad;
        readOwn("color_scheme: pink\ncollectors: {interval: 0s}\nx: y\n", "w", config, bad);
        QCOMPARE(bad.faults.size(), 3U);
    }

    /// What is written reads back as the same value.
    void exportRoundTrip()
    {
        const char* const yaml
            = "global: {scrape_interval: 7s, external_labels: {a: \"x$$y\"}, label_limit: 3}\n"
              "rule_files: [a.yml]\n"
              "storage: {tsdb: {out_of_order_time_window: 30m,\n"
              "  retention: {time: 90d, size: 512MB, percentage: 15}}, exemplars: {max_exemplars: "
              "7}}\n"
              "scrape_configs:\n"
              "- job_name: j\n"
              "  scrape_timeout: 3s\n"
              "  params: {a: ['1', 'yes']}\n"
              "  authorization: {type: Token, credentials: \"its: secret\"}\n"
              "  http_headers: {X: {values: ['']}}\n"
              "  relabel_configs:\n"
              "  - {action: hashmod, source_labels: [a], modulus: 8, target_label: b}\n"
              "  - {action: replace, target_label: c, replacement: ''}\n"
              "  static_configs: [{targets: [], labels: {x: 'true'}}, {targets: ['a:1']}]\n"
              "  honor_timestamps: false\n"
              "  follow_redirects: false\n"
              "  metric_name_validation_scheme: legacy\n";
        const Config config = readGood(yaml);
        const std::string written = encoding::emitYaml(prometheusValue(config));
        const Config again = readGood(written.c_str());
        QVERIFY2(again == config, written.c_str());
        QVERIFY((config.retention == RetentionConfig{24h * 90, std::uint64_t{512} << 20, 15.0}));
        QCOMPARE(config.maxExemplars, std::uint64_t(7));
        QCOMPARE(readGood("storage: {exemplars: {max_exemplars: -1}}\n").maxExemplars,
                 std::uint64_t(0)); // as the reference has it: none
        QVERIFY(!readGood("storage: {exemplars: {}}\n").maxExemplars);
        QVERIFY(!written.contains("metrics_path")); // defaults are not written out
        const std::string effective = effectiveYaml(config);
        QVERIFY(effective.contains("credentials: <secret>"));
        QVERIFY(!effective.contains("its:"));
        QVERIFY(effective.contains("metrics_path: /metrics"));
    }

    void differences()
    {
        const Config before = readGood("scrape_configs: [{job_name: a}, {job_name: b}]\n");
        Config after = before;
        QVERIFY(diff(before, after).empty());
        after.scrapeConfigs[0].metricsPath = "/x";
        after.scrapeConfigs[1].jobName = "c";
        after.ruleGroups.resize(1);
        after.ruleGroups[0].name = "g";
        after.ruleGroups[0].file = "f";
        const ConfigDiff found = diff(before, after);
        QCOMPARE(found.changedJobs, std::vector<std::string>{"a"});
        QCOMPARE(found.addedJobs, std::vector<std::string>{"c"});
        QCOMPARE(found.removedJobs, std::vector<std::string>{"b"});
        QVERIFY(found.addedGroups == (std::vector<GroupKey>{{"f", "g"}}));
        QVERIFY(!found.global && !found.alertmanager && !found.own);
    }
};

QTEST_GUILESS_MAIN(TestConfigRead)
#include "tst_config_read.moc"
