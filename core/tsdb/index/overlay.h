// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/labels.h"
#include "core/tsdb/tables.h"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace watchfire::tsdb {

/// A series that no commit has persisted yet.
struct PendingSeries {
    Sid sid = 0;
    Gid gid = 0;
    std::uint64_t hash = 0; ///< first half of the label set's 128-bit hash
    Labels labels;
};

/// Some pending series, in the order they came. Filled by one thread at a time; those below
/// `count` never change.
struct PendingChunk {
    static constexpr std::size_t capacity = 256;
    std::array<PendingSeries, capacity> series;
    std::atomic<std::size_t> count{0};
};

/// Series made since the last commit: the index finds them here until the commit that persists
/// them. From any thread.
class Overlay {
public:
    /// What was pending at one moment.
    class Snapshot {
    public:
        std::size_t size() const { return m_size; }
        /// Series are counted through as they come: the number of the first one here, and the
        /// number the next one after these will have.
        std::uint64_t first() const { return m_first; }
        std::uint64_t end() const { return m_first + m_size; }
        template <class Visit> void forEach(Visit&& visit) const
        {
            std::size_t left = m_size;
            for (const auto& chunk : m_chunks) {
                const std::size_t here
                    = std::min(left, chunk->count.load(std::memory_order_acquire));
                for (std::size_t i = 0; i < here; ++i) {
                    visit(std::as_const(chunk->series[i]));
                }
                left -= here;
            }
        }

    private:
        friend class Overlay;
        std::vector<std::shared_ptr<const PendingChunk>> m_chunks;
        std::size_t m_size = 0;
        std::uint64_t m_first = 0;
    };

    void add(PendingSeries series);
    std::optional<std::pair<Sid, Gid>> find(const Labels& labels, std::uint64_t hash) const;
    std::optional<Gid> groupOf(Sid sid) const;
    std::optional<Labels> labelsOf(Sid sid) const;
    Snapshot snapshot() const;
    /// Everything pending now; later series go to chunks of their own.
    Snapshot seal();
    /// The sealed ones are persisted.
    void drop(const Snapshot& persisted);
    std::size_t size() const;

private:
    mutable std::mutex m_mutex;
    std::vector<std::shared_ptr<PendingChunk>> m_chunks;
    bool m_sealed = true; // the last chunk takes no more
    std::size_t m_size = 0;
    std::uint64_t m_dropped = 0; ///< ever
    std::unordered_multimap<std::uint64_t, const PendingSeries*> m_byHash;
    std::unordered_map<Sid, const PendingSeries*> m_bySid;
};

} // namespace watchfire::tsdb
