// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/environment.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::tsdb {

/// Number of a label name; 0 is none. Number of a label value; 0 is none.
using Nid = std::uint32_t;
using Vid = std::uint32_t;

/// Posting of all series: stands under no name and no value.
inline constexpr Nid allSeriesNid = 0;
inline constexpr Vid allSeriesVid = 0;

/// A name or value as it stands in a key: whole up to 480 bytes, longer ones as their first 464
/// bytes, 0xFF and 16 bytes of hash (XXH3-128, big-endian). On disk: do not change.
bool isCut(std::string_view text);
void appendCut(Key& key, std::string_view text);
/// Key of `lval`.
Key valueKey(Nid nid, std::string_view value);

/// Every label name and its number: immutable, replaced as a whole when names come.
class NameTable {
public:
    static Result<std::shared_ptr<const NameTable>> load(Txn& txn);
    std::shared_ptr<const NameTable>
    with(const std::map<std::string, Nid, std::less<>>& more) const;

    /// 0: not known.
    Nid find(std::string_view name) const
    {
        const auto at = m_byName.find(name);
        return at == m_byName.end() ? 0 : at->second;
    }
    /// "": not known.
    std::string_view name(Nid nid) const
    {
        return nid < m_names.size() ? std::string_view(m_names[nid]) : std::string_view();
    }
    /// Orders numbers as their names sort.
    std::uint32_t rank(Nid nid) const { return nid < m_ranks.size() ? m_ranks[nid] : ~0U; }
    const std::map<std::string, Nid, std::less<>>& all() const { return m_byName; }

private:
    void settle();

    std::map<std::string, Nid, std::less<>> m_byName;
    std::vector<std::string> m_names; // by nid
    std::vector<std::uint32_t> m_ranks; // by nid
};
using NameTablePtr = std::shared_ptr<const NameTable>;

} // namespace watchfire::tsdb
