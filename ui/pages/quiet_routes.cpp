// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/quiet_routes.h"

#include "ui/models/format.h"

#include <algorithm>
#include <functional>
#include <utility>

#include <QCoreApplication>

namespace watchfire::ui {

namespace {

using config::RouteConfig;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::QuietRoutes)
};

const Matchers& critical()
{
    static const Matchers matchers{Matcher::equal("severity", "critical")};
    return matchers;
}

bool isOnlyCritical(const RouteConfig& route)
{
    return std::ranges::contains(route.matchers, critical().front());
}

/// The route that lets critical alerts of `parent` through, which had those children before.
RouteConfig letThrough(const RouteConfig& parent, const std::vector<RouteConfig>& children)
{
    RouteConfig out;
    out.matchers = critical();
    out.activeTimeIntervals = parent.activeTimeIntervals; // they are not inherited
    // An alert that only routes with `continue` take does not come to the parent itself. What
    // stands behind them would take it, too; so it is led past all of them.
    if (std::ranges::any_of(children, &RouteConfig::continues)) {
        out.routes = children;
    }
    return out;
}

/// Nothing but the matchers and what is under it.
bool isPlain(const RouteConfig& route)
{
    RouteConfig bare;
    bare.matchers = route.matchers;
    bare.routes = route.routes;
    return route == bare;
}

struct Mute {
    std::string intervals;
    std::function<bool(const std::string& receiver)> isMeant;
    bool letsCritical = true;
};

void mute(RouteConfig& route, const Mute& how, const std::string& receiverAbove)
{
    if (how.letsCritical && isOnlyCritical(route)) {
        return;
    }
    const std::string receiver = route.receiver.empty() ? receiverAbove : route.receiver;
    const std::vector<RouteConfig> before = route.routes;
    for (RouteConfig& child : route.routes) {
        mute(child, how, receiver);
    }
    if (!how.isMeant(receiver) || std::ranges::contains(route.muteTimeIntervals, how.intervals)) {
        return;
    }
    route.muteTimeIntervals.push_back(how.intervals);
    const bool lets = std::ranges::contains(route.routes, critical(), &RouteConfig::matchers);
    if (how.letsCritical && !lets) {
        RouteConfig through = letThrough(route, before);
        route.routes.insert(through.routes.empty() ? route.routes.end() : route.routes.begin(),
                            std::move(through));
    }
}

/// Makes the root take nothing itself, so that all it takes can be muted.
void wrap(RouteConfig& root)
{
    const bool isWrapped = std::ranges::any_of(
        root.routes, [](const RouteConfig& child) { return child.matchers.empty(); });
    if (!isWrapped) {
        RouteConfig all;
        all.routes = std::move(root.routes);
        root.routes = {std::move(all)};
    }
}

/// Whether the root itself was muted by it.
bool unmute(RouteConfig& route, const std::string& intervals)
{
    const bool wasMute = std::erase(route.muteTimeIntervals, intervals) > 0;
    for (RouteConfig& child : route.routes) {
        unmute(child, intervals);
    }
    if (wasMute && route.muteTimeIntervals.empty()) {
        const auto through = std::ranges::find(route.routes, critical(), &RouteConfig::matchers);
        if (through != route.routes.end()) {
            std::vector<RouteConfig> others = route.routes;
            others.erase(others.begin() + (through - route.routes.begin()));
            if (*through == letThrough(route, others)) {
                route.routes = std::move(others);
            }
        }
    }
    return wasMute;
}

void collect(const RouteConfig& route, const RoutePathTo& path, const std::string& intervals,
             std::vector<std::string> RouteConfig::* member, QStringList& out)
{
    if (std::ranges::contains(route.*member, intervals)) {
        out << routeText(route, path);
    }
    for (std::size_t i = 0; i < route.routes.size(); ++i) {
        RoutePathTo below = path;
        below.push_back(i);
        collect(route.routes[i], below, intervals, member, out);
    }
}

void addPaths(const RouteConfig& route, const RoutePathTo& path, std::vector<RoutePathTo>& out)
{
    out.push_back(path);
    for (std::size_t i = 0; i < route.routes.size(); ++i) {
        RoutePathTo below = path;
        below.push_back(i);
        addPaths(route.routes[i], below, out);
    }
}

/// The receiver of what is above the route at that path.
std::string receiverAbove(const RouteConfig& root, const RoutePathTo& path)
{
    const RouteConfig* at = &root;
    std::string receiver = root.receiver;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        at = &at->routes[path[i]];
        receiver = at->receiver.empty() ? receiver : at->receiver;
    }
    return receiver;
}

} // namespace

void muteRoutes(config::AlertmanagerConfig& config, const std::string& intervals,
                const QuietScope& scope)
{
    RouteConfig& root = config.route;
    Mute how{intervals, [](const std::string&) { return true; }, scope.letsCritical};
    if (scope.what == QuietScope::What::route && !scope.route.empty()) {
        if (RouteConfig* const route = routeAt(root, scope.route)) {
            mute(*route, how, receiverAbove(root, scope.route));
        }
        return;
    }
    if (scope.what == QuietScope::What::desktop) {
        how.isMeant = [&config](const std::string& receiver) {
            return std::ranges::any_of(config.receivers, [&](const config::ReceiverConfig& each) {
                return each.desktop && each.name == receiver;
            });
        };
    }
    if (how.isMeant(root.receiver)) {
        wrap(root);
    }
    for (RouteConfig& child : root.routes) {
        mute(child, how, root.receiver);
    }
}

void unmuteRoutes(config::AlertmanagerConfig& config, const std::string& intervals)
{
    RouteConfig& root = config.route;
    const bool isOne = root.routes.size() == 1 && root.routes.front().matchers.empty();
    bool wasMute = false;
    for (RouteConfig& child : root.routes) {
        wasMute = unmute(child, intervals) || wasMute;
    }
    if (isOne && wasMute && isPlain(root.routes.front())) {
        std::vector<RouteConfig> inner = std::move(root.routes.front().routes);
        root.routes = std::move(inner);
    }
}

std::optional<QuietScope> scopeOf(const config::AlertmanagerConfig& config,
                                  const std::string& intervals)
{
    const QStringList muted = mutedIn(config.route, intervals);
    if (muted.isEmpty()) {
        return std::nullopt;
    }
    config::AlertmanagerConfig without;
    without.receivers = config.receivers;
    without.route = config.route;
    unmuteRoutes(without, intervals);
    const auto makes = [&](const QuietScope& scope) {
        config::AlertmanagerConfig again = without;
        muteRoutes(again, intervals, scope);
        return again.route == config.route;
    };
    using What = QuietScope::What;
    std::vector<QuietScope> candidates{{What::everything, {}, true},
                                       {What::everything, {}, false},
                                       {What::desktop, {}, true},
                                       {What::desktop, {}, false}};
    for (const RoutePathTo& path : allPaths(without.route)) {
        // Only what is mute can have been meant; trying each of many routes takes long.
        if (!path.empty() && muted.contains(routeText(*routeAt(without.route, path), path))) {
            candidates.push_back({What::route, path, true});
            candidates.push_back({What::route, path, false});
        }
    }
    const auto found = std::ranges::find_if(candidates, makes);
    return found == candidates.end() ? std::nullopt : std::optional(*found);
}

QStringList mutedIn(const config::RouteConfig& root, const std::string& intervals)
{
    QStringList out;
    collect(root, {}, intervals, &RouteConfig::muteTimeIntervals, out);
    return out;
}

QStringList activeIn(const config::RouteConfig& root, const std::string& intervals)
{
    QStringList out;
    collect(root, {}, intervals, &RouteConfig::activeTimeIntervals, out);
    return out;
}

const config::RouteConfig* routeAt(const config::RouteConfig& root, const RoutePathTo& path)
{
    const RouteConfig* at = &root;
    for (const std::size_t place : path) {
        if (place >= at->routes.size()) {
            return nullptr;
        }
        at = &at->routes[place];
    }
    return at;
}

config::RouteConfig* routeAt(config::RouteConfig& root, const RoutePathTo& path)
{
    return const_cast<RouteConfig*>(routeAt(std::as_const(root), path));
}

std::vector<RoutePathTo> allPaths(const config::RouteConfig& root)
{
    std::vector<RoutePathTo> out;
    addPaths(root, {}, out);
    return out;
}

QString routeText(const config::RouteConfig& route, const RoutePathTo& path)
{
    return path.empty()          ? Words::tr("every alert")
        : route.matchers.empty() ? Words::tr("all the rest")
                                 : matchersText(route.matchers);
}

} // namespace watchfire::ui
