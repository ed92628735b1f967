// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/desktop.h"

#include <cstdint>
#include <string>

namespace watchfire::alerting {

/// The body of a webhook, version 4, with at most `maxAlerts` alerts (0: all) and the number of
/// those left out. What all have in common is said of all. Labels of the route, where there are
/// any, are written as they stand.
/// Source: Alertmanager documentation, webhook_config.
std::string webhookBody(const Notification& notification, std::uint64_t maxAlerts = 0);

} // namespace watchfire::alerting
