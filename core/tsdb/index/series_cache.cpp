// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/index/series_cache.h"

namespace watchfire::tsdb {

std::optional<SeriesCache::Place> SeriesCache::find(const Hash& hash)
{
    const std::lock_guard lock(m_mutex);
    if (const auto at = m_recent.find(hash); at != m_recent.end()) {
        return at->second;
    }
    if (auto node = m_before.extract(hash)) {
        return m_recent.insert(std::move(node)).position->second;
    }
    return {};
}

void SeriesCache::add(const Hash& hash, Place place)
{
    const std::lock_guard lock(m_mutex);
    if (m_recent.size() >= mostPlaces) {
        m_before = std::exchange(m_recent, Places());
    }
    m_recent.insert_or_assign(hash, place);
}

void SeriesCache::clear()
{
    const std::lock_guard lock(m_mutex);
    m_recent = Places();
    m_before = Places();
}

void SeriesCache::age()
{
    const std::lock_guard lock(m_mutex);
    m_before = std::exchange(m_recent, Places());
}

} // namespace watchfire::tsdb
