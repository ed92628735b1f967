// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/client.h"
#include "core/config/client_parts.h"
#include "core/config/shape.h"

#include <algorithm>
#include <format>
#include <map>
#include <set>

namespace watchfire::config {

using encoding::YamlNode;

namespace {

void require(Fields& fields, bool condition, std::string_view message)
{
    if (!condition) {
        fields.reading().fault(fields.node(), std::string(message));
    }
}

void readPort(Fields& fields, std::uint16_t& out)
{
    std::int64_t port = out;
    const YamlNode* const node = fields.integer("port", port);
    if (node != nullptr && (port < 0 || port > 65'535)) {
        fields.reading().fault(*node, std::format("{} is no port", port));
        return;
    }
    out = static_cast<std::uint16_t>(port);
}

void readInterval(Fields& fields, Duration& out)
{
    const YamlNode* const node = fields.duration("refresh_interval", out);
    if (node != nullptr && out <= Duration(0)) {
        fields.reading().fault(*node, "refresh_interval must be positive");
    }
}

/// A star may stand in the last part only, and the name must tell the format.
bool isTargetFile(std::string_view file)
{
    const std::size_t star = file.find('*');
    if (star != std::string_view::npos
        && file.find_first_of("/*", star + 1) != std::string_view::npos) {
        return false;
    }
    return std::ranges::any_of(
        std::initializer_list<std::string_view>{".json", ".yml", ".yaml", ".JSON", ".YML", ".YAML"},
        [&](std::string_view ending) { return file.ends_with(ending); });
}

FileDiscovery readFiles(Fields& fields)
{
    FileDiscovery out;
    const YamlNode* const node = fields.texts("files", out.files);
    readInterval(fields, out.refreshInterval);
    require(fields, !out.files.empty(),
            "file service discovery config must contain at least one path name");
    for (std::size_t i = 0; i < out.files.size(); ++i) {
        const YamlNode& at = *node->items[i].node;
        if (!isTargetFile(out.files[i])) {
            fields.reading().fault(
                at, std::format("path name \"{}\" is not valid for file discovery", out.files[i]));
        }
        out.files[i] = resolved(fields.reading(), nullptr, std::move(out.files[i]));
    }
    return out;
}

HttpDiscovery readHttp(Fields& fields)
{
    HttpDiscovery out;
    const YamlNode* const node = fields.text("url", out.url);
    readInterval(fields, out.refreshInterval);
    out.client = readClient(fields);
    if (out.url.empty()) {
        require(fields, false, "URL is missing");
    } else if (const auto fault = urlFault(out.url)) {
        fields.reading().fault(*node, std::format("\"{}\" is no URL: {}", out.url, *fault));
    } else if (!isHttpUrl(out.url)) {
        fields.reading().fault(*node, "URL scheme must be 'http' or 'https', with a host");
    }
    return out;
}

DnsDiscovery readDns(Fields& fields)
{
    DnsDiscovery out;
    fields.texts("names", out.names);
    require(fields, !out.names.empty(), "DNS-SD config must contain at least one SRV record name");
    const YamlNode* const type = fields.text("type", out.type);
    const std::string written = out.type;
    std::ranges::transform(out.type, out.type.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    readPort(fields, out.port);
    readInterval(fields, out.refreshInterval);
    if (out.type == "A" || out.type == "AAAA" || out.type == "MX" || out.type == "NS") {
        require(fields, out.port != 0,
                "a port is required in DNS-SD configs for all record types except SRV");
    } else if (out.type != "SRV") {
        fields.reading().fault(*type, std::format("invalid DNS-SD records type {}", written));
    }
    return out;
}

DockerDiscovery readDocker(Fields& fields)
{
    DockerDiscovery out;
    const YamlNode* const host = fields.text("host", out.host);
    checkUrl(fields.reading(), host, out.host);
    require(fields, !out.host.empty(), "host missing");
    readPort(fields, out.port);
    fields.list("filters", "empty filter", [&](const YamlNode& node) {
        Fields own(fields.reading(), node, "moby.Filter");
        DiscoveryFilter filter;
        own.text("name", filter.name);
        own.texts("values", filter.values);
        own.finish();
        out.filters.push_back(std::move(filter));
    });
    fields.text("host_networking_host", out.hostNetworkingHost);
    fields.boolean("match_first_network", out.matchFirstNetwork);
    readInterval(fields, out.refreshInterval);
    out.client = readClient(fields);
    return out;
}

ConsulDiscovery readConsul(Fields& fields)
{
    ConsulDiscovery out;
    fields.text("server", out.server);
    fields.text("path_prefix", out.pathPrefix);
    fields.secret("token", out.token);
    fields.text("datacenter", out.datacenter);
    fields.text("namespace", out.nameSpace);
    fields.text("partition", out.partition);
    fields.text("tag_separator", out.tagSeparator);
    fields.text("scheme", out.scheme);
    BasicAuth login;
    fields.text("username", login.user);
    fields.secret("password", login.password);
    fields.boolean("allow_stale", out.allowStale);
    readInterval(fields, out.refreshInterval);
    fields.texts("services", out.services);
    fields.texts("tags", out.tags);
    fields.pairs("node_meta", out.nodeMeta);
    fields.text("filter", out.filter);
    fields.text("health_filter", out.healthFilter);
    out.client = readClient(fields);
    require(fields, out.server.find_first_not_of(" \t") != std::string::npos,
            "consul SD configuration requires a server address");
    const bool elsewhere = !std::holds_alternative<std::monostate>(out.client.auth);
    if (!login.user.empty() || !login.password.empty()) {
        require(fields, !elsewhere,
                "at most one of consul SD configuration username and password and basic auth can "
                "be configured");
        out.client.auth = std::move(login);
    }
    const bool bearer = std::holds_alternative<BearerAuth>(out.client.auth)
        || std::holds_alternative<OAuth2>(out.client.auth);
    require(fields, out.token.empty() || !bearer,
            "at most one of consul SD token, authorization, or oauth2 can be configured");
    return out;
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

const std::vector<std::string_view>& selectorsOf(KubernetesRole role)
{
    static const std::map<KubernetesRole, std::vector<std::string_view>> allowed{
        {KubernetesRole::pod, {"pod", "node"}},
        {KubernetesRole::service, {"service"}},
        {KubernetesRole::endpointSlice, {"pod", "service", "endpointslice"}},
        {KubernetesRole::endpoints, {"pod", "service", "endpoints"}},
        {KubernetesRole::node, {"node"}},
        {KubernetesRole::ingress, {"ingress"}}};
    return allowed.at(role);
}

void readSelectors(Fields& fields, KubernetesDiscovery& out)
{
    Reading& reading = fields.reading();
    std::set<std::string> seen;
    fields.list("selectors", "empty selector", [&](const YamlNode& node) {
        Fields own(reading, node, "kubernetes.SelectorConfig");
        KubernetesDiscovery::Selector selector;
        own.text("role", selector.role);
        own.text("label", selector.label);
        own.text("field", selector.field);
        own.finish();
        const auto& allowed = selectorsOf(out.role);
        if (!seen.insert(selector.role).second) {
            reading.fault(node, std::format("duplicated selector role: {}", selector.role));
        } else if (!std::ranges::contains(allowed, selector.role)) {
            std::string names;
            for (const std::string_view name : allowed) {
                names += (names.empty() ? "" : ", ") + std::string(name);
            }
            reading.fault(
                node, std::format("{} role supports only {} selectors", toText(out.role), names));
        } else if (!isSelector(selector.label, false) || !isSelector(selector.field, true)) {
            reading.fault(node, "invalid selector");
        }
        out.selectors.push_back(std::move(selector));
    });
}

void readAttached(Fields& fields, KubernetesDiscovery& out)
{
    const YamlNode* const node = fields.take("attach_metadata");
    if (node == nullptr) {
        return;
    }
    Fields own(fields.reading(), *node, "kubernetes.AttachMetadataConfig");
    own.boolean("node", out.attachNodeMetadata);
    own.boolean("namespace", out.attachNamespaceMetadata);
    own.boolean("deployment", out.attachDeploymentMetadata);
    own.boolean("job", out.attachJobMetadata);
    own.boolean("cronjob", out.attachCronJobMetadata);
    own.finish();
    if (out.attachDeploymentMetadata || out.attachJobMetadata || out.attachCronJobMetadata) {
        fields.reading().warn(*node,
                              "attach_metadata of deployment, job and cronjob is not done yet: "
                              "pods go without those labels");
    }
}

void checkKubernetes(Fields& fields, const KubernetesDiscovery& read)
{
    const bool custom = read.client != HttpClientOptions();
    const bool kubeconfig = !read.kubeconfigFile.empty();
    require(fields, !kubeconfig || read.apiServer.empty(),
            "cannot use 'kubeconfig_file' and 'api_server' simultaneously");
    require(fields, !kubeconfig || !custom,
            "cannot use a custom HTTP client configuration together with 'kubeconfig_file'");
    require(fields, !custom || kubeconfig || !read.apiServer.empty(),
            "to use custom HTTP client configuration please provide the 'api_server' URL "
            "explicitly");
    require(fields, read.apiServer.empty() || !read.ownNamespace,
            "cannot use 'api_server' and 'namespaces.own_namespace' simultaneously");
    require(fields, !kubeconfig || !read.ownNamespace,
            "cannot use 'kubeconfig_file' and 'namespaces.own_namespace' simultaneously");
}

KubernetesDiscovery readKubernetes(Fields& fields)
{
    KubernetesDiscovery out;
    std::string role;
    const YamlNode* const at = fields.text("role", role);
    if (const auto known = kubernetesRoleFrom(role)) {
        out.role = *known;
    } else if (role.empty()) {
        require(fields, false,
                "role missing (one of: pod, service, endpoints, endpointslice, node, ingress)");
    } else {
        fields.reading().fault(*at, std::format("unknown Kubernetes SD role \"{}\"", role));
    }
    const YamlNode* const server = fields.text("api_server", out.apiServer);
    checkUrl(fields.reading(), server, out.apiServer);
    const YamlNode* const kubeconfig = fields.text("kubeconfig_file", out.kubeconfigFile);
    out.kubeconfigFile = resolved(fields.reading(), kubeconfig, std::move(out.kubeconfigFile));
    if (const YamlNode* const node = fields.take("namespaces")) {
        Fields namespaces(fields.reading(), *node, "kubernetes.plain");
        namespaces.boolean("own_namespace", out.ownNamespace);
        namespaces.texts("names", out.namespaces);
        namespaces.finish();
    }
    readSelectors(fields, out);
    readAttached(fields, out);
    out.client = readClient(fields);
    checkKubernetes(fields, out);
    return out;
}

/// Reads the entries of one section.
using ReadEntry = DiscoveryConfig (*)(Fields& fields);

const std::map<std::string_view, ReadEntry>& ownReaders()
{
    static const std::map<std::string_view, ReadEntry> readers{
        {"consul_sd_configs", [](Fields& fields) -> DiscoveryConfig { return readConsul(fields); }},
        {"dns_sd_configs", [](Fields& fields) -> DiscoveryConfig { return readDns(fields); }},
        {"docker_sd_configs", [](Fields& fields) -> DiscoveryConfig { return readDocker(fields); }},
        {"file_sd_configs", [](Fields& fields) -> DiscoveryConfig { return readFiles(fields); }},
        {"http_sd_configs", [](Fields& fields) -> DiscoveryConfig { return readHttp(fields); }},
        {"kubernetes_sd_configs",
         [](Fields& fields) -> DiscoveryConfig { return readKubernetes(fields); }},
    };
    return readers;
}

DiscoveryConfig readEntry(Reading& reading, const YamlNode& node, std::string_view section)
{
    const auto reader = ownReaders().find(section);
    if (reader == ownReaders().end()) {
        readForeignDiscovery(reading, node, section);
        return ForeignDiscovery{std::string(section), node.begin.line,
                                Secret(encoding::emitYaml(encoding::toValue(node)))};
    }
    Fields fields(reading, node, std::string(section));
    DiscoveryConfig out = reader->second(fields);
    fields.finish();
    return out;
}

std::vector<std::string_view> allSections()
{
    std::vector<std::string_view> sections = foreignDiscoveries();
    for (const auto& [section, reader] : ownReaders()) {
        sections.push_back(section);
    }
    std::ranges::sort(sections);
    return sections;
}

} // namespace

std::vector<DiscoveryConfig> readDiscoveries(Fields& fields, bool inUse)
{
    Reading& reading = fields.reading();
    std::vector<DiscoveryConfig> out;
    static const std::vector<std::string_view> sections = allSections();
    for (const std::string_view section : sections) {
        const YamlNode* const node = fields.take(section);
        fields.list(
            section, std::format("empty or null section in {}", section),
            [&](const YamlNode& entry) { out.push_back(readEntry(reading, entry, section)); });
        if (inUse && node != nullptr && isForeignDiscovery(section)) {
            reading.warn(*node,
                         std::format("Watchfire does not discover targets by {}: run a bridge of "
                                     "that mechanism that serves them as JSON and name its address "
                                     "in http_sd_configs",
                                     section));
        }
    }
    return out;
}

} // namespace watchfire::config
