// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/export.h"
#include "core/config/scrape.h"
#include "core/config/value_parts.h"

#include <algorithm>

namespace watchfire::config {

using encoding::YamlValue;

namespace {

/// $ in external labels names a variable of the environment.
std::string escapedDollars(std::string_view value, Style style)
{
    std::string out;
    for (const char c : value) {
        out += c;
        if (c == '$' && style == Style::file) {
            out += '$';
        }
    }
    return out;
}

void writeProtocols(Keys& keys, const std::vector<std::string>& protocols,
                    const std::vector<std::string>& otherwise, bool native)
{
    if (!protocols.empty() && (keys.effective() || protocols != otherwise)) {
        keys.texts("scrape_protocols", protocols);
    } else if (keys.effective()) {
        keys.texts("scrape_protocols", defaultScrapeProtocols(native));
    }
}

/// The limits that both a job and `global` have.
template <class Holder>
void writeLimits(Keys& keys, const Holder& holder, const GlobalConfig& otherwise)
{
    const bool differs = holder.bodySizeLimit != otherwise.bodySizeLimit;
    if (keys.effective() ? holder.bodySizeLimit != 0 : differs) {
        keys.set("body_size_limit", YamlValue::plain(formatBytes(holder.bodySizeLimit)));
    }
    keys.count("sample_limit", holder.sampleLimit, otherwise.sampleLimit);
    keys.count("target_limit", holder.targetLimit, otherwise.targetLimit);
    keys.count("label_limit", holder.labelLimit, otherwise.labelLimit);
    keys.count("label_name_length_limit", holder.labelNameLengthLimit,
               otherwise.labelNameLengthLimit);
    keys.count("label_value_length_limit", holder.labelValueLengthLimit,
               otherwise.labelValueLengthLimit);
    keys.count("keep_dropped_targets", holder.keepDroppedTargets, otherwise.keepDroppedTargets);
}

/// What takes effect of a job's schemes, or the keys that make a job have them.
void writeJobSchemes(Keys& keys, const ScrapeConfig& job, const GlobalConfig& global)
{
    const bool legacy = job.nameValidationScheme == "legacy";
    const std::string_view validation = legacy ? "legacy" : "utf8";
    const std::string_view escaping
        = job.escapingScheme.empty() ? "allow-utf-8" : std::string_view(job.escapingScheme);
    if (keys.effective()) {
        keys.text("metric_name_validation_scheme", validation);
        keys.text("metric_name_escaping_scheme", escaping);
        return;
    }
    const auto has = [&](bool withValidation, bool withEscaping) {
        ScrapeConfig probe;
        probe.nameValidationScheme = withValidation ? validation : "";
        probe.escapingScheme = withEscaping ? escaping : "";
        inherit(probe, global);
        return (probe.nameValidationScheme == "legacy") == legacy
            && probe.escapingScheme == job.escapingScheme;
    };
    if (has(false, false)) {
        return;
    }
    const bool needsValidation = !has(false, true);
    if (needsValidation) {
        keys.text("metric_name_validation_scheme", validation);
    }
    if (!has(needsValidation, false)) {
        keys.text("metric_name_escaping_scheme", escaping);
    }
}

/// A key that is shown only where it says something: newer than what the rest of the form is of.
void writeNewer(Keys& keys, std::string_view key, bool value, bool otherwise)
{
    if (keys.effective() ? value : value != otherwise) {
        keys.set(key, YamlValue::boolean(value));
    }
}

void writeHistograms(Keys& keys, const ScrapeConfig& job, const GlobalConfig& global)
{
    writeNewer(keys, "scrape_native_histograms", job.scrapeNativeHistograms,
               global.scrapeNativeHistograms);
    keys.boolean("always_scrape_classic_histograms", job.alwaysScrapeClassicHistograms,
                 global.alwaysScrapeClassicHistograms);
    keys.boolean("convert_classic_histograms_to_nhcb", job.convertClassicHistogramsToNhcb,
                 global.convertClassicHistogramsToNhcb);
    keys.count("native_histogram_bucket_limit", job.nativeHistogramBucketLimit, 0);
    if (job.nativeHistogramMinBucketFactor != 0) {
        keys.set("native_histogram_min_bucket_factor",
                 realValue(job.nativeHistogramMinBucketFactor));
    }
    writeNewer(keys, "extra_scrape_metrics", job.extraScrapeMetrics, global.extraScrapeMetrics);
}

} // namespace

YamlValue globalValue(const Config& config, Style style)
{
    const GlobalConfig& global = config.global;
    const GlobalConfig defaults;
    YamlValue out = YamlValue::mapping();
    Keys keys(out, style);
    keys.duration("scrape_interval", global.scrapeInterval, defaults.scrapeInterval);
    keys.duration("scrape_timeout", global.scrapeTimeout,
                  std::min(defaults.scrapeTimeout, global.scrapeInterval));
    writeProtocols(keys, global.scrapeProtocols, {}, global.scrapeNativeHistograms);
    keys.duration("evaluation_interval", global.evaluationInterval, defaults.evaluationInterval);
    if (global.ruleQueryOffset != Duration(0)) {
        keys.set("rule_query_offset", durationValue(global.ruleQueryOffset));
    }
    keys.text("query_log_file", global.queryLogFile);
    keys.text("scrape_failure_log_file", global.scrapeFailureLogFile);
    if (!global.externalLabels.empty()) {
        YamlValue map = YamlValue::mapping();
        for (const Label& label : global.externalLabels) {
            map.set(std::string(label.name), textValue(escapedDollars(label.value, style)));
        }
        keys.set("external_labels", std::move(map));
    }
    writeLimits(keys, global, defaults);
    // Of a file that has no such section everything is shown, also what it would not fill in.
    const bool absent = style == Style::effective && !config.plainGlobal && global == defaults;
    keys.text("metric_name_validation_scheme", absent ? "utf8" : global.nameValidationScheme);
    keys.text("metric_name_escaping_scheme", absent ? "allow-utf-8" : global.escapingScheme);
    const auto flag = [&](const char* key, bool value) {
        if (value) {
            keys.set(key, YamlValue::boolean(true));
        }
    };
    flag("scrape_native_histograms", global.scrapeNativeHistograms);
    flag("convert_classic_histograms_to_nhcb", global.convertClassicHistogramsToNhcb);
    flag("always_scrape_classic_histograms", global.alwaysScrapeClassicHistograms);
    flag("extra_scrape_metrics", global.extraScrapeMetrics);
    return out;
}

YamlValue jobValue(const ScrapeConfig& job, const GlobalConfig& global, Style style)
{
    YamlValue out = YamlValue::mapping({{"job_name", textValue(job.jobName)}});
    Keys keys(out, style);
    if (job.honorLabels) {
        keys.set("honor_labels", YamlValue::boolean(true));
    }
    keys.boolean("honor_timestamps", job.honorTimestamps, true);
    keys.boolean("track_timestamps_staleness", job.trackTimestampsStaleness, false);
    if (!job.params.empty()) {
        YamlValue params = YamlValue::mapping();
        for (const auto& [name, values] : job.params) {
            params.set(name, textsValue(values));
        }
        keys.set("params", std::move(params));
    }
    keys.duration("scrape_interval", job.scrapeInterval, global.scrapeInterval);
    keys.duration("scrape_timeout", job.scrapeTimeout,
                  std::min(global.scrapeTimeout, job.scrapeInterval));
    writeProtocols(keys, job.scrapeProtocols, global.scrapeProtocols, job.scrapeNativeHistograms);
    keys.text("fallback_scrape_protocol", job.fallbackScrapeProtocol);
    writeHistograms(keys, job, global);
    keys.text("scrape_failure_log_file", job.scrapeFailureLogFile,
              style == Style::file ? global.scrapeFailureLogFile : "");
    keys.text("metrics_path", job.metricsPath, "/metrics");
    keys.text("scheme", job.scheme, "http");
    keys.boolean("enable_compression", job.enableCompression, true);
    writeLimits(keys, job, global);
    writeJobSchemes(keys, job, global);
    writeClient(keys, job.client, {}, job.keptSecrets);
    if (!job.relabel.empty()) {
        keys.set("relabel_configs", relabelValue(job.relabel, style));
    }
    if (!job.metricRelabel.empty()) {
        keys.set("metric_relabel_configs", relabelValue(job.metricRelabel, style));
    }
    writeDiscoveries(keys, job);
    if (!job.staticConfigs.empty()) {
        keys.set("static_configs", staticConfigsValue(job.staticConfigs));
    }
    return out;
}

YamlValue relabelValue(const std::vector<RelabelRule>& rules, Style style)
{
    const RelabelRule defaults;
    YamlValue list = YamlValue::sequence();
    for (const RelabelRule& rule : rules) {
        YamlValue entry = YamlValue::mapping();
        Keys keys(entry, style);
        keys.texts("source_labels", rule.sourceLabels);
        if (keys.effective() || rule.separator != defaults.separator) {
            keys.set("separator", textValue(rule.separator));
        }
        if (rule.regexText != defaults.regexText) {
            keys.set("regex", textValue(rule.regexText));
        }
        keys.count("modulus", rule.modulus, 0);
        keys.text("target_label", rule.targetLabel);
        if (keys.effective() || rule.replacement != defaults.replacement) {
            keys.set("replacement", textValue(rule.replacement));
        }
        if (keys.effective() || rule.action != defaults.action) {
            keys.set("action", textValue(toText(rule.action)));
        }
        list.items.push_back(std::move(entry));
    }
    return list;
}

YamlValue staticConfigsValue(const std::vector<TargetGroup>& groups)
{
    YamlValue list = YamlValue::sequence();
    for (const TargetGroup& group : groups) {
        YamlValue entry = YamlValue::mapping({{"targets", textsValue(group.targets)}});
        if (!group.labels.empty()) {
            entry.set("labels", labelsValue(group.labels));
        }
        list.items.push_back(std::move(entry));
    }
    return list;
}

} // namespace watchfire::config
