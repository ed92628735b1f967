// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/tsdb/commit_writer.h"
#include "core/tsdb/upkeep.h"
#include "core/tsdb/write_health.h"
#include "core/tsdb/write_queue.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

namespace watchfire::tsdb {

/// The one thread that writes to LMDB: its turns, and who does what in them. It takes what waits
/// in the queue, commits by time or when it is asked to, and between commits has closed windows
/// sealed and old ones dropped.
class StorageWriter {
public:
    struct Options {
        std::chrono::milliseconds interval{5'000};
        bool commitsByTime = true;
        std::uint64_t heldBytesLimit = 0;
        Executor* workers = nullptr;
        RetentionLimits retention;
        std::chrono::milliseconds readerAge{10'000};
        std::size_t scrubBytes = 0; ///< of stored values, looked at in one piece
        /// How far behind its series a sample may come in.
        std::function<std::chrono::milliseconds()> lateWindow;
        /// Called now and then: idle readers are to let go of transactions older than that.
        Transactor::ExpireReaders expireReaders;
    };

    StorageWriter(Head& head, MetadataTable& metadata, ExemplarTable& exemplars, Options options);
    /// Commits what is left.
    ~StorageWriter();
    StorageWriter(const StorageWriter&) = delete;
    StorageWriter& operator=(const StorageWriter&) = delete;

    /// Fails when the tables cannot be read.
    Result<void> start();
    /// The hand-off ring is half full.
    void wake();
    /// Waits until everything accepted before the call is committed.
    Result<void> commitNow();
    /// Seals every closed window now; waits until that is done.
    Result<void> sealNow();
    /// Makes the file as small as what is in it; nothing is committed meanwhile.
    Result<void> compactNow();
    /// Hides the samples, and has them written out of the tables soon; waits for the first.
    Result<DeleteReport> deleteSamples(DeleteRequest request);
    /// Waits until the value is committed; nothing removes the key.
    Result<void> putState(const Key& key, std::optional<Bytes> value);
    /// The same for several, in few transactions.
    Result<void> putStates(std::vector<std::pair<Key, Bytes>> changes);
    void setInterval(std::chrono::milliseconds interval);
    void setRetention(RetentionLimits limits) { m_upkeep.setRetention(limits); }

    RetentionLimits retention() const { return m_upkeep.retention(); }

    /// Fails while the store cannot take more rows.
    Result<void> mayAppend() const;
    std::optional<Error> problem() const;
    /// Something that stays wrong until the next start, and does not keep rows out.
    void setLastingProblem(Error problem) { m_health.setLasting(std::move(problem)); }

    struct Counts {
        std::uint64_t commits = 0;
        std::uint64_t failedCommits = 0;
        std::chrono::microseconds lastCommit{};
        std::chrono::microseconds longestCommit{};
    };
    Counts counts() const;
    ScrubRecord scrubbed() const { return m_upkeep.scrubbed(); }

private:
    using SteadyTime = std::chrono::steady_clock::time_point;

    void run();
    std::chrono::milliseconds interval() const { return m_interval.load(); }
    bool isCommitDue(const WriteQueue::Taken& taken) const;
    void commit(WriteQueue::Waiters waiters);
    void change(std::vector<WriteQueue::StateChange> changes);
    void follow(std::vector<WriteQueue::Delete> deletes);
    Result<DeleteReport> follow(DeleteRequest request);
    void compact(WriteQueue::Waiters waiters);
    void keepUp(WriteQueue::Waiters seals, bool stops);
    void keepHouse();

    Head& m_head;
    HeadContext& m_context;
    const Options m_options;
    std::atomic<std::chrono::milliseconds> m_interval;

    WriteHealth m_health;
    WriteQueue m_queue;
    IndexWriter m_indexWriter;
    Transactor m_transactor;
    Upkeep m_upkeep;
    CommitWriter m_commits;

    // The thread's own.
    bool m_isFailing = false; ///< the last commit did
    SteadyTime m_commitDue{};
    SteadyTime m_houseDue{};
    SteadyTime m_cacheDue{};
    std::jthread m_thread; // last: it uses all of the above
};

} // namespace watchfire::tsdb
