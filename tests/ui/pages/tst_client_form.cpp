// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/client_form.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace Qt::StringLiterals;

namespace {

/// One of each, with what the form has no field for.
std::vector<HttpClientOptions> clients()
{
    std::vector<HttpClientOptions> all(4);
    all[0].tls.ca = "-----BEGIN";
    all[0].tls.cert = "c";
    all[0].tls.key = Secret("k");
    all[0].tls.serverName = "db";
    all[0].tls.minVersion = "TLS12";
    all[0].tls.maxVersion = "TLS13";
    all[0].proxy.fromEnvironment = true;
    all[1].auth = BasicAuth{"kim", Secret("hush"), {}, "/etc/user"};
    all[1].proxy = {.url = "socks5://kim:pw@proxy:1080",
                    .noProxy = "localhost,10.0.0.0/8",
                    .fromEnvironment = false,
                    .connectHeaders = {{"X-Way", {Secret("a"), Secret("b")}}}};
    all[1].http2 = false;
    all[2].auth = BearerAuth{"Token", Secret(), "/run/token"};
    all[2].headers = {{"X-Tenant", {"a", "b"}, {Secret("s1")}, {"/etc/h"}},
                      {"X-Other", {}, {Secret("s2")}, {}}};
    all[2].followRedirects = false;
    OAuth2 oauth;
    oauth.clientId = "me";
    oauth.clientSecret = Secret("deep");
    oauth.tokenUrl = "https://id.example.org/token";
    oauth.scopes = {"read", "write"};
    oauth.endpointParams = {{"audience", "a b"}, {"audience", "c"}};
    oauth.tls.caFile = "/etc/id.pem";
    oauth.proxy.url = "http://p:1";
    all[3].auth = oauth;
    all[3].tls.caFile = "/etc/ca.pem";
    all[3].tls.certFile = "/etc/c.pem";
    all[3].tls.keyFile = "/etc/k.pem";
    all[3].tls.skipVerify = true;
    return all;
}

} // namespace

class TestClientForm : public QObject {
    Q_OBJECT

private slots:
    void roundTripsChangeNothing()
    {
        for (const HttpClientOptions& client : clients()) {
            const ClientForm form = ClientForm::of(client);
            QVERIFY(toClient(form, client) == client);
            const FieldFaults faults = checkClient(form, client);
            QVERIFY2(faults.empty(),
                     qPrintable(faults.empty() ? QString() : faults.begin()->second));
        }
    }

    void oneChangedFieldLeavesTheRest()
    {
        for (const HttpClientOptions& client : clients()) {
            ClientForm form = ClientForm::of(client);
            form.serverName = u"elsewhere"_s;
            HttpClientOptions wanted = client;
            wanted.tls.serverName = "elsewhere";
            QVERIFY(toClient(form, client) == wanted);
        }
    }

    void secretsStayUnlessTyped()
    {
        HttpClientOptions client;
        client.auth = BearerAuth{"Bearer", Secret("old"), {}};
        ClientForm form = ClientForm::of(client);
        QVERIFY2(form.token.typed.isEmpty(), "what is kept is not shown");
        form.token.typed = u"new"_s;
        QCOMPARE(std::get<BearerAuth>(toClient(form, client).auth).token.reveal(),
                 std::string("new"));
        form.token = {.isFile = true, .typed = u"new"_s, .file = u" /run/token "_s};
        const auto bearer = std::get<BearerAuth>(toClient(form, client).auth);
        QVERIFY(bearer.token.empty());
        QCOMPARE(bearer.tokenFile, std::string("/run/token"));
        form.auth = ClientForm::Auth::none;
        QVERIFY(std::holds_alternative<std::monostate>(toClient(form, client).auth));
    }

    void secretHeadersAreFoundAgain()
    {
        HttpClientOptions client = clients()[2];
        ClientForm form = ClientForm::of(client);
        // The first row goes; the secrets of both headers stay with their rows.
        form.headers.erase(form.headers.begin());
        const auto got = toClient(form, client).headers;
        QCOMPARE(got.size(), std::size_t(2));
        QCOMPARE(got[0].values, (std::vector<std::string>{"b"}));
        QCOMPARE(got[0].secrets.front().reveal(), std::string("s1"));
        QCOMPARE(got[1].secrets.front().reveal(), std::string("s2"));
    }

    void aFileTakesThePlaceOfTextInTheConfiguration()
    {
        const HttpClientOptions client = clients()[0];
        ClientForm form = ClientForm::of(client);
        form.keyFile = u"/etc/key.pem"_s;
        form.caFile = u"/etc/ca.pem"_s;
        const auto tls = toClient(form, client).tls;
        QVERIFY(tls.key.empty() && tls.ca.empty());
        QCOMPARE(tls.cert, std::string("c"));
        QCOMPARE(tls.keyFile, std::string("/etc/key.pem"));
    }

    void faults_data()
    {
        QTest::addColumn<QString>("field"); // the one with the fault
        const auto row
            = [](const char* name, const QString& field) { QTest::newRow(name) << field; };
        row("basic without user", u"user"_s);
        row("password file by half a path", u"password"_s);
        row("bearer without token", u"token"_s);
        row("another word before the token that means basic", u"tokenType"_s);
        row("OAuth without id", u"clientId"_s);
        row("OAuth without secret", u"clientSecret"_s);
        row("OAuth without address", u"tokenUrl"_s);
        row("certificate without key", u"keyFile"_s);
        row("key without certificate", u"certFile"_s);
        row("CA by half a path", u"caFile"_s);
        row("least version above the highest", u"minVersion"_s);
        row("proxy without scheme", u"proxyUrl"_s);
        row("header without name", u"headers"_s);
        row("header of our own", u"headers"_s);
        row("header with a space in its name", u"headers"_s);
        row("secret header without value", u"headers"_s);
    }
    void faults()
    {
        QFETCH(QString, field);
        using Auth = ClientForm::Auth;
        HttpClientOptions base;
        ClientForm form;
        const QByteArray name = QTest::currentDataTag();
        if (name.startsWith("basic")) {
            form.auth = Auth::basic;
        } else if (name.startsWith("password")) {
            form.auth = Auth::basic;
            form.user = u"kim"_s;
            form.password = {.isFile = true, .typed = {}, .file = u"pw.txt"_s};
        } else if (name.startsWith("bearer")) {
            form.auth = Auth::bearer;
        } else if (name.startsWith("another")) {
            form.auth = Auth::bearer;
            form.token.typed = u"t"_s;
            form.tokenType = u"Basic"_s;
        } else if (name.startsWith("OAuth")) {
            form.auth = Auth::oauth2;
            form.clientId = field == "clientId"_L1 ? QString() : u"me"_s;
            form.clientSecret.typed = field == "clientSecret"_L1 ? QString() : u"s"_s;
            form.tokenUrl = field == "tokenUrl"_L1 ? u"id.example.org"_s : u"https://id/t"_s;
        } else if (name.startsWith("certificate")) {
            form.certFile = u"/c.pem"_s;
        } else if (name.startsWith("key")) {
            form.keyFile = u"/k.pem"_s;
        } else if (name.startsWith("CA")) {
            form.caFile = u"ca.pem"_s;
        } else if (name.startsWith("least")) {
            base.tls.maxVersion = "TLS11";
            form.minVersion = u"TLS12"_s;
        } else if (name.startsWith("proxy")) {
            form.proxy = ClientForm::Proxy::address;
            form.proxyUrl = u"proxy:3128"_s;
        } else {
            using Kind = HeaderForm::Kind;
            form.headers = {{u"X-Good"_s, Kind::value, u"1"_s, -1}};
            form.headers.push_back(
                name.contains("without name")  ? HeaderForm{}
                    : name.contains("our own") ? HeaderForm{u"Host"_s, Kind::value, u"h"_s, -1}
                    : name.contains("space")   ? HeaderForm{u"X y"_s, Kind::value, u"h"_s, -1}
                                               : HeaderForm{u"X-S"_s, Kind::secret, {}, -1});
        }
        const FieldFaults got = checkClient(form, base);
        QCOMPARE(got.size(), std::size_t(1));
        QCOMPARE(got.begin()->first, field);
        if (field == "headers"_L1) {
            QVERIFY2(got.begin()->second.contains(u'2'), "the row is named");
        }
    }
};

QTEST_GUILESS_MAIN(TestClientForm)
#include "tst_client_form.moc"
