// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/client.h"
#include "core/config/shape.h"

#include <algorithm>
#include <format>

namespace watchfire::config {

using encoding::YamlNode;
using encoding::YamlValue;

namespace {

/// An entry that was read, for the checks beyond names and types.
class Entry {
public:
    Entry(Reading& reading, const YamlNode& node, const YamlValue& value,
          const HttpClientOptions& client)
        : m_reading(reading)
        , m_node(node)
        , m_value(value)
        , m_client(client)
    {
    }

    std::string_view text(std::string_view key) const { return textAt(m_value, key); }
    bool has(std::string_view key) const
    {
        const YamlValue* const value = findKey(m_value, key);
        return value != nullptr && !(value->text.empty() && value->items.empty());
    }
    const std::vector<YamlValue>& items(std::string_view key) const
    {
        static const std::vector<YamlValue> none;
        const YamlValue* const value = findKey(m_value, key);
        return value == nullptr ? none : value->items;
    }
    const HttpClientOptions& client() const { return m_client; }
    void require(bool condition, std::string_view message) const
    {
        if (!condition) {
            m_reading.fault(m_node, std::string(message));
        }
    }
    void oneOf(std::string_view key, std::initializer_list<std::string_view> allowed,
               std::string_view message) const
    {
        require(std::ranges::contains(allowed, text(key)),
                std::format("{} \"{}\"", message, text(key)));
    }
    void secretKeyOrFile() const
    {
        const bool key = has("secret_key");
        const bool file = has("secret_key_file");
        require(key || file, "one of secret_key & secret_key_file must be configured");
        require(!key || !file, "at most one of secret_key & secret_key_file must be configured");
    }

private:
    Reading& m_reading;
    const YamlNode& m_node;
    const YamlValue& m_value;
    const HttpClientOptions& m_client;
};

/// Whether the URL has a scheme and a host.
bool isAbsolute(std::string_view url)
{
    const std::size_t scheme = url.find("://");
    return scheme != std::string_view::npos && scheme > 0 && scheme + 3 < url.size()
        && url[scheme + 3] != '/';
}

void checkAzure(const Entry& entry)
{
    const auto mandatory = [&](std::string_view key) {
        entry.require(entry.has(key), std::format("azure SD configuration requires a {}", key));
    };
    mandatory("subscription_id");
    if (entry.text("authentication_method") == "OAuth") {
        mandatory("tenant_id");
        mandatory("client_id");
        mandatory("client_secret");
    }
    entry.oneOf("authentication_method", {"OAuth", "ManagedIdentity", "SDK", "WorkloadIdentity"},
                "unknown authentication_type");
}

void checkSwarm(const Entry& entry)
{
    entry.require(entry.has("host"), "host missing");
    entry.oneOf("role", {"services", "nodes", "tasks"},
                "role must be one of tasks, services, nodes, not");
}

void checkEc2(const Entry& entry)
{
    for (const YamlValue& filter : entry.items("filters")) {
        const YamlValue* const values = findKey(filter, "values");
        entry.require(values != nullptr && !values->items.empty(),
                      "EC2 SD configuration filter values cannot be empty");
    }
}

void checkAws(const Entry& entry)
{
    entry.oneOf("role", {"ec2", "ecs", "elasticache", "lightsail", "msk", "rds"},
                "unknown AWS SD role");
}

void checkEureka(const Entry& entry)
{
    entry.require(entry.has("server"), "eureka_sd: empty or null eureka server");
    entry.require(!entry.has("server") || isAbsolute(entry.text("server")),
                  "eureka_sd: invalid eureka server URL");
}

void checkGce(const Entry& entry)
{
    entry.require(entry.has("project"), "GCE SD configuration requires a project");
    entry.require(entry.has("zone"), "GCE SD configuration requires a zone");
}

void checkHetzner(const Entry& entry)
{
    entry.require(entry.has("role"), "role missing (one of: robot, hcloud)");
    if (entry.has("role")) {
        entry.oneOf("role", {"robot", "hcloud"}, "unknown role");
    }
}

void checkKuma(const Entry& entry)
{
    entry.require(isAbsolute(entry.text("server")),
                  "kuma SD server must not be empty and have a scheme");
}

void checkMarathon(const Entry& entry)
{
    entry.require(!entry.items("servers").empty(),
                  "marathon_sd: must contain at least one Marathon server");
    const bool token = entry.has("auth_token");
    const bool file = entry.has("auth_token_file");
    entry.require(!(token && file),
                  "marathon_sd: at most one of auth_token & auth_token_file must be configured");
    entry.require(!(token || file) || std::holds_alternative<std::monostate>(entry.client().auth),
                  "marathon_sd: at most one of basic_auth, auth_token, auth_token_file & "
                  "authorization must be configured");
}

void checkZookeeper(const Entry& entry)
{
    entry.require(!entry.items("servers").empty(),
                  "the configuration must contain at least one Zookeeper server");
    entry.require(!entry.items("paths").empty(),
                  "the configuration must contain at least one path");
    for (const YamlValue& path : entry.items("paths")) {
        entry.require(path.text.starts_with('/'),
                      std::format("paths must begin with '/': {}", path.text));
    }
}

void checkOci(const Entry& entry)
{
    entry.require(entry.has("region"), "oci_sd: region is required");
    entry.oneOf("auth", {"api_key", "instance_principal"}, "oci_sd: unknown auth method");
    for (const char* const key : {"tenancy", "user", "fingerprint", "key_file"}) {
        if (entry.text("auth") == "api_key") {
            entry.require(entry.has(key), std::format("oci_sd: api_key auth requires {}", key));
        } else {
            entry.require(!entry.has(key),
                          std::format("oci_sd: instance_principal auth must not have {} set", key));
        }
    }
    const bool both = entry.has("key_passphrase") && entry.has("key_passphrase_file");
    entry.require(!both,
                  "oci_sd: at most one of key_passphrase and key_passphrase_file must be "
                  "configured");
    for (const YamlValue& compartment : entry.items("compartments")) {
        entry.require(!compartment.text.empty(), "oci_sd: compartments must not be empty");
    }
}

void checkOpenstack(const Entry& entry)
{
    entry.oneOf("availability", {"public", "internal", "admin"}, "unknown availability");
    entry.require(entry.has("role"), "role missing (one of: instance, hypervisor, loadbalancer)");
    if (entry.has("role")) {
        entry.oneOf("role", {"instance", "hypervisor", "loadbalancer"},
                    "unknown OpenStack SD role");
    }
    entry.require(entry.has("region"), "openstack SD configuration requires a region");
}

void checkOutscale(const Entry& entry)
{
    entry.require(entry.has("region"), "outscale SD configuration requires a region");
    entry.require(entry.has("access_key"), "outscale SD configuration requires access_key");
    entry.secretKeyOrFile();
}

void checkOvh(const Entry& entry)
{
    entry.require(entry.has("endpoint"), "endpoint can not be empty");
    entry.require(entry.has("application_key"), "application key can not be empty");
    entry.require(entry.has("application_secret"), "application secret can not be empty");
    entry.require(entry.has("consumer_key"), "consumer key can not be empty");
    entry.oneOf("service", {"dedicated_server", "vps"}, "unknown service:");
}

void checkPuppet(const Entry& entry)
{
    if (entry.has("url")) {
        entry.require(isHttpUrl(entry.text("url")), "URL scheme must be 'http' or 'https'");
    } else {
        entry.require(false, "URL is missing");
    }
    entry.require(entry.has("query"), "query missing");
}

void checkScaleway(const Entry& entry)
{
    entry.require(entry.has("role"), "role missing (one of: instance, baremetal)");
    if (entry.has("role")) {
        entry.oneOf("role", {"instance", "baremetal"}, "unknown role");
    }
    entry.require(entry.has("project_id"), "project_id is mandatory");
    entry.secretKeyOrFile();
    entry.require(entry.has("access_key"), "access_key is mandatory");
}

void checkTriton(const Entry& entry)
{
    entry.oneOf("role", {"container", "cn"},
                "triton SD configuration requires role to be 'container' or 'cn', not");
    for (const char* const key : {"account", "dns_suffix", "endpoint"}) {
        entry.require(entry.has(key), std::format("triton SD configuration requires {}", key));
    }
}

void checkUyuni(const Entry& entry)
{
    for (const char* const key : {"server", "username", "password"}) {
        entry.require(entry.has(key), std::format("Uyuni SD configuration requires {}", key));
    }
}

/// A mechanism: its keys beyond those of an HTTP client and what is checked about them.
struct Mechanism {
    std::string_view section;
    bool client; ///< has the keys of an HTTP client
    std::vector<ShapeKey> keys;
    void (*check)(const Entry& entry) = nullptr;
};

constexpr ShapeKey port{"port", ShapeType::integer, "80"};
constexpr ShapeKey everyMinute{"refresh_interval", ShapeType::duration, "1m"};
constexpr ShapeKey everyHalfMinute{"refresh_interval", ShapeType::duration, "30s"};

ShapeKey secretText(std::string_view key)
{
    return {key, ShapeType::secret};
}

/// What the services of AWS share, and what one has besides.
std::vector<ShapeKey> aws(std::initializer_list<ShapeKey> more)
{
    std::vector<ShapeKey> keys{{"endpoint", ShapeType::text, ""},
                               {"region", ShapeType::text, ""},
                               {"access_key"},
                               secretText("secret_key"),
                               {"profile"},
                               {"role_arn"},
                               {"external_id"},
                               everyMinute,
                               port};
    keys.insert(keys.end(), more);
    return keys;
}

std::vector<ShapeKey> awsClusters(std::string_view concurrency)
{
    return aws(
        {{"clusters", ShapeType::texts}, {"request_concurrency", ShapeType::integer, concurrency}});
}

std::vector<ShapeKey> zookeeper()
{
    return {{"servers", ShapeType::texts, "[]"},
            {"paths", ShapeType::texts, "[]"},
            {"timeout", ShapeType::duration, "10s"}};
}

/// Sorted. Source: Prometheus 3.14, discovery/*/*.go, and its documentation, "Configuration".
std::vector<Mechanism> makeMechanisms()
{
    return {
        {"aws_sd_configs",
         true,
         {{"role", ShapeType::text, ""},
          {"region"},
          {"endpoint"},
          {"access_key"},
          secretText("secret_key"),
          {"profile"},
          {"role_arn"},
          {"external_id"},
          everyMinute,
          {"port", ShapeType::integer},
          {"filters", ShapeType::filters},
          {"clusters", ShapeType::texts}},
         checkAws},
        {"azure_sd_configs",
         true,
         {{"environment", ShapeType::text, "AzurePublicCloud"},
          port,
          {"subscription_id", ShapeType::text, ""},
          {"tenant_id"},
          {"client_id"},
          secretText("client_secret"),
          {"refresh_interval", ShapeType::duration, "5m"},
          {"authentication_method", ShapeType::text, "OAuth"},
          {"resource_group"}},
         checkAzure},
        {"digitalocean_sd_configs",
         true,
         {everyMinute, port, {"role", ShapeType::text, "droplets"}},
         [](const Entry& entry) {
             entry.oneOf("role", {"droplets", "databases"}, "unknown DigitalOcean SD role");
         }},
        {"dockerswarm_sd_configs",
         true,
         {{"host", ShapeType::url, ""},
          {"role", ShapeType::text, ""},
          port,
          {"filters", ShapeType::filters, "[]"},
          everyMinute},
         checkSwarm},
        {"ec2_sd_configs", true, aws({{"filters", ShapeType::filters, "[]"}}), checkEc2},
        {"ecs_sd_configs", true, awsClusters("20")},
        {"elasticache_sd_configs", true, awsClusters("10")},
        {"eureka_sd_configs", true, {{"server", ShapeType::url}, everyHalfMinute}, checkEureka},
        {"gce_sd_configs",
         false,
         {{"project", ShapeType::text, ""},
          {"zone", ShapeType::text, ""},
          {"filter"},
          everyMinute,
          port,
          {"tag_separator", ShapeType::text, "','"}},
         checkGce},
        {"hetzner_sd_configs",
         true,
         {everyMinute, port, {"role", ShapeType::text, ""}, {"label_selector"}},
         checkHetzner},
        {"ionos_sd_configs",
         true,
         {{"datacenter_id", ShapeType::text, ""}, everyMinute, port},
         [](const Entry& entry) {
             entry.require(entry.has("datacenter_id"), "datacenter id can't be empty");
         }},
        {"kuma_sd_configs",
         true,
         {{"refresh_interval", ShapeType::duration, "15s"},
          {"fetch_timeout", ShapeType::duration, "2m"},
          {"server", ShapeType::url},
          {"client_id"}},
         checkKuma},
        {"lightsail_sd_configs", true, aws({})},
        {"linode_sd_configs",
         true,
         {everyMinute, port, {"tag_separator", ShapeType::text, "','"}, {"region"}}},
        {"marathon_sd_configs",
         true,
         {{"servers", ShapeType::texts},
          everyHalfMinute,
          secretText("auth_token"),
          {"auth_token_file", ShapeType::path}},
         checkMarathon},
        {"msk_sd_configs", true, awsClusters("10")},
        {"nerve_sd_configs", false, zookeeper(), checkZookeeper},
        {"nomad_sd_configs",
         true,
         {{"allow_stale", ShapeType::boolean, "true"},
          {"namespace", ShapeType::text, "default"},
          everyMinute,
          {"region", ShapeType::text, "global"},
          {"server", ShapeType::url, "http://localhost:4646"},
          {"tag_separator", ShapeType::text, "','"}},
         [](const Entry& entry) {
             entry.require(entry.text("server").find_first_not_of(' ') != std::string_view::npos,
                           "nomad SD configuration requires a server address");
         }},
        {"oci_sd_configs",
         true,
         {{"auth", ShapeType::text, "api_key"},
          {"tenancy"},
          {"user"},
          {"fingerprint"},
          {"key_file", ShapeType::path},
          secretText("key_passphrase"),
          {"key_passphrase_file", ShapeType::path},
          {"region", ShapeType::text, ""},
          {"compartments", ShapeType::texts},
          port,
          everyMinute},
         checkOci},
        {"openstack_sd_configs",
         false,
         {{"identity_endpoint", ShapeType::text, ""},
          {"username", ShapeType::text, ""},
          {"userid", ShapeType::text, ""},
          {"password", ShapeType::secret, ""},
          {"project_name", ShapeType::text, ""},
          {"project_id", ShapeType::text, ""},
          {"domain_name", ShapeType::text, ""},
          {"domain_id", ShapeType::text, ""},
          {"application_credential_name", ShapeType::text, ""},
          {"application_credential_id", ShapeType::text, ""},
          {"application_credential_secret", ShapeType::secret, ""},
          {"role", ShapeType::text, ""},
          {"region", ShapeType::text, ""},
          everyMinute,
          port,
          {"all_tenants", ShapeType::boolean},
          {"tls_config", ShapeType::tls},
          {"availability", ShapeType::text, "public"}},
         checkOpenstack},
        {"outscale_sd_configs",
         true,
         {{"endpoint"},
          {"region", ShapeType::text, "eu-west-2"},
          {"access_key", ShapeType::text, ""},
          {"secret_key", ShapeType::secret, ""},
          {"secret_key_file", ShapeType::path, ""},
          everyMinute,
          port},
         checkOutscale},
        {"ovhcloud_sd_configs",
         false,
         {{"endpoint", ShapeType::text, "ovh-eu"},
          {"application_key", ShapeType::text, ""},
          {"application_secret", ShapeType::secret, ""},
          {"consumer_key", ShapeType::secret, ""},
          everyMinute,
          {"service", ShapeType::text, ""}},
         checkOvh},
        {"puppetdb_sd_configs",
         true,
         {everyMinute,
          {"url", ShapeType::url, ""},
          {"query", ShapeType::text, ""},
          {"include_parameters", ShapeType::boolean, "false"},
          port},
         checkPuppet},
        {"rds_sd_configs", true,
         aws({{"clusters", ShapeType::texts},
              {"filters", ShapeType::filters, "[]"},
              {"request_concurrency", ShapeType::integer, "10"}})},
        {"scaleway_sd_configs",
         true,
         {{"project_id", ShapeType::text, ""},
          {"api_url", ShapeType::url, "https://api.scaleway.com"},
          {"zone", ShapeType::text, "fr-par-1"},
          {"access_key", ShapeType::text, ""},
          {"secret_key", ShapeType::secret, ""},
          {"secret_key_file", ShapeType::path, ""},
          {"name_filter"},
          {"tags_filter", ShapeType::texts},
          everyMinute,
          port,
          {"role", ShapeType::text, ""}},
         checkScaleway},
        {"serverset_sd_configs", false, zookeeper(), checkZookeeper},
        {"stackit_sd_configs",
         true,
         {{"project", ShapeType::text, ""},
          everyMinute,
          port,
          {"region", ShapeType::text, "eu01"},
          {"endpoint", ShapeType::url},
          secretText("service_account_key"),
          secretText("private_key"),
          {"service_account_key_path"},
          {"private_key_path"},
          {"credentials_file_path"}},
         [](const Entry& entry) {
             entry.require(entry.has("endpoint") || entry.has("region"),
                           "stackit_sd: endpoint and region missing");
         }},
        {"triton_sd_configs",
         false,
         {{"account", ShapeType::text, ""},
          {"role", ShapeType::text, "container"},
          {"dns_suffix", ShapeType::text, ""},
          {"endpoint", ShapeType::text, ""},
          {"groups", ShapeType::texts},
          {"port", ShapeType::integer, "9163"},
          everyMinute,
          {"tls_config", ShapeType::tls},
          {"version", ShapeType::integer, "1"}},
         checkTriton},
        {"uyuni_sd_configs",
         true,
         {{"server", ShapeType::url, ""},
          {"username", ShapeType::text, ""},
          {"password", ShapeType::secret, ""},
          {"entitlement", ShapeType::text, "monitoring_entitled"},
          {"separator", ShapeType::text, "','"},
          everyMinute},
         checkUyuni},
        {"vultr_sd_configs", true, {everyMinute, port}},
    };
}

const std::vector<Mechanism>& mechanisms()
{
    static const std::vector<Mechanism> all = makeMechanisms();
    return all;
}

const Mechanism* find(std::string_view section)
{
    const auto found = std::ranges::find(mechanisms(), section, &Mechanism::section);
    return found == mechanisms().end() ? nullptr : &*found;
}

} // namespace

bool isForeignDiscovery(std::string_view section)
{
    return find(section) != nullptr;
}

std::vector<std::string_view> foreignDiscoveries()
{
    std::vector<std::string_view> sections;
    for (const Mechanism& mechanism : mechanisms()) {
        sections.push_back(mechanism.section);
    }
    return sections;
}

YamlValue readForeignDiscovery(Reading& reading, const YamlNode& node, std::string_view section)
{
    YamlValue value = YamlValue::mapping();
    const Mechanism* const mechanism = find(section);
    if (mechanism == nullptr) {
        return value;
    }
    Fields fields(reading, node, std::string(section));
    readShape(fields, mechanism->keys, value);
    HttpClientOptions client;
    if (mechanism->client) {
        client = readClient(fields);
        Keys keys(value, Style::effective);
        writeClient(keys, client, {}, {});
    }
    fields.finish();
    if (mechanism->check != nullptr) {
        mechanism->check(Entry(reading, node, value, client));
    }
    return value;
}

YamlValue foreignDiscoveryValue(const ForeignDiscovery& discovery, Style style)
{
    const auto document = encoding::YamlDocument::parse(discovery.text.reveal());
    if (!document || document->root() == nullptr) {
        return YamlValue::mapping();
    }
    if (style == Style::file) {
        return encoding::toValue(*document->root());
    }
    Findings ignored;
    Reading reading("", ignored);
    return readForeignDiscovery(reading, *document->root(), discovery.section);
}

} // namespace watchfire::config
