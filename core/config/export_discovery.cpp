// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/secrets.h"
#include "core/config/shape.h"
#include "core/config/value_parts.h"

#include <algorithm>
#include <array>

namespace watchfire::config {

using encoding::YamlValue;

namespace {

/// One entry of a section, and the section's name.
struct Entry {
    std::string section;
    YamlValue value;
};

class EntryWriter {
public:
    /// `kept`: fields of the entry that lie in the secret store.
    EntryWriter(Style style, std::vector<std::string> kept)
        : m_style(style)
        , m_kept(std::move(kept))
    {
    }

    Entry operator()(const FileDiscovery& from) const
    {
        return made("file_sd_configs", [&](Keys& keys) {
            keys.texts("files", from.files);
            keys.duration("refresh_interval", from.refreshInterval,
                          FileDiscovery().refreshInterval);
        });
    }

    Entry operator()(const HttpDiscovery& from) const
    {
        return made("http_sd_configs", [&](Keys& keys) {
            keys.url("url", from.url);
            keys.duration("refresh_interval", from.refreshInterval,
                          HttpDiscovery().refreshInterval);
            writeClient(keys, from.client, {}, m_kept);
        });
    }

    Entry operator()(const DnsDiscovery& from) const
    {
        const DnsDiscovery defaults;
        return made("dns_sd_configs", [&](Keys& keys) {
            keys.texts("names", from.names);
            keys.text("type", from.type, defaults.type);
            if (keys.effective() || from.port != defaults.port) {
                keys.set("port", numberValue(from.port));
            }
            keys.duration("refresh_interval", from.refreshInterval, defaults.refreshInterval);
        });
    }

    Entry operator()(const DockerDiscovery& from) const
    {
        const DockerDiscovery defaults;
        return made("docker_sd_configs", [&](Keys& keys) {
            keys.text("host", from.host);
            if (keys.effective() || from.port != defaults.port) {
                keys.set("port", numberValue(from.port));
            }
            writeFilters(keys, from.filters);
            if (keys.effective() || from.hostNetworkingHost != defaults.hostNetworkingHost) {
                keys.set("host_networking_host", textValue(from.hostNetworkingHost));
            }
            keys.boolean("match_first_network", from.matchFirstNetwork, defaults.matchFirstNetwork);
            keys.duration("refresh_interval", from.refreshInterval, defaults.refreshInterval);
            writeClient(keys, from.client, {}, m_kept);
        });
    }

    Entry operator()(const ConsulDiscovery& from) const
    {
        const ConsulDiscovery defaults;
        return made("consul_sd_configs", [&](Keys& keys) {
            keys.text("server", from.server, defaults.server);
            keys.text("path_prefix", from.pathPrefix);
            if (keys.effective() || !std::ranges::contains(m_kept, keptToken)) {
                keys.secret("token", from.token);
            }
            keys.text("datacenter", from.datacenter);
            keys.text("namespace", from.nameSpace);
            keys.text("partition", from.partition);
            if (keys.effective() || from.tagSeparator != defaults.tagSeparator) {
                keys.set("tag_separator", textValue(from.tagSeparator));
            }
            keys.text("scheme", from.scheme, defaults.scheme);
            keys.boolean("allow_stale", from.allowStale, defaults.allowStale);
            keys.duration("refresh_interval", from.refreshInterval, defaults.refreshInterval);
            keys.texts("services", from.services);
            keys.texts("tags", from.tags);
            keys.pairs("node_meta", from.nodeMeta);
            keys.text("filter", from.filter);
            keys.text("health_filter", from.healthFilter);
            writeClient(keys, from.client, {}, m_kept);
        });
    }

    Entry operator()(const KubernetesDiscovery& from) const
    {
        return made("kubernetes_sd_configs", [&](Keys& keys) {
            keys.url("api_server", from.apiServer);
            keys.text("role", toText(from.role));
            if (keys.effective() || !from.kubeconfigFile.empty()) {
                keys.set("kubeconfig_file", textValue(from.kubeconfigFile));
            }
            writeClient(keys, from.client, {}, m_kept);
            writeNamespaces(keys, from);
            writeSelectors(keys, from);
            writeAttached(keys, from);
        });
    }

    Entry operator()(const ForeignDiscovery& from) const
    {
        return {from.section, foreignDiscoveryValue(from, m_style)};
    }

private:
    template <class Fill> Entry made(const char* section, Fill fill) const
    {
        Entry entry{section, YamlValue::mapping()};
        Keys keys(entry.value, m_style);
        fill(keys);
        return entry;
    }

    static void writeFilters(Keys& keys, const std::vector<DiscoveryFilter>& filters)
    {
        if (filters.empty() && !keys.effective()) {
            return;
        }
        YamlValue list = YamlValue::sequence();
        for (const DiscoveryFilter& filter : filters) {
            list.items.push_back(YamlValue::mapping(
                {{"name", textValue(filter.name)}, {"values", textsValue(filter.values)}}));
        }
        keys.set("filters", std::move(list));
    }

    static void writeNamespaces(Keys& keys, const KubernetesDiscovery& from)
    {
        if (!from.ownNamespace && from.namespaces.empty()) {
            return;
        }
        YamlValue out = YamlValue::mapping();
        Keys own(out, keys.style());
        own.boolean("own_namespace", from.ownNamespace, false);
        own.texts("names", from.namespaces);
        keys.set("namespaces", std::move(out));
    }

    static void writeSelectors(Keys& keys, const KubernetesDiscovery& from)
    {
        if (from.selectors.empty()) {
            return;
        }
        YamlValue list = YamlValue::sequence();
        for (const KubernetesDiscovery::Selector& selector : from.selectors) {
            YamlValue entry = YamlValue::mapping();
            Keys own(entry, keys.style());
            own.text("role", selector.role);
            own.text("label", selector.label);
            own.text("field", selector.field);
            list.items.push_back(std::move(entry));
        }
        keys.set("selectors", std::move(list));
    }

    static void writeAttached(Keys& keys, const KubernetesDiscovery& from)
    {
        YamlValue out = YamlValue::mapping();
        bool any = false;
        const auto set = [&](const char* key, bool value) {
            any = any || value;
            if (value || keys.effective()) {
                out.set(key, YamlValue::boolean(value));
            }
        };
        set("node", from.attachNodeMetadata);
        set("namespace", from.attachNamespaceMetadata);
        set("deployment", from.attachDeploymentMetadata);
        set("job", from.attachJobMetadata);
        set("cronjob", from.attachCronJobMetadata);
        if (any) {
            keys.set("attach_metadata", std::move(out));
        }
    }

    Style m_style;
    std::vector<std::string> m_kept;
};

} // namespace

std::string_view toText(KubernetesRole role)
{
    switch (role) {
    case KubernetesRole::node:
        return "node";
    case KubernetesRole::pod:
        return "pod";
    case KubernetesRole::service:
        return "service";
    case KubernetesRole::endpoints:
        return "endpoints";
    case KubernetesRole::endpointSlice:
        return "endpointslice";
    case KubernetesRole::ingress:
        return "ingress";
    }
    return "";
}

std::optional<KubernetesRole> kubernetesRoleFrom(std::string_view text)
{
    static constexpr std::array roles{KubernetesRole::node,          KubernetesRole::pod,
                                      KubernetesRole::service,       KubernetesRole::endpoints,
                                      KubernetesRole::endpointSlice, KubernetesRole::ingress};
    for (const KubernetesRole role : roles) {
        if (toText(role) == text) {
            return role;
        }
    }
    return std::nullopt;
}

void writeDiscoveries(Keys& keys, const ScrapeConfig& job)
{
    std::vector<Entry> sections;
    for (std::size_t i = 0; i < job.discoveries.size(); ++i) {
        Entry entry = std::visit(EntryWriter(keys.style(), keptOf(job, i)), job.discoveries[i]);
        const auto known = std::ranges::find(sections, entry.section, &Entry::section);
        if (known != sections.end()) {
            known->value.items.push_back(std::move(entry.value));
        } else {
            sections.push_back(
                {std::move(entry.section), YamlValue::sequence({std::move(entry.value)})});
        }
    }
    for (Entry& section : sections) {
        keys.set(section.section, std::move(section.value));
    }
}

} // namespace watchfire::config
