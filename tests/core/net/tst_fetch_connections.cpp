// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/net/fetching.h"
#include "tests/support/test_server.h"

#include <condition_variable>
#include <set>

#include <QTemporaryDir>
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

const TestServer::Behaviour sayingHello
    = answering([](const RawRequest&) { return answer(200, {}, "hello"); });

/// A name service that answers when it is let go.
class SlowNames {
public:
    net::HostResolver::Lookup lookup()
    {
        return [this](const std::string& host) -> Result<net::Addresses> {
            std::unique_lock lock(m_mutex);
            m_most = std::max(m_most, ++m_now);
            m_asked.push_back(host);
            m_wake.wait(lock, [this] { return m_open; });
            --m_now;
            if (host.starts_with("missing")) {
                return fail(ErrorKind::unavailable, "Name or service not known");
            }
            return net::Addresses{"127.0.0.1"};
        };
    }
    void open()
    {
        const std::lock_guard lock(m_mutex);
        m_open = true;
        m_wake.notify_all();
    }
    /// Names in the order they were asked for.
    std::vector<std::string> asked() const
    {
        const std::lock_guard lock(m_mutex);
        return m_asked;
    }
    bool isFree() const
    {
        const std::lock_guard lock(m_mutex);
        return m_now == 0;
    }
    int mostAtOnce() const
    {
        const std::lock_guard lock(m_mutex);
        return m_most;
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<std::string> m_asked;
    int m_now = 0;
    int m_most = 0;
    bool m_open = false;
};

} // namespace

class TestFetchConnections : public QObject {
    Q_OBJECT
private slots:
    void usesAConnectionAgain()
    {
        tests::Fetching fetching;
        const TestServer server(sayingHello);
        for (int i = 0; i < 5; ++i) {
            const auto response = fetching.get(server.url());
            QVERIFY2(response.has_value(), why(response));
        }
        QCOMPARE(server.connections(), 1);
    }

    void doesWithoutOneThatTheServerClosed()
    {
        tests::Fetching fetching;
        const TestServer server([](TestConnection& connection) {
            if (connection.readRequest()) {
                connection.write(answer(200, {}, "hello"));
            }
        });
        for (int i = 1; i <= 3; ++i) {
            const auto response = fetching.get(server.url());
            QVERIFY2(response.has_value(), why(response));
            QCOMPARE(server.connections(), i);
        }
    }

    void keepsNoMoreThanItMay()
    {
        tests::Fetching fetching({.openConnections = 4, .keptConnections = 2, .environment = {}});
        const TestServer first(sayingHello);
        const TestServer second(sayingHello);
        const TestServer third(sayingHello);
        for (int i = 0; i < 2; ++i) {
            for (const TestServer* server : {&first, &second, &third}) {
                const auto response = fetching.get(server->url());
                QVERIFY2(response.has_value(), why(response));
            }
        }
        // Over the number, a new one closes with its request; those that are kept stay.
        QCOMPARE(first.connections(), 1);
        QCOMPARE(second.connections(), 1);
        QCOMPARE(third.connections(), 2);
    }

    void waitsForItsTurnWithinItsTime()
    {
        tests::Fetching fetching({.openConnections = 1, .environment = {}});
        const TestServer silent([](TestConnection& connection) {
            while (!connection.read().empty()) { }
        });
        const TestServer server(sayingHello);
        HttpRequest holding;
        holding.url = silent.url();
        holding.timeout = std::chrono::milliseconds(150);
        auto held = fetching.begin(holding);
        QTRY_COMPARE(silent.connections(), 1);
        HttpRequest waiting;
        waiting.url = server.url();
        waiting.timeout = std::chrono::milliseconds(20);
        const auto late = fetching.get(waiting);
        QVERIFY(!late);
        QCOMPARE(late.error().kind, ErrorKind::timeout);
        waiting.timeout = std::chrono::seconds(60);
        const auto served = fetching.get(waiting);
        QVERIFY2(served.has_value(), why(served));
        QVERIFY(!held.get());
    }

    void speaksThroughAUnixSocket_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("a file") << ""_ba;
        QTest::newRow("an abstract one")
            << "@watchfire-test-"_ba + QByteArray::number(QCoreApplication::applicationPid());
    }

    void speaksThroughAUnixSocket()
    {
        QFETCH(QByteArray, path);
        const QTemporaryDir dir;
        if (path.isEmpty()) {
            path = dir.filePath(u"socket"_s).toUtf8();
        }
        tests::Fetching fetching;
        const TestServer server(
            answering([](const RawRequest& request) { return answer(200, {}, request["Host"]); }),
            {.unixPath = path.toStdString()});
        HttpRequest request;
        request.url = "http://docker.invalid/v1.47/containers/json";
        request.unixSocket = path.toStdString();
        request.client.proxy.url = "http://127.0.0.1:1"; // not between us and a socket
        for (int i = 0; i < 2; ++i) {
            const auto response = fetching.get(request);
            QVERIFY2(response.has_value(), why(response));
            QCOMPARE(response->body, std::string("docker.invalid"));
        }
        QCOMPARE(server.connections(), 1);
        request.unixSocket = dir.filePath(u"missing"_s).toStdString();
        const auto missing = fetching.get(request);
        QVERIFY(!missing);
        QCOMPARE(missing.error().kind, ErrorKind::unavailable);
        QVERIFY2(missing.error().message.contains(request.unixSocket), why(missing));
    }

    void asksForANameOnce()
    {
        SlowNames names;
        tests::Fetching fetching(
            {.resolverThreads = 3, .lookup = names.lookup(), .environment = {}});
        const TestServer server(sayingHello);
        std::vector<std::future<Result<HttpResponse>>> answers;
        for (int host = 0; host < 8; ++host) {
            for (int path = 0; path < 4; ++path) {
                HttpRequest request;
                request.url = "http://h" + std::to_string(host)
                    + ".invalid:" + std::to_string(server.port()) + "/" + std::to_string(path);
                request.timeout = std::chrono::seconds(60);
                answers.push_back(fetching.begin(request));
            }
        }
        QTRY_COMPARE(names.asked().size(), std::size_t{3});
        names.open();
        for (auto& one : answers) {
            const auto response = one.get();
            QVERIFY2(response.has_value(), why(response));
        }
        QCOMPARE(names.mostAtOnce(), 3);
        const auto asked = names.asked();
        QCOMPARE(asked.size(), std::size_t{8});
        QCOMPARE(std::set(asked.begin(), asked.end()).size(), std::size_t{8});
    }

    void aSlowNameHoldsUpNobodyElse()
    {
        SlowNames names;
        tests::Fetching fetching(
            {.resolverThreads = 1, .lookup = names.lookup(), .environment = {}});
        const TestServer server(sayingHello);
        HttpRequest request;
        request.url = "http://slow.invalid/";
        request.timeout = std::chrono::milliseconds(50);
        const auto late = fetching.get(request);
        QVERIFY(!late);
        QCOMPARE(late.error().kind, ErrorKind::timeout);
        QVERIFY2(late.error().message.contains("slow.invalid"), why(late));
        // While that name is still being asked for, an address needs no asking.
        const auto response = fetching.get(server.url());
        QVERIFY2(response.has_value(), why(response));
        names.open();
    }

    void saysWhyANameIsNone()
    {
        SlowNames names;
        names.open();
        tests::Fetching fetching({.lookup = names.lookup(), .environment = {}});
        const auto response = fetching.get("http://missing.invalid/");
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::unavailable);
        QCOMPARE(response.error().message,
                 std::string("cannot resolve missing.invalid: Name or service not known"));
    }

    void endsWhileNamesAreAskedFor()
    {
        SlowNames names;
        std::promise<void> replied;
        {
            tests::Fetching fetching({.lookup = names.lookup(), .environment = {}});
            HttpRequest request;
            request.url = "http://slow.invalid/";
            fetching.fetcher()
                .fetch(request, [&replied](const auto&) { replied.set_value(); })
                .detach();
            QTRY_COMPARE(names.asked().size(), std::size_t{1});
        }
        QCOMPARE(replied.get_future().wait_for(std::chrono::seconds(0)),
                 std::future_status::timeout);
        names.open();
        // The thread that asks is left to end alone; it looks at the names to the last.
        QTRY_VERIFY(names.isFree());
    }
};

QTEST_GUILESS_MAIN(TestFetchConnections)
#include "tst_fetch_connections.moc"
