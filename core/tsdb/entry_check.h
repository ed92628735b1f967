// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/damage.h"
#include "core/tsdb/environment.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace watchfire::tsdb {

class Index;
class LabelReader;

/// All tables, in the order in which they are looked through.
inline constexpr std::array<Table, tableCount> allTables{
    Table::meta, Table::names,  Table::lval,  Table::vstr,   Table::groups,
    Table::gkey, Table::series, Table::hash,  Table::post,   Table::journal,
    Table::wins, Table::strips, Table::lines, Table::blocks, Table::live,
    Table::tomb, Table::mdata,  Table::exem,  Table::state};

/// Looks at the entries of tables one by one: whether each can be read, decoded to its end, and is
/// what its key says. Of the tables that only have a check of each entry, that is all there is to
/// see. One thread at a time.
class EntryCheck {
public:
    explicit EntryCheck(Index& index)
        : m_index(index)
    {
    }

    /// Where the cursor stands, which tells of damage instead of failing. What is wrong is added to
    /// `damage`. Afterwards `txn` may have failed, where a look beside the entry met damage: that
    /// is told where it stands, and who goes on needs another one.
    void look(ReadTxn& txn, Table table, const Cursor& cursor, std::vector<Damage>& damage);

private:
    void lookInto(ReadTxn& txn, Table table, ByteView key, ByteView value);
    void note(std::string where, std::string what);
    void group(ByteView value);
    void page(ReadTxn& txn, ByteView key, ByteView value);
    void series(ReadTxn& txn, LabelReader& reader, Cursor& hashes, std::uint32_t sid);
    void hash(ByteView value);
    void container(ByteView value);
    void deletion(ByteView value);
    void window(ByteView value);
    void journal(ByteView key, ByteView value);
    void strip(ByteView key, ByteView value);
    void line(ByteView key, ByteView value);
    void block(ReadTxn& txn, ByteView key, ByteView value);

    Index& m_index;
    std::vector<Damage>* m_damage = nullptr;
    std::string m_where; ///< the entry looked at
    std::vector<std::int64_t> m_times;
    std::vector<double> m_values;
};

} // namespace watchfire::tsdb
