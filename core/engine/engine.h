// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/ticket.h"
#include "core/config/config.h"
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
};

/// One phase of a Test scrape.
struct ScrapeTest {
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

    /// Checks, stores and puts the configuration in force; fails with the first fault, and the
    /// old one stays.
    virtual Ticket applyConfig(config::Config config, Reply<ConfigReport> reply) = 0;
    /// Reads the files again.
    virtual Ticket reload(Reply<ConfigReport> reply) = 0;
    virtual Ticket changeSilence(SilenceChange change, Reply<SilenceId> reply) = 0;
    /// Runs the real pipeline over every target of the job without storing; the first
    /// target's report.
    virtual Ticket testScrape(config::ScrapeConfig job, Reply<ScrapeTest> reply) = 0;
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
