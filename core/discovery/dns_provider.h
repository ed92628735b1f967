// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/discovery/refreshing.h"

#include <map>
#include <string>
#include <vector>

namespace watchfire::discovery {

/// Targets that name servers list (dns_sd_configs). A name that cannot be looked up keeps the
/// targets it last had.
///
/// Source: Prometheus documentation, "Configuration", dns_sd_config.
class DnsProvider final : public Refreshing {
public:
    DnsProvider(config::DnsDiscovery config, const ProviderPorts& ports);

private:
    void ask() override;
    void take(std::size_t name, Result<std::vector<DnsRecord>> records);

    config::DnsDiscovery m_config;
    DnsType m_type;
    std::vector<Ticket> m_tickets; ///< by name, as the next two
    std::vector<Groups> m_known;
    std::vector<bool> m_hasAnswered; ///< ever
    std::size_t m_waiting = 0;
    std::string m_error;
};

/// The targets of a name's records, one group for each. A service or server that is said not to
/// exist (RFC 2782, RFC 7505: the root as its name) is none.
Groups groupsOfRecords(DnsType type, const std::string& name, std::uint16_t port,
                       const std::vector<DnsRecord>& records);

} // namespace watchfire::discovery
