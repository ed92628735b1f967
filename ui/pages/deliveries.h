// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/engine/snapshots.h"

#include <map>
#include <string>
#include <vector>

namespace watchfire::ui {

/// How a receiver was told lately, as far as the engine's history goes back.
struct LastDelivery {
    Timestamp toldAt{}; ///< the epoch: not since the history begins
    Timestamp failedAt{}; ///< likewise
    std::string way; ///< of the failure: "slack/0"
    std::string failure; ///< its cause
    bool isFailing() const { return failedAt != Timestamp{} && failedAt >= toldAt; }
    friend bool operator==(const LastDelivery&, const LastDelivery&) = default;
};

/// By receiver, those of `receivers` that the history speaks of. `history`: newest first.
std::map<std::string, LastDelivery> lastDeliveries(const std::vector<engine::AlertEvent>& history,
                                                   const std::vector<std::string>& receivers);

} // namespace watchfire::ui
