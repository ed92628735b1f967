// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/alert.h"

#include <span>
#include <string>

namespace watchfire::notifier {

/// The alerts as POST /api/v2/alerts takes them; times in UTC with milliseconds.
/// Source: Alertmanager, api/v2/openapi.yaml, postableAlerts.
std::string alertBody(std::span<const Alert> alerts);

} // namespace watchfire::notifier
