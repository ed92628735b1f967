// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/seal/sealed_window.h"

#include <algorithm>

namespace watchfire::tsdb {

std::optional<ByteView> sealedLine(Txn& txn, Window window, Gid gid)
{
    return txn.get(Table::lines, Key().be32(window).be32(gid));
}

Result<void> visitLines(Txn& txn, Gid gid, std::int64_t fromMs, std::int64_t toMs,
                        const std::function<bool(Window window, ByteView value)>& visit)
{
    const Window last = windowOf(toMs);
    Cursor cursor(txn, Table::lines);
    Window window = windowOf(fromMs);
    while (window <= last && cursor.seek(Key().be32(window).be32(gid))) {
        if (cursor.key().size() != 8) {
            return fail(ErrorKind::corrupt, "broken key of a timeline");
        }
        // Where the cursor stands tells which windows are empty.
        const Window at = be32At(cursor.key(), 0);
        const Gid found = be32At(cursor.key(), 4);
        if (at == window && found == gid && !visit(window, cursor.value())) {
            break;
        }
        const bool mayBeHere = at > window && found <= gid;
        if (!mayBeHere && at == ~Window{0}) {
            break;
        }
        window = mayBeHere ? at : at + 1;
    }
    return cursor.result(txn.environment());
}

std::optional<BlockValue> blockOf(Cursor& blocks, Window window, Sid sid)
{
    // The last one that begins at the series or before it.
    const bool found = sid == ~Sid{0} ? blocks.seekBefore(Key().be32(window + 1).be32(0))
                                      : blocks.seekBefore(Key().be32(window).be32(sid + 1));
    if (!found || blocks.key().size() != 8 || be32At(blocks.key(), 0) != window) {
        return std::nullopt;
    }
    return BlockValue{be32At(blocks.key(), 4), blocks.value()};
}

} // namespace watchfire::tsdb
