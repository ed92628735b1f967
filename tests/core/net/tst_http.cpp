// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/http_fetcher.h"
#include "core/net/http_server.h"

#include <future>
#include <mutex>

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;

namespace {

/// Answers by a function; keeps the replies of requests to /never.
class Handler final : public HttpHandler {
public:
    std::function<HttpResponse(const HttpRequest&)> answer;

    Ticket handle(HttpRequest request, Reply<HttpResponse> reply) override
    {
        if (pathOf(request) == "/never") {
            const std::lock_guard lock(m_mutex);
            m_kept.push_back(std::move(reply));
            return {};
        }
        reply(answer(request));
        return {};
    }

private:
    std::mutex m_mutex;
    std::vector<Reply<HttpResponse>> m_kept;
};

} // namespace

class TestHttp : public QObject {
    Q_OBJECT

    Handler m_handler;
    std::unique_ptr<net::HttpServer> m_server;
    net::CurlFetcher m_fetcher;

    Result<HttpResponse> get(HttpRequest request)
    {
        std::promise<Result<HttpResponse>> promise;
        auto future = promise.get_future();
        const Ticket ticket
            = m_fetcher.fetch(std::move(request), [&promise](Result<HttpResponse> result) {
                  promise.set_value(std::move(result));
              });
        return future.get();
    }
    HttpRequest to(const std::string& path)
    {
        HttpRequest request;
        request.url = m_server->url() + path;
        return request;
    }

private slots:
    void initTestCase()
    {
        auto server = net::HttpServer::listen("127.0.0.1:0", m_handler, {.body = 1'000});
        QVERIFY2(server.has_value(), server ? "" : server.error().message.c_str());
        m_server = std::move(*server);
        QVERIFY(m_server->port() != 0);
    }

    void init()
    {
        m_handler.answer = [](const HttpRequest& request) {
            return HttpResponse{
                200, {{"X-Method", request.method}}, request.url + "|" + request.body, {}};
        };
    }

    void carriesPathQueryAndBodyAsSent()
    {
        HttpRequest request = to("/a%2Fb?x=%20y&z=1");
        request.method = "POST";
        request.body = "hello";
        const auto response = get(request);
        QVERIFY(response.has_value());
        QCOMPARE(response->status, 200);
        QCOMPARE(response->body, std::string("/a%2Fb?x=%20y&z=1|hello"));
        QCOMPARE(header(response->headers, "x-method"), std::string_view("POST"));
        QVERIFY(response->timings.total.count() > 0);
    }

    void anErrorStatusIsAnAnswer()
    {
        m_handler.answer = [](const HttpRequest&) { return HttpResponse{500, {}, "no", {}}; };
        const auto response = get(to("/"));
        QVERIFY(response && response->status == 500 && response->body == "no");
    }

    void sendsCredentials()
    {
        m_handler.answer = [](const HttpRequest& request) {
            return HttpResponse{200, {}, std::string(header(request.headers, "Authorization")), {}};
        };
        HttpRequest request = to("/");
        request.client.auth = BasicAuth{"user", Secret("pass"), "", ""};
        QCOMPARE(get(request)->body, std::string("Basic dXNlcjpwYXNz"));
        request.client.auth = BearerAuth{"Bearer", Secret("token"), ""};
        QCOMPARE(get(request)->body, std::string("Bearer token"));
    }

    void readsCredentialsFromAFile()
    {
        m_handler.answer = [](const HttpRequest& request) {
            return HttpResponse{200, {}, std::string(header(request.headers, "Authorization")), {}};
        };
        const QTemporaryDir dir;
        QFile file(dir.filePath(u"token"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("from-file\n");
        file.close();
        HttpRequest request = to("/");
        request.client.auth = BearerAuth{"Bearer", {}, file.fileName().toStdString()};
        QCOMPARE(get(request)->body, std::string("Bearer from-file"));
        request.client.auth = BearerAuth{"Bearer", {}, "/does/not/exist"};
        const auto missing = get(request);
        QVERIFY(!missing && missing.error().kind == ErrorKind::notFound);
        QVERIFY(missing.error().message.contains("/does/not/exist"));
    }

    void keepsCredentialsFromAnotherHost()
    {
        Handler other;
        std::string seen = "?";
        other.answer = [&seen](const HttpRequest& request) {
            seen = header(request.headers, "Authorization");
            return HttpResponse{200, {}, "other", {}};
        };
        const auto second = net::HttpServer::listen("127.0.0.2:0", other);
        QVERIFY(second.has_value());
        m_handler.answer = [url = (*second)->url()](const HttpRequest&) {
            return HttpResponse{302, {{"Location", url + "/"}}, "", {}};
        };
        HttpRequest request = to("/");
        request.client.auth = BearerAuth{"Bearer", Secret("token"), ""};
        QCOMPARE(get(request)->body, std::string("other"));
        QCOMPARE(seen, std::string());
        request.client.followRedirects = false;
        QCOMPARE(get(request)->status, 302);
    }

    void refusesABodyOverTheLimit()
    {
        m_handler.answer
            = [](const HttpRequest&) { return HttpResponse{200, {}, std::string(100, 'x'), {}}; };
        HttpRequest request = to("/");
        request.maxBody = 99;
        const auto response = get(request);
        QVERIFY(!response && response.error().kind == ErrorKind::limit);
        request.maxBody = 100;
        QVERIFY(get(request).has_value());
    }

    void theServerRefusesALargeRequest()
    {
        HttpRequest request = to("/");
        request.method = "POST";
        request.body.assign(2'000, 'x');
        QCOMPARE(get(request)->status, 413);
    }

    void saysWhyItFailed_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("nobody listens")
            << "http://127.0.0.1:1/"_ba << int(ErrorKind::unavailable) << "127.0.0.1:1"_ba;
        QTest::newRow("no such scheme")
            << "gopher://127.0.0.1/"_ba << int(ErrorKind::invalid) << "gopher"_ba;
        QTest::newRow("no address") << "http://"_ba << int(ErrorKind::invalid) << "http://"_ba;
    }

    void saysWhyItFailed()
    {
        QFETCH(QByteArray, url);
        QFETCH(int, kind);
        QFETCH(QByteArray, says);
        HttpRequest request;
        request.url = url.toStdString();
        const auto response = get(request);
        QVERIFY(!response);
        QCOMPARE(int(response.error().kind), kind);
        QVERIFY2(response.error().message.contains(says.toStdString()),
                 response.error().message.c_str());
    }

    void givesUpAfterTheTimeout()
    {
        HttpRequest request = to("/never");
        request.timeout = std::chrono::milliseconds(50);
        const auto response = get(request);
        QVERIFY(!response && response.error().kind == ErrorKind::timeout);
    }

    void aDroppedTicketGetsNoReply()
    {
        std::promise<void> replied;
        {
            const Ticket ticket = m_fetcher.fetch(
                to("/never"), [&replied](const Result<HttpResponse>&) { replied.set_value(); });
        }
        // The loop works in order: once this is answered, the cancelled one is gone.
        QVERIFY(get(to("/")).has_value());
        QCOMPARE(replied.get_future().wait_for(std::chrono::seconds(0)),
                 std::future_status::timeout);
    }

    void saysWhyItCannotListen_data()
    {
        QTest::addColumn<QByteArray>("address");
        QTest::addColumn<int>("kind");
        QTest::newRow("no port") << "127.0.0.1"_ba << int(ErrorKind::invalid);
        QTest::newRow("no number") << "127.0.0.1:http"_ba << int(ErrorKind::invalid);
        QTest::newRow("port too large") << "127.0.0.1:70000"_ba << int(ErrorKind::invalid);
        QTest::newRow("not ours") << "192.0.2.1:0"_ba << int(ErrorKind::unavailable);
    }

    void saysWhyItCannotListen()
    {
        QFETCH(QByteArray, address);
        QFETCH(int, kind);
        const auto server = net::HttpServer::listen(address.toStdString(), m_handler);
        QVERIFY(!server);
        QCOMPARE(int(server.error().kind), kind);
        QVERIFY(server.error().message.contains(address.toStdString()));
    }

    void knowsLoopback_data()
    {
        QTest::addColumn<QByteArray>("address");
        QTest::addColumn<bool>("loopback");
        QTest::newRow("four") << "127.0.0.1:0"_ba << true;
        QTest::newRow("all of 127") << "127.3.2.1:0"_ba << true;
        QTest::newRow("six") << "[::1]:0"_ba << true;
        QTest::newRow("name") << "localhost:0"_ba << true;
        QTest::newRow("any") << "0.0.0.0:0"_ba << false;
        QTest::newRow("any six") << "[::]:0"_ba << false;
        QTest::newRow("nothing before the port") << ":9090"_ba << false;
    }

    void knowsLoopback()
    {
        QFETCH(QByteArray, address);
        QFETCH(bool, loopback);
        QCOMPARE(net::isLoopback(address.toStdString()), loopback);
    }
};

QTEST_GUILESS_MAIN(TestHttp)
#include "tst_http.moc"
