// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/kubernetes/access.h"

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;

namespace {

QByteArray kubeconfig(const QByteArray& cluster, const QByteArray& user,
                      const QByteArray& rest = {})
{
    return "apiVersion: v1\nkind: Config\ncurrent-context: work\n"
           "contexts:\n"
           "- name: home\n  context: {cluster: other, user: other}\n"
           "- name: work\n  context: {cluster: main, user: admin, namespace: shop}\n"
           "clusters:\n"
           "- name: other\n  cluster: {server: 'https://other:1'}\n"
           "- name: main\n  cluster: {"
        + cluster + "}\nusers:\n- name: admin\n  user: {" + user + "}\n" + rest;
}

Result<discovery::KubeAccess> read(const QByteArray& text)
{
    return discovery::accessOfKubeconfig(text.toStdString(), "/home/me/.kube");
}

} // namespace

class TestKubeconfig : public QObject {
    Q_OBJECT
private slots:
    void theCurrentContextCounts()
    {
        const auto access = read(kubeconfig("server: 'https://main:6443/'", "token: t0"));
        QVERIFY2(access, access ? "" : access.error().message.c_str());
        QCOMPARE(access->server, std::string("https://main:6443"));
        QCOMPARE(std::get<BearerAuth>(access->client.auth).token.reveal(), std::string("t0"));
        QVERIFY(access->headers.empty());
    }

    void certificatesInTheFile()
    {
        const auto access = read(kubeconfig(
            "server: 'https://main', certificate-authority-data: Q0E=, certificate-authority: x, "
            "tls-server-name: api, insecure-skip-tls-verify: true, proxy-url: 'http://p:1'",
            "client-certificate-data: Q0VSVA==, client-key-data: 'S0VZ'"));
        QVERIFY2(access, access ? "" : access.error().message.c_str());
        const TlsOptions& tls = access->client.tls;
        QCOMPARE(tls.ca, std::string("CA"));
        QVERIFY2(tls.caFile.empty(), "what is in the file goes before the name of another");
        QCOMPARE(tls.cert, std::string("CERT"));
        QCOMPARE(tls.key.reveal(), std::string("KEY"));
        QCOMPARE(tls.serverName, std::string("api"));
        QVERIFY(tls.skipVerify);
        QCOMPARE(access->client.proxy.url, std::string("http://p:1"));
        QVERIFY(std::holds_alternative<std::monostate>(access->client.auth));
    }

    void filesAreRelativeToTheKubeconfig()
    {
        const auto access
            = read(kubeconfig("server: 'https://main', certificate-authority: certs/ca.pem",
                              "client-certificate: c.pem, client-key: /abs/k.pem, tokenFile: tok, "
                              "token: ignored"));
        QVERIFY2(access, access ? "" : access.error().message.c_str());
        QCOMPARE(access->client.tls.caFile, std::string("/home/me/.kube/certs/ca.pem"));
        QCOMPARE(access->client.tls.certFile, std::string("/home/me/.kube/c.pem"));
        QCOMPARE(access->client.tls.keyFile, std::string("/abs/k.pem"));
        const auto& bearer = std::get<BearerAuth>(access->client.auth);
        QCOMPARE(bearer.tokenFile, std::string("/home/me/.kube/tok"));
        QVERIFY(bearer.token.empty());
    }

    void passwordsAndImpersonation()
    {
        const auto access = read(kubeconfig("server: 'http://main'",
                                            "username: u, password: p, as: someone, as-uid: '7', "
                                            "as-groups: [a, b], as-user-extra: {scopes: [view]}"));
        QVERIFY2(access, access ? "" : access.error().message.c_str());
        QCOMPARE(std::get<BasicAuth>(access->client.auth).user, std::string("u"));
        QCOMPARE(std::get<BasicAuth>(access->client.auth).password.reveal(), std::string("p"));
        const HttpHeaders expected{{"Impersonate-User", "someone"},
                                   {"Impersonate-Uid", "7"},
                                   {"Impersonate-Group", "a"},
                                   {"Impersonate-Group", "b"},
                                   {"Impersonate-Extra-scopes", "view"}};
        QCOMPARE(access->headers, expected);
    }

    void jsonIsReadToo()
    {
        const auto access
            = read("{\"current-context\":\"c\",\"contexts\":[{\"name\":\"c\",\"context\":"
                   "{\"cluster\":\"k\"}}],\"clusters\":[{\"name\":\"k\",\"cluster\":"
                   "{\"server\":\"https://k\"}}]}"_ba);
        QVERIFY2(access, access ? "" : access.error().message.c_str());
        QCOMPARE(access->server, std::string("https://k"));
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("error");
        const int invalid = int(ErrorKind::invalid);
        const int unsupported = int(ErrorKind::unsupported);
        const QByteArray good = "server: 'https://main'";
        QTest::newRow("exec")
            << kubeconfig(good, "exec: {command: aws}") << unsupported
            << "user \"admin\" gets its credentials from a program (exec), which Watchfire does "
               "not run; give it a token, a tokenFile or a client certificate"_ba;
        QTest::newRow("auth-provider")
            << kubeconfig(good, "auth-provider: {name: gcp}") << unsupported
            << "user \"admin\" gets its credentials from a program (auth-provider), which "
               "Watchfire does not run; give it a token, a tokenFile or a client certificate"_ba;
        QTest::newRow("not base64") << kubeconfig(good, "client-key-data: '***'") << invalid
                                    << "user \"admin\": client-key-data is not base64"_ba;
        QTest::newRow("cut base64")
            << kubeconfig(good + ", certificate-authority-data: Q0", "token: t") << invalid
            << "cluster \"main\": certificate-authority-data is not base64"_ba;
        QTest::newRow("half a certificate")
            << kubeconfig(good, "client-certificate: c.pem") << invalid
            << "user \"admin\": client-certificate and client-key go together"_ba;
        QTest::newRow("no server") << kubeconfig("server: ''", "token: t") << invalid
                                   << "cluster \"main\": server \"\" is not the URL of an API "
                                      "server"_ba;
        QTest::newRow("no current context")
            << "contexts: []"_ba << invalid << "the kubeconfig has no current-context"_ba;
        QTest::newRow("no such context")
            << "current-context: x\ncontexts: []"_ba << invalid << "there is no context \"x\""_ba;
        QTest::newRow("no such cluster")
            << "current-context: x\ncontexts: [{name: x, context: {cluster: y}}]"_ba << invalid
            << "context \"x\": there is no cluster \"y\""_ba;
        QTest::newRow("no such user")
            << "current-context: x\ncontexts: [{name: x, context: {cluster: y, user: z}}]\n"
               "clusters: [{name: y, cluster: {server: 'https://y'}}]"_ba
            << invalid << "context \"x\": there is no user \"z\""_ba;
        QTest::newRow("a list") << "[1]"_ba << invalid << "this is not a kubeconfig"_ba;
        QTest::newRow("nothing") << ""_ba << invalid << "this is not a kubeconfig"_ba;
    }
    void refused()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, kind);
        QFETCH(QByteArray, error);
        const auto access = read(text);
        QVERIFY(!access);
        QCOMPARE(QByteArray::fromStdString(access.error().message), error);
        QCOMPARE(int(access.error().kind), kind);
    }
};

QTEST_GUILESS_MAIN(TestKubeconfig)
#include "tst_kubeconfig.moc"
