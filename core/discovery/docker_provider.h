// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/discovery/refreshing.h"

#include <string>

namespace watchfire::discovery {

/// Containers of a Docker Engine (docker_sd_configs), asked by its socket or over the network.
/// Speaks the version of the API that the engine says is its newest.
class DockerProvider final : public Refreshing {
public:
    DockerProvider(config::DockerDiscovery config, const ProviderPorts& ports);

private:
    void ask() override;
    void fetch(const std::string& path, Reply<HttpResponse> reply);
    void askContainers(std::string_view version);
    void askNetworks(std::string containers);
    void giveUpWith(const Error& error);

    config::DockerDiscovery m_config;
    std::string m_socket;
    std::string m_base; ///< of URLs; empty: the host is of a kind that cannot be spoken to
    std::string m_prefix; ///< of paths: "/v1.44"
    Ticket m_ticket;
};

} // namespace watchfire::discovery
