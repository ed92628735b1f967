// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/oauth2_fetcher.h"
#include "core/net/oauth2_token.h"
#include "tests/core/net/fetching.h"
#include "tests/support/test_server.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace watchfire;
using tests::answer;
using tests::answering;
using tests::RawRequest;
using tests::TestServer;
using tests::why;

namespace {

/// Turned by hand.
struct HandClock final : Clock {
    std::atomic<std::int64_t> ms = 1'800'000'000'000;
    Timestamp now() const override { return fromUnixMs(ms); }
};

/// Gives out tokens t1, t2, … and remembers who asked how.
class TokenServer {
public:
    TokenServer()
        : m_server(answering([this](const RawRequest& request) { return serve(request); }))
    {
    }

    std::string url() const { return m_server.url() + "/token"; }
    std::vector<RawRequest> seen() const
    {
        const std::lock_guard lock(m_mutex);
        return m_seen;
    }
    /// What it says instead of a token; empty: tokens again.
    void say(std::string said)
    {
        const std::lock_guard lock(m_mutex);
        m_said = std::move(said);
    }
    void setLifetime(std::string json)
    {
        const std::lock_guard lock(m_mutex);
        m_lifetime = std::move(json);
    }
    /// Only takes the client's secret in the body.
    void refuseHeaders() { m_refusesHeaders = true; }

private:
    std::string serve(const RawRequest& request)
    {
        const std::lock_guard lock(m_mutex);
        m_seen.push_back(request);
        if (!m_said.empty()) {
            return m_said;
        }
        if (m_refusesHeaders && !request["Authorization"].empty()) {
            return answer(401, {}, R"({"error":"invalid_client"})");
        }
        return answer(200, {},
                      R"({"access_token":"t)" + std::to_string(++m_given)
                          + R"(","token_type":"bearer","expires_in":)" + m_lifetime + "}");
    }

    mutable std::mutex m_mutex;
    std::vector<RawRequest> m_seen;
    std::string m_said;
    std::string m_lifetime = "3600";
    int m_given = 0;
    std::atomic<bool> m_refusesHeaders = false;
    TestServer m_server;
};

/// Answers with the token it was shown; refuses those it was told to.
class ResourceServer {
public:
    ResourceServer()
        : m_server(answering([this](const RawRequest& request) {
            const std::lock_guard lock(m_mutex);
            const std::string shown(request["Authorization"]);
            return answer(shown == m_refused ? 401 : 200, {}, shown);
        }))
    {
    }
    std::string url() const { return m_server.url() + "/metrics"; }
    void refuse(const std::string& shown)
    {
        const std::lock_guard lock(m_mutex);
        m_refused = shown;
    }

private:
    std::mutex m_mutex;
    std::string m_refused;
    TestServer m_server;
};

} // namespace

class TestOAuth2 : public QObject {
    Q_OBJECT

    HandClock m_clock;
    tests::Fetching m_inner;
    std::unique_ptr<net::OAuth2Fetcher> m_fetcher;
    std::unique_ptr<TokenServer> m_tokens;
    std::unique_ptr<ResourceServer> m_resource;

    OAuth2 client() const
    {
        OAuth2 out;
        out.clientId = "watch fire";
        out.clientSecret = Secret("hunter+2");
        out.tokenUrl = m_tokens->url();
        return out;
    }
    std::future<Result<HttpResponse>> begin(const OAuth2& auth,
                                            std::chrono::milliseconds timeout = 60s)
    {
        HttpRequest request;
        request.url = m_resource->url();
        request.client.auth = auth;
        request.timeout = timeout;
        auto promise = std::make_shared<std::promise<Result<HttpResponse>>>();
        auto future = promise->get_future();
        m_fetcher
            ->fetch(
                std::move(request),
                [promise](Result<HttpResponse> result) { promise->set_value(std::move(result)); })
            .detach();
        return future;
    }
    /// What the resource was shown, or what went wrong.
    std::string get(const OAuth2& auth)
    {
        auto result = begin(auth).get();
        return result ? result->body : result.error().message;
    }

private slots:
    void init()
    {
        m_tokens = std::make_unique<TokenServer>();
        m_resource = std::make_unique<ResourceServer>();
        m_fetcher = std::make_unique<net::OAuth2Fetcher>(m_inner.fetcher(), m_clock);
    }
    void cleanup()
    {
        m_fetcher.reset();
        m_resource.reset();
        m_tokens.reset();
    }

    void asksAsTheStandardSays()
    {
        OAuth2 auth = client();
        auth.scopes = {"read:metrics", "x y"};
        auth.endpointParams = {{"audience", "https://a.example/?x=1&y"}};
        QCOMPARE(get(auth), std::string("Bearer t1"));
        const RawRequest asked = m_tokens->seen().at(0);
        QCOMPARE(asked.method, std::string("POST"));
        QCOMPARE(asked["Content-Type"], std::string_view("application/x-www-form-urlencoded"));
        // "watch%20fire:hunter%2B2", each encoded before they are joined.
        QCOMPARE(asked["Authorization"],
                 std::string_view("Basic d2F0Y2glMjBmaXJlOmh1bnRlciUyQjI="));
        QCOMPARE(asked.body,
                 std::string("grant_type=client_credentials&scope=read%3Ametrics%20x%20y"
                             "&audience=https%3A%2F%2Fa.example%2F%3Fx%3D1%26y"));
    }

    void oneTokenServesAll()
    {
        std::vector<std::future<Result<HttpResponse>>> answers;
        answers.reserve(50);
        for (int i = 0; i < 50; ++i) {
            answers.push_back(begin(client()));
        }
        for (auto& one : answers) {
            const auto response = one.get();
            QVERIFY2(response.has_value(), why(response));
            QCOMPARE(response->body, std::string("Bearer t1"));
        }
        QCOMPARE(get(client()), std::string("Bearer t1"));
        QCOMPARE(m_tokens->seen().size(), std::size_t{1});
        OAuth2 other = client();
        other.scopes = {"write"};
        QCOMPARE(get(other), std::string("Bearer t2"));
    }

    void otherRequestsPassBy()
    {
        HttpRequest request;
        request.url = m_resource->url();
        request.client.auth = BearerAuth{"Bearer", Secret("own"), ""};
        std::promise<std::string> body;
        m_fetcher
            ->fetch(request,
                    [&body](Result<HttpResponse> result) { body.set_value(result.value().body); })
            .detach();
        QCOMPARE(body.get_future().get(), std::string("Bearer own"));
        QVERIFY(m_tokens->seen().empty());
    }

    void renewsInTheBackground()
    {
        QCOMPARE(get(client()), std::string("Bearer t1"));
        m_clock.ms += 3'500'000; // an hour, less 100 s
        QCOMPARE(get(client()), std::string("Bearer t1"));
        QCOMPARE(m_tokens->seen().size(), std::size_t{1});
        m_clock.ms += 50'000;
        // It is good for another 50 s, so nobody waits for its successor.
        QCOMPARE(get(client()), std::string("Bearer t1"));
        QTRY_COMPARE(get(client()), std::string("Bearer t2"));
        QCOMPARE(m_tokens->seen().size(), std::size_t{2});
    }

    void waitsWhenItHasEnded()
    {
        QCOMPARE(get(client()), std::string("Bearer t1"));
        m_clock.ms += 3'591'000; // within its last ten seconds
        QCOMPARE(get(client()), std::string("Bearer t2"));
    }

    void readsLifetimes_data()
    {
        QTest::addColumn<QByteArray>("lifetime");
        QTest::addColumn<qint64>("later"); // ms
        QTest::addColumn<bool>("isValid");
        QTest::newRow("number") << "100"_ba << qint64(80'000) << true;
        QTest::newRow("number, over") << "100"_ba << qint64(95'000) << false;
        QTest::newRow("text") << "\"100\""_ba << qint64(95'000) << false;
        QTest::newRow("short ones are used, too") << "5"_ba << qint64(4'000) << true;
        QTest::newRow("none said") << "null"_ba << qint64(100'000'000'000) << true;
        QTest::newRow("nonsense says nothing") << "-1"_ba << qint64(100'000'000'000) << true;
        QTest::newRow("more than fits") << "1e300"_ba << qint64(1'000'000) << true;
    }

    void readsLifetimes()
    {
        QFETCH(QByteArray, lifetime);
        QFETCH(qint64, later);
        QFETCH(bool, isValid);
        const HttpResponse response{
            200, {}, R"({"access_token":"t","expires_in":)" + lifetime.toStdString() + "}", {}};
        const auto token = net::readToken(response, client(), "s", m_clock.now());
        QVERIFY(token.has_value());
        QCOMPARE(token->isValid(m_clock.now() + std::chrono::milliseconds(later)), isValid);
    }

    void a401GetsAnotherToken()
    {
        QCOMPARE(get(client()), std::string("Bearer t1"));
        m_resource->refuse("Bearer t1");
        QCOMPARE(get(client()), std::string("Bearer t2"));
        QCOMPARE(m_tokens->seen().size(), std::size_t{2});
    }

    void butOnlyOnce()
    {
        m_tokens->say(answer(200, {}, R"({"access_token":"same"})"));
        m_resource->refuse("Bearer same");
        const auto response = begin(client()).get();
        QVERIFY2(response.has_value(), why(response));
        QCOMPARE(response->status, 401);
        QCOMPARE(m_tokens->seen().size(), std::size_t{2});
    }

    void takesWhatTheServerTakes()
    {
        m_tokens->refuseHeaders();
        QCOMPARE(get(client()), std::string("Bearer t1"));
        const auto seen = m_tokens->seen();
        QCOMPARE(seen.size(), std::size_t{2});
        QVERIFY(seen[1]["Authorization"].empty());
        QVERIFY2(seen[1].body.ends_with("&client_id=watch%20fire&client_secret=hunter%2B2"),
                 seen[1].body.c_str());
        m_resource->refuse("Bearer t1");
        QCOMPARE(get(client()), std::string("Bearer t2"));
        QCOMPARE(m_tokens->seen().size(), std::size_t{3}); // it is known now
    }

    void readsTheSecretForEachToken()
    {
        const QTemporaryDir dir;
        const auto write = [&dir](const char* text) {
            QFile file(dir.filePath(u"secret"_s));
            return file.open(QIODevice::WriteOnly) && file.write(text) > 0;
        };
        OAuth2 auth = client();
        auth.clientSecret = {};
        auth.clientSecretFile = dir.filePath(u"secret"_s).toStdString();
        const std::string missing = get(auth);
        QVERIFY2(missing.contains(auth.clientSecretFile), missing.c_str());
        m_clock.ms += 2'000;
        QVERIFY(write("one\n"));
        QCOMPARE(get(auth), std::string("Bearer t1"));
        QVERIFY(write("two\n"));
        m_resource->refuse("Bearer t1");
        QCOMPARE(get(auth), std::string("Bearer t2"));
        const auto seen = m_tokens->seen();
        QCOMPARE(seen.at(0)["Authorization"],
                 std::string_view("Basic d2F0Y2glMjBmaXJlOm9uZQ==")); // …:one
        QCOMPARE(seen.at(1)["Authorization"],
                 std::string_view("Basic d2F0Y2glMjBmaXJlOnR3bw==")); // …:two
    }

    void tellsWhatTheServerSays_data()
    {
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<QByteArray>("told");
        const auto row = [](const char* name, int status, const char* body, const char* told) {
            QTest::newRow(name) << QByteArray::fromStdString(answer(status, {}, body))
                                << QByteArray(told);
        };
        row("as the standard says", 400,
            R"({"error":"invalid_scope","error_description":"no such scope"})",
            "answered 400: invalid_scope: no such scope");
        row("in its own words", 503, "try later", "answered 503: try later");
        row("no JSON", 200, "<html>", "answered no JSON");
        row("no token", 200, "{}", "answered without an access_token");
        row("an error with status 200", 200, R"({"error":"slow_down"})", "answered: slow_down");
        row("a redirect", 302, "elsewhere", "answered 302");
        row("the secret sent back", 400, "hunter+2 hunter%2B2 d2F0Y2glMjBmaXJlOmh1bnRlciUyQjI=",
            "answered 400: <secret> <secret> <secret>");
        row("several lines", 400, "a\r\nb", "answered 400: a  b");
    }

    void tellsWhatTheServerSays()
    {
        QFETCH(QByteArray, said);
        QFETCH(QByteArray, told);
        m_tokens->say(said.toStdString());
        const auto response = begin(client()).get();
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::unavailable);
        QVERIFY2(response.error().message.contains(told.toStdString()), why(response));
        QVERIFY2(response.error().message.contains(m_tokens->url()), why(response));
        QVERIFY2(!response.error().message.contains("hunter"), why(response));
    }

    void aFailureIsNotRepeatedAtOnce()
    {
        m_tokens->say(answer(500, {}, "down"));
        const std::string first = get(client());
        QVERIFY2(first.contains("down"), first.c_str());
        QCOMPARE(get(client()), first);
        QCOMPARE(m_tokens->seen().size(), std::size_t{1});
        m_clock.ms += 2'000;
        m_tokens->say("");
        QCOMPARE(get(client()), std::string("Bearer t1"));
    }

    void aTokenInForceOutlivesAFailedRenewal()
    {
        QCOMPARE(get(client()), std::string("Bearer t1"));
        m_clock.ms += 3'550'000;
        m_tokens->say(answer(500, {}, "down"));
        QCOMPARE(get(client()), std::string("Bearer t1"));
        QTRY_COMPARE(m_tokens->seen().size(), std::size_t{2});
        QCOMPARE(get(client()), std::string("Bearer t1"));
    }

    void nobodyWaitsLongerThanHeMay()
    {
        const TestServer silent([](tests::TestConnection& connection) {
            while (!connection.read().empty()) { }
        });
        OAuth2 auth = client();
        auth.tokenUrl = silent.url() + "/token?key=hunter";
        auto patient = begin(auth, 60s);
        const auto response = begin(auth, 50ms).get();
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::timeout);
        QVERIFY2(response.error().message.contains(silent.url() + "/token within 50ms"),
                 why(response));
        QCOMPARE(patient.wait_for(0s), std::future_status::timeout);
        QCOMPARE(silent.connections(), 1);
    }

    void usesATlsAndAProxyOfItsOwn()
    {
        const tests::TestAuthority authority;
        const TestServer secure(
            answering([](const RawRequest&) { return answer(200, {}, R"({"access_token":"s"})"); }),
            {.tls
             = tests::TestServerTls{.certificate = authority.issue("tokens", "IP:127.0.0.1")}});
        OAuth2 auth = client();
        auth.tokenUrl = secure.url();
        auth.tls.ca = authority.pem();
        QCOMPARE(get(auth), std::string("Bearer s"));
        const TestServer proxy(answering(
            [](const RawRequest&) { return answer(200, {}, R"({"access_token":"p"})"); }));
        auth.tokenUrl = "http://tokens.invalid/";
        auth.proxy.url = proxy.url();
        QCOMPARE(get(auth), std::string("Bearer p"));
    }

    void aDroppedTicketGetsNoReply()
    {
        std::promise<void> opened;
        const std::shared_future<void> open = opened.get_future().share();
        const TestServer slow(answering([open](const RawRequest&) {
            open.wait();
            return answer(200, {}, R"({"access_token":"late"})");
        }));
        OAuth2 auth = client();
        auth.tokenUrl = slow.url();
        HttpRequest request;
        request.url = m_resource->url();
        request.client.auth = auth;
        request.timeout = 60s;
        std::promise<void> replied;
        {
            const Ticket ticket
                = m_fetcher->fetch(request, [&replied](const auto&) { replied.set_value(); });
            QTRY_COMPARE(slow.connections(), 1);
        }
        // The token that was asked for serves who still waits for it, and nobody else.
        auto waiting = begin(auth);
        opened.set_value();
        const auto response = waiting.get();
        QVERIFY2(response.has_value(), why(response));
        QCOMPARE(response->body, std::string("Bearer late"));
        QCOMPARE(slow.connections(), 1);
        QCOMPARE(replied.get_future().wait_for(0s), std::future_status::timeout);
    }

    void endsWithCallsUnderWay()
    {
        const TestServer silent([](tests::TestConnection& connection) {
            while (!connection.read().empty()) { }
        });
        OAuth2 auth = client();
        auth.tokenUrl = silent.url();
        auto waiting = begin(auth);
        QTRY_COMPARE(silent.connections(), 1);
        m_fetcher.reset();
        QVERIFY_THROWS_EXCEPTION(std::future_error, waiting.get()); // its reply is gone unused
    }

    void withoutItOAuth2IsRefused()
    {
        HttpRequest request;
        request.url = m_resource->url();
        request.client.auth = client();
        const auto response = m_inner.get(request);
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::unsupported);
    }
};

QTEST_GUILESS_MAIN(TestOAuth2)
#include "tst_oauth2.moc"
