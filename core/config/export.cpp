// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/export.h"

#include "core/text/duration.h"

#include <algorithm>
#include <array>
#include <format>
#include <map>

namespace watchfire::config {

namespace {

using encoding::YamlValue;

constexpr std::array<std::string_view, 4> defaultProtocols{
    "OpenMetricsText1.0.0", "OpenMetricsText0.0.1", "PrometheusText1.0.0", "PrometheusText0.0.4"};

YamlValue text(std::string_view value)
{
    return YamlValue::string(std::string(value));
}

YamlValue duration(Duration value)
{
    return YamlValue::plain(text::formatDuration(value));
}

YamlValue number(std::uint64_t value)
{
    return YamlValue::plain(std::to_string(value));
}

template <class Range> YamlValue texts(const Range& values)
{
    YamlValue list = YamlValue::sequence();
    for (const auto& value : values) {
        list.items.push_back(text(value));
    }
    return list;
}

YamlValue pairs(const std::vector<std::pair<std::string, std::string>>& values)
{
    YamlValue map = YamlValue::mapping();
    for (const auto& [name, value] : values) {
        map.set(name, text(value));
    }
    return map;
}

YamlValue labels(const Labels& values)
{
    YamlValue map = YamlValue::mapping();
    for (const Label& label : values) {
        map.set(std::string(label.name), text(label.value));
    }
    return map;
}

/// Empty: nothing is set.
YamlValue retention(const RetentionConfig& config)
{
    YamlValue out = YamlValue::mapping();
    if (config.time) {
        out.set("time", duration(*config.time));
    }
    if (config.size) {
        out.set("size", YamlValue::plain(formatBytes(*config.size)));
    }
    if (config.percentage) {
        out.set("percentage", YamlValue::plain(std::format("{}", *config.percentage)));
    }
    return out;
}

/// How a value is written: as a file wants it, or as it takes effect.
enum class Style { file, effective };

class Writer {
public:
    explicit Writer(Style style)
        : m_style(style)
    {
    }

    YamlValue global(const GlobalConfig& global) const
    {
        const GlobalConfig defaults;
        YamlValue out = YamlValue::mapping();
        setDuration(out, "scrape_interval", global.scrapeInterval, defaults.scrapeInterval);
        setDuration(out, "scrape_timeout", global.scrapeTimeout,
                    std::min(defaults.scrapeTimeout, global.scrapeInterval));
        protocols(out, global.scrapeProtocols, {});
        setDuration(out, "evaluation_interval", global.evaluationInterval,
                    defaults.evaluationInterval);
        if (global.ruleQueryOffset != Duration(0)) {
            out.set("rule_query_offset", duration(global.ruleQueryOffset));
        }
        if (!global.externalLabels.empty()) {
            YamlValue map = YamlValue::mapping();
            for (const Label& label : global.externalLabels) {
                map.set(std::string(label.name), text(escapedDollars(label.value)));
            }
            out.set("external_labels", std::move(map));
        }
        limits(out, global, defaults);
        schemes(out, global.nameValidationScheme, global.escapingScheme, defaults);
        if (global.convertClassicHistogramsToNhcb) {
            out.set("convert_classic_histograms_to_nhcb", YamlValue::boolean(true));
        }
        if (global.alwaysScrapeClassicHistograms) {
            out.set("always_scrape_classic_histograms", YamlValue::boolean(true));
        }
        return out;
    }

    YamlValue scrape(const ScrapeConfig& job, const GlobalConfig& global) const
    {
        YamlValue out = YamlValue::mapping({{"job_name", text(job.jobName)}});
        if (job.honorLabels) {
            out.set("honor_labels", YamlValue::boolean(true));
        }
        setBool(out, "honor_timestamps", job.honorTimestamps, true);
        setBool(out, "track_timestamps_staleness", job.trackTimestampsStaleness, false);
        if (!job.params.empty()) {
            YamlValue params = YamlValue::mapping();
            for (const auto& [name, values] : job.params) {
                params.set(name, texts(values));
            }
            out.set("params", std::move(params));
        }
        setDuration(out, "scrape_interval", job.scrapeInterval, global.scrapeInterval);
        setDuration(out, "scrape_timeout", job.scrapeTimeout,
                    std::min(global.scrapeTimeout, job.scrapeInterval));
        protocols(out, job.scrapeProtocols, global.scrapeProtocols);
        setText(out, "fallback_scrape_protocol", job.fallbackScrapeProtocol);
        setBool(out, "always_scrape_classic_histograms", job.alwaysScrapeClassicHistograms,
                global.alwaysScrapeClassicHistograms);
        setBool(out, "convert_classic_histograms_to_nhcb", job.convertClassicHistogramsToNhcb,
                global.convertClassicHistogramsToNhcb);
        setText(out, "metrics_path", job.metricsPath, "/metrics");
        setText(out, "scheme", job.scheme, "http");
        setBool(out, "enable_compression", job.enableCompression, true);
        limits(out, job, global);
        schemes(out, job.nameValidationScheme, job.escapingScheme, global);
        client(out, job);
        setBool(out, "follow_redirects", job.followRedirects, true);
        if (effective()) {
            out.set("enable_http2", YamlValue::boolean(true));
        }
        headers(out, job.httpHeaders);
        relabelRules(out, "relabel_configs", job.relabel);
        relabelRules(out, "metric_relabel_configs", job.metricRelabel);
        if (!job.staticConfigs.empty()) {
            YamlValue list = YamlValue::sequence();
            for (const TargetGroup& group : job.staticConfigs) {
                YamlValue entry = YamlValue::mapping({{"targets", texts(group.targets)}});
                if (!group.labels.empty()) {
                    entry.set("labels", labels(group.labels));
                }
                list.items.push_back(std::move(entry));
            }
            out.set("static_configs", std::move(list));
        }
        return out;
    }

private:
    bool effective() const { return m_style == Style::effective; }

    void setDuration(YamlValue& out, const char* key, Duration value, Duration otherwise) const
    {
        if (effective() || value != otherwise) {
            out.set(key, duration(value));
        }
    }

    void setBool(YamlValue& out, const char* key, bool value, bool otherwise) const
    {
        if (effective() || value != otherwise) {
            out.set(key, YamlValue::boolean(value));
        }
    }

    void setText(YamlValue& out, const char* key, const std::string& value,
                 std::string_view otherwise = {}) const
    {
        if (!value.empty() && (effective() || value != otherwise)) {
            out.set(key, text(value));
        }
    }

    void protocols(YamlValue& out, const std::vector<std::string>& protocols,
                   const std::vector<std::string>& otherwise) const
    {
        if (!protocols.empty() && (effective() || protocols != otherwise)) {
            out.set("scrape_protocols", texts(protocols));
        } else if (effective()) {
            out.set("scrape_protocols", texts(defaultProtocols));
        }
    }

    void schemes(YamlValue& out, const std::string& validation, const std::string& escaping,
                 const GlobalConfig& otherwise) const
    {
        const std::string_view names = validation.empty() ? "utf8" : std::string_view(validation);
        if (effective() || (!validation.empty() && validation != otherwise.nameValidationScheme)) {
            out.set("metric_name_validation_scheme", text(names));
        }
        if (effective() || (!escaping.empty() && escaping != otherwise.escapingScheme)) {
            out.set("metric_name_escaping_scheme",
                    text(!escaping.empty()     ? std::string_view(escaping)
                             : names == "utf8" ? "allow-utf-8"
                                               : "underscores"));
        }
    }

    /// The limits that both a job and `global` have.
    template <class Holder>
    void limits(YamlValue& out, const Holder& holder, const GlobalConfig& otherwise) const
    {
        if (holder.bodySizeLimit != otherwise.bodySizeLimit) {
            out.set("body_size_limit", YamlValue::plain(formatBytes(holder.bodySizeLimit)));
        }
        const auto set = [&](const char* key, std::uint64_t value, std::uint64_t inherited) {
            if (value != inherited) {
                out.set(key, number(value));
            }
        };
        set("sample_limit", holder.sampleLimit, otherwise.sampleLimit);
        set("target_limit", holder.targetLimit, otherwise.targetLimit);
        set("label_limit", holder.labelLimit, otherwise.labelLimit);
        set("label_name_length_limit", holder.labelNameLengthLimit, otherwise.labelNameLengthLimit);
        set("label_value_length_limit", holder.labelValueLengthLimit,
            otherwise.labelValueLengthLimit);
        set("keep_dropped_targets", holder.keepDroppedTargets, otherwise.keepDroppedTargets);
    }

    std::string secret(const Secret& secret) const
    {
        return effective() ? secret.toString() : secret.reveal();
    }

    void client(YamlValue& out, const ScrapeConfig& job) const
    {
        if (const auto* const basic = std::get_if<BasicAuth>(&job.auth)) {
            YamlValue auth = YamlValue::mapping();
            setText(auth, "username", basic->user);
            setText(auth, "password", secret(basic->password));
            setText(auth, "password_file", basic->passwordFile);
            out.set("basic_auth", std::move(auth));
        } else if (const auto* const bearer = std::get_if<BearerAuth>(&job.auth)) {
            YamlValue auth = YamlValue::mapping();
            setText(auth, "type", bearer->type, "Bearer");
            setText(auth, "credentials", secret(bearer->token));
            setText(auth, "credentials_file", bearer->tokenFile);
            out.set("authorization", std::move(auth));
        }
        if (job.tls != TlsOptions()) {
            YamlValue tls = YamlValue::mapping();
            setText(tls, "ca_file", job.tls.caFile);
            setText(tls, "cert_file", job.tls.certFile);
            setText(tls, "key_file", job.tls.keyFile);
            setText(tls, "server_name", job.tls.serverName);
            setBool(tls, "insecure_skip_verify", job.tls.skipVerify, false);
            out.set("tls_config", std::move(tls));
        }
    }

    static void headers(YamlValue& out, const HttpHeaders& headers)
    {
        if (headers.empty()) {
            return;
        }
        std::vector<std::pair<std::string, std::vector<std::string>>> byName;
        for (const auto& [name, value] : headers) {
            const auto known
                = std::ranges::find(byName, name, &decltype(byName)::value_type::first);
            if (known == byName.end()) {
                byName.push_back({name, {value}});
            } else {
                known->second.push_back(value);
            }
        }
        YamlValue map = YamlValue::mapping();
        for (const auto& [name, values] : byName) {
            map.set(name, YamlValue::mapping({{"values", texts(values)}}));
        }
        out.set("http_headers", std::move(map));
    }

    void relabelRules(YamlValue& out, const char* key, const std::vector<RelabelRule>& rules) const
    {
        if (rules.empty()) {
            return;
        }
        const RelabelRule defaults;
        YamlValue list = YamlValue::sequence();
        for (const RelabelRule& rule : rules) {
            YamlValue entry = YamlValue::mapping();
            if (!rule.sourceLabels.empty()) {
                entry.set("source_labels", texts(rule.sourceLabels));
            }
            if (effective() || rule.separator != defaults.separator) {
                entry.set("separator", text(rule.separator));
            }
            if (rule.regexText != defaults.regexText) {
                entry.set("regex", text(rule.regexText));
            }
            if (rule.modulus != 0) {
                entry.set("modulus", number(rule.modulus));
            }
            setText(entry, "target_label", rule.targetLabel);
            if (effective() || rule.replacement != defaults.replacement) {
                entry.set("replacement", text(rule.replacement));
            }
            if (effective() || rule.action != defaults.action) {
                entry.set("action", text(toText(rule.action)));
            }
            list.items.push_back(std::move(entry));
        }
        out.set(key, std::move(list));
    }

    /// $ in external labels names a variable of the environment.
    std::string escapedDollars(std::string_view value) const
    {
        std::string out;
        for (const char c : value) {
            out += c;
            if (c == '$' && !effective()) {
                out += '$';
            }
        }
        return out;
    }

    Style m_style;
};

YamlValue whole(const Config& config, const Writer& writer)
{
    YamlValue out = YamlValue::mapping();
    if (YamlValue global = writer.global(config.global); !global.entries.empty()) {
        out.set("global", std::move(global));
    }
    if (!config.ruleFiles.empty()) {
        out.set("rule_files", texts(config.ruleFiles));
    }
    if (!config.scrapeConfigFiles.empty()) {
        out.set("scrape_config_files", texts(config.scrapeConfigFiles));
    }
    YamlValue tsdb = YamlValue::mapping();
    if (config.outOfOrderWindow) {
        tsdb.set("out_of_order_time_window", duration(*config.outOfOrderWindow));
    }
    if (YamlValue kept = retention(config.retention); !kept.entries.empty()) {
        tsdb.set("retention", std::move(kept));
    }
    YamlValue storage = YamlValue::mapping();
    if (!tsdb.entries.empty()) {
        storage.set("tsdb", std::move(tsdb));
    }
    if (config.maxExemplars) {
        storage.set("exemplars",
                    YamlValue::mapping({{"max_exemplars", number(*config.maxExemplars)}}));
    }
    if (!storage.entries.empty()) {
        out.set("storage", std::move(storage));
    }
    YamlValue jobs = YamlValue::sequence();
    for (const ScrapeConfig& job : config.scrapeConfigs) {
        if (job.file.empty()) {
            jobs.items.push_back(writer.scrape(job, config.global));
        }
    }
    if (!jobs.items.empty()) {
        out.set("scrape_configs", std::move(jobs));
    }
    return out;
}

YamlValue matchers(const Matchers& matchers)
{
    YamlValue list = YamlValue::sequence();
    for (const Matcher& matcher : matchers) {
        list.items.push_back(text(matcher.toString()));
    }
    return list;
}

YamlValue route(const RouteConfig& config)
{
    YamlValue out = YamlValue::mapping();
    if (!config.receiver.empty()) {
        out.set("receiver", text(config.receiver));
    }
    if (config.groupByGiven) {
        out.set("group_by", texts(config.groupBy));
    }
    if (!config.matchers.empty()) {
        out.set("matchers", matchers(config.matchers));
    }
    if (config.continues) {
        out.set("continue", YamlValue::boolean(true));
    }
    const auto set = [&](const char* key, const std::optional<Duration>& value) {
        if (value) {
            out.set(key, duration(*value));
        }
    };
    set("group_wait", config.groupWait);
    set("group_interval", config.groupInterval);
    set("repeat_interval", config.repeatInterval);
    if (!config.muteTimeIntervals.empty()) {
        out.set("mute_time_intervals", texts(config.muteTimeIntervals));
    }
    if (!config.activeTimeIntervals.empty()) {
        out.set("active_time_intervals", texts(config.activeTimeIntervals));
    }
    if (!config.routes.empty()) {
        YamlValue routes = YamlValue::sequence();
        for (const RouteConfig& child : config.routes) {
            routes.items.push_back(route(child));
        }
        out.set("routes", std::move(routes));
    }
    return out;
}

YamlValue rule(const RuleConfig& config)
{
    YamlValue out = YamlValue::mapping();
    out.set(config.isAlerting() ? "alert" : "record", text(config.name()));
    out.set("expr", text(config.expr));
    if (config.forDuration != Duration(0)) {
        out.set("for", duration(config.forDuration));
    }
    if (config.keepFiringFor != Duration(0)) {
        out.set("keep_firing_for", duration(config.keepFiringFor));
    }
    if (!config.labels.empty()) {
        out.set("labels", pairs(config.labels));
    }
    if (!config.annotations.empty()) {
        out.set("annotations", pairs(config.annotations));
    }
    return out;
}

} // namespace

YamlValue prometheusValue(const Config& config)
{
    return whole(config, Writer(Style::file));
}

YamlValue scrapeValue(const ScrapeConfig& job, const GlobalConfig& global)
{
    return Writer(Style::file).scrape(job, global);
}

YamlValue rulesValue(std::span<const RuleGroupConfig> groups)
{
    YamlValue list = YamlValue::sequence();
    for (const RuleGroupConfig& group : groups) {
        YamlValue entry = YamlValue::mapping({{"name", text(group.name)}});
        if (group.interval != Duration(0)) {
            entry.set("interval", duration(group.interval));
        }
        if (group.queryOffset) {
            entry.set("query_offset", duration(*group.queryOffset));
        }
        if (group.limit != 0) {
            entry.set("limit", number(group.limit));
        }
        if (!group.labels.empty()) {
            entry.set("labels", pairs(group.labels));
        }
        YamlValue rules = YamlValue::sequence();
        for (const RuleConfig& config : group.rules) {
            rules.items.push_back(rule(config));
        }
        entry.set("rules", std::move(rules));
        list.items.push_back(std::move(entry));
    }
    return YamlValue::mapping({{"groups", std::move(list)}});
}

YamlValue alertmanagerValue(const AlertmanagerConfig& alertmanager)
{
    YamlValue out = YamlValue::mapping();
    if (alertmanager.resolveTimeout != AlertmanagerConfig().resolveTimeout) {
        out.set("global",
                YamlValue::mapping({{"resolve_timeout", duration(alertmanager.resolveTimeout)}}));
    }
    out.set("route", route(alertmanager.route));
    YamlValue receivers = YamlValue::sequence();
    for (const ReceiverConfig& receiver : alertmanager.receivers) {
        YamlValue entry = YamlValue::mapping({{"name", text(receiver.name)}});
        if (!receiver.webhooks.empty()) {
            YamlValue hooks = YamlValue::sequence();
            for (const WebhookConfig& webhook : receiver.webhooks) {
                YamlValue hook = YamlValue::mapping({{"url", text(webhook.url)}});
                if (!webhook.sendResolved) {
                    hook.set("send_resolved", YamlValue::boolean(false));
                }
                hooks.items.push_back(std::move(hook));
            }
            entry.set("webhook_configs", std::move(hooks));
        }
        receivers.items.push_back(std::move(entry));
    }
    out.set("receivers", std::move(receivers));
    if (!alertmanager.inhibitRules.empty()) {
        YamlValue rules = YamlValue::sequence();
        for (const InhibitRuleConfig& config : alertmanager.inhibitRules) {
            YamlValue entry = YamlValue::mapping();
            if (!config.source.empty()) {
                entry.set("source_matchers", matchers(config.source));
            }
            if (!config.target.empty()) {
                entry.set("target_matchers", matchers(config.target));
            }
            if (!config.equal.empty()) {
                entry.set("equal", texts(config.equal));
            }
            rules.items.push_back(std::move(entry));
        }
        out.set("inhibit_rules", std::move(rules));
    }
    return out;
}

YamlValue ownValue(const Config& config)
{
    const OwnConfig& own = config.own;
    const OwnConfig defaults;
    YamlValue out = YamlValue::mapping();
    YamlValue collectors = YamlValue::mapping();
    if (own.hostCollector != defaults.hostCollector) {
        collectors.set("host", YamlValue::boolean(own.hostCollector));
    }
    if (own.selfCollector != defaults.selfCollector) {
        collectors.set("self", YamlValue::boolean(own.selfCollector));
    }
    if (own.collectorInterval != defaults.collectorInterval) {
        collectors.set("interval", duration(own.collectorInterval));
    }
    if (!collectors.entries.empty()) {
        out.set("collectors", std::move(collectors));
    }
    if (YamlValue kept = retention(own.retention); !kept.entries.empty()) {
        out.set("retention", std::move(kept));
    }
    if (!own.pausedJobs.empty()) {
        out.set("paused_jobs", texts(own.pausedJobs));
    }
    YamlValue jobs = YamlValue::mapping();
    for (const ScrapeConfig& job : config.scrapeConfigs) {
        if (job.seriesBudget != 0) {
            jobs.set(job.jobName,
                     YamlValue::mapping({{"series_budget", number(job.seriesBudget)}}));
        }
    }
    if (!jobs.entries.empty()) {
        out.set("jobs", std::move(jobs));
    }
    if (own.colorScheme != defaults.colorScheme) {
        out.set("color_scheme", text(own.colorScheme));
    }
    return out;
}

std::string effectiveYaml(const Config& config)
{
    YamlValue out = whole(config, Writer(Style::effective));
    return encoding::emitYaml(out);
}

std::string formatBytes(std::uint64_t bytes)
{
    static constexpr std::array<std::string_view, 6> units{"B", "KB", "MB", "GB", "TB", "PB"};
    if (bytes == 0) {
        return "0";
    }
    std::size_t unit = 0;
    while (unit + 1 < units.size() && bytes % 1024 == 0) {
        bytes /= 1024;
        ++unit;
    }
    return std::to_string(bytes) + std::string(units[unit]);
}

} // namespace watchfire::config
