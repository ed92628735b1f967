// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/url.h"

#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;

class TestUrl : public QObject {
    Q_OBJECT
private slots:
    void takesApart_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("authority");
        QTest::addColumn<QByteArray>("hostHeader");
        QTest::newRow("port of the scheme") << "http://a.example/m"_ba << "http://a.example/m"_ba
                                            << "a.example:80"_ba << "a.example"_ba;
        QTest::newRow("port of https") << "https://a.example/m"_ba << "https://a.example/m"_ba
                                       << "a.example:443"_ba << "a.example"_ba;
        QTest::newRow("own port") << "http://a.example:9100/m?x=%20y"_ba
                                  << "http://a.example:9100/m?x=%20y"_ba << "a.example:9100"_ba
                                  << "a.example:9100"_ba;
        QTest::newRow("https on the port of http") << "https://a.example:80/"_ba
                                                   << "https://a.example:80/"_ba
                                                   << "a.example:80"_ba << "a.example:80"_ba;
        QTest::newRow("user and fragment are not of it")
            << "http://u:p@a.example/m#here"_ba << "http://a.example/m"_ba << "a.example:80"_ba
            << "a.example"_ba;
        QTest::newRow("case of the host") << "HTTP://A.Example/M"_ba << "http://A.Example/M"_ba
                                          << "a.example:80"_ba << "a.example"_ba;
        QTest::newRow("IPv6") << "http://[::1]:9100/"_ba << "http://[::1]:9100/"_ba
                              << "[::1]:9100"_ba << "[::1]:9100"_ba;
        QTest::newRow("IPv6 with a zone")
            << "http://[fe80::1%25eth0]:9100/"_ba << "http://[fe80::1%25eth0]:9100/"_ba
            << "[fe80::1%25eth0]:9100"_ba << "[fe80::1%25eth0]:9100"_ba;
    }

    void takesApart()
    {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, authority);
        QFETCH(QByteArray, hostHeader);
        const auto url = net::parseUrl(given.toStdString());
        QVERIFY2(url.has_value(), url ? "" : url.error().message.c_str());
        QCOMPARE(QByteArray::fromStdString(url->text), text);
        QCOMPARE(QByteArray::fromStdString(url->authority()), authority);
        QCOMPARE(QByteArray::fromStdString(url->hostHeader()), hostHeader);
    }

    void decodesUserAndPassword()
    {
        const auto url = net::parseUrl("http://a%40b:p%3Aw@host/");
        QVERIFY(url.has_value());
        QCOMPARE(url->user, std::string("a@b"));
        QCOMPARE(url->password, std::string("p:w"));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("another scheme") << "gopher://host/"_ba << "gopher"_ba;
        QTest::newRow("a file") << "file:///etc/passwd"_ba << "file"_ba;
        QTest::newRow("no host") << "http://"_ba << "http://"_ba;
        QTest::newRow("no scheme") << "host/path"_ba << "host/path"_ba;
        QTest::newRow("empty") << ""_ba << "\"\""_ba;
        QTest::newRow("port too large") << "http://host:70000/"_ba << "70000"_ba;
    }

    void refuses()
    {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, says);
        const auto url = net::parseUrl(given.toStdString());
        QVERIFY(!url);
        QCOMPARE(url.error().kind, ErrorKind::invalid);
        QVERIFY2(url.error().message.contains(says.toStdString()), url.error().message.c_str());
    }

    void neverShowsAPassword()
    {
        for (const char* text : {"ftp://user:hunter2@host/", "http://user:hunter2@host:x/",
                                 "http://user:hunter2@/", "user:hunter2@host"}) {
            const auto url = net::parseUrl(text);
            QVERIFY2(!url, text);
            QVERIFY2(!url.error().message.contains("hunter2"), url.error().message.c_str());
        }
    }

    void resolvesReferences_data()
    {
        QTest::addColumn<QByteArray>("reference");
        QTest::addColumn<QByteArray>("address");
        QTest::newRow("absolute") << "https://b.example/"_ba << "https://b.example/"_ba;
        QTest::newRow("path") << "/m"_ba << "http://a.example:1/m"_ba;
        QTest::newRow("beside") << "m?x=1"_ba << "http://a.example:1/x/m?x=1"_ba;
        QTest::newRow("above") << "../m"_ba << "http://a.example:1/m"_ba;
        QTest::newRow("query") << "?x=1"_ba << "http://a.example:1/x/y?x=1"_ba;
        QTest::newRow("host") << "//b.example/m"_ba << "http://b.example/m"_ba;
        QTest::newRow("another scheme") << "file:///etc/passwd"_ba << "file:///etc/passwd"_ba;
    }

    void resolvesReferences()
    {
        QFETCH(QByteArray, reference);
        QFETCH(QByteArray, address);
        const auto base = net::parseUrl("http://a.example:1/x/y?z=2");
        QVERIFY(base.has_value());
        QCOMPARE(QByteArray::fromStdString(net::resolved(*base, reference.toStdString())), address);
    }

    void namesAnotherHost()
    {
        const auto url = net::parseUrl("https://[fe80::1%25eth0]:9100/m?x=1");
        QVERIFY(url.has_value());
        QCOMPARE(net::withHost(*url, "db.internal"), std::string("https://db.internal:9100/m?x=1"));
        QCOMPARE(net::withHost(*url, "no name"), std::string());
    }
};

QTEST_GUILESS_MAIN(TestUrl)
#include "tst_url.moc"
