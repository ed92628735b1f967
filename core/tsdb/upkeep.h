// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/dead_series.h"
#include "core/tsdb/exemplar_trim.h"
#include "core/tsdb/retention.h"
#include "core/tsdb/scrub.h"
#include "core/tsdb/seal/sealer.h"
#include "core/tsdb/transactor.h"
#include "core/tsdb/write_queue.h"

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>

namespace watchfire::tsdb {

/// What the storage writer does between commits: drops old windows, seals closed ones, removes
/// series and exemplars that ended, has what is stored looked at, and makes the file smaller.
/// Each a step at a time, so that commits come between. The storage writer's thread, except where
/// it says otherwise.
class Upkeep {
public:
    struct Options {
        Executor* workers = nullptr;
        RetentionLimits retention;
        /// How far behind its series a sample may come in.
        std::function<std::chrono::milliseconds()> lateWindow;
        std::size_t scrubBytes = 0; ///< of stored values, looked at in one piece
        /// There is more to be done; from any thread.
        std::function<void()> poke;
    };
    Upkeep(Head& head, ExemplarTable& exemplars, IndexWriter& indexWriter, Transactor& transactor,
           Options options);

    /// Fails when the tables cannot be read.
    Result<void> begin();
    /// A step of each, and all that is to be sealed where somebody waits for that.
    void step(WriteQueue::Waiters seals);
    /// Old windows alone; true: something went.
    bool dropOutdated(bool isDiskFull);
    /// Makes the file as small as what is in it.
    Result<void> compact();
    /// The writer's last turn.
    void end();

    void touched(Window window, bool isSealed) { m_sealer.touched(window, isSealed); }
    void deleted(Window window, Gid gid) { m_sealer.deleted(window, gid); }

    // From any thread.
    void setRetention(RetentionLimits limits);
    RetentionLimits retention() const;
    std::optional<Error> problem() const { return m_scrub.problem(); }
    ScrubRecord scrubbed() const { return m_scrub.record(); }

private:
    void seal(WriteQueue::Waiters waiters);
    void removeDead();
    void trimExemplars();
    void scrub(bool stops);
    void compactWhereTooLarge();

    HeadContext& m_context;
    Transactor& m_transactor;
    const std::function<void()> m_poke;
    Retention m_retention;
    ExemplarTrim m_exemplarTrim;
    DeadSeries m_deadSeries;
    std::optional<Timestamp> m_lookedForDead;
    bool m_hasDropped = false; ///< windows, since dead series were looked for
    std::chrono::steady_clock::time_point m_compactsFrom{};
    Sealer m_sealer;
    Scrub m_scrub;

    mutable std::mutex m_mutex;
    RetentionLimits m_limits;
    bool m_hasNewLimits = false;
};

} // namespace watchfire::tsdb
