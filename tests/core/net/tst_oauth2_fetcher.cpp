// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/oauth2_fetcher.h"
#include "tests/support/qt_test.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <QFile>
#include <QTemporaryDir>

using namespace watchfire;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

struct HandClock final : Clock {
    Timestamp time = fromUnixMs(1'700'000'000'000);
    Timestamp now() const override { return time; }
};

const std::string tokenUrl = "https://login.test/token";

/// The world behind it: an authorization server and a target. Answers at once, or when told.
struct World final : HttpFetcher {
    std::vector<HttpRequest> tokenRequests;
    std::vector<HttpRequest> requests;
    std::vector<Result<HttpResponse>> tokenAnswers; ///< one after the other, the last again
    std::function<HttpResponse(const HttpRequest&)> serve
        = [](const HttpRequest&) { return HttpResponse{200, {}, "up 1\n", {}}; };
    bool holds = false; ///< answers of the authorization server
    std::vector<std::move_only_function<void()>> held;

    Ticket fetch(HttpRequest request, Reply<HttpResponse> reply) override
    {
        if (request.url != tokenUrl) {
            requests.push_back(request);
            reply(serve(request));
            return {};
        }
        tokenRequests.push_back(request);
        const std::size_t number = std::min(tokenRequests.size(), tokenAnswers.size()) - 1;
        auto give
            = [this, number, reply = std::move(reply)]() mutable { reply(tokenAnswers[number]); };
        if (holds) {
            held.emplace_back(std::move(give));
        } else {
            give();
        }
        return {};
    }
    void release()
    {
        holds = false;
        for (auto& one : std::exchange(held, {})) {
            one();
        }
    }
};

HttpResponse tokenAnswer(const std::string& token, int seconds = 3600)
{
    return {200,
            {},
            "{\"access_token\":\"" + token
                + "\",\"token_type\":\"bearer\",\"expires_in\":" + std::to_string(seconds) + "}",
            {}};
}

HttpRequest requestWith(OAuth2 config)
{
    HttpRequest request;
    request.url = "http://target.test/metrics";
    request.client.auth = std::move(config);
    return request;
}

OAuth2 config()
{
    OAuth2 out;
    out.clientId = "me & co";
    out.clientSecret = Secret("s3c/ret");
    out.tokenUrl = tokenUrl;
    out.scopes = {"read", "list"};
    out.endpointParams = {{"audience", "https://x"}};
    return out;
}

std::string bearerOf(const HttpRequest& request)
{
    const auto* const bearer = std::get_if<BearerAuth>(&request.client.auth);
    return bearer == nullptr ? "none" : bearer->type + " " + bearer->token.reveal();
}

} // namespace

class TestOAuth2Fetcher : public QObject {
    Q_OBJECT

    HandClock m_clock;
    std::unique_ptr<World> m_world;
    std::unique_ptr<net::OAuth2Fetcher> m_fetcher;
    std::vector<Result<HttpResponse>> m_answers;

    void fetch(HttpRequest request)
    {
        m_fetcher
            ->fetch(std::move(request),
                    [this](Result<HttpResponse> answer) { m_answers.push_back(std::move(answer)); })
            .detach();
    }

private slots:
    void init()
    {
        m_fetcher.reset();
        m_world = std::make_unique<World>();
        m_world->tokenAnswers = {tokenAnswer("one"), tokenAnswer("two"), tokenAnswer("three")};
        m_fetcher = std::make_unique<net::OAuth2Fetcher>(*m_world, m_clock);
        m_answers.clear();
    }

    void othersPass()
    {
        HttpRequest request;
        request.url = "http://target.test/metrics";
        request.client.auth = BearerAuth{"Bearer", Secret("own"), {}};
        fetch(request);
        QCOMPARE(bearerOf(m_world->requests.at(0)), "Bearer own");
        QVERIFY(m_world->tokenRequests.empty());
    }

    void asksAsTheStandardSays()
    {
        OAuth2 wanted = config();
        wanted.tls.serverName = "login";
        wanted.proxy.url = "http://proxy:1";
        fetch(requestWith(wanted));
        QCOMPARE(m_world->tokenRequests.size(), 1U);
        const HttpRequest& asked = m_world->tokenRequests[0];
        QCOMPARE(asked.method, "POST");
        QCOMPARE(asked.body,
                 "grant_type=client_credentials&scope=read%20list&audience=https%3A%2F%2Fx");
        QCOMPARE(header(asked.headers, "Content-Type"),
                 std::string_view("application/x-www-form-urlencoded"));
        const auto& basic = std::get<BasicAuth>(asked.client.auth);
        QCOMPARE(basic.user, "me%20%26%20co");
        QCOMPARE(basic.password.reveal(), "s3c%2Fret");
        QVERIFY(asked.client.tls == wanted.tls && asked.client.proxy == wanted.proxy);
        QCOMPARE(bearerOf(m_world->requests.at(0)), "Bearer one");
        QCOMPARE(m_answers.at(0)->body, "up 1\n");
    }

    void aServerThatWantsThemInTheBody()
    {
        m_world->tokenAnswers
            = {HttpResponse{401, {}, R"({"error":"invalid_client"})", {}}, tokenAnswer("one")};
        fetch(requestWith(config()));
        QCOMPARE(m_world->tokenRequests.size(), 2U);
        const HttpRequest& asked = m_world->tokenRequests[1];
        QVERIFY(std::holds_alternative<std::monostate>(asked.client.auth));
        QVERIFY(asked.body.ends_with("&client_id=me%20%26%20co&client_secret=s3c%2Fret"));
        QCOMPARE(bearerOf(m_world->requests.at(0)), "Bearer one");
    }

    void aTokenServesUntilItEnds()
    {
        m_world->tokenAnswers = {tokenAnswer("one", 60), tokenAnswer("two", 60)};
        fetch(requestWith(config()));
        m_clock.time += 49s;
        fetch(requestWith(config()));
        QCOMPARE(m_world->tokenRequests.size(), 1U);
        m_clock.time += 2s; // less than ten seconds are left
        fetch(requestWith(config()));
        QCOMPARE(m_world->tokenRequests.size(), 2U);
        QCOMPARE(bearerOf(m_world->requests.at(2)), "Bearer two");
        // Another configuration has a token of its own.
        OAuth2 other = config();
        other.scopes = {"write"};
        fetch(requestWith(other));
        QCOMPARE(m_world->tokenRequests.size(), 3U);
    }

    void manyWaitForOneAnswer()
    {
        m_world->holds = true;
        for (int i = 0; i < 5; ++i) {
            fetch(requestWith(config()));
        }
        QCOMPARE(m_world->tokenRequests.size(), 1U);
        QVERIFY(m_world->requests.empty());
        m_world->release();
        QCOMPARE(m_world->requests.size(), 5U);
        QCOMPARE(m_answers.size(), 5U);
    }

    void aRefusedTokenIsRenewedOnce()
    {
        fetch(requestWith(config()));
        m_world->serve = [](const HttpRequest& request) {
            return HttpResponse{bearerOf(request) == "Bearer two" ? 200 : 401, {}, {}, {}};
        };
        fetch(requestWith(config()));
        QCOMPARE(m_answers.at(1)->status, 200);
        QCOMPARE(m_world->tokenRequests.size(), 2U);
        // One that refuses whatever it gets is not asked for ever.
        m_world->serve = [](const HttpRequest&) { return HttpResponse{401, {}, {}, {}}; };
        fetch(requestWith(config()));
        QCOMPARE(m_answers.at(2)->status, 401);
        QCOMPARE(m_world->tokenRequests.size(), 3U);
        QCOMPARE(m_world->requests.size(), 5U);
    }

    void faultsAreToldWithoutTheSecret_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("refused") << 403
                                 << R"({"error":"access_denied","error_description":"no"})"_ba
                                 << "HTTP status 403: access_denied: no"_ba;
        QTest::newRow("in words") << 500 << "oh dear"_ba << "HTTP status 500: oh dear"_ba;
        QTest::newRow("no token") << 200 << "{}"_ba << "without an access_token"_ba;
        QTest::newRow("no JSON") << 200 << "<html>"_ba << "without an access_token"_ba;
    }
    void faultsAreToldWithoutTheSecret()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, says);
        m_world->tokenAnswers = {HttpResponse{status, {}, body.toStdString(), {}}};
        fetch(requestWith(config()));
        QVERIFY(!m_answers.at(0));
        const std::string& said = m_answers[0].error().message;
        QVERIFY2(said.contains(says.toStdString()) && said.contains(tokenUrl), said.c_str());
        QVERIFY(!said.contains("s3c/ret"));
        // The next one tries again.
        m_world->tokenAnswers = {tokenAnswer("late")};
        fetch(requestWith(config()));
        QVERIFY(m_answers.at(1).has_value());
    }

    void theSecretsFileIsReadForEachToken()
    {
        const QTemporaryDir dir;
        QFile file(dir.filePath(u"secret"_s));
        OAuth2 wanted = config();
        wanted.clientSecretFile = file.fileName().toStdString();
        fetch(requestWith(wanted));
        QVERIFY(!m_answers.at(0));
        QVERIFY(m_answers[0].error().message.contains(wanted.clientSecretFile));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("first\n");
        file.close();
        fetch(requestWith(wanted));
        QCOMPARE(std::get<BasicAuth>(m_world->tokenRequests.at(0).client.auth).password.reveal(),
                 "first");
    }

    void whoLeavesIsNotAnswered()
    {
        m_world->holds = true;
        Ticket left = m_fetcher->fetch(requestWith(config()), [this](Result<HttpResponse> answer) {
            m_answers.push_back(std::move(answer));
        });
        fetch(requestWith(config()));
        left.cancel();
        m_world->release();
        QCOMPARE(m_answers.size(), 1U);
        QCOMPARE(m_world->requests.size(), 1U);
        m_world->holds = true;
        m_clock.time += 2h;
        fetch(requestWith(config()));
        m_fetcher.reset();
        m_world->release();
        QCOMPARE(m_answers.size(), 1U);
    }
};

QTEST_GUILESS_MAIN(TestOAuth2Fetcher)
#include "tst_oauth2_fetcher.moc"
