// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/labels.h"
#include "core/tsdb/index/names.h"
#include "core/tsdb/index/overlay.h"
#include "core/tsdb/index/series_cache.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace watchfire::tsdb {

/// The next free numbers and how many series there are, as `meta` keeps them under "ids":
/// u32 nid, u32 vid, u32 extent, u32 gid, u64 series. On disk: do not renumber.
struct IndexCounters {
    Nid nextNid = 1;
    Vid nextVid = 1;
    std::uint32_t nextExtent = 1; ///< extent 0 stays empty, so that no series has the id 0
    Gid nextGid = 1;
    std::uint64_t series = 0;

    static Result<IndexCounters> load(Txn& txn);
    void store(WriteTxn& txn) const;
};

/// Which series exist: LMDB tables, and in memory only the label names and what no commit has
/// persisted yet. From any thread.
class Index {
public:
    static Result<std::unique_ptr<Index>> open(Environment& environment);

    struct Found {
        Sid sid = 0;
        Gid gid = 0; ///< the group that owns it
        bool isNew = false;
    };
    Result<std::optional<Found>> find(const Labels& labels);
    /// Counts the commits that persisted series. What `find` did not find while the count was
    /// the same is not in the tables now.
    using Age = std::uint64_t;
    static constexpr Age unknownAge = 0;
    Age age() const { return m_age; }
    /// `allocate` yields the id when the series is new; it then belongs to `gid`. `absentAt` is
    /// the age before a `find` in vain, which then need not be repeated. Fails with
    /// ErrorKind::limit beyond `seriesLimit` (0: none).
    Result<Found> findOrCreate(const Labels& labels, Gid gid, const std::function<Sid()>& allocate,
                               Age absentAt = unknownAge);
    /// Replay: a series that a former process made and did not get to persist.
    void restore(const Labels& labels, Gid gid, Sid sid);
    /// 0: there is no such series.
    Result<Gid> groupOf(Sid sid);
    /// Nothing: there is no such series.
    Result<std::optional<Labels>> labelsOf(Sid sid);

    NameTablePtr names() const;
    Overlay& overlay() { return m_overlay; }
    /// For those inside the gate of series only.
    SeriesCache& cache() { return m_cache; }
    /// Persisted and pending.
    std::uint64_t seriesCount() const;
    /// Made since the store was opened.
    std::uint64_t createdSeries() const { return m_created; }
    void setSeriesLimit(std::uint64_t limit) { m_seriesLimit = limit; }
    /// Series with each value of the label job at most; jobs not named have no limit.
    void setBudgets(std::map<std::string, std::uint64_t, std::less<>> byJob);
    bool isFull(std::uint64_t more) const;

    std::uint32_t takeExtent() { return m_nextExtent.fetch_add(1); }
    Gid takeGid() { return m_nextGid.fetch_add(1); }
    /// Replay: numbers up to these are in use.
    void reserve(std::uint32_t extent, Gid gid);
    /// For the counters a commit writes.
    std::uint32_t nextExtent() const { return m_nextExtent; }
    Gid nextGid() const { return m_nextGid; }

    /// The storage writer is about to commit these names: they are known before the first
    /// series that has them, so take `names` after beginning a transaction.
    void publish(NameTablePtr names);
    /// It did commit `series`; `total` are persisted now.
    void persisted(const Overlay::Snapshot& series, std::uint64_t total);
    /// It removed some: `total` are left.
    void removed(std::uint64_t total);

private:
    explicit Index(Environment& environment)
        : m_environment(environment)
    {
    }
    Result<std::optional<Found>> findPersisted(const Labels& labels, std::uint64_t hash);
    struct Budget {
        std::uint64_t limit = 0;
        std::optional<std::uint64_t> series; ///< nothing: to be counted
    };
    /// The budget that a new series is charged to; null: none. With m_createMutex held.
    Result<Budget*> budgetFor(const Labels& labels);
    Result<std::uint64_t> countOfJob(std::string_view job);

    Environment& m_environment;
    Overlay m_overlay;
    SeriesCache m_cache;
    std::mutex m_createMutex;
    std::map<std::string, Budget, std::less<>> m_budgets; ///< by job; under m_createMutex
    mutable std::mutex m_namesMutex;
    NameTablePtr m_names;
    std::atomic<std::uint64_t> m_persistedSeries{0};
    std::atomic<std::uint64_t> m_seriesLimit{0};
    std::atomic<std::uint64_t> m_created{0};
    std::atomic<Age> m_age{unknownAge + 1};
    std::atomic<std::uint32_t> m_nextExtent{1};
    std::atomic<Gid> m_nextGid{1};
};

} // namespace watchfire::tsdb
