// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/discovery/groups.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a Consul server answers. All fail with ErrorKind::invalid where an answer is not what
/// the API documents.
///
/// Source: Consul documentation, "HTTP API"; Prometheus documentation, "Configuration",
/// consul_sd_config.
namespace watchfire::discovery {

/// The datacenter of the agent, by /v1/agent/self.
Result<std::string> datacenterOf(std::string_view answer);

/// A service of the catalogue and the tags that any instance of it has.
using ConsulServices = std::vector<std::pair<std::string, std::vector<std::string>>>;
/// Of /v1/catalog/services.
Result<ConsulServices> servicesOf(std::string_view answer);

/// The instances of a service, by /v1/health/service/NAME: one group each.
Result<Groups> groupsOfService(const config::ConsulDiscovery& config, std::string_view service,
                               std::string_view datacenter, std::string_view answer);

} // namespace watchfire::discovery
