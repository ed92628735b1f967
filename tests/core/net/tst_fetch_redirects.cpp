// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/net/fetching.h"
#include "tests/support/test_server.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;
using tests::answer;
using tests::answering;
using tests::RawRequest;
using tests::TestServer;
using tests::why;

namespace {

/// Requests that a server saw.
class Seen {
public:
    void add(const RawRequest& request)
    {
        const std::lock_guard lock(m_mutex);
        m_requests.push_back(request);
    }
    std::vector<RawRequest> all() const
    {
        const std::lock_guard lock(m_mutex);
        return m_requests;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<RawRequest> m_requests;
};

TestServer::Behaviour redirectingTo(Seen& seen, std::string location, int status = 302)
{
    return answering([&seen, location = std::move(location), status](const RawRequest& request) {
        seen.add(request);
        return answer(status, {{"Location", location}}, "elsewhere");
    });
}

TestServer::Behaviour recording(Seen& seen)
{
    return answering([&seen](const RawRequest& request) {
        seen.add(request);
        return answer(200, {}, "arrived");
    });
}

/// A request with every kind of secret.
HttpRequest laden(const std::string& url)
{
    HttpRequest request;
    request.url = url;
    request.headers = {{"Accept", "text/plain"}, {"Cookie", "c"}, {"X-Consul-Token", "t"}};
    request.client.headers = {{"X-Api-Key", {"k"}, {}, {}}, {"X-Secret", {}, {Secret("s")}, {}}};
    return request;
}

} // namespace

class TestFetchRedirects : public QObject {
    Q_OBJECT

    tests::Fetching m_fetching;

    void expectSecrets(const RawRequest& request, bool expected)
    {
        for (const char* name :
             {"Authorization", "Cookie", "X-Consul-Token", "X-Api-Key", "X-Secret"}) {
            QVERIFY2(request[name].empty() != expected, name);
        }
        QCOMPARE(request["Accept"], std::string_view("text/plain"));
    }

private slots:
    void leavesSecretsBehind_data()
    {
        QTest::addColumn<QByteArray>("kind");
        QTest::newRow("basic") << "basic"_ba;
        QTest::newRow("bearer") << "bearer"_ba;
        QTest::newRow("in the address") << "address"_ba;
    }

    void leavesSecretsBehind()
    {
        QFETCH(QByteArray, kind);
        // Another host, and the same host at another port, where another program listens.
        for (const char* host : {"127.0.0.2", "127.0.0.1"}) {
            Seen away;
            const TestServer other(recording(away), {.address = host});
            Seen home;
            const TestServer server(redirectingTo(home, other.url() + "/"));
            HttpRequest request = laden(server.url() + "/");
            if (kind == "basic") {
                request.client.auth = BasicAuth{"user", Secret("pass"), "", ""};
            } else if (kind == "bearer") {
                request.client.auth = BearerAuth{"Bearer", Secret("tok"), ""};
            } else {
                request.url.insert(7, "user:pass@");
            }
            const auto response = m_fetching.get(request);
            QVERIFY2(response.has_value(), why(response));
            QCOMPARE(response->body, std::string("arrived"));
            expectSecrets(home.all().at(0), true);
            expectSecrets(away.all().at(0), false);
        }
    }

    void takesThemAlongAtHome()
    {
        Seen seen;
        const TestServer server(answering([&seen](const RawRequest& request) {
            seen.add(request);
            return request.target == "/a" ? answer(302, {{"Location", "b?x=1"}}, "")
                                          : answer(200, {}, "arrived");
        }));
        HttpRequest request = laden(server.url() + "/a");
        request.client.auth = BearerAuth{"Bearer", Secret("tok"), ""};
        const auto response = m_fetching.get(request);
        QVERIFY2(response.has_value(), why(response));
        QCOMPARE(seen.all().at(1).target, std::string("/b?x=1"));
        expectSecrets(seen.all().at(1), true);
        QCOMPARE(server.connections(), 1);
    }

    void doesNotBringThemBack()
    {
        Seen home;
        Seen away;
        std::string otherUrl;
        const TestServer server(answering([&](const RawRequest& request) {
            home.add(request);
            return request.target == "/" ? answer(302, {{"Location", otherUrl}}, "")
                                         : answer(200, {}, "arrived");
        }));
        const TestServer other(redirectingTo(away, server.url() + "/admin?do=it"));
        otherUrl = other.url() + "/";
        HttpRequest request = laden(server.url() + "/");
        request.client.auth = BearerAuth{"Bearer", Secret("tok"), ""};
        const auto response = m_fetching.get(request);
        QVERIFY2(response.has_value(), why(response));
        expectSecrets(home.all().at(1), false);
    }

    void keepsItsCertificateToItself()
    {
        const tests::TestAuthority authority;
        const auto tls
            = tests::TestServerTls{.certificate = authority.issue("server", "IP:127.0.0.1")};
        std::string shown = "?";
        const TestServer other(
            [&shown](tests::TestConnection& connection) {
                shown = connection.clientName();
                answering([](const RawRequest&) { return answer(200, {}, "arrived"); })(connection);
            },
            {.tls = tests::TestServerTls{.certificate = tls.certificate,
                                         .clientAuthority = authority.pem(),
                                         .isClientFree = true}});
        const TestServer server(
            [&](tests::TestConnection& connection) {
                answering([&](const RawRequest&) {
                    return answer(302, {{"Location", other.url()}, {"X", connection.clientName()}},
                                  "");
                })(connection);
            },
            {.tls = tests::TestServerTls{.certificate = tls.certificate,
                                         .clientAuthority = authority.pem()}});
        HttpRequest request;
        request.url = server.url();
        request.client.tls.ca = authority.pem();
        const auto own = authority.issue("prober");
        request.client.tls.cert = own.certificate;
        request.client.tls.key = Secret(own.key);
        const auto response = m_fetching.get(request);
        QVERIFY2(response.has_value(), why(response));
        QCOMPARE(response->body, std::string("arrived"));
        QCOMPARE(shown, std::string());
    }

    void movesTheBodyOnlyWhereItIsAskedFor_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("found") << 302 << "GET"_ba << ""_ba;
        QTest::newRow("the same again") << 307 << "POST"_ba << "payload"_ba;
    }

    void movesTheBodyOnlyWhereItIsAskedFor()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, body);
        Seen away;
        const TestServer other(recording(away));
        Seen home;
        const TestServer server(redirectingTo(home, other.url() + "/", status));
        HttpRequest request;
        request.url = server.url();
        request.method = "POST";
        request.headers = {{"Content-Type", "text/plain"}};
        request.body = "payload";
        const auto response = m_fetching.get(request);
        QVERIFY2(response.has_value(), why(response));
        const RawRequest arrived = away.all().at(0);
        QCOMPARE(QByteArray::fromStdString(arrived.method), method);
        QCOMPARE(QByteArray::fromStdString(arrived.body), body);
        QCOMPARE(arrived["Content-Type"].empty(), body.isEmpty());
    }

    void staysWhereItIsToldTo()
    {
        Seen seen;
        const TestServer server(redirectingTo(seen, "http://127.0.0.2:1/"));
        HttpRequest request;
        request.url = server.url();
        request.client.followRedirects = false;
        const auto response = m_fetching.get(request);
        QVERIFY2(response.has_value(), why(response));
        QCOMPARE(response->status, 302);
        QCOMPARE(response->body, std::string("elsewhere"));
        QCOMPARE(header(response->headers, "Location"), std::string_view("http://127.0.0.2:1/"));
    }

    void endsALoop()
    {
        Seen seen;
        const TestServer server(redirectingTo(seen, "/"));
        const auto response = m_fetching.get(server.url());
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::limit);
        QCOMPARE(seen.all().size(), std::size_t{11});
    }

    void goesToNoOtherScheme()
    {
        Seen seen;
        const TestServer server(redirectingTo(seen, "file:///etc/passwd"));
        const auto response = m_fetching.get(server.url());
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::invalid);
        QVERIFY2(response.error().message.contains("127.0.0.1"), why(response));
    }

    void readsNoEndlessBodyOfARedirect()
    {
        Seen away;
        const TestServer other(recording(away));
        const TestServer server([&](tests::TestConnection& connection) {
            connection.readRequest();
            connection.write("HTTP/1.1 302 Found\r\nLocation: " + other.url() + "\r\n\r\n");
            while (connection.write(std::string(100'000, 'x'))) { }
        });
        const auto response = m_fetching.get(server.url());
        QVERIFY2(response.has_value(), why(response));
        QCOMPARE(response->body, std::string("arrived"));
    }

    void theTimeIsThatOfAllTogether()
    {
        const TestServer silent([](tests::TestConnection& connection) {
            while (!connection.read().empty()) { }
        });
        Seen seen;
        const TestServer server(redirectingTo(seen, silent.url()));
        HttpRequest request;
        request.url = server.url();
        request.timeout = std::chrono::milliseconds(100);
        const auto response = m_fetching.get(request);
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::timeout);
    }

    void refusesHeadersThatWouldBeTwo_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("line in a value") << "X-A"_ba << "a\r\nX-B: hunter2"_ba;
        QTest::newRow("line in a name") << "X-A: a\r\nX-B"_ba << "hunter2"_ba;
        QTest::newRow("no name") << ""_ba << "hunter2"_ba;
    }

    void refusesHeadersThatWouldBeTwo()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        Seen seen;
        const TestServer server(recording(seen));
        HttpRequest request;
        request.url = server.url();
        request.client.headers = {{name.toStdString(), {}, {Secret(value.toStdString())}, {}}};
        const auto response = m_fetching.get(request);
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::invalid);
        QVERIFY2(!response.error().message.contains("hunter2"), why(response));
        QCOMPARE(seen.all().size(), std::size_t{0});
    }

    void sendsAnEmptyHeader()
    {
        std::atomic<bool> has = false;
        const TestServer server(answering([&has](const RawRequest& request) {
            has = std::ranges::contains(request.headers,
                                        std::pair<std::string, std::string>("X-Empty", ""));
            return answer(200, {}, "");
        }));
        HttpRequest request;
        request.url = server.url();
        request.headers = {{"X-Empty", ""}};
        QVERIFY(m_fetching.get(request).has_value());
        QVERIFY(has);
    }
};

QTEST_GUILESS_MAIN(TestFetchRedirects)
#include "tst_fetch_redirects.moc"
