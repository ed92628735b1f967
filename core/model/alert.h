// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/model/labels.h"

#include <optional>
#include <string>

namespace watchfire {

enum class AlertState { inactive, pending, firing };

/// One alert as rules send it to the Alertmanager side.
struct Alert {
    Labels labels; ///< identity, alertname among them
    Labels annotations;
    Timestamp startsAt{};
    Timestamp endsAt{}; ///< in the past: resolved; the epoch: not known
    std::string generatorUrl;
    Timestamp updatedAt{};

    bool isResolvedAt(Timestamp now) const { return endsAt != Timestamp{} && endsAt <= now; }
    friend bool operator==(const Alert&, const Alert&) = default;
};

} // namespace watchfire
