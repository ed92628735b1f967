// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::tests {

/// An engine made of canned answers, for the window and the HTTP API. It answers at once on the
/// calling thread, or, while `hold` is set, when `release` is called; it records what it was
/// asked. Registering a watcher yields the snapshot of that kind published last.
///
/// Not safe from several threads at once, except `publish…` against a dying subscription.
class FakeEngine final : public engine::Engine {
public:
    FakeEngine();

    // Answers. Each may be replaced; the defaults are empty successes.
    std::function<Result<QueryResult>(const engine::QueryRequest&)> onQuery;
    std::function<Result<std::vector<Labels>>(const engine::SeriesRequest&)> onSeries;
    std::function<Result<std::vector<std::string>>(const engine::LabelsRequest&)> onLabels;
    std::function<Result<std::vector<SeriesExemplars>>(const engine::SeriesRequest&)> onExemplars;
    std::function<Result<std::vector<FamilyMetadata>>()> onMetadata;
    std::function<Result<storage::CommitReport>(const engine::WriteRequest&)> onWrite;
    /// Default: accepts, and publishes the configuration.
    std::function<Result<engine::ConfigReport>(const config::Config&)> onApplyConfig;
    std::function<Result<engine::ConfigReport>()> onReload;
    /// Default: keeps the silence in the alerts snapshot and publishes that.
    std::function<Result<engine::SilenceId>(const engine::SilenceChange&)> onChangeSilence;
    std::function<Result<void>(const std::vector<Alert>&)> onPostAlerts;
    std::function<Result<engine::AlertingState>(const engine::AlertingRequest&)> onInspectAlerting;
    std::function<Result<engine::AlertTrace>(const Labels&)> onTraceAlert;
    std::function<Result<std::vector<engine::AlertSpan>>(const engine::AlertTimelineRequest&)>
        onAlertTimeline;
    std::function<Result<engine::ReceiverTest>(const engine::ReceiverTestRequest&)> onTestReceiver;
    std::function<Result<engine::ScrapeTest>(const config::ScrapeConfig&)> onTestScrape;
    engine::ScrapeProgress testProgress; ///< of the newest test
    std::string ownMetricsText;
    std::function<Result<engine::JobPreview>(const config::ScrapeConfig&)> onPreviewJob;
    std::function<Result<engine::TargetDetail>(std::uint64_t)> onInspectTarget;
    std::function<Result<void>(std::uint64_t)> onScrapeNow;
    std::function<Result<engine::ImportPreview>(const std::string&)> onInspectImport;
    std::function<Result<engine::BacktestReport>(const engine::BacktestRequest&)> onBacktest;
    std::function<Result<engine::RulePreview>(const engine::RulePreviewRequest&)> onPreviewRule;
    std::function<Result<engine::RuleTestReport>(const engine::RuleTestRequest&)> onTestRules;

    // What it was asked, oldest first.
    std::vector<engine::QueryRequest> queries;
    std::vector<engine::SeriesRequest> seriesRequests;
    std::vector<engine::LabelsRequest> labelsRequests;
    std::vector<engine::SeriesRequest> exemplarRequests;
    std::vector<engine::WriteRequest> writes;
    std::vector<engine::SeriesRequest> deletions;
    std::size_t reclaims = 0;
    CardinalityReport counts; ///< what `cardinality` gives
    std::vector<config::Config> configs;
    std::vector<engine::SilenceChange> silenceChanges;
    std::vector<Alert> postedAlerts;
    std::vector<engine::ReceiverTestRequest> testedReceivers;
    std::vector<config::ScrapeConfig> testedJobs;
    std::vector<config::ScrapeConfig> previewedJobs;
    std::vector<std::uint64_t> inspectedTargets;
    std::vector<std::uint64_t> scrapedNow;
    std::vector<std::string> inspectedImports;
    std::vector<engine::BacktestRequest> backtests;
    std::vector<engine::RulePreviewRequest> previewedRules;
    std::vector<engine::RuleTestRequest> testedRules;
    std::size_t searches = 0; ///< for exporters
    std::size_t reloads = 0;
    bool paused = false;

    /// While set, replies wait for `release`.
    bool hold = false;
    /// Gives the waiting replies, in order. Cancelled ones are dropped. Returns how many came.
    std::size_t release();
    std::size_t waiting() const { return m_waiting.size(); }
    /// Requests whose ticket was dropped before their reply was given.
    std::size_t cancelled() const;

    void publish(engine::TargetsSnapshot snapshot);
    void publish(engine::AlertsSnapshot snapshot);
    void publish(engine::RulesSnapshot snapshot);
    void publish(engine::StatusSnapshot snapshot);
    void publish(engine::ConfigSnapshot snapshot);
    const engine::AlertsSnapshot& alerts() const { return *m_alerts.newest; }
    const engine::ConfigSnapshot& config() const { return *m_config.newest; }
    std::size_t watchers() const;

    // engine::Engine
    Ticket query(engine::QueryRequest request, Reply<QueryResult> reply) override;
    Ticket series(engine::SeriesRequest request, Reply<std::vector<Labels>> reply) override;
    Ticket labels(engine::LabelsRequest request, Reply<std::vector<std::string>> reply) override;
    Ticket exemplars(engine::SeriesRequest request,
                     Reply<std::vector<SeriesExemplars>> reply) override;
    Ticket metadata(Reply<std::vector<FamilyMetadata>> reply) override;
    Ticket write(engine::WriteRequest request, Reply<storage::CommitReport> reply) override;
    Ticket deleteSamples(engine::SeriesRequest request, Reply<std::uint64_t> reply) override;
    Ticket reclaimDeleted(Reply<void> reply) override;
    Ticket snapshot(Reply<std::string> reply) override;
    Ticket cardinality(std::size_t limit, Reply<CardinalityReport> reply) override;
    Ticket applyConfig(config::Edit edit, Reply<engine::ConfigReport> reply) override;
    Ticket reload(Reply<engine::ConfigReport> reply) override;
    Ticket changeSilence(engine::SilenceChange change, Reply<engine::SilenceId> reply) override;
    Ticket testReceiver(engine::ReceiverTestRequest request,
                        Reply<engine::ReceiverTest> reply) override;
    Ticket postAlerts(std::vector<Alert> alerts, Reply<void> reply) override;
    Ticket inspectAlerting(engine::AlertingRequest request,
                           Reply<engine::AlertingState> reply) override;
    Ticket traceAlert(Labels labels, Reply<engine::AlertTrace> reply) override;
    Ticket alertTimeline(engine::AlertTimelineRequest request,
                         Reply<std::vector<engine::AlertSpan>> reply) override;
    Ticket testScrape(config::ScrapeConfig job, engine::ScrapeProgress progress,
                      Reply<engine::ScrapeTest> reply) override;
    Ticket previewJob(config::ScrapeConfig job, Reply<engine::JobPreview> reply) override;
    Ticket inspectTarget(std::uint64_t target, Reply<engine::TargetDetail> reply) override;
    Ticket scrapeNow(std::uint64_t target, Reply<void> reply) override;
    void findExporters() override;
    Ticket inspectImport(std::string file, Reply<engine::ImportPreview> reply) override;
    Ticket backtest(engine::BacktestRequest request, Reply<engine::BacktestReport> reply) override;
    Ticket previewRule(engine::RulePreviewRequest request,
                       Reply<engine::RulePreview> reply) override;
    Ticket testRules(engine::RuleTestRequest request, Reply<engine::RuleTestReport> reply) override;
    void setPaused(bool on) override;
    Ticket ownMetrics(Reply<std::string> reply) override;
    Subscription watchTargets(Watcher<engine::TargetsSnapshot> watcher) override;
    Subscription watchAlerts(Watcher<engine::AlertsSnapshot> watcher) override;
    Subscription watchRules(Watcher<engine::RulesSnapshot> watcher) override;
    Subscription watchStatus(Watcher<engine::StatusSnapshot> watcher) override;
    Subscription watchConfig(Watcher<engine::ConfigSnapshot> watcher) override;

private:
    template <class T> struct Channel {
        struct Watchers {
            std::mutex mutex;
            std::uint64_t next = 1;
            std::vector<std::pair<std::uint64_t, Watcher<T>>> all;
        };
        std::shared_ptr<const T> newest = std::make_shared<T>();
        std::shared_ptr<Watchers> watchers = std::make_shared<Watchers>();

        Subscription add(Watcher<T> watcher);
        void publish(T snapshot);
        std::size_t count() const;
    };
    struct Waiting {
        std::stop_source stop;
        std::move_only_function<void()> answer;
    };
    template <class T> Ticket give(Reply<T> reply, std::function<Result<T>()> make);
    Result<engine::SilenceId> keepSilence(const engine::SilenceChange& change);

    std::vector<Waiting> m_waiting;
    std::uint64_t m_silencesMade = 0;
    Channel<engine::TargetsSnapshot> m_targets;
    Channel<engine::AlertsSnapshot> m_alerts;
    Channel<engine::RulesSnapshot> m_rules;
    Channel<engine::StatusSnapshot> m_status;
    Channel<engine::ConfigSnapshot> m_config;
};

} // namespace watchfire::tests
