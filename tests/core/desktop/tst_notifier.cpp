// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/notifier.h"
#include "core/desktop/popup_text.h"
#include "tests/core/desktop/popup_words.h"
#include "tests/support/fake_notifications.h"

#include <QDBusPendingCallWatcher>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace watchfire;
using tests::diskAlert;
using tests::groupWord;
using tests::ShownPopup;
using tests::wordOf;

namespace {

// The bus and its server are other processes, and the machine may be busy.
constexpr int patience = 60'000;

struct TurnedClock final : Clock {
    Timestamp at = fromUnixMs(1'767'323'045'000); // 2026-01-02 03:04:05 UTC
    Timestamp now() const override { return at; }
};

} // namespace

class TestNotifier : public QObject {
    Q_OBJECT

    TurnedClock m_clock;
    std::unique_ptr<tests::FakeNotifications> m_server;
    std::unique_ptr<desktop::DesktopNotifier> m_notifier;
    QList<NotificationAction> m_acts;
    QByteArray m_token;

    void makeServer(const QStringList& capabilities)
    {
        m_server = std::make_unique<tests::FakeNotifications>();
        m_server->capabilities = capabilities;
        QVERIFY2(m_server->start(), "no session bus: run by ctest, or under dbus-run-session");
    }
    /// `clock`: where none is given, that of the machine.
    void makeNotifier(const Clock* clock = nullptr)
    {
        desktop::NotifierSurroundings surroundings;
        surroundings.clock = clock;
        surroundings.zone = QTimeZone::utc();
        surroundings.isInSandbox = false;
        m_notifier = std::make_unique<desktop::DesktopNotifier>(
            QDBusConnection::sessionBus(),
            [this](const Notification&, NotificationAction action, const std::string& token) {
                m_acts << action;
                m_token = QByteArray::fromStdString(token);
            },
            surroundings);
    }
    void remake(const QStringList& capabilities)
    {
        m_notifier.reset();
        m_server->stop();
        makeServer(capabilities);
        makeNotifier();
    }
    const ShownPopup& shown(qsizetype index) const { return m_server->shown[index]; }
    /// What was handed over is handled, then the clock is turned on.
    void pass(std::chrono::milliseconds span)
    {
        QCoreApplication::processEvents();
        m_clock.at += span;
        m_notifier->turn();
    }
    /// Long enough for popups to wait for others, and for what is on its way over the bus to come:
    /// the answers to three calls, one after another, come after it.
    void settle()
    {
        pass(0s);
        for (int i = 0; i < 3; ++i) {
            askAnything();
            pass(2s);
        }
        askAnything();
    }
    static void askAnything()
    {
        const QDBusPendingCallWatcher answer(
            QDBusConnection::sessionBus().asyncCall(QDBusMessage::createMethodCall(
                u"org.freedesktop.Notifications"_s, u"/org/freedesktop/Notifications"_s,
                u"org.freedesktop.Notifications"_s, u"GetCapabilities"_s)));
        QTRY_VERIFY_WITH_TIMEOUT(answer.isFinished(), patience);
    }

private slots:
    void init()
    {
        m_acts.clear();
        m_token.clear();
        m_clock.at = TurnedClock().at;
        makeServer({u"actions"_s, u"body"_s});
        makeNotifier();
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
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        const ShownPopup popup = m_server->shown.last();
        QCOMPARE(popup.summary, u"DiskFull on db1: firing"_s);
        QCOMPARE(popup.body, u"disk of db1 <full> & \"hot\""_s);
        QCOMPARE(popup.actions,
                 (QStringList{u"default"_s, u"Show"_s, u"silence"_s, u"Silence 1 h"_s, u"snooze"_s,
                              u"Snooze 15 min"_s}));
        QCOMPARE(popup.hints.value(u"desktop-entry"_s).toString(), u"watchfire"_s);
        QVERIFY(m_notifier->windowPopups().empty());
    }

    void urgencyTellsTheServer_data()
    {
        QTest::addColumn<QByteArray>("severity");
        QTest::addColumn<int>("urgency");
        QTest::addColumn<bool>("resident");
        QTest::addColumn<int>("timeout");
        QTest::newRow("critical stays until a person acts") << "critical"_ba << 2 << true << 0;
        QTest::newRow("page") << "page"_ba << 2 << true << 0;
        QTest::newRow("as people write it") << "Critical"_ba << 2 << true << 0;
        QTest::newRow("warning") << "warning"_ba << 1 << false << -1;
        QTest::newRow("none given") << ""_ba << 1 << false << -1;
        QTest::newRow("info") << "info"_ba << 0 << false << -1;
        QTest::newRow("any other") << "curious"_ba << 0 << false << -1;
    }
    void urgencyTellsTheServer()
    {
        QFETCH(QByteArray, severity);
        QFETCH(int, urgency);
        QFETCH(bool, resident);
        QFETCH(int, timeout);
        m_notifier->show(wordOf("g", {diskAlert("db1", severity.toStdString())}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        const QVariant hint = shown(0).hints.value(u"urgency"_s);
        QCOMPARE(hint.metaType(), QMetaType::fromType<uchar>()); // a BYTE, says the specification
        QCOMPARE(hint.toInt(), urgency);
        QCOMPARE(shown(0).hints.value(u"resident"_s).toBool(), resident);
        QCOMPARE(shown(0).timeout, timeout);
    }

    void onlyFiringAlertsAreUrgent()
    {
        m_notifier->show(wordOf("g", {diskAlert("db1", "critical"), diskAlert("db2", "info")}, 1));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        QCOMPARE(shown(0).hints.value(u"urgency"_s).toInt(), 0);
    }

    void bodiesAreEscapedWhereTheServerReadsMarkup_data()
    {
        QTest::addColumn<QStringList>("capabilities");
        QTest::addColumn<QString>("body");
        QTest::newRow("markup") << QStringList{u"body"_s, u"body-markup"_s}
                                << u"disk of db1 &lt;full&gt; &amp; &quot;hot&quot;"_s;
        QTest::newRow("plain") << QStringList{u"body"_s} << u"disk of db1 <full> & \"hot\""_s;
    }
    void bodiesAreEscapedWhereTheServerReadsMarkup()
    {
        QFETCH(QStringList, capabilities);
        QFETCH(QString, body);
        remake(capabilities);
        Notification word = wordOf("g", {diskAlert("db1", "critical", "A<b>")});
        m_notifier->show(word);
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        QCOMPARE(shown(0).body, body);
        QCOMPARE(shown(0).summary, u"A<b> on db1: firing"_s); // never markup
        QVERIFY2(shown(0).actions.isEmpty(), "this server has no actions");
    }

    void sounds_data()
    {
        QTest::addColumn<PopupSound>("sound");
        QTest::addColumn<QByteArray>("severity");
        QTest::addColumn<bool>("canPlay");
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("suppressed");
        using enum PopupSound;
        QTest::newRow("the desktop's own")
            << desktop << "critical"_ba << true << QString() << false;
        QTest::newRow("critical") << severity << "critical"_ba << true << u"dialog-error"_s
                                  << false;
        QTest::newRow("warning") << severity << "warning"_ba << true << u"dialog-warning"_s
                                 << false;
        QTest::newRow("info") << severity << "info"_ba << true << u"dialog-information"_s << false;
        QTest::newRow("a server without sounds")
            << severity << "info"_ba << false << QString() << false;
        QTest::newRow("none") << none << "critical"_ba << true << QString() << true;
    }
    void sounds()
    {
        QFETCH(PopupSound, sound);
        QFETCH(QByteArray, severity);
        QFETCH(bool, canPlay);
        QFETCH(QString, name);
        QFETCH(bool, suppressed);
        remake(canPlay ? QStringList{u"sound"_s} : QStringList());
        PopupSettings settings;
        settings.sound = sound;
        m_notifier->setSettings(settings);
        m_notifier->show(wordOf("g", {diskAlert("db1", severity.toStdString())}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        QCOMPARE(shown(0).hints.value(u"sound-name"_s).toString(), name);
        QCOMPARE(shown(0).hints.value(u"suppress-sound"_s).toBool(), suppressed);
    }

    void replacesThePopupOfTheSameGroup()
    {
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        m_notifier->show(wordOf("g", {diskAlert("db1"), diskAlert("db2")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 2, patience);
        QCOMPARE(shown(1).replaces, shown(0).id);
        QCOMPARE(shown(1).summary, u"DiskFull: 2 firing"_s);
    }

    void twoInARowMakeOnePopup()
    {
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        m_notifier->show(wordOf("g", {diskAlert("db1"), diskAlert("db2")}));
        QTRY_VERIFY_WITH_TIMEOUT(!m_server->shown.isEmpty()
                                     && m_server->shown.last().summary == u"DiskFull: 2 firing"_s,
                                 patience);
        QCOMPARE(m_server->shown.last().id, m_server->shown.first().id);
    }

    void handsOverWhatThePersonDid()
    {
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        const uint id = shown(0).id;
        emit m_server->ActivationToken(id, u"token"_s);
        emit m_server->ActionInvoked(id, u"default"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_acts, (QList{NotificationAction::show}), patience);
        QCOMPARE(m_token, "token"_ba);
        emit m_server->ActionInvoked(id + 7, u"silence"_s); // of another program
        emit m_server->ActionInvoked(id, u"silence"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_acts.size(), 2, patience);
        QVERIFY(m_acts[1] == NotificationAction::silence1h);
        QCOMPARE(m_token, ""_ba); // it was good for one activation
        QTRY_COMPARE_WITH_TIMEOUT(m_server->closed, QList{id}, patience);
    }

    void aDismissalIsToldAndAnExpiryIsNot()
    {
        m_notifier->show(wordOf("g", {diskAlert("db1", "warning")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        m_server->end(shown(0).id, 1);
        askAnything(); // the news has come
        m_notifier->show(wordOf("g", {diskAlert("db1", "warning")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 2, patience);
        QCOMPARE(shown(1).replaces, 0U);
        QVERIFY(m_acts.isEmpty());
        m_server->end(shown(1).id, 2);
        QTRY_COMPARE_WITH_TIMEOUT(m_acts, (QList{NotificationAction::dismissed}), patience);
        m_notifier->show(wordOf("g", {diskAlert("db1", "warning")})); // acknowledged
        m_notifier->show(wordOf("h", {diskAlert("db2", "warning")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 3, patience);
        QCOMPARE(shown(2).summary, u"DiskFull on db2: firing"_s);
    }

    void aResolvedGroupReplacesAndCloses()
    {
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        m_notifier->show(wordOf("g", {diskAlert("db1")}, 1));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 2, patience);
        QCOMPARE(shown(1).replaces, shown(0).id);
        QCOMPARE(shown(1).summary, u"DiskFull on db1: resolved"_s);
        QCOMPARE(shown(1).hints.value(u"urgency"_s).toInt(), 0);
        QVERIFY(shown(1).hints.value(u"suppress-sound"_s).toBool());
        QTRY_COMPARE_WITH_TIMEOUT(m_server->closed, QList{shown(0).id}, patience);
    }

    void twoHundredGroupsMakeThreePopupsAtMost()
    {
        for (int i = 0; i < 200; ++i) {
            m_notifier->show(groupWord(i));
        }
        QTRY_VERIFY_WITH_TIMEOUT(!m_server->shown.isEmpty()
                                     && m_server->shown.last().summary
                                         == u"200 group(s) of alerts are firing"_s,
                                 patience);
        QVERIFY(m_server->mostOpen() <= 3);
        QSet<uint> ids;
        for (const ShownPopup& popup : std::as_const(m_server->shown)) {
            ids.insert(popup.id);
        }
        QVERIFY2(ids.size() <= 3, qPrintable(QString::number(ids.size())));
        QCOMPARE(m_server->shown.last().actions,
                 (QStringList{u"default"_s, u"Show"_s, u"snooze"_s, u"Snooze 15 min"_s}));
        emit m_server->ActionInvoked(m_server->shown.last().id, u"default"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_acts, (QList{NotificationAction::show}), patience);
    }

    void muteHoldsBackWhatStillFires()
    {
        m_notifier->mute(10min);
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        m_notifier->show(wordOf("other", {diskAlert("db2")}, 1));
        QMetaObject::invokeMethod(
            m_notifier.get(), [this] { m_notifier->mute(0min); }, Qt::QueuedConnection);
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        QCOMPARE(shown(0).summary, u"DiskFull on db1: firing"_s);
        m_notifier->show(wordOf("probe", {diskAlert("db3")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 2, patience);
    }

    void inhibitedThenNot_data()
    {
        QTest::addColumn<bool>("fromTheStart");
        QTest::addColumn<bool>("criticalAlways");
        QTest::addColumn<int>("meanwhile"); // popups
        QTest::newRow("when it starts") << true << false << 0;
        QTest::newRow("while it runs") << false << false << 0;
        QTest::newRow("critical ones wanted") << false << true << 1;
    }
    void inhibitedThenNot()
    {
        QFETCH(bool, fromTheStart);
        QFETCH(bool, criticalAlways);
        QFETCH(int, meanwhile);
        m_notifier.reset();
        m_server->setInhibited(fromTheStart);
        makeNotifier(&m_clock);
        if (!fromTheStart) {
            m_notifier->show(groupWord(99));
            settle();
            QCOMPARE(m_server->shown.size(), 1);
            m_server->end(shown(0).id, 1);
            m_server->shown.clear();
            m_server->setInhibited(true);
        }
        PopupSettings settings;
        settings.criticalAlways = criticalAlways;
        m_notifier->setSettings(settings);
        settle();
        for (int i = 0; i < 8; ++i) {
            m_notifier->show(groupWord(i));
        }
        m_notifier->show(groupWord(8, "critical"));
        settle();
        QCOMPARE(m_server->shown.size(), meanwhile);
        m_server->setInhibited(false);
        settle();
        QCOMPARE(m_server->shown.size(), meanwhile + 1);
        QCOMPARE(m_server->shown.last().summary,
                 u"While popups were held back: %1 group(s) of alerts"_s.arg(9 - meanwhile));
        settle();
        QCOMPARE(m_server->shown.size(), meanwhile + 1);
    }

    void quietHoursHoldBack()
    {
        m_notifier.reset();
        makeNotifier(&m_clock);
        PopupSettings settings;
        settings.quiet = {true, 3h, 4h}; // it is 03:04 UTC
        m_notifier->setSettings(settings);
        for (int i = 0; i < 3; ++i) {
            m_notifier->show(groupWord(i));
        }
        settle();
        pass(54min);
        settle();
        QCOMPARE(m_server->shown.size(), 0);
        pass(2min); // past four
        settle();
        QCOMPARE(m_server->shown.size(), 1);
        QCOMPARE(shown(0).summary, u"While popups were held back: 3 group(s) of alerts"_s);
    }

    void snoozeIsOfThisDesktop()
    {
        m_notifier.reset();
        makeNotifier(&m_clock);
        m_notifier->show(groupWord(0));
        settle();
        QCOMPARE(m_server->shown.size(), 1);
        const uint id = shown(0).id;
        emit m_server->ActionInvoked(id, u"snooze"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_server->closed, QList{id}, patience);
        QCOMPARE(m_acts, QList{NotificationAction::snooze15m});
        pass(14min);
        settle();
        QCOMPARE(m_server->shown.size(), 1);
        pass(2min);
        settle();
        QCOMPARE(m_server->shown.size(), 2);
        QCOMPARE(shown(1).summary, u"G000 on db1: firing"_s);
    }

    void withdraws()
    {
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        m_notifier->withdraw("g");
        QTRY_COMPARE_WITH_TIMEOUT(m_server->closed.size(), 1, patience);
    }

    void aServerThatStartsAgainIsAskedAgain()
    {
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        m_server->stop();
        // It had something open: the window shows that meanwhile.
        QTRY_COMPARE_WITH_TIMEOUT(m_notifier->windowPopups().size(), std::size_t(1), patience);
        m_server->capabilities = {u"body-markup"_s};
        QVERIFY(m_server->start());
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 2, patience);
        QCOMPARE(shown(1).replaces, 0U); // the one before knew that id
        QVERIFY2(shown(1).body.contains(u"&lt;full&gt;"_s), qPrintable(shown(1).body));
        QVERIFY(shown(1).actions.isEmpty());
        QVERIFY(m_notifier->windowPopups().empty());
        QVERIFY(!m_notifier->isWindowOnly());
    }

    void aServerThatEndsWithNothingToDoIsLeftAlone()
    {
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        m_server->end(shown(0).id, 1);
        QTRY_VERIFY_WITH_TIMEOUT(m_server->open().isEmpty(), patience);
        m_server->stop();
        QSignalSpy windowOnly(m_notifier.get(), &desktop::DesktopNotifier::windowOnlyChanged);
        m_notifier->show(wordOf("h", {diskAlert("db2")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_notifier->windowPopups().size(), std::size_t(1), patience);
        QCOMPARE(windowOnly.size(), 1);
    }

    void whatTheServerRefusesTheWindowShows()
    {
        m_server->refusals = 1;
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_notifier->windowPopups().size(), std::size_t(1), patience);
        QCOMPARE(m_notifier->windowPopups()[0].summary, std::string("DiskFull on db1: firing"));
    }

    void withoutAServerTheWindowShowsPopups()
    {
        m_notifier.reset();
        m_server->stop();
        makeNotifier();
        QSignalSpy changed(m_notifier.get(), &desktop::DesktopNotifier::windowPopupsChanged);
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(changed.size(), 1, patience);
        QVERIFY(m_notifier->isWindowOnly());
        const PopupCard card = m_notifier->windowPopups().at(0);
        QCOMPARE(card.summary, std::string("DiskFull on db1: firing"));
        QCOMPARE(card.body, std::string("disk of db1 <full> & \"hot\""));
        QCOMPARE(card.urgency, 2);
        QVERIFY(card.canSilence && card.canSnooze && !card.isResolved);
        m_notifier->act(card.id, NotificationAction::show);
        QCOMPARE(m_acts, QList{NotificationAction::show});
        QCOMPARE(m_notifier->windowPopups().size(), std::size_t(1));
        m_notifier->act(card.id, NotificationAction::silence1h);
        QCOMPARE(m_acts.last(), NotificationAction::silence1h);
        QVERIFY(m_notifier->windowPopups().empty());
    }

    void nothingOutlastsTheProgram()
    {
        m_notifier->show(wordOf("g", {diskAlert("db1")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server->shown.size(), 1, patience);
        m_notifier.reset();
        QTRY_COMPARE_WITH_TIMEOUT(m_server->closed, QList{shown(0).id}, patience);
    }

    void cutsWhatIsLong()
    {
        std::vector<Alert> alerts;
        for (int i = 0; i < 16; ++i) {
            alerts.push_back(diskAlert("db" + std::to_string(i)));
        }
        alerts[0].annotations = Labels{{"summary", std::string(5'000, 'x') + "\nmore"}};
        const QStringList lines
            = desktop::popupText(wordOf("g", std::move(alerts))).body.split(u'\n');
        QCOMPARE(lines.size(), 5);
        QCOMPARE(lines.first().size(), 200);
        QCOMPARE(lines.last(), u"and 12 more"_s);
    }
};

QTEST_GUILESS_MAIN(TestNotifier)
#include "tst_notifier.moc"
