// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/dispatcher.h"
#include "core/engine/snapshots.h"
#include "core/rules/manager.h"
#include "core/scrape/status.h"

#include <deque>
#include <memory>
#include <vector>

/// How the engines' own reports become the snapshots of the door.
namespace watchfire::runtime {

std::shared_ptr<engine::TargetsSnapshot> targetsSnapshot(const scrape::TargetList& list);

std::shared_ptr<const engine::RulesSnapshot>
rulesSnapshot(const std::vector<rules::Manager::Picture>& groups);

/// Alerts of the rules, then those of `posted` that no rule has: they have no group and no
/// expression, and their name stands for the rule.
std::shared_ptr<const engine::AlertsSnapshot>
alertsSnapshot(const std::vector<rules::Manager::Picture>& groups, const std::vector<Alert>& posted,
               const alerting::Dispatcher& dispatcher, const alerting::Silences& silences,
               const std::deque<engine::AlertEvent>& history, Timestamp now);

/// What changed between two rounds of alerts, as events of the history: newest last.
std::vector<engine::AlertEvent> alertEvents(const engine::AlertsSnapshot& before,
                                            const engine::AlertsSnapshot& after, Timestamp now);

} // namespace watchfire::runtime
