// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/dns_provider.h"

#include <algorithm>
#include <array>
#include <utility>

namespace watchfire::discovery {

namespace {

constexpr std::array<std::pair<std::string_view, DnsType>, 5> types{{
    {"A", DnsType::a},
    {"AAAA", DnsType::aaaa},
    {"SRV", DnsType::srv},
    {"MX", DnsType::mx},
    {"NS", DnsType::ns},
}};

DnsType typeOf(std::string_view text)
{
    const auto found = std::ranges::find_if(types, [&](const auto& type) {
        return std::ranges::equal(type.first, text, [](char a, char b) {
            return a == (b >= 'a' && b <= 'z' ? static_cast<char>(b - 'a' + 'A') : b);
        });
    });
    return found == types.end() ? DnsType::srv : found->second;
}

std::string sourceOf(const std::vector<std::string>& names)
{
    std::string out;
    for (const std::string& name : names) {
        out += (out.empty() ? "" : ", ") + name;
    }
    return out;
}

} // namespace

Groups groupsOfRecords(DnsType type, const std::string& name, std::uint16_t port,
                       const std::vector<DnsRecord>& records)
{
    Groups groups;
    for (const DnsRecord& record : records) {
        if (record.target.empty()) {
            continue;
        }
        LabelsBuilder labels;
        labels.set("__meta_dns_name", name);
        // As name servers write it; the address goes without the final dot.
        const std::string rooted = record.target + '.';
        switch (type) {
        case DnsType::a:
        case DnsType::aaaa:
            break;
        case DnsType::srv:
            labels.set("__meta_dns_srv_record_target", rooted);
            labels.set("__meta_dns_srv_record_port", std::to_string(record.port));
            break;
        case DnsType::mx:
            labels.set("__meta_dns_mx_record_target", rooted);
            break;
        case DnsType::ns:
            labels.set("__meta_dns_ns_record_target", rooted);
            break;
        }
        addTarget(groups, name, hostPort(record.target, type == DnsType::srv ? record.port : port),
                  labels.build());
    }
    return groups;
}

DnsProvider::DnsProvider(config::DnsDiscovery config, const ProviderPorts& ports)
    : Refreshing(ports, "dns", sourceOf(config.names), config.refreshInterval)
    , m_config(std::move(config))
    , m_type(typeOf(m_config.type))
    , m_tickets(m_config.names.size())
    , m_known(m_config.names.size())
    , m_hasAnswered(m_config.names.size())
{
}

void DnsProvider::ask()
{
    m_waiting = m_config.names.size();
    m_error.clear();
    if (m_waiting == 0) {
        finish({});
        return;
    }
    for (std::size_t i = 0; i < m_config.names.size(); ++i) {
        Ticket ticket
            = ports().dns.lookup(m_type, m_config.names[i],
                                 homing().once([this, i](Result<std::vector<DnsRecord>>&& records) {
                                     take(i, std::move(records));
                                 }));
        if (m_waiting == 0) {
            return; // the last answer came before `lookup` returned, and ended the question
        }
        m_tickets[i] = std::move(ticket);
    }
}

void DnsProvider::take(std::size_t name, Result<std::vector<DnsRecord>> records)
{
    m_tickets[name].detach();
    if (records) {
        m_known[name] = groupsOfRecords(m_type, m_config.names[name], m_config.port, *records);
        m_hasAnswered[name] = true;
    } else if (m_error.empty()) {
        m_error = m_config.names[name] + ": " + records.error().message;
    }
    if (--m_waiting != 0) {
        return;
    }
    if (std::ranges::none_of(m_hasAnswered, std::identity())) {
        giveUp(std::move(m_error));
        return;
    }
    Groups all;
    for (const Groups& groups : m_known) {
        all.insert(all.end(), groups.begin(), groups.end());
    }
    finish(std::move(all), std::move(m_error));
}

} // namespace watchfire::discovery
