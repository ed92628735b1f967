// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/view_state.h"

#include <QSignalSpy>
#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestViewState : public QObject {
    Q_OBJECT

private slots:
    void liveRangeFollowsTheClock()
    {
        const ViewRange range = ViewRange::ofLast(1h);
        const Timestamp now = fromUnixMs(1'700'000'000'000);
        QCOMPARE(range.resolve(now), (TimeRange{now - 1h, now}));
        QCOMPARE(range.resolve(now + 5s), (TimeRange{now - 1h + 5s, now + 5s}));
    }

    void goLiveReturnsToTheLastLiveRange()
    {
        ViewState view;
        view.setRange(ViewRange::ofLast(6h));
        view.setRange(ViewRange::between(fromUnixMs(1000), fromUnixMs(2000)));
        QVERIFY(!view.range().isLive());
        view.goLive();
        QCOMPARE(view.range(), ViewRange::ofLast(6h));
    }

    void remembersAndRestores_data()
    {
        QTest::addColumn<bool>("live");
        QTest::newRow("live") << true;
        QTest::newRow("fixed") << false;
    }
    void remembersAndRestores()
    {
        QFETCH(bool, live);
        ViewState view;
        view.setRange(live ? ViewRange::ofLast(3h)
                           : ViewRange::between(fromUnixMs(1000), fromUnixMs(2000)));
        view.setRefreshInterval(15s);
        ViewState other;
        other.restore(view.toText());
        QCOMPARE(other.range(), view.range());
        QCOMPARE(other.refreshInterval(), std::chrono::milliseconds(15s));
    }

    void nonsenseIsIgnored()
    {
        ViewState view;
        const ViewRange before = view.range();
        for (const QString& text :
             {QString(), u"last"_s, u"last -5"_s, u"fixed 9 3"_s, u"x y z"_s}) {
            view.restore(text);
            QCOMPARE(view.range(), before);
        }
    }

    void pausedAndHiddenTickNot()
    {
        ViewState view;
        view.setRefreshInterval(10ms);
        QSignalSpy ticks(&view, &ViewState::tick);
        QVERIFY(ticks.wait(2000));
        view.setPaused(true);
        ticks.clear();
        QVERIFY(!ticks.wait(50));
        view.setPaused(false);
        QCOMPARE(ticks.size(), 1); // at once
        view.setActive(false);
        ticks.clear();
        QVERIFY(!ticks.wait(50));
        view.setActive(true);
        QVERIFY(ticks.size() >= 1);
    }

    void rangesInWords()
    {
        QCOMPARE(rangeText(ViewRange::ofLast(15min)), u"Last 15 minutes"_s);
        QCOMPARE(rangeText(ViewRange::ofLast(1h)), u"Last 1 hour"_s);
        QCOMPARE(rangeText(ViewRange::ofLast(24h)), u"Last 24 hours"_s);
        QCOMPARE(rangeText(ViewRange::ofLast(7 * 24h)), u"Last 7 days"_s);
        QCOMPARE(rangeText(ViewRange::ofLast(90s)), u"Last 1m30s"_s);
    }
};

QTEST_GUILESS_MAIN(TestViewState)
#include "tst_view_state.moc"
