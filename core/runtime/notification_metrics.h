// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/notifier/send_queue.h"

#include <string>
#include <utility>
#include <vector>
#include <watchfire/client/snapshot.h>

namespace watchfire::runtime {

/// What became of alerts for each other Alertmanager, by its URL.
using NotificationFigures = std::vector<std::pair<std::string, notifier::SendCounts>>;

/// Appends the families prometheus_notifications_…, with the names and the label that Prometheus
/// gives them, so that its dashboards and rules hold here.
/// Source: Prometheus 3, notifier/metric.go.
void appendNotificationMetrics(const NotificationFigures& figures,
                               std::vector<client::FamilySnapshot>& out);

} // namespace watchfire::runtime
