// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/receiver.h"

#include <algorithm>
#include <string_view>

namespace watchfire::alerting {

/// The reserved receiver `desktop`: popups of the person's own desktop.
class DesktopReceiver final : public Receiver {
public:
    explicit DesktopReceiver(Notifier& notifier)
        : m_notifier(notifier)
    {
    }

    Ticket send(Notification notification, Reply<void> reply) override
    {
        // A popup has few lines: what fires comes first.
        std::ranges::stable_partition(
            notification.alerts, [](const Alert& alert) { return alert.endsAt == Timestamp{}; });
        m_notifier.show(notification);
        reply({});
        return {};
    }

    bool canWithdraw() const override { return true; }
    void withdraw(std::string_view groupKey) override { m_notifier.withdraw(groupKey); }

private:
    Notifier& m_notifier;
};

} // namespace watchfire::alerting
