// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/config/alerting.h"
#include "core/notifier/alertmanager_set.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::notifier {

/// Sends alerts to other Alertmanagers. Lives on the home thread; it waits for no answer.
///
/// Source: Prometheus 3, notifier.
class Sender final : public Clockwork {
public:
    explicit Sender(const discovery::ProviderPorts& ports)
        : m_ports(ports)
    {
    }

    /// Entries that stay as they are keep their queues and what they found.
    void apply(config::AlertingConfig config, Labels externalLabels);
    void send(const std::vector<Alert>& alerts);

    std::optional<Timestamp> nextDue() const override;
    void advance(Timestamp now) override;

    /// Where alerts go now, and what relabelling left out. URLs, sorted.
    FoundAlertmanagers alertmanagers() const;
    /// By URL; of several entries with one Alertmanager together.
    std::vector<std::pair<std::string, SendCounts>> counts() const;

private:
    discovery::ProviderPorts m_ports;
    std::vector<RelabelRule> m_relabel;
    Labels m_externalLabels;
    std::vector<std::unique_ptr<AlertmanagerSet>> m_sets;
};

} // namespace watchfire::notifier
