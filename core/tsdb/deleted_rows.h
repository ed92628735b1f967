// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/environment.h"

#include <cstdint>
#include <span>

namespace watchfire::tsdb {

/// Puts absentValue() where samples of that series were deleted: `values` stand at `times`,
/// ascending, ms since the epoch.
Result<void> maskDeletedRows(Txn& txn, Sid sid, std::span<const std::int64_t> times,
                             std::span<double> values);

} // namespace watchfire::tsdb
