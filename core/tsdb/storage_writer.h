// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/tsdb/dead_series.h"
#include "core/tsdb/exemplar_trim.h"
#include "core/tsdb/head/head.h"
#include "core/tsdb/index/index_writer.h"
#include "core/tsdb/metadata_table.h"
#include "core/tsdb/retention.h"
#include "core/tsdb/scrub.h"
#include "core/tsdb/seal/sealer.h"
#include "core/tsdb/series_deletion.h"

#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace watchfire::tsdb {

struct CommitPlan;

/// The one thread that writes to LMDB. It takes what groups, index and hand-off ring have,
/// encodes closed strips outside of the transaction, and commits: new series, then strips with
/// the records of their groups, then the journal, so that work too long for one transaction may
/// be cut anywhere. Between commits it has closed windows sealed and old ones dropped.
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
        std::function<void(std::chrono::steady_clock::duration older)> expireReaders;
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
    void setInterval(std::chrono::milliseconds interval);
    void setRetention(RetentionLimits limits);

    RetentionLimits retention() const;

    /// Fails while the store cannot take more rows.
    Result<void> mayAppend() const;
    std::optional<Error> problem() const;
    /// Something that stays wrong until the next start, and does not keep rows out.
    void setLastingProblem(Error problem);

    struct Counts {
        std::uint64_t commits = 0;
        std::uint64_t failedCommits = 0;
        std::chrono::microseconds lastCommit{};
        std::chrono::microseconds longestCommit{};
    };
    Counts counts() const;
    ScrubRecord scrubbed() const { return m_scrub.record(); }

private:
    struct StateChange {
        Key key;
        std::optional<Bytes> value;
        std::promise<Result<void>> done;
    };
    using Waiters = std::vector<std::promise<Result<void>>>;
    struct Delete {
        DeleteRequest request;
        std::promise<Result<DeleteReport>> done;
    };

    void run();
    void commitState(std::vector<StateChange> changes);
    /// Runs one transaction of what the function puts into it; again in a larger map where the
    /// map is full.
    Result<void> transact(const std::function<void(WriteTxn&)>& fill);
    Result<void> commit();
    void seal(Waiters waiters);
    Result<DeleteReport> followDelete(DeleteRequest request);
    bool dropOutdated(bool isDiskFull);
    void removeDead();
    void trimExemplars();
    void scrub(bool stops);
    CommitPlan plan();
    void encode(CommitPlan& plan);
    void buildJournal(CommitPlan& plan);
    Result<void> write(CommitPlan& plan);
    Result<void> fill(WriteTxn& txn, CommitPlan& plan);
    Result<void> writeGroup(WriteTxn& txn, CommitPlan& plan, std::size_t index);
    void trimJournal(WriteTxn& txn, const CommitPlan& plan);
    Result<void> makeRoom();
    Result<void> compact();
    bool isFatal() const;
    Error judge(const TxnStatus& status);
    void noteOutcome(const Result<void>& outcome);

    Head& m_head;
    HeadContext& m_context;
    MetadataTable& m_metadata;
    ExemplarTable& m_exemplars;
    Options m_options;
    IndexWriter m_indexWriter;

    mutable std::mutex m_mutex;
    std::condition_variable m_wakeUp;
    std::vector<StateChange> m_stateChanges;
    Waiters m_waiters;
    Waiters m_sealWaiters;
    Waiters m_compactWaiters;
    std::vector<Delete> m_deletes;
    std::optional<RetentionLimits> m_newLimits;
    bool m_isBusy = false; ///< the sealer or the retention has something to write
    bool m_isWoken = false;
    bool m_stops = false;
    std::optional<Error> m_problem;
    std::optional<Error> m_lastingProblem;
    bool m_isFatal = false; ///< nothing is accepted until a restart
    Counts m_counts;
    std::chrono::steady_clock::time_point m_compactsFrom{};
    Retention m_retention;
    ExemplarTrim m_exemplarTrim;
    DeadSeries m_deadSeries;
    std::optional<Timestamp> m_lookedForDead;
    bool m_hasDropped = false; ///< windows, since dead series were looked for
    Sealer m_sealer;
    Scrub m_scrub;
    std::jthread m_thread; // last: it uses all of the above
};

} // namespace watchfire::tsdb
