// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/codec/block.h"
#include "core/tsdb/codec/timeline.h"
#include "core/tsdb/environment.h"

#include <functional>
#include <optional>

namespace watchfire::tsdb {

// A group is sealed in a window when `lines` has its timeline there: then its blocks hold what
// they hold, and strips of that group and window are younger additions. Blocks without a
// timeline are what an interrupted seal left, and are not read.

/// The timeline's value; nothing: the group is not sealed in that window.
std::optional<ByteView> sealedLine(Txn& txn, Window window, Gid gid);

/// Visits the group's timelines in windows of the range, by window. The visitor returns false to
/// end.
Result<void> visitLines(Txn& txn, Gid gid, std::int64_t fromMs, std::int64_t toMs,
                        const std::function<bool(Window window, ByteView value)>& visit);

/// A block and the key it stands under.
struct BlockValue {
    Sid firstSid = 0;
    ByteView value;
};
/// The block of that window in which the series would stand; nothing: there is none before it.
/// Whether the series is in it, its directory tells.
std::optional<BlockValue> blockOf(Cursor& blocks, Window window, Sid sid);

} // namespace watchfire::tsdb
