// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/silences.h"
#include "core/base/clock.h"

#include <optional>
#include <string>
#include <string_view>

namespace watchfire::alerting {

/// What Alertmanager's API v2 answers to a request about silences.
struct SilenceAnswer {
    int status = 200;
    std::string message; ///< of a refusal
    std::string id; ///< of the silence made or changed
};

/// POST /silences: creates or changes one. 422 for a body that lacks what it must have, 400 for
/// one that makes no sense, 404 for an unknown id.
///
/// Source: Alertmanager's OpenAPI description, postableSilence; recorded answers of 0.33.
SilenceAnswer postSilence(Silences& silences, std::string_view body, Timestamp now);
/// DELETE /silence/{id}. One that is over already stays so: 200.
SilenceAnswer deleteSilence(Silences& silences, const std::string& id, Timestamp now);
/// GET /silence/{id}: whether there is one. 422 for what is no UUID, 404 for an unknown one.
SilenceAnswer findSilence(const Silences& silences, const std::string& id);

/// A time of RFC 3339, to the millisecond. Nothing: it is none.
std::optional<Timestamp> parseRfc3339(std::string_view text);

} // namespace watchfire::alerting
