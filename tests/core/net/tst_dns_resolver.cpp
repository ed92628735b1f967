// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/dns_resolver.h"
#include "tests/support/qt_test.h"

#include <future>
#include <memory>

#include <QNetworkDatagram>
#include <QUdpSocket>

using namespace watchfire;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

QByteArray sixteen(unsigned value)
{
    return QByteArray(1, char(value >> 8)) + QByteArray(1, char(value & 255));
}

QByteArray dnsName(const QByteArray& name)
{
    QByteArray out;
    for (const QByteArray& part : name.split('.')) {
        out += char(part.size()) + part;
    }
    return out + '\0';
}

struct Record {
    unsigned type = 0;
    QByteArray data;
};

/// Answers questions over UDP as RFC 1035 has it, from a list of its own.
class NameServer : public QObject {
public:
    QMap<QByteArray, QList<Record>> records; ///< by name
    QSet<QByteArray> silent; ///< names that get no answer
    unsigned code = 3; ///< for names it does not know: NXDOMAIN

    NameServer()
    {
        m_socket.bind(QHostAddress::LocalHost, 0);
        connect(&m_socket, &QUdpSocket::readyRead, this, [this] {
            while (m_socket.hasPendingDatagrams()) {
                const QNetworkDatagram question = m_socket.receiveDatagram();
                if (const QByteArray answer = answerTo(question.data()); !answer.isEmpty()) {
                    m_socket.writeDatagram(question.makeReply(answer));
                }
            }
        });
    }
    std::uint16_t port() const { return m_socket.localPort(); }

private:
    QByteArray answerTo(const QByteArray& question) const
    {
        QByteArray name;
        qsizetype at = 12;
        while (question[at] != 0) {
            name += (name.isEmpty() ? "" : ".") + question.mid(at + 1, question[at]);
            at += question[at] + 1;
        }
        const unsigned type = unsigned(question[at + 2]);
        const QByteArray asked = question.mid(12, at + 5 - 12);
        if (silent.contains(name)) {
            return {};
        }
        QByteArray answers;
        unsigned count = 0;
        for (const Record& record : records.value(name)) {
            if (record.type == type) {
                answers += "\xC0\x0C"_ba + sixteen(type) + sixteen(1) + sixteen(0) + sixteen(60)
                    + sixteen(unsigned(record.data.size())) + record.data;
                ++count;
            }
        }
        const unsigned flags = 0x8180 | (records.contains(name) ? 0 : code);
        return question.left(2) + sixteen(flags) + sixteen(1) + sixteen(count) + sixteen(0)
            + sixteen(0) + asked + answers;
    }

    QUdpSocket m_socket;
};

} // namespace

class TestDnsResolver : public QObject {
    Q_OBJECT

    NameServer m_server;

    Result<std::vector<DnsRecord>> ask(DnsType type, const char* name,
                                       std::chrono::milliseconds timeout = 5s)
    {
        net::QtDnsResolver resolver(
            {std::pair(QHostAddress(QHostAddress::LocalHost), m_server.port()), timeout});
        auto promise = std::make_shared<std::promise<Result<std::vector<DnsRecord>>>>();
        auto answer = promise->get_future();
        const Ticket ticket = resolver.lookup(
            type, name, [promise](auto result) { promise->set_value(std::move(result)); });
        // The server of this test answers in this thread.
        if (!QTest::qWaitFor([&] { return answer.wait_for(0s) == std::future_status::ready; },
                             20'000)) {
            return fail(ErrorKind::internal, "no answer at all");
        }
        return answer.get();
    }

private slots:
    void init()
    {
        m_server.records = {
            {"one.test", {{1, "\x7F\x00\x00\x01"_ba}, {1, "\x0A\x00\x00\x02"_ba}}},
            {"six.test", {{28, QByteArray(15, '\0') + '\x01'}}},
            {"_web._tcp.test",
             {{33, sixteen(0) + sixteen(5) + sixteen(9100) + dnsName("a.test")},
              {33, sixteen(0) + sixteen(5) + sixteen(9200) + dnsName("b.test")}}},
            {"mail.test", {{15, sixteen(10) + dnsName("mx.test")}}},
            {"zone.test", {{2, dnsName("ns1.test")}}},
        };
        m_server.code = 3;
    }

    void recordsOfEachKind_data()
    {
        using Records = std::vector<DnsRecord>;
        QTest::addColumn<DnsType>("type");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<Records>("wanted");
        QTest::newRow("A") << DnsType::a << "one.test"_ba
                           << Records{{"10.0.0.2", 0}, {"127.0.0.1", 0}};
        QTest::newRow("AAAA") << DnsType::aaaa << "six.test"_ba << Records{{"::1", 0}};
        QTest::newRow("SRV") << DnsType::srv << "_web._tcp.test"_ba
                             << Records{{"a.test", 9100}, {"b.test", 9200}};
        QTest::newRow("MX") << DnsType::mx << "mail.test"_ba << Records{{"mx.test", 0}};
        QTest::newRow("NS") << DnsType::ns << "zone.test"_ba << Records{{"ns1.test", 0}};
        QTest::newRow("none of that kind") << DnsType::aaaa << "one.test"_ba << Records{};
        QTest::newRow("no such name") << DnsType::a << "nobody.test"_ba << Records{};
    }
    void recordsOfEachKind()
    {
        QFETCH(DnsType, type);
        QFETCH(QByteArray, name);
        QFETCH(std::vector<DnsRecord>, wanted);
        auto got = ask(type, name.constData());
        QVERIFY2(got.has_value(), got ? "" : got.error().message.c_str());
        std::ranges::sort(*got, {}, [](const DnsRecord& record) {
            return std::pair(record.target, record.port);
        });
        QVERIFY(*got == wanted);
    }

    void errorsNameTheName_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("kind");
        QTest::newRow("no name") << QByteArray("") << int(ErrorKind::invalid);
        QTest::newRow("a server in trouble") << "nobody.test"_ba << int(ErrorKind::unavailable);
        QTest::newRow("a server that says nothing") << "silent.test"_ba << int(ErrorKind::timeout);
    }
    void errorsNameTheName()
    {
        QFETCH(QByteArray, name);
        QFETCH(int, kind);
        m_server.code = 2; // SERVFAIL
        m_server.silent = {"silent.test"};
        const auto got
            = ask(DnsType::a, name.constData(), kind == int(ErrorKind::timeout) ? 200ms : 5s);
        QVERIFY(!got);
        QCOMPARE(int(got.error().kind), kind);
        QVERIFY2(got.error().message.contains(name.toStdString()), got.error().message.c_str());
    }

    void aDroppedQuestionIsNotAnswered()
    {
        m_server.silent = {"silent.test"};
        net::QtDnsResolver resolver(
            {std::pair(QHostAddress(QHostAddress::LocalHost), m_server.port()), 50ms});
        std::atomic<int> dropped = 0;
        std::atomic<int> kept = 0;
        Ticket first = resolver.lookup(DnsType::a, "silent.test", [&](const auto&) { ++dropped; });
        first.cancel();
        const Ticket second
            = resolver.lookup(DnsType::a, "silent.test", [&](const auto&) { ++kept; });
        QTRY_COMPARE(kept.load(), 1);
        QCOMPARE(dropped.load(), 0);
    }
};

QTEST_GUILESS_MAIN(TestDnsResolver)
#include "tst_dns_resolver.moc"
