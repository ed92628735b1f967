// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/table_forms.h"

#include "core/tsdb/codec/crc32c.h"

#include <algorithm>
#include <array>
#include <format>
#include <lmdb.h>

namespace watchfire::tsdb {

namespace {

constexpr unsigned byNumber = MDB_INTEGERKEY;
constexpr unsigned byNumberManyIds = MDB_INTEGERKEY | MDB_DUPSORT | MDB_DUPFIXED | MDB_INTEGERDUP;

// By the order of Table.
constexpr std::array<TableForm, tableCount> forms{{
    {"meta", 0, true},
    {"names", 0, true},
    {"lval", 0, true},
    {"vstr", byNumber, true},
    {"series", byNumber, true},
    {"hash", byNumberManyIds, true},
    {"post", 0, true},
    {"groups", byNumber, true},
    {"gkey", byNumberManyIds, true},
    {"journal", byNumber, false},
    {"strips", 0, false},
    {"lines", 0, false},
    {"blocks", 0, false},
    {"live", 0, true},
    {"wins", 0, true},
    {"tomb", 0, true},
    {"mdata", 0, true},
    {"exem", 0, true},
    {"state", 0, true},
}};

struct KeyLength {
    std::size_t fixed = 0;
    bool endsWithText = false;
};

KeyLength keyLength(Table table)
{
    switch (table) {
    case Table::vstr:
    case Table::series:
    case Table::groups:
    case Table::wins:
        return {4};
    case Table::live:
        return {6};
    case Table::hash:
    case Table::gkey:
    case Table::journal:
    case Table::lines:
    case Table::blocks:
        return {8};
    case Table::post:
        return {10};
    case Table::strips:
    case Table::tomb:
    case Table::exem:
        return {12};
    case Table::lval:
    case Table::mdata:
        return {4, true};
    case Table::meta:
    case Table::names:
    case Table::state:
        return {0, true};
    }
    return {};
}

std::string printable(ByteView text)
{
    std::string out(asText(text));
    std::ranges::replace_if(out, [](unsigned char c) { return c < ' ' || c >= 0x7F; }, '?');
    return out;
}

} // namespace

const TableForm& formOf(Table table)
{
    return forms[static_cast<std::size_t>(table)];
}

std::uint32_t entryCheck(Table table, ByteView key, ByteView value)
{
    return crc32c(value, crc32c(key, crc32c(asBytes(std::string_view(formOf(table).name)))));
}

bool hasKeyOf(Table table, ByteView key)
{
    const KeyLength length = keyLength(table);
    return length.endsWithText ? key.size() >= length.fixed : key.size() == length.fixed;
}

std::string entryName(Table table, ByteView key)
{
    if (!hasKeyOf(table, key)) {
        return std::format("an entry of table {} whose key is no key of that table",
                           formOf(table).name);
    }
    switch (table) {
    case Table::meta:
        return std::format("record \"{}\" of the store", printable(key));
    case Table::names:
        return std::format("label name \"{}\"", printable(key));
    case Table::lval:
        return std::format("label value \"{}\"", printable(key.subspan(4)));
    case Table::vstr:
        return std::format("label value {}", native32At(key, 0));
    case Table::series:
        return std::format("series page {}", native32At(key, 0));
    case Table::hash:
        return std::format("series hash {:016x}", native64At(key, 0));
    case Table::post:
        return std::format("posting of label {}, value {}", be32At(key, 0), be32At(key, 4));
    case Table::groups:
        return std::format("group {}", native32At(key, 0));
    case Table::gkey:
        return std::format("group hash {:016x}", native64At(key, 0));
    case Table::journal:
        return std::format("journal record {}", native64At(key, 0));
    case Table::strips:
        return std::format("strip {} of group {} in window {}", be32At(key, 8), be32At(key, 4),
                           be32At(key, 0));
    case Table::lines:
        return std::format("timeline of group {} in window {}", be32At(key, 4), be32At(key, 0));
    case Table::blocks:
        return std::format("block from series {} in window {}", be32At(key, 4), be32At(key, 0));
    case Table::live:
        return std::format("series of window {}", be32At(key, 0));
    case Table::wins:
        return std::format("window {}", be32At(key, 0));
    case Table::tomb:
        return std::format("deletion {} of group {} in window {}", be32At(key, 8), be32At(key, 4),
                           be32At(key, 0));
    case Table::mdata:
        return std::format("metadata \"{}\" of group {}", printable(key.subspan(4)),
                           be32At(key, 0));
    case Table::exem:
        return std::format("exemplar of series {}", be32At(key, 0));
    case Table::state:
        return std::format("state \"{}\"", printable(key));
    }
    return {};
}

} // namespace watchfire::tsdb
