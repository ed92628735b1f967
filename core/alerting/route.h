// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace watchfire::alerting {

/// A node of the routing tree with everything it inherits filled in.
struct Route {
    std::string key; ///< unique in the tree: the matchers from the root down
    std::string receiver;
    std::vector<std::string> groupBy;
    bool groupByAll = false;
    Matchers matchers;
    bool continues = false;
    std::chrono::milliseconds groupWait = std::chrono::seconds(30);
    std::chrono::milliseconds groupInterval = std::chrono::minutes(5);
    std::chrono::milliseconds repeatInterval = std::chrono::hours(4);
    std::vector<std::string> muteTimeIntervals;
    std::vector<std::string> activeTimeIntervals;
    config::NamedTexts routeLabels; ///< for templates, with their templates
    std::vector<std::unique_ptr<Route>> children;

    /// The nodes an alert goes to: the first matching child, and further ones while `continues`
    /// says so; this node itself only when no child matches. Empty: the matchers here refuse it.
    std::vector<const Route*> match(const Labels& labels) const;
    /// The labels that name the alert's group here.
    Labels groupLabels(const Labels& labels) const;
};

std::unique_ptr<Route> buildRoute(const config::RouteConfig& root);

} // namespace watchfire::alerting
