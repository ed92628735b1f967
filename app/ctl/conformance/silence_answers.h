// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/silences.h"

#include <string>
#include <string_view>

namespace watchfire::ctl {

/// What the API answers to a request about silences.
struct SilenceAnswer {
    int status = 200;
    std::string message; ///< of a refusal, JSON
    std::string id; ///< of the silence made or changed
};

/// POST /api/v2/silences
SilenceAnswer postSilence(alerting::Silences& silences, std::string_view body, Timestamp now);
/// DELETE /api/v2/silence/{id}
SilenceAnswer deleteSilence(alerting::Silences& silences, const std::string& id, Timestamp now);
/// GET /api/v2/silence/{id}
SilenceAnswer findSilence(const alerting::Silences& silences, const std::string& id);

} // namespace watchfire::ctl
