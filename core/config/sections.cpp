// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/client.h"
#include "core/config/client_parts.h"
#include "core/config/shape.h"

#include <algorithm>
#include <array>
#include <format>
#include <set>

namespace watchfire::config {

using encoding::YamlNode;
using encoding::YamlValue;

namespace {

/// The header lists of remote write and read and of tracing.
void readHeaderPairs(Fields& fields, std::string_view authorization, YamlValue& out)
{
    Reading& reading = fields.reading();
    YamlValue headers = YamlValue::mapping();
    fields.entries("headers", [&](const YamlNode& name, const YamlNode& value) {
        std::string text;
        if (!value.isNull()) {
            readText(reading, value, text);
        }
        headers.set(name.text, textValue(text));
        if (isReservedHeader(name.text)) {
            const bool isAuthorization = lower(name.text) == "authorization";
            reading.fault(
                name,
                isAuthorization
                    ? std::string(authorization)
                    : std::format("{} is a reserved header. It must not be changed", name.text));
        }
    });
    if (!headers.entries.empty()) {
        out.set("headers", std::move(headers));
    }
}

const std::vector<encoding::YamlPlace>& itemsOf(Reading& reading, const YamlNode& node)
{
    if (!node.isSequence()) {
        reading.fault(node, "cannot unmarshal a value into a list");
    }
    return node.items;
}

/// A section within a section: its keys with their defaults, shown also where it is absent and
/// has any.
YamlValue readNested(Fields& fields, std::string_view key, std::span<const ShapeKey> keys)
{
    YamlValue out = YamlValue::mapping();
    static const YamlNode nothing{};
    const YamlNode* const node = fields.take(key);
    Fields own(fields.reading(), node == nullptr ? nothing : *node, std::string(key));
    readShape(own, keys, out);
    own.finish();
    return out;
}

void setNested(Fields& fields, std::string_view key, std::span<const ShapeKey> keys, YamlValue& out)
{
    if (YamlValue value = readNested(fields, key, keys); !value.entries.empty()) {
        out.set(std::string(key), std::move(value));
    }
}

void readRelabelInto(Fields& fields, std::string_view key, std::string_view nullMessage,
                     YamlValue& out)
{
    std::vector<RelabelRule> rules;
    readRelabel(fields, key, nullMessage, rules);
    if (!rules.empty()) {
        out.set(std::string(key), relabelValue(rules, Style::effective));
    }
}

constexpr std::array sigv4Keys{ShapeKey{"region"},
                               ShapeKey{"access_key"},
                               ShapeKey{"secret_key", ShapeType::secret},
                               ShapeKey{"profile"},
                               ShapeKey{"role_arn"},
                               ShapeKey{"external_id"},
                               ShapeKey{"use_fips_sts_endpoint", ShapeType::boolean},
                               ShapeKey{"service_name"}};

/// A list of remote ends: each with an address, no two with one name.
YamlValue readRemotes(Reading& reading, const YamlNode& node, std::string_view key,
                      std::string_view what, const std::function<void(Fields&, YamlValue&)>& read)
{
    YamlValue out = YamlValue::sequence();
    std::set<std::string> names;
    for (const encoding::YamlPlace& item : itemsOf(reading, node)) {
        if (item.node->isNull()) {
            reading.fault(item.begin, std::format("empty or null {} config section", what));
            continue;
        }
        YamlValue& entry = out.items.emplace_back(YamlValue::mapping());
        Fields own(reading, *item.node, std::format("config.{}", key));
        std::string name;
        const YamlNode* const nameNode = own.text("name", name);
        static constexpr std::array common{ShapeKey{"url", ShapeType::url}, ShapeKey{"name"}};
        readShape(own, common, entry);
        readHeaderPairs(own,
                        "authorization header must be changed via the basic_auth, authorization, "
                        "oauth2, sigv4, azuread or google_iam parameter",
                        entry);
        read(own, entry);
        own.finish();
        if (textAt(entry, "url").empty()) {
            reading.fault(*item.node, std::format("url for {} is empty", key));
        }
        if (!name.empty() && !names.insert(name).second) {
            reading.fault(
                *nameNode,
                std::format("found multiple {} configs with job name \"{}\"", what, name));
        }
    }
    return out;
}

void readClientInto(Fields& fields, const HttpClientOptions& defaults, YamlValue& out)
{
    Keys keys(out, Style::effective);
    writeClient(keys, readClient(fields, defaults), defaults, {});
}

double numberAt(const YamlValue& mapping, std::string_view key)
{
    return std::strtod(std::string(textAt(mapping, key)).c_str(), nullptr);
}

void readQueue(Fields& fields, YamlValue& out)
{
    static constexpr std::array keys{
        ShapeKey{"capacity", ShapeType::integer, "10000"},
        ShapeKey{"max_shards", ShapeType::integer, "50"},
        ShapeKey{"min_shards", ShapeType::integer, "1"},
        ShapeKey{"max_samples_per_send", ShapeType::integer, "2000"},
        ShapeKey{"batch_send_deadline", ShapeType::duration, "5s"},
        ShapeKey{"min_backoff", ShapeType::duration, "30ms"},
        ShapeKey{"max_backoff", ShapeType::duration, "5s"},
        ShapeKey{"retry_on_http_429", ShapeType::boolean},
        ShapeKey{"sample_age_limit", ShapeType::duration},
    };
    YamlValue queue = readNested(fields, "queue_config", keys);
    const YamlNode* const node = fields.take("queue_config");
    for (const char* const key : {"max_shards", "min_shards", "max_samples_per_send", "capacity"}) {
        if (numberAt(queue, key) <= 0) {
            fields.reading().fault(*node,
                                   std::format("remote write queue {} must be positive", key));
        }
    }
    if (numberAt(queue, "min_shards") > numberAt(queue, "max_shards")) {
        fields.reading().fault(*node,
                               "remote write queue min_shards must not be greater than max_shards");
    }
    out.set("queue_config", std::move(queue));
}

/// The ways of remote write to show who one is, beside those of every HTTP client.
void readCloudLogins(Fields& fields, YamlValue& out)
{
    Reading& reading = fields.reading();
    const bool client
        = fields.has("basic_auth") || fields.has("authorization") || fields.has("oauth2");
    const bool sigv4 = fields.take("sigv4") != nullptr;
    const bool azure = fields.take("azuread") != nullptr;
    const bool google = fields.take("google_iam") != nullptr;
    if (client + sigv4 + azure + google > 1) {
        reading.fault(fields.node(),
                      "at most one of basic_auth, authorization, oauth2, sigv4, azuread or "
                      "google_iam must be configured");
    }
    setNested(fields, "sigv4", sigv4Keys, out);
    static constexpr std::array googleKeys{ShapeKey{"credentials_file"}};
    setNested(fields, "google_iam", googleKeys, out);
    if (!azure) {
        return;
    }
    Fields own(reading, *fields.take("azuread"), "azuread.AzureADConfig");
    const auto ways
        = own.skip({"managed_identity", "workload_identity", "oauth", "sdk", "certificate"});
    static constexpr std::array azureKeys{ShapeKey{"cloud", ShapeType::text, "AzurePublic"},
                                          ShapeKey{"scope"}};
    readShape(own, azureKeys, out.set("azuread", YamlValue::mapping()).entries.back().value);
    own.finish();
    if (ways.size() != 1) {
        reading.fault(own.node(),
                      "exactly one of managed_identity, workload_identity, oauth, sdk and "
                      "certificate must be configured in azuread");
    }
}

void readRemoteWriteEntry(Fields& own, YamlValue& entry)
{
    static constexpr std::array keys{
        ShapeKey{"remote_timeout", ShapeType::duration, "30s"},
        ShapeKey{"protobuf_message", ShapeType::text, "prometheus.WriteRequest"},
        ShapeKey{"send_exemplars", ShapeType::boolean},
        ShapeKey{"send_native_histograms", ShapeType::boolean},
        ShapeKey{"round_robin_dns", ShapeType::boolean},
        ShapeKey{"failed_request_logging", ShapeType::boolean},
    };
    readShape(own, keys, entry);
    const std::string_view message = textAt(entry, "protobuf_message");
    if (message != "prometheus.WriteRequest" && message != "io.prometheus.write.v2.Request") {
        own.reading().fault(*own.take("protobuf_message"),
                            std::format("invalid protobuf_message value: unknown remote "
                                        "write protobuf message {}",
                                        message));
    }
    readRelabelInto(own, "write_relabel_configs",
                    "empty or null relabeling rule in remote write config", entry);
    readCloudLogins(own, entry);
    HttpClientOptions defaults;
    defaults.http2 = false;
    readClientInto(own, defaults, entry);
    readQueue(own, entry);
    static constexpr std::array metadata{
        ShapeKey{"send", ShapeType::boolean, "true"},
        ShapeKey{"send_interval", ShapeType::duration, "1m"},
        ShapeKey{"max_samples_per_send", ShapeType::integer, "2000"},
    };
    setNested(own, "metadata_config", metadata, entry);
}

void checkAttributes(Reading& reading, const YamlNode* at, const YamlValue* list,
                     std::string_view adjective)
{
    std::set<std::string> seen;
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
        const std::string& name = list->items[i].text;
        const YamlNode& place = *at->items[i].node;
        const std::size_t first = name.find_first_not_of(' ');
        if (first == std::string::npos) {
            reading.fault(place, std::format("empty {} OTel resource attribute", adjective));
            continue;
        }
        const std::string bare = name.substr(first, name.find_last_not_of(' ') - first + 1);
        if (!seen.insert(bare).second) {
            reading.fault(
                place,
                std::format("duplicated {} OTel resource attribute \"{}\"", adjective, bare));
        }
    }
}

YamlValue readAlertmanagerEntry(Reading& reading, const YamlNode& node)
{
    YamlValue out = YamlValue::mapping();
    Fields own(reading, node, "config.plain");
    readClientInto(own, {}, out);
    static constexpr std::array keys{
        ShapeKey{"scheme", ShapeType::text, "http"},
        ShapeKey{"path_prefix"},
        ShapeKey{"timeout", ShapeType::duration, "10s"},
        ShapeKey{"api_version", ShapeType::text, "v2"},
    };
    readShape(own, keys, out);
    if (textAt(out, "api_version") != "v2") {
        reading.fault(*own.take("api_version"),
                      std::format("expected Alertmanager api version to be one of [v2] but got {}",
                                  textAt(out, "api_version")));
    }
    if (own.take("sigv4") != nullptr
        && (own.has("basic_auth") || own.has("authorization") || own.has("oauth2"))) {
        reading.fault(node,
                      "at most one of basic_auth, authorization, oauth2, & sigv4 must be "
                      "configured");
    }
    setNested(own, "sigv4", sigv4Keys, out);
    if (const YamlNode* const at = own.take("sigv4")) {
        reading.warn(*at,
                     "sigv4 is not done yet: alerts are sent to these Alertmanagers without a "
                     "signature");
    }
    readRelabelInto(own, "relabel_configs", "empty or null Alertmanager target relabeling rule",
                    out);
    readRelabelInto(own, "alert_relabel_configs",
                    "empty or null Alertmanager alert relabeling rule", out);
    std::vector<TargetGroup> targets;
    readStaticConfigs(own, targets, false);
    if (!targets.empty()) {
        out.set("static_configs", staticConfigsValue(targets));
    }
    Keys writer(out, Style::effective);
    ScrapeConfig around;
    around.discoveries = readDiscoveries(own, true);
    writeDiscoveries(writer, around);
    own.finish();
    return out;
}

} // namespace

YamlValue readRemoteWrite(Reading& reading, const YamlNode& node)
{
    YamlValue out
        = readRemotes(reading, node, "remote_write", "remote write", readRemoteWriteEntry);
    reading.warn(node, "remote_write is not done yet: samples are kept in this store only");
    return out;
}

YamlValue readRemoteRead(Reading& reading, const YamlNode& node)
{
    YamlValue out = readRemotes(
        reading, node, "remote_read", "remote read", [](Fields& own, YamlValue& entry) {
            static constexpr std::array keys{
                ShapeKey{"remote_timeout", ShapeType::duration, "1m"},
                ShapeKey{"chunked_read_limit", ShapeType::integer},
                ShapeKey{"read_recent", ShapeType::boolean},
                ShapeKey{"filter_external_labels", ShapeType::boolean, "true"},
                ShapeKey{"required_matchers", ShapeType::pairs},
            };
            readShape(own, keys, entry);
            readClientInto(own, {}, entry);
        });
    reading.warn(node, "remote_read is not done yet: queries see this store only");
    return out;
}

YamlValue readTracing(Reading& reading, const YamlNode& node)
{
    YamlValue out = YamlValue::mapping();
    Fields fields(reading, node, "config.plain");
    static constexpr std::array keys{
        ShapeKey{"client_type", ShapeType::text, "grpc"}, ShapeKey{"endpoint"},
        ShapeKey{"sampling_fraction", ShapeType::number}, ShapeKey{"insecure", ShapeType::boolean},
        ShapeKey{"tls_config", ShapeType::tls},           ShapeKey{"compression"},
        ShapeKey{"timeout", ShapeType::duration},
    };
    readShape(fields, keys, out);
    readHeaderPairs(fields, "custom authorization header configuration is not yet supported", out);
    fields.finish();
    if (const std::string_view type = textAt(out, "client_type");
        type != "grpc" && type != "http") {
        reading.fault(*fields.take("client_type"),
                      std::format("expected tracing client type to be to be http or grpc, "
                                  "but got {}",
                                  type));
    }
    if (const std::string_view how = textAt(out, "compression"); !how.empty() && how != "gzip") {
        reading.fault(
            *fields.take("compression"),
            std::format("invalid compression type {} provided, valid options: gzip", how));
    }
    if (textAt(out, "endpoint").empty()) {
        reading.fault(node, "tracing endpoint must be set");
    }
    reading.ignore(node, "Watchfire makes no traces of itself");
    return out;
}

YamlValue readOtlp(Reading& reading, const YamlNode& node, const GlobalConfig& global)
{
    YamlValue out = YamlValue::mapping();
    Fields fields(reading, node, "config.plain");
    static constexpr std::array keys{
        ShapeKey{"promote_all_resource_attributes", ShapeType::boolean},
        ShapeKey{"promote_resource_attributes", ShapeType::texts},
        ShapeKey{"ignore_resource_attributes", ShapeType::texts},
        ShapeKey{"translation_strategy", ShapeType::text, "UnderscoreEscapingWithSuffixes"},
        ShapeKey{"keep_identifying_resource_attributes", ShapeType::boolean},
        ShapeKey{"convert_histograms_to_nhcb", ShapeType::boolean},
        ShapeKey{"promote_scope_metadata", ShapeType::boolean},
        ShapeKey{"label_name_underscore_sanitization", ShapeType::boolean},
        ShapeKey{"label_name_preserve_multiple_underscores", ShapeType::boolean},
    };
    readShape(fields, keys, out);
    fields.finish();
    static constexpr std::array<std::string_view, 5> strategies{
        "", "UnderscoreEscapingWithSuffixes", "UnderscoreEscapingWithoutSuffixes",
        "NoUTF8EscapingWithSuffixes", "NoTranslation"};
    const std::string_view strategy = textAt(out, "translation_strategy");
    if (!std::ranges::contains(strategies, strategy)) {
        reading.fault(*fields.take("translation_strategy"),
                      std::format("unsupported OTLP translation strategy \"{}\"", strategy));
    } else if (strategy.starts_with("No") && global.nameValidationScheme == "legacy") {
        reading.fault(*fields.take("translation_strategy"),
                      std::format("OTLP translation strategy \"{}\" is not allowed "
                                  "when UTF8 is disabled",
                                  strategy));
    }
    const YamlNode* const promote = fields.take("promote_resource_attributes");
    const YamlNode* const ignore = fields.take("ignore_resource_attributes");
    const YamlValue* const promoted = findKey(out, "promote_resource_attributes");
    const YamlValue* const ignored = findKey(out, "ignore_resource_attributes");
    const bool promoteAll = textAt(out, "promote_all_resource_attributes") == "true";
    if (promoteAll && promoted != nullptr && !promoted->items.empty()) {
        reading.fault(*promote,
                      "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot "
                      "be configured simultaneously");
    }
    if (!promoteAll && ignored != nullptr && !ignored->items.empty()) {
        reading.fault(*ignore,
                      "'ignore_resource_attributes' cannot be configured unless "
                      "'promote_all_resource_attributes' is true");
    }
    checkAttributes(reading, promote, promoted, "promoted");
    checkAttributes(reading, ignore, ignored, "ignored");
    reading.warn(node, "otlp is not done yet: no samples are taken over OTLP");
    return out;
}

YamlValue readAlerting(Reading& reading, const YamlNode& node)
{
    YamlValue out = YamlValue::mapping();
    Fields fields(reading, node, "config.plain");
    readRelabelInto(fields, "alert_relabel_configs", "empty or null alert relabeling rule", out);
    YamlValue managers = YamlValue::sequence();
    fields.list("alertmanagers", "empty or null Alertmanager section", [&](const YamlNode& entry) {
        managers.items.push_back(readAlertmanagerEntry(reading, entry));
    });
    fields.finish();
    if (fields.take("alertmanagers") != nullptr) {
        out.set("alertmanagers", std::move(managers));
    }
    return out;
}

YamlValue readRuntime(Reading& reading, const YamlNode& node)
{
    YamlValue out = YamlValue::mapping();
    Fields fields(reading, node, "config.plain");
    static constexpr std::array keys{ShapeKey{"gogc", ShapeType::integer, "75"}};
    readShape(fields, keys, out);
    fields.finish();
    reading.ignore(node, "runtime sets Go's garbage collector; Watchfire has none");
    return out;
}

YamlValue foreignSectionValue(const ForeignSection& section, const GlobalConfig& global,
                              Style style)
{
    const auto document = encoding::YamlDocument::parse(section.text.reveal());
    if (!document || document->root() == nullptr) {
        return YamlValue::plain("null");
    }
    const YamlNode& node = *document->root();
    if (style == Style::file) {
        return encoding::toValue(node);
    }
    Findings ignored;
    Reading reading("", ignored);
    if (section.name == "remote_write") {
        return readRemoteWrite(reading, node);
    }
    if (section.name == "remote_read") {
        return readRemoteRead(reading, node);
    }
    if (section.name == "tracing") {
        return readTracing(reading, node);
    }
    if (section.name == "otlp") {
        return readOtlp(reading, node, global);
    }
    if (section.name == "alerting") {
        return readAlerting(reading, node);
    }
    if (section.name == "runtime") {
        return readRuntime(reading, node);
    }
    return encoding::toValue(node); // storage: nothing in it is secret
}

} // namespace watchfire::config
