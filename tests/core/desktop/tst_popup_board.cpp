// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which popups there are, under a clock turned by hand.
#include "core/desktop/popup_board.h"
#include "tests/core/desktop/popup_words.h"

#include <map>
#include <memory>
#include <set>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace watchfire;
using namespace watchfire::desktop;
using tests::diskAlert;
using tests::groupWord;
using tests::wordOf;

namespace {

constexpr Timestamp start = fromUnixMs(1'767'323'045'000);

/// Keeps what is on it, and how often something came.
struct Screen final : PopupScreen {
    std::map<PopupId, Popup> open;
    std::size_t posts = 0;
    std::size_t mostOpen = 0;
    std::set<PopupId> everOpen;
    std::vector<PopupId> closed;

    void post(PopupId id, const Popup& popup) override
    {
        ++posts;
        open.insert_or_assign(id, popup);
        everOpen.insert(id);
        mostOpen = std::max(mostOpen, open.size());
    }
    void close(PopupId id) override
    {
        QVERIFY2(open.erase(id) == 1, "closed what is not open");
        closed.push_back(id);
    }
    /// "DiskFull on db1: firing | …", by age.
    QString summaries() const
    {
        QStringList out;
        for (const auto& [id, popup] : open) {
            out << popup.text.summary;
        }
        return out.join(u" | "_s);
    }
};

} // namespace

class TestPopupBoard : public QObject {
    Q_OBJECT

    std::unique_ptr<Screen> m_screen;
    std::unique_ptr<PopupBoard> m_board;
    Timestamp m_now = start;

    /// Turns the clock on, stopping at every due moment.
    void pass(std::chrono::milliseconds span)
    {
        const Timestamp until = m_now + span;
        int turns = 0;
        while (m_board->nextDue() && *m_board->nextDue() <= until) {
            QVERIFY2(++turns < 1'000, "something stays due");
            m_now = std::max(m_now, *m_board->nextDue());
            m_board->advance(m_now);
        }
        m_now = until;
        m_board->advance(m_now);
    }
    void show(const Notification& word) { m_board->show(word, m_now); }
    void showMany(int from, int to, const std::string& severity = "warning")
    {
        for (int i = from; i < to; ++i) {
            show(groupWord(i, severity));
        }
    }
    PopupId only() const { return m_screen->open.size() == 1 ? m_screen->open.begin()->first : 0; }

private slots:
    void init()
    {
        m_now = start;
        m_screen = std::make_unique<Screen>();
        m_board = std::make_unique<PopupBoard>(*m_screen);
    }

    void aGroupIsOnePopup()
    {
        show(wordOf("g", {diskAlert("db1")}));
        QCOMPARE(m_screen->posts, 0U); // more may come
        pass(200ms);
        QCOMPARE(m_screen->summaries(), u"DiskFull on db1: firing"_s);
        const PopupId id = only();
        show(wordOf("g", {diskAlert("db1"), diskAlert("db2")}));
        QCOMPARE(m_screen->summaries(), u"DiskFull: 2 firing"_s);
        QCOMPARE(only(), id);
        QVERIFY(!m_board->nextDue());
    }

    void howManyMakeWhat_data()
    {
        QTest::addColumn<int>("groups");
        QTest::addColumn<int>("apartMs"); // between two of them
        QTest::addColumn<int>("open");
        QTest::addColumn<QString>("summary"); // of the newest popup
        QTest::newRow("one") << 1 << 0 << 1 << u"G000 on db1: firing"_s;
        QTest::newRow("three stand side by side") << 3 << 0 << 3 << u"G002 on db1: firing"_s;
        QTest::newRow("four are too many for three places")
            << 4 << 0 << 3 << u"2 group(s) of alerts are firing"_s;
        QTest::newRow("five are no storm yet")
            << 5 << 0 << 3 << u"3 group(s) of alerts are firing"_s;
        QTest::newRow("six at once are a storm")
            << 6 << 0 << 1 << u"6 group(s) of alerts are firing"_s;
        QTest::newRow("two hundred at once")
            << 200 << 0 << 1 << u"200 group(s) of alerts are firing"_s;
        QTest::newRow("six, one each second")
            << 6 << 1'000 << 1 << u"6 group(s) of alerts are firing"_s;
        QTest::newRow("six, one each four seconds: no storm, too many all the same")
            << 6 << 4'000 << 3 << u"4 group(s) of alerts are firing"_s;
    }
    void howManyMakeWhat()
    {
        QFETCH(int, groups);
        QFETCH(int, apartMs);
        QFETCH(int, open);
        QFETCH(QString, summary);
        for (int i = 0; i < groups; ++i) {
            show(groupWord(i));
            pass(std::chrono::milliseconds(apartMs));
        }
        pass(10s);
        QCOMPARE(int(m_screen->open.size()), open);
        QVERIFY(m_screen->mostOpen <= PopupBoard::mostPopups);
        QVERIFY2(m_screen->summaries().split(u" | "_s).contains(summary),
                 qPrintable(m_screen->summaries()));
    }

    void twoHundredThatComeOverAMinuteNeverTakeMoreThanThreePopups()
    {
        for (int i = 0; i < 200; ++i) {
            show(groupWord(i, i % 7 == 0 ? "critical" : "warning"));
            pass(300ms);
        }
        QVERIFY(m_screen->mostOpen <= PopupBoard::mostPopups);
        QVERIFY(m_screen->everOpen.size() <= PopupBoard::mostPopups);
        pass(5s);
        QVERIFY(m_screen->summaries().contains(u"200 group(s)"_s));
    }

    void theSummaryChangesEveryFiveSecondsAtMost()
    {
        showMany(0, 10);
        pass(1s);
        QCOMPARE(m_screen->posts, 1U);
        for (int i = 10; i < 50; ++i) {
            show(groupWord(i));
            pass(100ms);
        }
        QVERIFY(m_screen->posts <= 2U);
        pass(5s);
        QCOMPARE(m_screen->posts, 2U);
        QCOMPARE(m_screen->summaries(), u"50 group(s) of alerts are firing"_s);
        QVERIFY(m_screen->open.begin()->second.isQuiet);
        const QStringList lines = m_screen->open.begin()->second.text.body.split(u'\n');
        QCOMPARE(lines.size(), 5);
        QCOMPARE(lines.last(), u"and 46 more"_s);
        QCOMPARE(lines.first(), u"G049 on db1: firing"_s); // the newest
    }

    void whatIsLessUrgentGivesWay()
    {
        show(groupWord(0, "critical"));
        show(groupWord(1, "info"));
        show(groupWord(2, "warning"));
        pass(11s);
        show(groupWord(3, "critical"));
        pass(1s);
        QVERIFY(m_screen->summaries().contains(u"G000"_s));
        QVERIFY(m_screen->summaries().contains(u"G003"_s));
        QVERIFY(m_screen->summaries().contains(u"2 group(s)"_s));
        QCOMPARE(m_screen->everOpen.size(), 4U); // the fourth is the new critical one
        QCOMPARE(m_screen->mostOpen, 3U);
    }

    void theSummaryOfOneIsThatOne()
    {
        showMany(0, 6);
        pass(1s);
        const PopupId id = only();
        for (int i = 1; i < 6; ++i) {
            show(groupWord(i, "warning", true));
        }
        pass(5s);
        QCOMPARE(m_screen->summaries(), u"G000 on db1: firing"_s);
        QCOMPARE(only(), id);
        QVERIFY(m_screen->open.begin()->second.canSilence);
    }

    void aStormThatIsOverSaysSoAndGoes()
    {
        showMany(0, 8);
        pass(6s);
        const PopupId id = only();
        for (int i = 0; i < 8; ++i) {
            show(groupWord(i, "warning", true));
        }
        pass(5s);
        QCOMPARE(only(), id);
        QCOMPARE(m_screen->summaries(), u"8 group(s) of alerts: resolved"_s);
        QVERIFY(m_screen->open.begin()->second.isResolved);
        pass(5s);
        QVERIFY(m_screen->open.empty());
        QVERIFY(!m_board->nextDue());
    }

    void aResolvedGroupReplacesQuietlyAndGoes()
    {
        show(groupWord(0, "critical"));
        pass(1s);
        const PopupId id = only();
        show(groupWord(0, "critical", true));
        QCOMPARE(only(), id);
        const Popup& popup = m_screen->open.at(id);
        QCOMPARE(popup.text.summary, u"G000 on db1: resolved"_s);
        QVERIFY(popup.isQuiet && popup.isResolved && !popup.canSilence && !popup.canSnooze);
        QCOMPARE(int(popup.urgency), 0);
        pass(4999ms);
        QCOMPARE(only(), id);
        pass(1ms);
        QVERIFY(m_screen->open.empty());
    }

    void aResolvedGroupThatFiresAgainStays()
    {
        show(groupWord(0));
        pass(1s);
        const PopupId id = only();
        show(groupWord(0, "warning", true));
        pass(2s);
        show(groupWord(0));
        pass(1min);
        QCOMPARE(only(), id);
        QCOMPARE(m_screen->summaries(), u"G000 on db1: firing"_s);
    }

    void resolvedOnesGiveWayFirst()
    {
        showMany(0, 3);
        pass(11s);
        show(groupWord(1, "warning", true));
        show(groupWord(3));
        pass(1s);
        QCOMPARE(m_screen->summaries(),
                 u"G000 on db1: firing | G002 on db1: firing | G003 on db1: firing"_s);
    }

    void whatCameAndWentIsNotShown()
    {
        show(groupWord(0));
        show(groupWord(0, "warning", true));
        pass(1min);
        QCOMPARE(m_screen->posts, 0U);
    }

    void dismissalAcknowledges_data()
    {
        QTest::addColumn<Notification>("next");
        QTest::addColumn<bool>("comes");
        Alert later = diskAlert("db1");
        later.startsAt += 1h;
        QTest::newRow("said again") << wordOf("g", {diskAlert("db1")}) << false;
        QTest::newRow("one more alert")
            << wordOf("g", {diskAlert("db1"), diskAlert("db2")}) << true;
        QTest::newRow("fires anew") << wordOf("g", {later}) << true;
        QTest::newRow("is over") << wordOf("g", {diskAlert("db1")}, 1) << true;
    }
    void dismissalAcknowledges()
    {
        QFETCH(Notification, next);
        QFETCH(bool, comes);
        show(wordOf("g", {diskAlert("db1")}));
        pass(1s);
        m_screen->open.clear();
        const auto acknowledged = m_board->ended(1, PopupEnd::dismissed, m_now);
        QCOMPARE(acknowledged.size(), 1U);
        show(next);
        pass(1s);
        QCOMPARE(!m_screen->open.empty(), comes);
    }

    void anExpiredPopupAcknowledgesNothing()
    {
        show(groupWord(0));
        pass(1s);
        m_screen->open.clear();
        QVERIFY(m_board->ended(1, PopupEnd::expired, m_now).empty());
        show(groupWord(0));
        pass(1s);
        QCOMPARE(m_screen->open.size(), 1U);
    }

    void aDismissedStormStaysQuiet()
    {
        showMany(0, 8);
        pass(1s);
        m_screen->open.clear();
        QCOMPARE(m_board->ended(1, PopupEnd::dismissed, m_now).size(), 8U);
        showMany(0, 8);
        pass(1min);
        QVERIFY(m_screen->open.empty());
    }

    void snoozeIsForFifteenMinutes()
    {
        show(groupWord(0));
        pass(1s);
        const auto snoozed = m_board->act(only(), NotificationAction::snooze15m, m_now);
        QCOMPARE(snoozed.size(), 1U);
        QVERIFY(m_screen->open.empty());
        show(groupWord(0)); // still firing
        pass(15min - 1ms);
        QVERIFY(m_screen->open.empty());
        pass(201ms);
        QCOMPARE(m_screen->summaries(), u"G000 on db1: firing"_s);
    }

    void aSnoozedGroupThatIsOverStaysAway()
    {
        show(groupWord(0));
        pass(1s);
        m_board->act(only(), NotificationAction::snooze15m, m_now);
        show(groupWord(0, "warning", true));
        pass(1h);
        QVERIFY(m_screen->open.empty());
    }

    void aSnoozedSummaryComesBackAsOne()
    {
        showMany(0, 20);
        pass(1s);
        QCOMPARE(m_board->act(only(), NotificationAction::snooze15m, m_now).size(), 20U);
        pass(16min);
        QCOMPARE(m_screen->summaries(), u"20 group(s) of alerts are firing"_s);
    }

    void whatPopupsOffer_data()
    {
        QTest::addColumn<int>("groups");
        QTest::addColumn<bool>("resolved");
        QTest::addColumn<NotificationAction>("action");
        QTest::addColumn<int>("acted"); // groups it is done for
        QTest::addColumn<bool>("stays");
        using enum NotificationAction;
        QTest::newRow("show one") << 1 << false << show << 1 << true;
        QTest::newRow("silence one") << 1 << false << silence1h << 1 << false;
        QTest::newRow("dismiss one") << 1 << false << dismissed << 1 << false;
        QTest::newRow("show many") << 6 << false << show << 6 << true;
        QTest::newRow("no silence for many at once") << 6 << false << silence1h << 0 << true;
        QTest::newRow("dismiss many") << 6 << false << dismissed << 6 << false;
        QTest::newRow("nothing to silence") << 1 << true << silence1h << 0 << true;
        QTest::newRow("nothing to snooze") << 1 << true << snooze15m << 0 << true;
    }
    void whatPopupsOffer()
    {
        QFETCH(int, groups);
        QFETCH(bool, resolved);
        QFETCH(NotificationAction, action);
        QFETCH(int, acted);
        QFETCH(bool, stays);
        showMany(0, groups);
        pass(1s);
        if (resolved) {
            show(groupWord(0, "warning", true));
        }
        QCOMPARE(int(m_board->act(only(), action, m_now).size()), acted);
        QCOMPARE(!m_screen->open.empty(), stays);
        QVERIFY(m_board->act(999, action, m_now).empty());
    }

    void withdrawnPopupsGo()
    {
        show(groupWord(0));
        pass(1s);
        m_board->withdraw("G000", m_now);
        QVERIFY(m_screen->open.empty());
        m_board->withdraw("G000", m_now);
        show(groupWord(0)); // after the silence
        pass(1s);
        QCOMPARE(m_screen->open.size(), 1U);
    }

    void withdrawnGroupsLeaveTheSummary()
    {
        showMany(0, 7);
        pass(1s);
        m_board->withdraw("G000", m_now);
        pass(5s);
        QCOMPARE(m_screen->summaries(), u"6 group(s) of alerts are firing"_s);
        for (int i = 1; i < 7; ++i) {
            m_board->withdraw(groupWord(i).groupKey, m_now);
        }
        pass(5s);
        QVERIFY(m_screen->open.empty());
    }

    void holdsBackThenTellsOnce_data()
    {
        QTest::addColumn<int>("groups");
        QTest::addColumn<QString>("digest");
        QTest::newRow("nothing came") << 0 << QString();
        QTest::newRow("one keeps its own popup") << 1 << u"G000 on db1: firing"_s;
        QTest::newRow("two") << 2 << u"While popups were held back: 2 group(s) of alerts"_s;
        QTest::newRow("two hundred")
            << 200 << u"While popups were held back: 200 group(s) of alerts"_s;
    }
    void holdsBackThenTellsOnce()
    {
        QFETCH(int, groups);
        QFETCH(QString, digest);
        m_board->hold(PopupHold::inhibited, true, m_now);
        showMany(0, groups);
        show(groupWord(900));
        pass(1h);
        show(groupWord(900, "warning", true)); // it came and went
        QCOMPARE(m_screen->posts, 0U);
        m_board->hold(PopupHold::inhibited, false, m_now);
        pass(1min);
        QCOMPARE(m_screen->summaries(), digest);
        QCOMPARE(m_screen->posts, groups > 0 ? 1U : 0U);
    }

    void aDigestFindsRoom()
    {
        showMany(0, 3);
        pass(11s);
        m_board->hold(PopupHold::inhibited, true, m_now);
        showMany(3, 5);
        pass(1min);
        m_board->hold(PopupHold::inhibited, false, m_now);
        QCOMPARE(m_screen->open.size(), 3U);
        QVERIFY2(
            m_screen->summaries().contains(u"While popups were held back: 3 group(s) of alerts"_s),
            qPrintable(m_screen->summaries()));
        QCOMPARE(m_screen->everOpen.size(), 3U);
    }

    void everyReasonMustBeOver()
    {
        m_board->hold(PopupHold::inhibited, true, m_now);
        m_board->hold(PopupHold::quietHours, true, m_now);
        showMany(0, 3);
        m_board->hold(PopupHold::inhibited, false, m_now);
        pass(1min);
        QCOMPARE(m_screen->posts, 0U);
        m_board->hold(PopupHold::quietHours, false, m_now);
        QCOMPARE(m_screen->posts, 1U);
    }

    void criticalPassesWhereThatIsWanted()
    {
        m_board->hold(PopupHold::quietHours, true, m_now);
        show(groupWord(0, "critical"));
        pass(1s);
        QVERIFY2(m_screen->open.empty(), "it is opt-in");
        m_board->setCriticalAlways(true, m_now);
        QCOMPARE(m_screen->summaries(), u"G000 on db1: firing"_s);
        show(groupWord(1, "critical"));
        show(groupWord(2, "warning"));
        pass(1s);
        QCOMPARE(m_screen->summaries(), u"G000 on db1: firing | G001 on db1: firing"_s);
    }

    void whatIsOnTheScreenIsStillTakenBackWhileHeld()
    {
        show(groupWord(0));
        show(groupWord(1));
        pass(1s);
        m_board->hold(PopupHold::inhibited, true, m_now);
        const auto posts = m_screen->posts;
        show(wordOf("G000",
                    {diskAlert("db1", "warning", "G000"), diskAlert("db2", "warning", "G000")}));
        pass(1s);
        QCOMPARE(m_screen->posts, posts);
        show(groupWord(1, "warning", true));
        pass(5s);
        QCOMPARE(m_screen->open.size(), 1U);
        m_board->hold(PopupHold::inhibited, false, m_now);
        QCOMPARE(m_screen->summaries(), u"G000: 2 firing"_s);
    }

    void aClockSetBackDelaysNothing()
    {
        showMany(0, 8);
        pass(1s);
        show(groupWord(8));
        m_now -= 1h;
        m_board->advance(m_now);
        pass(5s);
        QCOMPARE(m_screen->summaries(), u"9 group(s) of alerts are firing"_s);
    }

    void whatIsOpenCanBeShownElsewhere()
    {
        show(groupWord(0));
        pass(11s);
        showMany(1, 8);
        pass(1s);
        const QString before = m_screen->summaries();
        QCOMPARE(m_screen->open.size(), 2U);
        m_screen->open.clear();
        m_board->repost();
        QCOMPARE(m_screen->summaries(), before);
    }
};

QTEST_GUILESS_MAIN(TestPopupBoard)
#include "tst_popup_board.moc"
