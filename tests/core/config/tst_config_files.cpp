// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/check.h"
#include "core/config/files.h"

#include <fstream>
#include <sys/stat.h>

#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace watchfire::config;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace fs = std::filesystem;

class TestConfigFiles : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    fs::path m_folder;
    Paths m_paths;
    const Timestamp m_now = fromUnixMs(1'700'000'000'123);

    void put(const char* name, std::string_view text) const
    {
        fs::create_directories((m_folder / name).parent_path());
        std::ofstream(m_folder / name, std::ios::binary) << text;
    }
    QByteArray get(const char* name) const
    {
        const auto text = readFile(m_folder / name);
        return text ? QByteArray::fromStdString(*text) : "-"_ba;
    }
    Config loaded() const
    {
        auto result = load(m_paths);
        if (!result) {
            qWarning("%s", result.error().front().toString().c_str());
            return {};
        }
        return result->config;
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_folder = m_dir->path().toStdString();
        m_paths = Paths::ofProfile(m_folder);
    }

    void anEmptyProfileIsTheDefault()
    {
        const auto result = load(m_paths);
        QVERIFY(result.has_value());
        QVERIFY(result->config.scrapeConfigs.empty());
        QVERIFY(result->config.alertmanager == defaultAlertmanager());
        QCOMPARE(result->config.ruleFiles, std::vector<std::string>{"rules/*.yml"});
    }

    void aNamedFileMustExist()
    {
        m_paths.prometheusMustExist = true;
        const auto result = load(m_paths);
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().size(), 1U);
    }

    void readsWhatTheMainFileNames()
    {
        put("prometheus.yml",
            "rule_files: ['r/*.yml', one.yml, none.yml]\n"
            "scrape_config_files: ['s/*.yml']\n"
            "scrape_configs: [{job_name: a}]\n");
        put("r/b.yml", "groups: [{name: b}]\n");
        put("r/a.yml", "groups: [{name: a}]\n");
        put("one.yml", "groups: [{name: c}]\n");
        put("s/x.yml", "scrape_configs: [{job_name: b}]\n");
        const Config config = loaded();
        QCOMPARE(config.ruleGroups.size(), 3U);
        QCOMPARE(config.ruleGroups[0].file, (m_folder / "r/a.yml").string());
        QCOMPARE(config.ruleGroups[2].name, "c");
        QCOMPARE(config.scrapeConfigs.size(), 2U);
        QCOMPARE(config.scrapeConfigs[1].file, (m_folder / "s/x.yml").string());
    }

    void faultsOfAllFilesAreTold()
    {
        put("prometheus.yml", "x: 1\nrule_files: [r.yml]\n");
        put("r.yml", "groups: [{rules: []}]\n");
        put("alertmanager.yml", "y: 1\n");
        const auto result = load(m_paths);
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().size(), 4U); // alertmanager.yml has no route either
        QCOMPARE(result.error()[0].toString(),
                 (m_folder / "prometheus.yml").string()
                     + ":1:1: field x not found in type config.plain");
    }

    void anEditChangesOnlyItsLines()
    {
        const QByteArray before = "# my config\n"
                                  "scrape_configs: # jobs\n"
                                  "  # the first\n"
                                  "  - job_name: a # A\n"
                                  "    scrape_interval: 15s\n"
                                  "    static_configs:\n"
                                  "      - targets: ['h:1', \"h:2\"] # two\n"
                                  "\n"
                                  "  - job_name: b\n"
                                  "remote_write: [{url: 'http://r'}] # kept\n";
        put("prometheus.yml", before.toStdString());
        const Config old = loaded();
        Config wanted = old;
        wanted.scrapeConfigs[0].staticConfigs[0].targets.emplace_back("h:3");
        wanted.scrapeConfigs[1].metricsPath = "/m";
        ScrapeConfig added = old.scrapeConfigs[1];
        added.jobName = "c";
        added.staticConfigs = {{{"x:1"}, Labels{{"env", "e"}}, "0"}};
        wanted.scrapeConfigs.push_back(added);
        wanted.global.evaluationInterval = 30s;
        const auto saved = save(m_paths, old, wanted, m_now);
        QVERIFY2(saved.has_value(), saved ? "" : saved.error().message.c_str());
        QCOMPARE(get("prometheus.yml"),
                 "# my config\n"
                 "scrape_configs: # jobs\n"
                 "  # the first\n"
                 "  - job_name: a # A\n"
                 "    scrape_interval: 15s\n"
                 "    static_configs:\n"
                 "      - targets: ['h:1', \"h:2\", h:3] # two\n"
                 "\n"
                 "  - job_name: b\n"
                 "    metrics_path: /m\n"
                 "  - job_name: c\n"
                 "    static_configs:\n"
                 "    - targets:\n"
                 "      - x:1\n"
                 "      labels:\n"
                 "        env: e\n"
                 "remote_write: [{url: 'http://r'}] # kept\n"
                 "global:\n"
                 "  evaluation_interval: 30s\n");
        QVERIFY(saved->config.scrapeConfigs == wanted.scrapeConfigs);
        QCOMPARE(saved->written.size(), 1U);
        const auto history = historyOf(m_paths, "prometheus.yml");
        QCOMPARE(history.size(), 1U);
        QCOMPARE(history[0].time, "20231114T221320.123Z");
        QCOMPARE(QByteArray::fromStdString(readFile(history[0].file).value()), before);
    }

    void aJobGoes()
    {
        put("prometheus.yml",
            "scrape_configs:\n- job_name: a\n# about b\n- job_name: b\n"
            "  honor_labels: true\n- job_name: c # C\n");
        const Config old = loaded();
        Config wanted = old;
        wanted.scrapeConfigs.erase(wanted.scrapeConfigs.begin() + 1);
        QVERIFY(save(m_paths, old, wanted, m_now).has_value());
        QCOMPARE(get("prometheus.yml"), "scrape_configs:\n- job_name: a\n- job_name: c # C\n");
        const Config one = loaded();
        wanted = one;
        wanted.scrapeConfigs.clear();
        QVERIFY(save(m_paths, one, wanted, m_now).has_value());
        QVERIFY(loaded().scrapeConfigs.empty());
    }

    void nothingToDoWritesNothing()
    {
        put("prometheus.yml", "global: {scrape_interval: 1m}\n");
        const Config config = loaded();
        const auto saved = save(m_paths, config, config, m_now);
        QVERIFY(saved.has_value() && saved->written.empty());
        QVERIFY(!fs::exists(m_paths.history));
    }

    void theFirstSaveMakesTheFiles()
    {
        const Config old = loaded();
        Config wanted = old;
        ScrapeConfig job;
        job.jobName = "j";
        job.scrapeInterval = old.global.scrapeInterval;
        job.scrapeTimeout = old.global.scrapeTimeout;
        job.seriesBudget = 10;
        wanted.scrapeConfigs.push_back(job);
        wanted.own.pausedJobs = {"j"};
        RuleConfig rule;
        rule.alert = "Down";
        rule.expr = "up == 0";
        RuleGroupConfig group;
        group.name = "g";
        group.rules = {rule};
        wanted.ruleGroups.push_back(group);
        wanted.alertmanager.route.groupWait = 1min;
        const auto saved = save(m_paths, old, wanted, m_now);
        QVERIFY2(saved.has_value(), saved ? "" : saved.error().message.c_str());
        QCOMPARE(get("prometheus.yml"),
                 "rule_files:\n- rules/*.yml\nscrape_configs:\n- job_name: j\n");
        QCOMPARE(get("rules/rules.yml"),
                 "groups:\n- name: g\n  rules:\n  - alert: Down\n    expr: up == 0\n");
        QCOMPARE(get("watchfire.yml"), "paused_jobs:\n- j\njobs:\n  j:\n    series_budget: 10\n");
        QVERIFY(get("alertmanager.yml").contains("group_wait: 1m"));
        QCOMPARE(saved->config.ruleGroups.at(0).file, (m_folder / "rules/rules.yml").string());
        QVERIFY(saved->config.alertmanager == wanted.alertmanager);
        QVERIFY(loaded() == saved->config);
        struct stat status{};
        QCOMPARE(stat(m_paths.prometheus.c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777U, 0600U); // passwords may stand in it
    }

    void rulesAreEditedInTheirFile()
    {
        put("prometheus.yml", "rule_files: ['rules/*.yml']\n");
        put("rules/a.yml",
            "groups:\n"
            "- name: one # first\n"
            "  rules:\n"
            "  # is it down?\n"
            "  - alert: Down\n"
            "    expr: |\n"
            "      up == 0\n"
            "    for: 5m # patience\n"
            "- name: two\n");
        const Config old = loaded();
        Config wanted = old;
        wanted.ruleGroups[0].rules[0].forDuration = 10min;
        RuleConfig added;
        added.record = "a:b";
        added.expr = "sum(a)";
        wanted.ruleGroups[0].rules.push_back(added);
        wanted.ruleGroups.erase(wanted.ruleGroups.begin() + 1);
        const auto saved = save(m_paths, old, wanted, m_now);
        QVERIFY2(saved.has_value(), saved ? "" : saved.error().message.c_str());
        QCOMPARE(get("rules/a.yml"),
                 "groups:\n"
                 "- name: one # first\n"
                 "  rules:\n"
                 "  # is it down?\n"
                 "  - alert: Down\n"
                 "    expr: |\n"
                 "      up == 0\n"
                 "    for: 10m # patience\n"
                 "  - record: a:b\n"
                 "    expr: sum(a)\n");
        QCOMPARE(historyOf(m_paths, "rules/a.yml").size(), 1U);
        wanted = saved->config;
        wanted.ruleGroups.clear();
        const auto emptied = save(m_paths, saved->config, wanted, m_now + 1s);
        QVERIFY2(emptied.has_value(), emptied ? "" : emptied.error().message.c_str());
        QVERIFY(emptied->config.ruleGroups.empty());
        QCOMPARE(historyOf(m_paths, "rules/a.yml").size(), 2U);
    }

    void anEditOnDiskIsNotOverwritten()
    {
        put("prometheus.yml", "global: {scrape_interval: 1m}\n");
        const Config old = loaded();
        put("prometheus.yml", "global: {scrape_interval: 2m}\n");
        Config wanted = old;
        wanted.global.evaluationInterval = 5s;
        const auto saved = save(m_paths, old, wanted, m_now);
        QVERIFY(!saved.has_value());
        QCOMPARE(saved.error().kind, ErrorKind::conflict);
        QCOMPARE(get("prometheus.yml"), "global: {scrape_interval: 2m}\n");
    }

    void aConfigurationThatIsNoneIsNotWritten()
    {
        put("prometheus.yml", "scrape_configs: [{job_name: a}]\n");
        const Config old = loaded();
        Config wanted = old;
        wanted.scrapeConfigs[0].jobName.clear();
        const auto saved = save(m_paths, old, wanted, m_now);
        QVERIFY(!saved.has_value());
        QCOMPARE(saved.error().kind, ErrorKind::invalid);
        QCOMPARE(get("prometheus.yml"), "scrape_configs: [{job_name: a}]\n");
    }

    void secretsSurviveAnEdit()
    {
        put("prometheus.yml",
            "scrape_configs:\n- job_name: a\n"
            "  basic_auth: {username: u, password: 'p: w'}\n");
        const Config old = loaded();
        Config wanted = old;
        wanted.scrapeConfigs[0].metricsPath = "/x";
        QVERIFY(save(m_paths, old, wanted, m_now).has_value());
        QVERIFY(get("prometheus.yml").contains("password: 'p: w'"));
    }

    void lastGoodStandsIn()
    {
        put("prometheus.yml", "rule_files: ['rules/*.yml']\nscrape_configs: [{job_name: a}]\n");
        put("rules/a.yml", "groups: [{name: g}]\n");
        QVERIFY(!loadLastGood(m_paths).has_value());
        QVERIFY(rememberGood(m_paths, loaded()).has_value());
        put("prometheus.yml", "scrape_configs: [\n");
        QVERIFY(!load(m_paths).has_value());
        const auto good = loadLastGood(m_paths);
        QVERIFY(good.has_value());
        QCOMPARE(good->config.scrapeConfigs.at(0).jobName, "a");
        QCOMPARE(good->config.ruleGroups.at(0).name, "g");
    }

    void checks()
    {
        put("prometheus.yml", "rule_files: [r.yml]\nscrape_configs: [{job_name: a}]\n");
        put("r.yml", "groups: [{name: g, rules: [{record: a, expr: bad}]}]\n");
        Checkers check;
        check.expression
            = [](std::string_view) -> Result<void> { return fail(ErrorKind::invalid, "no"); };
        QVERIFY(checkConfig(m_paths.prometheus, check, true).ok());
        const CheckReport report = checkConfig(m_paths.prometheus, check);
        QVERIFY(!report.ok());
        QCOMPARE(report.jobs, 1U);
        QCOMPARE(report.rules, 1U);
        QVERIFY(!checkRules(m_folder / "r.yml", check).ok());
        QVERIFY(checkRules(m_folder / "r.yml", {}).ok());
        QVERIFY(!checkRules(m_folder / "none.yml", {}).ok());
        QVERIFY(loadRuleFile(m_folder / "r.yml").has_value());
    }
};

QTEST_GUILESS_MAIN(TestConfigFiles)
#include "tst_config_files.moc"
