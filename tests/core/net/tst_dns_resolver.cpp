// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/dns_resolver.h"
#include "core/net/search_names.h"
#include "tests/core/net/fake_dns.h"

#include <optional>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace watchfire;
using tests::FakeDns;

namespace {

using Answer = Result<std::vector<DnsRecord>>;

QStringList shown(const Answer& answer)
{
    QStringList out;
    for (const DnsRecord& record : answer.value()) {
        out << QString::fromStdString(record.target)
                + (record.port != 0 ? u":%1"_s.arg(record.port) : QString());
    }
    out.sort();
    return out;
}

} // namespace

class TestDnsResolver : public QObject {
    Q_OBJECT

    std::unique_ptr<FakeDns> m_server;
    net::SearchRules m_rules;
    std::unique_ptr<net::QtDnsResolver> m_resolver;

    void make(std::chrono::milliseconds timeout)
    {
        m_resolver = std::make_unique<net::QtDnsResolver>(
            net::DnsOptions{.timeout = timeout,
                            .nameserver = "127.0.0.1",
                            .port = m_server->port(),
                            .search = [this] { return m_rules; }});
    }

    /// Asks and handles the server's events until the answer is there.
    Answer ask(DnsType type, const char* name)
    {
        // Shared, so that a reply after a failed wait still finds its place.
        struct Slot {
            std::mutex mutex;
            std::optional<Answer> answer;
        };
        const auto slot = std::make_shared<Slot>();
        const Ticket ticket = m_resolver->lookup(type, name, [slot](Answer answer) {
            const std::lock_guard lock(slot->mutex);
            slot->answer = std::move(answer);
        });
        const auto isThere = [&slot] {
            const std::lock_guard lock(slot->mutex);
            return slot->answer.has_value();
        };
        if (!QTest::qWaitFor(isThere, 60'000)) {
            return fail(ErrorKind::internal, "no reply came");
        }
        return *slot->answer;
    }

private slots:
    void init()
    {
        m_rules = {};
        m_server = std::make_unique<FakeDns>();
        make(30s);
    }
    void cleanup()
    {
        m_resolver.reset();
        m_server.reset();
    }

    void readsRecords_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<QStringList>("records");
        QTest::newRow("a") << int(DnsType::a) << QStringList{u"10.0.0.1"_s, u"10.0.0.2"_s};
        QTest::newRow("aaaa") << int(DnsType::aaaa) << QStringList{u"2001:db8::1"_s};
        QTest::newRow("srv") << int(DnsType::srv)
                             << QStringList{u"db1.example:9100"_s, u"db2.example:9101"_s};
        QTest::newRow("mx") << int(DnsType::mx) << QStringList{u"mail.example"_s};
        QTest::newRow("ns") << int(DnsType::ns) << QStringList{u"ns1.example"_s};
    }

    void readsRecords()
    {
        QFETCH(int, type);
        QFETCH(QStringList, records);
        const QByteArray name = "db.example";
        const auto number = &FakeDns::number;
        m_server->add(name, FakeDns::a, QByteArray("\x0A\x00\x00\x01", 4));
        m_server->add(name, FakeDns::a, QByteArray("\x0A\x00\x00\x02", 4));
        m_server->add(name, FakeDns::aaaa, QByteArray::fromHex("20010db8000000000000000000000001"));
        m_server->add(name, FakeDns::srv,
                      number(1) + number(5) + number(9100) + FakeDns::wire("db1.example"));
        m_server->add(name, FakeDns::srv,
                      number(2) + number(5) + number(9101) + FakeDns::wire("db2.example"));
        m_server->add(name, FakeDns::mx, number(10) + FakeDns::wire("mail.example"));
        m_server->add(name, FakeDns::ns, FakeDns::wire("ns1.example"));
        const Answer answer = ask(DnsType(type), "db.example");
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
        QCOMPARE(shown(answer), records);
    }

    void noRecordsAreNoError_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("of that type") << "db.example"_ba;
        QTest::newRow("of that name") << "missing.example"_ba;
    }

    void noRecordsAreNoError()
    {
        QFETCH(QByteArray, name);
        m_server->add("db.example", FakeDns::aaaa,
                      QByteArray::fromHex("20010db8000000000000000000000001"));
        const Answer answer = ask(DnsType::a, name.constData());
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
        QCOMPARE(shown(answer), QStringList());
    }

    void tellsWhatWentWrong_data()
    {
        QTest::addColumn<int>("code");
        QTest::newRow("the server failed") << int(FakeDns::serverFailure);
        QTest::newRow("the server refused") << int(FakeDns::refused);
    }

    void tellsWhatWentWrong()
    {
        QFETCH(int, code);
        m_server->failFor("db.example", FakeDns::Code(code));
        const Answer answer = ask(DnsType::a, "db.example");
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::unavailable);
        QVERIFY2(answer.error().message.contains("db.example"), answer.error().message.c_str());
    }

    void completesShortNames()
    {
        m_rules = {{"a.example", "b.example"}, 2};
        m_server->add("db.srv.b.example", FakeDns::a, QByteArray("\x0A\x00\x00\x01", 4));
        const Answer answer = ask(DnsType::a, "db.srv");
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
        QCOMPARE(shown(answer), QStringList{u"10.0.0.1"_s});
        QCOMPARE(m_server->asked, (QStringList{u"db.srv.a.example 1"_s, u"db.srv.b.example 1"_s}));
    }

    void aCompletionThatCouldNotBeAskedIsAnError()
    {
        m_rules = {{"a.example"}, 2};
        m_server->failFor("db.a.example", FakeDns::serverFailure);
        const Answer answer = ask(DnsType::a, "db");
        QVERIFY(!answer);
        QVERIFY2(answer.error().message.contains("db.a.example"), answer.error().message.c_str());
        // But what another has stands.
        m_server->add("db", FakeDns::a, QByteArray("\x0A\x00\x00\x01", 4));
        const Answer other = ask(DnsType::a, "db");
        QVERIFY2(other.has_value(), other ? "" : other.error().message.c_str());
        QCOMPARE(shown(other), QStringList{u"10.0.0.1"_s});
    }

    void givesUp()
    {
        m_server->isSilent = true;
        make(100ms);
        const Answer answer = ask(DnsType::a, "db.example");
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::timeout);
        QVERIFY2(answer.error().message.contains("db.example"), answer.error().message.c_str());
    }

    void refusesWhatIsNoName_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("empty") << ""_ba;
        QTest::newRow("empty label") << "a..b"_ba;
        QTest::newRow("long label") << QByteArray(64, 'a') + ".example";
        QTest::newRow("long name") << QByteArray("a.").repeated(130);
    }

    void refusesWhatIsNoName()
    {
        QFETCH(QByteArray, name);
        const Answer answer = ask(DnsType::a, name.constData());
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::invalid);
    }

    void aDroppedTicketGetsNoReply()
    {
        m_server->isSilent = true;
        std::atomic<bool> replied = false;
        {
            const Ticket ticket = m_resolver->lookup(DnsType::a, "db.example",
                                                     [&](const Answer&) { replied = true; });
            QTRY_VERIFY(!m_server->asked.isEmpty());
        }
        m_resolver.reset();
        QVERIFY(!replied);
    }

    void knowsCandidates_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("dots");
        QTest::addColumn<QStringList>("candidates");
        QTest::newRow("short") << "db"_ba << 1 << QStringList{u"db.x"_s, u"db.y"_s, u"db"_s};
        QTest::newRow("enough dots")
            << "db.z"_ba << 1 << QStringList{u"db.z"_s, u"db.z.x"_s, u"db.z.y"_s};
        QTest::newRow("as in Kubernetes")
            << "db.z"_ba << 5 << QStringList{u"db.z.x"_s, u"db.z.y"_s, u"db.z"_s};
        QTest::newRow("whole") << "db."_ba << 1 << QStringList{u"db"_s};
    }

    void knowsCandidates()
    {
        QFETCH(QByteArray, name);
        QFETCH(int, dots);
        QFETCH(QStringList, candidates);
        QStringList found;
        for (const std::string& one :
             net::candidateNames(name.toStdString(), {{"x", "y."}, unsigned(dots)})) {
            found << QString::fromStdString(one);
        }
        QCOMPARE(found, candidates);
    }
};

QTEST_GUILESS_MAIN(TestDnsResolver)
#include "tst_dns_resolver.moc"
