// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/discovery/refreshing.h"

namespace watchfire::discovery {

/// Target groups that a server lists (http_sd_configs).
///
/// Source: Prometheus documentation, "Writing HTTP service discovery".
class HttpProvider final : public Refreshing {
public:
    HttpProvider(config::HttpDiscovery config, const ProviderPorts& ports);

private:
    void ask() override;

    config::HttpDiscovery m_config;
    Ticket m_ticket;
};

/// The groups of an answer, each with the label __meta_url. Fails where the status is not 200,
/// the answer is not declared to be JSON in UTF-8, or is not what it should be.
Result<Groups> groupsOfAnswer(const HttpResponse& response, std::string_view url);

} // namespace watchfire::discovery
