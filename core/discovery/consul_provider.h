// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/discovery/consul_answers.h"
#include "core/discovery/homing.h"
#include "core/discovery/provider.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace watchfire::discovery {

/// Services that a Consul server knows (consul_sd_configs), watched with blocking queries: the
/// server answers as soon as something changes, or after two minutes. Each question is asked at
/// most once in a refresh interval.
///
/// Source: Consul documentation, "HTTP API", "Blocking queries"; Prometheus documentation,
/// "Configuration", consul_sd_config.
class ConsulProvider final : public Provider {
public:
    ConsulProvider(config::ConsulDiscovery config, const ProviderPorts& ports);

    void start(Update update) override;
    std::optional<Timestamp> nextDue() const override;
    void advance(Timestamp now) override;
    ProviderStatus status() const override;

private:
    /// One question that is asked over and over.
    struct Watch {
        std::uint64_t index = 0; ///< of the answer we have; 0: none
        Timestamp askedAt{};
        std::optional<Timestamp> due; ///< nothing: under way
        Ticket ticket;
        bool isTried = false; ///< answered once, or failed
        Groups groups; ///< of a service
        std::string error;
    };
    using Services = std::map<std::string, Watch, std::less<>>;

    void askAgent();
    void watchAll();
    void askCatalog();
    void askService(const std::string& name, Watch& watch);
    HttpRequest request(const std::string& path, std::uint64_t index,
                        const std::string& filter) const;
    void begin(Watch& watch) const;
    /// Whether the answer is new; plans the next question.
    bool isNews(Watch& watch, std::uint64_t index);
    void fail(Watch& watch, const Error& error);
    void takeCatalog(const ConsulServices& services);
    bool isWanted(const ConsulServices::value_type& service) const;
    void publishSoon();
    void publish(Timestamp now);

    config::ConsulDiscovery m_config;
    ProviderPorts m_ports;
    std::string m_base; ///< of URLs, with the path prefix
    std::string m_socket;
    std::string m_datacenter;
    bool m_watchesCatalog;
    Update m_update;
    Watch m_agent;
    Watch m_catalog;
    Services m_services;
    Timestamp m_lastUpdate{};
    bool m_isChanged = false; ///< since then
    std::optional<Timestamp> m_publishDue;
    Homing m_homing;
};

} // namespace watchfire::discovery
