// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/head/head.h"
#include "core/tsdb/scrub_record.h"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <thread>

namespace watchfire::tsdb {

/// Looks once a month at every value that is stored, so that what rots is noticed while there are
/// still copies of it. A piece at a time, each on a thread of low priority and in a read
/// transaction of its own, with pauses between; how far it is survives restarts. What it finds is
/// told as a problem, and looked at again the day after.
///
/// The storage writer's thread uses it, except where it says otherwise.
class Scrub {
public:
    /// `bytesAtOnce`: of stored values, looked at in one piece.
    Scrub(HeadContext& context, Transact transact, std::size_t bytesAtOnce);
    /// Waits for the piece under way.
    ~Scrub();
    Scrub(const Scrub&) = delete;
    Scrub& operator=(const Scrub&) = delete;

    /// Learns where an earlier process left off.
    Result<void> begin();
    /// Begins a pass or its next piece where that is due, and writes down now and then how far it
    /// is: at once where the writer stops.
    Result<void> step(bool stops);

    /// From any thread. What the last pass found, or this one.
    std::optional<Error> problem() const;
    /// From any thread.
    ScrubRecord record() const;

private:
    struct Piece;
    void run(Piece piece);
    void finish(Timestamp now);
    bool isDue(Timestamp now) const;
    Result<void> write(const ScrubRecord& record);

    HeadContext& m_context;
    Transact m_transact;
    const std::size_t m_bytesAtOnce;

    mutable std::mutex m_mutex;
    ScrubRecord m_record;
    bool m_isRunning = false;
    bool m_isAtEnd = false; ///< the pass has looked at everything

    std::optional<Timestamp> m_lastPiece;
    bool m_isWritten = false; ///< there is a record in the table
    Timestamp m_writtenAt{}; ///< the record, or the store opened
    std::uint64_t m_writtenFindings = 0;
    std::jthread m_thread; ///< of one piece
};

} // namespace watchfire::tsdb
