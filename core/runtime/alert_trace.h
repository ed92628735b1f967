// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/dispatcher.h"
#include "core/engine/alert_trace.h"
#include "core/rules/manager.h"

#include <vector>

namespace watchfire::runtime {

/// Why the alert with these labels was told, or was not, as things stand at `now`.
engine::AlertTrace alertTrace(const Labels& labels,
                              const std::vector<rules::Manager::Picture>& groups,
                              const alerting::Dispatcher& dispatcher, Timestamp now);

} // namespace watchfire::runtime
