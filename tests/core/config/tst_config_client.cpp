// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/export.h"
#include "core/config/import.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::config;
using namespace Qt::StringLiterals;

namespace {

/// One job with these lines, two spaces in.
std::string job(const QByteArray& lines)
{
    return "scrape_configs:\n- job_name: j\n" + lines.toStdString();
}

HttpClientOptions clientOf(const QByteArray& lines)
{
    Config config;
    Findings findings;
    readPrometheus(job(lines), "/etc/p/prometheus.yml", config, findings);
    for (const Fault& fault : findings.faults) {
        qWarning("%s", fault.toString().c_str());
    }
    return config.scrapeConfigs.empty() ? HttpClientOptions() : config.scrapeConfigs[0].client;
}

} // namespace

/// How a job talks HTTP: everything of http_config.
class TestConfigClient : public QObject {
    Q_OBJECT
private slots:
    void oauth2()
    {
        const HttpClientOptions client
            = clientOf("  oauth2:\n"
                       "    client_id: me\n"
                       "    client_secret_file: s/secret\n"
                       "    token_url: https://t/token\n"
                       "    scopes: [a, b]\n"
                       "    endpoint_params: {audience: x, n: 1}\n"
                       "    tls_config: {ca_file: ca.pem, min_version: TLS12}\n"
                       "    proxy_url: http://p:1\n"
                       "    no_proxy: localhost\n"_ba);
        const auto& auth = std::get<OAuth2>(client.auth);
        QCOMPARE(auth.clientId, "me");
        QCOMPARE(auth.clientSecretFile, "/etc/p/s/secret");
        QCOMPARE(auth.tokenUrl, "https://t/token");
        QCOMPARE(auth.scopes, (std::vector<std::string>{"a", "b"}));
        QVERIFY(auth.endpointParams
                == (decltype(auth.endpointParams){{"audience", "x"}, {"n", "1"}}));
        QCOMPARE(auth.tls.caFile, "/etc/p/ca.pem");
        QCOMPARE(auth.tls.minVersion, "TLS12");
        QVERIFY(auth.proxy.url == "http://p:1" && auth.proxy.noProxy == "localhost");
        QVERIFY(client.proxy == ProxyOptions()); // of the token's server only
    }

    void proxies()
    {
        const HttpClientOptions client
            = clientOf("  proxy_url: socks5://u:p@h:1080\n"
                       "  no_proxy: 10.0.0.0/8,.local\n"
                       "  proxy_connect_header: {X: [a, b], Y: [c]}\n"_ba);
        QCOMPARE(client.proxy.url, "socks5://u:p@h:1080");
        QCOMPARE(client.proxy.noProxy, "10.0.0.0/8,.local");
        QCOMPARE(client.proxy.connectHeaders.size(), 2U);
        QCOMPARE(client.proxy.connectHeaders[0].second.at(1).reveal(), "b");
        QVERIFY(clientOf("  proxy_from_environment: true\n"_ba).proxy.fromEnvironment);
    }

    void tls()
    {
        const HttpClientOptions client = clientOf("  tls_config:\n"
                                                  "    ca: |\n"
                                                  "      -----BEGIN CERTIFICATE-----\n"
                                                  "      x\n"
                                                  "    cert: c\n"
                                                  "    key: k\n"
                                                  "    server_name: s\n"
                                                  "    insecure_skip_verify: true\n"
                                                  "    min_version: TLS12\n"
                                                  "    max_version: TLS13\n"_ba);
        QCOMPARE(client.tls.ca, "-----BEGIN CERTIFICATE-----\nx\n");
        QVERIFY(client.tls.cert == "c" && client.tls.key.reveal() == "k");
        QVERIFY(client.tls.serverName == "s" && client.tls.skipVerify);
        QVERIFY(client.tls.minVersion == "TLS12" && client.tls.maxVersion == "TLS13");
    }

    void theRest()
    {
        const HttpClientOptions client
            = clientOf("  basic_auth: {username_file: u, password_file: /p}\n"
                       "  follow_redirects: false\n"
                       "  enable_http2: false\n"
                       "  http_headers: {X: {secrets: [s], files: [f]}}\n"_ba);
        QVERIFY(!client.followRedirects && !client.http2);
        const auto& basic = std::get<BasicAuth>(client.auth);
        QVERIFY(basic.userFile == "/etc/p/u" && basic.passwordFile == "/p");
        QCOMPARE(client.headers.at(0).secrets.at(0).reveal(), "s");
        QCOMPARE(client.headers[0].files.at(0), "/etc/p/f");
        const HttpClientOptions old = clientOf("  bearer_token_file: t\n"_ba);
        QCOMPARE(std::get<BearerAuth>(old.auth).tokenFile, "/etc/p/t");
    }

    void faults_data()
    {
        QTest::addColumn<QByteArray>("lines");
        QTest::addColumn<QByteArray>("fault"); // line:column: start of the message
        QTest::newRow("unknown TLS version")
            << "  tls_config: {min_version: TLS9}\n"_ba << "3:29: unknown TLS version: TLS9"_ba;
        QTest::newRow("text and file of a CA")
            << "  tls_config: {ca: x, ca_file: y}\n"_ba
            << "3:15: at most one of ca & ca_file & ca_ref must be configured"_ba;
        QTest::newRow("no client id") << "  oauth2: {token_url: 'http://t'}\n"_ba
                                      << "3:11: oauth2 client_id must be configured"_ba;
        QTest::newRow("two secrets")
            << "  oauth2: {client_id: c, token_url: 'http://t', client_secret: a, "
               "client_secret_file: b}\n"_ba
            << "3:11: at most one of oauth2 client_secret"_ba;
        QTest::newRow("a proxy that is no URL") << "  proxy_url: 'http://a b'\n"_ba
                                                << "3:14: \"http://a b\" is no URL"_ba;
        QTest::newRow("a proxy of the token's server")
            << "  oauth2: {client_id: c, token_url: 'http://t', no_proxy: x}\n"_ba
            << "3:59: if no_proxy is configured, proxy_url must also"_ba;
        QTest::newRow("headers to no proxy")
            << "  proxy_connect_header: {X: [a]}\n"_ba << "2:3: if proxy_connect_header is"_ba;
        QTest::newRow("a header that is ours") << "  http_headers: {Host: {values: [x]}}\n"_ba
                                               << "3:18: setting header \"Host\" is not allowed"_ba;
        QTest::newRow("three kinds of authentication")
            << "  oauth2: {client_id: c, token_url: 'http://t'}\n  bearer_token: t\n"_ba
            << "2:3: at most one of basic_auth, oauth2, bearer_token"_ba;
    }

    void faults()
    {
        QFETCH(QByteArray, lines);
        QFETCH(QByteArray, fault);
        Config config;
        Findings findings;
        readPrometheus(job(lines), "f", config, findings);
        QVERIFY(!findings.faults.empty());
        const QByteArray seen = QByteArray::fromStdString(findings.faults[0].toString()).mid(2);
        QVERIFY2(seen.startsWith(fault), seen.constData());
    }

    void filesMayHaveToExist()
    {
        const std::string text = job("  bearer_token_file: /nowhere/token\n"_ba);
        Config config;
        Findings findings;
        readPrometheus(text, "f", config, findings);
        QVERIFY(findings.faults.empty());
        readPrometheus(text, "f", config, findings, {Mode::server, true});
        QCOMPARE(findings.faults.at(0).toString(), "f:3:22: /nowhere/token does not exist");
    }

    /// Nothing that is secret is shown, and everything else is.
    void effectiveForm()
    {
        Config config;
        Findings findings;
        readPrometheus(
            job("  oauth2: {client_id: me, client_secret: hidden1, token_url: 'http://t',\n"
                "    tls_config: {key: hidden2, cert: c}}\n"
                "  proxy_url: http://u:hidden3@p\n"
                "  proxy_connect_header: {X: [hidden4]}\n"
                "  http_headers: {Y: {values: [seen], secrets: [hidden5]}}\n"
                "  consul_sd_configs: [{server: 'c:1', token: hidden6}]\n"
                "  ec2_sd_configs: [{secret_key: hidden7, basic_auth: {password: hidden8}}]\n"_ba)
                + "remote_write: [{url: 'http://u:hidden9@r', basic_auth: {password: hidden0}}]\n",
            "f", config, findings);
        QVERIFY(findings.faults.empty());
        const std::string shown = effectiveYaml(config);
        QVERIFY2(!shown.contains("hidden"), shown.c_str());
        for (const char* const part :
             {"client_id: me", "client_secret: <secret>", "key: <secret>",
              "proxy_url: http://u:xxxxx@p", "- seen", "token: <secret>", "secret_key: <secret>",
              "port: 80", "url: http://u:xxxxx@r", "max_shards: 50"}) {
            QVERIFY2(shown.contains(part), (part + ("\n" + shown)).c_str());
        }
    }

    void urls_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<bool>("good");
        QTest::newRow("whole") << "https://u:p@[::1]:80/a%20b?c=%zz#d"_ba << true;
        QTest::newRow("a path") << "/metrics"_ba << true;
        QTest::newRow("nothing") << ""_ba << true;
        QTest::newRow("no authority") << "localhost:3128"_ba << true;
        QTest::newRow("no scheme") << "://h"_ba << false;
        QTest::newRow("a space in the host") << "http://a b"_ba << false;
        QTest::newRow("letters as port") << "http://h:http"_ba << false;
        QTest::newRow("a bracket left open") << "http://[::1"_ba << false;
        QTest::newRow("a bad escape") << "http://h/%zz"_ba << false;
        QTest::newRow("a newline") << "http://h/\n"_ba << false;
        QTest::newRow("a number before the colon") << "127.0.0.1:9090"_ba << false;
    }

    void urls()
    {
        QFETCH(QByteArray, url);
        QFETCH(bool, good);
        Config config;
        Findings findings;
        encoding::YamlValue entry = encoding::YamlValue::mapping();
        entry.set("job_name", encoding::YamlValue::string("j"));
        entry.set("proxy_url", encoding::YamlValue::string(url.toStdString()));
        readPrometheus(encoding::emitYaml(encoding::YamlValue::mapping(
                           {{"scrape_configs", encoding::YamlValue::sequence({entry})}})),
                       "f", config, findings);
        QCOMPARE(findings.faults.empty(), good);
    }
};

QTEST_GUILESS_MAIN(TestConfigClient)
#include "tst_config_client.moc"
