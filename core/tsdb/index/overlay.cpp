// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/index/overlay.h"

namespace watchfire::tsdb {

void Overlay::add(PendingSeries series)
{
    const std::lock_guard lock(m_mutex);
    if (m_sealed
        || m_chunks.back()->count.load(std::memory_order_relaxed) == PendingChunk::capacity) {
        m_chunks.push_back(std::make_shared<PendingChunk>());
        m_sealed = false;
    }
    PendingChunk& chunk = *m_chunks.back();
    const std::size_t at = chunk.count.load(std::memory_order_relaxed);
    PendingSeries& place = chunk.series[at];
    place = std::move(series);
    chunk.count.store(at + 1, std::memory_order_release);
    ++m_size;
    m_byHash.emplace(place.hash, &place);
    m_bySid.emplace(place.sid, &place);
}

std::optional<std::pair<Sid, Gid>> Overlay::find(const Labels& labels, std::uint64_t hash) const
{
    const std::lock_guard lock(m_mutex);
    const auto [from, to] = m_byHash.equal_range(hash);
    for (auto at = from; at != to; ++at) {
        if (at->second->labels == labels) {
            return std::pair(at->second->sid, at->second->gid);
        }
    }
    return {};
}

std::optional<Gid> Overlay::groupOf(Sid sid) const
{
    const std::lock_guard lock(m_mutex);
    const auto at = m_bySid.find(sid);
    return at == m_bySid.end() ? std::nullopt : std::optional(at->second->gid);
}

std::optional<Labels> Overlay::labelsOf(Sid sid) const
{
    const std::lock_guard lock(m_mutex);
    const auto at = m_bySid.find(sid);
    return at == m_bySid.end() ? std::nullopt : std::optional(at->second->labels);
}

Overlay::Snapshot Overlay::snapshot() const
{
    const std::lock_guard lock(m_mutex);
    Snapshot snapshot;
    snapshot.m_chunks.assign(m_chunks.begin(), m_chunks.end());
    snapshot.m_size = m_size;
    snapshot.m_first = m_dropped;
    return snapshot;
}

Overlay::Snapshot Overlay::seal()
{
    const std::lock_guard lock(m_mutex);
    m_sealed = true;
    Snapshot snapshot;
    snapshot.m_chunks.assign(m_chunks.begin(), m_chunks.end());
    snapshot.m_size = m_size;
    snapshot.m_first = m_dropped;
    return snapshot;
}

void Overlay::drop(const Snapshot& persisted)
{
    const std::lock_guard lock(m_mutex);
    persisted.forEach([this](const PendingSeries& series) {
        const auto [from, to] = m_byHash.equal_range(series.hash);
        for (auto at = from; at != to; ++at) {
            if (at->second == &series) {
                m_byHash.erase(at);
                break;
            }
        }
        m_bySid.erase(series.sid);
    });
    m_chunks.erase(m_chunks.begin(),
                   m_chunks.begin() + static_cast<std::ptrdiff_t>(persisted.m_chunks.size()));
    m_size -= persisted.m_size;
    m_dropped += persisted.m_size;
    if (m_chunks.empty()) {
        m_sealed = true;
        // Empty tables would keep their buckets.
        m_byHash = decltype(m_byHash)();
        m_bySid = decltype(m_bySid)();
    }
}

std::size_t Overlay::size() const
{
    const std::lock_guard lock(m_mutex);
    return m_size;
}

} // namespace watchfire::tsdb
