// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/tsdb/head/head.h"
#include "core/tsdb/seal/window_merge.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace watchfire::tsdb {

/// Seals closed windows, group by group: workers merge strips into blocks, the storage writer's
/// thread writes what they made. A window is due when its end, the allowance for late data and
/// ten minutes have passed, no group has rows of it in memory, and no strip has come for ten
/// minutes; one that was sealed and got strips since, an hour after the last of them. A group
/// that samples were deleted of is merged at once, in open windows too. Everything but the
/// workers' part runs on the storage writer's thread.
class Sealer {
public:
    struct Options {
        Executor* workers = nullptr; ///< none: the calling thread merges
        /// How far behind its series a sample may come in.
        std::function<std::chrono::milliseconds()> lateWindow;
        /// From a worker: something is ready to be written.
        std::function<void()> wake;
    };
    Sealer(Head& head, Options options, Transact transact);
    /// Waits for workers.
    ~Sealer();
    Sealer(const Sealer&) = delete;
    Sealer& operator=(const Sealer&) = delete;

    /// Looks at the windows a former process left.
    Result<void> begin();
    /// Strips of that window were committed.
    void touched(Window window, bool isSealed);
    /// Samples of that group were deleted there: it is to be merged without them.
    void deleted(Window window, Gid gid);
    /// That window is being dropped.
    void forget(Window window);
    /// Writes what has been merged and hands out more. Cheap when there is nothing to do.
    Result<void> step();
    /// Seals every closed window now, however young its strips are, and writes every group anew
    /// that samples were deleted of.
    Result<void> sealAll();

private:
    struct OpenWindow {
        Timestamp touchedAt{}; ///< when the last strip came
        bool isSealed = false; ///< it was sealed before
    };
    struct Job {
        std::uint64_t number = 0;
        Window window = 0;
        bool seals = true; ///< false: only groups that samples were deleted of are merged
        std::vector<Gid> groups;
        std::size_t next = 0;
        std::size_t merging = 0;
    };
    struct Merged {
        std::uint64_t job = 0;
        Result<std::optional<SealedGroup>> group;
    };

    bool isClosed(Window window) const;
    bool isDue(Window window, const OpenWindow& state) const;
    bool hasRows(std::int64_t endMs) const;
    Result<void> findDeletions();
    Result<void> start(Window window, bool seals);
    Result<void> advance();
    Result<void> advanceOrGiveUp();
    void merge(Gid gid);
    Result<void> write(SealedGroup& group);
    Result<void> finish();

    Head& m_head;
    HeadContext& m_context;
    Options m_options;
    Transact m_transact;
    std::map<Window, OpenWindow> m_open; ///< windows with strips
    std::map<Window, std::set<Gid>> m_deleted; ///< groups to be merged without deleted samples
    std::optional<Job> m_job;
    std::uint64_t m_jobs = 0;
    std::optional<Timestamp> m_pausedUntil; ///< after a failure

    std::mutex m_mutex;
    std::condition_variable m_idle;
    std::vector<Merged> m_merged;
    std::size_t m_running = 0;
};

} // namespace watchfire::tsdb
