// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/scrape.h"

#include "core/config/client.h"
#include "core/text/regex.h"
#include "core/text/utf8.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <format>
#include <set>

namespace watchfire::config {

using encoding::YamlNode;

namespace {

constexpr std::array<std::string_view, 5> protocols{"OpenMetricsText0.0.1", "OpenMetricsText1.0.0",
                                                    "PrometheusProto", "PrometheusText0.0.4",
                                                    "PrometheusText1.0.0"};

bool isProtocol(std::string_view text)
{
    return std::ranges::find(protocols, text) != protocols.end();
}

void readProtocols(Fields& fields, std::string_view where, std::vector<std::string>& out)
{
    Reading& reading = fields.reading();
    const YamlNode* const node = fields.texts("scrape_protocols", out);
    if (node == nullptr) {
        return;
    }
    if (out.empty()) {
        reading.fault(*node, std::format("scrape_protocols cannot be empty for {}", where));
    }
    std::set<std::string_view> seen;
    for (const std::string& protocol : out) {
        if (!isProtocol(protocol)) {
            reading.fault(*node,
                          std::format("scrape_protocols: unknown scrape protocol {}, "
                                      "supported: [OpenMetricsText0.0.1 "
                                      "OpenMetricsText1.0.0 PrometheusProto "
                                      "PrometheusText0.0.4 PrometheusText1.0.0] for {}",
                                      protocol, where));
        } else if (!seen.insert(protocol).second) {
            reading.fault(*node,
                          std::format("duplicated protocol in scrape_protocols for {}", where));
        }
    }
}

/// The names of metrics: how they are checked, and how they are asked for.
void readSchemes(Fields& fields, std::string& validation, std::string& escaping)
{
    Reading& reading = fields.reading();
    if (const YamlNode* const node = fields.text("metric_name_validation_scheme", validation);
        node != nullptr && !validation.empty() && validation != "utf8" && validation != "legacy") {
        reading.fault(*node,
                      std::format("unknown name validation method specified, must be "
                                  "either 'legacy' or 'utf8', got {}",
                                  validation));
    }
    if (const YamlNode* const node = fields.text("metric_name_escaping_scheme", escaping);
        node != nullptr && !escaping.empty() && escaping != "allow-utf-8"
        && escaping != "underscores" && escaping != "dots" && escaping != "values") {
        reading.fault(*node,
                      std::format("unknown name escaping method specified, must be one of "
                                  "'allow-utf-8', 'underscores', 'dots', or 'values', got {}",
                                  escaping));
    }
}

template <class Holder> void readLimits(Fields& fields, Holder& out)
{
    fields.bytes("body_size_limit", out.bodySizeLimit);
    fields.count("sample_limit", out.sampleLimit);
    fields.count("target_limit", out.targetLimit);
    fields.count("label_limit", out.labelLimit);
    fields.count("label_name_length_limit", out.labelNameLengthLimit);
    fields.count("label_value_length_limit", out.labelValueLengthLimit);
    fields.count("keep_dropped_targets", out.keepDroppedTargets);
}

/// $NAME and ${NAME} become what the environment says, $$ a dollar.
std::string expandEnvironment(Reading& reading, const YamlNode& node, std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '$' || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        if (text[i + 1] == '$') {
            out += '$';
            ++i;
            continue;
        }
        const bool braces = text[i + 1] == '{';
        const std::size_t begin = i + (braces ? 2 : 1);
        std::size_t end = begin;
        const auto isName = [](char c) {
            return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z');
        };
        while (end < text.size() && (braces ? text[end] != '}' : isName(text[end]))) {
            ++end;
        }
        const std::string name(text.substr(begin, end - begin));
        if (const char* const value = std::getenv(name.c_str())) { // NOLINT(concurrency-mt-unsafe)
            out += value;
        } else {
            reading.warn(node, std::format("environment variable {} is not set", name));
        }
        i = braces ? std::min(end, text.size() - 1) : end - 1;
    }
    return out;
}

/// Labels of targets, or external ones: names and values must be UTF-8.
Labels readLabels(Fields& fields, std::string_view key, bool expand)
{
    Reading& reading = fields.reading();
    std::vector<std::pair<std::string, std::string>> pairs;
    fields.entries(key, [&](const YamlNode& name, const YamlNode& value) {
        std::string label;
        std::string text;
        if (!readText(reading, name, label)
            || (!value.isNull() && !readText(reading, value, text))) {
            return;
        }
        if (!isValidName(label)) {
            reading.fault(
                name,
                std::format("\"{}\" is not a valid label name", text::isUtf8(label) ? label : "?"));
            return;
        }
        if (!text::isUtf8(text)) {
            reading.fault(value, "the label value is not UTF-8");
            return;
        }
        pairs.emplace_back(std::move(label),
                           expand ? expandEnvironment(reading, value, text) : std::move(text));
    });
    return Labels::fromPairs(std::move(pairs));
}

/// A path that is read and not written to yet.
void readLogFile(Fields& fields, std::string_view key, std::string_view what, std::string& out)
{
    const YamlNode* const node = fields.text(key, out);
    out = resolved(fields.reading(), nullptr, std::move(out));
    if (!out.empty()) {
        fields.reading().warn(*node, std::format("{} is not done yet: {}", key, what));
    }
}

constexpr std::string_view failureLogRemedy
    = "why a scrape failed stands on the Targets page and in the program's log";

void readTimes(Fields& fields, const GlobalConfig& global, ScrapeConfig& job)
{
    fields.duration("scrape_interval", job.scrapeInterval);
    const YamlNode* const timeout = fields.duration("scrape_timeout", job.scrapeTimeout);
    if (job.scrapeInterval == Duration(0)) {
        job.scrapeInterval = global.scrapeInterval;
    }
    if (job.scrapeTimeout > job.scrapeInterval) {
        fields.reading().fault(timeout == nullptr ? fields.node() : *timeout,
                               std::format("scrape timeout greater than scrape interval for "
                                           "scrape config with job name \"{}\"",
                                           job.jobName));
    }
    if (job.scrapeTimeout == Duration(0)) {
        job.scrapeTimeout = std::min(global.scrapeTimeout, job.scrapeInterval);
    }
}

/// Under legacy validation, rules may only make names of letters, digits and underscores, with
/// variables in them where the action allows it.
void checkLegacyTargets(Fields& fields, std::string_view key, const std::vector<RelabelRule>& rules)
{
    static const auto plain = text::Regex::compile("[a-zA-Z_][a-zA-Z0-9_]*");
    static const auto withVariables
        = text::Regex::compile(R"((?:(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))+\w*)+)");
    const YamlNode* const node = fields.take(key);
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const RelabelRule& rule = rules[i];
        const bool maps = rule.action == RelabelAction::labelMap;
        const std::string& made = maps ? rule.replacement : rule.targetLabel;
        const bool variables
            = maps || (rule.action == RelabelAction::replace && made.contains('$'));
        if ((maps || !made.empty()) && !(variables ? withVariables : plain)->matches(made)) {
            fields.reading().fault(*node->items[i].node,
                                   std::format("\"{}\" is invalid '{}' for {} action", made,
                                               maps ? "replacement" : "target_label",
                                               toText(rule.action)));
        }
    }
}

void readHistograms(Fields& fields, const GlobalConfig& global, ScrapeConfig& job)
{
    job.alwaysScrapeClassicHistograms = global.alwaysScrapeClassicHistograms;
    job.convertClassicHistogramsToNhcb = global.convertClassicHistogramsToNhcb;
    job.extraScrapeMetrics = global.extraScrapeMetrics;
    job.scrapeNativeHistograms = global.scrapeNativeHistograms;
    fields.boolean("always_scrape_classic_histograms", job.alwaysScrapeClassicHistograms);
    fields.boolean("convert_classic_histograms_to_nhcb", job.convertClassicHistogramsToNhcb);
    fields.boolean("extra_scrape_metrics", job.extraScrapeMetrics);
    fields.boolean("scrape_native_histograms", job.scrapeNativeHistograms);
    fields.count("native_histogram_bucket_limit", job.nativeHistogramBucketLimit);
    fields.number("native_histogram_min_bucket_factor", job.nativeHistogramMinBucketFactor);
}

} // namespace

void readStaticConfigs(Fields& fields, std::vector<TargetGroup>& out, bool mustHaveAddress)
{
    Reading& reading = fields.reading();
    std::size_t index = 0;
    fields.list(
        "static_configs", "empty or null section in static_configs", [&](const YamlNode& node) {
            Fields own(reading, node, "struct { targets, labels }");
            TargetGroup group;
            group.source = std::to_string(index++);
            const YamlNode* const targets = own.texts("targets", group.targets);
            group.labels = readLabels(own, "labels", false);
            own.finish();
            for (std::size_t i = 0; i < group.targets.size(); ++i) {
                const std::string& target = group.targets[i];
                const YamlNode& at = *targets->items[i].node;
                if (target.contains('/')) {
                    reading.fault(at, std::format("\"{}\" is not a valid hostname", target));
                } else if (target.empty() && mustHaveAddress) {
                    reading.fault(at, "no address");
                }
            }
            out.push_back(std::move(group));
        });
}

void readGlobal(Reading& reading, const YamlNode& node, GlobalConfig& out)
{
    Fields fields(reading, node, "config.plain");
    const GlobalConfig defaults;
    out.scrapeInterval = Duration(0);
    out.scrapeTimeout = Duration(0);
    out.evaluationInterval = Duration(0);
    fields.duration("scrape_interval", out.scrapeInterval);
    const YamlNode* const timeout = fields.duration("scrape_timeout", out.scrapeTimeout);
    fields.duration("evaluation_interval", out.evaluationInterval);
    fields.duration("rule_query_offset", out.ruleQueryOffset);
    readProtocols(fields, "global config", out.scrapeProtocols);
    out.externalLabels = readLabels(fields, "external_labels", true);
    readLimits(fields, out);
    readSchemes(fields, out.nameValidationScheme, out.escapingScheme);
    fields.boolean("always_scrape_classic_histograms", out.alwaysScrapeClassicHistograms);
    fields.boolean("convert_classic_histograms_to_nhcb", out.convertClassicHistogramsToNhcb);
    fields.boolean("extra_scrape_metrics", out.extraScrapeMetrics);
    fields.boolean("scrape_native_histograms", out.scrapeNativeHistograms);
    readLogFile(fields, "query_log_file", "queries are not logged", out.queryLogFile);
    readLogFile(fields, "scrape_failure_log_file", failureLogRemedy, out.scrapeFailureLogFile);
    fields.finish();
    if (out.scrapeInterval == Duration(0)) {
        out.scrapeInterval = defaults.scrapeInterval;
    }
    if (out.scrapeTimeout > out.scrapeInterval && timeout != nullptr) {
        reading.fault(*timeout, "global scrape timeout greater than scrape interval");
    }
    if (out.scrapeTimeout == Duration(0)) {
        out.scrapeTimeout = std::min(defaults.scrapeTimeout, out.scrapeInterval);
    }
    if (out.evaluationInterval == Duration(0)) {
        out.evaluationInterval = defaults.evaluationInterval;
    }
}

std::optional<ScrapeConfig> readScrape(Reading& reading, const YamlNode& node,
                                       const GlobalConfig& global)
{
    const std::size_t before = reading.faults();
    Fields fields(reading, node, "config.ScrapeConfig");
    ScrapeConfig job;
    fields.text("job_name", job.jobName);
    if (job.jobName.empty()) {
        reading.fault(node, "job_name is empty");
    }
    readTimes(fields, global, job);
    fields.text("metrics_path", job.metricsPath);
    fields.text("scheme", job.scheme);
    fields.entries("params", [&](const YamlNode& name, const YamlNode& values) {
        std::vector<std::string> texts;
        if (!values.isSequence() && !values.isNull()) {
            reading.fault(values, "cannot unmarshal a value into []string");
        }
        for (const encoding::YamlPlace& item : values.items) {
            readText(reading, *item.node, texts.emplace_back());
        }
        job.params.emplace_back(name.text, std::move(texts));
    });
    fields.boolean("honor_labels", job.honorLabels);
    fields.boolean("honor_timestamps", job.honorTimestamps);
    fields.boolean("track_timestamps_staleness", job.trackTimestampsStaleness);
    fields.boolean("enable_compression", job.enableCompression);
    const std::string where = std::format("scrape config with job name \"{}\"", job.jobName);
    readProtocols(fields, where, job.scrapeProtocols);
    if (const YamlNode* const at
        = fields.text("fallback_scrape_protocol", job.fallbackScrapeProtocol);
        at != nullptr && !job.fallbackScrapeProtocol.empty()
        && !isProtocol(job.fallbackScrapeProtocol)) {
        reading.fault(*at,
                      std::format("invalid fallback_scrape_protocol for {}: unknown scrape "
                                  "protocol {}",
                                  where, job.fallbackScrapeProtocol));
    }
    readHistograms(fields, global, job);
    readLimits(fields, job);
    readSchemes(fields, job.nameValidationScheme, job.escapingScheme);
    job.client = readClient(fields);
    readRelabel(fields, "relabel_configs", "empty or null target relabeling rule in scrape config",
                job.relabel);
    readRelabel(fields, "metric_relabel_configs",
                "empty or null metric relabeling rule in scrape config", job.metricRelabel);
    readStaticConfigs(fields, job.staticConfigs, job.relabel.empty());
    job.discoveries = readDiscoveries(fields, true);
    readLogFile(fields, "scrape_failure_log_file", failureLogRemedy, job.scrapeFailureLogFile);
    fields.finish();
    inherit(job, global);
    if (job.nameValidationScheme == "legacy" && job.escapingScheme.empty()) {
        reading.fault(node, "utf8 metric names requested but validation scheme is not set to UTF8");
    }
    if (job.nameValidationScheme == "legacy" && reading.faults() == before) {
        checkLegacyTargets(fields, "relabel_configs", job.relabel);
        checkLegacyTargets(fields, "metric_relabel_configs", job.metricRelabel);
    }
    return reading.faults() == before ? std::optional(std::move(job)) : std::nullopt;
}

void readScrapeList(Fields& fields, const GlobalConfig& global, std::vector<ScrapeConfig>& out)
{
    std::set<std::string> names;
    fields.list("scrape_configs", "empty or null scrape config section", [&](const YamlNode& node) {
        auto job = readScrape(fields.reading(), node, global);
        if (!job) {
            return;
        }
        if (!names.insert(job->jobName).second) {
            const YamlNode* const name = node.find("job_name");
            fields.reading().fault(
                name == nullptr ? node : *name,
                std::format("found multiple scrape configs with job name \"{}\"", job->jobName));
        }
        out.push_back(std::move(*job));
    });
}

} // namespace watchfire::config
