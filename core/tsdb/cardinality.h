// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/cardinality.h"

#include <cstddef>

namespace watchfire::tsdb {

class StoreCore;

/// Counts from the postings, without a look at any label set; `limit` is how many of each list
/// are kept. Series that no commit has written yet are in the totals only.
Result<CardinalityReport> countCardinality(StoreCore& core, std::size_t limit);

} // namespace watchfire::tsdb
