// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/exemplar.h"
#include "core/tsdb/codec/journal_frame.h"
#include "core/tsdb/environment.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace watchfire::tsdb {

// Table exem: key sid 4; time 8 (ms since the epoch, big-endian with the sign bit turned, so that
// times before 1970 sort too). Value: version u8 (1); then one exemplar after the other, of the
// series at that moment, ascending by value: value f64; count of labels varint; per label name,
// value: varint length, bytes. On disk: do not renumber.

/// Exemplars of series: in the table, and until the next commit here and in the hand-off ring.
/// From any thread.
///
/// Of each series they come in order of their times. A target shows the same one until there is
/// another, so one that is no younger than the series' newest is passed over, as is one without a
/// time of its own that says the same. Of one moment there may be several (a native histogram has
/// one series): they follow one another by their values.
/// Source: Prometheus, tsdb/exemplar.go, validateExemplar.
class ExemplarTable {
public:
    /// Those of one series at one moment.
    using Moment = std::pair<Sid, std::int64_t>;
    using Pending = std::map<Moment, std::vector<Exemplar>>;

    /// One that somebody brings.
    struct Arrival {
        Gid gid = 0;
        Sid sid = 0;
        std::int64_t sampleMs = 0; ///< its time, where it has none of its own
        const Exemplar* exemplar = nullptr;
    };
    /// Takes what is new, and appends a frame of each of those to `frames`, for the ring. Beyond
    /// `mostPending` none are taken until the next commit; none at all where the limit is 0. The
    /// calling thread holds no read transaction.
    void add(Environment& environment, std::span<const Arrival> arrivals, Bytes& frames);
    /// Replay: what a former process accepted.
    void restore(const ExemplarFrame& frame);

    using BySeries = std::map<Sid, std::vector<Exemplar>>;
    /// Of these series (ascending, each once), ascending in time, both ends inclusive; those
    /// without any are left out. `pending` was asked for before the transaction began: what is
    /// dropped there in between is in the table already.
    static Result<BySeries> list(const Txn& txn, const Pending& pending, std::span<const Sid> sids,
                                 std::int64_t fromMs, std::int64_t toMs);
    Pending pending() const;

    /// How many are kept, about.
    std::uint64_t limit() const { return m_limit.load(std::memory_order_relaxed); }
    void setLimit(std::uint64_t limit) { m_limit.store(limit, std::memory_order_relaxed); }

    // Storage writer.
    static void write(WriteTxn& txn, const Pending::value_type& moment);
    void committed(const Pending& done);
    /// Removes what is older, in short transactions; fails when one does.
    Result<void> trim(Environment& environment, const Transact& transact, std::int64_t beforeMs);
    /// The time from which on there are no more moments than that; nothing: there are not so
    /// many. Looks at all.
    static Result<std::optional<std::int64_t>> timeOfNewest(Environment& environment,
                                                            std::uint64_t count);

    static constexpr std::size_t mostPending = 20'000;

private:
    /// What tells whether another one is new.
    struct Newest {
        std::int64_t atMs = 0;
        double value = 0;
        std::uint64_t labels = 0; ///< their hash
        bool hasOwnTime = false;

        bool isFollowedBy(const Newest& other) const;
    };
    static Newest toNewest(const Exemplar& exemplar, std::int64_t sampleMs);
    void learnNewest(Environment& environment, std::span<const Arrival> arrivals);
    void keep(Sid sid, const Newest& newest, const Exemplar& exemplar);

    std::atomic<std::uint64_t> m_limit{0};
    mutable std::mutex m_mutex;
    Pending m_pending;
    std::size_t m_pendingCount = 0;
    bool m_isFull = false; ///< some were not taken, which has been told
    std::unordered_map<Sid, std::optional<Newest>> m_newest; ///< of series with exemplars
};

} // namespace watchfire::tsdb
