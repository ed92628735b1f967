// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/dns_provider.h"
#include "tests/core/discovery/rig.h"

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestDnsProvider : public QObject {
    Q_OBJECT

    static void run(test::ProviderRig& rig, std::vector<std::string> names,
                    const std::string& type = "SRV", std::uint16_t port = 0)
    {
        config::DnsDiscovery config;
        config.names = std::move(names);
        config.type = type;
        config.port = port;
        rig.run(std::make_unique<discovery::DnsProvider>(config, rig.ports));
    }

private slots:
    // The labels as Prometheus' source has them: with the final dot that the records have.
    void labels_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<int>("asked");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<int>("port"); // of the record
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("SRV") << "SRV"_ba << int(DnsType::srv) << "h.example.org"_ba << 9100
                             << "h.example.org:9100\n"
                                "  __meta_dns_name=n\n"
                                "  __meta_dns_srv_record_port=9100\n"
                                "  __meta_dns_srv_record_target=h.example.org.\n"_ba;
        QTest::newRow("A, in small letters") << "a"_ba << int(DnsType::a) << "10.0.0.1"_ba << 0
                                             << "10.0.0.1:80\n  __meta_dns_name=n\n"_ba;
        QTest::newRow("AAAA") << "AAAA"_ba << int(DnsType::aaaa) << "2001:db8::1"_ba << 0
                              << "[2001:db8::1]:80\n  __meta_dns_name=n\n"_ba;
        QTest::newRow("MX") << "MX"_ba << int(DnsType::mx) << "mail.example.org"_ba << 0
                            << "mail.example.org:80\n"
                               "  __meta_dns_mx_record_target=mail.example.org.\n"
                               "  __meta_dns_name=n\n"_ba;
        QTest::newRow("NS") << "NS"_ba << int(DnsType::ns) << "ns1.example.org"_ba << 0
                            << "ns1.example.org:80\n"
                               "  __meta_dns_name=n\n"
                               "  __meta_dns_ns_record_target=ns1.example.org.\n"_ba;
        QTest::newRow("a service that is said not to exist")
            << "SRV"_ba << int(DnsType::srv) << ""_ba << 0 << ""_ba;
    }
    void labels()
    {
        QFETCH(QByteArray, type);
        QFETCH(int, asked);
        QFETCH(QByteArray, target);
        QFETCH(int, port);
        QFETCH(QByteArray, expected);
        test::ProviderRig rig;
        rig.dns.answers[{static_cast<DnsType>(asked), "n"}]
            = test::FakeDns::Records{{target.toStdString(), static_cast<std::uint16_t>(port)}};
        run(rig, {"n"}, type.toStdString(), 80);
        QCOMPARE(rig.updates.size(), 1U);
        QCOMPARE(test::dump(rig.updates[0]), expected);
    }

    void namesThatFailKeepTheirTargets()
    {
        test::ProviderRig rig;
        const auto set = [&rig](const char* name, Result<test::FakeDns::Records> records) {
            rig.dns.answers.insert_or_assign({DnsType::srv, name}, std::move(records));
        };
        set("one", test::FakeDns::Records{{"a", 1}, {"b", 2}});
        set("two", test::FakeDns::Records{{"c", 3}});
        run(rig, {"one", "two"});
        QCOMPARE(rig.addresses(), "a:1 b:2 c:3"_ba);
        set("one", fail(ErrorKind::timeout, "no answer"));
        set("two", test::FakeDns::Records{{"d", 4}});
        rig.runUntil(rig.start + 30s);
        QCOMPARE(rig.addresses(), "a:1 b:2 d:4"_ba);
        QCOMPARE(QByteArray::fromStdString(rig.error()), "one: no answer"_ba);
        // No records are an answer.
        set("one", test::FakeDns::Records{});
        rig.runUntil(rig.start + 60s);
        QCOMPARE(rig.addresses(), "d:4"_ba);
        QVERIFY(rig.error().empty());
    }

    void nothingIsKnownUntilANameAnswers()
    {
        test::ProviderRig rig;
        rig.dns.answers[{DnsType::srv, "n"}] = fail(ErrorKind::unavailable, "no server");
        run(rig, {"n"});
        QVERIFY(rig.updates.empty());
        QCOMPARE(QByteArray::fromStdString(rig.error()), "n: no server"_ba);
    }

    void allNamesAreAskedAtOnce()
    {
        test::ProviderRig rig;
        rig.dns.holds = true;
        run(rig, {"a", "b", "c"});
        QCOMPARE(rig.dns.questions.size(), 3U);
        rig.runUntil(rig.start + 5min);
        QCOMPARE(rig.dns.questions.size(), 3U);
        rig.dns.release();
        QCOMPARE(rig.updates.size(), 1U);
        rig.provider->advance(rig.clock.at);
        rig.provider.reset();
        rig.dns.release();
        QCOMPARE(rig.updates.size(), 1U);
    }
};

QTEST_GUILESS_MAIN(TestDnsProvider)
#include "tst_dns_provider.moc"
