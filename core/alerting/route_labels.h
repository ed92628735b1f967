// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/templates.h"
#include "core/config/receivers.h"
#include "core/ports/desktop.h"

namespace watchfire::alerting {

/// The labels of the notification's route with their templates carried out; they may refer to each
/// other with `routeLabels`. One that fails, or refers to itself in the end, is left out and
/// logged. The reason of the notification is "unknown" to them.
///
/// Source: Alertmanager 0.34 documentation, "Configuration", route, labels.
config::NamedTexts renderedRouteLabels(const NotificationTemplates& templates,
                                       const Notification& notification, Timestamp now);

} // namespace watchfire::alerting
