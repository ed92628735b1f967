// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/dispatcher.h"
#include "core/alerting/silences.h"
#include "core/engine/alerting_state.h"

namespace watchfire::runtime {

/// A silence as the door shows it, without what it mutes.
engine::SilenceStatus silenceStatus(const alerting::Silence& silence, Timestamp now);

/// What `request` asks of the Alertmanager's side at this moment.
engine::AlertingState alertingState(const engine::AlertingRequest& request,
                                    const alerting::Dispatcher& dispatcher,
                                    const alerting::Silences& silences, Timestamp now);

} // namespace watchfire::runtime
