// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/config/config.h"
#include "core/config/external_edit.h"
#include "core/config/import_report.h"
#include "core/discovery/local_finder.h"
#include "core/engine/engine.h"
#include "core/ports/desktop.h"
#include "core/ports/dns.h"
#include "core/ports/http.h"
#include "core/ports/mail.h"
#include "core/ports/secrets.h"
#include "core/ports/watch.h"
#include "core/promql/query.h"
#include "core/tsdb/store.h"

#include <chrono>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <watchfire/client/registry.h>

namespace watchfire::runtime {

/// The configuration as read from the files, with what they hold that has no effect yet.
struct LoadedConfig {
    config::Config config;
    std::vector<config::Fault> warnings;
};

/// Where the configuration lies. All are called on a worker, one at a time.
struct ConfigFiles {
    std::string shown; ///< the path people are told
    std::function<std::expected<LoadedConfig, std::vector<config::Fault>>()> load;
    /// The newest configuration that was found good, for a start with files that are not.
    std::function<std::expected<LoadedConfig, std::vector<config::Fault>>()> loadLastGood;
    /// The files that such a configuration is read from, rule files and their folders too: what
    /// to look at for edits from outside. Not set: such edits wait for a reload. From any thread.
    std::function<std::vector<std::string>(const config::Config&)> watched;
    /// Reads files that somebody brings, without putting them in force.
    std::function<config::ImportReport(const std::string& file)> inspectImport;
    /// What others made of the files meanwhile, and what an edit comes to with that. Not set:
    /// nobody else edits them. Touches nothing.
    std::function<config::ExternalEdit(const config::Edit& edit)> compare;
    /// Writes only what differs. Yields the configuration as it now reads. Fails with
    /// ErrorKind::conflict when the files do not say what `before` does.
    std::function<Result<config::Config>(const config::Config& before, const config::Config& after)>
        save;
};

/// An exporter inside the program: its job is scraped as collector:NAME like any other target.
struct Collector {
    std::string name; ///< also of the job: "host", "watchfire"
    std::function<std::string()> collect; ///< an exposition in the text format; on a worker
};

struct EngineOptions {
    /// Its retention and windows for late samples are those where nothing else says any.
    tsdb::OpenOptions store;
    /// What the command line says: it goes before the configuration.
    config::RetentionConfig retention;
    std::optional<std::chrono::milliseconds> lateWindow;
    ConfigFiles files;
    promql::QueryOptions query;
    std::size_t concurrentQueries = 20; ///< at least one; each has a thread
    std::size_t waitingQueries = 1'000; ///< beside those; more are refused
    std::size_t waitingQuestions = 100; ///< likewise, of what else is asked
    /// Bytes that all queries may take together, rules apart; not said: a quarter of the machine's.
    std::optional<std::uint64_t> queryMemory;
    /// For what else is asked, and for large queries; 0: one per hardware thread, at least two.
    std::size_t queryThreads = 0;
    /// Own collectors; which of them run, the configuration says.
    std::vector<Collector> collectors;
    /// The program's own metrics, which the engine adds its own to; must outlive it.
    client::Registry* registry = nullptr;
    /// Queries of rules that may run beside the first one of each group; 0: rules run one by one.
    std::size_t ruleConcurrency = 0;
    bool findExporters = false; ///< look for some at the start
    bool startTimes = false; ///< scrape::Ceilings::startTimes
    bool scrapeItself = true; ///< as job "watchfire", unless the configuration says no
    std::string hostName; ///< the collectors' instance label
    std::string externalUrl;
    std::string listening; ///< shown in the status
};

/// What the engine asks of the world. All must outlive it.
struct EnginePorts {
    HttpFetcher& fetcher;
    DnsResolver& dns;
    FileWatcher& watcher;
    Notifier& notifier;
    const Clock& clock;
    SecretStore* secrets = nullptr; ///< nullptr: there is none
    /// Asks for exporters that announce themselves on the network; empty: none do.
    discovery::LocalFinder::Browse browse;
    MailSender* mail = nullptr; ///< nullptr: no mail is sent
};

/// The engine of this process: the store, and the thread that schedules scrapes, rules and
/// alerts over it. See core/runtime/README.md for its threads.
class LocalEngine final : public engine::Engine {
public:
    /// Opens the store, reads the configuration and starts. A configuration that cannot be read
    /// does not keep it from starting: it runs on defaults and says so in the snapshots. Fails
    /// with what the store said.
    static Result<std::unique_ptr<LocalEngine>> start(EngineOptions options, EnginePorts ports);
    /// Ends the loops, marks nothing stale, commits all that was accepted.
    ~LocalEngine() override;
    LocalEngine(const LocalEngine&) = delete;
    LocalEngine& operator=(const LocalEngine&) = delete;

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
    void setPaused(bool paused) override;
    Ticket ownMetrics(Reply<std::string> reply) override;

    Subscription watchTargets(Watcher<engine::TargetsSnapshot> watcher) override;
    Subscription watchAlerts(Watcher<engine::AlertsSnapshot> watcher) override;
    Subscription watchRules(Watcher<engine::RulesSnapshot> watcher) override;
    Subscription watchStatus(Watcher<engine::StatusSnapshot> watcher) override;
    Subscription watchConfig(Watcher<engine::ConfigSnapshot> watcher) override;

    /// The address the HTTP server got, for the status. From any thread.
    void setListening(std::string url);
    /// What a person did with a popup: *Silence* silences the group's labels for an hour; the other
    /// actions change nothing here. From any thread.
    void act(const Notification& notification, NotificationAction action);

private:
    class Core;
    explicit LocalEngine(std::unique_ptr<Core> core);
    std::unique_ptr<Core> m_core;
};

} // namespace watchfire::runtime
