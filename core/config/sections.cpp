// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/client.h"
#include "core/config/scrape.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <format>
#include <set>

namespace watchfire::config {

using encoding::YamlNode;

namespace {

std::string lower(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

/// The header lists of remote write and read and of tracing.
void checkHeaders(Fields& fields, std::string_view authorization)
{
    static constexpr std::array<std::string_view, 11> reserved{"host",
                                                               "content-encoding",
                                                               "content-length",
                                                               "content-type",
                                                               "user-agent",
                                                               "connection",
                                                               "x-prometheus-remote-write-version",
                                                               "x-prometheus-remote-read-version",
                                                               "accept-encoding",
                                                               "x-amz-date",
                                                               "x-amz-security-token"};
    Reading& reading = fields.reading();
    fields.entries("headers", [&](const YamlNode& name, const YamlNode& value) {
        std::string ignored;
        if (!value.isNull()) {
            readText(reading, value, ignored);
        }
        const std::string header = lower(name.text);
        if (header == "authorization") {
            reading.fault(name, std::string(authorization));
        } else if (std::ranges::find(reserved, header) != reserved.end()) {
            reading.fault(
                name, std::format("{} is a reserved header. It must not be changed", name.text));
        }
    });
}

/// Durations and counts of a section that is only checked in shape.
void checkSection(Fields& fields, std::string_view key,
                  std::initializer_list<std::string_view> durations,
                  std::initializer_list<std::string_view> counts,
                  std::initializer_list<std::string_view> booleans)
{
    const YamlNode* const node = fields.take(key);
    if (node == nullptr) {
        return;
    }
    Fields own(fields.reading(), *node, std::string(key));
    Duration duration{};
    std::uint64_t count = 0;
    bool boolean = false;
    for (const std::string_view name : durations) {
        own.duration(name, duration);
    }
    for (const std::string_view name : counts) {
        own.count(name, count);
    }
    for (const std::string_view name : booleans) {
        own.boolean(name, boolean);
    }
    own.finish();
}

/// A list of remote ends: each with an address, no two with one name.
void readRemotes(Fields& fields, std::string_view key, std::string_view what,
                 const std::function<void(Fields&)>& readRest)
{
    Reading& reading = fields.reading();
    std::set<std::string> names;
    fields.list(
        key, std::format("empty or null {} config section", what), [&](const YamlNode& node) {
            Fields own(reading, node, std::format("config.{}", key));
            std::string url;
            std::string name;
            own.text("url", url);
            const YamlNode* const nameNode = own.text("name", name);
            Duration timeout{};
            own.duration("remote_timeout", timeout);
            checkHeaders(own,
                         "authorization header must be changed via the basic_auth, authorization, "
                         "oauth2, or sigv4 parameter");
            readClient(own, false);
            readRest(own);
            own.finish();
            if (url.empty()) {
                reading.fault(node, std::format("url for {} is empty", key));
            }
            if (!name.empty() && !names.insert(name).second) {
                reading.fault(
                    *nameNode,
                    std::format("found multiple {} configs with job name \"{}\"", what, name));
            }
        });
    if (const YamlNode* const node = fields.take(key)) {
        reading.warn(*node, std::format("{} is not supported yet", key));
    }
}

bool isV2ApiVersion(std::string_view text)
{
    return text == "v2";
}

} // namespace

void readRemoteWrite(Fields& fields)
{
    readRemotes(fields, "remote_write", "remote write", [](Fields& own) {
        std::vector<RelabelRule> rules;
        readRelabel(own, "write_relabel_configs",
                    "empty or null relabeling rule in remote write config", rules);
        std::string message = "prometheus.WriteRequest";
        const YamlNode* const node = own.text("protobuf_message", message);
        if (message != "prometheus.WriteRequest" && message != "io.prometheus.write.v2.Request") {
            own.reading().fault(*node,
                                std::format("invalid protobuf_message value: unknown remote "
                                            "write protobuf message {}",
                                            message));
        }
        bool flag = false;
        for (const char* const key :
             {"send_exemplars", "send_native_histograms", "round_robin_dns"}) {
            own.boolean(key, flag);
        }
        checkSection(own, "queue_config",
                     {"batch_send_deadline", "min_backoff", "max_backoff", "sample_age_limit"},
                     {"capacity", "max_shards", "min_shards", "max_samples_per_send"},
                     {"retry_on_http_429"});
        checkSection(own, "metadata_config", {"send_interval"}, {"max_samples_per_send"}, {"send"});
        own.skip({"sigv4", "azuread", "google_iam"});
    });
}

void readRemoteRead(Fields& fields)
{
    readRemotes(fields, "remote_read", "remote read", [](Fields& own) {
        bool flag = false;
        own.boolean("read_recent", flag);
        own.boolean("filter_external_labels", flag);
        std::vector<std::pair<std::string, std::string>> matchers;
        own.pairs("required_matchers", matchers);
    });
}

void readTracing(Reading& reading, const YamlNode& node)
{
    Fields fields(reading, node, "config.plain");
    std::string endpoint;
    fields.text("endpoint", endpoint);
    std::string type;
    if (const YamlNode* const at = fields.text("client_type", type);
        at != nullptr && type != "grpc" && type != "http") {
        reading.fault(*at,
                      std::format("expected tracing client type to be to be http or grpc, "
                                  "but got {}",
                                  type));
    }
    double fraction = 0;
    fields.number("sampling_fraction", fraction);
    bool insecure = false;
    fields.boolean("insecure", insecure);
    std::string compression;
    if (const YamlNode* const at = fields.text("compression", compression);
        at != nullptr && !compression.empty() && compression != "gzip") {
        reading.fault(
            *at,
            std::format("invalid compression type {} provided, valid options: gzip", compression));
    }
    Duration timeout{};
    fields.duration("timeout", timeout);
    checkHeaders(fields, "custom authorization header configuration is not yet supported");
    fields.skip({"tls_config"});
    fields.finish();
    if (endpoint.empty()) {
        reading.fault(node, "tracing endpoint must be set");
    }
    reading.warn(node, "tracing is not supported yet");
}

void readOtlp(Reading& reading, const YamlNode& node, const GlobalConfig& global)
{
    Fields fields(reading, node, "config.plain");
    bool promoteAll = false;
    bool flag = false;
    std::vector<std::string> promoted;
    std::vector<std::string> ignored;
    fields.boolean("promote_all_resource_attributes", promoteAll);
    const YamlNode* const promote = fields.texts("promote_resource_attributes", promoted);
    const YamlNode* const ignore = fields.texts("ignore_resource_attributes", ignored);
    for (const char* const key :
         {"keep_identifying_resource_attributes", "convert_histograms_to_nhcb",
          "promote_scope_metadata", "label_name_underscore_sanitization",
          "label_name_preserve_multiple_underscores"}) {
        fields.boolean(key, flag);
    }
    std::string strategy;
    const YamlNode* const strategyNode = fields.text("translation_strategy", strategy);
    fields.finish();
    static constexpr std::array<std::string_view, 5> strategies{
        "", "UnderscoreEscapingWithSuffixes", "UnderscoreEscapingWithoutSuffixes",
        "NoUTF8EscapingWithSuffixes", "NoTranslation"};
    if (std::ranges::find(strategies, strategy) == strategies.end()) {
        reading.fault(*strategyNode,
                      std::format("unsupported OTLP translation strategy \"{}\"", strategy));
    } else if (strategy.starts_with("No") && global.nameValidationScheme == "legacy") {
        reading.fault(*strategyNode,
                      std::format("OTLP translation strategy \"{}\" is not allowed "
                                  "when UTF8 is disabled",
                                  strategy));
    }
    if (promoteAll && !promoted.empty()) {
        reading.fault(*promote,
                      "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot "
                      "be configured simultaneously");
    }
    if (!promoteAll && !ignored.empty()) {
        reading.fault(*ignore,
                      "'ignore_resource_attributes' cannot be configured unless "
                      "'promote_all_resource_attributes' is true");
    }
    for (const auto& [list, at] : {std::pair(&promoted, promote), std::pair(&ignored, ignore)}) {
        std::set<std::string> seen;
        for (const std::string& name : *list) {
            const std::size_t first = name.find_first_not_of(' ');
            if (first == std::string::npos) {
                reading.fault(*at, "empty promoted OTel resource attribute");
                continue;
            }
            const std::string bare = name.substr(first, name.find_last_not_of(' ') - first + 1);
            if (!seen.insert(bare).second) {
                reading.fault(
                    *at, std::format("duplicated promoted OTel resource attribute \"{}\"", bare));
            }
        }
    }
    reading.warn(node, "otlp is not supported yet");
}

void readAlerting(Reading& reading, const YamlNode& node)
{
    Fields fields(reading, node, "config.plain");
    std::vector<RelabelRule> rules;
    readRelabel(fields, "alert_relabel_configs", "empty or null alert relabeling rule", rules);
    fields.list("alertmanagers", "empty or null Alertmanager section", [&](const YamlNode& entry) {
        Fields own(reading, entry, "config.plain");
        std::string text;
        own.text("scheme", text);
        own.text("path_prefix", text);
        Duration timeout{};
        own.duration("timeout", timeout);
        std::string version = "v2";
        if (const YamlNode* const at = own.text("api_version", version);
            at != nullptr && !isV2ApiVersion(version)) {
            reading.fault(*at,
                          std::format("expected Alertmanager api version to be one of [v2] "
                                      "but got {}",
                                      version));
        }
        readClient(own, false);
        own.skip({"sigv4"});
        std::vector<TargetGroup> targets;
        std::vector<RelabelRule> relabel;
        readRelabel(own, "relabel_configs", "empty or null Alertmanager target relabeling rule",
                    relabel);
        readRelabel(own, "alert_relabel_configs",
                    "empty or null Alertmanager alert relabeling rule", relabel);
        readStaticConfigs(own, targets, false);
        readDiscoveries(own, false);
        own.finish();
    });
    fields.finish();
    if (fields.has("alertmanagers")) {
        reading.warn(node, "sending alerts to other Alertmanagers is not supported yet");
    }
}

} // namespace watchfire::config
