// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/query.h"

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace watchfire::promql {

/// Evaluates queries and keeps what range queries found for steps that are settled: of a graph
/// that is drawn again with a later end only the new steps are computed. From any thread.
///
/// Kept are range queries whose start is a multiple of their step, without @ and negative
/// offsets, `smoothed`, and durations that depend on the range; each by its canonical text, its
/// step and all options that change its answer. The store says which steps are settled and when
/// something older changed (storage::History), which empties the entry.
class ResultCache {
public:
    explicit ResultCache(std::size_t bytes)
        : m_bytes(bytes)
    {
    }

    /// As promql::evaluate; statistics are of what was computed now. Whoever wants a report, an
    /// explanation or the samples counted is answered by a whole evaluation: the numbers tell
    /// what the query takes, whatever was asked before, as in Prometheus, which keeps nothing.
    Result<QueryResult> evaluate(std::string_view query, storage::Queryable& store,
                                 QueryTimes times, const QueryOptions& options,
                                 std::stop_token stop = {});

    std::size_t bytes() const;

private:
    /// The steps from `fromMs` to `toMs`, both inclusive.
    struct Entry {
        std::string key;
        std::uint64_t epoch = 0;
        std::int64_t fromMs = 0;
        std::int64_t toMs = 0;
        Matrix matrix;
        std::vector<Annotation> annotations;
        std::size_t bytes = 0;
    };
    using EntryPtr = std::shared_ptr<const Entry>;

    EntryPtr find(const std::string& key, std::uint64_t epoch);
    void keep(Entry entry);

    const std::size_t m_bytes;
    mutable std::mutex m_mutex;
    std::list<EntryPtr> m_entries; ///< the one used last is the first
    std::unordered_map<std::string, std::list<EntryPtr>::iterator> m_places;
    std::size_t m_used = 0;
};

} // namespace watchfire::promql
