// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/notification_log.h"
#include "core/alerting/receiver.h"
#include "core/base/clock.h"
#include "core/base/executor.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace watchfire::alerting {

/// One way out of a receiver: what sends, and whether it wants to hear of resolved alerts.
struct Integration {
    std::string name; ///< "desktop", "webhook/0"
    std::shared_ptr<Receiver> receiver;
    bool sendResolved = true;
};

/// What a group has to tell one integration, and what to remember once it is told.
struct Delivery {
    Integration integration;
    std::string logKey;
    Notification notification;
    NotificationEntry entry;
    Timestamp deadline{}; ///< no try after it
};

/// Notifications on their way. One that fails in a way worth another try is tried again after
/// 0.5 s, then after pauses that grow by half each time up to a minute, until its deadline; so a
/// receiver that is away costs few requests, and each group at most one notification at a time.
///
/// All calls on the owner's thread; replies of receivers are brought there by `owner`.
///
/// Source: Alertmanager 0.33, notify/retry_stage.go, with the defaults of its back-off, but
/// without their random part.
class Deliveries final : public Clockwork {
public:
    /// Told once of each delivery: how it ended, and when.
    using OnEnd = std::function<void(Delivery delivery, Result<void> result, Timestamp at)>;

    Deliveries(Executor& owner, OnEnd onEnd);
    ~Deliveries() override;
    Deliveries(const Deliveries&) = delete;
    Deliveries& operator=(const Deliveries&) = delete;

    /// Makes the first try at once.
    void start(Delivery delivery, Timestamp now);
    /// Lets go of all without a word.
    void clear()
    {
        m_sending.clear();
        m_due.clear();
    }

    /// A delivery that failed and is tried again.
    struct Retry {
        std::string failure; ///< of the last try
        Timestamp at{}; ///< of the next one, or of the one under way
    };
    /// How that with this key of the log stands; nothing: none is under way, or it has not failed.
    std::optional<Retry> retryOf(const std::string& logKey) const;

    std::optional<Timestamp> nextDue() const override;
    void advance(Timestamp now) override;

private:
    struct Sending {
        Delivery delivery;
        Timestamp nextTry{};
        std::chrono::milliseconds pause = std::chrono::milliseconds(500);
        bool underWay = false;
        std::string failure; ///< of the last try
        Ticket ticket;
    };

    void trySend(std::uint64_t id, Timestamp now);
    void answered(std::uint64_t id, Result<void> result, Timestamp at);
    void end(std::uint64_t id, Result<void> result, Timestamp at);

    /// Through which replies come in from other threads; closed when this goes.
    class Entrance {
    public:
        explicit Entrance(Executor& owner)
            : m_owner(&owner)
        {
        }
        void run(Task task)
        {
            const std::lock_guard lock(m_mutex);
            if (m_owner != nullptr) {
                m_owner->run(std::move(task));
            }
        }
        bool isOpen()
        {
            const std::lock_guard lock(m_mutex);
            return m_owner != nullptr;
        }
        void close()
        {
            const std::lock_guard lock(m_mutex);
            m_owner = nullptr;
        }

    private:
        std::recursive_mutex m_mutex; ///< an owner may run a task at once
        Executor* m_owner;
    };

    OnEnd m_onEnd;
    static Timestamp dueAt(const Sending& sending)
    {
        return sending.underWay ? sending.delivery.deadline : sending.nextTry;
    }

    std::map<std::uint64_t, Sending> m_sending;
    std::set<std::pair<Timestamp, std::uint64_t>> m_due; ///< of each of them
    std::uint64_t m_last = 0;
    std::shared_ptr<Entrance> m_entrance;
};

} // namespace watchfire::alerting
