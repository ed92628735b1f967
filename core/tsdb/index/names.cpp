// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/index/names.h"

#include <algorithm>
#include <xxhash.h>

namespace watchfire::tsdb {

namespace {

constexpr std::size_t greatestWhole = 480;
constexpr std::size_t cutLength = 464;

} // namespace

bool isCut(std::string_view text)
{
    return text.size() > greatestWhole;
}

void appendCut(Key& key, std::string_view text)
{
    if (!isCut(text)) {
        key.text(text);
        return;
    }
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    key.text(text.substr(0, cutLength)).text("\xFF").be64(hash.high64).be64(hash.low64);
}

Key valueKey(Nid nid, std::string_view value)
{
    Key key;
    key.be32(nid);
    appendCut(key, value);
    return key;
}

Result<std::shared_ptr<const NameTable>> NameTable::load(Txn& txn)
{
    auto table = std::make_shared<NameTable>();
    Cursor cursor(txn, Table::names);
    for (bool more = cursor.first(); more; more = cursor.next()) {
        ByteReader reader(cursor.value());
        const auto nid = reader.le<std::uint32_t>();
        const std::string_view full = asText(reader.rest());
        if (reader.ok()) {
            table->m_byName.emplace(full.empty() ? asText(cursor.key()) : full, nid);
        }
    }
    if (auto read = cursor.result(txn.environment()); !read) {
        return std::unexpected(read.error());
    }
    table->settle();
    return table;
}

std::shared_ptr<const NameTable>
NameTable::with(const std::map<std::string, Nid, std::less<>>& more) const
{
    auto table = std::make_shared<NameTable>(*this);
    table->m_byName.insert(more.begin(), more.end());
    table->settle();
    return table;
}

void NameTable::settle()
{
    Nid greatest = 0;
    for (const auto& [name, nid] : m_byName) {
        greatest = std::max(greatest, nid);
    }
    m_names.assign(std::size_t{greatest} + 1, {});
    m_ranks.assign(std::size_t{greatest} + 1, ~0U);
    std::uint32_t rank = 0;
    for (const auto& [name, nid] : m_byName) {
        m_names[nid] = name;
        m_ranks[nid] = rank++;
    }
}

} // namespace watchfire::tsdb
