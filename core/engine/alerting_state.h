// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/engine/snapshots.h"
#include "core/model/alert.h"
#include "core/model/matcher.h"

#include <cstddef>
#include <string>
#include <vector>

namespace watchfire::engine {

/// What is asked of the Alertmanager's side; only that is answered.
struct AlertingRequest {
    bool alerts = false;
    bool groups = false; ///< with the alerts in them
    bool silences = false;
    Matchers filter{}; ///< of alerts: all must match
};

/// An alert on its way to receivers, a rule's or one that another program posted.
struct RoutedAlert {
    Alert alert;
    std::string fingerprint; ///< 16 hexadecimal digits
    std::vector<std::string> receivers; ///< of the routes that take it, in the tree's order
    std::vector<std::string> silencedBy; ///< ids
    std::vector<std::string> inhibitedBy; ///< fingerprints of sources, one for each rule

    bool isSuppressed() const { return !silencedBy.empty() || !inhibitedBy.empty(); }
};

/// Alerts that a receiver is told of together.
struct AlertGroupState {
    Labels labels;
    std::string receiver;
    std::vector<std::string> mutedBy; ///< time intervals that keep its route quiet now
    std::vector<std::size_t> alerts; ///< places in AlertingState::alerts; in the order of telling
};

/// The Alertmanager's side at one moment. Alerts that are over are not in it.
struct AlertingState {
    Timestamp at{};
    std::vector<RoutedAlert> alerts; ///< by fingerprint
    std::vector<AlertGroupState> groups; ///< none empty; by labels, then receiver
    std::vector<SilenceStatus> silences; ///< by id
};

} // namespace watchfire::engine
