// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_engine.h"

#include <algorithm>

namespace watchfire::tests {

template <class T> Subscription FakeEngine::Channel<T>::add(Watcher<T> watcher)
{
    std::uint64_t id = 0;
    {
        const std::scoped_lock lock(watchers->mutex);
        id = watchers->next++;
        watchers->all.emplace_back(id, std::move(watcher));
        watchers->all.back().second(newest);
    }
    return Subscription([all = watchers, id] {
        const std::scoped_lock lock(all->mutex);
        std::erase_if(all->all, [id](const auto& each) { return each.first == id; });
    });
}

template <class T> void FakeEngine::Channel<T>::publish(T snapshot)
{
    const std::scoped_lock lock(watchers->mutex);
    newest = std::make_shared<const T>(std::move(snapshot));
    for (auto& [id, watcher] : watchers->all) {
        watcher(newest);
    }
}

template <class T> std::size_t FakeEngine::Channel<T>::count() const
{
    const std::scoped_lock lock(watchers->mutex);
    return watchers->all.size();
}

template <class T> Ticket FakeEngine::give(Reply<T> reply, std::function<Result<T>()> make)
{
    std::stop_source stop;
    auto answer = [reply = std::move(reply), make = std::move(make)]() mutable { reply(make()); };
    if (hold) {
        m_waiting.push_back({stop, std::move(answer)});
    } else {
        answer();
    }
    return Ticket(std::move(stop));
}

FakeEngine::FakeEngine()
{
    onQuery = [](const engine::QueryRequest&) -> Result<QueryResult> { return QueryResult{}; };
    onSeries = [](const engine::SeriesRequest&) -> Result<std::vector<Labels>> { return {}; };
    onLabels = [](const engine::LabelsRequest&) -> Result<std::vector<std::string>> { return {}; };
    onExemplars
        = [](const engine::SeriesRequest&) -> Result<std::vector<SeriesExemplars>> { return {}; };
    onMetadata = []() -> Result<std::vector<FamilyMetadata>> { return {}; };
    onWrite = [](const engine::WriteRequest&) -> Result<storage::CommitReport> { return {}; };
    onApplyConfig = [this](const config::Config& config) -> Result<engine::ConfigReport> {
        auto snapshot = *m_config.newest;
        snapshot.config = config;
        publish(std::move(snapshot));
        return engine::ConfigReport{};
    };
    onReload = []() -> Result<engine::ConfigReport> { return engine::ConfigReport{}; };
    onChangeSilence = [this](const engine::SilenceChange& change) { return keepSilence(change); };
    onPostAlerts = [](const std::vector<Alert>&) { return Result<void>(); };
    onInspectAlerting
        = [](const engine::AlertingRequest&) -> Result<engine::AlertingState> { return {}; };
    onTraceAlert = [](const Labels& labels) -> Result<engine::AlertTrace> {
        return engine::AlertTrace{labels, {}, {}};
    };
    onAlertTimeline
        = [](const engine::AlertTimelineRequest&) -> Result<std::vector<engine::AlertSpan>> {
        return {};
    };
    onTestScrape = [](const config::ScrapeConfig&) -> Result<engine::ScrapeTest> {
        return engine::ScrapeTest{};
    };
}

std::size_t FakeEngine::release()
{
    std::size_t given = 0;
    for (auto& each : std::exchange(m_waiting, {})) {
        if (!each.stop.stop_requested()) {
            each.answer();
            ++given;
        }
    }
    return given;
}

std::size_t FakeEngine::cancelled() const
{
    return std::size_t(std::ranges::count_if(
        m_waiting, [](const Waiting& each) { return each.stop.stop_requested(); }));
}

std::size_t FakeEngine::watchers() const
{
    return m_targets.count() + m_alerts.count() + m_rules.count() + m_status.count()
        + m_config.count();
}

Result<engine::SilenceId> FakeEngine::keepSilence(const engine::SilenceChange& change)
{
    auto snapshot = *m_alerts.newest;
    const auto known = std::ranges::find(snapshot.silences, change.id, &engine::SilenceStatus::id);
    if (change.expire) {
        if (known == snapshot.silences.end()) {
            return fail(ErrorKind::notFound, "silence " + change.id + " does not exist");
        }
        known->expired = true;
        publish(std::move(snapshot));
        return change.id;
    }
    engine::SilenceStatus silence;
    silence.id = change.id.empty() ? "silence-" + std::to_string(++m_silencesMade) : change.id;
    silence.matchers = change.matchers;
    silence.startsAt = change.startsAt;
    silence.endsAt = change.endsAt;
    silence.updatedAt = change.startsAt;
    silence.createdBy = change.createdBy;
    silence.comment = change.comment;
    silence.matched = std::size_t(std::ranges::count_if(snapshot.alerts, [&](const auto& alert) {
        return matchesAll(change.matchers, alert.labels);
    }));
    const auto id = silence.id;
    if (known != snapshot.silences.end()) {
        *known = std::move(silence);
    } else {
        snapshot.silences.push_back(std::move(silence));
    }
    publish(std::move(snapshot));
    return id;
}

void FakeEngine::publish(engine::TargetsSnapshot snapshot)
{
    m_targets.publish(std::move(snapshot));
}
void FakeEngine::publish(engine::AlertsSnapshot snapshot)
{
    m_alerts.publish(std::move(snapshot));
}
void FakeEngine::publish(engine::RulesSnapshot snapshot)
{
    m_rules.publish(std::move(snapshot));
}
void FakeEngine::publish(engine::StatusSnapshot snapshot)
{
    m_status.publish(std::move(snapshot));
}
void FakeEngine::publish(engine::ConfigSnapshot snapshot)
{
    m_config.publish(std::move(snapshot));
}

Ticket FakeEngine::query(engine::QueryRequest request, Reply<QueryResult> reply)
{
    queries.push_back(request);
    return give<QueryResult>(std::move(reply),
                             [this, request = std::move(request)] { return onQuery(request); });
}

Ticket FakeEngine::series(engine::SeriesRequest request, Reply<std::vector<Labels>> reply)
{
    seriesRequests.push_back(request);
    return give<std::vector<Labels>>(
        std::move(reply), [this, request = std::move(request)] { return onSeries(request); });
}

Ticket FakeEngine::labels(engine::LabelsRequest request, Reply<std::vector<std::string>> reply)
{
    labelsRequests.push_back(request);
    return give<std::vector<std::string>>(
        std::move(reply), [this, request = std::move(request)] { return onLabels(request); });
}

Ticket FakeEngine::exemplars(engine::SeriesRequest request,
                             Reply<std::vector<SeriesExemplars>> reply)
{
    exemplarRequests.push_back(request);
    return give<std::vector<SeriesExemplars>>(
        std::move(reply), [this, request = std::move(request)] { return onExemplars(request); });
}

Ticket FakeEngine::metadata(Reply<std::vector<FamilyMetadata>> reply)
{
    return give<std::vector<FamilyMetadata>>(std::move(reply), [this] { return onMetadata(); });
}

Ticket FakeEngine::write(engine::WriteRequest request, Reply<storage::CommitReport> reply)
{
    writes.push_back(request);
    return give<storage::CommitReport>(
        std::move(reply), [this, request = std::move(request)] { return onWrite(request); });
}

Ticket FakeEngine::deleteSamples(engine::SeriesRequest request, Reply<std::uint64_t> reply)
{
    deletions.push_back(std::move(request));
    return give<std::uint64_t>(std::move(reply), [] { return Result<std::uint64_t>(1); });
}

Ticket FakeEngine::reclaimDeleted(Reply<void> reply)
{
    ++reclaims;
    return give<void>(std::move(reply), [] { return Result<void>(); });
}

Ticket FakeEngine::snapshot(Reply<std::string> reply)
{
    return give<std::string>(std::move(reply), [] { return Result<std::string>("copy"); });
}

Ticket FakeEngine::cardinality(std::size_t limit, Reply<CardinalityReport> reply)
{
    return give<CardinalityReport>(std::move(reply), [this, limit] {
        CardinalityReport report = counts;
        report.metrics.resize(std::min(limit, report.metrics.size()));
        return Result<CardinalityReport>(std::move(report));
    });
}

Ticket FakeEngine::applyConfig(config::Edit edit, Reply<engine::ConfigReport> reply)
{
    configs.push_back(edit.wanted);
    return give<engine::ConfigReport>(std::move(reply), [this, config = std::move(edit.wanted)] {
        return onApplyConfig(config);
    });
}

Ticket FakeEngine::reload(Reply<engine::ConfigReport> reply)
{
    ++reloads;
    return give<engine::ConfigReport>(std::move(reply), [this] { return onReload(); });
}

Ticket FakeEngine::changeSilence(engine::SilenceChange change, Reply<engine::SilenceId> reply)
{
    silenceChanges.push_back(change);
    return give<engine::SilenceId>(
        std::move(reply), [this, change = std::move(change)] { return onChangeSilence(change); });
}

Ticket FakeEngine::testReceiver(engine::ReceiverTestRequest request,
                                Reply<engine::ReceiverTest> reply)
{
    testedReceivers.push_back(request);
    return give<engine::ReceiverTest>(
        std::move(reply), [this, request = std::move(request)]() -> Result<engine::ReceiverTest> {
            return onTestReceiver ? onTestReceiver(request) : engine::ReceiverTest{};
        });
}

Ticket FakeEngine::postAlerts(std::vector<Alert> alerts, Reply<void> reply)
{
    postedAlerts.insert(postedAlerts.end(), alerts.begin(), alerts.end());
    return give<void>(std::move(reply),
                      [this, alerts = std::move(alerts)] { return onPostAlerts(alerts); });
}

Ticket FakeEngine::inspectAlerting(engine::AlertingRequest request,
                                   Reply<engine::AlertingState> reply)
{
    return give<engine::AlertingState>(std::move(reply), [this, request = std::move(request)] {
        return onInspectAlerting(request);
    });
}

Ticket FakeEngine::traceAlert(Labels labels, Reply<engine::AlertTrace> reply)
{
    return give<engine::AlertTrace>(
        std::move(reply), [this, labels = std::move(labels)] { return onTraceAlert(labels); });
}

Ticket FakeEngine::alertTimeline(engine::AlertTimelineRequest request,
                                 Reply<std::vector<engine::AlertSpan>> reply)
{
    return give<std::vector<engine::AlertSpan>>(
        std::move(reply),
        [this, request = std::move(request)] { return onAlertTimeline(request); });
}

Ticket FakeEngine::testScrape(config::ScrapeConfig job, engine::ScrapeProgress progress,
                              Reply<engine::ScrapeTest> reply)
{
    testedJobs.push_back(job);
    testProgress = std::move(progress);
    return give<engine::ScrapeTest>(std::move(reply),
                                    [this, job = std::move(job)] { return onTestScrape(job); });
}

Ticket FakeEngine::previewJob(config::ScrapeConfig job, Reply<engine::JobPreview> reply)
{
    previewedJobs.push_back(job);
    return give<engine::JobPreview>(
        std::move(reply), [this, job = std::move(job)]() -> Result<engine::JobPreview> {
            return onPreviewJob ? onPreviewJob(job) : engine::JobPreview{};
        });
}

Ticket FakeEngine::inspectTarget(std::uint64_t target, Reply<engine::TargetDetail> reply)
{
    inspectedTargets.push_back(target);
    return give<engine::TargetDetail>(
        std::move(reply), [this, target]() -> Result<engine::TargetDetail> {
            return onInspectTarget ? onInspectTarget(target) : engine::TargetDetail{};
        });
}

Ticket FakeEngine::scrapeNow(std::uint64_t target, Reply<void> reply)
{
    scrapedNow.push_back(target);
    return give<void>(std::move(reply), [this, target]() -> Result<void> {
        return onScrapeNow ? onScrapeNow(target) : Result<void>();
    });
}

void FakeEngine::findExporters()
{
    ++searches;
}

Ticket FakeEngine::inspectImport(std::string file, Reply<engine::ImportPreview> reply)
{
    inspectedImports.push_back(file);
    return give<engine::ImportPreview>(
        std::move(reply), [this, file = std::move(file)]() -> Result<engine::ImportPreview> {
            return onInspectImport ? onInspectImport(file) : engine::ImportPreview{};
        });
}

Ticket FakeEngine::backtest(engine::BacktestRequest request, Reply<engine::BacktestReport> reply)
{
    backtests.push_back(request);
    return give<engine::BacktestReport>(
        std::move(reply), [this, request = std::move(request)]() -> Result<engine::BacktestReport> {
            return onBacktest ? onBacktest(request) : engine::BacktestReport{};
        });
}

Ticket FakeEngine::previewRule(engine::RulePreviewRequest request, Reply<engine::RulePreview> reply)
{
    previewedRules.push_back(request);
    return give<engine::RulePreview>(
        std::move(reply), [this, request = std::move(request)]() -> Result<engine::RulePreview> {
            return onPreviewRule ? onPreviewRule(request) : engine::RulePreview{};
        });
}

Ticket FakeEngine::testRules(engine::RuleTestRequest request, Reply<engine::RuleTestReport> reply)
{
    testedRules.push_back(request);
    return give<engine::RuleTestReport>(
        std::move(reply), [this, request = std::move(request)]() -> Result<engine::RuleTestReport> {
            return onTestRules ? onTestRules(request) : engine::RuleTestReport{};
        });
}

void FakeEngine::setPaused(bool on)
{
    paused = on;
    auto snapshot = *m_status.newest;
    snapshot.paused = on;
    publish(std::move(snapshot));
}

Ticket FakeEngine::ownMetrics(Reply<std::string> reply)
{
    return give<std::string>(std::move(reply),
                             [this]() -> Result<std::string> { return ownMetricsText; });
}

Subscription FakeEngine::watchTargets(Watcher<engine::TargetsSnapshot> watcher)
{
    return m_targets.add(std::move(watcher));
}
Subscription FakeEngine::watchAlerts(Watcher<engine::AlertsSnapshot> watcher)
{
    return m_alerts.add(std::move(watcher));
}
Subscription FakeEngine::watchRules(Watcher<engine::RulesSnapshot> watcher)
{
    return m_rules.add(std::move(watcher));
}
Subscription FakeEngine::watchStatus(Watcher<engine::StatusSnapshot> watcher)
{
    return m_status.add(std::move(watcher));
}
Subscription FakeEngine::watchConfig(Watcher<engine::ConfigSnapshot> watcher)
{
    return m_config.add(std::move(watcher));
}

} // namespace watchfire::tests
