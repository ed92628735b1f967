// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/query_lane.h"

#include <atomic>
#include <chrono>
#include <deque>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <QTest>

using namespace watchfire;
using namespace watchfire::runtime;
using namespace std::chrono_literals;

namespace {

/// Workers that a test lets work, one task at a time.
struct Workers final : Executor {
    std::deque<Task> tasks;
    void run(Task task) override { tasks.push_back(std::move(task)); }
    void runOne()
    {
        Task task = std::move(tasks.front());
        tasks.pop_front();
        task();
    }
};

} // namespace

/// Questions run some at once, wait in order, and leave when nobody wants their answer any more.
class TestQueryLane : public QObject {
    Q_OBJECT

    Workers m_workers;
    std::optional<QueryLane> m_lane;
    std::vector<std::string> m_ran;
    std::vector<std::string> m_answers;
    const QueryLane::SteadyTime m_now{};

    Ticket ask(const std::string& name, std::chrono::seconds deadline = 60s)
    {
        return m_lane->ask<int>(
            [this, name](const std::stop_token&) -> Result<int> {
                m_ran.push_back(name);
                return 1;
            },
            [this, name](const Result<int>& answer) {
                m_answers.push_back(name + (answer ? "" : ": " + answer.error().message));
            },
            m_now + deadline);
    }

private slots:
    void init()
    {
        m_workers.tasks.clear();
        m_ran.clear();
        m_answers.clear();
        m_lane.emplace(m_workers, QueryLane::Limits{.running = 2, .waiting = 2});
    }

    void someRunAtOnceAndOthersInOrder()
    {
        const Ticket a = ask("a");
        const Ticket b = ask("b");
        const Ticket c = ask("c");
        const Ticket d = ask("d");
        QCOMPARE(m_workers.tasks.size(), std::size_t{2});
        m_workers.runOne(); // a ends, and c may begin
        QCOMPARE(m_workers.tasks.size(), std::size_t{2});
        while (!m_workers.tasks.empty()) {
            m_workers.runOne();
        }
        QVERIFY((m_ran == std::vector<std::string>{"a", "b", "c", "d"}));
        QVERIFY(m_answers == m_ran);
    }

    void whatIsTooMuchIsRefused()
    {
        const Ticket a = ask("a");
        const Ticket b = ask("b");
        const Ticket c = ask("c");
        const Ticket d = ask("d");
        const Ticket e = ask("e");
        QVERIFY((m_answers
                 == std::vector<std::string>{
                     "e: 2 queries are running and 2 waiting already; try again"}));
        m_workers.runOne();
        const Ticket f = ask("f"); // there is room again
        QCOMPARE(m_answers.size(), std::size_t{2});
        QCOMPARE(m_answers.back(), std::string("a"));
    }

    void whoLeavesMakesRoomAtOnce()
    {
        const Ticket a = ask("a");
        const Ticket b = ask("b");
        Ticket c = ask("c");
        const Ticket d = ask("d");
        c.cancel();
        const Ticket e = ask("e");
        QVERIFY(m_answers.empty());
        while (!m_workers.tasks.empty()) {
            m_workers.runOne();
        }
        QVERIFY((m_ran == std::vector<std::string>{"a", "b", "d", "e"}));
        QVERIFY(m_answers == m_ran);
    }

    void whoLeavesWhileItRunsGetsNoAnswer()
    {
        std::optional<Ticket> ticket;
        bool answered = false;
        ticket.emplace(m_lane->ask<int>(
            [&](const std::stop_token& stop) -> Result<int> {
                ticket->cancel();
                return stop.stop_requested() ? 1 : 0;
            },
            [&](const Result<int>&) { answered = true; }));
        m_workers.runOne();
        QVERIFY(!answered);
        // And makes room for others.
        const Ticket a = ask("a");
        const Ticket b = ask("b");
        QCOMPARE(m_workers.tasks.size(), std::size_t{2});
    }

    void whoWaitsTooLongIsTold()
    {
        const Ticket a = ask("a", 1s);
        const Ticket b = ask("b", 1s);
        QVERIFY(!m_lane->nextDeadline());
        const Ticket c = ask("c", 9s);
        const Ticket d = ask("d", 5s);
        QVERIFY(m_lane->nextDeadline() == m_now + 5s);
        m_lane->expire(m_now + 4s);
        QVERIFY(m_answers.empty()); // those that run see to it themselves
        m_lane->expire(m_now + 5s);
        QVERIFY((m_answers == std::vector<std::string>{"d: query timed out in query queue"}));
        QVERIFY(m_lane->nextDeadline() == m_now + 9s);
        const Ticket e = ask("e");
        while (!m_workers.tasks.empty()) {
            m_workers.runOne();
        }
        QVERIFY((m_ran == std::vector<std::string>{"a", "b", "c", "e"}));
    }

    void thoseThatWaitGoWithTheLane()
    {
        const Ticket a = ask("a");
        const Ticket b = ask("b");
        Ticket c = ask("c");
        m_lane.reset();
        while (!m_workers.tasks.empty()) {
            m_workers.runOne();
        }
        c.cancel();
        QVERIFY((m_ran == std::vector<std::string>{"a", "b"}));
    }

    // Asked, left and answered from several threads: each question has one end.
    void everyQuestionEndsOnce()
    {
        ThreadPool pool(4);
        QueryLane lane(pool, {.running = 3, .waiting = 1'000});
        std::atomic<int> ended{0};
        std::atomic<int> answered{0};
        constexpr int each = 300;
        std::vector<std::future<void>> askers;
        std::promise<void> all;
        for (int asker = 0; asker < 3; ++asker) {
            askers.push_back(std::async(std::launch::async, [&, asker] {
                for (int i = 0; i < each; ++i) {
                    // The last reference to what the question holds tells that it is over.
                    const std::shared_ptr<void> held(nullptr, [&](void*) {
                        if (++ended == 3 * each) {
                            all.set_value();
                        }
                    });
                    Ticket ticket
                        = lane.ask<int>([held](const std::stop_token&) -> Result<int> { return 1; },
                                        [held, &answered](const Result<int>&) { ++answered; });
                    if ((i + asker) % 3 == 0) {
                        ticket.cancel();
                    } else {
                        ticket.detach();
                    }
                }
            }));
        }
        for (auto& asker : askers) {
            asker.get();
        }
        QCOMPARE(all.get_future().wait_for(10s), std::future_status::ready);
        QVERIFY(answered >= 2 * each);
        QVERIFY(answered <= 3 * each);
    }
};

QTEST_GUILESS_MAIN(TestQueryLane)
#include "tst_query_lane.moc"
