// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/net/fetching.h"
#include "tests/support/test_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;
using tests::answer;
using tests::answering;
using tests::RawRequest;
using tests::TestConnection;
using tests::TestServer;
using tests::why;

namespace {

/// Carries bytes between a client and a port of this machine, whatever host was asked for.
void tunnel(TestConnection& client, std::uint16_t port)
{
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        qFatal("the proxy cannot reach the server");
    }
    std::thread back([&client, server] {
        std::array<char, 16'384> buffer{};
        ssize_t count = 0;
        while ((count = recv(server, buffer.data(), buffer.size(), 0)) > 0
               && client.write({buffer.data(), static_cast<std::size_t>(count)})) { }
    });
    std::string bytes;
    while (!(bytes = client.read()).empty()) {
        send(server, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    shutdown(server, SHUT_RDWR);
    back.join();
    close(server);
}

} // namespace

class TestFetchProxy : public QObject {
    Q_OBJECT

    tests::TestAuthority m_authority;
    tests::Fetching m_fetching;

private slots:
    void carriesAPlainRequest()
    {
        RawRequest seen;
        const TestServer proxy(answering([&seen](const RawRequest& request) {
            seen = request;
            return answer(200, {}, "from the proxy");
        }));
        HttpRequest request;
        request.url = "http://target.invalid:9100/metrics";
        request.client.auth = BearerAuth{"Bearer", Secret("tok"), ""};
        request.client.proxy.url = "http://user:p%40ss@127.0.0.1:" + std::to_string(proxy.port());
        request.client.proxy.connectHeaders = {{"X-Proxy-Key", {Secret("k")}}};
        const auto response = m_fetching.get(request);
        QVERIFY2(response.has_value(), why(response));
        QCOMPARE(response->body, std::string("from the proxy"));
        QCOMPARE(seen.target, std::string("http://target.invalid:9100/metrics"));
        QCOMPARE(seen["Proxy-Authorization"], std::string_view("Basic dXNlcjpwQHNz"));
        QCOMPARE(seen["Authorization"], std::string_view("Bearer tok"));
        // Without CONNECT such a header would go on to the target.
        QCOMPARE(seen["X-Proxy-Key"], std::string_view());
    }

    void tunnelsASecureOne()
    {
        const TestServer server(
            [](TestConnection& connection) {
                answering([&connection](const RawRequest& request) {
                    return answer(200, {},
                                  connection.serverName() + "|"
                                      + std::string(request["Authorization"]) + "|"
                                      + std::string(request["X-Proxy-Key"]));
                })(connection);
            },
            {.tls = tests::TestServerTls{.certificate
                                         = m_authority.issue("server", "DNS:target.invalid")}});
        RawRequest seen;
        const TestServer proxy([&](TestConnection& connection) {
            seen = connection.readRequest().value_or(RawRequest());
            connection.write("HTTP/1.1 200 Connected\r\nX-Of-Proxy: yes\r\n\r\n");
            tunnel(connection, server.port());
        });
        HttpRequest request;
        request.url = "https://target.invalid/metrics";
        request.client.tls.ca = m_authority.pem();
        request.client.auth = BearerAuth{"Bearer", Secret("tok"), ""};
        request.client.proxy.url = proxy.url();
        request.client.proxy.connectHeaders = {{"X-Proxy-Key", {Secret("k1"), Secret("k2")}}};
        const auto response = m_fetching.get(request);
        QVERIFY2(response.has_value(), why(response));
        QCOMPARE(response->body, std::string("target.invalid|Bearer tok|"));
        QVERIFY(header(response->headers, "X-Of-Proxy").empty());
        QCOMPARE(seen.method, std::string("CONNECT"));
        QCOMPARE(seen.target, std::string("target.invalid:443"));
        QCOMPARE(seen["Authorization"], std::string_view());
        QCOMPARE(std::ranges::count(seen.headers, std::string("X-Proxy-Key"),
                                    &std::pair<std::string, std::string>::first),
                 2);
    }

    void asksASocksProxyByName()
    {
        const TestServer server(
            answering([](const RawRequest&) { return answer(200, {}, "behind"); }));
        std::string asked;
        // Source: RFC 1928, sections 3 to 6.
        const TestServer proxy([&](TestConnection& connection) {
            const std::string greeting = connection.read(3);
            connection.write(std::string("\x05\x00", 2));
            asked = connection.read(5);
            connection.write(std::string("\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10));
            tunnel(connection, server.port());
        });
        HttpRequest request;
        request.url = "http://target.invalid/";
        request.client.proxy.url = "socks5://127.0.0.1:" + std::to_string(proxy.port());
        const auto response = m_fetching.get(request);
        QVERIFY2(response.has_value(), why(response));
        QCOMPARE(response->body, std::string("behind"));
        QVERIFY(asked.contains("target.invalid"));
    }

    void goesDirectlyUnlessAsked()
    {
        const TestServer proxy(
            answering([](const RawRequest&) { return answer(200, {}, "proxy"); }));
        const TestServer server(
            answering([](const RawRequest&) { return answer(200, {}, "server"); }));
        tests::Fetching fetching({.lookup = [](const std::string&) -> Result<net::Addresses> {
                                      return net::Addresses{"127.0.0.1"};
                                  },
                                  .environment = {proxy.url(), proxy.url(), "skip.invalid"}});
        HttpRequest request;
        const auto at = [&](const std::string& host) {
            request.url = "http://" + host + ":" + std::to_string(server.port()) + "/";
            const auto response = fetching.get(request);
            return response ? response->body : response.error().message;
        };
        QCOMPARE(at("target.invalid"), std::string("server"));
        request.client.proxy.fromEnvironment = true;
        QCOMPARE(at("target.invalid"), std::string("proxy"));
        QCOMPARE(at("skip.invalid"), std::string("server"));
        request.client.proxy.fromEnvironment = false;
        request.client.proxy.url = proxy.url();
        QCOMPARE(at("skip.invalid"), std::string("proxy"));
        request.client.proxy.noProxy = "skip.invalid";
        QCOMPARE(at("skip.invalid"), std::string("server"));
    }

    void saysThatItIsTheProxy_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("nobody there") << "http://u:hunter2@127.0.0.1:1"_ba
                                      << "the proxy 127.0.0.1:1"_ba;
        QTest::newRow("no such name") << "http://u:hunter2@proxy.invalid:1"_ba
                                      << "proxy.invalid"_ba;
        QTest::newRow("another scheme") << "ftp://u:hunter2@proxy.invalid:1"_ba << "ftp"_ba;
    }

    void saysThatItIsTheProxy()
    {
        QFETCH(QByteArray, url);
        QFETCH(QByteArray, says);
        tests::Fetching fetching({.lookup = [](const std::string&) -> Result<net::Addresses> {
                                      return fail(ErrorKind::unavailable, "no such name");
                                  },
                                  .environment = {}});
        HttpRequest request;
        request.url = "http://127.0.0.2/";
        request.client.proxy.url = url.toStdString();
        const auto response = fetching.get(request);
        QVERIFY(!response);
        QVERIFY2(response.error().message.contains(says.toStdString()), why(response));
        QVERIFY2(!response.error().message.contains("hunter2"), why(response));
    }

    void tellsOfAProxyThatRefuses()
    {
        const TestServer proxy(answering(
            [](const RawRequest&) { return answer(407, {{"Proxy-Authenticate", "Basic"}}, ""); }));
        HttpRequest request;
        request.url = "https://target.invalid/";
        request.client.proxy.url = proxy.url();
        const auto response = m_fetching.get(request);
        QVERIFY(!response);
        QVERIFY2(response.error().message.contains("407"), why(response));
    }
};

QTEST_GUILESS_MAIN(TestFetchProxy)
#include "tst_fetch_proxy.moc"
