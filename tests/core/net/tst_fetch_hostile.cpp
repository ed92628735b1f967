// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/compress.h"
#include "tests/core/net/fetching.h"
#include "tests/support/test_server.h"

#include <malloc.h>

#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;
using namespace std::chrono_literals;
using tests::answer;
using tests::answering;
using tests::RawRequest;
using tests::TestConnection;
using tests::TestServer;
using tests::why;

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;

/// How much memory the process took more, at most, since this was made.
class PeakOfMemory {
public:
    PeakOfMemory()
    {
        malloc_trim(0);
        QFile file(u"/proc/self/clear_refs"_s);
        m_canMeasure = file.open(QIODevice::WriteOnly) && file.write("5") == 1;
        file.close();
        m_before = read("VmRSS:");
    }
    bool canMeasure() const { return m_canMeasure; }
    std::int64_t mebibytes() const { return (read("VmHWM:") - m_before) / 1024; }

private:
    static std::int64_t read(const QByteArray& field)
    {
        QFile file(u"/proc/self/status"_s);
        if (!file.open(QIODevice::ReadOnly)) {
            return 0;
        }
        for (const QByteArray& line : file.readAll().split('\n')) {
            if (line.startsWith(field)) {
                return line.mid(field.size()).trimmed().split(' ').first().toLongLong();
            }
        }
        return 0;
    }

    bool m_canMeasure = false;
    std::int64_t m_before = 0;
};

/// Sends a byte now and then, for ever.
void trickle(TestConnection& connection)
{
    connection.readRequest();
    connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
    while (connection.write("#") && connection.pause(5ms)) { }
}

/// Sends a chunked body of that many bytes.
TestServer::Behaviour sending(std::size_t size)
{
    return [size](TestConnection& connection) {
        connection.readRequest();
        connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        const std::string chunk = "8000\r\n" + std::string(0x8000, 'x') + "\r\n";
        for (std::size_t sent = 0; sent < size && connection.write(chunk); sent += 0x8000) { }
        connection.write("0\r\n\r\n");
    };
}

HttpRequest to(const TestServer& server, std::chrono::milliseconds timeout)
{
    HttpRequest request;
    request.url = server.url() + "/metrics";
    request.timeout = timeout;
    return request;
}

} // namespace

class TestFetchHostile : public QObject {
    Q_OBJECT
private slots:
    void aTrickleEndsWithItsTime()
    {
        tests::Fetching fetching;
        const TestServer server(&trickle);
        const auto begun = std::chrono::steady_clock::now();
        const auto response = fetching.get(to(server, 200ms));
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::timeout);
        QVERIFY(std::chrono::steady_clock::now() - begun >= 200ms);
    }

    void timeCountsFromTheRequest()
    {
        // Only one at a time may be under way, so that most wait all their time for their turn.
        tests::Fetching fetching({.openConnections = 1, .environment = {}});
        const TestServer server(&trickle);
        std::vector<std::future<Result<HttpResponse>>> answers;
        const auto begun = std::chrono::steady_clock::now();
        for (int i = 0; i < 50; ++i) {
            answers.push_back(fetching.begin(to(server, 300ms)));
        }
        for (auto& one : answers) {
            const auto response = one.get();
            QVERIFY(!response);
            QCOMPARE(response.error().kind, ErrorKind::timeout);
        }
        // One after the other they would take 15 s.
        QVERIFY(std::chrono::steady_clock::now() - begun < 10s);
    }

    void aLongBodyIsHeldOnce_data()
    {
        QTest::addColumn<bool>("compressed");
        QTest::newRow("in chunks") << false;
        QTest::newRow("compressed") << true;
    }

    void aLongBodyIsHeldOnce()
    {
        QFETCH(bool, compressed);
        constexpr std::size_t size = 33 * mebibyte; // of a million series
        std::string packed;
        if (compressed) {
            std::string text;
            text.reserve(size);
            for (int i = 0; text.size() < size; ++i) {
                text += "m{i=\"" + std::to_string(i) + "\"} " + std::to_string(i * 7919) + "\n";
            }
            packed = encoding::gzipCompress(text, 1);
        }
        const TestServer server(compressed ? answering([&](const RawRequest&) {
            return answer(200, {{"Content-Encoding", "gzip"}}, packed);
        })
                                           : sending(size));
        tests::Fetching fetching;
        const PeakOfMemory peak;
        if (!peak.canMeasure()) {
            QSKIP("SKIPPED-LOUDLY: this system does not tell how much memory was taken at most");
        }
        const auto response = fetching.get(to(server, 60s));
        QVERIFY2(response.has_value(), why(response));
        QVERIFY(response->body.size() >= size);
        const auto taken = peak.mebibytes() - std::int64_t(packed.size() * 2 / mebibyte);
        QVERIFY2(taken < 50, qPrintable(QString::number(taken)));
    }

    void manyLongBodiesShareWhatThereIs()
    {
        const TestServer server(sending(SIZE_MAX));
        tests::Fetching fetching({.heldBodies = 24 * mebibyte, .environment = {}});
        const PeakOfMemory peak;
        std::vector<std::future<Result<HttpResponse>>> answers;
        for (int i = 0; i < 20; ++i) {
            answers.push_back(fetching.begin(to(server, 60s)));
        }
        for (auto& one : answers) {
            const auto response = one.get();
            QVERIFY(!response);
            QCOMPARE(response.error().kind, ErrorKind::limit);
        }
        QVERIFY2(peak.mebibytes() < 100, qPrintable(QString::number(peak.mebibytes())));
    }

    void othersAreOnTime()
    {
        const std::string bomb = encoding::gzipCompress(std::string(32 * mebibyte, '0'));
        const TestServer slow(&trickle);
        const TestServer endless(sending(SIZE_MAX));
        const TestServer bombing(answering([&bomb](const RawRequest&) {
            return answer(200, {{"Content-Encoding", "gzip"}}, bomb);
        }));
        std::atomic<int> turn = 0;
        const TestServer flapping([&turn](TestConnection& connection) {
            connection.readRequest();
            switch (++turn % 4) {
            case 0:
                connection.reset();
                break;
            case 1:
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nup");
                break;
            case 2:
                break;
            default:
                connection.write(answer(200, {}, "up 1\n"));
            }
        });
        const TestServer good(
            answering([](const RawRequest&) { return answer(200, {}, std::string(20'000, 'x')); }));

        tests::Fetching fetching;
        std::vector<std::future<Result<HttpResponse>>> hostile;
        HttpRequest large = to(endless, 3s);
        large.maxBody = 8 * mebibyte;
        for (int i = 0; i < 10; ++i) {
            hostile.push_back(fetching.begin(to(slow, 3s)));
            hostile.push_back(fetching.begin(large));
            hostile.push_back(fetching.begin(to(bombing, 3s)));
        }
        for (int i = 0; i < 50; ++i) {
            hostile.push_back(fetching.begin(to(flapping, 3s)));
            hostile.push_back(fetching.begin([] {
                HttpRequest request;
                request.url = "http://127.0.0.1:1/metrics"; // nobody listens
                return request;
            }()));
        }
        std::chrono::microseconds longest{};
        for (int i = 0; i < 200; ++i) {
            const auto response = fetching.get(to(good, 3s));
            QVERIFY2(response.has_value(), why(response));
            longest = std::max(longest, response->timings.total);
        }
        for (auto& one : hostile) {
            one.get();
        }
        qInfo("the longest of 200 good ones took %lld us", static_cast<long long>(longest.count()));
        QVERIFY(longest < 1s);
    }
};

QTEST_GUILESS_MAIN(TestFetchHostile)
#include "tst_fetch_hostile.moc"
