// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/tables.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace watchfire::tsdb {

/// Where the series are that senders name by their labels each time. By a 128-bit hash of these,
/// which is taken for the labels themselves. What was not asked for in a while is forgotten. From
/// any thread.
class SeriesCache {
public:
    using Hash = std::pair<std::uint64_t, std::uint64_t>;
    struct Place {
        Sid sid = 0;
        Gid gid = 0;
    };
    std::optional<Place> find(const Hash& hash);
    void add(const Hash& hash, Place place);
    /// Some series were removed.
    void clear();
    /// Forgets what was not asked for since the last call.
    void age();

private:
    struct LowHalf {
        std::size_t operator()(const Hash& hash) const { return hash.second; }
    };
    using Places = std::unordered_map<Hash, Place, LowHalf>;
    static constexpr std::size_t mostPlaces = std::size_t{1} << 20;

    std::mutex m_mutex;
    Places m_recent;
    Places m_before; ///< those of the time before, unless asked for since
};

} // namespace watchfire::tsdb
