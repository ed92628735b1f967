// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/index/container.h"
#include "core/tsdb/tables.h"

#include <map>

namespace watchfire::tsdb {

/// A set of series ids, worked on container by container.
class SidSet {
public:
    bool empty() const { return m_parts.empty(); }
    std::size_t cardinality() const
    {
        std::size_t count = 0;
        for (const auto& [high, part] : m_parts) {
            count += part.cardinality();
        }
        return count;
    }
    bool contains(Sid sid) const
    {
        const auto part = m_parts.find(static_cast<std::uint16_t>(sid >> 16));
        return part != m_parts.end() && part->second.contains(static_cast<std::uint16_t>(sid));
    }
    void add(Sid sid)
    {
        m_parts[static_cast<std::uint16_t>(sid >> 16)].add(static_cast<std::uint16_t>(sid));
    }
    void remove(Sid sid)
    {
        const auto part = m_parts.find(static_cast<std::uint16_t>(sid >> 16));
        if (part != m_parts.end()) {
            part->second.remove(static_cast<std::uint16_t>(sid));
            if (part->second.empty()) {
                m_parts.erase(part);
            }
        }
    }
    void unite(std::uint16_t high, Container part)
    {
        const auto [at, isNew] = m_parts.try_emplace(high);
        if (isNew) {
            at->second = std::move(part);
        } else {
            at->second.unite(part);
        }
        if (at->second.empty()) {
            m_parts.erase(at);
        }
    }
    void intersect(const SidSet& other)
    {
        for (auto at = m_parts.begin(); at != m_parts.end();) {
            const auto theirs = other.m_parts.find(at->first);
            if (theirs == other.m_parts.end()) {
                at = m_parts.erase(at);
                continue;
            }
            at->second.intersect(theirs->second);
            at = at->second.empty() ? m_parts.erase(at) : std::next(at);
        }
    }
    void subtract(const SidSet& other)
    {
        for (auto at = m_parts.begin(); at != m_parts.end();) {
            if (const auto theirs = other.m_parts.find(at->first); theirs != other.m_parts.end()) {
                at->second.subtract(theirs->second);
            }
            at = at->second.empty() ? m_parts.erase(at) : std::next(at);
        }
    }

    /// By the high 16 bits of the ids, ascending; none is empty.
    const std::map<std::uint16_t, Container>& parts() const { return m_parts; }
    std::map<std::uint16_t, Container>& parts() { return m_parts; }

    /// Ascending.
    template <class Visit> void forEach(Visit&& visit) const
    {
        for (const auto& [high, part] : m_parts) {
            const Sid base = Sid{high} << 16;
            part.forEach([&](std::uint16_t low) { visit(base | low); });
        }
    }

private:
    std::map<std::uint16_t, Container> m_parts;
};

} // namespace watchfire::tsdb
