// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/discovery/groups.h"

#include <string>
#include <string_view>
#include <vector>

namespace watchfire::discovery {

/// The targets of an engine's containers: one for each TCP port of each network a container is
/// in, or one with the configured port where it exposes none. `containers` is the answer of
/// /containers/json, `networks` that of /networks. A container in another's network
/// ("container:ID") has that one's addresses. Fails with ErrorKind::invalid where an answer is
/// not what the API documents.
///
/// Source: Docker Engine API, v1.44; Prometheus documentation, "Configuration",
/// docker_sd_config.
Result<Groups> groupsOfContainers(const config::DockerDiscovery& config,
                                  std::string_view containers, std::string_view networks);

/// The filters as the API takes them: {"label":["a=b"]}.
std::string dockerFilters(const std::vector<config::DiscoveryFilter>& filters);

} // namespace watchfire::discovery
