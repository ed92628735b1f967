// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "core/engine/snapshots.h"
#include "core/model/labels.h"

#include <cstddef>
#include <string>
#include <vector>

/// What the routing tree and the inhibition rules mean, apart from how they are shown.
namespace watchfire::ui {

/// A node of the routing tree with what it has from those above it.
struct RouteNode {
    std::size_t parent = 0; ///< itself: the root
    std::size_t depth = 0;
    std::string receiver;
    Matchers matchers; ///< its own; none: whatever its parent takes
    std::vector<std::string> groupBy; ///< "..." alone: by all labels
    config::Duration groupWait{};
    config::Duration groupInterval{};
    config::Duration repeatInterval{};
    std::vector<std::string> muteTimeIntervals;
    std::vector<std::string> activeTimeIntervals;
    bool continues = false;
};

/// The tree from its root on, each node before those under it.
std::vector<RouteNode> routeNodes(const config::RouteConfig& root);

/// What becomes of an alert with these labels.
struct RoutePath {
    std::vector<bool> passed; ///< by node: it matches, and so do all above it
    std::vector<std::size_t> ends; ///< the nodes it goes to, in order
};
/// Source: Prometheus documentation, "Alerting configuration", route.
RoutePath pathOf(const std::vector<RouteNode>& nodes, const Labels& labels);

/// What an inhibition rule does with the alerts that are active.
struct InhibitionNow {
    std::size_t sources = 0; ///< alerts that fire and match as sources
    std::vector<const engine::AlertStatus*> targets; ///< of the alerts, those such a one mutes
};
InhibitionNow inhibitionNow(const config::InhibitRuleConfig& rule,
                            const std::vector<engine::AlertStatus>& alerts);

} // namespace watchfire::ui
