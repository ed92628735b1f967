// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/import_report.h"

#include <filesystem>
#include <fstream>

#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace watchfire::config;
using namespace Qt::StringLiterals;

namespace fs = std::filesystem;

/// What an import would bring and what it would lose.
class TestConfigImport : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path m_folder = m_dir.path().toStdString();

    void put(const char* name, const QByteArray& text) const
    {
        fs::create_directories((m_folder / name).parent_path());
        std::ofstream(m_folder / name, std::ios::binary) << text.toStdString();
    }
    /// "file:line:column: message" without the folder.
    QByteArrayList shown(const std::vector<Fault>& faults) const
    {
        QByteArrayList out;
        for (const Fault& fault : faults) {
            out += QByteArray::fromStdString(fault.toString())
                       .replace(m_folder.string() + "/", ""_ba);
        }
        return out;
    }

private slots:
    void aWholeFolder()
    {
        put("prometheus.yml",
            "global: {query_log_file: q.log}\n"
            "rule_files: [rules.yml]\n"
            "scrape_config_files: ['jobs/*.yml']\n"
            "runtime: {gogc: 50}\n"
            "remote_write: [{url: 'http://r'}]\n"
            "scrape_configs:\n"
            "- job_name: a\n"
            "  basic_auth: {password_ref: vault}\n"
            "  gce_sd_configs: [{project: p, zone: z}]\n"_ba);
        put("rules.yml", "groups: [{name: g, rules: [{record: 'a:b', expr: x}]}]\n"_ba);
        put("jobs/b.yml", "scrape_configs:\n- job_name: b\n  scrape_failure_log_file: f\n"_ba);
        put("alertmanager.yml",
            "route: {receiver: mail}\n"
            "receivers:\n"
            "- name: mail\n"
            "  email_configs: [{to: a, from: b, smarthost: 'h:25'}]\n"
            "  webhook_configs: [{url: 'http://h', max_alerts: 3, payload: {}}]\n"
            "  jira_configs: [{project: p, issue_type: t, api_url: 'http://j'}]\n"
            "templates: [x.tmpl]\n"
            "tracing: {}\n"_ba);
        const ImportReport report = readForImport(m_folder / "prometheus.yml");
        QCOMPARE(shown(report.faults), QByteArrayList());
        QCOMPARE(report.config.scrapeConfigs.size(), 2U);
        QCOMPARE(report.config.ruleGroups.size(), 1U);
        QCOMPARE(report.config.alertmanager.receivers.at(0).webhooks.size(), 1U);
        const QByteArrayList losses = shown(report.losses);
        const QByteArrayList expected{
            "alertmanager.yml:6:17: jira_configs is not done yet: receiver \"mail\" sends nothing "
            "that way; use webhook_configs, or the receiver desktop",
            "alertmanager.yml:8:10: tracing is about Alertmanager's own work",
            "jobs/b.yml:3:28: scrape_failure_log_file is not done yet: why a scrape failed stands "
            "on the Targets page and in the program's log",
            "prometheus.yml:1:26: query_log_file is not done yet: queries are not logged",
            "prometheus.yml:4:10: runtime sets Go's garbage collector; Watchfire has none",
            "prometheus.yml:5:15: remote_write is not done yet: samples are kept in this store "
            "only",
            "prometheus.yml:8:30: password_ref is not followed: there is no secret manager; name a "
            "file instead",
            "prometheus.yml:9:19: Watchfire does not discover targets by gce_sd_configs: run a "
            "bridge of that mechanism that serves them as JSON and name its address in "
            "http_sd_configs",
        };
        QCOMPARE(losses, expected);
    }

    void everyFaultOfEveryFile()
    {
        put("bad/prometheus.yml", "rule_files: [r.yml]\nx: 1\n"_ba);
        put("bad/r.yml", "groups: [{rules: []}]\n"_ba);
        put("bad/alertmanager.yml", "route: {receiver: gone}\n"_ba);
        const ImportReport report = readForImport(m_folder / "bad/prometheus.yml");
        QCOMPARE(shown(report.faults),
                 (QByteArrayList{"bad/alertmanager.yml:1:19: undefined receiver \"gone\" used in "
                                 "route",
                                 "bad/prometheus.yml:2:1: field x not found in type config.plain",
                                 "bad/r.yml:1:10: Groupname must not be empty"}));
    }

    void oneFileAlone()
    {
        put("alone/am.yml", "route: {receiver: a}\nreceivers: [{name: a}]\n"_ba);
        QCOMPARE(readForImport(m_folder / "alone/am.yml").config.alertmanager.route.receiver, "a");
        put("alone/rules.yml", "groups: [{name: g}]\n"_ba);
        QCOMPARE(readForImport(m_folder / "alone/rules.yml").config.ruleGroups.at(0).name, "g");
        QCOMPARE(shown(readForImport(m_folder / "alone/none.yml").faults),
                 QByteArrayList{"alone/none.yml: alone/none.yml does not exist"});
        put("alone/broken.yml", "global: {\n"_ba);
        QCOMPARE(readForImport(m_folder / "alone/broken.yml").faults.size(), 1U);
    }
};

QTEST_GUILESS_MAIN(TestConfigImport)
#include "tst_config_import.moc"
