// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/proxy.h"

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

class TestProxy : public QObject {
    Q_OBJECT
private slots:
    void knowsExceptions_data()
    {
        QTest::addColumn<QByteArray>("list");
        QTest::addColumn<QByteArray>("address");
        QTest::addColumn<bool>("excepted");
        QTest::newRow("the host") << "a.example"_ba << "http://a.example/"_ba << true;
        QTest::newRow("below the host") << "a.example"_ba << "http://x.a.example/"_ba << true;
        QTest::newRow("same ending") << "a.example"_ba << "http://ba.example/"_ba << false;
        QTest::newRow("case") << "A.Example"_ba << "http://a.EXAMPLE/"_ba << true;
        QTest::newRow("one of several")
            << "b.example, a.example ,"_ba << "http://a.example/"_ba << true;
        QTest::newRow("dot: only below") << ".a.example"_ba << "http://a.example/"_ba << false;
        QTest::newRow("dot: below") << ".a.example"_ba << "http://x.a.example/"_ba << true;
        QTest::newRow("star and dot: only below")
            << "*.a.example"_ba << "http://a.example/"_ba << false;
        QTest::newRow("star and dot: below")
            << "*.a.example"_ba << "http://x.a.example/"_ba << true;
        QTest::newRow("all") << "b.example,*"_ba << "http://a.example/"_ba << true;
        QTest::newRow("the port") << "a.example:9100"_ba << "http://a.example:9100/"_ba << true;
        QTest::newRow("the scheme's port") << "a.example:443"_ba << "https://a.example/"_ba << true;
        QTest::newRow("another port") << "a.example:9100"_ba << "http://a.example/"_ba << false;
        QTest::newRow("an address") << "10.1.2.3"_ba << "http://10.1.2.3:9100/"_ba << true;
        QTest::newRow("an address with a port")
            << "10.1.2.3:80"_ba << "http://10.1.2.3:9100/"_ba << false;
        QTest::newRow("an address is no ending") << "2.3"_ba << "http://10.1.2.3/"_ba << false;
        QTest::newRow("a network") << "10.0.0.0/8"_ba << "http://10.1.2.3/"_ba << true;
        QTest::newRow("another network") << "10.0.0.0/8"_ba << "http://11.1.2.3/"_ba << false;
        QTest::newRow("a network of odd bits") << "10.1.2.0/23"_ba << "http://10.1.3.9/"_ba << true;
        QTest::newRow("just outside") << "10.1.2.0/23"_ba << "http://10.1.4.0/"_ba << false;
        QTest::newRow("every address") << "0.0.0.0/0"_ba << "http://10.1.2.3/"_ba << true;
        QTest::newRow("a network has no names")
            << "0.0.0.0/0"_ba << "http://a.example/"_ba << false;
        QTest::newRow("IPv6") << "2001:db8::1"_ba << "http://[2001:DB8:0::1]/"_ba << true;
        QTest::newRow("IPv6 in brackets with a port") << "[2001:db8::1]:80"_ba
                                                      << "http://[2001:db8::1]/"_ba << true;
        QTest::newRow("a network of IPv6")
            << "2001:db8::/32"_ba << "http://[2001:db8:9::1]/"_ba << true;
        QTest::newRow("not one of IPv4") << "2001:db8::/32"_ba << "http://10.1.2.3/"_ba << false;
        QTest::newRow("too long a prefix") << "10.1.2.3/33"_ba << "http://10.1.2.3/"_ba << false;
        QTest::newRow("a prefix of letters") << "10.1.2.3/x"_ba << "http://10.1.2.3/"_ba << false;
        QTest::newRow("only a port") << ":80"_ba << "http://a.example/"_ba << false;
        QTest::newRow("this machine by name") << ""_ba << "http://localhost:9100/"_ba << true;
        QTest::newRow("this machine") << ""_ba << "http://127.0.0.2:9100/"_ba << true;
        QTest::newRow("this machine by IPv6") << ""_ba << "http://[::1]/"_ba << true;
        QTest::newRow("nothing") << ""_ba << "http://a.example/"_ba << false;
    }

    void knowsExceptions()
    {
        QFETCH(QByteArray, list);
        QFETCH(QByteArray, address);
        QFETCH(bool, excepted);
        QCOMPARE(net::isExcepted(list.toStdString(), url(address)), excepted);
    }

    void choosesAProxy_data()
    {
        QTest::addColumn<QByteArray>("configured");
        QTest::addColumn<QByteArray>("exceptions");
        QTest::addColumn<bool>("fromEnvironment");
        QTest::addColumn<QByteArray>("address");
        QTest::addColumn<QByteArray>("proxy"); // empty: none
        const QByteArray site = "http://a.example/"_ba;
        QTest::newRow("the environment alone says nothing")
            << ""_ba << ""_ba << false << site << ""_ba;
        QTest::newRow("configured")
            << "http://proxy:3128"_ba << ""_ba << false << site << "http://proxy:3128"_ba;
        QTest::newRow("with user and password") << "http://u:p%40@proxy:3128"_ba << ""_ba << false
                                                << site << "http://u:p%40@proxy:3128"_ba;
        QTest::newRow("without scheme")
            << "proxy:3128"_ba << ""_ba << false << site << "http://proxy:3128"_ba;
        QTest::newRow("without port")
            << "http://proxy/"_ba << ""_ba << false << site << "http://proxy:80"_ba;
        QTest::newRow("https without port")
            << "https://proxy"_ba << ""_ba << false << site << "https://proxy:443"_ba;
        QTest::newRow("socks resolves there")
            << "socks5://u:p@proxy"_ba << ""_ba << false << site << "socks5h://u:p@proxy:1080"_ba;
        QTest::newRow("of IPv6") << "http://[::1]:3128"_ba << ""_ba << false << site
                                 << "http://[::1]:3128"_ba;
        QTest::newRow("an exception")
            << "http://proxy:3128"_ba << "a.example"_ba << false << site << ""_ba;
        QTest::newRow("configured without exceptions: this machine too")
            << "http://proxy:3128"_ba << ""_ba << false << "http://localhost/"_ba
            << "http://proxy:3128"_ba;
        QTest::newRow("with exceptions: this machine directly")
            << "http://proxy:3128"_ba << "b.example"_ba << false << "http://localhost/"_ba << ""_ba;
        QTest::newRow("from the environment")
            << ""_ba << ""_ba << true << site << "http://env-http:1"_ba;
        QTest::newRow("from the environment for https")
            << ""_ba << ""_ba << true << "https://a.example/"_ba
            << "http://env-https:2"_ba;
        QTest::newRow("an exception of the environment")
            << ""_ba << ""_ba << true << "http://skip.example/"_ba << ""_ba;
        QTest::newRow("the environment leaves this machine alone")
            << ""_ba << ""_ba << true << "http://127.0.0.1:9100/"_ba << ""_ba;
    }

    void choosesAProxy()
    {
        QFETCH(QByteArray, configured);
        QFETCH(QByteArray, exceptions);
        QFETCH(bool, fromEnvironment);
        QFETCH(QByteArray, address);
        QFETCH(QByteArray, proxy);
        ProxyOptions options;
        options.url = configured.toStdString();
        options.noProxy = exceptions.toStdString();
        options.fromEnvironment = fromEnvironment;
        const net::ProxyEnvironment environment{"http://env-http:1", "env-https:2", "skip.example"};
        const auto chosen = net::proxyFor(options, environment, url(address));
        QVERIFY2(chosen.has_value(), chosen ? "" : chosen.error().message.c_str());
        QCOMPARE(QByteArray::fromStdString(*chosen ? (*chosen)->url : ""), proxy);
    }

    void refusesWhatIsNoProxy_data()
    {
        QTest::addColumn<QByteArray>("configured");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("another scheme") << "ftp://u:hunter2@proxy"_ba << "ftp"_ba;
        QTest::newRow("no host") << "http://u:hunter2@"_ba << "the proxy"_ba;
    }

    void refusesWhatIsNoProxy()
    {
        QFETCH(QByteArray, configured);
        QFETCH(QByteArray, says);
        ProxyOptions options;
        options.url = configured.toStdString();
        const auto chosen = net::proxyFor(options, {}, url("http://a.example/"));
        QVERIFY(!chosen);
        QCOMPARE(chosen.error().kind, ErrorKind::invalid);
        QVERIFY2(chosen.error().message.contains(says.toStdString()),
                 chosen.error().message.c_str());
        QVERIFY(!chosen.error().message.contains("hunter2"));
    }
};

QTEST_GUILESS_MAIN(TestProxy)
#include "tst_proxy.moc"
