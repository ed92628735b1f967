// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/alertmanager.h"
#include "core/model/alert.h"

namespace watchfire::api {

/// What a body of POST /api/v2/alerts holds.
struct AlertBody {
    std::vector<Alert> alerts; ///< the good ones
    std::string complaint; ///< of the others, a line each; empty: all are good
};

/// Refused with status 422 where an alert lacks its labels or its generatorURL is none, 400 where
/// the body cannot be read. A start that is not given is the end or else `now`, an end that is not
/// given comes after `resolveTimeout`.
///
/// Source: Alertmanager's OpenAPI description, postableAlerts; recorded answers of 0.33.
OrRefusal<AlertBody> readAlerts(const encoding::JsonValue& body, Timestamp now,
                                std::chrono::milliseconds resolveTimeout);

} // namespace watchfire::api
