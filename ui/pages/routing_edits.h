// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/edits.h"
#include "ui/pages/quiet_routes.h"

#include <optional>
#include <string>

/// The undoable changes of routes and of quiet hours. `done` as in Edits::changeConfig. Undo puts
/// the tree back as it was; where somebody changed it meanwhile, it takes back what it can name.
namespace watchfire::ui {

/// Under the route at `parent`, as its last; its own `routes` are not looked at.
void addRoute(Edits& edits, const RoutePathTo& parent, const config::RouteConfig& route,
              QObject* context, Edits::Done done);
/// The route at `path`, where it still says `from`; what is under it stays.
void changeRoute(Edits& edits, const RoutePathTo& path, const config::RouteConfig& from,
                 const config::RouteConfig& to, QObject* context, Edits::Done done);
/// With what is under it, where it still says `route`.
void removeRoute(Edits& edits, const RoutePathTo& path, const config::RouteConfig& route,
                 QObject* context, Edits::Done done);
/// Past `by` siblings: an alert is taken by the first that fits.
void moveRoute(Edits& edits, const RoutePathTo& path, const config::RouteConfig& route, int by,
               QObject* context, Edits::Done done);

/// `old`: the name of the interval that is changed, empty: a new one. `scope`: nothing leaves the
/// routes as they are, but for the name.
void putQuietHours(Edits& edits, const std::string& old,
                   const config::NamedIntervalsConfig& intervals,
                   const std::optional<QuietScope>& scope, QObject* context, Edits::Done done);
/// Routes that tell only then must not name it: the engine refuses.
void removeQuietHours(Edits& edits, const config::Config& config, const std::string& name,
                      QObject* context, Edits::Done done);

/// The route without what is under it, to compare what it says itself.
config::RouteConfig ownOf(config::RouteConfig route);

} // namespace watchfire::ui
