// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/files.h"
#include "core/config/secrets.h"
#include "tests/core/config/random_config.h"

#include <fstream>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace watchfire::config;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace fs = std::filesystem;

namespace {

using Edit = std::function<void(Config& config)>;

/// What an edit in a dialog makes of a prometheus.yml.
struct Case {
    const char* name;
    QByteArray before;
    Edit edit;
    QByteArray after;
};

const std::vector<Case>& cases()
{
    static const std::vector<Case> all{
        {"a discovery beside others",
         "scrape_configs:\n"
         "- job_name: a\n"
         "  # from files\n"
         "  file_sd_configs:\n"
         "  - files: [/t/a.yml] # by hand\n"
         "  # and from the cloud\n"
         "  ec2_sd_configs:\n"
         "  - region: eu # near\n"
         "    secret_key: s\n"
         "  metrics_path: /m\n"_ba,
         [](Config& config) {
             auto& discoveries = config.scrapeConfigs[0].discoveries;
             for (DiscoveryConfig& each : discoveries) {
                 if (auto* const file = std::get_if<FileDiscovery>(&each)) {
                     file->refreshInterval = 1min;
                 }
             }
             discoveries.push_back(HttpDiscovery{"http://h/t", 1min, {}});
         },
         "scrape_configs:\n"
         "- job_name: a\n"
         "  # from files\n"
         "  file_sd_configs:\n"
         "  - files: [/t/a.yml] # by hand\n"
         "    refresh_interval: 1m\n"
         "  # and from the cloud\n"
         "  ec2_sd_configs:\n"
         "  - region: eu # near\n"
         "    secret_key: s\n"
         "  metrics_path: /m\n"
         "  http_sd_configs:\n"
         "  - url: http://h/t\n"_ba},
        {"oauth2 by another secret",
         "scrape_configs:\n"
         "- job_name: a\n"
         "  oauth2: # of the company\n"
         "    client_id: me\n"
         "\n"
         "    # where tokens are made\n"
         "    token_url: https://t\n"
         "    client_secret: 'old'\n"
         "  honor_labels: true\n"_ba,
         [](Config& config) {
             std::get<OAuth2>(config.scrapeConfigs[0].client.auth).clientSecret = Secret("new");
         },
         "scrape_configs:\n"
         "- job_name: a\n"
         "  oauth2: # of the company\n"
         "    client_id: me\n"
         "\n"
         "    # where tokens are made\n"
         "    token_url: https://t\n"
         "    client_secret: new\n"
         "  honor_labels: true\n"_ba},
        {"another kind of authentication",
         "scrape_configs:\n- job_name: a\n  bearer_token: t\n  scheme: https # safe\n"_ba,
         [](Config& config) {
             config.scrapeConfigs[0].client.auth = BasicAuth{"u", Secret("p"), {}, {}};
         },
         "scrape_configs:\n- job_name: a\n  scheme: https\n  basic_auth:\n    username: u\n"
         "    password: p\n"_ba},
        {"a job that takes after another",
         "# shared\n"
         "scrape_configs:\n"
         "- &base # the first\n"
         "  job_name: a\n"
         "  scrape_interval: 10s\n"
         "- <<: *base # the second\n"
         "  job_name: b\n"_ba,
         [](Config& config) { config.scrapeConfigs[1].scrapeInterval = 20s; },
         "# shared\n"
         "scrape_configs:\n"
         "- &base # the first\n"
         "  job_name: a\n"
         "  scrape_interval: 10s\n"
         "- <<: *base # the second\n"
         "  job_name: b\n"
         "  scrape_interval: 20s\n"_ba},
        {"the job that another takes after",
         "# shared\n"
         "scrape_configs:\n"
         "- &base # the first\n"
         "  job_name: a\n"
         "  scrape_interval: 10s\n"
         "- <<: *base\n"
         "  job_name: b # the second\n"_ba,
         [](Config& config) { config.scrapeConfigs[0].scrapeInterval = 20s; },
         "# shared\n"
         "scrape_configs:\n"
         "- &base # the first\n"
         "  job_name: a\n"
         "  scrape_interval: 20s\n"
         "- job_name: b # the second\n"
         "  scrape_interval: 10s\n"_ba},
        {"targets that two jobs share",
         "scrape_configs:\n"
         "- job_name: a\n"
         "  static_configs: &hosts # all\n"
         "  - targets: [h:1]\n"
         "- job_name: b\n"
         "  static_configs: *hosts\n"_ba,
         [](Config& config) { config.scrapeConfigs[1].staticConfigs[0].targets = {"h:2"}; },
         "scrape_configs:\n"
         "- job_name: a\n"
         "  static_configs: &hosts # all\n"
         "  - targets: [h:1]\n"
         "- job_name: b\n"
         "  static_configs:\n"
         "  - targets:\n"
         "    - h:2\n"_ba},
        {"the job with the anchor goes",
         "scrape_configs:\n"
         "- &base\n"
         "  job_name: a\n"
         "  scrape_interval: 10s\n"
         "- <<: *base\n"
         "  job_name: b # stays\n"
         "remote_write: [{url: 'http://r'}] # far\n"_ba,
         [](Config& config) { config.scrapeConfigs.erase(config.scrapeConfigs.begin()); },
         "scrape_configs:\n"
         "- job_name: b # stays\n"
         "  scrape_interval: 10s\n"
         "remote_write: [{url: 'http://r'}] # far\n"_ba},
        {"lines that end as on Windows",
         "# top\r\nglobal: # all\r\n  scrape_interval: 30s\r\n\r\nscrape_configs:\r\n"
         "- job_name: a # A\r\n  static_configs:\r\n  - targets: ['h:1']\r\n"_ba,
         [](Config& config) {
             config.scrapeConfigs[0].staticConfigs[0].targets.emplace_back("h:2");
             config.scrapeConfigs[0].metricsPath = "/m";
             ScrapeConfig added;
             added.jobName = "b";
             added.scrapeInterval = 30s;
             added.scrapeTimeout = 10s;
             config.scrapeConfigs.push_back(added);
         },
         "# top\r\nglobal: # all\r\n  scrape_interval: 30s\r\n\r\nscrape_configs:\r\n"
         "- job_name: a # A\r\n  static_configs:\r\n  - targets: ['h:1', h:2]\r\n"
         "  metrics_path: /m\r\n- job_name: b\r\n"_ba},
        {"keys that nobody here knows of",
         "scrape_configs:\n"
         "- &x\n"
         "  job_name: a\n"
         "  basic_auth: {password_ref: vault, username: u}\n"
         "- <<: *x # as a\n"
         "  job_name: b\n"_ba,
         [](Config& config) {
             std::get<BasicAuth>(config.scrapeConfigs[1].client.auth).user = "v";
         },
         "scrape_configs:\n"
         "- &x\n"
         "  job_name: a\n"
         "  basic_auth: {password_ref: vault, username: u}\n"
         "- <<: *x # as a\n"
         "  job_name: b\n"
         "  basic_auth:\n"
         "    password_ref: vault\n"
         "    username: v\n"_ba},
        {"a byte order mark", "\xEF\xBB\xBF# x\nscrape_configs:\n- job_name: a\n"_ba,
         [](Config& config) { config.scrapeConfigs[0].honorLabels = true; },
         "# x\nscrape_configs:\n- job_name: a\n  honor_labels: true\n"_ba},
        {"everything in braces",
         "{global: {scrape_interval: 5s}, scrape_configs: [{job_name: a}]} # one line\n"_ba,
         [](Config& config) { config.scrapeConfigs[0].scheme = "https"; },
         "{global: {scrape_interval: 5s}, scrape_configs: [{job_name: a, scheme: https}]} "
         "# one line\n"_ba},
        {"jobs follow global",
         "global:\n  scrape_interval: 1m # slow\nscrape_configs:\n- job_name: a\n- job_name: b\n"
         "  scrape_interval: 5s # quick\n"_ba,
         [](Config& config) {
             GlobalConfig after = config.global;
             after.scrapeInterval = 30s;
             for (ScrapeConfig& job : config.scrapeConfigs) {
                 job = inheriting(job, config.global, after);
             }
             config.global = after;
         },
         "global:\n  scrape_interval: 30s # slow\nscrape_configs:\n- job_name: a\n- job_name: b\n"
         "  scrape_interval: 5s # quick\n"_ba},
    };
    return all;
}

} // namespace

/// Edits that are written into the files people keep.
class TestConfigSave : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    fs::path m_folder;
    Paths m_paths;
    const Timestamp m_now = fromUnixMs(1'700'000'000'123);

    void put(const char* name, const QByteArray& text) const
    {
        fs::create_directories((m_folder / name).parent_path());
        std::ofstream(m_folder / name, std::ios::binary) << text.toStdString();
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

    /// A change that touches prometheus.yml, watchfire.yml, a rule file and a file of jobs.
    void putSeveral() const
    {
        put("prometheus.yml",
            "rule_files: ['rules/*.yml']\nscrape_config_files: ['jobs/*.yml']\n"
            "scrape_configs: [{job_name: main}]\n"_ba);
        put("rules/a.yml", "groups: [{name: g, rules: [{record: 'a:b', expr: x}]}]\n"_ba);
        put("jobs/a.yml", "scrape_configs:\n- job_name: side # of the file\n"_ba);
        put("watchfire.yml", "color_scheme: dark # at night\n"_ba);
    }
    static Config changedEverywhere(Config config)
    {
        config.scrapeConfigs[0].metricsPath = "/main";
        config.scrapeConfigs[1].metricsPath = "/side";
        config.scrapeConfigs[0].seriesBudget = 7;
        config.ruleGroups[0].rules[0].expr = "y";
        return config;
    }
    std::map<std::string, QByteArray> everything() const
    {
        std::map<std::string, QByteArray> texts;
        for (const char* const name :
             {"prometheus.yml", "rules/a.yml", "jobs/a.yml", "watchfire.yml"}) {
            texts.emplace(name, get(name));
        }
        return texts;
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_folder = m_dir->path().toStdString();
        m_paths = Paths::ofProfile(m_folder);
    }

    void edits_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < cases().size(); ++i) {
            QTest::newRow(cases()[i].name) << int(i);
        }
    }

    void edits()
    {
        QFETCH(int, index);
        const Case& wantedCase = cases().at(std::size_t(index));
        put("prometheus.yml", wantedCase.before);
        const Config old = loaded();
        Config wanted = old;
        wantedCase.edit(wanted);
        const auto saved = save(m_paths, old, wanted, m_now);
        QVERIFY2(saved.has_value(), saved ? "" : saved.error().message.c_str());
        QCOMPARE(get("prometheus.yml"), wantedCase.after);
        QVERIFY(saved->config.scrapeConfigs == loaded().scrapeConfigs);
    }

    /// Any configuration can become any other.
    void fromAnyToAny()
    {
        for (std::uint32_t seed = 0; seed < 25; ++seed) {
            fs::remove(m_paths.prometheus);
            Config empty = loaded();
            Config first = test::RandomConfig(seed).make();
            first.ruleFiles = empty.ruleFiles;
            const auto made = save(m_paths, empty, first, m_now);
            QVERIFY2(made.has_value(), made ? "" : made.error().message.c_str());
            QVERIFY(made->config.scrapeConfigs == first.scrapeConfigs);
            Config second = test::RandomConfig(seed + 1000).make();
            second.ruleFiles = made->config.ruleFiles;
            const auto changed = save(m_paths, made->config, second, m_now);
            QVERIFY2(changed.has_value(), changed ? "" : changed.error().message.c_str());
            QVERIFY(changed->config.scrapeConfigs == second.scrapeConfigs);
            QVERIFY(loaded() == changed->config);
        }
    }

    void jobsAreWrittenToTheirFile()
    {
        putSeveral();
        const Config old = loaded();
        Config wanted = old;
        wanted.scrapeConfigs[1].scheme = "https";
        ScrapeConfig added = old.scrapeConfigs[1];
        added.jobName = "another";
        wanted.scrapeConfigs.push_back(added);
        const auto saved = save(m_paths, old, wanted, m_now);
        QVERIFY2(saved.has_value(), saved ? "" : saved.error().message.c_str());
        QCOMPARE(get("jobs/a.yml"),
                 "scrape_configs:\n- job_name: side # of the file\n  scheme: https\n"
                 "- job_name: another\n");
        QCOMPARE(saved->written.size(), 1U);
        QCOMPARE(historyOf(m_paths, "jobs/a.yml").size(), 1U);
        wanted = saved->config;
        wanted.scrapeConfigs[1].file.clear(); // into the main file
        const auto moved = save(m_paths, saved->config, wanted, m_now);
        QVERIFY2(moved.has_value(), moved ? "" : moved.error().message.c_str());
        QCOMPARE(get("jobs/a.yml"), "scrape_configs:\n- job_name: another\n");
        QVERIFY(get("prometheus.yml").contains("side"));
    }

    void aFileThatNoPatternFindsIsNoPlace()
    {
        putSeveral();
        const Config old = loaded();
        Config wanted = old;
        wanted.scrapeConfigs[1].file = (m_folder / "elsewhere.yml").string();
        const auto saved = save(m_paths, old, wanted, m_now);
        QVERIFY(!saved.has_value());
        QCOMPARE(saved.error().kind, ErrorKind::invalid);
        QVERIFY(saved.error().message.contains("\"side\" would be lost"));
    }

    /// Whichever file cannot be written: none has changed afterwards.
    void oneFailureUndoesAll()
    {
        putSeveral();
        const auto before = everything();
        const Config old = loaded();
        const Config wanted = changedEverywhere(old);
        for (int good = 0; good < 4; ++good) {
            int writes = 0;
            bool failed = false;
            const WriteFile write
                = [&](const fs::path& file, std::string_view text) -> Result<void> {
                if (writes++ == good && !failed) {
                    failed = true;
                    return fail(ErrorKind::io, "no room for " + file.string());
                }
                return writeFileAtomically(file, text);
            };
            const auto saved = save(m_paths, old, wanted, m_now, write);
            QVERIFY(!saved.has_value());
            QVERIFY2(saved.error().message.starts_with("no room for "),
                     saved.error().message.c_str());
            QVERIFY2(!saved.error().message.contains("put back"), saved.error().message.c_str());
            QVERIFY(everything() == before);
        }
        QVERIFY(save(m_paths, old, wanted, m_now).has_value());
    }

    void aFileThatWasNotThereIsNotThereAgain()
    {
        const Config old = loaded();
        Config wanted = old;
        RuleGroupConfig group;
        group.name = "g";
        wanted.ruleGroups = {group};
        wanted.global.evaluationInterval = 5s;
        const WriteFile write = [&](const fs::path& file, std::string_view text) -> Result<void> {
            return file == m_paths.prometheus ? fail(ErrorKind::io, "no")
                                              : writeFileAtomically(file, text);
        };
        QVERIFY(!save(m_paths, old, wanted, m_now, write).has_value());
        QVERIFY(!fs::exists(m_folder / "rules/rules.yml"));
    }

    void whatCouldNotBePutBackIsNamed()
    {
        putSeveral();
        const Config old = loaded();
        int writes = 0;
        const WriteFile write = [&](const fs::path& file, std::string_view text) -> Result<void> {
            return ++writes > 1 ? fail(ErrorKind::io, "the disk is gone")
                                : writeFileAtomically(file, text);
        };
        const auto saved = save(m_paths, old, changedEverywhere(old), m_now, write);
        QVERIFY(!saved.has_value());
        QVERIFY2(saved.error().message.contains("rules/a.yml could not be put back"),
                 saved.error().message.c_str());
    }

    /// Killed between any two files, the program finds files that it can read.
    void killedBetweenFiles()
    {
        for (int written = 0; written <= 4; ++written) {
            for (const bool moves : {false, true}) {
                putSeveral();
                const Config old = loaded();
                Config wanted = changedEverywhere(old);
                if (moves) { // jobs change places, both ways
                    wanted.scrapeConfigs[0].file = old.scrapeConfigs[1].file;
                }
                const pid_t child = fork();
                if (child == 0) {
                    int writes = 0;
                    const WriteFile write = [&](const fs::path& file, std::string_view text) {
                        if (writes++ == written) {
                            _exit(7);
                        }
                        return writeFileAtomically(file, text);
                    };
                    save(m_paths, old, wanted, m_now, write);
                    _exit(0);
                }
                int status = 0;
                QCOMPARE(waitpid(child, &status, 0), child);
                QVERIFY(WIFEXITED(status));
                QCOMPARE(WEXITSTATUS(status), written < 4 ? 7 : 0);
                const auto result = load(m_paths);
                QVERIFY2(result.has_value(),
                         result ? "" : result.error().front().toString().c_str());
            }
        }
    }

    void keptSecretsStandInNoFile()
    {
        put("prometheus.yml",
            "scrape_configs:\n- job_name: a\n  basic_auth: {username: u} # who\n"_ba);
        put("watchfire.yml", "secrets:\n- job: a\n  field: basic_auth.password\n"_ba);
        const Config files = loaded();
        QCOMPARE(secretsWanted(files).at(0).key, "watchfire/a/basic_auth.password");
        const Config old
            = withSecrets(files, SecretValues{{"watchfire/a/basic_auth.password", Secret("hush")}})
                  .config;
        Config wanted = old;
        wanted.scrapeConfigs[0].metricsPath = "/m";
        const auto saved = save(m_paths, old, wanted, m_now);
        QVERIFY2(saved.has_value(), saved ? "" : saved.error().message.c_str());
        QCOMPARE(get("prometheus.yml"),
                 "scrape_configs:\n- job_name: a\n  basic_auth: {username: u} # who\n"
                 "  metrics_path: /m\n");
        QVERIFY(saved->config == wanted); // with the password
        QVERIFY(historyOf(m_paths, "watchfire.yml").empty());

        // A new job with a token that the keyring is to have; the old one gets another name.
        wanted.scrapeConfigs[0].jobName = "b";
        ScrapeConfig added = wanted.scrapeConfigs[0];
        added.jobName = "c";
        added.client.auth = BearerAuth{"Bearer", Secret("quiet"), {}};
        added.keptSecrets = {std::string(keptCredentials)};
        wanted.scrapeConfigs.push_back(added);
        const auto more = save(m_paths, saved->config, wanted, m_now);
        QVERIFY2(more.has_value(), more ? "" : more.error().message.c_str());
        QCOMPARE(get("watchfire.yml"),
                 "secrets:\n- job: b\n  field: basic_auth.password\n- job: c\n"
                 "  field: authorization.credentials\n");
        QVERIFY(!get("prometheus.yml").contains("quiet"));
        QVERIFY(!get("prometheus.yml").contains("hush"));
        QVERIFY(more->config == wanted);
    }

    /// Of a discovery and of a header, in a job that has a file of its own.
    void keptSecretsOfSourcesStandInNoFile()
    {
        put("prometheus.yml", "scrape_config_files: [jobs.yml]\n"_ba);
        put("jobs.yml",
            "scrape_configs:\n- job_name: a\n  http_headers:\n    X-Key:\n      secrets: ['']\n"
            "  http_sd_configs:\n  - url: http://sd/ # ours\n    authorization: {}\n"_ba);
        const QByteArray own
            = "secrets:\n- job: a\n  field: http_sd_configs[http://sd/].authorization.credentials\n"
              "- job: a\n  field: http_headers.X-Key.secrets.0\n"_ba;
        put("watchfire.yml", own);
        const Config old = withSecrets(loaded(), [](const std::string& key) {
                               return Result<Secret>(Secret("hush " + key));
                           }).config;
        QVERIFY(secretsWanted(old).empty());
        Config wanted = old;
        wanted.scrapeConfigs[0].metricsPath = "/m";
        const auto saved = save(m_paths, old, wanted, m_now);
        QVERIFY2(saved.has_value(), saved ? "" : saved.error().message.c_str());
        QVERIFY(saved->config == wanted);
        QVERIFY(!get("jobs.yml").contains("hush"));
        QVERIFY(get("jobs.yml").contains("url: http://sd/ # ours\n    authorization: {}\n"));
        QCOMPARE(get("watchfire.yml"), own);

        // The source leads elsewhere and takes its secret along; the other is typed into the file.
        std::get<HttpDiscovery>(wanted.scrapeConfigs[0].discoveries[0]).url = "http://new/";
        wanted.scrapeConfigs[0].keptSecrets
            = {"http_sd_configs[http://new/].authorization.credentials"};
        const auto more = save(m_paths, saved->config, wanted, m_now);
        QVERIFY2(more.has_value(), more ? "" : more.error().message.c_str());
        QVERIFY(more->config == wanted);
        QCOMPARE(get("watchfire.yml"),
                 "secrets:\n- job: a\n"
                 "  field: 'http_sd_configs[http://new/].authorization.credentials'\n"_ba);
        QVERIFY(get("jobs.yml").contains("hush watchfire/a/http_headers.X-Key.secrets.0"));
        const auto changes = secretChanges(old, more->config);
        QCOMPARE(changes.size(), 3U);
        QCOMPARE(changes[0].first,
                 "watchfire/a/http_sd_configs[http://new/].authorization.credentials");
        QVERIFY(changes[1].second.empty() && changes[2].second.empty());
    }

    void secretsCanMoveIntoTheStore()
    {
        put("prometheus.yml",
            "scrape_configs:\n- job_name: a\n  basic_auth:\n    username: u\n    password: p # !\n"_ba);
        const Config old = loaded();
        Config wanted = old;
        wanted.scrapeConfigs[0].keptSecrets = {std::string(keptPassword)};
        const auto saved = save(m_paths, old, wanted, m_now);
        QVERIFY2(saved.has_value(), saved ? "" : saved.error().message.c_str());
        QCOMPARE(get("prometheus.yml"),
                 "scrape_configs:\n- job_name: a\n  basic_auth:\n    username: u\n");
        QCOMPARE(secretChanges(old, saved->config).at(0).second.reveal(), "p");
    }

    /// A last good configuration names files where they were.
    void lastGoodKeepsPlaces()
    {
        put("prometheus.yml",
            "rule_files: ['rules/*.yml']\nscrape_config_files: ['jobs/*.yml']\n"
            "scrape_configs: [{job_name: a, tls_config: {ca_file: ca.pem}}]\n"_ba);
        put("rules/a.yml", "groups: [{name: g}]\n"_ba);
        put("jobs/a.yml", "scrape_configs: [{job_name: b}]\n"_ba);
        const Config good = loaded();
        QVERIFY(rememberGood(m_paths, good).has_value());
        QVERIFY(rememberGood(m_paths, good).has_value()); // again: the old copy makes way
        put("rules/a.yml", "groups: ["_ba);
        put("rules/b.yml", "bad"_ba);
        const auto back = loadLastGood(m_paths);
        QVERIFY2(back.has_value(), back ? "" : back.error().front().toString().c_str());
        QVERIFY(back->config == good);
    }
};

QTEST_GUILESS_MAIN(TestConfigSave)
#include "tst_config_save.moc"
