// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// CPU time of the GUI thread while 100,000 targets are looked at and a snapshot comes four times a
// second, against the budgets of the design: 16 ms a snapshot, a scroll step, a key; and how long
// it takes until a filter (100 ms) or an order (300 ms) is seen. Exit status 1 when one is missed
// in an optimised build.
#include "tests/support/fake_engine.h"
#include "tests/ui/models/made_targets.h"
#include "ui/models/targets_model.h"
#include "ui/pages/target_tree.h"
#include "ui/pages/targets_page.h"
#include "ui/theme/theme.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

#include <QApplication>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QTest>
#include <QVBoxLayout>

using namespace watchfire;
using namespace watchfire::ui;
using namespace watchfire::tests;

namespace {

#ifdef NDEBUG
constexpr bool isOptimised = true;
#else
constexpr bool isOptimised = false;
#endif

constexpr std::size_t count = 100'000;
bool missed = false;

struct StandingClock final : Clock {
    Timestamp now() const override { return targetsNow; }
};

double threadMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

void report(const char* what, std::vector<double> times, double budget)
{
    std::ranges::sort(times);
    std::printf("  %-44s n=%-4zu median %6.2f  p95 %6.2f  worst %6.2f ms   budget %.0f ms  %s\n",
                what, times.size(), times[times.size() / 2], times[times.size() * 95 / 100],
                times.back(), budget, times.back() <= budget ? "ok" : "MISSED");
    std::fflush(stdout);
    missed = missed || times.back() > budget;
}

/// The page over a fake engine, and what its GUI thread spends.
class Bench {
public:
    explicit Bench(std::size_t jobs)
        : m_bridge(m_engine, m_clock)
        , m_edits(m_bridge)
        , m_state(QString())
        , m_names(m_bridge)
        , m_context{m_bridge, m_view,  m_edits,
                    m_state,  m_names, std::make_shared<chart::ColorBook>(),
                    nullptr}
    {
        // Copies of a few rounds: the engine makes its pictures on threads of its own.
        for (int round = 0; round < rounds; ++round) {
            m_rounds.push_back(manyTargets(count, jobs, round));
        }
        m_engine.onQuery = [](const engine::QueryRequest&) -> Result<QueryResult> {
            return QueryResult{Matrix(), {}, {}, {}};
        };
        m_window.resize(1280, 800);
        auto* const column = new QVBoxLayout(&m_window);
        column->addWidget(new TargetsPage(m_context, &m_window));
        m_window.show();
        (void)QTest::qWaitForWindowExposed(&m_window);
        m_tree = m_window.findChild<TargetTree*>(QStringLiteral("targets.tree"));
        m_model = qobject_cast<TargetsModel*>(m_tree->model());
        m_filter = m_window.findChild<QLineEdit*>(QStringLiteral("targets.filter"));
    }

    void run(const char* title)
    {
        std::printf("%s\n", title);
        report("the first snapshot, all it takes", {longestTurnOf([&] { publish(0); })}, 100);
        m_tree->expandAll();
        longestTurnOf([] { });
        snapshots("a snapshot, the same targets", 40, [](engine::TargetsSnapshot&, int) { });
        snapshots("a snapshot, ten came and went", 40, [](engine::TargetsSnapshot& next, int i) {
            for (int k = 0; k < 10; ++k) {
                auto& target = next.targets[std::size_t(k) * 9'000 + std::size_t(i)];
                target.id += 1'000'000;
            }
        });
        scroll();
        type();
        sortAll();
        m_tree->setCurrentIndex(m_model->indexOf(77'777));
        longestTurnOf([] { });
        snapshots("a snapshot, sorted by duration, one selected", 40,
                  [](engine::TargetsSnapshot&, int) { });
        const bool kept = m_tree->currentId() == 77'777;
        std::printf("  %-44s %s\n", "selection", kept ? "kept" : "LOST");
        missed = missed || !kept;
    }

private:
    static constexpr int rounds = 4;

    void publish(int round) { publish(m_rounds[std::size_t(round % rounds)]); }
    void publish(const engine::TargetsSnapshot& snapshot) { m_engine.publish(snapshot); }

    /// Acts, then lets the event loop run until all is settled and painted; the most that one
    /// turn of it has cost the GUI thread. What the fake engine does is not counted.
    double longestTurnOf(const std::function<void()>& act)
    {
        double most = 0;
        act();
        QElapsedTimer quiet;
        quiet.start();
        while (m_model->isSettling() || quiet.elapsed() < 30) {
            const bool wasSettling = m_model->isSettling();
            const double before = threadMs();
            QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
            most = std::max(most, threadMs() - before);
            if (wasSettling) {
                quiet.restart();
            } else {
                QTest::qSleep(1);
            }
        }
        return most;
    }

    void snapshots(const char* what, int n,
                   const std::function<void(engine::TargetsSnapshot&, int)>& change)
    {
        std::vector<double> times;
        for (int i = 1; i <= n; ++i) {
            engine::TargetsSnapshot next = m_rounds[std::size_t(i % rounds)];
            change(next, i);
            times.push_back(longestTurnOf([&] { publish(next); }));
        }
        report(what, times, 16);
    }

    void scroll()
    {
        std::vector<double> times;
        QScrollBar* const bar = m_tree->verticalScrollBar();
        for (int i = 0; i < 100; ++i) {
            const int to = i < 60 ? i * 84 : int(double(bar->maximum()) * (i - 60) / 39);
            times.push_back(longestTurnOf([&] {
                                const double before = threadMs();
                                bar->setValue(to);
                                m_tree->viewport()->repaint();
                                m_acted = threadMs() - before;
                            })
                            + m_acted);
        }
        report("a scroll step and its frame", times, 16);
        bar->setValue(0);
        longestTurnOf([] { });
    }

    /// Milliseconds until what was set is seen.
    double untilSettled(const std::function<void()>& act, double& turn)
    {
        QElapsedTimer timer;
        timer.start();
        double most = 0;
        const double before = threadMs();
        act();
        most = threadMs() - before;
        while (m_model->isSettling()) {
            const double turnBegan = threadMs();
            QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
            most = std::max(most, threadMs() - turnBegan);
        }
        m_tree->viewport()->repaint();
        turn = most;
        return double(timer.nsecsElapsed()) / 1e6;
    }

    void type()
    {
        std::vector<double> waits;
        std::vector<double> turns;
        for (const char key : {'h', 'o', 's', 't', '-', '0', '4', '2'}) {
            double turn = 0;
            waits.push_back(untilSettled([&] { QTest::keyClick(m_filter, key); }, turn));
            turns.push_back(turn);
        }
        for (const char* const text : {"state:down", "zone=eu-1a rack:r7", "nothing at all", ""}) {
            double turn = 0;
            waits.push_back(
                untilSettled([&] { m_filter->setText(QString::fromLatin1(text)); }, turn));
            turns.push_back(turn);
        }
        report("a key of the filter until it is seen", waits, 100);
        report("a key of the filter, GUI thread", turns, 16);
        longestTurnOf([] { });
    }

    void sortAll()
    {
        std::vector<double> waits;
        std::vector<double> turns;
        for (const int column :
             {TargetsModel::samples, TargetsModel::endpoint, TargetsModel::labels,
              TargetsModel::state, TargetsModel::error, TargetsModel::duration}) {
            double turn = 0;
            waits.push_back(untilSettled(
                [&] {
                    m_tree->header()->setSortIndicatorShown(true);
                    m_tree->header()->setSortIndicator(column, Qt::DescendingOrder);
                    m_model->sort(column, Qt::DescendingOrder);
                },
                turn));
            turns.push_back(turn);
        }
        report("sorting until it is seen", waits, 300);
        report("sorting, GUI thread", turns, 16);
    }

    StandingClock m_clock;
    FakeEngine m_engine;
    EngineBridge m_bridge;
    ViewState m_view;
    Edits m_edits;
    UiState m_state;
    editor::KnownNames m_names;
    PageContext m_context;
    std::vector<engine::TargetsSnapshot> m_rounds;
    QWidget m_window;
    TargetTree* m_tree = nullptr;
    TargetsModel* m_model = nullptr;
    QLineEdit* m_filter = nullptr;
    double m_acted = 0;
};

} // namespace

int main(int argc, char** argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM") && qEnvironmentVariableIsEmpty("DISPLAY")
        && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    QApplication application(argc, argv); // Google Benchmark's flags do not concern it
    theme::Theme theme;
    theme.setMode(theme::Mode::light);
    std::printf("CPU time of the GUI thread%s\n", isOptimised ? "" : " (not an optimised build)");
    Bench(1).run("100,000 targets in one job");
    Bench(200).run("100,000 targets in 200 jobs");
    return missed && isOptimised ? 1 : 0;
}
