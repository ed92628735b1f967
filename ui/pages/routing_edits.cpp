// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/routing_edits.h"

#include "ui/models/format.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

namespace watchfire::ui {

namespace {

using config::AlertmanagerConfig;
using config::NamedIntervalsConfig;
using config::RouteConfig;

using Change = std::function<void(AlertmanagerConfig&)>;

/// What an edit found and what it left.
struct Noted {
    RouteConfig routeBefore;
    RouteConfig routeAfter;
    std::vector<NamedIntervalsConfig> intervalsBefore;
    std::vector<NamedIntervalsConfig> intervalsAfter;
};

void make(Edits& edits, const QString& text, const Change& apply, const Change& inverse,
          QObject* context, Edits::Done done)
{
    const auto noted = std::make_shared<Noted>();
    edits.changeConfig(
        text,
        [apply, noted](config::Config& config) {
            AlertmanagerConfig& into = config.alertmanager;
            noted->routeBefore = into.route;
            noted->intervalsBefore = into.timeIntervals;
            apply(into);
            noted->routeAfter = into.route;
            noted->intervalsAfter = into.timeIntervals;
        },
        [inverse, noted](config::Config& config) {
            AlertmanagerConfig& from = config.alertmanager;
            if (from.route == noted->routeAfter && from.timeIntervals == noted->intervalsAfter) {
                from.route = noted->routeBefore;
                from.timeIntervals = noted->intervalsBefore;
            } else {
                inverse(from);
            }
        },
        context, std::move(done));
}

std::vector<RouteConfig>* siblingsOf(RouteConfig& root, const RoutePathTo& path)
{
    if (path.empty()) {
        return nullptr;
    }
    RouteConfig* const parent = routeAt(root, RoutePathTo(path.begin(), path.end() - 1));
    return parent == nullptr ? nullptr : &parent->routes;
}

void insertAt(RouteConfig& root, const RoutePathTo& path, const RouteConfig& route)
{
    if (auto* const siblings = siblingsOf(root, path)) {
        siblings->insert(
            siblings->begin() + std::ptrdiff_t(std::min(path.back(), siblings->size())), route);
    }
}

void removeAt(RouteConfig& root, const RoutePathTo& path, const RouteConfig& route)
{
    auto* const siblings = siblingsOf(root, path);
    if (siblings != nullptr && path.back() < siblings->size()
        && (*siblings)[path.back()] == route) {
        siblings->erase(siblings->begin() + std::ptrdiff_t(path.back()));
    }
}

Change setting(const RoutePathTo& path, const RouteConfig& from, const RouteConfig& to)
{
    return [path, from = ownOf(from), to](AlertmanagerConfig& config) {
        RouteConfig* const found = routeAt(config.route, path);
        if (found != nullptr && ownOf(*found) == from) {
            std::vector<RouteConfig> below = std::move(found->routes);
            *found = to;
            found->routes = std::move(below);
        }
    };
}

Change moving(const RoutePathTo& path, const RouteConfig& route, int by)
{
    return [path, route, by](AlertmanagerConfig& config) {
        auto* const siblings = siblingsOf(config.route, path);
        const auto to = std::ptrdiff_t(path.back()) + by;
        if (siblings == nullptr || to < 0 || to >= std::ptrdiff_t(siblings->size())
            || path.back() >= siblings->size() || (*siblings)[path.back()] != route) {
            return;
        }
        siblings->erase(siblings->begin() + std::ptrdiff_t(path.back()));
        siblings->insert(siblings->begin() + to, route);
    };
}

QString nameOf(const RouteConfig& route, const RoutePathTo& path)
{
    return routeText(route, path);
}

void rename(RouteConfig& route, const std::string& from, const std::string& to)
{
    std::ranges::replace(route.muteTimeIntervals, from, to);
    std::ranges::replace(route.activeTimeIntervals, from, to);
    for (RouteConfig& child : route.routes) {
        rename(child, from, to);
    }
}

void put(AlertmanagerConfig& into, const std::string& old, const NamedIntervalsConfig& intervals,
         const std::optional<QuietScope>& scope)
{
    const auto found = std::ranges::find(into.timeIntervals, old, &NamedIntervalsConfig::name);
    if (old.empty()) {
        into.timeIntervals.push_back(intervals);
    } else if (found != into.timeIntervals.end()) {
        *found = intervals;
        rename(into.route, old, intervals.name);
    } else {
        return;
    }
    if (scope) {
        unmuteRoutes(into, intervals.name);
        muteRoutes(into, intervals.name, *scope);
    }
}

void erase(AlertmanagerConfig& from, const std::string& name)
{
    unmuteRoutes(from, name);
    std::erase_if(from.timeIntervals,
                  [&](const NamedIntervalsConfig& each) { return each.name == name; });
}

} // namespace

config::RouteConfig ownOf(config::RouteConfig route)
{
    route.routes.clear();
    return route;
}

void addRoute(Edits& edits, const RoutePathTo& parent, const config::RouteConfig& route,
              QObject* context, Edits::Done done)
{
    make(
        edits, Edits::tr("Route %1 added").arg(nameOf(route, {0})),
        [parent, route](AlertmanagerConfig& config) {
            if (RouteConfig* const above = routeAt(config.route, parent)) {
                above->routes.push_back(route);
            }
        },
        [parent, route](AlertmanagerConfig& config) {
            RouteConfig* const above = routeAt(config.route, parent);
            const auto found = above == nullptr ? std::vector<RouteConfig>::iterator()
                                                : std::ranges::find(above->routes, route);
            if (above != nullptr && found != above->routes.end()) {
                above->routes.erase(found);
            }
        },
        context, std::move(done));
}

void changeRoute(Edits& edits, const RoutePathTo& path, const config::RouteConfig& from,
                 const config::RouteConfig& to, QObject* context, Edits::Done done)
{
    make(edits, Edits::tr("Route %1 changed").arg(nameOf(to, path)), setting(path, from, to),
         setting(path, to, from), context, std::move(done));
}

void removeRoute(Edits& edits, const RoutePathTo& path, const config::RouteConfig& route,
                 QObject* context, Edits::Done done)
{
    make(
        edits, Edits::tr("Route %1 deleted").arg(nameOf(route, path)),
        [path, route](AlertmanagerConfig& config) { removeAt(config.route, path, route); },
        [path, route](AlertmanagerConfig& config) { insertAt(config.route, path, route); }, context,
        std::move(done));
}

void moveRoute(Edits& edits, const RoutePathTo& path, const config::RouteConfig& route, int by,
               QObject* context, Edits::Done done)
{
    RoutePathTo moved = path;
    moved.back() = std::size_t(std::ptrdiff_t(path.back()) + by);
    make(edits, Edits::tr("Route %1 moved").arg(nameOf(route, path)), moving(path, route, by),
         moving(moved, route, -by), context, std::move(done));
}

void putQuietHours(Edits& edits, const std::string& old,
                   const config::NamedIntervalsConfig& intervals,
                   const std::optional<QuietScope>& scope, QObject* context, Edits::Done done)
{
    const QString name = fromUtf8(intervals.name);
    const auto before = std::make_shared<std::optional<NamedIntervalsConfig>>();
    const auto scopeBefore = std::make_shared<std::optional<QuietScope>>();
    make(
        edits,
        old.empty() ? Edits::tr("Quiet hours %1 added").arg(name)
                    : Edits::tr("Quiet hours %1 changed").arg(name),
        [=](AlertmanagerConfig& config) {
            const auto found
                = std::ranges::find(config.timeIntervals, old, &NamedIntervalsConfig::name);
            before->reset();
            if (found != config.timeIntervals.end()) {
                *before = *found;
                *scopeBefore = scopeOf(config, old);
            }
            put(config, old, intervals, scope);
        },
        [=](AlertmanagerConfig& config) {
            if (*before) {
                put(config, intervals.name, **before, scope ? *scopeBefore : std::nullopt);
            } else {
                erase(config, intervals.name);
            }
        },
        context, std::move(done));
}

void removeQuietHours(Edits& edits, const config::Config& config, const std::string& name,
                      QObject* context, Edits::Done done)
{
    const auto& all = config.alertmanager.timeIntervals;
    const auto found = std::ranges::find(all, name, &NamedIntervalsConfig::name);
    if (found == all.end()) {
        return;
    }
    make(
        edits, Edits::tr("Quiet hours %1 deleted").arg(fromUtf8(name)),
        [name](AlertmanagerConfig& from) { erase(from, name); },
        [intervals = *found, scope = scopeOf(config.alertmanager, name)](AlertmanagerConfig& into) {
            into.timeIntervals.push_back(intervals);
            if (scope) {
                muteRoutes(into, intervals.name, *scope);
            }
        },
        context, std::move(done));
}

} // namespace watchfire::ui
