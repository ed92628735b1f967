// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/codec/journal_frame.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace watchfire::tsdb {

/// When the counters of a row started, by position, ascending; those that are known. Rows in a row
/// mostly have the same, and share it. Null: none is known.
using StartList = std::vector<PositionedStart>;
using StartListPtr = std::shared_ptr<const StartList>;

/// ms since the epoch; 0: unknown.
std::int64_t startAt(const StartListPtr& starts, std::uint32_t position);

/// With these instead of what was there; 0 takes one away. `changes` ascend by position.
StartListPtr withStarts(const StartListPtr& before, std::span<const PositionedStart> changes);

/// What makes of `before` the starts of the next row, which brings `known` (ascending, none 0).
/// Of positions for which `hasSample` is false nothing is said: what was known of them stays.
StartList startChanges(const StartListPtr& before, std::span<const PositionedStart> known,
                       const std::function<bool(std::uint32_t position)>& hasSample);

} // namespace watchfire::tsdb
