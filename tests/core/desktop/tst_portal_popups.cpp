// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/notifier.h"
#include "core/desktop/portal_popups.h"
#include "tests/core/desktop/popup_words.h"
#include "tests/support/fake_notifications.h"
#include "tests/support/fake_portal.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;
using tests::diskAlert;
using tests::wordOf;

namespace {

// The bus and its server are other processes, and the machine may be busy.
constexpr int patience = 60'000;

} // namespace

/// In a sandbox popups go by the portal.
class TestPortalPopups : public QObject {
    Q_OBJECT

    std::unique_ptr<tests::FakePortal> m_portal;
    std::unique_ptr<desktop::DesktopNotifier> m_notifier;
    QList<NotificationAction> m_acts;
    QByteArray m_token;

    void makePortal(uint version)
    {
        m_portal = std::make_unique<tests::FakePortal>(version);
        QVERIFY2(m_portal->start(), "no session bus: run by ctest, or under dbus-run-session");
    }
    void makeNotifier()
    {
        desktop::NotifierSurroundings surroundings;
        surroundings.isInSandbox = true;
        m_notifier = std::make_unique<desktop::DesktopNotifier>(
            QDBusConnection::sessionBus(),
            [this](const Notification&, NotificationAction action, const std::string& token) {
                m_acts << action;
                m_token = QByteArray::fromStdString(token);
            },
            surroundings);
    }

private slots:
    void init()
    {
        m_acts.clear();
        m_token.clear();
    }
    void cleanup()
    {
        m_notifier.reset();
        if (m_portal) {
            m_portal->stop();
            m_portal.reset();
        }
    }

    void addsAndReplacesAndRemoves_data()
    {
        QTest::addColumn<uint>("version");
        QTest::newRow("portal of before 2024") << 1U;
        QTest::newRow("portal") << 2U;
    }
    void addsAndReplacesAndRemoves()
    {
        QFETCH(uint, version);
        makePortal(version);
        makeNotifier();
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_portal->added.size(), 1, patience);
        const tests::FakePortal::Added first = m_portal->added[0];
        QCOMPARE(first.values.value(u"title"_s).toString(), u"DiskFull on db1: firing"_s);
        // The portal tells text from markup, so nothing is escaped.
        QCOMPARE(first.values.value(u"body"_s).toString(), u"disk of db1 <full> & \"hot\""_s);
        QCOMPARE(first.values.value(u"priority"_s).toString(), u"urgent"_s);
        QCOMPARE(first.values.value(u"default-action"_s).toString(), u"show"_s);
        QCOMPARE(first.buttons.size(), 2);
        QCOMPARE(first.buttons[0].value(u"label"_s).toString(), u"Silence 1 h"_s);
        QCOMPARE(first.buttons[0].value(u"action"_s).toString(), u"silence"_s);
        QCOMPARE(first.buttons[1].value(u"action"_s).toString(), u"snooze"_s);
        QCOMPARE(first.values.contains(u"display-hint"_s), version >= 2);

        m_notifier->show(wordOf("g", {diskAlert("db1"), diskAlert("db2")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_portal->added.size(), 2, patience);
        QCOMPARE(m_portal->added[1].id, first.id);

        m_notifier->show(wordOf("g", {diskAlert("db1"), diskAlert("db2")}, 2));
        QTRY_COMPARE_WITH_TIMEOUT(m_portal->added.size(), 3, patience);
        QCOMPARE(m_portal->added[2].id, first.id);
        QCOMPARE(m_portal->added[2].values.value(u"priority"_s).toString(), u"low"_s);
        QVERIFY(m_portal->added[2].buttons.isEmpty());
        QCOMPARE(m_portal->added[2].values.value(u"sound"_s).toString(),
                 version >= 2 ? u"silent"_s : QString());
        QTRY_COMPARE_WITH_TIMEOUT(m_portal->removed, QStringList{first.id}, patience);
    }

    void handsOverWhatThePersonDid_data()
    {
        QTest::addColumn<QString>("action");
        QTest::addColumn<NotificationAction>("expected");
        QTest::newRow("show") << u"show"_s << NotificationAction::show;
        QTest::newRow("silence") << u"silence"_s << NotificationAction::silence1h;
        QTest::newRow("snooze") << u"snooze"_s << NotificationAction::snooze15m;
    }
    void handsOverWhatThePersonDid()
    {
        QFETCH(QString, action);
        QFETCH(NotificationAction, expected);
        makePortal(2);
        makeNotifier();
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_portal->added.size(), 1, patience);
        const QString id = m_portal->added[0].id;
        m_portal->invoke(u"somebody else's"_s, action, u"x"_s);
        m_portal->invoke(id, action, u"token-7"_s);
        QTRY_VERIFY_WITH_TIMEOUT(!m_acts.isEmpty(), patience);
        QCOMPARE(m_acts.first(), expected);
        QTRY_COMPARE_WITH_TIMEOUT(m_portal->removed, QStringList{id}, patience);
    }

    void theTokenComesWithTheAction()
    {
        makePortal(2);
        makeNotifier();
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_portal->added.size(), 1, patience);
        m_portal->invoke(m_portal->added[0].id, u"silence"_s, u"token-7"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_token, "token-7"_ba, patience);
    }

    void inASandboxTheServiceIsNotAsked()
    {
        tests::FakeNotifications service;
        QVERIFY(service.start());
        makePortal(2);
        makeNotifier();
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_portal->added.size(), 1, patience);
        QVERIFY(service.shown.isEmpty());
        service.stop();
    }

    void withoutAPortalTheWindowShowsThem()
    {
        makeNotifier();
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_notifier->windowPopups().size(), std::size_t(1), patience);
        QVERIFY(m_notifier->isWindowOnly());
        makePortal(2); // it comes late
        QTRY_COMPARE_WITH_TIMEOUT(m_portal->added.size(), 1, patience);
        QVERIFY(m_notifier->windowPopups().empty());
    }

    void nothingOutlastsTheProgram()
    {
        makePortal(2);
        makeNotifier();
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_portal->added.size(), 1, patience);
        m_notifier.reset();
        QTRY_COMPARE_WITH_TIMEOUT(m_portal->removed.size(), 1, patience);
    }
};

QTEST_GUILESS_MAIN(TestPortalPopups)
#include "tst_portal_popups.moc"
