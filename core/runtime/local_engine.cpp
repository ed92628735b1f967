// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/local_engine.h"

#include "core/runtime/core.h"

#include <utility>

namespace watchfire::runtime {

Result<std::unique_ptr<LocalEngine>> LocalEngine::start(EngineOptions options, EnginePorts ports)
{
    auto core = std::make_unique<Core>(std::move(options), ports);
    if (auto started = core->start(); !started) {
        return std::unexpected(std::move(started.error()));
    }
    return std::unique_ptr<LocalEngine>(new LocalEngine(std::move(core)));
}

LocalEngine::LocalEngine(std::unique_ptr<Core> core)
    : m_core(std::move(core))
{
}
LocalEngine::~LocalEngine() = default;

Ticket LocalEngine::query(engine::QueryRequest request, Reply<QueryResult> reply)
{
    return m_core->query(std::move(request), std::move(reply));
}
Ticket LocalEngine::series(engine::SeriesRequest request, Reply<std::vector<Labels>> reply)
{
    return m_core->series(std::move(request), std::move(reply));
}
Ticket LocalEngine::labels(engine::LabelsRequest request, Reply<std::vector<std::string>> reply)
{
    return m_core->labels(std::move(request), std::move(reply));
}
Ticket LocalEngine::exemplars(engine::SeriesRequest request,
                              Reply<std::vector<SeriesExemplars>> reply)
{
    return m_core->exemplars(std::move(request), std::move(reply));
}
Ticket LocalEngine::metadata(Reply<std::vector<FamilyMetadata>> reply)
{
    return m_core->metadata(std::move(reply));
}
Ticket LocalEngine::write(engine::WriteRequest request, Reply<storage::CommitReport> reply)
{
    return m_core->write(std::move(request), std::move(reply));
}
Ticket LocalEngine::deleteSamples(engine::SeriesRequest request, Reply<std::uint64_t> reply)
{
    return m_core->deleteSamples(std::move(request), std::move(reply));
}
Ticket LocalEngine::reclaimDeleted(Reply<void> reply)
{
    return m_core->reclaimDeleted(std::move(reply));
}
Ticket LocalEngine::snapshot(Reply<std::string> reply)
{
    return m_core->snapshot(std::move(reply));
}
Ticket LocalEngine::cardinality(std::size_t limit, Reply<CardinalityReport> reply)
{
    return m_core->cardinality(limit, std::move(reply));
}
Ticket LocalEngine::applyConfig(config::Edit edit, Reply<engine::ConfigReport> reply)
{
    return m_core->applyConfig(std::move(edit), std::move(reply));
}
Ticket LocalEngine::reload(Reply<engine::ConfigReport> reply)
{
    return m_core->reload(std::move(reply));
}
Ticket LocalEngine::changeSilence(engine::SilenceChange change, Reply<engine::SilenceId> reply)
{
    return m_core->changeSilence(std::move(change), std::move(reply));
}
Ticket LocalEngine::testReceiver(engine::ReceiverTestRequest request,
                                 Reply<engine::ReceiverTest> reply)
{
    return m_core->testReceiver(std::move(request), std::move(reply));
}
Ticket LocalEngine::postAlerts(std::vector<Alert> alerts, Reply<void> reply)
{
    return m_core->postAlerts(std::move(alerts), std::move(reply));
}
Ticket LocalEngine::inspectAlerting(engine::AlertingRequest request,
                                    Reply<engine::AlertingState> reply)
{
    return m_core->inspectAlerting(std::move(request), std::move(reply));
}
Ticket LocalEngine::traceAlert(Labels labels, Reply<engine::AlertTrace> reply)
{
    return m_core->traceAlert(std::move(labels), std::move(reply));
}
Ticket LocalEngine::alertTimeline(engine::AlertTimelineRequest request,
                                  Reply<std::vector<engine::AlertSpan>> reply)
{
    return m_core->alertTimeline(std::move(request), std::move(reply));
}
Ticket LocalEngine::testScrape(config::ScrapeConfig job, engine::ScrapeProgress progress,
                               Reply<engine::ScrapeTest> reply)
{
    return m_core->testScrape(std::move(job), std::move(progress), std::move(reply));
}
Ticket LocalEngine::previewJob(config::ScrapeConfig job, Reply<engine::JobPreview> reply)
{
    return m_core->previewJob(std::move(job), std::move(reply));
}
Ticket LocalEngine::inspectTarget(std::uint64_t target, Reply<engine::TargetDetail> reply)
{
    return m_core->inspectTarget(target, std::move(reply));
}
Ticket LocalEngine::scrapeNow(std::uint64_t target, Reply<void> reply)
{
    return m_core->scrapeNow(target, std::move(reply));
}
void LocalEngine::findExporters()
{
    m_core->findExporters();
}
Ticket LocalEngine::inspectImport(std::string file, Reply<engine::ImportPreview> reply)
{
    return m_core->inspectImport(std::move(file), std::move(reply));
}
Ticket LocalEngine::backtest(engine::BacktestRequest request, Reply<engine::BacktestReport> reply)
{
    return m_core->backtest(std::move(request), std::move(reply));
}
Ticket LocalEngine::previewRule(engine::RulePreviewRequest request,
                                Reply<engine::RulePreview> reply)
{
    return m_core->previewRule(std::move(request), std::move(reply));
}
Ticket LocalEngine::testRules(engine::RuleTestRequest request, Reply<engine::RuleTestReport> reply)
{
    return m_core->testRules(std::move(request), std::move(reply));
}
void LocalEngine::setPaused(bool paused)
{
    m_core->setPaused(paused);
}
Ticket LocalEngine::ownMetrics(Reply<std::string> reply)
{
    return m_core->ownMetrics(std::move(reply));
}
Subscription LocalEngine::watchTargets(Watcher<engine::TargetsSnapshot> watcher)
{
    return m_core->targets.watch(std::move(watcher), m_core->mailbox);
}
Subscription LocalEngine::watchAlerts(Watcher<engine::AlertsSnapshot> watcher)
{
    return m_core->alerts.watch(std::move(watcher), m_core->mailbox);
}
Subscription LocalEngine::watchRules(Watcher<engine::RulesSnapshot> watcher)
{
    return m_core->rules.watch(std::move(watcher), m_core->mailbox);
}
Subscription LocalEngine::watchStatus(Watcher<engine::StatusSnapshot> watcher)
{
    return m_core->status.watch(std::move(watcher), m_core->mailbox);
}
Subscription LocalEngine::watchConfig(Watcher<engine::ConfigSnapshot> watcher)
{
    return m_core->config.watch(std::move(watcher), m_core->mailbox);
}
void LocalEngine::setListening(std::string url)
{
    m_core->setListening(std::move(url));
}
void LocalEngine::act(const Notification& notification, NotificationAction action)
{
    m_core->act(notification, action);
}

} // namespace watchfire::runtime
