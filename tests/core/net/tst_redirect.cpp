// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/redirect.h"

#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;

namespace {

net::Url url(const QByteArray& text)
{
    const auto parsed = net::parseUrl(text.toStdString());
    if (!parsed) {
        qFatal("%s", parsed.error().message.c_str());
    }
    return *parsed;
}

} // namespace

class TestRedirect : public QObject {
    Q_OBJECT
private slots:
    void knowsItsOrigin_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<bool>("same");
        QTest::newRow("another path") << "http://a.example/x"_ba << "http://a.example/y"_ba << true;
        QTest::newRow("case of the host")
            << "http://a.example/"_ba << "http://A.EXAMPLE/"_ba << true;
        QTest::newRow("the port written out") << "http://a.example/"_ba
                                              << "http://a.example:80/"_ba << true;
        QTest::newRow("grown to https")
            << "http://a.example/"_ba << "https://a.example/"_ba << true;
        QTest::newRow("https on a port of its own") << "http://a.example:9100/"_ba
                                                    << "https://a.example:9443/"_ba << false;
        QTest::newRow("https on the same port") << "http://a.example:9100/"_ba
                                                << "https://a.example:9100/"_ba << false;
        QTest::newRow("fallen to http")
            << "https://a.example/"_ba << "http://a.example/"_ba << false;
        QTest::newRow("another port is another program") << "http://a.example:9100/"_ba
                                                         << "http://a.example:9101/"_ba << false;
        QTest::newRow("another host") << "http://a.example/"_ba << "http://b.example/"_ba << false;
        QTest::newRow("a subdomain may be somebody else's")
            << "http://a.example/"_ba << "http://x.a.example/"_ba << false;
        QTest::newRow("the domain above")
            << "http://x.a.example/"_ba << "http://a.example/"_ba << false;
        QTest::newRow("same ending") << "http://a.example/"_ba << "http://ba.example/"_ba << false;
    }

    void knowsItsOrigin()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(bool, same);
        QCOMPARE(net::isSameOrigin(url(from), url(to)), same);
    }

    void choosesTheMethod_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("next"); // empty: the answer is kept
        QTest::addColumn<bool>("sendsBody");
        QTest::newRow("301 of GET") << 301 << "GET"_ba << "GET"_ba << false;
        QTest::newRow("302 of POST") << 302 << "POST"_ba << "GET"_ba << false;
        QTest::newRow("303 of PUT") << 303 << "PUT"_ba << "GET"_ba << false;
        QTest::newRow("303 of HEAD") << 303 << "HEAD"_ba << "HEAD"_ba << false;
        QTest::newRow("307 of POST") << 307 << "POST"_ba << "POST"_ba << true;
        QTest::newRow("308 of PUT") << 308 << "PUT"_ba << "PUT"_ba << true;
        QTest::newRow("several choices") << 300 << "GET"_ba << ""_ba << true;
        QTest::newRow("not modified") << 304 << "GET"_ba << ""_ba << true;
        QTest::newRow("use proxy is history") << 305 << "GET"_ba << ""_ba << true;
        QTest::newRow("made") << 201 << "POST"_ba << ""_ba << true;
    }

    void choosesTheMethod()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, next);
        QFETCH(bool, sendsBody);
        const net::Hop hop{.url = url("http://a.example/"), .method = method.toStdString()};
        const auto followed = net::redirected(hop, status, "http://a.example/there");
        QVERIFY(followed.has_value());
        QCOMPARE(followed->has_value(), !next.isEmpty());
        if (*followed) {
            QCOMPARE((*followed)->method, next.toStdString());
            QCOMPARE((*followed)->sendsBody, sendsBody);
            QCOMPARE((*followed)->url.text, std::string("http://a.example/there"));
        }
    }

    void keepsAnAnswerThatLeadsNowhere()
    {
        const auto followed
            = net::redirected({.url = url("http://a.example/"), .method = "GET"}, 302, "");
        QVERIFY(followed && !*followed);
    }

    void onceItLeftItStaysALeaver()
    {
        net::Hop hop{.url = url("http://a.example/"), .method = "GET"};
        hop = **net::redirected(hop, 302, "http://b.example/");
        QVERIFY(!hop.isTrusted);
        hop = **net::redirected(hop, 302, "http://a.example/secret?from=b");
        QVERIFY(!hop.isTrusted);
    }

    void followsNoOtherScheme()
    {
        const auto followed = net::redirected({.url = url("http://a.example/"), .method = "GET"},
                                              302, "file:///etc/passwd");
        QVERIFY(!followed);
        QCOMPARE(followed.error().kind, ErrorKind::invalid);
        QVERIFY(followed.error().message.contains("a.example"));
    }

    void endsAfterTen()
    {
        net::Hop hop{.url = url("http://a.example/"), .method = "GET"};
        for (int i = 0; i < 10; ++i) {
            hop = **net::redirected(hop, 302, "http://a.example/");
        }
        const auto followed = net::redirected(hop, 302, "http://a.example/");
        QVERIFY(!followed);
        QCOMPARE(followed.error().kind, ErrorKind::limit);
    }

    void keepsSecretsAtHome()
    {
        const HttpHeaders own{{"Accept", "text/plain"},
                              {"user-agent", "Watchfire"},
                              {"Content-Type", "application/json"},
                              {"Cookie", "session=1"},
                              {"X-Consul-Token", "t"}};
        const HttpHeaders configured{{"X-Api-Key", "k"}};
        net::Hop hop{.url = url("http://a.example/"), .method = "POST"};
        const auto sent
            = [&] { return net::headersFor(hop, own, configured, Secret("Bearer tok")); };
        QCOMPARE(sent(),
                 (HttpHeaders{{"Accept", "text/plain"},
                              {"user-agent", "Watchfire"},
                              {"Content-Type", "application/json"},
                              {"Cookie", "session=1"},
                              {"X-Consul-Token", "t"},
                              {"X-Api-Key", "k"},
                              {"Authorization", "Bearer tok"}}));
        hop.isTrusted = false;
        QCOMPARE(sent(),
                 (HttpHeaders{{"Accept", "text/plain"},
                              {"user-agent", "Watchfire"},
                              {"Content-Type", "application/json"}}));
        hop.sendsBody = false;
        QCOMPARE(sent(), (HttpHeaders{{"Accept", "text/plain"}, {"user-agent", "Watchfire"}}));
    }

    void anAuthorizationOfTheRequestGoesFirst()
    {
        const net::Hop hop{.url = url("http://a.example/"), .method = "GET"};
        QCOMPARE(net::headersFor(hop, {{"authorization", "Own 1"}}, {}, Secret("Bearer tok")),
                 (HttpHeaders{{"authorization", "Own 1"}}));
    }
};

QTEST_GUILESS_MAIN(TestRedirect)
#include "tst_redirect.moc"
