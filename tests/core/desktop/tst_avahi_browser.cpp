// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/avahi_browser.h"
#include "tests/support/fake_avahi.h"

#include <optional>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace watchfire;

namespace {

// The bus and its server are other processes, and the machine may be busy.
constexpr int patience = 60'000;

const std::string wanted = "_prometheus-http._tcp";

using Answer = Result<std::vector<MdnsService>>;

} // namespace

class TestAvahiBrowser : public QObject {
    Q_OBJECT

    std::unique_ptr<tests::FakeAvahi> m_server;
    std::unique_ptr<desktop::AvahiBrowser> m_browser;

    void make(std::chrono::milliseconds time)
    {
        m_browser = std::make_unique<desktop::AvahiBrowser>(QDBusConnection::sessionBus(), time);
    }
    Answer browse(const std::string& service)
    {
        const auto answer = std::make_shared<std::optional<Answer>>();
        const Ticket ticket
            = m_browser->browse(service, [answer](Answer came) { *answer = std::move(came); });
        if (!QTest::qWaitFor([&answer] { return answer->has_value(); }, patience)) {
            return fail(ErrorKind::internal, "no reply came");
        }
        return **answer;
    }

private slots:
    void init()
    {
        m_server = std::make_unique<tests::FakeAvahi>();
        QVERIFY(m_server->start());
        make(60s);
    }
    void cleanup()
    {
        m_browser.reset();
        if (m_server) {
            m_server->stop();
        }
    }

    void findsServices_data()
    {
        QTest::addColumn<bool>("speaksFirst");
        QTest::newRow("path first") << false;
        QTest::newRow("services first") << true;
    }

    void findsServices()
    {
        QFETCH(bool, speaksFirst);
        m_server->speaksFirst = speaksFirst;
        tests::AnnouncedService one;
        one.name = u"node on db1"_s;
        one.host = u"db1.local"_s;
        one.address = u"192.0.2.2"_s;
        one.port = 9100;
        one.txt = {"path=/metrics"_ba, "flag"_ba, "a=b=c"_ba};
        tests::AnnouncedService again = one; // by another interface
        again.interface = 3;
        again.address = u"192.0.2.1"_s;
        tests::AnnouncedService other;
        other.name = u"a printer"_s;
        other.type = u"_ipp._tcp"_s;
        other.address = u"192.0.2.9"_s;
        tests::AnnouncedService second;
        second.name = u"app"_s;
        second.host = u"app.local"_s;
        second.address = u"192.0.2.3"_s;
        second.port = 8080;
        m_server->announced = {one, again, other, second};

        const Answer answer = browse(wanted);
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
        QCOMPARE(answer->size(), std::size_t{2});
        QCOMPARE((*answer)[0], (MdnsService{"app", "app.local", {"192.0.2.3"}, 8080, {}}));
        QCOMPARE((*answer)[1],
                 (MdnsService{"node on db1",
                              "db1.local",
                              {"192.0.2.1", "192.0.2.2"},
                              9100,
                              {{"path", "/metrics"}, {"flag", ""}, {"a", "b=c"}}}));
        QTRY_VERIFY_WITH_TIMEOUT(m_server->open.isEmpty(), patience);
    }

    void leavesOutWhoDoesNotAnswer()
    {
        tests::AnnouncedService gone;
        gone.name = u"gone"_s;
        tests::AnnouncedService here;
        here.name = u"here"_s;
        here.address = u"192.0.2.1"_s;
        m_server->announced = {gone, here};
        const Answer answer = browse(wanted);
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
        QCOMPARE(answer->size(), std::size_t{1});
        QCOMPARE((*answer)[0].name, std::string("here"));
    }

    void findsNobody()
    {
        const Answer answer = browse(wanted);
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
        QVERIFY(answer->empty());
    }

    void endsWithItsTime()
    {
        tests::AnnouncedService here;
        here.name = u"here"_s;
        here.address = u"192.0.2.1"_s;
        m_server->announced = {here};
        m_server->saysAll = false;
        make(300ms);
        const Answer answer = browse(wanted);
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
        QTRY_VERIFY_WITH_TIMEOUT(m_server->open.isEmpty(), patience);
    }

    void tellsWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("service");
        QTest::addColumn<QString>("failure");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("no service")
            << "prometheus"_ba << QString() << int(ErrorKind::invalid) << "\"prometheus\""_ba;
        QTest::newRow("Avahi fails") << QByteArray::fromStdString(wanted) << u"no network"_s
                                     << int(ErrorKind::unavailable) << "no network"_ba;
    }

    void tellsWhatIsWrong()
    {
        QFETCH(QByteArray, service);
        QFETCH(QString, failure);
        QFETCH(int, kind);
        QFETCH(QByteArray, says);
        m_server->failure = failure;
        const Answer answer = browse(service.toStdString());
        QVERIFY(!answer);
        QCOMPARE(int(answer.error().kind), kind);
        QVERIFY2(answer.error().message.contains(says.toStdString()),
                 answer.error().message.c_str());
    }

    void withoutAvahiItIsUnavailable()
    {
        m_server->stop();
        m_server.reset();
        const Answer answer = browse(wanted);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::unavailable);
        QVERIFY2(answer.error().message.contains("Avahi"), answer.error().message.c_str());
    }

    void aDroppedTicketGetsNoReply()
    {
        m_server->saysAll = false;
        bool replied = false;
        {
            const Ticket ticket
                = m_browser->browse(wanted, [&replied](const Answer&) { replied = true; });
            QTRY_COMPARE_WITH_TIMEOUT(m_server->open.size(), 1, patience);
        }
        QTRY_VERIFY_WITH_TIMEOUT(m_server->open.isEmpty(), patience);
        QVERIFY(!replied);
    }
};

QTEST_GUILESS_MAIN(TestAvahiBrowser)
#include "tst_avahi_browser.moc"
