// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/route.h"
#include "core/model/alert.h"

#include <string>

/// What the parts of the dispatcher share; not a header for others.
namespace watchfire::alerting {

/// Names a group of a route.
std::string groupKeyOf(const Route& route, const Labels& groupLabels);
/// Names what the notification log knows of a group and an integration.
std::string logKeyOf(const std::string& groupKey, const std::string& receiver,
                     const std::string& integration);

/// By job, then instance, where there is one; then by all labels.
/// Source: Alertmanager 0.33, order of alerts in notifications.
bool isToldBefore(const Alert& a, const Alert& b);

} // namespace watchfire::alerting
