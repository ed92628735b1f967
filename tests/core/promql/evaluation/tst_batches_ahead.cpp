// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/batches_ahead.h"

#include <atomic>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;

namespace {

/// What a part's row holds at a step.
double valueOf(std::size_t part, std::size_t row, std::size_t step)
{
    return static_cast<double>(part * 1'000'000 + row * 1'000 + step);
}

/// Fills parts, and sees to it that each has one thread at a time and its rows in order.
class Source {
public:
    explicit Source(std::size_t parts)
        : m_next(parts)
        , m_isBusy(parts)
    {
    }

    Result<void> compute(std::size_t part, std::size_t from, Batch& out, Findings& findings)
    {
        if (m_isBusy[part].exchange(true) || m_next[part] != from) {
            isDisturbed = true;
        }
        {
            const std::lock_guard lock(m_mutex);
            threads.insert(std::this_thread::get_id());
        }
        for (std::size_t row = 0; row < out.rows(); ++row) {
            for (std::size_t step = 0; step < out.steps(); ++step) {
                out.set(row, step, valueOf(part, from + row, step));
            }
        }
        findings.samplesRead = out.rows();
        findings.annotations.warn(std::to_string(part), {});
        m_next[part] = from + out.rows();
        m_isBusy[part] = false;
        ++calls;
        if (failsAt == part) {
            return fail(ErrorKind::corrupt, "broken");
        }
        return {};
    }

    std::atomic<bool> isDisturbed = false;
    std::atomic<int> calls = 0;
    std::size_t failsAt = ~std::size_t{0};
    std::set<std::thread::id> threads;

private:
    std::vector<std::size_t> m_next; ///< by part: the row it goes on with
    std::vector<std::atomic<bool>> m_isBusy;
    std::mutex m_mutex;
};

BatchesAhead::Compute of(Source& source)
{
    return [&source](std::size_t part, std::size_t from, Batch& out, Findings& findings) {
        return source.compute(part, from, out, findings);
    };
}

} // namespace

class TestBatchesAhead : public QObject {
    Q_OBJECT
private slots:
    void comeInOrder_data()
    {
        QTest::addColumn<int>("threads"); // 0: on the spot
        QTest::addColumn<int>("helpers");
        QTest::newRow("alone") << 2 << 0;
        QTest::newRow("one helper") << 2 << 1;
        QTest::newRow("more helpers than parts") << 3 << 40;
        QTest::newRow("an executor that runs at once") << 0 << 3;
    }

    void comeInOrder()
    {
        QFETCH(int, threads);
        QFETCH(int, helpers);
        std::mt19937 random(20'261'130);
        for (int round = 0; round < 30; ++round) {
            std::vector<std::size_t> rows(random() % 12);
            for (std::size_t& one : rows) {
                one = random() % 400;
            }
            const std::size_t steps = 1 + random() % 300;
            Source source(rows.size());
            InlineExecutor atOnce;
            ThreadPool pool(static_cast<std::size_t>(std::max(threads, 1)));
            Executor& workers = threads == 0 ? static_cast<Executor&>(atOnce) : pool;
            BatchesAhead batches(rows, steps, of(source), &workers,
                                 static_cast<std::size_t>(helpers));
            std::size_t part = 0;
            std::size_t row = 0;
            std::size_t all = 0;
            Batch batch;
            for (;;) {
                Findings findings;
                const auto more = batches.next(batch, findings);
                QVERIFY(more);
                if (!*more) {
                    break;
                }
                while (row == rows[part]) {
                    ++part;
                    row = 0;
                }
                QCOMPARE(batch.firstSeries(), all);
                QCOMPARE(findings.samplesRead, batch.rows());
                QCOMPARE(findings.annotations.take().front().message,
                         "PromQL warning: " + std::to_string(part));
                for (std::size_t i = 0; i < batch.rows(); ++i) {
                    QCOMPARE(batch.values(i).front(), valueOf(part, row + i, 0));
                    QCOMPARE(batch.values(i).back(), valueOf(part, row + i, steps - 1));
                    QVERIFY(batch.isFull(i));
                }
                row += batch.rows();
                all += batch.rows();
            }
            std::size_t wanted = 0;
            for (const std::size_t one : rows) {
                wanted += one;
            }
            QCOMPARE(all, wanted);
            QVERIFY(!source.isDisturbed);
        }
    }

    void failWhereTheFaultIs()
    {
        ThreadPool pool(2);
        Source source(4);
        source.failsAt = 2;
        BatchesAhead batches({10, 10, 10, 10}, 100, of(source), &pool, 2);
        Batch batch;
        Findings findings;
        QVERIFY(batches.next(batch, findings));
        QVERIFY(batches.next(batch, findings));
        const auto failed = batches.next(batch, findings);
        QVERIFY(!failed);
        QCOMPARE(failed.error().kind, ErrorKind::corrupt);
    }

    /// Nobody computes any more once it is gone, though tasks may still wait.
    void endEarly()
    {
        for (int round = 0; round < 200; ++round) {
            Source source(50);
            ThreadPool pool(3);
            {
                BatchesAhead batches(std::vector<std::size_t>(50, 20), 500, of(source), &pool, 3);
                Batch batch;
                Findings findings;
                for (int i = 0; i < round % 5; ++i) {
                    QVERIFY(batches.next(batch, findings));
                }
            }
            const int calls = source.calls;
            std::atomic<int> passed = 0;
            for (int i = 0; i < 3; ++i) {
                pool.run([&passed] {
                    ++passed;
                    passed.notify_all();
                });
            }
            while (passed < 3) {
                passed.wait(passed.load());
            }
            QCOMPARE(source.calls.load(), calls);
        }
    }

    void othersDoHelp()
    {
        ThreadPool pool(2);
        // A batch that waits for another thread's: only with help it ends.
        std::atomic<int> met = 0;
        BatchesAhead batches(
            {5, 5}, 10,
            [&met](std::size_t, std::size_t, Batch&, Findings&) -> Result<void> {
                ++met;
                met.notify_all();
                while (met < 2) {
                    met.wait(met.load());
                }
                return {};
            },
            &pool, 1);
        Batch batch;
        Findings findings;
        QVERIFY(batches.next(batch, findings));
        QVERIFY(batches.next(batch, findings));
        const auto end = batches.next(batch, findings);
        QVERIFY(end && !*end);
    }
};

QTEST_GUILESS_MAIN(TestBatchesAhead)
#include "tst_batches_ahead.moc"
