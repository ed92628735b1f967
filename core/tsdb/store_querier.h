// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/storage/querier.h"
#include "core/tsdb/index/select.h"
#include "core/tsdb/store_core.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace watchfire::tsdb {

/// A read transaction that several readers share. Cursors and look-ups need `mutex`; what they
/// point at may be read without it for as long as the snapshot is held.
struct Snapshot {
    explicit Snapshot(ReadTxn transaction)
        : txn(std::move(transaction))
    {
    }
    std::mutex mutex;
    ReadTxn txn;
    std::chrono::steady_clock::time_point born = std::chrono::steady_clock::now();
};
using SnapshotPtr = std::shared_ptr<Snapshot>;

/// A group's head as one query sees it, however often it looks.
struct HeadCapture {
    struct Strip {
        std::uint32_t seq = 0;
        const Layout* layout = nullptr;
        /// Not the strip: samples of a row's time that come in later replace the row there.
        std::vector<const HeadRow*> rows;
    };
    struct Late {
        const LateRows* rows = nullptr;
        std::uint32_t count = 0;
    };
    std::vector<Strip> strips;
    std::vector<Late> late;
    bool isLoaded = false;
    std::uint32_t nextSeq = 0; ///< when loaded: strips from this number on are younger

    /// That strip of the table is not to be read: its rows are here, or it is too young.
    bool hides(std::uint32_t seq) const;
};

/// Reads the store as it was when a group was first looked at: what is in LMDB, through
/// transactions none of which lives longer than ten seconds, and the head, pinned.
class StoreQuerier final : public storage::Querier {
public:
    static Result<std::unique_ptr<StoreQuerier>> make(StoreCore& core);
    ~StoreQuerier() override;

    Result<storage::GroupReaders> select(std::span<const Matcher> matchers,
                                         TimeRange range) override;
    Result<std::vector<Labels>> series(std::span<const Matcher> matchers, TimeRange range) override;
    Result<std::vector<std::string>> labelNames(std::span<const Matcher> matchers,
                                                TimeRange range) override;
    Result<std::vector<std::string>>
    labelValues(std::string_view name, std::span<const Matcher> matchers, TimeRange range) override;

    StoreCore& core() { return m_core; }
    /// The current one, made anew when it is too old; from any thread.
    Result<SnapshotPtr> snapshot();
    /// Storage writer: lets go of a transaction that is older than that.
    void expire(std::chrono::steady_clock::duration older);

private:
    StoreQuerier(StoreCore& core, Epochs::Pin pin)
        : m_core(core)
        , m_pin(std::move(pin))
    {
    }

    /// What matches, by group.
    struct Selected {
        std::map<Gid, std::vector<Sid>> groups; ///< sids ascending
        std::unordered_map<Sid, Labels> pending; ///< those the index tables lack
    };
    /// Pins down the heads of their groups, too. The current snapshot is younger than those
    /// are, so that no row is in neither.
    Result<Selected> find(std::span<const Matcher> matchers);
    Result<Selected> findPersisted(std::span<const Matcher> matchers,
                                   const Overlay::Snapshot& pending);
    static void addPending(std::span<const Matcher> matchers, const Overlay::Snapshot& pending,
                           std::uint64_t from, Selected& selected);
    Result<SnapshotPtr> renew();
    const HeadCapture& capture(Gid gid);
    Result<bool> hasRows(Snapshot& snapshot, Gid gid, TimeRange range);
    /// As `find`, without groups that have no row in the range.
    Result<Selected> findInRange(std::span<const Matcher> matchers, TimeRange range);

    StoreCore& m_core;
    Epochs::Pin m_pin;
    std::mutex m_mutex;
    SnapshotPtr m_current;
    std::unordered_map<Gid, std::unique_ptr<HeadCapture>> m_heads;
};

/// Visits the strips of a group with rows in windows of the range, in the order of their keys.
/// The visitor gets window, seq and value, and returns false to end.
Result<void>
visitStrips(Txn& txn, Gid gid, std::int64_t fromMs, std::int64_t toMs,
            const std::function<bool(Window window, std::uint32_t seq, ByteView value)>& visit);

} // namespace watchfire::tsdb
