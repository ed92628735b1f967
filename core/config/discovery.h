// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/secret.h"
#include "core/ports/http.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Where a job's targets come from, other than from a list: one value for each entry of a
/// …_sd_configs section. Defaults are those of the documentation.
///
/// Source: Prometheus documentation, "Configuration".
namespace watchfire::config {

/// file_sd_configs
struct FileDiscovery {
    std::vector<std::string> files; ///< absolute; a star in the last part only
    std::chrono::milliseconds refreshInterval = std::chrono::minutes(5);
    friend bool operator==(const FileDiscovery&, const FileDiscovery&) = default;
};

/// http_sd_configs
struct HttpDiscovery {
    std::string url;
    std::chrono::milliseconds refreshInterval = std::chrono::minutes(1);
    HttpClientOptions client;
    friend bool operator==(const HttpDiscovery&, const HttpDiscovery&) = default;
};

/// dns_sd_configs
struct DnsDiscovery {
    std::vector<std::string> names;
    std::string type = "SRV"; ///< SRV, A, AAAA, MX or NS
    std::uint16_t port = 0; ///< not of SRV
    std::chrono::milliseconds refreshInterval = std::chrono::seconds(30);
    friend bool operator==(const DnsDiscovery&, const DnsDiscovery&) = default;
};

/// What a list of the Docker API is narrowed by.
struct DiscoveryFilter {
    std::string name;
    std::vector<std::string> values;
    friend bool operator==(const DiscoveryFilter&, const DiscoveryFilter&) = default;
};

/// docker_sd_configs
struct DockerDiscovery {
    std::string host; ///< unix:///var/run/docker.sock, tcp://…, http://…
    std::uint16_t port = 80; ///< of containers that publish none
    std::vector<DiscoveryFilter> filters;
    std::string hostNetworkingHost = "localhost";
    bool matchFirstNetwork = true;
    std::chrono::milliseconds refreshInterval = std::chrono::minutes(1);
    HttpClientOptions client;
    friend bool operator==(const DockerDiscovery&, const DockerDiscovery&) = default;
};

/// consul_sd_configs
struct ConsulDiscovery {
    std::string server = "localhost:8500";
    std::string pathPrefix;
    Secret token;
    std::string datacenter;
    std::string nameSpace;
    std::string partition;
    std::string tagSeparator = ",";
    std::string scheme = "http";
    bool allowStale = true;
    std::chrono::milliseconds refreshInterval = std::chrono::seconds(30);
    std::vector<std::string> services; ///< empty: all
    std::vector<std::string> tags; ///< a service must have all of them
    std::vector<std::pair<std::string, std::string>> nodeMeta;
    std::string filter; ///< of the catalogue
    std::string healthFilter;
    HttpClientOptions client; ///< username and password of the section too, as basic auth
    friend bool operator==(const ConsulDiscovery&, const ConsulDiscovery&) = default;
};

enum class KubernetesRole : std::uint8_t { node, pod, service, endpoints, endpointSlice, ingress };
/// As it is written: "endpointslice".
std::string_view toText(KubernetesRole role);
std::optional<KubernetesRole> kubernetesRoleFrom(std::string_view text);

/// kubernetes_sd_configs
struct KubernetesDiscovery {
    struct Selector {
        std::string role;
        std::string label;
        std::string field;
        friend bool operator==(const Selector&, const Selector&) = default;
    };

    KubernetesRole role = KubernetesRole::node;
    std::string apiServer; ///< empty: of the kubeconfig, or the cluster this runs in
    std::string kubeconfigFile;
    bool ownNamespace = false;
    std::vector<std::string> namespaces; ///< empty: all
    std::vector<Selector> selectors;
    bool attachNodeMetadata = false;
    bool attachNamespaceMetadata = false;
    bool attachDeploymentMetadata = false; ///< to pods
    bool attachJobMetadata = false; ///< to pods
    bool attachCronJobMetadata = false; ///< to pods
    HttpClientOptions client;
    friend bool operator==(const KubernetesDiscovery&, const KubernetesDiscovery&) = default;
};

/// A mechanism that Prometheus has and Watchfire does not: kept in the file, named to people.
struct ForeignDiscovery {
    std::string section; ///< "ec2_sd_configs"
    std::uint32_t line = 0; ///< in the job's file
    Secret text; ///< the entry as YAML; credentials may stand in it
    /// Whatever the line: text above it comes and goes.
    friend bool operator==(const ForeignDiscovery& a, const ForeignDiscovery& b)
    {
        return a.section == b.section && a.text == b.text;
    }
};

using DiscoveryConfig = std::variant<FileDiscovery, HttpDiscovery, DnsDiscovery, DockerDiscovery,
                                     ConsulDiscovery, KubernetesDiscovery, ForeignDiscovery>;

} // namespace watchfire::config
