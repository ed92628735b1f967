// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/commit_plan.h"
#include "core/tsdb/index/index_writer.h"
#include "core/tsdb/transactor.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>

namespace watchfire::tsdb {

/// Commits what groups, index and hand-off ring have: identities of new groups, the index, strips
/// with the records of their groups, metadata and exemplars, then the journal, so that work too
/// long for one transaction may be cut anywhere. The storage writer's thread.
class CommitWriter {
public:
    /// A window got strips.
    using Touched = std::function<void(Window window, bool isSealed)>;

    CommitWriter(Head& head, MetadataTable& metadata, ExemplarTable& exemplars,
                 IndexWriter& indexWriter, Transactor& transactor, Executor* workers,
                 Touched touched);

    Result<void> commit();

    struct Counts {
        std::uint64_t commits = 0;
        std::chrono::microseconds last{};
        std::chrono::microseconds longest{};
    };
    /// From any thread.
    Counts counts() const;

private:
    Result<void> write(CommitPlan& plan);
    Result<void> fill(WriteTxn& txn, CommitPlan& plan);
    static void writeGroup(WriteTxn& txn, CommitPlan& plan, std::size_t index);
    static void trimJournal(WriteTxn& txn, const CommitPlan& plan);

    Head& m_head;
    HeadContext& m_context;
    MetadataTable& m_metadata;
    ExemplarTable& m_exemplars;
    IndexWriter& m_indexWriter;
    Transactor& m_transactor;
    Executor* const m_workers;
    const Touched m_touched;
    mutable std::mutex m_mutex;
    Counts m_counts;
};

} // namespace watchfire::tsdb
