// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/model/alert.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchfire {

/// What one group of alerts has to say, to any receiver.
struct Notification {
    std::string groupKey; ///< identity: a later one of the same group replaces it
    std::string receiver;
    Labels groupLabels;
    Labels commonLabels;
    Labels commonAnnotations;
    std::vector<Alert> alerts; ///< by job, instance, labels; one that fires has no end
    std::size_t firing = 0;
    std::size_t resolved = 0;
    std::string externalUrl;
    /// Labels of the route: names, and texts that are templates.
    std::vector<std::pair<std::string, std::string>> routeLabels;
    std::string reason; ///< why now, in Alertmanager's words: "first notification"

    bool isResolved() const { return firing == 0; }
};

enum class NotificationAction {
    show,
    silence1h, ///< for everybody: a silence on the group's labels
    snooze15m, ///< on this desktop only
    dismissed, ///< acknowledged until the group changes
};

/// The desktop's popups. `show` and `withdraw` return at once; from any thread.
struct Notifier {
    virtual ~Notifier() = default;
    /// Shows, or replaces what is shown for the same group.
    virtual void show(const Notification& notification) = 0;
    virtual void withdraw(std::string_view groupKey) = 0;
};

/// Told when a person acts on a popup; `activationToken` lets a window come to the front. One
/// without a group key stands for all that fires.
using NotificationActed
    = std::function<void(const Notification& notification, NotificationAction action,
                         const std::string& activationToken)>;

} // namespace watchfire
