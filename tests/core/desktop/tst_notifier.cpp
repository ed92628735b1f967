// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/notifier.h"
#include "core/desktop/popup_text.h"
#include "tests/support/fake_notifications.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;

namespace {

// The bus and its server are other processes, and the machine may be busy.
constexpr int patience = 60'000;

Alert alert(const char* instance, const char* severity = "critical")
{
    Alert out;
    out.labels = Labels{{"alertname", "DiskFull"}, {"instance", instance}, {"severity", severity}};
    out.annotations = Labels{{"summary", std::string("disk of ") + instance + " <full>"}};
    return out;
}

Notification notification(std::vector<Alert> alerts, std::size_t resolved = 0)
{
    Notification out;
    out.groupKey = "{}:{alertname=\"DiskFull\"}";
    out.commonLabels = alerts.size() == 1 ? alerts[0].labels : Labels{{"alertname", "DiskFull"}};
    out.firing = alerts.size() - resolved;
    out.resolved = resolved;
    out.alerts = std::move(alerts);
    return out;
}

} // namespace

class TestNotifier : public QObject {
    Q_OBJECT

    std::unique_ptr<tests::FakeNotifications> m_server;
    std::unique_ptr<desktop::DesktopNotifier> m_notifier;
    QList<NotificationAction> m_acts;
    QByteArray m_token;

    void make(const QStringList& capabilities)
    {
        m_notifier.reset();
        m_server = std::make_unique<tests::FakeNotifications>();
        m_server->capabilities = capabilities;
        QVERIFY(m_server->start());
        m_notifier = std::make_unique<desktop::DesktopNotifier>(
            QDBusConnection::sessionBus(),
            [this](const Notification&, NotificationAction action, const std::string& token) {
                m_acts << action;
                m_token = QByteArray::fromStdString(token);
            });
    }

private slots:
    void init()
    {
        m_acts.clear();
        m_token.clear();
        make({u"actions"_s, u"body"_s});
    }
    void cleanup()
    {
        m_notifier.reset();
        if (m_server) {
            m_server->stop();
        }
    }

    void showsAGroupWithItsActions()
    {
        m_notifier->show(notification({alert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        const tests::ShownPopup popup = m_server->shown.last();
        QCOMPARE(popup.summary, u"DiskFull on db1: firing"_s);
        QCOMPARE(popup.body, u"disk of db1 <full>"_s);
        QCOMPARE(popup.actions,
                 (QStringList{u"default"_s, u"Show"_s, u"silence"_s, u"Silence 1 h"_s, u"snooze"_s,
                              u"Snooze 15 min"_s}));
        QCOMPARE(popup.hints.value(u"urgency"_s).toInt(), 2);
        QCOMPARE(popup.hints.value(u"desktop-entry"_s).toString(), u"watchfire"_s);
        QCOMPARE(popup.timeout, 0);
    }

    void replacesThePopupOfTheSameGroup()
    {
        m_notifier->show(notification({alert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        m_notifier->show(notification({alert("db1"), alert("db2")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 2, patience);
        QCOMPARE(m_server->shown[1].replaces, m_server->shown[0].id);
        QCOMPARE(m_server->shown[1].summary, u"DiskFull: 2 firing"_s);
    }

    void twoInARowMakeOnePopup()
    {
        m_notifier->show(notification({alert("db1")}));
        m_notifier->show(notification({alert("db1"), alert("db2")}));
        QTRY_VERIFY_WITH_TIMEOUT(!m_server->shown.isEmpty()
                                     && m_server->shown.last().summary == u"DiskFull: 2 firing"_s,
                                 patience);
        QCOMPARE(m_server->shown.last().id, m_server->shown.first().id);
    }

    void handsOverWhatThePersonDid()
    {
        m_notifier->show(notification({alert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        const uint id = m_server->shown[0].id;
        emit m_server->ActivationToken(id, u"token"_s);
        emit m_server->ActionInvoked(id, u"default"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_acts, (QList{NotificationAction::show}), patience);
        QCOMPARE(m_token, "token"_ba);
        emit m_server->ActionInvoked(id, u"silence"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_acts.size(), 2, patience);
        QVERIFY(m_acts[1] == NotificationAction::silence1h);
        QTRY_COMPARE_WITH_TIMEOUT(m_server->closed, QList{id}, patience);
    }

    void aDismissalIsToldAndAnExpiryIsNot()
    {
        m_notifier->show(notification({alert("db1", "warning")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        emit m_server->NotificationClosed(m_server->shown[0].id, 2);
        QTRY_COMPARE_WITH_TIMEOUT(m_acts, (QList{NotificationAction::dismissed}), patience);
        m_notifier->show(notification({alert("db1", "warning")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 2, patience);
        QCOMPARE(m_server->shown[1].replaces, 0U);
    }

    void aResolvedGroupReplacesAndCloses()
    {
        m_notifier->show(notification({alert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        m_notifier->show(notification({alert("db1")}, 1));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 2, patience);
        QCOMPARE(m_server->shown[1].summary, u"DiskFull on db1: resolved"_s);
        QCOMPARE(m_server->shown[1].hints.value(u"urgency"_s).toInt(), 0);
        QTRY_COMPARE_WITH_TIMEOUT(m_server->closed, QList{m_server->shown[0].id}, patience);
    }

    void muteHoldsBackWhatStillFires()
    {
        m_notifier->mute(std::chrono::minutes(10));
        m_notifier->show(notification({alert("db1")}));
        Notification other = notification({alert("db2")}, 1);
        other.groupKey = "other";
        m_notifier->show(other);
        Notification probe = notification({alert("db3")});
        probe.groupKey = "probe";
        QMetaObject::invokeMethod(
            m_notifier.get(), [this] { m_notifier->mute(std::chrono::minutes(0)); },
            Qt::QueuedConnection);
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        QCOMPARE(m_server->shown[0].summary, u"DiskFull on db1: firing"_s);
        m_notifier->show(probe);
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 2, patience);
    }

    void withdraws()
    {
        m_notifier->show(notification({alert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        m_notifier->withdraw(notification({alert("db1")}).groupKey);
        QTRY_COMPARE_WITH_TIMEOUT(m_server->closed.size(), 1, patience);
    }

    void withoutAServerTheWindowHears()
    {
        m_server->stop();
        QSignalSpy undelivered(m_notifier.get(), &desktop::DesktopNotifier::undelivered);
        m_notifier->show(notification({alert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(undelivered.size(), 1, patience);
    }

    void escapesWhereTheServerReadsMarkup()
    {
        QCOMPARE(desktop::popupText(notification({alert("db1")}), true).body,
                 u"disk of db1 &lt;full&gt;"_s);
    }

    void cutsALongList()
    {
        std::vector<Alert> alerts;
        for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
            alerts.push_back(alert(name));
        }
        const QStringList lines
            = desktop::popupText(notification(std::move(alerts)), false).body.split(u'\n');
        QCOMPARE(lines.size(), 5);
        QCOMPARE(lines.last(), u"and 2 more"_s);
    }

    void urgency_data()
    {
        QTest::addColumn<QByteArray>("severity");
        QTest::addColumn<int>("urgency");
        QTest::newRow("critical") << "critical"_ba << 2;
        QTest::newRow("warning") << "warning"_ba << 1;
        QTest::newRow("none given") << ""_ba << 1;
        QTest::newRow("info") << "info"_ba << 0;
    }

    void urgency()
    {
        QFETCH(QByteArray, severity);
        QFETCH(int, urgency);
        QCOMPARE(int(desktop::urgencyOf(notification({alert("a", severity.constData())}))),
                 urgency);
    }
};

QTEST_GUILESS_MAIN(TestNotifier)
#include "tst_notifier.moc"
