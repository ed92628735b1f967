// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/delivery.h"
#include "core/alerting/inhibition.h"
#include "core/alerting/notification_log.h"
#include "core/alerting/route.h"
#include "core/alerting/silences.h"
#include "core/base/clock.h"
#include "core/base/executor.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace watchfire::alerting {

/// Makes the integrations of a configured receiver.
using MakeIntegrations = std::function<std::vector<Integration>(const config::ReceiverConfig&)>;

/// Told of everything that happens to alerts on their way out, for the history.
using OnEvent = std::function<void(Timestamp at, const Labels& labels, std::string what)>;

/// Where an alert would go now, and what keeps it quiet.
struct Fate {
    std::string receiver; ///< of the first route
    std::vector<std::string> silencedBy;
    std::vector<Labels> inhibitedBy; ///< one source for each rule
    bool inhibited = false;
    /// Intervals that mute the first route, or those of which none is active.
    std::vector<std::string> mutedByIntervals;
};

/// A group as it stands at one moment.
struct GroupPicture {
    Labels labels;
    std::string receiver;
    std::vector<std::string> mutedByIntervals; ///< as in Fate, of its route
    std::vector<Labels> alerts; ///< that are not over; in the order of telling
};

/// What an integration knows of an alert.
struct IntegrationPicture {
    std::string name; ///< "webhook/0"
    bool told = false; ///< that it fires, and nothing else since
    Timestamp toldAt{}; ///< when it was last told of the group
    std::string failure; ///< why it could not be told the last time; empty: it could
    std::optional<Timestamp> nextTry; ///< while that is tried again; else the group's next flush
};

/// How far an alert has come on one of its routes.
struct RoutePicture {
    std::string receiver;
    std::string matchers; ///< of the route
    bool isGrouped = false; ///< whether the group has it; where not, the next three say nothing
    Labels groupLabels;
    std::size_t inGroup = 0; ///< alerts
    bool isFlushed = false; ///< the group has waited group_wait
    Timestamp nextFlush{};
    Timestamp lastFlush{}; ///< the epoch: there was none yet
    std::vector<std::string> mutedByIntervals; ///< as in Fate
    bool isInactive = false; ///< those are the intervals of which none is active
    std::vector<IntegrationPicture> integrations;
};

/// Groups alerts along the routing tree and tells receivers: a new group after group_wait, then
/// at most every group_interval when something changed, again after repeat_interval. When a
/// group is due, time intervals, inhibition and silences are judged together against one state;
/// what they mute is not told later either, unless it still fires then.
///
/// A group tells one thing at a time: while a receiver is tried again, its next flush waits. What
/// could not be told stays with the group, so that the next flush tells the state of that moment;
/// an alert whose firing was due and could not be told is told of when it is over, too.
///
/// All calls on the owner's thread; replies of receivers are brought there by `owner`.
///
/// Source: Alertmanager documentation, "Configuration", route; its dispatcher's behaviour.
class Dispatcher final : public Clockwork {
public:
    Dispatcher(Silences& silences, NotificationLog& log, MakeIntegrations makeIntegrations,
               Executor& owner, OnEvent onEvent);
    ~Dispatcher() override = default;
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    void apply(const config::AlertmanagerConfig& config, std::string externalUrl, Timestamp now);
    void put(const std::vector<Alert>& alerts, Timestamp now);

    std::optional<Timestamp> nextDue() const override;
    void advance(Timestamp now) override;

    /// Takes back what was told of groups that are silenced or inhibited as a whole now, where a
    /// receiver can do that; what fires on after the silence is told anew.
    void withdrawMuted(Timestamp now);

    Fate fateOf(const Labels& labels, Timestamp now) const;
    /// Every alert known, resolved ones included until their group let go of them.
    std::vector<Alert> alerts() const;
    std::optional<Alert> find(const Labels& labels) const;
    /// The receivers of the routes that take such an alert, in the tree's order.
    std::vector<std::string> receiversOf(const Labels& labels) const;
    /// Those with alerts that are not over, in the field's order of their labels, then by receiver.
    std::vector<GroupPicture> groups(Timestamp now) const;
    /// Of each route that takes such an alert, in the tree's order.
    std::vector<RoutePicture> routesOf(const Labels& labels, Timestamp now) const;

private:
    struct Group {
        const Route* route = nullptr;
        Labels labels;
        std::string key;
        std::map<Labels, Alert> alerts;
        Timestamp nextFlush{};
        Timestamp lastFlush{};
        bool flushed = false;
        bool canBeWithdrawn = false; ///< a receiver shows something of it
        // Of the flush that is under way:
        std::size_t deliveries = 0;
        bool failed = false;
        std::vector<Alert> resolved;
    };

    void place(const Alert& alert, Timestamp now);
    /// A group may be due at that time.
    void lookAt(Timestamp at) { m_nextLook = m_nextLook ? std::min(*m_nextLook, at) : at; }
    void lookAtGroups(Timestamp now);
    void flush(Group& group, Timestamp now);
    std::vector<Alert> heardOf(const Group& group, Timestamp now) const;
    void tell(Group& group, const Integration& integration, const std::vector<Alert>& alerts,
              Timestamp now);
    std::string_view reasonToTellNow(const std::string& logKey, const NotificationEntry& entry,
                                     const Integration& integration, const Route& route) const;
    Notification notificationOf(const Group& group, const std::vector<Alert>& alerts,
                                bool withResolved, Timestamp now) const;
    void ended(Delivery delivery, const Result<void>& result, Timestamp at);
    IntegrationPicture pictureOf(const Integration& integration, const std::string& groupKey,
                                 const std::string& receiver, const Labels& labels) const;
    static void settle(Group& group);
    bool isMuted(const Group& group, Timestamp now) const;
    void record(const std::string& logKey, NotificationEntry entry);
    void saveLog(Timestamp now);
    void collect(Timestamp now);
    std::vector<std::string> mutedByIntervals(const Route& route, Timestamp now) const;
    bool isInactive(const Route& route, Timestamp now) const;

    Silences& m_silences;
    NotificationLog& m_log;
    MakeIntegrations m_makeIntegrations;
    OnEvent m_onEvent;
    config::AlertmanagerConfig m_config;
    std::string m_externalUrl;
    std::unique_ptr<Route> m_root;
    std::map<std::string, std::vector<Integration>> m_integrations;
    std::unordered_map<Labels, Alert> m_alerts;
    std::map<std::string, Group> m_groups; ///< by key
    Inhibition m_inhibition;
    /// By key of the log, alerts that were to be told as firing and could not be.
    std::map<std::string, std::set<std::uint64_t>> m_owed;
    std::map<std::string, std::string> m_failures; ///< likewise, why the last try failed
    Timestamp m_nextCollection{};
    Timestamp m_lastSave{};
    /// No group is due before; looking at all of them is put off until then.
    std::optional<Timestamp> m_nextLook;
    Timestamp m_lastTurn{};
    Deliveries m_deliveries;
};

} // namespace watchfire::alerting
