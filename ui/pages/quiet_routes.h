// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <QStringList>

/// Which routes quiet hours mute. A muted time interval holds for one route alone and not for those
/// under it, and never for the root: so what somebody means by one sentence are several small
/// changes of the tree, which take nothing else away.
///
/// Source: Alertmanager documentation, "route", mute_time_intervals.
namespace watchfire::ui {

/// The places of a route among its siblings, from the root down; empty: the root.
using RoutePathTo = std::vector<std::size_t>;

struct QuietScope {
    enum class What { everything, desktop, route };

    What what = What::everything;
    RoutePathTo route; ///< with those under it
    bool letsCritical = true; ///< alerts with severity="critical" are told all the same
    friend bool operator==(const QuietScope&, const QuietScope&) = default;
};

/// Mutes the routes meant in the intervals of that name. Every alert goes to the receivers it went
/// to before. Where the root itself takes alerts, they go through a route of their own under it,
/// which can be muted; critical ones that come through go into groups of their own.
void muteRoutes(config::AlertmanagerConfig& config, const std::string& intervals,
                const QuietScope& scope);
/// Takes that away again, with the routes that were made for it.
void unmuteRoutes(config::AlertmanagerConfig& config, const std::string& intervals);
/// What muteRoutes must have been asked for; nothing: somebody did it otherwise.
std::optional<QuietScope> scopeOf(const config::AlertmanagerConfig& config,
                                  const std::string& intervals);

/// The routes that are mute in the intervals, by their matchers, and those that tell only then.
QStringList mutedIn(const config::RouteConfig& root, const std::string& intervals);
QStringList activeIn(const config::RouteConfig& root, const std::string& intervals);

/// Null: there is none.
const config::RouteConfig* routeAt(const config::RouteConfig& root, const RoutePathTo& path);
config::RouteConfig* routeAt(config::RouteConfig& root, const RoutePathTo& path);
/// Of all routes, the root first, each before those under it.
std::vector<RoutePathTo> allPaths(const config::RouteConfig& root);
/// "Every alert", or the matchers.
QString routeText(const config::RouteConfig& route, const RoutePathTo& path);

} // namespace watchfire::ui
