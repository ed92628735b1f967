// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "core/model/alert.h"

#include <span>

namespace watchfire::alerting {

/// Whether an alert with these labels is kept quiet by a firing source among `alerts`. A source
/// that matches both sides of a rule does not silence targets that do so too.
///
/// Source: Alertmanager documentation, "Inhibition-related settings".
bool isInhibited(const Labels& labels, std::span<const config::InhibitRuleConfig> rules,
                 std::span<const Alert> alerts, Timestamp now);

} // namespace watchfire::alerting
