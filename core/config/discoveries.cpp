// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/client.h"

#include <algorithm>
#include <array>
#include <format>
#include <map>
#include <set>

namespace watchfire::config {

using encoding::YamlNode;

namespace {

using Names = std::vector<std::string_view>;

std::string textOf(Fields& fields, std::string_view key)
{
    std::string out;
    fields.text(key, out);
    return out;
}

void require(Fields& fields, bool condition, std::string_view message)
{
    if (!condition) {
        fields.reading().fault(fields.node(), std::string(message));
    }
}

void oneOf(Fields& fields, std::string_view key, const Names& allowed, std::string_view otherwise,
           std::string_view message)
{
    std::string value(otherwise);
    const YamlNode* const node = fields.text(key, value);
    if (std::ranges::find(allowed, value) == allowed.end()) {
        fields.reading().fault(node == nullptr ? fields.node() : *node,
                               std::vformat(message, std::make_format_args(value)));
    }
}

/// name=value, name!=value, name==value for fields; for labels also set expressions and bare
/// names.
bool isSelector(std::string_view text, bool isField)
{
    if (text.empty()) {
        return true;
    }
    if (!isField) {
        return text.find_first_of("{}") == std::string_view::npos;
    }
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        if (!text.substr(0, comma).contains('=')) {
            return false;
        }
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return true;
}

void checkFiles(Fields& fields)
{
    std::vector<std::string> files;
    const YamlNode* const node = fields.texts("files", files);
    require(fields, !files.empty(),
            "file service discovery config must contain at least one path name");
    for (const std::string& file : files) {
        // A star may stand in the last part only, and the name must tell the format.
        const std::size_t star = file.find('*');
        const bool starred = star == std::string::npos
            || (file.find('/', star) == std::string::npos
                && file.find('*', star + 1) == std::string::npos);
        const bool format
            = file.ends_with(".json") || file.ends_with(".yml") || file.ends_with(".yaml");
        if (!starred || !format) {
            fields.reading().fault(
                *node, std::format("path name \"{}\" is not valid for file discovery", file));
        }
    }
}

void checkHttp(Fields& fields)
{
    const std::string url = textOf(fields, "url");
    if (url.empty()) {
        require(fields, false, "URL is missing");
    } else {
        require(fields, isHttpUrl(url), "URL scheme must be 'http' or 'https'");
    }
}

void checkDns(Fields& fields)
{
    std::vector<std::string> names;
    fields.texts("names", names);
    require(fields, !names.empty(), "DNS-SD config must contain at least one SRV record name");
    std::string type = "SRV";
    fields.text("type", type);
    std::ranges::transform(type, type.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    std::uint64_t port = 0;
    fields.count("port", port);
    if (type == "A" || type == "AAAA" || type == "MX" || type == "NS") {
        require(fields, port != 0,
                "a port is required in DNS-SD configs for all record types except SRV");
    } else {
        require(fields, type == "SRV", std::format("invalid DNS-SD records type {}", type));
    }
}

void checkSelectors(Fields& fields, const std::string& role)
{
    static const std::map<std::string, Names, std::less<>> allowed{
        {"pod", {"pod"}},
        {"service", {"service"}},
        {"endpointslice", {"pod", "service", "endpointslice"}},
        {"endpoints", {"pod", "service", "endpoints"}},
        {"node", {"node"}},
        {"ingress", {"ingress"}}};
    Reading& reading = fields.reading();
    std::set<std::string> seen;
    fields.list("selectors", "empty selector", [&](const YamlNode& node) {
        Fields selector(reading, node, "kubernetes.SelectorConfig");
        const std::string of = textOf(selector, "role");
        const std::string label = textOf(selector, "label");
        const std::string field = textOf(selector, "field");
        selector.finish();
        if (!seen.insert(of).second) {
            reading.fault(node, std::format("duplicated selector role: {}", of));
            return;
        }
        const auto known = allowed.find(role);
        if (known != allowed.end() && std::ranges::find(known->second, of) == known->second.end()) {
            reading.fault(
                node,
                std::format("{} role supports only {} selectors", role, known->second.back()));
        }
        if (!isSelector(label, false) || !isSelector(field, true)) {
            reading.fault(node, "invalid selector");
        }
    });
}

void checkKubernetes(Fields& fields, const ClientConfig& client)
{
    const std::string role = textOf(fields, "role");
    static const Names roles{"node", "pod", "service", "endpoints", "endpointslice", "ingress"};
    require(fields, !role.empty(),
            "role missing (one of: pod, service, endpoints, endpointslice, node, ingress)");
    require(fields, role.empty() || std::ranges::find(roles, role) != roles.end(),
            std::format("unknown Kubernetes SD role \"{}\"", role));
    const std::string server = textOf(fields, "api_server");
    const std::string kubeconfig = textOf(fields, "kubeconfig_file");
    bool own = false;
    if (const YamlNode* const node = fields.take("namespaces")) {
        Fields namespaces(fields.reading(), *node, "kubernetes.plain");
        namespaces.boolean("own_namespace", own);
        std::vector<std::string> names;
        namespaces.texts("names", names);
        namespaces.finish();
    }
    require(fields, kubeconfig.empty() || server.empty(),
            "cannot use 'kubeconfig_file' and 'api_server' simultaneously");
    require(fields, kubeconfig.empty() || !own,
            "cannot use 'kubeconfig_file' and 'namespaces.own_namespace' simultaneously");
    require(fields, !client.given || !server.empty() || !kubeconfig.empty(),
            "to use custom HTTP client configuration please provide the 'api_server' URL "
            "explicitly");
    checkSelectors(fields, role);
}

void checkMarathon(Fields& fields, const ClientConfig& client)
{
    std::vector<std::string> servers;
    fields.texts("servers", servers);
    require(fields, !servers.empty(), "marathon_sd: must contain at least one Marathon server");
    const bool token = !textOf(fields, "auth_token").empty();
    const bool file = !textOf(fields, "auth_token_file").empty();
    require(fields, !(token && file),
            "marathon_sd: at most one of auth_token & auth_token_file must be configured");
    require(fields, !(token || file) || std::holds_alternative<std::monostate>(client.auth),
            "marathon_sd: at most one of basic_auth, auth_token, auth_token_file & authorization "
            "must be configured");
}

void checkFilters(Fields& fields, std::string_view what)
{
    fields.list("filters", "empty filter", [&](const YamlNode& node) {
        Fields filter(fields.reading(), node, "config.Filter");
        std::string name;
        std::vector<std::string> values;
        filter.text("name", name);
        filter.texts("values", values);
        filter.finish();
        if (values.empty()) {
            fields.reading().fault(
                node, std::format("{} SD configuration filter values cannot be empty", what));
        }
    });
}

void checkOvh(Fields& fields)
{
    oneOf(fields, "service", {"dedicated_server", "vps"}, "", "unknown service: {}");
    require(fields, !textOf(fields, "endpoint").empty(), "endpoint can not be empty");
    require(fields, !textOf(fields, "application_key").empty(), "application key can not be empty");
    require(fields, !textOf(fields, "application_secret").empty(),
            "application secret can not be empty");
    require(fields, !textOf(fields, "consumer_key").empty(), "consumer key can not be empty");
}

void checkScaleway(Fields& fields)
{
    oneOf(fields, "role", {"instance", "baremetal"}, "", "unknown role \"{}\"");
    require(fields, !textOf(fields, "project_id").empty(), "project_id is mandatory");
    require(fields, !textOf(fields, "access_key").empty(), "access_key is mandatory");
    const bool key = !textOf(fields, "secret_key").empty();
    const bool file = !textOf(fields, "secret_key_file").empty();
    require(fields, key || file, "one of secret_key & secret_key_file must be configured");
    require(fields, !(key && file),
            "at most one of secret_key & secret_key_file must be configured");
}

void checkPuppet(Fields& fields)
{
    checkHttp(fields);
    require(fields, !textOf(fields, "query").empty(), "query missing");
}

/// One kind of discovery: its other keys, and what is checked beyond names and types.
struct Discovery {
    std::string_view key;
    bool client; ///< has the keys of an HTTP client
    void (*check)(Fields& fields, const ClientConfig& client);
    Names keys;
};

const std::vector<Discovery>& discoveries()
{
    static const auto nothing = [](Fields&, const ClientConfig&) { };
    static const std::vector<Discovery> all{
        {"consul_sd_configs",
         true,
         nothing,
         {"server", "path_prefix", "token", "datacenter", "namespace", "partition", "tag_separator",
          "scheme", "username", "password", "allow_stale", "refresh_interval", "services", "tags",
          "node_meta", "filter", "health_filter"}},
        {"digitalocean_sd_configs", true, nothing, {"port", "refresh_interval"}},
        {"dns_sd_configs",
         false,
         [](Fields& fields, const ClientConfig&) { checkDns(fields); },
         {"refresh_interval"}},
        {"docker_sd_configs",
         true,
         nothing,
         {"host", "port", "filters", "host_networking_host", "match_first_network",
          "refresh_interval"}},
        {"dockerswarm_sd_configs",
         true,
         nothing,
         {"host", "role", "port", "filters", "refresh_interval"}},
        {"ec2_sd_configs",
         true,
         [](Fields& fields, const ClientConfig&) { checkFilters(fields, "EC2"); },
         {"endpoint", "region", "access_key", "secret_key", "profile", "role_arn", "external_id",
          "refresh_interval", "port"}},
        {"eureka_sd_configs",
         true,
         [](Fields& fields, const ClientConfig&) {
             require(fields, !textOf(fields, "server").empty(),
                     "eureka_sd: empty or null eureka server");
         },
         {"refresh_interval"}},
        {"file_sd_configs",
         false,
         [](Fields& fields, const ClientConfig&) { checkFiles(fields); },
         {"refresh_interval"}},
        {"gce_sd_configs",
         false,
         [](Fields& fields, const ClientConfig&) {
             require(fields, !textOf(fields, "project").empty(),
                     "GCE SD configuration requires a project");
             require(fields, !textOf(fields, "zone").empty(),
                     "GCE SD configuration requires a zone");
         },
         {"filter", "refresh_interval", "port", "tag_separator"}},
        {"hetzner_sd_configs",
         true,
         [](Fields& fields, const ClientConfig&) {
             require(fields, !textOf(fields, "role").empty(),
                     "role missing (one of: robot, hcloud)");
         },
         {"port", "refresh_interval", "label_selector"}},
        {"http_sd_configs",
         true,
         [](Fields& fields, const ClientConfig&) { checkHttp(fields); },
         {"refresh_interval"}},
        {"ionos_sd_configs",
         true,
         [](Fields& fields, const ClientConfig&) {
             require(fields, !textOf(fields, "datacenter_id").empty(),
                     "datacenter id can't be empty");
         },
         {"refresh_interval", "port"}},
        {"kubernetes_sd_configs", true, checkKubernetes, {"attach_metadata"}},
        {"kuma_sd_configs",
         true,
         [](Fields& fields, const ClientConfig&) {
             require(fields, !textOf(fields, "server").empty(),
                     "kuma SD configuration requires a server address");
         },
         {"client_id", "refresh_interval", "fetch_timeout"}},
        {"lightsail_sd_configs",
         true,
         nothing,
         {"endpoint", "region", "access_key", "secret_key", "profile", "role_arn", "external_id",
          "refresh_interval", "port"}},
        {"linode_sd_configs",
         true,
         nothing,
         {"port", "refresh_interval", "tag_separator", "region"}},
        {"marathon_sd_configs", true, checkMarathon, {"refresh_interval"}},
        {"nerve_sd_configs", false, nothing, {"servers", "paths", "timeout"}},
        {"nomad_sd_configs",
         true,
         nothing,
         {"allow_stale", "namespace", "refresh_interval", "region", "server", "tag_separator"}},
        {"ovhcloud_sd_configs",
         false,
         [](Fields& fields, const ClientConfig&) { checkOvh(fields); },
         {"refresh_interval"}},
        {"puppetdb_sd_configs",
         true,
         [](Fields& fields, const ClientConfig&) { checkPuppet(fields); },
         {"include_parameters", "port", "refresh_interval"}},
        {"scaleway_sd_configs",
         true,
         [](Fields& fields, const ClientConfig&) { checkScaleway(fields); },
         {"api_url", "zone", "name_filter", "tags_filter", "refresh_interval", "port"}},
        {"serverset_sd_configs", false, nothing, {"servers", "paths", "timeout"}},
        {"stackit_sd_configs",
         true,
         nothing,
         {"project", "region", "port", "refresh_interval", "endpoint", "service_account_key",
          "private_key", "service_account_key_path", "private_key_path", "credentials_file_path"}},
        {"triton_sd_configs",
         false,
         nothing,
         {"account", "role", "dns_suffix", "endpoint", "groups", "port", "refresh_interval",
          "tls_config", "version"}},
        {"uyuni_sd_configs",
         true,
         [](Fields& fields, const ClientConfig&) {
             require(fields, !textOf(fields, "server").empty(),
                     "Uyuni SD configuration requires server host");
             require(fields, !textOf(fields, "username").empty(),
                     "Uyuni SD configuration requires a username");
             require(fields, !textOf(fields, "password").empty(),
                     "Uyuni SD configuration requires a password");
         },
         {"entitlement", "separator", "refresh_interval"}},
        {"vultr_sd_configs", true, nothing, {"port", "refresh_interval"}},
    };
    return all;
}

} // namespace

bool readDiscoveries(Fields& fields, bool inUse)
{
    Reading& reading = fields.reading();
    bool any = false;
    for (const Discovery& discovery : discoveries()) {
        const YamlNode* const section = fields.take(discovery.key);
        if (section == nullptr) {
            continue;
        }
        any = true;
        fields.list(discovery.key, "empty or null section in " + std::string(discovery.key),
                    [&](const YamlNode& node) {
                        Fields own(reading, node, std::string(discovery.key));
                        const ClientConfig client
                            = discovery.client ? readClient(own, false) : ClientConfig();
                        discovery.check(own, client);
                        for (const std::string_view key : discovery.keys) {
                            own.skip({key});
                        }
                        Duration refresh{};
                        own.duration("refresh_interval", refresh);
                        own.finish();
                    });
        if (inUse) {
            reading.warn(*section, std::format("{} is not supported yet", discovery.key));
        }
    }
    return any;
}

} // namespace watchfire::config
