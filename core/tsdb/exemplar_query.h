// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/model/exemplar.h"
#include "core/model/matcher.h"

#include <vector>

namespace watchfire::tsdb {

class StoreCore;

/// Exemplars in the range (both ends inclusive) of the series that one of the selections matches,
/// sorted by labels; those of a series ascend in time, and series without any are left out.
Result<std::vector<SeriesExemplars>>
findExemplars(StoreCore& core, const std::vector<Matchers>& selections, TimeRange range);

} // namespace watchfire::tsdb
