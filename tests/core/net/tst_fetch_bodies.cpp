// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/compress.h"
#include "tests/core/net/fetching.h"
#include "tests/support/test_server.h"

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

constexpr std::size_t mebibyte = std::size_t{1} << 20;

} // namespace

class TestFetchBodies : public QObject {
    Q_OBJECT

    tests::Fetching m_fetching;

private slots:
    void asksForWhatPrometheusAsksFor_data()
    {
        QTest::addColumn<bool>("compressed");
        QTest::addColumn<QByteArray>("own");
        QTest::addColumn<QByteArray>("asked");
        QTest::newRow("compressed") << true << ""_ba << "gzip"_ba;
        QTest::newRow("not compressed") << false << ""_ba << "identity"_ba;
        QTest::newRow("as the request says") << true << "zstd, gzip"_ba << "zstd, gzip"_ba;
    }

    void asksForWhatPrometheusAsksFor()
    {
        QFETCH(bool, compressed);
        QFETCH(QByteArray, own);
        QFETCH(QByteArray, asked);
        const TestServer server(answering(
            [](const RawRequest& request) { return answer(200, {}, request["Accept-Encoding"]); }));
        HttpRequest request;
        request.url = server.url();
        request.acceptCompressed = compressed;
        if (!own.isEmpty()) {
            request.headers = {{"Accept-Encoding", own.toStdString()}};
        }
        const auto response = m_fetching.get(request);
        QVERIFY2(response.has_value(), why(response));
        QCOMPARE(QByteArray::fromStdString(response->body), asked);
    }

    void readsCompressedAnswers_data()
    {
        QTest::addColumn<QByteArray>("coding");
        QTest::addColumn<bool>("asked");
        QTest::newRow("gzip") << "gzip"_ba << true;
        QTest::newRow("gzip though not asked for") << "gzip"_ba << false;
        QTest::newRow("zstd though not asked for") << "zstd"_ba << true;
    }

    void readsCompressedAnswers()
    {
        QFETCH(QByteArray, coding);
        QFETCH(bool, asked);
        std::string text;
        for (int i = 0; i < 50'000; ++i) {
            text += "http_requests_total{code=\"" + std::to_string(i) + "\"} 1\n";
        }
        const std::string packed
            = coding == "zstd" ? encoding::zstdCompress(text) : encoding::gzipCompress(text);
        const TestServer server(answering([&](const RawRequest&) {
            return answer(200, {{"Content-Encoding", coding.toStdString()}}, packed);
        }));
        HttpRequest request;
        request.url = server.url();
        request.acceptCompressed = asked;
        request.maxBody = text.size();
        const auto response = m_fetching.get(request);
        QVERIFY2(response.has_value(), why(response));
        QVERIFY(response->body == text);
    }

    void theLimitIsOfWhatComesOut()
    {
        const std::string packed = encoding::gzipCompress(std::string(100'000, 'x'));
        const TestServer server(answering([&](const RawRequest&) {
            return answer(200, {{"Content-Encoding", "gzip"}}, packed);
        }));
        HttpRequest request;
        request.url = server.url();
        request.maxBody = 99'999;
        const auto response = m_fetching.get(request);
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::limit);
        QVERIFY2(response.error().message.contains("99999 bytes"), why(response));
    }

    void endsABomb_data()
    {
        QTest::addColumn<QByteArray>("coding");
        QTest::newRow("gzip") << "gzip"_ba;
        QTest::newRow("zstd") << "zstd"_ba;
    }

    void endsABomb()
    {
        QFETCH(QByteArray, coding);
        const std::string zeros(48 * mebibyte, '0');
        const std::string bomb
            = coding == "zstd" ? encoding::zstdCompress(zeros) : encoding::gzipCompress(zeros);
        const TestServer server(answering([&](const RawRequest&) {
            return answer(200, {{"Content-Encoding", coding.toStdString()}}, bomb);
        }));
        const auto response = m_fetching.get(server.url());
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::limit);
        QVERIFY2(response.error().message.contains("bomb"), why(response));
    }

    void endsAnEndlessBodySoon()
    {
        std::atomic<std::size_t> sent = 0;
        const TestServer server([&sent](TestConnection& connection) {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n\r\n");
            const std::string piece(64 << 10, 'x');
            while (connection.write(piece)) {
                sent += piece.size();
            }
        });
        HttpRequest request;
        request.url = server.url();
        request.maxBody = mebibyte;
        const auto response = m_fetching.get(request);
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::limit);
        // What is more is in the buffers of the two sockets.
        QTRY_VERIFY(sent > 0);
        QVERIFY2(sent < 16 * mebibyte, qPrintable(QString::number(sent)));
    }

    void believesNoAnnouncement()
    {
        std::atomic<bool> sentBody = false;
        const TestServer server([&sentBody](TestConnection& connection) {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\nx");
            sentBody = connection.read().empty(); // it goes at once
        });
        const auto response = m_fetching.get(server.url());
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::limit);
        QTRY_VERIFY(sentBody);
    }

    void aBodyThatEndsEarlyIsNone_data()
    {
        QTest::addColumn<QByteArray>("sent");
        QTest::newRow("shorter than announced")
            << "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nup 1\n"_ba;
        QTest::newRow("chunks without the last")
            << "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nup 1\n\r\n"_ba;
        QTest::newRow("no answer at all") << ""_ba;
        QTest::newRow("half a head") << "HTTP/1.1 200 OK\r\nContent-Le"_ba;
        QTest::newRow("another protocol") << "SSH-2.0-OpenSSH_9.2\r\n"_ba;
    }

    void aBodyThatEndsEarlyIsNone()
    {
        QFETCH(QByteArray, sent);
        const TestServer server([&sent](TestConnection& connection) {
            connection.readRequest();
            connection.write(sent.toStdString());
        });
        const auto response = m_fetching.get(server.url());
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::io);
        QVERIFY2(response.error().message.contains("127.0.0.1"), why(response));
    }

    void anEndlessHeadEnds()
    {
        const TestServer server([](TestConnection& connection) {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n");
            while (connection.write("X-More: " + std::string(1'000, 'x') + "\r\n")) { }
        });
        const auto response = m_fetching.get(server.url());
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::io);
    }

    void readsChunksAndTrailers()
    {
        const TestServer server([](TestConnection& connection) {
            connection.readRequest();
            connection.write("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                             "Content-Type: text/plain\r\n\r\n"
                             "3\r\nup \r\n2\r\n1\n\r\n0\r\nContent-Type: text/html\r\n\r\n");
        });
        const auto response = m_fetching.get(server.url());
        QVERIFY2(response.has_value(), why(response));
        QCOMPARE(response->body, std::string("up 1\n"));
        QCOMPARE(header(response->headers, "Content-Type"), std::string_view("text/plain"));
        QVERIFY(header(response->headers, "X-Early").empty());
    }

    void aHeadHasNoBody()
    {
        const TestServer server([](TestConnection& connection) {
            while (connection.readRequest()) {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n");
            }
        });
        HttpRequest request;
        request.url = server.url();
        request.method = "HEAD";
        for (int i = 0; i < 2; ++i) {
            const auto response = m_fetching.get(request);
            QVERIFY2(response.has_value(), why(response));
            QVERIFY(response->body.empty());
        }
        QCOMPARE(server.connections(), 1);
    }
};

QTEST_GUILESS_MAIN(TestFetchBodies)
#include "tst_fetch_bodies.moc"
