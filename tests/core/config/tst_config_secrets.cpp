// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/export.h"
#include "core/config/import.h"
#include "core/config/secrets.h"

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
            << "w:1:27: field must be basic_auth.password, authorization.credentials or "
               "oauth2.client_secret, not \"password\""_ba;
        QTest::newRow("no such job") << "secrets: [{job: z, field: basic_auth.password}]"_ba
                                     << "w:1:11: there is no job \"z\""_ba;
        QTest::newRow("another kind of authentication")
            << "secrets: [{job: a, field: oauth2.client_secret}]"_ba
            << "w:1:11: job \"a\" has no place for its oauth2.client_secret: the kind of "
               "authentication is another"_ba;
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
