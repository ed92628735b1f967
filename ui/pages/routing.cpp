// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/routing.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <unordered_map>
#include <utility>

namespace watchfire::ui {

namespace {

void addNode(std::vector<RouteNode>& nodes, const config::RouteConfig& route,
             const RouteNode& above, std::size_t parent)
{
    RouteNode node = above;
    const std::size_t place = nodes.size();
    node.parent = parent;
    node.matchers = route.matchers;
    node.continues = route.continues;
    node.muteTimeIntervals = route.muteTimeIntervals;
    node.activeTimeIntervals = route.activeTimeIntervals;
    if (!route.receiver.empty()) {
        node.receiver = route.receiver;
    }
    if (route.groupByGiven) {
        node.groupBy = route.groupBy;
    }
    node.groupWait = route.groupWait.value_or(above.groupWait);
    node.groupInterval = route.groupInterval.value_or(above.groupInterval);
    node.repeatInterval = route.repeatInterval.value_or(above.repeatInterval);
    nodes.push_back(node);
    RouteNode inherited = node;
    ++inherited.depth;
    for (const config::RouteConfig& child : route.routes) {
        addNode(nodes, child, inherited, place);
    }
}

/// False: the node refuses the alert.
bool follow(const std::vector<RouteNode>& nodes, std::size_t at, const Labels& labels,
            RoutePath& path)
{
    if (!matchesAll(nodes[at].matchers, labels)) {
        return false;
    }
    path.passed[at] = true;
    bool isTaken = false;
    for (std::size_t child = at + 1; child < nodes.size() && nodes[child].depth > nodes[at].depth;
         ++child) {
        if (nodes[child].parent != at) {
            continue;
        }
        if (follow(nodes, child, labels, path)) {
            isTaken = true;
            if (!nodes[child].continues) {
                break;
            }
        }
    }
    if (!isTaken) {
        path.ends.push_back(at);
    }
    return true;
}

} // namespace

std::vector<RouteNode> routeNodes(const config::RouteConfig& root)
{
    RouteNode defaults;
    defaults.groupWait = std::chrono::seconds(30);
    defaults.groupInterval = std::chrono::minutes(5);
    defaults.repeatInterval = std::chrono::hours(4);
    std::vector<RouteNode> nodes;
    addNode(nodes, root, defaults, 0);
    return nodes;
}

RoutePath pathOf(const std::vector<RouteNode>& nodes, const Labels& labels)
{
    RoutePath path;
    path.passed.resize(nodes.size());
    if (!nodes.empty()) {
        follow(nodes, 0, labels, path);
    }
    return path;
}

InhibitionNow inhibitionNow(const config::InhibitRuleConfig& rule,
                            const std::vector<engine::AlertStatus>& alerts)
{
    const auto equalValues = [&rule](const Labels& labels) {
        std::string values;
        for (const std::string& name : rule.equal) {
            values += labels.get(name);
            values += '\0';
        }
        return values;
    };
    InhibitionNow now;
    // By the values that must be equal: whether one of the sources is no target itself.
    std::unordered_map<std::string, bool> sources;
    std::vector<std::pair<const engine::AlertStatus*, bool>> targets; // which may be sources, too
    for (const engine::AlertStatus& alert : alerts) {
        if (alert.state != AlertState::firing) {
            continue;
        }
        const bool isSource = matchesAll(rule.source, alert.labels);
        const bool isTarget = matchesAll(rule.target, alert.labels);
        if (isSource) {
            ++now.sources;
            sources[equalValues(alert.labels)] |= !isTarget;
        }
        if (isTarget) {
            targets.emplace_back(&alert, isSource);
        }
    }
    for (const auto& [alert, isSource] : targets) {
        // What matches both sides is not muted by its like, so that it cannot mute itself.
        const auto found = sources.find(equalValues(alert->labels));
        if (found != sources.end() && (!isSource || found->second)) {
            now.targets.push_back(alert);
        }
    }
    return now;
}

} // namespace watchfire::ui
