// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/edits.h"

#include <string>

#include <QStringList>

/// The undoable changes of receivers. `done` as in Edits::changeConfig.
namespace watchfire::ui {

void addReceiver(Edits& edits, const config::ReceiverConfig& receiver, QObject* context,
                 Edits::Done done);
/// Finds the receiver by the name it had. Routes follow a new name.
void changeReceiver(Edits& edits, const config::ReceiverConfig& from,
                    const config::ReceiverConfig& to, QObject* context, Edits::Done done);
/// Undo puts it back where it stood. Routes must not name it (`routesTo`): the engine refuses.
void removeReceiver(Edits& edits, const config::Config& config, const std::string& name,
                    QObject* context, Edits::Done done);

/// The routes that name the receiver, in the tree's order: "every alert" for the root, else their
/// matchers.
QStringList routesTo(const config::RouteConfig& root, const std::string& receiver);

} // namespace watchfire::ui
