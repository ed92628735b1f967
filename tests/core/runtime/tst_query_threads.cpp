// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/query_threads.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <iterator>
#include <latch>
#include <map>
#include <numeric>
#include <ranges>
#include <thread>
#include <vector>

#include <QTest>

using namespace watchfire;
using namespace watchfire::runtime;

/// Tasks on several threads: all run, some at once, and few threads do what is little.
class TestQueryThreads : public QObject {
    Q_OBJECT

private slots:
    void allThreadsWorkWhereThereIsMuch()
    {
        QueryThreads pool(4);
        std::latch together(4); // each of the tasks waits for the three others
        std::latch done(4);
        for (int i = 0; i < 4; ++i) {
            pool.run([&] {
                together.arrive_and_wait();
                done.count_down();
            });
        }
        done.wait();
    }

    void fewThreadsWorkWhereThereIsLittle()
    {
        constexpr std::size_t threads = 16;
        QueryThreads pool(threads);
        constexpr int tasks = 1'000;
        std::map<std::thread::id, int> tasksOf;
        for (int i = 0; i < tasks; ++i) {
            std::promise<std::thread::id> ran;
            pool.run([&ran] { ran.set_value(std::this_thread::get_id()); });
            ++tasksOf[ran.get_future().get()];
        }
        // One that is not idle again in time is passed over now and then, more often where others
        // want the processors; if they took turns, four would do a quarter.
        std::vector<int> counts;
        std::ranges::copy(std::views::values(tasksOf), std::back_inserter(counts));
        std::ranges::sort(counts, std::greater());
        counts.resize(4);
        const int ofFour = std::accumulate(counts.begin(), counts.end(), 0);
        QVERIFY2(ofFour > tasks / 2, qPrintable(QString::number(ofFour)));
    }

    void eachTaskRunsOnce()
    {
        constexpr int each = 2'000;
        std::atomic<int> ran{0};
        std::promise<void> all;
        QueryThreads pool(3);
        std::vector<std::jthread> askers;
        for (int asker = 0; asker < 3; ++asker) {
            askers.emplace_back([&] {
                for (int i = 0; i < each; ++i) {
                    pool.run([&] {
                        if (++ran == 3 * each) {
                            all.set_value();
                        }
                    });
                }
            });
        }
        QCOMPARE(all.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready);
        QCOMPARE(ran.load(), 3 * each);
    }
};

QTEST_GUILESS_MAIN(TestQueryThreads)
#include "tst_query_threads.moc"
