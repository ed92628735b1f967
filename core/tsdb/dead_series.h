// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/head/head.h"
#include "core/tsdb/index/index_writer.h"
#include "core/tsdb/index/sid_set.h"

#include <cstdint>
#include <vector>

namespace watchfire::tsdb {

/// Removes series that no window and no group being written has, and groups that have no other
/// ones, once old windows were dropped. Runs on the storage writer's thread, without a commit
/// between two of its steps.
class DeadSeries {
public:
    DeadSeries(Head& head, IndexWriter& writer, Transact transact)
        : m_head(head)
        , m_context(head.context())
        , m_writer(writer)
        , m_transact(std::move(transact))
    {
    }

    /// There may be some.
    void look() { m_mayBeSome = true; }
    bool isDue() const { return m_mayBeSome; }
    /// Removes a bounded number. True: there is more to be done at once.
    Result<bool> step();

private:
    Result<SidSet> find();
    Result<void> addStored(Txn& txn, SidSet& alive) const;
    void addWritten(SidSet& alive) const;
    Result<void> removeSome(std::span<const Sid> sids);
    Result<void> tidyGroups(const SidSet& removed);

    Head& m_head;
    HeadContext& m_context;
    IndexWriter& m_writer;
    Transact m_transact;
    bool m_mayBeSome = false;
};

} // namespace watchfire::tsdb
