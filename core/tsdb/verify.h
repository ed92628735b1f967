// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/tsdb/damage.h"

#include <cstdint>
#include <vector>

namespace watchfire::tsdb {

class StoreCore;

struct VerifyReport {
    std::uint64_t values = 0;
    std::uint64_t bytes = 0;
    std::vector<Damage> damage;
};

enum class VerifyDepth {
    everything,
    index ///< all but strips, timelines and blocks, whose damage is met when they are read
};

/// Reads every value of the store and decodes what it holds: checksums, columns, the index. In
/// read transactions of a few seconds each, beside a running engine too; what is written
/// meanwhile may be seen or not. First the pages of LMDB (page_check.h): where they are damaged
/// nothing else is looked at.
Result<VerifyReport> verifyStore(StoreCore& core, VerifyDepth depth = VerifyDepth::everything);

} // namespace watchfire::tsdb
