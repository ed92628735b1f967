// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/schedule.h"

#include <map>
#include <vector>

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace std::chrono_literals;
using scrape::Schedule;

namespace {

const Timestamp start = fromUnixMs(1'700'000'000'000);

struct Turns {
    std::vector<Schedule::Turn> taken;
    Schedule schedule{[this](const Schedule::Turn& turn) { taken.push_back(turn); }};
};

} // namespace

class TestSchedule : public QObject {
    Q_OBJECT
private slots:
    void nothingIsNeverDue()
    {
        Turns turns;
        QVERIFY(!turns.schedule.nextDue());
        turns.schedule.advance(start);
        QVERIFY(turns.taken.empty());
    }

    void turnsLieOnTheGridOfTheNumber()
    {
        Turns turns;
        turns.schedule.add(12'345, 1s, start);
        for (auto now = start; now <= start + 5s; now += 10ms) {
            turns.schedule.advance(now);
        }
        QCOMPARE(turns.taken.size(), 6U); // the first, then each second
        for (std::size_t i = 1; i < turns.taken.size(); ++i) {
            QCOMPARE(unixMs(turns.taken[i].due) % 1000, 12'345 % 1000);
        }
    }

    void aThousandTargetsSpreadOverTheInterval()
    {
        std::map<std::int64_t, int> perSecond;
        for (std::uint64_t i = 0; i < 1000; ++i) {
            const std::uint64_t id = i * 0x9E37'79B9'7F4A'7C15U; // as a hash would
            ++perSecond[(Schedule::turnAfter(id, 10s, start - 1ms) - start) / 1s];
        }
        QCOMPARE(perSecond.size(), 10U);
        for (const auto& [second, count] : perSecond) {
            QVERIFY2(count > 60 && count < 140, qPrintable(QString::number(count)));
        }
    }

    void aRestartFindsTheSameGrid()
    {
        const Timestamp first = Schedule::turnAfter(77, 15s, start);
        QCOMPARE(Schedule::turnAfter(77, 15s, first - 1ms), first);
        QCOMPARE(Schedule::turnAfter(77, 15s, first), first + 15s);
    }

    // A suspend, or a clock set forward: no turn is made up for, and not all start at once.
    void whatWasSleptThroughIsNotMadeUpFor()
    {
        Turns turns;
        for (std::uint64_t i = 0; i < 100; ++i) {
            turns.schedule.add(i * 0x9E37'79B9'7F4A'7C15U, 10s, start);
        }
        turns.schedule.advance(start);
        turns.taken.clear();
        const Timestamp awake = start + 8h;
        turns.schedule.advance(awake);
        QVERIFY2(turns.taken.size() < 10, "a burst");
        for (auto now = awake; now <= awake + 2s; now += 10ms) {
            turns.schedule.advance(now);
        }
        QVERIFY2(turns.taken.size() >= 100, "a target waits for longer than two seconds");
        QVERIFY2(turns.taken.size() < 150, "turns were made up for");
    }

    void aClockSetBackStopsNobody()
    {
        Turns turns;
        turns.schedule.add(5, 10s, start);
        turns.schedule.advance(start);
        turns.schedule.advance(start - 2h);
        QVERIFY(*turns.schedule.nextDue() <= start - 2h + 10s);
        turns.taken.clear();
        turns.schedule.advance(start - 2h + 10s);
        QCOMPARE(turns.taken.size(), 1U);
    }

    void theHandlerMayChangeTheSchedule()
    {
        std::vector<Schedule::Id> taken;
        Schedule* self = nullptr;
        Schedule schedule([&](const Schedule::Turn& turn) {
            taken.push_back(turn.id);
            self->remove(turn.id);
            self->add(turn.id + 1, 1s, turn.due + 1s);
        });
        self = &schedule;
        schedule.add(1, 1s, start);
        schedule.advance(start);
        QCOMPARE(taken, std::vector<Schedule::Id>{1});
        QVERIFY(!schedule.contains(1));
        QCOMPARE(*schedule.nextDue(), start + 1s);
    }
};

QTEST_GUILESS_MAIN(TestSchedule)
#include "tst_schedule.moc"
