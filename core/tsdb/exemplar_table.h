// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/exemplar.h"
#include "core/tsdb/environment.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace watchfire::tsdb {

// Table exem: key sid 4; time 8 (ms since the epoch, big-endian with the sign bit turned, so that
// times before 1970 sort too). Value: version u8 (1); value f64; count of labels varint; per label
// name, value: varint length, bytes. On disk: do not renumber.

/// How long exemplars are kept, by the clock: they point to traces, which nobody keeps longer.
inline constexpr std::chrono::hours exemplarsKept{7 * 24};

/// Exemplars of series; what no commit has persisted yet is kept in memory only, so that the death
/// of the process may cost those of the last seconds. From any thread.
class ExemplarTable {
public:
    using Pending = std::map<std::pair<Sid, std::int64_t>, Exemplar>;

    /// `sampleMs` is its time where it has none of its own. One that is no younger than the
    /// series' newest is passed over: a target shows the same one until there is another. Beyond
    /// `mostPending` none are taken until the next commit.
    void add(Sid sid, std::int64_t sampleMs, const Exemplar& exemplar);
    /// Of one series, ascending, both ends inclusive. `pending` was asked for before the
    /// transaction began: what is dropped there in between is in the table already.
    static Result<std::vector<Exemplar>> list(ReadTxn& txn, const Pending& pending, Sid sid,
                                              std::int64_t fromMs, std::int64_t toMs);
    Pending pending() const;

    // Storage writer.
    static void write(WriteTxn& txn, const Pending& pending);
    void committed(const Pending& done);
    /// Removes what is older, in short transactions; fails when one does.
    Result<void> trim(Environment& environment, const Transact& transact, std::int64_t beforeMs);

    static constexpr std::size_t mostPending = 20'000;

private:
    mutable std::mutex m_mutex;
    Pending m_pending;
    std::unordered_map<Sid, std::int64_t> m_newest; ///< since the start
};

} // namespace watchfire::tsdb
