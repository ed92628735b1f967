// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/matcher.h"
#include "core/tsdb/head/head.h"
#include "core/tsdb/index/sid_set.h"

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace watchfire::tsdb {

/// What to delete: the samples from `fromMs` to `toMs` (both inclusive) of every series that one
/// of the selections matches.
struct DeleteRequest {
    std::vector<Matchers> selections;
    std::int64_t fromMs = 0;
    std::int64_t toMs = 0;
};

struct DeleteReport {
    std::uint64_t series = 0; ///< that matched
    std::vector<std::pair<Window, Gid>> places; ///< that hold some of their samples
};

/// Deletes samples: a record for each group and window concerned hides them at once, and the
/// sealer then writes what stays without them. Runs on the storage writer's thread, with
/// everything committed.
class SeriesDeletion {
public:
    SeriesDeletion(Head& head, DeleteRequest request)
        : m_head(head)
        , m_context(head.context())
        , m_request(std::move(request))
    {
    }

    /// Finds the series, and has the head close the strips that hold rows of them: those are to
    /// be committed next.
    Result<void> find();
    /// Writes the records.
    Result<DeleteReport> write(const Transact& transact);

private:
    struct Owner {
        SidSet series;
        std::uint32_t beforeSeq = 0;
    };
    Result<void> matching();
    Result<void> endStrips(Gid gid, Owner& owner);
    Result<std::vector<std::pair<Window, Gid>>> places();

    Head& m_head;
    HeadContext& m_context;
    DeleteRequest m_request;
    std::map<Gid, Owner> m_groups;
    std::uint64_t m_series = 0;
};

} // namespace watchfire::tsdb
