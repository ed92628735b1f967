// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/export.h"
#include "core/config/import.h"
#include "core/config/secrets.h"

#include <algorithm>
#include <chrono>
#include <format>

#include <QTest>

using namespace watchfire;
using namespace watchfire::config;
using namespace Qt::StringLiterals;

namespace {

ScrapeConfig job(std::string name, HttpAuth auth, std::vector<std::string> kept)
{
    ScrapeConfig out;
    out.jobName = std::move(name);
    out.client.auth = std::move(auth);
    out.keptSecrets = std::move(kept);
    return out;
}

/// Three jobs, each with its secret elsewhere, and one that keeps it in the file.
Config threeKinds()
{
    OAuth2 oauth;
    oauth.clientId = "me";
    Config config;
    config.scrapeConfigs = {job("a", BasicAuth{"u", {}, {}, {}}, {std::string(keptPassword)}),
                            job("b", BearerAuth{}, {std::string(keptCredentials)}),
                            job("c", oauth, {std::string(keptClientSecret)}),
                            job("d", BasicAuth{"u", Secret("p"), {}, {}}, {})};
    return config;
}

std::vector<std::string> keysOf(const std::vector<std::pair<std::string, Secret>>& changes)
{
    std::vector<std::string> keys;
    for (const auto& [key, secret] : changes) {
        keys.push_back(key + "=" + secret.reveal());
    }
    return keys;
}

} // namespace

/// Secrets that lie in the desktop's store and in no file.
class TestConfigSecrets : public QObject {
    Q_OBJECT
private slots:
    void listInTheFile_data()
    {
        QTest::addColumn<QByteArray>("own");
        QTest::addColumn<QByteArray>("result"); // fields of the job, or the fault or warning
        QTest::newRow("a password") << "secrets: [{job: a, field: basic_auth.password}]"_ba
                                    << "basic_auth.password"_ba;
        QTest::newRow("said twice")
            << "secrets: [{job: a, field: basic_auth.password}, {job: a, field: basic_auth.password}]"_ba
            << "basic_auth.password"_ba;
        QTest::newRow("no such field")
            << "secrets: [{job: a, field: password}]"_ba
            << "w:1:27: field must be basic_auth.password, authorization.credentials, "
               "oauth2.client_secret or http_headers.NAME.secrets.0, or SECTION[ADDRESS].FIELD of "
               "a discovery, not \"password\""_ba;
        QTest::newRow("no such job") << "secrets: [{job: z, field: basic_auth.password}]"_ba
                                     << "w:1:11: there is no job \"z\""_ba;
        QTest::newRow("another kind of authentication")
            << "secrets: [{job: a, field: oauth2.client_secret}]"_ba
            << "w:1:11: job \"a\" has no place for its oauth2.client_secret: the kind of "
               "authentication, the headers or the sources are others"_ba;
        QTest::newRow("unknown key") << "secrets: [{job: a, field: basic_auth.password, x: 1}]"_ba
                                     << "w:1:48: field x not found in type secrets"_ba;
    }

    void listInTheFile()
    {
        QFETCH(QByteArray, own);
        QFETCH(QByteArray, result);
        Config config;
        config.scrapeConfigs = {job("a", BasicAuth{"u", {}, {}, {}}, {})};
        Findings findings;
        readOwn(own.toStdString(), "w", config, findings);
        QByteArray got;
        for (const auto& list : {findings.faults, findings.warnings}) {
            for (const Fault& fault : list) {
                got += QByteArray::fromStdString(fault.toString());
            }
        }
        if (got.isEmpty()) {
            for (const std::string& field : config.scrapeConfigs[0].keptSecrets) {
                got += QByteArray::fromStdString(field);
            }
        }
        QCOMPARE(got, result);
    }

    void theFileGoesFirst()
    {
        Config config;
        config.scrapeConfigs = {job("a", BasicAuth{"u", Secret("inline"), {}, {}}, {})};
        Findings findings;
        readOwn("secrets: [{job: a, field: basic_auth.password}]", "w", config, findings);
        QCOMPARE(findings.warnings.size(), 1U);
        QVERIFY(secretsWanted(config).empty());
    }

    void wanted()
    {
        const std::vector<WantedSecret> list = secretsWanted(threeKinds());
        QVERIFY(list
                == (std::vector<WantedSecret>{
                    {"a", "basic_auth.password", "watchfire/a/basic_auth.password"},
                    {"b", "authorization.credentials", "watchfire/b/authorization.credentials"},
                    {"c", "oauth2.client_secret", "watchfire/c/oauth2.client_secret"}}));
    }

    void valuesAreAskedFor()
    {
        std::vector<std::string> asked;
        const WithSecrets got
            = withSecrets(threeKinds(), [&](const std::string& key) -> Result<Secret> {
                  asked.push_back(key);
                  if (key.starts_with("watchfire/b/")) {
                      return fail(ErrorKind::unavailable, "the keyring is locked");
                  }
                  return Secret(key.starts_with("watchfire/c/") ? "" : "s");
              });
        QCOMPARE(asked.size(), 3U);
        const auto& jobs = got.config.scrapeConfigs;
        QCOMPARE(jobs.size(), 4U); // none is lost for its secret
        QCOMPARE(secretOf(jobs[0], keptPassword)->reveal(), "s");
        QVERIFY(secretOf(jobs[1], keptCredentials)->empty());
        QCOMPARE(got.warnings.size(), 2U);
        QCOMPARE(got.warnings[0].message,
                 "job \"b\" goes without its authorization.credentials: the keyring is locked");
        QCOMPARE(got.warnings[1].message,
                 "job \"c\" goes without its oauth2.client_secret: the secret store has none");
        QVERIFY(withoutSecrets(got.config) == threeKinds());
    }

    void noFileHasThem()
    {
        const WithSecrets got = withSecrets(
            threeKinds(), [](const std::string&) { return Result<Secret>(Secret("hidden")); });
        for (const ScrapeConfig& job : got.config.scrapeConfigs) {
            const std::string text = encoding::emitYaml(scrapeValue(job, got.config.global));
            QVERIFY2(!text.contains("hidden"), text.c_str());
        }
        QVERIFY(!encoding::emitYaml(prometheusValue(got.config)).contains("hidden"));
        QVERIFY(!encoding::emitYaml(ownValue(got.config)).contains("hidden"));
        const std::string shown = effectiveYaml(got.config);
        QVERIFY(!shown.contains("hidden"));
        QVERIFY(shown.contains("password: <secret>") && shown.contains("client_secret: <secret>"));
    }

    void whatTheStoreIsTold()
    {
        const Config before = withSecrets(threeKinds(), [](const std::string&) {
                                  return Result<Secret>(Secret("s"));
                              }).config;
        QVERIFY(secretChanges(before, before).empty());
        Config after = before;
        std::get<BasicAuth>(after.scrapeConfigs[0].client.auth).password = Secret("new");
        after.scrapeConfigs[1].jobName = "renamed";
        after.scrapeConfigs.erase(after.scrapeConfigs.begin() + 2);
        after.scrapeConfigs[2].keptSecrets = {std::string(keptPassword)};
        QCOMPARE(keysOf(secretChanges(before, after)),
                 (std::vector<std::string>{"watchfire/a/basic_auth.password=new",
                                           "watchfire/renamed/authorization.credentials=s",
                                           "watchfire/d/basic_auth.password=p",
                                           "watchfire/b/authorization.credentials=",
                                           "watchfire/c/oauth2.client_secret="}));
    }

    void fields_data()
    {
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<bool>("canBe");
        QTest::newRow("a header") << "http_headers.X-Key.secrets.0"_ba << true;
        QTest::newRow("a header with dots") << "http_headers.a.secrets.1.secrets.12"_ba << true;
        QTest::newRow("a header without a name") << "http_headers..secrets.0"_ba << false;
        QTest::newRow("a header without a number") << "http_headers.X-Key.secrets."_ba << false;
        QTest::newRow("values are no secrets") << "http_headers.X-Key.values.0"_ba << false;
        QTest::newRow("a discovery's")
            << "http_sd_configs[http://[::1]/].basic_auth.password"_ba << true;
        QTest::newRow("a discovery's header")
            << "docker_sd_configs[unix:///run/d.sock].http_headers.X.secrets.0"_ba << true;
        QTest::newRow("Consul's token") << "consul_sd_configs[c:8500].token"_ba << true;
        QTest::newRow("another's token") << "http_sd_configs[http://x/].token"_ba << false;
        QTest::newRow("a job's token") << "token"_ba << false;
        QTest::newRow("no such section") << "ec2_sd_configs[x].basic_auth.password"_ba << false;
        QTest::newRow("no field") << "http_sd_configs[http://x/]"_ba << false;
    }

    void fields()
    {
        QFETCH(QByteArray, field);
        QTEST(canBeKept(field.toStdString()), "canBe");
    }

    /// Secrets of discoveries and of headers take the same way as those of the scrape.
    void ofDiscoveriesAndHeaders()
    {
        const std::string yaml = "scrape_configs:\n"
                                 "- job_name: a\n"
                                 "  http_headers: {X-Key: {values: [v], secrets: ['', '']}}\n"
                                 "  http_sd_configs:\n"
                                 "  - url: https://one/\n"
                                 "    authorization: {}\n"
                                 "  - url: https://kim:pw@two/\n"
                                 "    basic_auth: {username: u}\n"
                                 "    http_headers: {X-Sd: {secrets: ['']}}\n"
                                 "  consul_sd_configs:\n"
                                 "  - server: c:8500\n"
                                 "  kubernetes_sd_configs:\n"
                                 "  - api_server: https://k/\n"
                                 "    role: pod\n"
                                 "    oauth2: {client_id: i, token_url: 'https://t/'}\n";
        const std::string own
            = "secrets:\n"
              "- {job: a, field: http_headers.X-Key.secrets.1}\n"
              "- {job: a, field: 'http_sd_configs[https://one/].authorization.credentials'}\n"
              "- {job: a, field: 'http_sd_configs[https://kim:xxxxx@two/].basic_auth.password'}\n"
              "- {job: a, field: "
              "'http_sd_configs[https://kim:xxxxx@two/].http_headers.X-Sd.secrets.0'}\n"
              "- {job: a, field: 'consul_sd_configs[c:8500].token'}\n"
              "- {job: a, field: 'kubernetes_sd_configs[https://k/].oauth2.client_secret'}\n";
        Config config;
        Findings findings;
        readPrometheus(yaml, "p", config, findings);
        readOwn(own, "w", config, findings);
        for (const auto& list : {findings.faults, findings.warnings}) {
            QVERIFY2(list.empty(), list.empty() ? "" : list.front().toString().c_str());
        }
        QCOMPARE(secretsWanted(config).size(), 6U);
        int given = 0;
        const Config filled = withSecrets(config, [&given](const std::string&) {
                                  return Result<Secret>(Secret(std::format("hush{}", ++given)));
                              }).config;
        const ScrapeConfig& job = filled.scrapeConfigs.at(0);
        QVERIFY(job.client.headers.at(0).secrets == (std::vector{Secret(), Secret("hush1")}));
        const auto& one = std::get<HttpDiscovery>(job.discoveries.at(1));
        QCOMPARE(std::get<BearerAuth>(one.client.auth).token.reveal(), "hush2");
        const auto& two = std::get<HttpDiscovery>(job.discoveries.at(2));
        QCOMPARE(std::get<BasicAuth>(two.client.auth).password.reveal(), "hush3");
        QCOMPARE(two.client.headers.at(0).secrets.at(0).reveal(), "hush4");
        QCOMPARE(std::get<ConsulDiscovery>(job.discoveries.at(0)).token.reveal(), "hush5");
        const auto& cluster = std::get<KubernetesDiscovery>(job.discoveries.at(3));
        QCOMPARE(std::get<OAuth2>(cluster.client.auth).clientSecret.reveal(), "hush6");
        // Nothing that is written has them, and what is written reads back.
        const std::string written = encoding::emitYaml(prometheusValue(filled));
        const std::string ownWritten = encoding::emitYaml(ownValue(filled));
        QVERIFY2(!written.contains("hush") && !ownWritten.contains("hush"), written.c_str());
        QVERIFY(!effectiveYaml(filled).contains("hush"));
        QVERIFY2(!ownWritten.contains("pw@"), ownWritten.c_str());
        Config again;
        readPrometheus(written, "p", again, findings);
        readOwn(ownWritten, "w", again, findings);
        QVERIFY(again == config);
        QVERIFY(withoutSecrets(filled) == config);
        QVERIFY(withSecretsFrom(config, filled) == filled);
    }

    /// Entries that are moved in the file keep their own secrets, and no server gets another's.
    void movedEntriesKeepTheirs()
    {
        HttpDiscovery one{"https://one/", std::chrono::minutes(1), {}};
        one.client.auth = BearerAuth{"Bearer", Secret("1"), {}};
        HttpDiscovery two{"https://two/", std::chrono::minutes(1), {}};
        two.client.auth = BearerAuth{"Bearer", Secret("2"), {}};
        Config before;
        before.scrapeConfigs = {job("a", {},
                                    {"http_sd_configs[https://one/].authorization.credentials",
                                     "http_sd_configs[https://two/].authorization.credentials"})};
        before.scrapeConfigs[0].discoveries = {one, two};
        Config moved = withoutSecrets(before);
        std::ranges::reverse(moved.scrapeConfigs[0].discoveries);
        const Config filled = withSecretsFrom(moved, before);
        QVERIFY(filled.scrapeConfigs[0].discoveries == (std::vector<DiscoveryConfig>{two, one}));
        // One that leads elsewhere now gets none.
        auto& elsewhere = std::get<HttpDiscovery>(moved.scrapeConfigs[0].discoveries[1]);
        elsewhere.url = "https://evil/";
        const Config other = withSecretsFrom(moved, before);
        const auto& http = std::get<HttpDiscovery>(other.scrapeConfigs[0].discoveries[1]);
        QVERIFY(std::get<BearerAuth>(http.client.auth).token.empty());
    }

    /// Of two entries with one address only the first can have its secret elsewhere.
    void oneAddressTwice()
    {
        HttpDiscovery http{"https://one/", std::chrono::minutes(1), {}};
        http.client.auth = BearerAuth{"Bearer", Secret("first"), {}};
        ScrapeConfig typed = job("a", {}, {});
        typed.discoveries = {http, http};
        std::get<BearerAuth>(std::get<HttpDiscovery>(typed.discoveries[1]).client.auth).token
            = Secret("second");
        typed.keptSecrets = keptAfterEdit(job("a", {}, {}), typed);
        QCOMPARE(
            typed.keptSecrets,
            std::vector<std::string>{"http_sd_configs[https://one/].authorization.credentials"});
        const std::string text = encoding::emitYaml(scrapeValue(typed, {}));
        QVERIFY2(!text.contains("first") && text.contains("second"), text.c_str());
    }

    void whatIsTypedIsKept()
    {
        ScrapeConfig before = job("a", BasicAuth{"u", Secret("file"), {}, {}}, {});
        before.client.headers = {{"X", {}, {Secret("old"), Secret("kept")}, {}}};
        before.keptSecrets = {"http_headers.X.secrets.1"};
        QCOMPARE(keptAfterEdit(before, before), before.keptSecrets);
        ScrapeConfig after = before;
        after.client.headers[0].secrets.emplace_back("new");
        after.jobName = "b";
        QCOMPARE(
            keptAfterEdit(before, after),
            (std::vector<std::string>{"http_headers.X.secrets.1", "http_headers.X.secrets.2"}));
        std::get<BasicAuth>(after.client.auth).password = Secret("new");
        QCOMPARE(keptAfterEdit(before, after).at(1), "basic_auth.password");
        std::get<BasicAuth>(after.client.auth).passwordFile = "/run/p";
        QCOMPARE(keptAfterEdit(before, after).size(), 2U);
        after.client.headers.clear();
        QVERIFY(keptAfterEdit(before, after).empty());
    }

    /// A keyring that was locked must not lose what it holds.
    void nothingIsForgottenInTheDark()
    {
        const Config before = threeKinds(); // no value could be had
        Config after = before;
        after.scrapeConfigs[0].jobName = "renamed";
        QVERIFY(secretChanges(before, after).empty());
    }
};

QTEST_GUILESS_MAIN(TestConfigSecrets)
#include "tst_config_secrets.moc"
