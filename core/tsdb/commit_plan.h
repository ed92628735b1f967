// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/tsdb/exemplar_table.h"
#include "core/tsdb/head/head.h"
#include "core/tsdb/metadata_table.h"

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace watchfire::tsdb {

/// What one commit writes, and how far it is: all that was accepted before one moment.
struct CommitPlan {
    Ring::Mark mark;
    std::vector<std::shared_ptr<Group>> groups;
    std::vector<GroupCommit> commits; ///< parallel to groups
    std::vector<std::pair<Gid, GroupRecord>> newGroups; ///< that series are the first of
    MetadataTable::Pending metadata;
    ExemplarTable::Pending exemplars;
    Overlay::Snapshot overlay;
    std::vector<const PendingSeries*> series;
    std::vector<const PendingSeries*> byHash; ///< the same, sorted
    struct Record {
        std::uint64_t firstSeq = 0;
        std::uint64_t nextSeq = 0;
        Bytes value;
    };
    std::vector<Record> journal;
    std::uint64_t oldestNeeded = 0;
    std::map<Window, bool> windows; ///< that get strips, and whether they are sealed

    struct Progress {
        std::size_t newGroups = 0;
        std::size_t hashes = 0;
        std::size_t series = 0;
        std::size_t groups = 0;
        bool hasMetadata = false;
        std::size_t exemplars = 0;
        std::size_t journal = 0;
        bool isComplete = false;
    };
    Progress done; ///< committed
    Progress next; ///< what the transaction under way brings it to

    bool isEmpty() const;

    /// What groups, index, tables and hand-off ring have now.
    static CommitPlan make(Head& head, const MetadataTable& metadataTable,
                           const ExemplarTable& exemplarTable);
    /// Turns the strips that closed into columns, with the workers where there are some.
    void encode(Executor* workers);
    /// Takes the numbered frames out of the ring.
    void buildJournal(Ring& ring);
};

} // namespace watchfire::tsdb
