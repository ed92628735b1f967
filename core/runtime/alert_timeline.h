// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/engine/alert_trace.h"
#include "core/storage/querier.h"

#include <stop_token>
#include <vector>

namespace watchfire::runtime {

/// When alerts were in which state, from the ALERTS series of the store. A series that nobody
/// wrote for more than five minutes was not in that state meanwhile (the program was not running);
/// its stretch ends with the last sample before. Cancelled through `stop`.
Result<std::vector<engine::AlertSpan>> alertTimeline(storage::Querier& querier,
                                                     const engine::AlertTimelineRequest& request,
                                                     const std::stop_token& stop);

} // namespace watchfire::runtime
