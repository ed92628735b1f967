// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/consul_provider.h"
#include "core/discovery/dns_provider.h"
#include "core/discovery/docker_provider.h"
#include "core/discovery/file_provider.h"
#include "core/discovery/http_provider.h"
#include "core/discovery/kubernetes/kubernetes_provider.h"
#include "core/discovery/provider.h"
#include "core/discovery/static_provider.h"

#include <utility>
#include <variant>

namespace watchfire::discovery {

namespace {

/// The provider of each kind of entry.
struct Maker {
    const ProviderPorts& ports;

    std::unique_ptr<Provider> operator()(const config::FileDiscovery& entry) const
    {
        return std::make_unique<FileProvider>(entry, ports);
    }
    std::unique_ptr<Provider> operator()(const config::HttpDiscovery& entry) const
    {
        return std::make_unique<HttpProvider>(entry, ports);
    }
    std::unique_ptr<Provider> operator()(const config::DnsDiscovery& entry) const
    {
        return std::make_unique<DnsProvider>(entry, ports);
    }
    std::unique_ptr<Provider> operator()(const config::DockerDiscovery& entry) const
    {
        return std::make_unique<DockerProvider>(entry, ports);
    }
    std::unique_ptr<Provider> operator()(const config::ConsulDiscovery& entry) const
    {
        return std::make_unique<ConsulProvider>(entry, ports);
    }
    std::unique_ptr<Provider> operator()(const config::KubernetesDiscovery& entry) const
    {
        return std::make_unique<KubernetesProvider>(entry, ports);
    }
    std::unique_ptr<Provider> operator()(const config::ForeignDiscovery& /*entry*/) const
    {
        return nullptr;
    }
};

} // namespace

std::vector<std::unique_ptr<Provider>> makeProviders(const config::ScrapeConfig& job,
                                                     const ProviderPorts& ports)
{
    std::vector<std::unique_ptr<Provider>> providers;
    if (!job.staticConfigs.empty()) {
        providers.push_back(std::make_unique<StaticProvider>(job.staticConfigs, ports.clock));
    }
    for (const config::DiscoveryConfig& entry : job.discoveries) {
        if (auto provider = std::visit(Maker{ports}, entry)) {
            providers.push_back(std::move(provider));
        }
    }
    return providers;
}

} // namespace watchfire::discovery
