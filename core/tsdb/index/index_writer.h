// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/index/index.h"
#include "core/tsdb/index/series_page.h"

#include <array>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace watchfire::tsdb {

/// Writes new series into the index tables. Storage writer only. An attempt may be aborted and
/// made again: numbers of names stay, all else starts from the tables.
class IndexWriter {
public:
    explicit IndexWriter(Index& index)
        : m_index(index)
        , m_values(cacheSize)
    {
    }

    /// Begins an attempt: reads the counters.
    Result<void> begin(WriteTxn& txn);
    /// Makes the series known by their hashes, by which they are sorted: the keys of that table
    /// lie anywhere, and in order each of its pages is written once.
    void addHashes(WriteTxn& txn, std::span<const PendingSeries* const> series);
    /// Writes these series, which are in no table but that of hashes yet. A commit cut off in
    /// between leaves hashes of no series, which nobody finds.
    Result<void> add(WriteTxn& txn, std::span<const PendingSeries* const> series);
    /// Removes series from all tables; those that are in none are passed over.
    Result<void> remove(WriteTxn& txn, std::span<const Sid> sids);
    /// Before the commit: writes counters and names and makes the names known.
    void finish(WriteTxn& txn);
    /// After it.
    void committed() { m_newNames.clear(); }
    void aborted();

    const IndexCounters& counters() const { return m_counters; }

private:
    static constexpr std::size_t cacheSize = std::size_t{1} << 13;
    /// A value seen lately, in full: a hash alone can be made to collide by whoever names labels.
    struct CachedValue {
        static constexpr std::size_t greatest = 48;
        Nid nid = 0;
        Vid vid = 0;
        std::uint8_t length = 0;
        std::array<char, greatest> text{};
        bool holds(Nid itsNid, std::string_view value) const
        {
            return vid != 0 && nid == itsNid && std::string_view(text.data(), length) == value;
        }
    };
    struct Posting {
        LabelPair pair;
        Sid sid = 0;
        friend auto operator<=>(const Posting&, const Posting&) = default;
    };

    Nid nidOf(std::string_view name);
    Vid vidOf(WriteTxn& txn, Nid nid, std::string_view value);
    Result<void> addPage(WriteTxn& txn, std::span<const PendingSeries* const> series,
                         std::vector<Posting>& postings);
    Result<void> addPostings(WriteTxn& txn, std::vector<Posting>& postings);
    Result<void> removePostings(WriteTxn& txn, std::vector<Posting>& postings);
    Result<void> removeValue(WriteTxn& txn, const LabelPair& pair);

    Index& m_index;
    IndexCounters m_counters;
    std::map<std::string, Nid, std::less<>> m_newNames; // not committed yet
    bool m_namesChanged = false;
    std::vector<CachedValue> m_values;
};

} // namespace watchfire::tsdb
