// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/route.h"

#include <algorithm>

namespace watchfire::alerting {

namespace {

std::unique_ptr<Route> build(const config::RouteConfig& config, const Route* parent)
{
    auto route = std::make_unique<Route>();
    if (parent != nullptr) {
        route->receiver = parent->receiver;
        route->groupBy = parent->groupBy;
        route->groupByAll = parent->groupByAll;
        route->groupWait = parent->groupWait;
        route->groupInterval = parent->groupInterval;
        route->repeatInterval = parent->repeatInterval;
        route->key = parent->key + "/";
        route->routeLabels = parent->routeLabels;
    }
    route->key += "{";
    for (const Matcher& matcher : config.matchers) {
        route->key += (route->key.back() == '{' ? "" : ",") + matcher.toString();
    }
    route->key += "}";
    if (!config.receiver.empty()) {
        route->receiver = config.receiver;
    }
    if (config.groupByGiven || !config.groupBy.empty()) {
        route->groupByAll = std::ranges::contains(config.groupBy, "...");
        route->groupBy = route->groupByAll ? std::vector<std::string>{} : config.groupBy;
    }
    route->matchers = config.matchers;
    route->continues = config.continues;
    route->groupWait = config.groupWait.value_or(route->groupWait);
    route->groupInterval = config.groupInterval.value_or(route->groupInterval);
    route->repeatInterval = config.repeatInterval.value_or(route->repeatInterval);
    route->muteTimeIntervals = config.muteTimeIntervals; // these are not inherited
    route->activeTimeIntervals = config.activeTimeIntervals;
    for (const auto& [name, text] : config.labels) {
        const auto known
            = std::ranges::find(route->routeLabels, name, &config::NamedTexts::value_type::first);
        if (known != route->routeLabels.end()) {
            known->second = text;
        } else {
            route->routeLabels.emplace_back(name, text);
        }
    }
    for (std::size_t i = 0; i < config.routes.size(); ++i) {
        auto child = build(config.routes[i], route.get());
        child->key += "/" + std::to_string(i); // two siblings may have the same matchers
        route->children.push_back(std::move(child));
    }
    return route;
}

} // namespace

std::vector<const Route*> Route::match(const Labels& labels) const
{
    if (!matchesAll(matchers, labels)) {
        return {};
    }
    std::vector<const Route*> found;
    for (const auto& child : children) {
        const auto matched = child->match(labels);
        found.insert(found.end(), matched.begin(), matched.end());
        if (!matched.empty() && !child->continues) {
            break;
        }
    }
    if (found.empty()) {
        found.push_back(this);
    }
    return found;
}

Labels Route::groupLabels(const Labels& labels) const
{
    if (groupByAll) {
        return labels;
    }
    std::vector<std::string> names = groupBy;
    std::ranges::sort(names);
    return labels.keepOnly(names);
}

std::unique_ptr<Route> buildRoute(const config::RouteConfig& root)
{
    return build(root, nullptr);
}

} // namespace watchfire::alerting
