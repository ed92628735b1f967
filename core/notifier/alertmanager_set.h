// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/alerting.h"
#include "core/discovery/groups.h"
#include "core/discovery/provider.h"
#include "core/notifier/send_queue.h"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace watchfire::notifier {

/// Addresses that one target group names, before and after the rules of the entry.
struct FoundAlertmanagers {
    std::vector<std::string> active; ///< where alerts are posted
    std::vector<std::string> dropped; ///< by relabelling
};

/// Source: Prometheus 3, notifier/alertmanager.go.
FoundAlertmanagers alertmanagersOf(const config::TargetGroup& group,
                                   const config::AlertmanagersConfig& config);

/// The Alertmanagers of one entry of alerting.alertmanagers: found by its discoveries, each with a
/// queue. Lives on the home thread.
class AlertmanagerSet {
public:
    AlertmanagerSet(config::AlertmanagersConfig config, const discovery::ProviderPorts& ports);
    ~AlertmanagerSet();
    AlertmanagerSet(const AlertmanagerSet&) = delete;
    AlertmanagerSet& operator=(const AlertmanagerSet&) = delete;

    const config::AlertmanagersConfig& config() const { return m_config; }
    /// Relabels with the rules of the entry, and queues what is left for each Alertmanager.
    void send(std::span<const Alert> alerts);

    std::optional<Timestamp> nextDue() const;
    void advance(Timestamp now);

    const std::map<std::string, std::unique_ptr<SendQueue>>& queues() const { return m_queues; }
    const std::vector<std::string>& dropped() const { return m_dropped; }

private:
    void start();
    void sync();

    config::AlertmanagersConfig m_config;
    discovery::ProviderPorts m_ports;
    std::map<std::string, std::unique_ptr<SendQueue>> m_queues; ///< by URL
    std::vector<std::string> m_dropped;
    std::vector<discovery::Groups> m_groups; ///< of each provider
    std::vector<std::unique_ptr<discovery::Provider>> m_providers; ///< last: they call `sync`
};

/// The alert with those rules applied; nothing: they drop it.
std::optional<Alert> relabelled(const Alert& alert, std::span<const RelabelRule> rules);

} // namespace watchfire::notifier
