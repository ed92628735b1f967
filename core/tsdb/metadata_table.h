// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/metadata.h"
#include "core/tsdb/environment.h"

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::tsdb {

// Table mdata: key gid 4; family (cut as in lval). Value: version u8 (1); type u8; unit, help:
// varint length, bytes; then the full name, if cut. On disk: do not renumber.

/// Metadata of families by group; what no commit has persisted yet is kept in memory. From any
/// thread.
class MetadataTable {
public:
    using Pending = std::map<std::pair<Gid, std::string>, Metadata>;

    void add(Gid gid, const FamilyMetadata& metadata);
    /// Persisted and pending, sorted by family, each once.
    Result<std::vector<FamilyMetadata>> list(Environment& environment) const;

    // Storage writer.
    Pending pending() const;
    static void write(WriteTxn& txn, const Pending& pending);
    void committed(const Pending& done);

private:
    mutable std::mutex m_mutex;
    Pending m_pending;
};

} // namespace watchfire::tsdb
