// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/inhibition.h"
#include "core/alerting/notification_log.h"
#include "core/alerting/receiver.h"
#include "core/alerting/route.h"
#include "core/alerting/silences.h"
#include "core/base/clock.h"
#include "core/base/executor.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace watchfire::alerting {

/// One way out of a receiver: what sends, and whether it wants to hear of resolved alerts.
struct Integration {
    std::string name; ///< "desktop", "webhook/0"
    std::shared_ptr<Receiver> receiver;
    bool sendResolved = true;
};

/// Makes the integrations of a configured receiver.
using MakeIntegrations = std::function<std::vector<Integration>(const config::ReceiverConfig&)>;

/// Told of everything that happens to alerts on their way out, for the history.
using OnEvent = std::function<void(Timestamp at, const Labels& labels, std::string what)>;

/// Where an alert would go now, and what keeps it quiet.
struct Fate {
    std::string receiver;
    std::vector<std::string> silencedBy;
    bool inhibited = false;
};

/// Groups alerts along the routing tree and tells receivers: a new group after group_wait, then
/// at most every group_interval when something changed, again after repeat_interval. When a
/// group is due, inhibition and silences are judged together against one state.
///
/// All calls on the owner's thread; replies of receivers are brought there by `owner`.
///
/// Source: Alertmanager documentation, "Configuration", route; its dispatcher's behaviour.
class Dispatcher final : public Clockwork {
public:
    Dispatcher(Silences& silences, NotificationLog& log, MakeIntegrations makeIntegrations,
               Executor& owner, OnEvent onEvent);
    ~Dispatcher() override;
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    void apply(const config::AlertmanagerConfig& config, std::string externalUrl, Timestamp now);
    void put(const std::vector<Alert>& alerts, Timestamp now);

    std::optional<Timestamp> nextDue() const override;
    void advance(Timestamp now) override;

    Fate fateOf(const Labels& labels, Timestamp now) const;
    /// Every alert known, resolved ones included until their group let go of them.
    std::vector<Alert> alerts() const;

private:
    struct Group {
        const Route* route = nullptr;
        Labels labels;
        std::string key;
        std::map<Labels, Alert> alerts;
        Timestamp nextFlush{};
        bool flushed = false;
    };
    /// A notification on its way, tried again until `deadline`.
    struct Sending {
        Integration integration;
        std::string logKey;
        Notification notification;
        NotificationEntry entry;
        Timestamp deadline{};
        Timestamp nextTry{};
        std::chrono::milliseconds pause = std::chrono::seconds(1);
        bool underWay = false;
        Ticket ticket;
    };

    void place(const Alert& alert, Timestamp now);
    void flush(Group& group, Timestamp now);
    void tell(const Group& group, const Integration& integration, const std::vector<Alert>& alerts,
              Timestamp now);
    void trySend(std::uint64_t id, Timestamp now);
    void sent(std::uint64_t id, Result<void> result, Timestamp at);

    Silences& m_silences;
    NotificationLog& m_log;
    MakeIntegrations m_makeIntegrations;
    Executor& m_owner;
    OnEvent m_onEvent;
    config::AlertmanagerConfig m_config;
    std::string m_externalUrl;
    std::unique_ptr<Route> m_root;
    std::map<std::string, std::vector<Integration>> m_integrations;
    std::unordered_map<Labels, Alert> m_alerts;
    std::map<std::string, Group> m_groups; ///< by key
    std::map<std::uint64_t, Sending> m_sending;
    std::uint64_t m_lastSending = 0;
    Timestamp m_nextCollection{};
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace watchfire::alerting
