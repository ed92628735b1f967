// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/ticket.h"
#include "core/config/config.h"
#include "core/config/edit.h"
#include "core/engine/alert_trace.h"
#include "core/engine/alerting_state.h"
#include "core/engine/rule_trials.h"
#include "core/engine/snapshots.h"
#include "core/model/cardinality.h"
#include "core/model/exemplar.h"
#include "core/model/matcher.h"
#include "core/model/metadata.h"
#include "core/model/query_report.h"
#include "core/model/result.h"
#include "core/model/sample.h"
#include "core/model/write_request.h"
#include "core/ports/http.h"
#include "core/storage/appender.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::engine {

/// One PromQL question. `step` zero: an instant query at `end`.
struct QueryRequest {
    std::string expr;
    Timestamp start{};
    Timestamp end{};
    std::chrono::milliseconds step{};
    std::optional<std::chrono::milliseconds> timeout;
    std::optional<std::chrono::milliseconds> lookback;
    bool explain = false; ///< the result tells what became of each part of the query
    bool countSamples = false; ///< its statistics tell the samples as Prometheus counts them
    /// Where set: filled before the reply, be that an answer or an error, and left alone after.
    std::shared_ptr<QueryReport> report{};
};

/// What metadata questions share. Each element of `matchers` is one match[]; the answers are
/// joined. Empty: everything.
struct SeriesRequest {
    std::vector<Matchers> matchers;
    TimeRange range{};
    std::size_t limit = 0; ///< 0: none
};
struct LabelsRequest {
    std::string label; ///< values of this one; empty: names
    std::vector<Matchers> matchers;
    TimeRange range{};
    std::size_t limit = 0;
};

struct ConfigReport {
    std::vector<config::Fault> warnings;
};

using SilenceId = std::string;

/// Creates (id empty), changes (id set) or expires (expire) a silence.
struct SilenceChange {
    SilenceId id;
    bool expire = false;
    Matchers matchers;
    Timestamp startsAt{};
    Timestamp endsAt{};
    std::string createdBy;
    std::string comment;
    Labels annotations{};
};

/// What a Test scrape came to, or, under way, what is known of it so far.
struct ScrapeTest {
    std::optional<HttpPhase> phase; ///< it is at; absent: it has not begun, or is over
    bool ok = false;
    std::string url;
    std::string error; ///< a sentence; the server's words verbatim where it had some
    std::uint32_t errorLine = 0; ///< of the body, from 1; 0: not about a line
    std::string badLine;
    int status = 0;
    HttpTimings timings;
    std::chrono::microseconds parse{};
    std::string format; ///< "text", "OpenMetrics", …
    std::uint64_t samples = 0;
    std::uint64_t metrics = 0;
    std::vector<std::string> warnings;
    std::string bodyStart; ///< the first 64 KiB
};

/// Called on an engine thread; must not block it.
using ScrapeProgress = std::function<void(const ScrapeTest&)>;

/// What one relabelling rule did.
struct RelabelStepReport {
    Labels before;
    Labels after;
    bool kept = true; ///< false: this rule dropped the set
};

/// What became of one discovered address.
struct RelabelOutcome {
    Labels discovered;
    std::vector<RelabelStepReport> steps; ///< one a rule, up to the one that dropped it
    std::optional<std::string> url; ///< absent: dropped, or see error
    Labels labels; ///< of the target
    std::string error; ///< why it cannot be scraped, though no rule dropped it
};

/// What a job would do with what its discoveries yield now.
struct JobPreview {
    std::vector<RelabelOutcome> outcomes; ///< bounded: the first thousand
    std::uint64_t total = 0;
    std::vector<std::string> warnings; ///< of discoveries
};

/// Everything about one target that the picture of all has no room for.
struct TargetDetail {
    RelabelOutcome relabelling;
    Timestamp answeredAt{}; ///< the epoch: no answer was kept yet
    int status = 0;
    std::string contentType;
    HttpTimings timings;
    std::string body; ///< the first MiB of the last answer
    bool isCut = false; ///< there was more
    std::uint32_t errorLine = 0; ///< of the body, from 1; 0: none
    std::string error;
    /// What metric relabelling makes of the body's series, the first thousand of them.
    std::vector<RelabelOutcome> metricRelabelling;
    struct Event {
        Timestamp at{};
        std::chrono::microseconds took{};
        std::uint64_t samples = 0;
        std::string error; ///< empty: it was fine
    };
    std::vector<Event> log; ///< of scrapes, newest first, bounded
};

/// What to send a test notification to.
struct ReceiverTestRequest {
    std::string name; ///< of a receiver in force
    /// Instead of the one in force: a receiver that is being edited, with the `global` in force
    /// unless that is given, too.
    std::optional<config::ReceiverConfig> receiver{};
    std::optional<config::ReceiverGlobals> globals{};
    bool resolved = false; ///< that what an earlier test opened is over
};

/// How a receiver took a test notification: one answer for each way out that it has.
struct ReceiverTest {
    struct Answer {
        std::string integration; ///< "slack/0", "desktop"
        bool ok = false;
        int status = 0; ///< of HTTP or SMTP; 0: no server answered
        std::string answer; ///< the server's words as they came, the first 64 KiB
        std::string error; ///< a sentence; empty: it was told
    };
    std::vector<Answer> answers;
};

/// Files that somebody brings, read but not in force.
struct ImportPreview {
    config::Config config;
    std::vector<config::Fault> faults; ///< with any, nothing can be imported
    /// What would be lost or not done, each key named with its place.
    std::vector<config::Fault> losses;
};

using watchfire::WriteRequest;
using watchfire::WriteSeries;

/// All that the window and the HTTP API ever see of the engine. From any thread; no call waits.
/// Replies and watchers are called on threads of the engine's; a watcher is called once soon
/// after it is registered.
struct Engine {
    virtual ~Engine() = default;

    virtual Ticket query(QueryRequest request, Reply<QueryResult> reply) = 0;
    virtual Ticket series(SeriesRequest request, Reply<std::vector<Labels>> reply) = 0;
    virtual Ticket labels(LabelsRequest request, Reply<std::vector<std::string>> reply) = 0;
    /// Exemplars in the range (both ends inclusive) of the series that one of the matcher sets
    /// selects, sorted by labels; series without any are left out. Without matchers: none.
    virtual Ticket exemplars(SeriesRequest request, Reply<std::vector<SeriesExemplars>> reply) = 0;
    virtual Ticket metadata(Reply<std::vector<FamilyMetadata>> reply) = 0;
    virtual Ticket write(WriteRequest request, Reply<storage::CommitReport> reply) = 0;

    /// Deletes the samples in the range of every series that one of the matcher sets selects;
    /// replies with how many series that are. Without matchers: none, it fails.
    virtual Ticket deleteSamples(SeriesRequest request, Reply<std::uint64_t> reply) = 0;
    /// Frees the space of what was deleted now, instead of soon; replies when it is done.
    virtual Ticket reclaimDeleted(Reply<void> reply) = 0;
    /// Copies the store to a new folder in `snapshots` of the data directory; replies with the
    /// folder's name.
    virtual Ticket snapshot(Reply<std::string> reply) = 0;
    /// What the series are made of, at most `limit` of each kind.
    virtual Ticket cardinality(std::size_t limit, Reply<CardinalityReport> reply) = 0;

    /// Checks, stores and puts in force what was edited, together with what changed meanwhile.
    /// Fails with the first fault, or with a conflict where both changed one place; the old
    /// configuration stays then.
    virtual Ticket applyConfig(config::Edit edit, Reply<ConfigReport> reply) = 0;
    /// Reads the files again.
    virtual Ticket reload(Reply<ConfigReport> reply) = 0;
    virtual Ticket changeSilence(SilenceChange change, Reply<SilenceId> reply) = 0;
    /// Sends a test notification past routes, silences and the notification log, once. Fails with
    /// notFound when there is no receiver of that name.
    virtual Ticket testReceiver(ReceiverTestRequest request, Reply<ReceiverTest> reply) = 0;
    /// Alerts of other programs, as an Alertmanager takes them: a start that is not known is now,
    /// an end that is not known comes when nothing is heard for the resolve timeout.
    virtual Ticket postAlerts(std::vector<Alert> alerts, Reply<void> reply) = 0;
    /// The Alertmanager's side as it is now, with what was changed or posted before.
    virtual Ticket inspectAlerting(AlertingRequest request, Reply<AlertingState> reply) = 0;
    /// Why the alert with these labels was told, or was not.
    virtual Ticket traceAlert(Labels labels, Reply<AlertTrace> reply) = 0;
    /// When alerts were pending and firing, by labels, then time; from before the start, too.
    virtual Ticket alertTimeline(AlertTimelineRequest request, Reply<std::vector<AlertSpan>> reply)
        = 0;
    /// Runs the real pipeline over the first target of the job without storing. `progress` hears
    /// of each phase that it enters, before the reply, and may be called until the ticket is
    /// dropped; it may be empty.
    virtual Ticket testScrape(config::ScrapeConfig job, ScrapeProgress progress,
                              Reply<ScrapeTest> reply)
        = 0;
    /// What relabelling makes of the job's targets; its discoveries are asked, nothing is scraped.
    virtual Ticket previewJob(config::ScrapeConfig job, Reply<JobPreview> reply) = 0;
    /// Fails with notFound when there is no such target any more.
    virtual Ticket inspectTarget(std::uint64_t target, Reply<TargetDetail> reply) = 0;
    /// Takes a turn now, beside the schedule. Replies once it is done.
    virtual Ticket scrapeNow(std::uint64_t target, Reply<void> reply) = 0;
    /// Looks for exporters on loopback ports and by mDNS; what it finds comes with the targets.
    virtual void findExporters() = 0;
    /// Reads a prometheus.yml that is not in force, with the files it names.
    virtual Ticket inspectImport(std::string file, Reply<ImportPreview> reply) = 0;
    /// What an alerting rule would have done over the stored samples. Fails with invalid (no such
    /// rule, or its expression does not parse), limit, timeout, and the store's own.
    virtual Ticket backtest(BacktestRequest request, Reply<BacktestReport> reply) = 0;
    /// What a rule that is being written finds now, and what is to be said of it.
    virtual Ticket previewRule(RulePreviewRequest request, Reply<RulePreview> reply) = 0;
    /// Runs unit tests over a store in memory; nothing that is stored is touched.
    virtual Ticket testRules(RuleTestRequest request, Reply<RuleTestReport> reply) = 0;
    /// Stops or resumes all scraping.
    virtual void setPaused(bool paused) = 0;
    /// Own metrics in the text format.
    virtual Ticket ownMetrics(Reply<std::string> reply) = 0;

    virtual Subscription watchTargets(Watcher<TargetsSnapshot> watcher) = 0;
    virtual Subscription watchAlerts(Watcher<AlertsSnapshot> watcher) = 0;
    virtual Subscription watchRules(Watcher<RulesSnapshot> watcher) = 0;
    virtual Subscription watchStatus(Watcher<StatusSnapshot> watcher) = 0;
    virtual Subscription watchConfig(Watcher<ConfigSnapshot> watcher) = 0;
};

} // namespace watchfire::engine
