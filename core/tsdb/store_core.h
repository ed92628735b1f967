// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/storage/appender.h"
#include "core/tsdb/codec/block.h"
#include "core/tsdb/codec/timeline.h"
#include "core/tsdb/storage_writer.h"
#include "core/tsdb/store.h"

#include <array>
#include <atomic>
#include <limits>
#include <set>
#include <span>
#include <thread>
#include <vector>

namespace watchfire::tsdb {

class StoreQuerier;

/// The parts of an open store, in the order they need each other.
class StoreCore {
public:
    static Result<std::unique_ptr<StoreCore>> open(const OpenOptions& options);
    ~StoreCore();
    StoreCore(const StoreCore&) = delete;
    StoreCore& operator=(const StoreCore&) = delete;

    Environment& environment() { return *m_environment; }
    Index& index() { return *m_index; }
    Epochs& epochs() { return m_epochs; }
    Head& head() { return *m_head; }
    HeadContext& context() { return *m_context; }
    MetadataTable& metadata() { return m_metadata; }
    ExemplarTable& exemplars() { return m_exemplars; }
    Ring* ring() { return m_ring.get(); }
    /// Null when read-only.
    StorageWriter* writer() { return m_writer.get(); }
    const Clock& clock() const { return *m_clock; }

    std::chrono::milliseconds pushLateWindow() const
    {
        return std::chrono::milliseconds(m_pushLateMs.load(std::memory_order_relaxed));
    }
    /// Wider while a clock that stepped back has not caught up: what is scraped then is older
    /// than what was scraped before the step, and late rather than wrong.
    std::chrono::milliseconds scrapeLateWindow();
    void setLateWindows(std::chrono::milliseconds push, std::chrono::milliseconds scrape);
    /// Samples after that are refused.
    std::int64_t latestMs() const;
    storage::History history() const;
    /// Samples of that time have been stored.
    void noteStored(std::int64_t oldestMs);

    /// What became of samples, kept together over all writers.
    void count(const storage::CommitReport& report);
    storage::CommitReport outcomes() const;

    /// Fails while the store takes no rows.
    Result<void> mayAppend() const;
    /// Waits for a commit when a group has piled up more strips than readers should have to look
    /// through, or the hand-off file is full and rows would be lost with the process. Not while
    /// commits fail.
    void letCommitsPass(Group& group);
    /// Takes those that are new; they survive the death of the process then. The calling thread
    /// holds no group's mutex and no read transaction.
    void addExemplars(std::span<const ExemplarTable::Arrival> arrivals);

    /// View values as the tables have them; the CRC is checked the first time this process sees
    /// one.
    Result<StripView> openStrip(Window window, Gid gid, std::uint32_t seq, ByteView value);
    Result<TimelineView> openLine(Window window, Gid gid, ByteView value);
    Result<BlockView> openBlock(Window window, Sid firstSid, ByteView value);

    void add(StoreQuerier* querier);
    void remove(StoreQuerier* querier);

private:
    StoreCore() = default;
    static Result<std::unique_ptr<StoreCore>> openOnce(const OpenOptions& options, bool& isDamaged);
    static std::vector<std::atomic<std::uint64_t>> makeVerified();
    Result<void> checkIndex();
    Result<void> replay();
    void expireReaders(std::chrono::steady_clock::duration older);

    std::unique_ptr<Environment> m_environment;
    std::unique_ptr<Index> m_index;
    Epochs m_epochs;
    SystemClock m_systemClock;
    const Clock* m_clock = &m_systemClock;
    std::chrono::milliseconds m_aheadLimit{};
    std::atomic<std::int64_t> m_pushLateMs{0};
    std::atomic<std::int64_t> m_scrapeLateMs{0};
    std::atomic<std::int64_t> m_latestSeenMs{std::numeric_limits<std::int64_t>::min()};
    std::atomic<bool> m_isBehind{false}; ///< the clock is, which has been told
    /// In the order of CommitReport's members.
    std::array<std::atomic<std::uint64_t>, 7> m_outcomes{};
    std::unique_ptr<Ring> m_ring;
    std::unique_ptr<HeadContext> m_context;
    std::unique_ptr<Head> m_head;
    MetadataTable m_metadata;
    ExemplarTable m_exemplars;
    std::mutex m_queriersMutex;
    std::set<StoreQuerier*> m_queriers;
    template <class View>
    Result<View> openOnce(std::uint64_t kind, std::uint64_t id, std::uint32_t seq, ByteView value);
    /// Values whose CRC was right, by hash: a slot remembers the last one that fell into it.
    std::vector<std::atomic<std::uint64_t>> m_verified = makeVerified();
    std::jthread m_expirer; ///< of a store that is read only; else the writer's thread does it
    std::unique_ptr<StorageWriter> m_writer; // last: its thread uses all of the above
};

} // namespace watchfire::tsdb
