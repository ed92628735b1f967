// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_engine.h"
#include "tests/support/qt_test.h"
#include "ui/bridge/engine_bridge.h"

#include <atomic>
#include <memory>
#include <thread>

#include <QCoreApplication>
#include <QThread>

using namespace watchfire;
using namespace watchfire::ui;

namespace {

engine::StatusSnapshot statusWithSeries(std::uint64_t series)
{
    engine::StatusSnapshot status;
    status.series = series;
    return status;
}

QueryResult scalarResult(double value)
{
    QueryResult result;
    result.value = Scalar{0, value};
    return result;
}

} // namespace

class TestEngineBridge : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_engine = std::make_unique<tests::FakeEngine>();
        m_bridge = std::make_unique<EngineBridge>(*m_engine, m_clock);
    }
    void cleanup()
    {
        m_bridge.reset();
        m_engine.reset();
    }

    void snapshotComesOnOurThread()
    {
        QThread* seen = nullptr;
        connect(m_bridge.get(), &EngineBridge::statusChanged, this,
                [&](const StatusPtr&) { seen = QThread::currentThread(); });
        std::thread other([&] { m_engine->publish(statusWithSeries(7)); });
        other.join();
        QVERIFY2(seen == nullptr, "a snapshot must not arrive on the engine's thread");
        QTRY_VERIFY(seen != nullptr);
        QCOMPARE(seen, QThread::currentThread());
        QCOMPARE(m_bridge->status()->series, std::uint64_t(7));
    }

    void latestSnapshotWins()
    {
        QCoreApplication::processEvents();
        int arrivals = 0;
        connect(m_bridge.get(), &EngineBridge::statusChanged, this, [&] { ++arrivals; });
        for (std::uint64_t i = 1; i <= 100; ++i) {
            m_engine->publish(statusWithSeries(i));
        }
        QCoreApplication::processEvents();
        QCOMPARE(arrivals, 1);
        QCOMPARE(m_bridge->status()->series, std::uint64_t(100));
    }

    void answerComesLaterNotWithinTheCall()
    {
        m_engine->onQuery = [](const engine::QueryRequest&) { return scalarResult(3); };
        double got = 0;
        const auto pending = m_bridge->query({}, this, [&](Result<QueryResult> result) {
            got = std::get<Scalar>(result->value).value;
        });
        QVERIFY(pending.isActive());
        QCOMPARE(got, 0.0);
        QTRY_COMPARE(got, 3.0);
        QVERIFY(!pending.isActive());
    }

    void errorIsAnAnswer()
    {
        m_engine->onQuery = [](const engine::QueryRequest&) -> Result<QueryResult> {
            return fail(ErrorKind::invalid, "unexpected end of input", Span{3, 4});
        };
        std::optional<Error> got;
        const auto pending = m_bridge->query(
            {}, this, [&](const Result<QueryResult>& result) { got = result.error(); });
        QTRY_VERIFY(got.has_value());
        QCOMPARE(got->message, std::string("unexpected end of input"));
        QCOMPARE(got->where->begin, 3u);
    }

    void droppedHandleCancelsAndSilences()
    {
        m_engine->hold = true;
        bool called = false;
        auto guard = std::make_shared<int>(1);
        {
            const auto pending = m_bridge->query(
                {}, this, [&called, guard](const Result<QueryResult>&) { called = true; });
            QCOMPARE(guard.use_count(), 2L);
        }
        QVERIFY2(guard.use_count() == 1, "the callback goes with its handle");
        QCOMPARE(m_engine->cancelled(), std::size_t(1));
        m_engine->release();
        QCoreApplication::processEvents();
        QVERIFY(!called);
    }

    void handleDroppedAfterReplyWasPosted()
    {
        bool called = false;
        {
            const auto pending
                = m_bridge->query({}, this, [&](const Result<QueryResult>&) { called = true; });
        }
        QCoreApplication::processEvents();
        QVERIFY(!called);
    }

    void answerMayAskAgainThroughTheSameHandle()
    {
        int answers = 0;
        Pending pending;
        std::function<void()> ask = [&] {
            pending = m_bridge->query({}, this, [&](const Result<QueryResult>&) {
                if (++answers < 3) {
                    ask();
                }
            });
        };
        ask();
        QTRY_COMPARE(answers, 3);
    }

    void goneContextIsNotCalled()
    {
        bool called = false;
        auto context = std::make_unique<QObject>();
        const auto pending = m_bridge->query({}, context.get(),
                                             [&](const Result<QueryResult>&) { called = true; });
        context.reset();
        QCoreApplication::processEvents();
        QVERIFY(!called);
    }

    void bridgeGoesWhileEngineAnswers()
    {
        for (int round = 0; round < 50; ++round) {
            std::atomic<bool> stop = false;
            std::thread other([&] {
                while (!stop) {
                    m_engine->publish(statusWithSeries(1));
                }
            });
            auto bridge = std::make_unique<EngineBridge>(*m_engine, m_clock);
            QCoreApplication::processEvents();
            bridge.reset();
            stop = true;
            other.join();
        }
        QCOMPARE(m_engine->watchers(), std::size_t(5)); // those of m_bridge
    }

    void configArrivesAfterApply()
    {
        config::Config config;
        config.own.colorScheme = "dark";
        bool ok = false;
        const auto pending = m_bridge->applyConfig(
            {{}, config}, this,
            [&](const Result<engine::ConfigReport>& report) { ok = report.has_value(); });
        QTRY_VERIFY(ok);
        QVERIFY(m_bridge->hasConfig());
        QCOMPARE(m_bridge->config()->config.own.colorScheme, std::string("dark"));
    }

private:
    SystemClock m_clock;
    std::unique_ptr<tests::FakeEngine> m_engine;
    std::unique_ptr<EngineBridge> m_bridge;
};

QTEST_GUILESS_MAIN(TestEngineBridge)
#include "tst_engine_bridge.moc"
