// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/receiver_edits.h"

#include "ui/models/format.h"

#include <algorithm>
#include <cstddef>

#include <QCoreApplication>

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::ReceiverEdits)
};

auto named(config::Config& config, const std::string& name)
{
    return std::ranges::find(config.alertmanager.receivers, name, &config::ReceiverConfig::name);
}

void rename(config::RouteConfig& route, const std::string& from, const std::string& to)
{
    if (route.receiver == from) {
        route.receiver = to;
    }
    for (config::RouteConfig& child : route.routes) {
        rename(child, from, to);
    }
}

ConfigChange insert(const config::ReceiverConfig& receiver, std::size_t position)
{
    return [receiver, position](config::Config& config) {
        auto& receivers = config.alertmanager.receivers;
        if (named(config, receiver.name) == receivers.end()) {
            receivers.insert(
                receivers.begin() + std::ptrdiff_t(std::min(position, receivers.size())), receiver);
        }
    };
}

ConfigChange remove(const std::string& name)
{
    return [name](config::Config& config) {
        std::erase_if(config.alertmanager.receivers,
                      [&](const config::ReceiverConfig& each) { return each.name == name; });
    };
}

ConfigChange replace(const std::string& name, const config::ReceiverConfig& receiver)
{
    return [name, receiver](config::Config& config) {
        const auto found = named(config, name);
        if (found != config.alertmanager.receivers.end()) {
            *found = receiver;
            rename(config.alertmanager.route, name, receiver.name);
        }
    };
}

void collect(const config::RouteConfig& route, bool isRoot, const std::string& receiver,
             QStringList& out)
{
    if (route.receiver == receiver) {
        out << (isRoot                       ? Words::tr("every alert")
                    : route.matchers.empty() ? Words::tr("whatever comes to a route")
                                             : matchersText(route.matchers));
    }
    for (const config::RouteConfig& child : route.routes) {
        collect(child, false, receiver, out);
    }
}

} // namespace

void addReceiver(Edits& edits, const config::ReceiverConfig& receiver, QObject* context,
                 Edits::Done done)
{
    edits.changeConfig(Edits::tr("Receiver %1 added").arg(fromUtf8(receiver.name)),
                       insert(receiver, std::size_t(-1)), remove(receiver.name), context,
                       std::move(done));
}

void changeReceiver(Edits& edits, const config::ReceiverConfig& from,
                    const config::ReceiverConfig& to, QObject* context, Edits::Done done)
{
    edits.changeConfig(Edits::tr("Receiver %1 changed").arg(fromUtf8(to.name)),
                       replace(from.name, to), replace(to.name, from), context, std::move(done));
}

void removeReceiver(Edits& edits, const config::Config& config, const std::string& name,
                    QObject* context, Edits::Done done)
{
    const auto& receivers = config.alertmanager.receivers;
    const auto found = std::ranges::find(receivers, name, &config::ReceiverConfig::name);
    if (found == receivers.end()) {
        return;
    }
    edits.changeConfig(Edits::tr("Receiver %1 deleted").arg(fromUtf8(name)), remove(name),
                       insert(*found, std::size_t(found - receivers.begin())), context,
                       std::move(done));
}

QStringList routesTo(const config::RouteConfig& root, const std::string& receiver)
{
    QStringList routes;
    collect(root, true, receiver, routes);
    return routes;
}

} // namespace watchfire::ui
