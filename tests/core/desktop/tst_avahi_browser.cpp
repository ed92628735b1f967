// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/avahi_browser.h"
#include "tests/support/qt_test.h"

#include <memory>
#include <optional>

#include <QDBusConnection>
#include <QDBusContext>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>

using namespace watchfire;
using namespace watchfire::desktop;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

struct Announced {
    QString name;
    QString host;
    QString address;
    ushort port = 0;
    QList<QByteArray> texts;
};

} // namespace

/// Avahi's server and its browsers, as far as they are asked.
class FakeAvahi : public QObject, protected QDBusContext {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Avahi.Server")

public:
    QList<Announced> announced;
    QString asked;
    bool tellsAll = true; ///< says when no more are to come
    QString failure;

    FakeAvahi()
        : m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus,
                                              u"avahi-%1"_s.arg(quintptr(this))))
    {
        qDBusRegisterMetaType<QList<QByteArray>>();
        m_bus.registerObject(u"/"_s, this, QDBusConnection::ExportAllSlots);
    }
    ~FakeAvahi() override
    {
        stop();
        QDBusConnection::disconnectFromBus(m_bus.name());
    }
    bool start() { return m_bus.registerService(u"org.freedesktop.Avahi"_s); }
    void stop() { m_bus.unregisterService(u"org.freedesktop.Avahi"_s); }

public slots:
    QDBusObjectPath ServiceBrowserNew(int, int, const QString& type, const QString& domain, uint)
    {
        asked = type;
        const QString path = u"/Client1/ServiceBrowser%1"_s.arg(++m_browsers);
        // The first item comes before the path does.
        for (int i = 0; i < announced.size(); ++i) {
            tell(path, u"ItemNew"_s, {2, 0, QString::number(i), type, u"local"_s, 0U});
        }
        if (!failure.isEmpty()) {
            tell(path, u"Failure"_s, {failure});
        } else if (tellsAll) {
            tell(path, u"AllForNow"_s, {});
        }
        Q_UNUSED(domain)
        return QDBusObjectPath(path);
    }

    void ResolveService(int interface, int protocol, const QString& name, const QString& type,
                        const QString& domain, int, uint)
    {
        const Announced& one = announced.at(name.toInt());
        setDelayedReply(true);
        m_bus.send(message().createReply(QVariantList{
            interface, protocol, one.name, type, domain, one.host, protocol, one.address,
            QVariant::fromValue(one.port), QVariant::fromValue(one.texts), 0U}));
    }

private:
    void tell(const QString& path, const QString& signal, const QVariantList& arguments)
    {
        QDBusMessage message
            = QDBusMessage::createSignal(path, u"org.freedesktop.Avahi.ServiceBrowser"_s, signal);
        message.setArguments(arguments);
        m_bus.send(message);
    }

    QDBusConnection m_bus;
    int m_browsers = 0;
};

class TestAvahiBrowser : public QObject {
    Q_OBJECT

    std::unique_ptr<FakeAvahi> m_avahi;
    std::optional<Result<std::vector<MdnsService>>> m_answer;

    void browse(std::chrono::milliseconds patience = 20s)
    {
        m_answer.reset();
        AvahiBrowser browser(QDBusConnection::sessionBus(), patience);
        const Ticket ticket
            = browser.browse("_prometheus-http._tcp",
                             [this](Result<std::vector<MdnsService>> got) { m_answer = got; });
        QVERIFY(QTest::qWaitFor([&] { return m_answer.has_value(); }, 30'000));
    }

private slots:
    void init()
    {
        m_avahi = std::make_unique<FakeAvahi>();
        m_avahi->announced
            = {{u"Shed"_s, u"shed.local"_s, u"192.0.2.9"_s, 9100, {}},
               {u"Attic"_s, u"attic.local"_s, u"192.0.2.7"_s, 9200, {"path=/m", "v"}},
               {u"Attic"_s, u"attic.local"_s, u"fe80::7"_s, 9200, {"path=/m", "v"}}};
    }

    void findsWhatIsAnnounced()
    {
        QVERIFY(m_avahi->start());
        browse();
        QVERIFY2(m_answer->has_value(),
                 m_answer->has_value() ? "" : m_answer->error().message.c_str());
        QCOMPARE(m_avahi->asked, u"_prometheus-http._tcp"_s);
        const std::vector<MdnsService> wanted{
            {"Attic", "attic.local", {"192.0.2.7", "fe80::7"}, 9200, {{"path", "/m"}, {"v", ""}}},
            {"Shed", "shed.local", {"192.0.2.9"}, 9100, {}}};
        QCOMPARE((*m_answer)->size(), 2U);
        QVERIFY(**m_answer == wanted);
    }

    void whoNeverEndsIsCutShort()
    {
        QVERIFY(m_avahi->start());
        m_avahi->tellsAll = false;
        browse(200ms);
        QVERIFY2(m_answer->has_value(),
                 m_answer->has_value() ? "" : m_answer->error().message.c_str());
    }

    void faultsAreTold()
    {
        QVERIFY(m_avahi->start());
        m_avahi->failure = u"no network"_s;
        browse();
        QVERIFY(!m_answer->has_value() && m_answer->error().message.contains("no network"));
        m_avahi->stop();
        browse();
        QVERIFY(!m_answer->has_value());
        QCOMPARE(m_answer->error().kind, ErrorKind::unavailable);
    }
};

QTEST_GUILESS_MAIN(TestAvahiBrowser)
#include "tst_avahi_browser.moc"
