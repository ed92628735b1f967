// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/dispatcher.h"
#include "core/alerting/receivers/integrations.h"
#include "core/base/executor.h"
#include "core/base/mailbox.h"
#include "core/notifier/sender.h"
#include "core/promql/result_cache.h"
#include "core/rules/manager.h"
#include "core/runtime/kept_secrets.h"
#include "core/runtime/local_engine.h"
#include "core/runtime/own_metrics.h"
#include "core/runtime/publisher.h"
#include "core/runtime/query_lane.h"
#include "core/runtime/query_threads.h"
#include "core/runtime/rule_trials.h"
#include "core/scrape/collector_fetcher.h"
#include "core/scrape/scraper.h"

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

/// The inside of LocalEngine; not a header for others.
namespace watchfire::runtime {

/// Everything but the door. Members marked (engine) belong to the engine's thread.
class LocalEngine::Core {
public:
    Core(EngineOptions options, EnginePorts ports);
    ~Core();
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    Result<void> start();

    // The door, called from any thread.
    Ticket query(engine::QueryRequest request, Reply<QueryResult> reply);
    Ticket series(engine::SeriesRequest request, Reply<std::vector<Labels>> reply);
    Ticket labels(engine::LabelsRequest request, Reply<std::vector<std::string>> reply);
    Ticket exemplars(engine::SeriesRequest request, Reply<std::vector<SeriesExemplars>> reply);
    Ticket metadata(Reply<std::vector<FamilyMetadata>> reply);
    Ticket write(engine::WriteRequest request, Reply<storage::CommitReport> reply);
    Ticket deleteSamples(engine::SeriesRequest request, Reply<std::uint64_t> reply);
    Ticket reclaimDeleted(Reply<void> reply);
    Ticket snapshot(Reply<std::string> reply);
    Ticket cardinality(std::size_t limit, Reply<CardinalityReport> reply);
    Ticket applyConfig(config::Edit edit, Reply<engine::ConfigReport> reply);
    Ticket reload(Reply<engine::ConfigReport> reply);
    Ticket changeSilence(engine::SilenceChange change, Reply<engine::SilenceId> reply);
    Ticket testReceiver(engine::ReceiverTestRequest request, Reply<engine::ReceiverTest> reply);
    Ticket postAlerts(std::vector<Alert> alerts, Reply<void> reply);
    Ticket inspectAlerting(engine::AlertingRequest request, Reply<engine::AlertingState> reply);
    Ticket traceAlert(Labels labels, Reply<engine::AlertTrace> reply);
    Ticket alertTimeline(engine::AlertTimelineRequest request,
                         Reply<std::vector<engine::AlertSpan>> reply);
    Ticket testScrape(config::ScrapeConfig job, engine::ScrapeProgress progress,
                      Reply<engine::ScrapeTest> reply);
    Ticket previewJob(config::ScrapeConfig job, Reply<engine::JobPreview> reply);
    Ticket inspectTarget(std::uint64_t target, Reply<engine::TargetDetail> reply);
    Ticket scrapeNow(std::uint64_t target, Reply<void> reply);
    void findExporters();
    Ticket inspectImport(std::string file, Reply<engine::ImportPreview> reply);
    Ticket backtest(engine::BacktestRequest request, Reply<engine::BacktestReport> reply);
    Ticket previewRule(engine::RulePreviewRequest request, Reply<engine::RulePreview> reply);
    Ticket testRules(engine::RuleTestRequest request, Reply<engine::RuleTestReport> reply);
    Ticket ownMetrics(Reply<std::string> reply);
    void setPaused(bool paused);
    void setListening(std::string url);
    void act(const Notification& notification, NotificationAction action);

    Publisher<engine::TargetsSnapshot> targets;
    Publisher<engine::AlertsSnapshot> alerts;
    Publisher<engine::RulesSnapshot> rules;
    Publisher<engine::StatusSnapshot> status;
    Publisher<engine::ConfigSnapshot> config;
    Mailbox mailbox;

private:
    using SteadyTime = std::chrono::steady_clock::time_point;
    using Loading = std::expected<LoadedConfig, std::vector<config::Fault>>;
    using ConfigReply = Reply<engine::ConfigReport>;

    void loop();
    /// When the loop must look again.
    SteadyTime nextLook() const;
    void publishDue();
    void publishStatus();
    void publishConfig();
    void publishTargets();
    /// What other programs posted and what is not over, by labels.
    std::vector<Alert> postedAlerts(Timestamp now);
    void measureStore();

    /// (engine) Puts a checked configuration in force.
    void enforce(const config::Config& next);
    /// (chores) The files, with the secrets that lie elsewhere, as far as these come in time.
    Loading loadFiles(std::chrono::milliseconds patience);
    /// (chores) What `loaded` says, with the secrets that lie elsewhere.
    LoadedConfig withSecrets(LoadedConfig loaded, std::chrono::milliseconds patience);
    /// (chores) The edit against what the files say now.
    config::ExternalEdit compare(const config::Edit& edit) const;
    /// (chores) Into the files, together with what others edited there. Yields what they say now.
    Result<LoadedConfig> saveEdit(const config::Edit& edit);
    Result<config::Config> saveWithSecrets(const config::Config& before,
                                           const config::Config& after);
    /// (engine) Looks at the files again, because they may have changed.
    void lookAtFiles();
    void watchFiles();
    /// (engine) A reload or an edit has ended on the chores' thread.
    void reloaded(Loading loaded, ConfigReply reply);
    void edited(Result<LoadedConfig> saved, ConfigReply reply);
    void enforceStorage();
    std::vector<config::ScrapeConfig> jobsOf(const config::Config& config) const;
    std::vector<config::Fault> check(const config::Config& config) const;
    std::vector<engine::Problem> problems() const;
    void note(engine::AlertEvent event);
    /// What receivers need of the world.
    alerting::Outside outside();
    /// (engine)
    void beginTest(engine::ReceiverTestRequest request, Reply<engine::ReceiverTest> reply);

    /// What rules that are tried out have of the configuration. From any thread.
    RuleTrialSetting ruleTrialSetting(SteadyTime deadline);
    /// Runs `work` in a query's stead.
    template <class T, class Work> Ticket tryRule(Work work, Reply<T> reply);
    Result<Vector> evaluateRule(const std::string& expr, Timestamp at);
    /// (engine) With what the configuration says of external labels.
    void makeExpandText();
    /// As it was set up, with what the configuration says now. From any thread.
    promql::QueryOptions queryOptions() const;

    EngineOptions m_options;
    /// Of subqueries without one: the interval of rules that have none.
    std::atomic<std::chrono::milliseconds> m_subqueryStep;
    std::atomic<bool> m_hasUnknownAlerts = false; ///< whether what is unseen goes on firing
    std::atomic<std::shared_ptr<const rules::ExpandText>> m_expandText; ///< never null
    EnginePorts m_ports;
    const Clock& m_clock;
    KeptSecrets m_secrets;
    std::unique_ptr<scrape::CollectorFetcher> m_fetcher;
    std::shared_ptr<tsdb::Store> m_store;
    promql::ResultCache m_results{std::size_t{64} << 20};
    std::optional<promql::MemoryBudget> m_queryMemory;
    std::optional<OwnMetrics> m_metrics;

    // (engine)
    std::unique_ptr<scrape::Scraper> m_scraper;
    std::uint64_t m_targetsShownAs = 0; ///< revision; 0: to be shown again
    std::optional<discovery::LocalFinder> m_finder;
    std::vector<discovery::FoundExporter> m_found;
    std::unique_ptr<rules::Manager> m_rules;
    std::unique_ptr<alerting::Silences> m_silences;
    std::unique_ptr<alerting::NotificationLog> m_notificationLog;
    alerting::SharedTemplates m_templates; ///< of the configuration in force
    std::unique_ptr<alerting::Dispatcher> m_dispatcher;
    std::deque<std::stop_source> m_receiverTests; ///< the newest
    std::unique_ptr<notifier::Sender> m_sender; ///< to other Alertmanagers
    config::Config m_config;
    tsdb::RetentionLimits m_retention; ///< in force
    bool m_keepsEverything = false; ///< no configuration could be read that would say otherwise
    std::vector<config::Fault> m_faults; ///< of the newest attempt, when it was refused
    std::vector<std::string> m_watchedFiles;
    Subscription m_edits; ///< of those files
    bool m_paused = false;
    bool m_eager = true; ///< the first two minutes: collectors every second
    Timestamp m_startedAt{};
    std::deque<engine::AlertEvent> m_history; ///< newest first
    std::uint64_t m_silenceChanges = 0;
    std::unordered_set<Labels> m_posted; ///< by other programs; of alerts that are not over
    std::uint64_t m_alertsShownAs = 0; ///< what the last alerts snapshot was made of
    SteadyTime m_nextPublish{};
    SteadyTime m_nextStatus{};
    bool m_measuring = false;
    tsdb::StoreStats m_storeStats;
    std::uint64_t m_samplesBefore = 0;
    SteadyTime m_measuredAt{};
    double m_samplesPerSecond = 0;

    std::mutex m_logMutex;
    std::deque<engine::LogEntry> m_log;
    std::string m_listening; ///< guarded by m_logMutex

    // Last, so that they end before what they use.
    std::unique_ptr<ThreadPool> m_collecting;
    std::unique_ptr<ThreadPool> m_questions;
    std::unique_ptr<ThreadPool> m_chores;
    std::unique_ptr<ThreadPool> m_telling; ///< receivers: templates, files of secrets
    std::unique_ptr<QueryThreads> m_queryThreads;
    std::optional<QueryLane> m_queries;
    std::optional<QueryLane> m_lane; ///< of other questions
    std::thread m_thread;
};

} // namespace watchfire::runtime
