// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/net/fetching.h"
#include "tests/support/test_server.h"

#include <openssl/ssl.h>

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;
using tests::why;

namespace {

/// Answers with what the server knows of the connection.
void tellOfTls(tests::TestConnection& connection)
{
    while (const auto request = connection.readRequest()) {
        const std::string said = connection.serverName() + "|" + connection.clientName() + "|"
            + connection.version() + "|" + std::string((*request)["Host"]);
        connection.write(tests::answer(200, {}, said));
    }
}

/// Speaks just enough HTTP/2 to answer each request with 200 and "two".
/// Source: RFC 9113, sections 3.4, 4.1 and 6; RFC 7541, appendix A: index 8 is ":status: 200".
void speakHttp2(tests::TestConnection& connection)
{
    const auto frame = [](char type, char flags, char stream, const std::string& payload) {
        return std::string({0, 0, static_cast<char>(payload.size()), type, flags, 0, 0, 0, stream})
            + payload;
    };
    constexpr std::size_t preface = 24;
    std::string input = connection.read(preface).substr(preface);
    connection.write(frame(4, 0, 0, ""));
    while (true) {
        while (input.size() < 9) {
            const std::string more = connection.read();
            if (more.empty()) {
                return;
            }
            input += more;
        }
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(input[i]); };
        const std::size_t size = std::size_t{byte(0)} << 16 | std::size_t{byte(1)} << 8 | byte(2);
        if (input.size() < 9 + size) {
            input += connection.read(9 + size - input.size());
        }
        constexpr char headers = 1;
        constexpr char settings = 4;
        constexpr char acknowledged = 1;
        const char type = input[3];
        const char stream = input[8];
        const bool isAnswer = (input[4] & acknowledged) != 0;
        input.erase(0, 9 + size);
        if (type == settings && !isAnswer) {
            connection.write(frame(settings, acknowledged, 0, ""));
        } else if (type == headers) {
            connection.write(frame(headers, 4, stream, "\x88") + frame(0, 1, stream, "two"));
        }
    }
}

} // namespace

class TestFetchTls : public QObject {
    Q_OBJECT

    tests::TestAuthority m_authority;
    tests::Fetching m_fetching;
    QTemporaryDir m_dir;

    tests::TestServerOptions secure(const std::string& names = "IP:127.0.0.1")
    {
        return {.tls = tests::TestServerTls{.certificate = m_authority.issue("server", names)}};
    }
    /// The phases of a request as they are told, in order.
    std::vector<HttpPhase> phasesOf(HttpRequest request)
    {
        std::vector<HttpPhase> told; // read when the answer is there
        request.progress = [&told](HttpPhase phase, const HttpTimings&) { told.push_back(phase); };
        const auto answer = m_fetching.get(std::move(request));
        return answer ? told : std::vector<HttpPhase>();
    }
    HttpRequest to(const tests::TestServer& server)
    {
        HttpRequest request;
        request.url = server.url() + "/";
        request.client.tls.ca = m_authority.pem();
        return request;
    }
    std::string write(const QString& name, const std::string& text)
    {
        QFile file(m_dir.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text.c_str()) < 0) {
            qFatal("cannot write a test file");
        }
        return file.fileName().toStdString();
    }

private slots:
    void believesTheConfiguredAuthority()
    {
        const tests::TestServer server(&tellOfTls, secure());
        HttpRequest request = to(server);
        const auto fromText = m_fetching.get(request);
        QVERIFY2(fromText.has_value(), why(fromText));
        request.client.tls.ca.clear();
        request.client.tls.caFile = write(u"ca"_s, m_authority.pem());
        const auto fromFile = m_fetching.get(request);
        QVERIFY2(fromFile.has_value(), why(fromFile));
    }

    void tellsWhatItIsAt()
    {
        using enum HttpPhase;
        const tests::TestServer server(&tellOfTls, secure());
        auto told = phasesOf(to(server));
        std::erase(told, body); // all of it may come at once
        QCOMPARE(told, std::vector({resolve, connect, tls, firstByte}));
    }

    void believesNobodyElse()
    {
        const tests::TestServer server(&tellOfTls, secure());
        const tests::TestAuthority other("Another Authority");
        HttpRequest request = to(server);
        request.client.tls.ca = other.pem();
        const auto refused = m_fetching.get(request);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::unavailable);
        QVERIFY2(refused.error().message.contains("127.0.0.1"), why(refused));
        QVERIFY2(refused.error().message.contains("certificate"), why(refused));
        request.client.tls.ca.clear();
        QVERIFY(!m_fetching.get(request)); // nor does the system know it
        request.client.tls.skipVerify = true;
        const auto blind = m_fetching.get(request);
        QVERIFY2(blind.has_value(), why(blind));
    }

    void verifiesTheNameThatIsConfigured()
    {
        const tests::TestServer server(&tellOfTls, secure("DNS:db.internal"));
        HttpRequest request = to(server);
        QVERIFY(!m_fetching.get(request)); // the certificate is not 127.0.0.1's
        request.client.tls.serverName = "db.internal";
        const auto answer = m_fetching.get(request);
        QVERIFY2(answer.has_value(), why(answer));
        QVERIFY2(answer->body.starts_with("db.internal|"), answer->body.c_str());
        // Whoever answers there still learns which address was asked for.
        QVERIFY2(answer->body.ends_with("|127.0.0.1:" + std::to_string(server.port())),
                 answer->body.c_str());
        request.client.tls.serverName = "other.internal";
        QVERIFY(!m_fetching.get(request));
    }

    void showsItsCertificate_data()
    {
        QTest::addColumn<bool>("files");
        QTest::newRow("text") << false;
        QTest::newRow("files") << true;
    }

    void showsItsCertificate()
    {
        QFETCH(bool, files);
        auto options = secure();
        options.tls->clientAuthority = m_authority.pem();
        const tests::TestServer server(&tellOfTls, options);
        HttpRequest request = to(server);
        const auto without = m_fetching.get(request);
        QVERIFY(!without);
        const auto own = m_authority.issue("prober");
        if (files) {
            request.client.tls.certFile = write(u"cert"_s, own.certificate);
            request.client.tls.keyFile = write(u"key"_s, own.key);
        } else {
            request.client.tls.cert = own.certificate;
            request.client.tls.key = Secret(own.key);
        }
        const auto answer = m_fetching.get(request);
        QVERIFY2(answer.has_value(), why(answer));
        QVERIFY2(answer->body.contains("|prober|"), answer->body.c_str());
    }

    void aChangedFileCountsAtOnce()
    {
        auto options = secure();
        options.tls->clientAuthority = m_authority.pem();
        const tests::TestServer server(&tellOfTls, options);
        HttpRequest request = to(server);
        request.client.tls.ca.clear();
        request.client.tls.caFile = write(u"ca"_s, m_authority.pem());
        for (const char* name : {"first", "second", "third"}) {
            const auto own = m_authority.issue(name);
            request.client.tls.certFile = write(u"cert"_s, own.certificate);
            request.client.tls.keyFile = write(u"key"_s, own.key);
            const auto answer = m_fetching.get(request);
            QVERIFY2(answer.has_value(), why(answer));
            QVERIFY2(answer->body.contains("|" + std::string(name) + "|"), answer->body.c_str());
        }
        // An authority that is no longer believed ends what was begun under it.
        QVERIFY(m_fetching.get(request).has_value());
        const tests::TestAuthority other("Another Authority");
        write(u"ca"_s, other.pem());
        QVERIFY(!m_fetching.get(request));
    }

    void namesAFileThatIsWrong_data()
    {
        QTest::addColumn<bool>("authority");
        QTest::newRow("of an authority") << true;
        QTest::newRow("of our certificate") << false;
    }

    void namesAFileThatIsWrong()
    {
        QFETCH(bool, authority);
        const tests::TestServer server(&tellOfTls, secure());
        HttpRequest request = to(server);
        TlsOptions& tls = request.client.tls;
        tls.ca.clear();
        (authority ? tls.caFile : tls.certFile) = "/does/not/exist.pem";
        const auto missing = m_fetching.get(request);
        QVERIFY(!missing);
        QCOMPARE(missing.error().kind, ErrorKind::notFound);
        QVERIFY2(missing.error().message.contains("/does/not/exist.pem"), why(missing));

        const std::string broken = write(u"broken"_s, "no PEM");
        (authority ? tls.caFile : tls.certFile) = broken;
        const auto unreadable = m_fetching.get(request);
        QVERIFY(!unreadable);
        QVERIFY2(unreadable.error().message.contains(broken), why(unreadable));
    }

    void keepsToItsVersions_data()
    {
        QTest::addColumn<QByteArray>("least");
        QTest::addColumn<QByteArray>("most");
        QTest::addColumn<int>("serverLeast");
        QTest::addColumn<int>("serverMost");
        QTest::addColumn<QByteArray>("agreed"); // empty: none
        QTest::newRow("at most 1.2") << ""_ba << "TLS12"_ba << 0 << 0 << "TLSv1.2"_ba;
        QTest::newRow("at least 1.3") << "TLS13"_ba << ""_ba << 0 << TLS1_2_VERSION << ""_ba;
        QTest::newRow("exactly 1.2") << "TLS12"_ba << "TLS12"_ba << 0 << 0 << "TLSv1.2"_ba;
        QTest::newRow("the server is too old") << ""_ba << ""_ba << 0 << TLS1_1_VERSION << ""_ba;
        QTest::newRow("old where it is asked for")
            << "TLS10"_ba << ""_ba << TLS1_VERSION << TLS1_1_VERSION << "TLSv1.1"_ba;
    }

    void keepsToItsVersions()
    {
        QFETCH(QByteArray, least);
        QFETCH(QByteArray, most);
        QFETCH(int, serverLeast);
        QFETCH(int, serverMost);
        QFETCH(QByteArray, agreed);
        auto options = secure();
        options.tls->minVersion = serverLeast;
        options.tls->maxVersion = serverMost;
        const tests::TestServer server(&tellOfTls, options);
        HttpRequest request = to(server);
        request.client.tls.minVersion = least.toStdString();
        request.client.tls.maxVersion = most.toStdString();
        const auto answer = m_fetching.get(request);
        QVERIFY2(answer.has_value() != agreed.isEmpty(), why(answer));
        if (answer) {
            QVERIFY2(answer->body.contains("|" + agreed.toStdString() + "|"), answer->body.c_str());
        }
    }

    void refusesAVersionThatIsNone()
    {
        const tests::TestServer server(&tellOfTls, secure());
        HttpRequest request = to(server);
        request.client.tls.minVersion = "TLS14";
        const auto answer = m_fetching.get(request);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::invalid);
        QVERIFY2(answer.error().message.contains("TLS14"), why(answer));
    }

    void speaksHttp2WhereBothWant_data()
    {
        QTest::addColumn<bool>("wanted");
        QTest::addColumn<QByteArray>("offered");
        QTest::addColumn<QByteArray>("protocol");
        QTest::newRow("both") << true << "h2,http/1.1"_ba << "h2"_ba;
        QTest::newRow("not we") << false << "h2,http/1.1"_ba << "http/1.1"_ba;
        QTest::newRow("not the server") << true << "http/1.1"_ba << "http/1.1"_ba;
    }

    void speaksHttp2WhereBothWant()
    {
        QFETCH(bool, wanted);
        QFETCH(QByteArray, offered);
        QFETCH(QByteArray, protocol);
        auto options = secure();
        options.tls->protocols = offered.toStdString();
        std::atomic<bool> asExpected = true;
        const tests::TestServer server(
            [&](tests::TestConnection& connection) {
                asExpected = asExpected && connection.protocol() == protocol.toStdString();
                if (connection.protocol() == "h2") {
                    speakHttp2(connection);
                } else {
                    tests::answering([](const tests::RawRequest&) {
                        return tests::answer(200, {}, "one");
                    })(connection);
                }
            },
            options);
        HttpRequest request = to(server);
        request.client.http2 = wanted;
        for (int i = 0; i < 3; ++i) {
            const auto answer = m_fetching.get(request);
            QVERIFY2(answer.has_value(), why(answer));
            QCOMPARE(answer->status, 200);
            QCOMPARE(QByteArray::fromStdString(answer->body),
                     protocol == "h2" ? "two"_ba : "one"_ba);
        }
        QVERIFY(asExpected);
        QCOMPARE(server.connections(), 1);
    }

    void aPlainAddressStaysHttp1()
    {
        std::string head;
        const tests::TestServer server(tests::answering([&head](const tests::RawRequest& request) {
            head = request["Upgrade"];
            return tests::answer(200, {}, "");
        }));
        const auto answer = m_fetching.get(server.url());
        QVERIFY2(answer.has_value(), why(answer));
        QCOMPARE(head, std::string());
    }
};

QTEST_GUILESS_MAIN(TestFetchTls)
#include "tst_fetch_tls.moc"
