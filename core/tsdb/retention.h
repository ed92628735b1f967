// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/head/head.h"
#include "core/tsdb/store.h"

#include <functional>
#include <optional>

namespace watchfire::tsdb {

/// What the file may grow to by both limits of size; 0: any size.
std::uint64_t fileBytesLimit(const RetentionLimits& limits, const Environment& environment);

/// Drops the oldest windows: those whose end lies further before the newest sample than the time
/// limit, and as many closed ones as it takes for the file to stay within the size limit. Where
/// there is such a limit and the disk has no more room, they go earlier, so that what is new finds
/// pages in the file that are free. Used by the storage writer's thread; long work is cut into
/// short transactions and steps.
class Retention {
public:
    Retention(HeadContext& context, RetentionLimits limits, Transact transact)
        : m_context(context)
        , m_transact(std::move(transact))
        , m_limits(limits)
    {
    }

    void setLimits(RetentionLimits limits);
    /// A piece of the work; true: there is more to be done at once. `dropping` is told which
    /// window goes before anything of it does. `isDiskFull`: nothing can be committed.
    Result<bool> step(bool isDiskFull, const std::function<void(Window window)>& dropping);
    /// The file is larger than it may be for pages that are free: only a copy is smaller.
    bool needsCompaction() const;

private:
    /// A window that is being dropped.
    struct Drop {
        Window window = 0;
        std::size_t table = 0; ///< index of the table being cleared
    };
    Result<std::optional<Window>> findOutdated(bool lacksRoom);
    bool isTooLarge() const;
    bool lacksRoom(bool isDiskFull) const;
    Result<void> dropSome(int deletions);

    HeadContext& m_context;
    Transact m_transact;
    RetentionLimits m_limits;
    std::optional<Drop> m_drop;
    std::optional<Timestamp> m_lookedAt;
};

} // namespace watchfire::tsdb
