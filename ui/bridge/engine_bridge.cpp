// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/engine_bridge.h"

#include <mutex>
#include <utility>

#include <QMetaObject>
#include <QPointer>
#include <QThreadPool>

namespace watchfire::ui {

/// Where engine threads and the bridge's destructor meet.
struct EngineBridge::Gate {
    std::mutex mutex;
    EngineBridge* bridge = nullptr; ///< null once it is going

    /// Runs `work` on the bridge's thread later, unless the bridge is gone by then.
    template <class Work> void post(Work work)
    {
        const std::scoped_lock lock(mutex);
        if (bridge != nullptr) {
            QMetaObject::invokeMethod(bridge, std::move(work), Qt::QueuedConnection);
        }
    }
};

template <class T> struct EngineBridge::TypedCall : Pending::Call {
    QPointer<QObject> context;
    Answer<T> answer;

    bool isWaited() const { return !answered && !context.isNull(); }
};

/// The newest snapshot on its way to the GUI thread.
template <class T> struct EngineBridge::Slot {
    std::mutex mutex;
    std::shared_ptr<const T> newest;
    bool posted = false;
};

EngineBridge::EngineBridge(engine::Engine& engine, const Clock& clock, QObject* parent)
    : QObject(parent)
    , m_engine(engine)
    , m_clock(clock)
    , m_gate(std::make_shared<Gate>())
    , m_targets(std::make_shared<engine::TargetsSnapshot>())
    , m_alerts(std::make_shared<engine::AlertsSnapshot>())
    , m_rules(std::make_shared<engine::RulesSnapshot>())
    , m_status(std::make_shared<engine::StatusSnapshot>())
    , m_config(std::make_shared<engine::ConfigSnapshot>())
{
    m_gate->bridge = this;
    m_subscriptions.push_back(
        engine.watchTargets(watcher<engine::TargetsSnapshot>(&EngineBridge::arriveTargets)));
    m_subscriptions.push_back(
        engine.watchAlerts(watcher<engine::AlertsSnapshot>(&EngineBridge::arriveAlerts)));
    m_subscriptions.push_back(
        engine.watchRules(watcher<engine::RulesSnapshot>(&EngineBridge::arriveRules)));
    m_subscriptions.push_back(
        engine.watchStatus(watcher<engine::StatusSnapshot>(&EngineBridge::arriveStatus)));
    m_subscriptions.push_back(
        engine.watchConfig(watcher<engine::ConfigSnapshot>(&EngineBridge::arriveConfig)));
}

EngineBridge::~EngineBridge()
{
    m_subscriptions.clear();
    const std::scoped_lock lock(m_gate->mutex);
    m_gate->bridge = nullptr;
}

template <class T>
Watcher<T> EngineBridge::watcher(void (EngineBridge::*arrive)(std::shared_ptr<const T>))
{
    return [this, arrive, gate = m_gate,
            slot = std::make_shared<Slot<T>>()](std::shared_ptr<const T> snapshot) {
        {
            const std::scoped_lock lock(slot->mutex);
            slot->newest = std::move(snapshot);
            if (std::exchange(slot->posted, true)) {
                return;
            }
        }
        // `this` is used on its own thread only, and only while it exists: see Gate.
        gate->post([this, arrive, slot] {
            std::shared_ptr<const T> newest;
            {
                const std::scoped_lock lock(slot->mutex);
                newest = std::move(slot->newest);
                slot->posted = false;
            }
            if (newest) {
                (this->*arrive)(std::move(newest));
            }
        });
    };
}

template <class T> Reply<T> EngineBridge::replyTo(const std::shared_ptr<TypedCall<T>>& call)
{
    // The engine's side holds a weak reference, so that callbacks live and die on our thread.
    return [gate = m_gate, weak = std::weak_ptr<TypedCall<T>>(call)](Result<T> result) {
        auto carried = std::make_shared<Result<T>>(std::move(result));
        gate->post([weak, carried] {
            const auto waiting = weak.lock();
            if (!waiting || !waiting->isWaited()) {
                return;
            }
            waiting->answered = true;
            waiting->ticket.detach();
            waiting->answer(std::move(*carried));
        });
    };
}

template <class T, class Start>
Pending EngineBridge::ask(QObject* context, Answer<T> answer, Start start)
{
    auto call = std::make_shared<TypedCall<T>>();
    call->context = context;
    call->answer = std::move(answer);
    call->ticket = start(replyTo(call));
    return Pending(std::move(call));
}

Pending EngineBridge::query(engine::QueryRequest request, QObject* context,
                            Answer<QueryResult> answer)
{
    return ask<QueryResult>(context, std::move(answer), [&](Reply<QueryResult> reply) {
        return m_engine.query(std::move(request), std::move(reply));
    });
}

Pending EngineBridge::series(engine::SeriesRequest request, QObject* context,
                             Answer<std::vector<Labels>> answer)
{
    return ask<std::vector<Labels>>(
        context, std::move(answer), [&](Reply<std::vector<Labels>> reply) {
            return m_engine.series(std::move(request), std::move(reply));
        });
}

Pending EngineBridge::labels(engine::LabelsRequest request, QObject* context,
                             Answer<std::vector<std::string>> answer)
{
    return ask<std::vector<std::string>>(
        context, std::move(answer), [&](Reply<std::vector<std::string>> reply) {
            return m_engine.labels(std::move(request), std::move(reply));
        });
}

Pending EngineBridge::metadata(QObject* context, Answer<std::vector<FamilyMetadata>> answer)
{
    return ask<std::vector<FamilyMetadata>>(context, std::move(answer),
                                            [&](Reply<std::vector<FamilyMetadata>> reply) {
                                                return m_engine.metadata(std::move(reply));
                                            });
}

Pending EngineBridge::applyConfig(config::Edit edit, QObject* context,
                                  Answer<engine::ConfigReport> answer)
{
    return ask<engine::ConfigReport>(
        context, std::move(answer), [&](Reply<engine::ConfigReport> reply) {
            return m_engine.applyConfig(std::move(edit), std::move(reply));
        });
}

Pending EngineBridge::reload(QObject* context, Answer<engine::ConfigReport> answer)
{
    return ask<engine::ConfigReport>(
        context, std::move(answer),
        [&](Reply<engine::ConfigReport> reply) { return m_engine.reload(std::move(reply)); });
}

Pending EngineBridge::changeSilence(engine::SilenceChange change, QObject* context,
                                    Answer<engine::SilenceId> answer)
{
    return ask<engine::SilenceId>(context, std::move(answer), [&](Reply<engine::SilenceId> reply) {
        return m_engine.changeSilence(std::move(change), std::move(reply));
    });
}

Pending EngineBridge::traceAlert(Labels labels, QObject* context, Answer<engine::AlertTrace> answer)
{
    return ask<engine::AlertTrace>(
        context, std::move(answer), [&](Reply<engine::AlertTrace> reply) {
            return m_engine.traceAlert(std::move(labels), std::move(reply));
        });
}

Pending EngineBridge::alertTimeline(engine::AlertTimelineRequest request, QObject* context,
                                    Answer<std::vector<engine::AlertSpan>> answer)
{
    return ask<std::vector<engine::AlertSpan>>(
        context, std::move(answer), [&](Reply<std::vector<engine::AlertSpan>> reply) {
            return m_engine.alertTimeline(std::move(request), std::move(reply));
        });
}

Pending EngineBridge::testScrape(config::ScrapeConfig job, QObject* context,
                                 engine::ScrapeProgress progress, Answer<engine::ScrapeTest> answer)
{
    struct Call final : TypedCall<engine::ScrapeTest> {
        engine::ScrapeProgress progress;
    };
    auto call = std::make_shared<Call>();
    call->context = context;
    call->answer = std::move(answer);
    call->progress = std::move(progress);
    call->ticket = m_engine.testScrape(
        std::move(job),
        [gate = m_gate, weak = std::weak_ptr(call)](const engine::ScrapeTest& soFar) {
            gate->post([weak, soFar] {
                const auto waiting = weak.lock();
                if (waiting && waiting->isWaited()) {
                    waiting->progress(soFar);
                }
            });
        },
        replyTo<engine::ScrapeTest>(call));
    return Pending(std::move(call));
}

Pending EngineBridge::previewJob(config::ScrapeConfig job, QObject* context,
                                 Answer<engine::JobPreview> answer)
{
    return ask<engine::JobPreview>(context, std::move(answer),
                                   [&](Reply<engine::JobPreview> reply) {
                                       return m_engine.previewJob(std::move(job), std::move(reply));
                                   });
}

Pending EngineBridge::inspectTarget(std::uint64_t target, QObject* context,
                                    Answer<engine::TargetDetail> answer)
{
    return ask<engine::TargetDetail>(context, std::move(answer),
                                     [&](Reply<engine::TargetDetail> reply) {
                                         return m_engine.inspectTarget(target, std::move(reply));
                                     });
}

Pending EngineBridge::scrapeNow(std::uint64_t target, QObject* context, Answer<void> answer)
{
    return ask<void>(context, std::move(answer), [&](Reply<void> reply) {
        return m_engine.scrapeNow(target, std::move(reply));
    });
}

Pending EngineBridge::inspectImport(std::string file, QObject* context,
                                    Answer<engine::ImportPreview> answer)
{
    return ask<engine::ImportPreview>(
        context, std::move(answer), [&](Reply<engine::ImportPreview> reply) {
            return m_engine.inspectImport(std::move(file), std::move(reply));
        });
}

Pending EngineBridge::backtest(engine::BacktestRequest request, QObject* context,
                               Answer<engine::BacktestReport> answer)
{
    return ask<engine::BacktestReport>(
        context, std::move(answer), [&](Reply<engine::BacktestReport> reply) {
            return m_engine.backtest(std::move(request), std::move(reply));
        });
}

Pending EngineBridge::previewRule(engine::RulePreviewRequest request, QObject* context,
                                  Answer<engine::RulePreview> answer)
{
    return ask<engine::RulePreview>(
        context, std::move(answer), [&](Reply<engine::RulePreview> reply) {
            return m_engine.previewRule(std::move(request), std::move(reply));
        });
}

Pending EngineBridge::testRules(engine::RuleTestRequest request, QObject* context,
                                Answer<engine::RuleTestReport> answer)
{
    return ask<engine::RuleTestReport>(
        context, std::move(answer), [&](Reply<engine::RuleTestReport> reply) {
            return m_engine.testRules(std::move(request), std::move(reply));
        });
}

Pending EngineBridge::testReceiver(engine::ReceiverTestRequest request, QObject* context,
                                   Answer<engine::ReceiverTest> answer)
{
    return ask<engine::ReceiverTest>(
        context, std::move(answer), [&](Reply<engine::ReceiverTest> reply) {
            return m_engine.testReceiver(std::move(request), std::move(reply));
        });
}

Pending EngineBridge::inspectAlerting(engine::AlertingRequest request, QObject* context,
                                      Answer<engine::AlertingState> answer)
{
    return ask<engine::AlertingState>(
        context, std::move(answer), [&](Reply<engine::AlertingState> reply) {
            return m_engine.inspectAlerting(std::move(request), std::move(reply));
        });
}

void EngineBridge::findExporters()
{
    m_engine.findExporters();
}

Pending EngineBridge::cardinality(std::size_t limit, QObject* context,
                                  Answer<CardinalityReport> answer)
{
    return ask<CardinalityReport>(context, std::move(answer), [&](Reply<CardinalityReport> reply) {
        return m_engine.cardinality(limit, std::move(reply));
    });
}

Pending EngineBridge::ownMetrics(QObject* context, Answer<std::string> answer)
{
    return ask<std::string>(context, std::move(answer), [&](Reply<std::string> reply) {
        return m_engine.ownMetrics(std::move(reply));
    });
}

void EngineBridge::setScrapingPaused(bool paused)
{
    m_engine.setPaused(paused);
}

void EngineBridge::arriveTargets(TargetsPtr snapshot)
{
    // Letting go of a hundred thousand targets takes longer than a frame.
    QThreadPool::globalInstance()->start(
        [before = std::exchange(m_targets, std::move(snapshot))]() mutable { before.reset(); });
    m_hasTargets = true;
    emit targetsChanged(m_targets);
}

void EngineBridge::arriveAlerts(AlertsPtr snapshot)
{
    auto before = std::exchange(m_alerts, std::move(snapshot));
    emit alertsChanged(m_alerts);
    // Those who looked at it have let go of it now; ten thousand alerts take a while to free.
    QThreadPool::globalInstance()->start(
        [before = std::move(before)]() mutable { before.reset(); });
}

void EngineBridge::arriveRules(RulesPtr snapshot)
{
    m_rules = std::move(snapshot);
    emit rulesChanged(m_rules);
}

void EngineBridge::arriveStatus(StatusPtr snapshot)
{
    m_status = std::move(snapshot);
    emit statusChanged(m_status);
}

void EngineBridge::arriveConfig(ConfigPtr snapshot)
{
    m_config = std::move(snapshot);
    m_hasConfig = true;
    emit configChanged(m_config);
}

} // namespace watchfire::ui
