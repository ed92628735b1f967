// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace watchfire::crash {

/// What disk_shim records, in the order it happened; `length` bytes follow each.
struct DiskEvent {
    enum class Kind : std::uint32_t {
        open, ///< file `file`; its name follows
        write, ///< of the bytes that follow, at `offset`; `flag` 1: it is synced when it returns
        truncate, ///< to `offset` bytes
        syncBegin, ///< what was written before …
        syncEnd, ///< … survives from here on
        rename, ///< `file` becomes store.mdb; sure only after the next folderSync
        folderSync,
        ringSize, ///< the hand-off file has `offset` bytes
        ring, ///< a page of it was found changed; it is never synced
        report, ///< of the writer to the one that started it (torture::Acknowledged)
    };
    Kind kind = Kind::open;
    std::uint32_t flag = 0;
    std::uint64_t file = 0; ///< by inode
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::uint64_t microseconds = 0; ///< on a steady clock
};

inline constexpr std::size_t reportBytes = 8; ///< nothing else that a writer writes is so long

} // namespace watchfire::crash
