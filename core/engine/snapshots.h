// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/config/config.h"
#include "core/model/alert.h"
#include "core/model/labels.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Immutable pictures of the engine's state, made at most four times a second.
namespace watchfire::engine {

enum class Health { unknown, up, down };

struct TargetStatus {
    std::uint64_t id = 0; ///< stable while the target exists
    std::string job;
    std::string url; ///< of the scrape
    std::string instance;
    Labels labels; ///< after relabelling
    Labels discoveredLabels;
    Health health = Health::unknown;
    std::string lastError; ///< empty when up
    std::string lastWarning; ///< what the answer had that was not taken; empty: nothing
    Timestamp lastScrape{}; ///< the epoch: never yet
    std::chrono::microseconds lastDuration{};
    std::uint64_t samples = 0; ///< of the last scrape
    std::chrono::milliseconds interval{};
    std::chrono::milliseconds timeout{};
    std::chrono::microseconds scrapeOffset{}; ///< of its turns, within the interval
    std::uint64_t missedTurns = 0; ///< since it is known
    bool paused = false;
    bool collector = false; ///< one of our own
};

/// A program on this machine or network that serves metrics and that no job scrapes.
struct FoundExporter {
    std::string name; ///< "node exporter", or the host's own words where it is not a known one
    std::string jobName; ///< for a job of it: "node"
    std::string address; ///< host:port
    std::string scheme = "http";
    std::string metricsPath = "/metrics";
    std::uint64_t series = 0; ///< in its answer
    std::string how; ///< "loopback" or "mDNS"
    friend bool operator==(const FoundExporter&, const FoundExporter&) = default;
};

/// What a discovery of a job is doing.
struct DiscoveryStatus {
    std::string job;
    std::string kind; ///< "file", "http", …
    std::string source; ///< the address or file, for people
    std::uint64_t targets = 0; ///< found by it
    Timestamp lastUpdate{}; ///< the epoch: never yet
    std::string lastError; ///< empty: the last try was good
};

struct TargetsSnapshot {
    std::vector<TargetStatus> targets; ///< sorted by job, then instance
    std::vector<TargetStatus> dropped; ///< by relabelling
    std::vector<DiscoveryStatus> discoveries; ///< by job
    std::vector<FoundExporter> found; ///< not scraped yet
    bool isLooking = false; ///< for more of those
    std::size_t up = 0;
    std::size_t down = 0;
};

/// One active alert of a rule.
struct AlertStatus {
    std::uint64_t id = 0; ///< stable: hash of rule and labels
    std::string rule;
    std::string group;
    Labels labels;
    Labels annotations;
    AlertState state = AlertState::inactive;
    Timestamp activeAt{};
    Timestamp firedAt{}; ///< the epoch: not yet
    double value = 0;
    bool silenced = false;
    bool inhibited = false;
    std::vector<std::string> silencedBy;
    std::string receiver; ///< that the route chose
    /// Firing when its target was last seen; whether it still would, nobody knows.
    bool unknown = false;
    std::string expr;
};

struct SilenceStatus {
    std::string id;
    Matchers matchers;
    Timestamp startsAt{};
    Timestamp endsAt{};
    Timestamp updatedAt{};
    std::string createdBy;
    std::string comment;
    std::size_t matched = 0; ///< active alerts it mutes
    bool expired = false;
    Labels annotations{};
};

struct AlertEvent {
    Timestamp at{};
    Labels labels;
    std::string what; ///< "pending", "firing", "resolved", "notified desktop", …
};

struct AlertsSnapshot {
    std::vector<AlertStatus> alerts;
    std::vector<SilenceStatus> silences;
    std::vector<AlertEvent> history; ///< newest first, bounded
    std::size_t firing = 0;
    std::size_t pending = 0;
    std::size_t silenced = 0;
};

struct RuleStatus {
    config::RuleConfig rule;
    Health health = Health::unknown;
    std::string lastError;
    Timestamp lastEvaluation{};
    std::chrono::microseconds duration{};
    AlertState state = AlertState::inactive; ///< the worst of its alerts
    std::size_t firing = 0;
    std::size_t pending = 0;
};

struct RuleGroupStatus {
    std::string name;
    std::string file;
    std::chrono::milliseconds interval{};
    Timestamp lastEvaluation{};
    std::chrono::microseconds duration{};
    std::optional<Timestamp> nextDue;
    std::vector<RuleStatus> rules;
};

struct RulesSnapshot {
    std::vector<RuleGroupStatus> groups;
};

struct LogEntry {
    Timestamp at{};
    LogLevel level = LogLevel::info;
    std::string component;
    std::string text;
};

/// Something wrong that a person should know, until it is over.
struct Problem {
    std::string id; ///< "disk-full", "config", …
    std::string cause;
    std::string consequence;
    std::string remedy;
};

struct StatusSnapshot {
    Timestamp at{};
    Timestamp startedAt{};
    std::uint64_t series = 0;
    double samplesPerSecond = 0;
    std::uint64_t samplesTotal = 0;
    std::uint64_t storeBytes = 0; ///< what the file takes on disk
    std::uint64_t storeUsedBytes = 0;
    std::chrono::milliseconds retention{0}; ///< samples older than that go; 0: none do
    std::uint64_t retentionBytes = 0; ///< the oldest go before the file exceeds it; 0: none do
    std::uint64_t retentionSize = 0; ///< of both that yield it, the one set in bytes; 0: none is
    double retentionPercentage = 0; ///< and the one set as a part of the disk; 0: none is
    bool isRetentionTimeFixed = false; ///< by the command line
    bool isRetentionSizeFixed = false;
    Timestamp oldestSample{};
    Timestamp newestSample{};
    std::string dataDirectory;
    std::string listening; ///< "http://127.0.0.1:9090", or empty
    bool paused = false;
    /// Other Alertmanagers: where alerts go, and those that relabelling left out. URLs, sorted.
    std::vector<std::string> alertmanagers;
    std::vector<std::string> droppedAlertmanagers;
    std::vector<Problem> problems;
    std::vector<LogEntry> log; ///< newest last, bounded
};

struct ConfigSnapshot {
    config::Config config;
    std::string file; ///< the prometheus.yml in force
    std::vector<config::Fault> faults; ///< of the newest attempt, when it was refused
};

} // namespace watchfire::engine
