// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/config/discovery.h"
#include "core/config/receivers.h"
#include "core/model/labels.h"
#include "core/model/matcher.h"
#include "core/model/relabel.h"
#include "core/model/secret.h"
#include "core/ports/http.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The whole configuration as one value: prometheus.yml, alertmanager.yml, the rule files and
/// watchfire.yml. Each engine is handed its part; only this folder knows YAML.
namespace watchfire::config {

using Duration = std::chrono::milliseconds;

struct GlobalConfig {
    Duration scrapeInterval = std::chrono::minutes(1);
    Duration scrapeTimeout = std::chrono::seconds(10);
    Duration evaluationInterval = std::chrono::minutes(1);
    Duration ruleQueryOffset{};
    Labels externalLabels;
    std::uint64_t bodySizeLimit = 0;
    std::uint64_t sampleLimit = 0;
    std::uint64_t labelLimit = 0;
    std::uint64_t labelNameLengthLimit = 0;
    std::uint64_t labelValueLengthLimit = 0;
    std::uint64_t targetLimit = 0;
    std::uint64_t keepDroppedTargets = 0;
    bool scrapeNativeHistograms = false;
    bool alwaysScrapeClassicHistograms = false;
    bool convertClassicHistogramsToNhcb = false;
    bool extraScrapeMetrics = false;
    std::vector<std::string> scrapeProtocols; ///< empty: the default list
    std::string escapingScheme; ///< empty: that of the validation scheme
    std::string nameValidationScheme; ///< utf8 or legacy; empty: utf8
    std::string queryLogFile; ///< absolute; nothing is written to it yet
    std::string scrapeFailureLogFile; ///< likewise
    friend bool operator==(const GlobalConfig&, const GlobalConfig&) = default;
};

/// Targets with labels they share (static_configs, file_sd).
struct TargetGroup {
    std::vector<std::string> targets; ///< host:port, or collector:NAME for own collectors
    Labels labels;
    std::string source; ///< unique name of where it came from
    friend bool operator==(const TargetGroup&, const TargetGroup&) = default;
};

struct ScrapeConfig {
    std::string jobName;
    Duration scrapeInterval{}; ///< filled from global when read
    Duration scrapeTimeout{};
    std::string metricsPath = "/metrics";
    std::string scheme = "http";
    std::vector<std::pair<std::string, std::vector<std::string>>> params;
    bool honorLabels = false;
    bool honorTimestamps = true;
    bool trackTimestampsStaleness = false;
    bool enableCompression = true;
    /// PrometheusProto, OpenMetricsText1.0.0, OpenMetricsText0.0.1, PrometheusText0.0.4,
    /// PrometheusText1.0.0, in order of preference; empty: the default list, which begins with
    /// PrometheusProto where native histograms are scraped.
    std::vector<std::string> scrapeProtocols;
    std::string fallbackScrapeProtocol;
    bool scrapeNativeHistograms = false;
    bool alwaysScrapeClassicHistograms = false;
    bool convertClassicHistogramsToNhcb = false;
    bool extraScrapeMetrics = false; ///< scrape_timeout_seconds and its like, beside up
    std::uint64_t nativeHistogramBucketLimit = 0; ///< 0: no limit
    double nativeHistogramMinBucketFactor = 0; ///< up to 1: as they come
    HttpClientOptions client;
    std::uint64_t bodySizeLimit = 0; ///< bytes; 0: no limit
    std::uint64_t sampleLimit = 0;
    std::uint64_t labelLimit = 0;
    std::uint64_t labelNameLengthLimit = 0;
    std::uint64_t labelValueLengthLimit = 0;
    std::uint64_t targetLimit = 0;
    std::uint64_t keepDroppedTargets = 0;
    // Of watchfire.yml: what holds where the job sets no limit of its own.
    std::uint64_t seriesBudget = 0; ///< 0: any number
    std::uint64_t bodyCeiling = 0; ///< bytes; 0: OwnConfig's
    std::uint64_t sampleCeiling = 0; ///< 0: OwnConfig's
    /// Which secrets of `client` and sources lie in the secret store and in no file (secrets.h).
    std::vector<std::string> keptSecrets;
    std::vector<RelabelRule> relabel;
    std::vector<RelabelRule> metricRelabel;
    std::vector<TargetGroup> staticConfigs;
    std::vector<DiscoveryConfig> discoveries; ///< by kind, then as written
    std::string escapingScheme; ///< underscores, dots or values; empty: allow-utf-8
    std::string nameValidationScheme; ///< legacy; empty: utf8
    std::string scrapeFailureLogFile; ///< absolute; nothing is written to it yet
    /// Of scrape_config_files, where the job came from one; empty: prometheus.yml.
    std::string file;
    friend bool operator==(const ScrapeConfig&, const ScrapeConfig&) = default;
};

/// What a job asks for that names no scrape_protocols: protobuf first where it wants native
/// histograms.
const std::vector<std::string>& defaultScrapeProtocols(bool nativeHistograms);

/// The job as it is under another `global`: what it has from there follows, what it sets itself
/// stays; what it sets to the very value it would have anyway counts as had from there. For a
/// change of global settings, which are filled into jobs when they are read.
ScrapeConfig inheriting(ScrapeConfig job, const GlobalConfig& before, const GlobalConfig& after);

/// One rule; `record` or `alert` is set.
struct RuleConfig {
    std::string record;
    std::string alert;
    std::string expr;
    Duration forDuration{};
    Duration keepFiringFor{};
    std::vector<std::pair<std::string, std::string>> labels; ///< templates in alerting rules
    std::vector<std::pair<std::string, std::string>> annotations;

    bool isAlerting() const { return !alert.empty(); }
    const std::string& name() const { return isAlerting() ? alert : record; }
    friend bool operator==(const RuleConfig&, const RuleConfig&) = default;
};

struct RuleGroupConfig {
    std::string name;
    std::string file; ///< where it stands; with the name the group's identity
    Duration interval{}; ///< zero: the global evaluation interval
    std::optional<Duration> queryOffset;
    std::uint64_t limit = 0;
    std::vector<std::pair<std::string, std::string>> labels;
    std::vector<RuleConfig> rules;
    friend bool operator==(const RuleGroupConfig&, const RuleGroupConfig&) = default;
};

struct RouteConfig {
    std::string receiver; ///< empty: the parent's
    std::vector<std::string> groupBy; ///< "..." alone: by all labels
    bool groupByGiven = false;
    Matchers matchers;
    bool continues = false;
    std::optional<Duration> groupWait; ///< unset: the parent's
    std::optional<Duration> groupInterval;
    std::optional<Duration> repeatInterval;
    std::vector<std::string> muteTimeIntervals;
    std::vector<std::string> activeTimeIntervals;
    /// For templates; a child has its parent's, too, and may say others of the same names.
    NamedTexts labels;
    std::vector<RouteConfig> routes;
    friend bool operator==(const RouteConfig&, const RouteConfig&) = default;
};

/// From `from` to `to`, both within, but for times of day, whose end is outside.
struct IntervalRange {
    int from = 0;
    int to = 0;
    friend bool operator==(const IntervalRange&, const IntervalRange&) = default;
};

/// One entry of a time interval: every field that is there must hold; one that is there and
/// empty never does.
struct TimeIntervalConfig {
    using Ranges = std::optional<std::vector<IntervalRange>>;
    Ranges times; ///< minutes of the day, 1440 its end
    Ranges weekdays; ///< 0: Sunday
    Ranges daysOfMonth; ///< negative: from the end of the month, -1 its last day
    Ranges months; ///< 1: January
    Ranges years;
    std::string location; ///< IANA zone, or Local; empty: UTC
    friend bool operator==(const TimeIntervalConfig&, const TimeIntervalConfig&) = default;
};

/// Holds when one of its intervals does; without any, never.
struct NamedIntervalsConfig {
    std::string name;
    std::vector<TimeIntervalConfig> intervals;
    friend bool operator==(const NamedIntervalsConfig&, const NamedIntervalsConfig&) = default;
};

struct InhibitRuleConfig {
    Matchers source;
    Matchers target;
    std::vector<std::string> equal;
    friend bool operator==(const InhibitRuleConfig&, const InhibitRuleConfig&) = default;
};

/// A file of templates, as read.
struct TemplateFile {
    std::string file;
    std::string text;
    friend bool operator==(const TemplateFile&, const TemplateFile&) = default;
};

struct AlertmanagerConfig {
    ReceiverGlobals globals;
    std::vector<std::string> templates; ///< patterns as written
    std::vector<TemplateFile> templateFiles; ///< that those patterns match
    RouteConfig route;
    std::vector<ReceiverConfig> receivers;
    std::vector<InhibitRuleConfig> inhibitRules;
    std::vector<NamedIntervalsConfig> timeIntervals;
    Duration resolveTimeout = std::chrono::minutes(5);
    friend bool operator==(const AlertmanagerConfig&, const AlertmanagerConfig&) = default;
};

/// Everything to the desktop: group by alertname and job, wait 5 s, interval 10 s, repeat 4 h.
AlertmanagerConfig defaultAlertmanager();

/// How long and how much the store keeps; unset: what says so elsewhere. `size` and `percentage`
/// go together: where one is set, the other is without a limit unless it is set too.
struct RetentionConfig {
    std::optional<Duration> time; ///< 0: for ever
    std::optional<std::uint64_t> size; ///< bytes of the store's file; 0: any
    std::optional<double> percentage; ///< of the file system, for that file; 0: any
    friend bool operator==(const RetentionConfig&, const RetentionConfig&) = default;
};

/// What watchfire.yml adds.
struct OwnConfig {
    bool hostCollector = true;
    bool selfCollector = true;
    Duration collectorInterval = std::chrono::seconds(5);
    std::vector<std::string> pausedJobs;
    std::uint64_t bodyCeiling = 0; ///< bytes of an answer; 0: the scraper's own
    std::uint64_t sampleCeiling = 0; ///< of a scrape; 0: the scraper's own
    std::string colorScheme = "system"; ///< system, light, dark
    RetentionConfig retention; ///< what is set here goes before storage.tsdb.retention
    /// Whether a firing alert stays, as unknown, while its target cannot be scraped.
    bool unknownAlerts = false;
    friend bool operator==(const OwnConfig&, const OwnConfig&) = default;
};

/// A part of prometheus.yml that Watchfire does not act on: kept, shown and named to people.
struct ForeignSection {
    std::string name; ///< a key of the top level, "remote_write"
    Secret text; ///< its value as YAML; credentials may stand in it
    friend bool operator==(const ForeignSection&, const ForeignSection&) = default;
};

struct Config {
    GlobalConfig global;
    /// `global` stands in the file and says nothing but defaults. Only what takes effect tells
    /// the difference (effectiveYaml).
    bool plainGlobal = false;
    std::vector<ScrapeConfig> scrapeConfigs;
    std::vector<std::string> ruleFiles; ///< patterns as written
    std::vector<RuleGroupConfig> ruleGroups; ///< of all files those patterns match
    std::vector<std::string> scrapeConfigFiles; ///< patterns as written
    std::optional<Duration> outOfOrderWindow; ///< storage.tsdb.out_of_order_time_window
    RetentionConfig retention; ///< storage.tsdb.retention
    std::vector<ForeignSection> foreign; ///< by name
    std::optional<std::uint64_t> maxExemplars; ///< storage.exemplars; 0: none
    AlertmanagerConfig alertmanager = defaultAlertmanager();
    OwnConfig own;
    friend bool operator==(const Config&, const Config&) = default;
};

/// A fault in a file: line and column count from 1; 0: not known.
struct Fault {
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string message;
    std::string toString() const; ///< "file:line:column: message"
    friend bool operator==(const Fault&, const Fault&) = default;
};

} // namespace watchfire::config
